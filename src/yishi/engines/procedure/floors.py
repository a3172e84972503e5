"""The floor test: a local rule or charter stands only if it is at least as strict as the pack.

Strict means: more votes, more people present, longer notice and posting, shorter clocks. Where
a rule gives a right (to petition, to sue), the local line may only be easier to reach, and the
time that people have to act may not be cut.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from yishi.engines.procedure.limits import limited, limits, within
from yishi.engines.procedure.model import Pack, PackError, Period, Rule
from yishi.engines.procedure.packs import all_packs, quantities
from yishi.engines.procedure.reading import exact_fraction
from yishi.engines.tally.lines import ABSOLUTE, Condition, Op
from yishi.engines.words import Text, say

RIGHTS = frozenset({"petition", "derivative"})
"""Rules that give a right to those who ask: the law's line is a ceiling, not a floor."""
_MEASURED = re.compile(r"_(?:days|workdays|years)(?:_(?:min|max|before))?$")
_ALSO = {"roll_post": "roll", "lead": "papers", "extend": "extend_max", "participate": "quorum", "proxy": "max_held"}
_OPS: dict[str, Op] = {"ge": "ge", "gt": "gt", "≥": "ge", ">=": "ge", ">": "gt"}


@dataclass(frozen=True, slots=True)
class LocalRule:
    """One line of a local rule or charter: a fraction (with what it may name besides) or, for
    a period, a whole number in the unit of the pack's period."""

    rule: str
    fraction: Fraction | None = None
    op: Op | None = None
    have: str = ""
    base: str = ""
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class FloorAnswer:
    """Whether a local line stands, which rule it touches, and why, with the clause."""

    accepted: bool
    rule: str
    text: Text
    clause: Text


class BelowFloor(ValueError):
    """Local lines that are weaker than the law; `answers` holds the refused ones."""

    def __init__(self, answers: list[FloorAnswer]) -> None:
        self.answers = answers
        super().__init__("; ".join(answer.text["en"] for answer in answers))


def read_local(text: str) -> LocalRule:
    """A local line such as `pass=2/3`, `pass=gt:1/2`, `quorum=present:ge:2/3:reps_all`,
    `notice=15`. What is left out is taken from the pack. Raises `PackError`."""
    rule, mark, value = text.partition("=")
    rule, parts = rule.strip(), [part.strip() for part in value.split(":")]
    if not mark or not rule or not value.strip():
        raise PackError(
            f"write a local rule as NAME=VALUE, for example pass=2/3; not {text!r}",
            f"请写成 名称=数值，例如 pass=2/3；不能写 {text!r}",
        )
    if len(parts) == 1 and value.strip().isascii() and value.strip().isdigit():
        if len(value.strip()) > 5:
            raise PackError(f"{text!r}: a period of this length is not credible", f"{text!r}：这么长的期限不可信")
        return LocalRule(rule, amount=int(value))
    at = next((i for i, part in enumerate(parts) if part[:1].isdigit()), None)
    before = parts[:at] if at is not None else []
    if at is None or len(parts) - at > 2 or len(before) > 2:
        raise PackError(
            f"write {text!r} as NAME=[WHO:][ge or gt:]FRACTION[:OF WHOM]",
            f"{text!r} 请写成 名称=[谁:][ge 或 gt:]分数[:全体]，例如 pass=2/3",
        )
    ops = [_OPS[part] for part in before if part in _OPS]
    haves = [part for part in before if part not in _OPS]
    bases = parts[at + 1 :]
    unknown = [name for name in haves + bases if name not in quantities()]
    if unknown or len(ops) > 1 or len(haves) > 1:
        raise PackError(
            f"{text!r}: unknown {', '.join(unknown) or 'form'}; see `yishi law show`",
            f"{text!r}：不认识的{'数据项 ' + '、'.join(unknown) if unknown else '写法'}；用 yishi law show 查看",
        )
    return LocalRule(
        rule,
        exact_fraction(parts[at], text),
        ops[0] if ops else None,
        haves[0] if haves else "",
        bases[0] if bases else "",
    )


def floor(pack: Pack, local: LocalRule) -> FloorAnswer:
    """Whether one local line may stand beside the pack. Raises `PackError` when it cannot be
    compared because it names nothing that the pack knows."""
    local = _named(pack, local)
    if local.fraction is None:
        return _floor_amount(pack, local)
    law = pack.rules.get(local.rule)
    if law is None:
        _possible(_added(pack, local), local.rule)
        return _answer(pack, True, local, _free(pack, local.rule), pack.clause)
    for conditions in law.modes.values():
        matching = [c for c in conditions if local.have in ("", c.have)]
        if not matching:
            return _answer(pack, False, local, _other(local, law), law.clause)
        for condition in matching:
            mine = _local_condition(local, condition)
            if not _stands(pack, law, condition, mine):
                return _answer(pack, False, local, _below(law, condition), law.clause)
            _possible(mine, local.rule)
    law_or_pack = ("法定", "law") if pack.verified else ("规则包的", "pack")
    enough = say(f"不低于{law_or_pack[0]}要求", f"at least as strict as the {law_or_pack[1]}")
    return _answer(pack, True, local, enough, law.clause)


def _named(pack: Pack, local: LocalRule) -> LocalRule:
    """The line under the pack's own name for it; a whole number where the law counts heads is a line of heads."""
    known = {*pack.rules, *pack.waits, *pack.clocks, *limits(pack)}
    name = local.rule
    if name not in known:
        short = _MEASURED.sub("", name)
        name = next((n for n in (short, _ALSO.get(short, "")) if n in known), name)
    rule = pack.rules.get(name)
    heads = rule is not None and all(c.base == ABSOLUTE for cs in rule.modes.values() for c in cs)
    if local.amount and heads:
        return replace(local, rule=name, fraction=Fraction(local.amount), amount=None)
    return replace(local, rule=name)


def _possible(line: Condition, rule: str) -> None:
    if line.fraction > 1 and line.base != ABSOLUTE and rule != "candidates":
        raise PackError(
            f"{rule}={line.fraction}: more than all of them can never be reached",
            f"{rule}={line.fraction}：超过全体，永远达不到",
        )


def with_local(pack: Pack, locals_: Iterable[LocalRule], name: Text | None = None) -> Pack:
    """The pack with local lines added to the law's own, which keep applying.

    `name` is what the local rule is called in clauses (default: charter or local rule).
    Raises `BelowFloor` with every line that is weaker than the law, and `PackError`.
    """
    wanted = [_named(pack, one) for one in locals_]
    refused = [answer for answer in (floor(pack, one) for one in wanted) if not answer.accepted]
    if refused:
        raise BelowFloor(refused)
    for one in wanted:
        pack = _applied(pack, one, name or say("章程或地方规定", "charter or local rule"))
    return pack


def _applied(pack: Pack, local: LocalRule, name: Text) -> Pack:
    if local.fraction is None and local.rule in limits(pack):
        return limited(pack, local.rule, local.amount or 0)
    if local.fraction is None:
        is_clock = local.rule in pack.clocks
        old: Mapping[str, Period] = pack.clocks if is_clock else pack.waits
        law = old.get(local.rule)
        changed = Period(local.rule, local.amount or 0, law.unit if law else "day", name, bool(law and law.right))
        new = {**old, local.rule: changed}
        return replace(pack, clocks=new) if is_clock else replace(pack, waits=new)
    ours = pack.rules.get(local.rule)
    if ours is None:
        rule = Rule(local.rule, "all", {"": (_added(pack, local),)}, name)
        return replace(pack, rules={**pack.rules, local.rule: rule})
    both = say(f"{ours.clause['zh']}和{name['zh']}", f"{ours.clause['en']} and {name['en']}")
    modes = {mode: _merged(ours, conditions, local) for mode, conditions in ours.modes.items()}
    return replace(pack, rules={**pack.rules, local.rule: replace(ours, modes=modes, clause=both)})


def _merged(law: Rule, conditions: tuple[Condition, ...], local: LocalRule) -> tuple[Condition, ...]:
    hers = [(c, _local_condition(local, c)) for c in conditions if local.have in ("", c.have)]
    if law.id in RIGHTS:
        swapped = dict(hers)
        return tuple(swapped.get(c, c) for c in conditions)
    extra = [mine for _, mine in hers if mine not in conditions]
    replaced = {c for c, mine in hers if c.base == mine.base}
    return (*(c for c in conditions if c not in replaced or not extra), *extra)


def _local_condition(local: LocalRule, law: Condition) -> Condition:
    assert local.fraction is not None
    return Condition(law.have, local.op or law.op, local.fraction, local.base or law.base)


def _added(pack: Pack, local: LocalRule) -> Condition:
    if not (local.fraction and local.have and local.base):
        known = ", ".join(pack.rules) or "none"
        raise PackError(
            f"pack {pack.id} has no rule {local.rule!r} (it has: {known}); to add one, name"
            f" who and of whom: {local.rule}=present:ge:2/3:body",
            f"规则包 {pack.id} 没有 {local.rule!r}（有：{known}）；要增加，请写明谁占谁的多少："
            f"{local.rule}=present:ge:2/3:body",
        )
    return Condition(local.have, local.op or "ge", local.fraction, local.base)


def _stands(pack: Pack, law: Rule, mine: Condition, theirs: Condition) -> bool:
    if law.id in RIGHTS:
        return mine.base == theirs.base and _as_strict(theirs, mine)
    return _contains(pack, theirs.base, mine.base) and _as_strict(mine, theirs)


def _as_strict(law: Condition, local: Condition) -> bool:
    if local.fraction != law.fraction:
        return local.fraction > law.fraction
    return local.op == "gt" or law.op == "ge"


def _contains(pack: Pack, larger: str, smaller: str) -> bool:
    """Whether every `smaller` is one of `larger`, by the quantities or by the pack's quorum."""
    if larger == smaller:
        return True
    if ABSOLUTE in (larger, smaller):
        return False
    parent = quantities()[smaller].within
    if parent and _contains(pack, larger, parent):
        return True
    quorum = pack.rules.get("quorum")
    if quorum is None or len(quorum.modes) > 1:
        return False
    return any((c.have, c.base) == (smaller, larger) for c in quorum.modes[""])


def _floor_amount(pack: Pack, local: LocalRule) -> FloorAnswer:
    amount = local.amount or 0
    if local.rule in limits(pack):
        stands, words = within(local.rule, limits(pack)[local.rule], amount)
        return _answer(pack, stands, local, words, pack.clause)
    if local.rule in pack.clocks:
        return _floor_period(pack, local, pack.clocks[local.rule], clock=True)
    if local.rule in pack.waits:
        return _floor_period(pack, local, pack.waits[local.rule], clock=False)
    if local.rule in pack.rules:
        raise PackError(
            f"{local.rule} of pack {pack.id} is a proportion: write it as 2/3",
            f"规则包 {pack.id} 的 {local.rule} 是比例，请写成 2/3",
        )
    if local.rule not in _all_amounts():
        raise _unknown(pack, local.rule)
    return _answer(pack, amount > 0, local, _free(pack, local.rule), pack.clause)


def _floor_period(pack: Pack, local: LocalRule, law: Period, *, clock: bool) -> FloorAnswer:
    amount = local.amount or 0
    if pack.kind == "limitation" and clock:
        stands, zh, en = amount == law.amount, "为", "exactly"
    elif clock and not law.right:
        stands, zh, en = 0 < amount <= law.amount, "最长", "at most"
    else:
        stands, zh, en = amount >= law.amount, "至少", "at least"
    units = {
        "day": ("日", "days"),
        "working_day": ("个工作日", "working days"),
        "year": ("年", "years"),
    }
    unit = units[law.unit]
    whose = ("法定", "the law asks") if pack.verified else ("规则包定为", "the pack asks")
    text = say(f"{whose[0]}{zh} {law.amount} {unit[0]}", f"{whose[1]} {en} {law.amount} {unit[1]}")
    return _answer(pack, stands, local, text, law.clause)


def _all_amounts() -> set[str]:
    """Every name of a period or a limit that some pack sets."""
    return {name for pack in all_packs() for name in (*pack.waits, *pack.clocks, *limits(pack))}


def _unknown(pack: Pack, name: str) -> PackError:
    known = ", ".join([*pack.rules, *pack.waits, *pack.clocks, *limits(pack)]) or "none"
    others = ", ".join(sorted(_all_amounts()))
    return PackError(
        f"{name!r} is no rule, period or limit; {pack.id} has: {known}; other packs have: {others}",
        f"没有名为 {name!r} 的规则、期限或限额；{pack.id} 有：{known}；其他规则包还有：{others}",
    )


def _answer(pack: Pack, accepted: bool, local: LocalRule, why: Text, clause: Text) -> FloorAnswer:
    zh, en = ("可以采用", "accepted") if accepted else ("不能采用", "refused")
    doubt = (
        ("", "")
        if pack.verified
        else ("（规则包未核定，仅供参考）", " (the pack is not verified: for orientation only)")
    )
    text = say(f"{local.rule}：{zh}。{why['zh']}{doubt[0]}", f"{local.rule}: {en}; {why['en']}{doubt[1]}")
    return FloorAnswer(accepted, local.rule, text, clause)


def _below(rule: Rule, law: Condition) -> Text:
    name, sign = quantities()[law.have], "≥" if law.op == "ge" else ">"
    base = quantities().get(law.base)
    zh, en = (f"{base.zh}×", f" of {base.en}") if base else ("", "")
    lead = ("不得比法定条件更难达到", "must not be harder to reach than the law's line")
    if rule.id not in RIGHTS:
        lead = ("低于法定要求或无法比较", "below the law's line, or not comparable with it")
    return say(
        f"{lead[0]}：{name.zh} {sign} {zh}{law.fraction}",
        f"{lead[1]}: {name.en} {sign} {law.fraction}{en}",
    )


def _other(local: LocalRule, law: Rule) -> Text:
    counted = {c.have for conditions in law.modes.values() for c in conditions}
    return say(
        f"法律以{'、'.join(quantities()[x].zh for x in sorted(counted))}计算",
        f"the law counts {', '.join(quantities()[x].en for x in sorted(counted))}",
    )


def _free(pack: Pack, name: str) -> Text:
    """That this pack sets no such line, and which packs of the same law do."""
    others = [p.id for p in all_packs() if p.law == pack.law and name in (*p.rules, *p.waits, *p.clocks, *limits(p))]
    zh, en = (
        (f"（同一法律的 {'、'.join(others)} 有规定）", f" ({', '.join(others)} under the same law does)")
        if others
        else ("", "")
    )
    return say(f"规则包 {pack.id} 没有这一条{zh}", f"pack {pack.id} sets no such line{en}")
