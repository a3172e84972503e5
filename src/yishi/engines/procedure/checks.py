"""Quorum and pass verdicts of a pack on given numbers, with everything that is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from yishi.engines.procedure.limits import size_wrong
from yishi.engines.procedure.model import Pack, PackError, Rule
from yishi.engines.procedure.packs import quantities
from yishi.engines.tally.lines import ABSOLUTE, Condition, Quantity, Verdict, judge
from yishi.engines.words import Text, say

Outcome = Literal["passed", "not_passed", "no_quorum", "incomplete", "refused"]
GATES = ("quorum", "valid")
COMPOSITION = ("reps", "compose", "candidates")
MARKS = ("pass", "elected", "floor")
LIMIT = 10**15
OUTCOMES: dict[Outcome, Text] = {
    "passed": say("通过", "passed"),
    "not_passed": say("未通过", "not passed"),
    "no_quorum": say("人数不足，不能表决或无效", "no quorum: no valid vote"),
    "incomplete": say("数据不全，尚无结论", "incomplete: no conclusion yet"),
    "refused": say("数据有误或规则不适用，未作计算", "refused: wrong numbers or wrong rule"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A refusal or a warning: a code for programs, a sentence and a clause for people."""

    code: str
    text: Text
    clause: Text | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"code": self.code, "text": self.text, "clause": self.clause}


@dataclass(frozen=True, slots=True)
class Check:
    """What a pack says of the numbers. `certifiable` only for a complete verdict by a verified
    pack in force on the day; `missing` names numbers that were not given."""

    pack: Pack
    on: date | None
    verdicts: Mapping[str, Verdict]
    outcome: Outcome
    certifiable: bool
    warnings: tuple[Note, ...]
    refusals: tuple[Note, ...]
    missing: tuple[str, ...]
    needs: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values; every verdict also stands under its own name (`quorum`, `pass`, …)."""
        verdicts = {key: verdict.as_json() for key, verdict in self.verdicts.items()}
        return {
            "pack": self.pack.id,
            "title": self.pack.title,
            "law": self.pack.law.name,
            "clause": self.pack.clause,
            "status": self.pack.status,
            "on": self.on.isoformat() if self.on else None,
            "outcome": self.outcome,
            "outcome_text": OUTCOMES[self.outcome],
            "certifiable": self.certifiable,
            **verdicts,
            "needs": list(self.needs),
            "missing": list(self.missing),
            "warnings": [note.as_json() for note in self.warnings],
            "refusals": [note.as_json() for note in self.refusals],
        }


def read_value(name: str, text: str) -> int:
    """A number as written: `498`, or for an area in m² `93480.00` (given back in hundredths).

    Full-width digits are read too. Raises `PackError` for an unknown name, a fraction of a
    person, more than two decimals, a negative or an absurd number.
    """
    quantity = quantities().get(name)
    if quantity is None:
        raise PackError(
            f"unknown quantity {name!r}; `yishi law show PACK` lists those of a pack",
            f"不认识的数据项 {name!r}；yishi law show 规则包 可查看各项名称",
        )
    places = 2 if quantity.measure == "area" else 0
    try:
        scaled = Decimal(text.strip()) * 10**places
        whole = int(scaled) if scaled.is_finite() and abs(scaled) <= LIMIT else -1
    except (ArithmeticError, ValueError):
        raise PackError(f"{name}={text}: not a number", f"{name}={text}：不是数字") from None
    if whole < 0 or whole != scaled:
        zh, en = (
            ("面积（平方米，最多两位小数）", "m² with at most two decimals") if places else ("整数", "a whole number")
        )
        raise PackError(f"{name}={text}: must be {en}, not negative", f"{name}={text}：须为{zh}，不得为负或过大")
    return whole


def check(pack: Pack, values: Mapping[str, int], on: date | None = None, mode: str = "") -> Check:
    """The verdicts of `pack` on `values` (whole numbers; areas in hundredths of m²).

    `mode` chooses how an assembly meets where the law gives a choice (adults, households,
    groups); without it the one whose numbers are given. Never raises for wrong numbers: they
    are refusals in the answer.
    """
    refusals = _wrong(values) + _out_of_force(pack, on)
    mode, clash = _mode(pack, values, mode)
    known, mixed = _filled(pack, values, mode)
    refusals += clash + mixed + _too_large(pack, known, mode)
    verdicts: dict[str, Verdict] = {}
    missing: list[str] = []
    for rule in pack.rules.values():
        conditions = rule_conditions(rule, mode)
        lacking = _lacking(rule, conditions, known)
        if lacking or refusals:
            missing += [name for name in lacking if name not in missing]
            continue
        used = mode if len(rule.modes) > 1 else ""
        verdicts[rule.id] = judge(rule.id, conditions, rule.combine, known, quantities(), rule.clause, used)
    if not verdicts and not refusals:
        text = say(
            f"数据不足，还需要：{'、'.join(missing) or '（本规则没有比例）'}",
            f"not enough numbers; still needed: {', '.join(missing) or '(no proportion here)'}",
        )
        refusals += [Note("missing", text, pack.clause)]
    outcome = _outcome(pack, verdicts, bool(refusals))
    sure = outcome in ("passed", "not_passed", "no_quorum") and on is not None
    size = size_wrong(pack, known)
    composed = size is None and all(verdicts[name].met for name in COMPOSITION if name in verdicts)
    certifiable = sure and composed and pack.verified and not pack.yields_to
    warnings = (*([Note("size", size, pack.clause)] if size else []), *_warnings(pack, on, verdicts))
    needs = tuple(_needs(pack, known, mode))
    return Check(pack, on, verdicts, outcome, certifiable, warnings, tuple(refusals), tuple(missing), needs)


def rule_conditions(rule: Rule, mode: str) -> tuple[Condition, ...]:
    """The comparisons of a rule under a mode of meeting."""
    return rule.modes.get(mode) or next(iter(rule.modes.values()))


def _outcome(pack: Pack, verdicts: Mapping[str, Verdict], refused: bool) -> Outcome:
    if refused:
        return "refused"
    if any(name in verdicts and not verdicts[name].met for name in GATES):
        return "no_quorum"
    if any(name in verdicts and not verdicts[name].met for name in MARKS):
        return "not_passed"
    asked = {name for name in (*GATES, *MARKS) if name in pack.rules}
    return "passed" if asked and asked <= verdicts.keys() else "incomplete"


def _wrong(values: Mapping[str, int]) -> list[Note]:
    out = []
    for name, value in values.items():
        quantity = quantities().get(name)
        if quantity is None:
            text = say(f"不认识的数据项：{name}", f"unknown quantity: {name}")
            out.append(Note("unknown_quantity", text))
        elif value < 0:
            text = say(f"{quantity.zh}不能是负数", f"{quantity.en} cannot be negative")
            out.append(Note("negative", text))
    return out


def _out_of_force(pack: Pack, on: date | None) -> list[Note]:
    if on is None or pack.in_force(on):
        return []
    start, end = pack.effective_from, pack.effective_to
    text = say(
        f"{pack.id} 在 {on} 不适用（施行期间：{start or '—'} 至 {end or '今'}）",
        f"{pack.id} is not in force on {on} (in force from {start or '—'} to {end or 'now'})",
    )
    return [Note("not_in_force", text, pack.clause)]


def _mode(pack: Pack, values: Mapping[str, int], mode: str) -> tuple[str, list[Note]]:
    modes = pack.rules["quorum"].modes if "quorum" in pack.rules else {}
    if len(modes) < 2:
        return "", []
    if mode:
        if mode in modes:
            return mode, []
        text = say(f"没有这种开会方式：{mode}", f"no such mode: {mode}; use {', '.join(modes)}")
        return next(iter(modes)), [Note("unknown_mode", text, pack.clause)]
    given = [m for m, rows in modes.items() if any(c.have in values for c in rows)]
    if len(given) > 1:
        text = say(
            f"两种到会算法不能混用，请在通知时选定一种：mode={'|'.join(given)}",
            f"two ways of counting presence cannot be mixed; choose one at notice: mode={'|'.join(given)}",
        )
        return given[0], [Note("mixed_modes", text, pack.clause)]
    return (given or list(modes))[0], []


def _filled(pack: Pack, values: Mapping[str, int], mode: str) -> tuple[dict[str, int], list[Note]]:
    known = dict(values)
    for name, named in pack.same.items():
        source = rule_conditions(pack.rules["quorum"], mode)[0].have if named == "@quorum" else named
        if source not in values:
            continue
        if known.setdefault(name, values[source]) != values[source]:
            a, b = quantities()[name], quantities()[source]
            text = say(
                f"{a.zh}与{b.zh}是同一个数，两处不一致",
                f"{a.en} and {b.en} are the same number but differ here",
            )
            return known, [Note("mixed_counts", text, pack.clause)]
    return known, []


def _too_large(pack: Pack, known: Mapping[str, int], mode: str) -> list[Note]:
    pairs = {(q.id, q.within) for q in quantities().values() if q.within}
    rules = {rule.id: rule_conditions(rule, mode) for rule in pack.rules.values()}
    for conditions in rules.values():
        pairs |= {(c.have, c.base) for c in conditions if c.fraction <= Fraction(1)}
    pairs.add(("yes", "present"))
    if "pass" in rules and len(rules["pass"]) == 1 and rules["pass"][0].base not in ("present", ABSOLUTE):
        pairs.add(("present", rules["pass"][0].base))
    if "pass" in rules and "quorum" in rules and len(rules["pass"]) == 1:
        pairs.add((rules["pass"][0].have, rules["quorum"][0].have))
    strict = {(c.have, c.base) for c in rules.get("candidates", ())}
    out = []
    for name, whole in sorted(pairs - strict):
        if name in known and whole in known and known[name] > known[whole]:
            a, b = quantities()[name], quantities()[whole]
            text = say(
                f"{a.zh}（{a.written(known[name])}）多于{b.zh}（{b.written(known[whole])}），请核对",
                f"{a.en} ({a.written(known[name])}) exceeds {b.en} ({b.written(known[whole])}); check the numbers",
            )
            out.append(Note("more_than_whole", text))
    return out


def _lacking(rule: Rule, conditions: tuple[Condition, ...], known: Mapping[str, int]) -> list[str]:
    def absent(c: Condition) -> list[str]:
        return [n for n in (c.have, c.base) if n != ABSOLUTE and n not in known]

    lacks = [absent(c) for c in conditions]
    if rule.combine == "any" and not all(lacks):
        return []
    return [name for lack in lacks for name in lack]


def _warnings(pack: Pack, on: date | None, verdicts: Mapping[str, Verdict]) -> list[Note]:
    out = [Note("note", note) for note in pack.notes]
    if not pack.verified:
        text = say(
            f"{pack.id} 未核定：只作计算和提示，不予确认",
            f"{pack.id} is not verified: calculated, never certified",
        )
        out.insert(0, Note("unverified", text, pack.clause))
    if pack.yields_to:
        text = say(f"应适用更严的 {pack.yields_to}", f"the stricter {pack.yields_to} applies")
        out.append(Note("yields", text, pack.clause))
    out += [
        Note("composition", verdicts[name].text, pack.clause)
        for name in COMPOSITION
        if name in verdicts and not verdicts[name].met
    ]
    if on is None:
        text = say("未给日期，未核对规则是否施行", "no date given: not checked to be in force")
        out.append(Note("no_date", text))
    exact = [x for v in verdicts.values() for x in v.lines if x.exact and x.fraction == "1/2"]
    if exact and pack.facts.get("warn_at_half"):
        text = say(
            "恰为半数：到会“半数以上”按含本数理解（民法典第1259条），建议争取更多人",
            "exactly half: “half or more” is read to include it (Civil Code 1259 by analogy)",
        )
        out.append(Note("exactly_half", text, pack.clause))
    return out


def _needs(pack: Pack, known: Mapping[str, int], mode: str) -> list[dict[str, Any]]:
    out = []
    for rule in pack.rules.values():
        for c in rule_conditions(rule, mode):
            if c.base == ABSOLUTE or c.base not in known:
                continue
            quantity: Quantity = quantities()[c.have]
            base = quantities()[c.base].written(known[c.base])
            out.append(
                {
                    "rule": rule.id,
                    "name": c.have,
                    "need": quantity.written(c.need(known[c.base])),
                    "formula": c.formula(base),
                    "clause": rule.clause,
                }
            )
    return out
