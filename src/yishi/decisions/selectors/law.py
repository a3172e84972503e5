"""What the law asks at each step, in one sentence with its clause. Reads rule packs only, no database."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.core import clock
from yishi.decisions.models import Decision
from yishi.decisions.papers import paper_title
from yishi.decisions.rules import clauses, headed, listed, open_new, quantity_words, spoken
from yishi.engines.procedure import Case, Pack, Period, UnknownPack, load_pack, pack_in_force
from yishi.engines.procedure.case import with_locals
from yishi.engines.procedure.checks import rule_conditions
from yishi.engines.procedure.steps import Step
from yishi.engines.tally.lines import ABSOLUTE, Condition, Line

LINES = {
    "quorum": gettext_lazy("到会"), "valid": gettext_lazy("有效"), "pass": gettext_lazy("通过"),
    "elected": gettext_lazy("当选"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a step asks: a sentence, the clause in both languages, and whether the rule is verified; ``local`` are the stricter lines of
    a local rule, each with its own basis."""

    text: str
    clause: Mapping[str, str] = field(default_factory=dict)
    verified: bool = True
    local: tuple[tuple[str, str], ...] = ()


def asked_of(case: Case, step: Step, on: dt.date) -> Asked:
    """What the law asks at this step, by the pack of its record date, else of this day."""
    if step.kind == "deed":
        return Asked(_needs(step), step.clause or {})
    if step.kind == "review":
        return Asked(_("审查通过，或写明理由退回"), step.clause or {})
    if step.kind == "work":
        return Asked(_("合同、付款、验收、决算逐项登记；付款不超过合同，决算与付款一致才能公开结果"))
    pack = pack_of(case, step, on)
    if pack is None:
        return Asked("", step.clause or {})
    if step.kind not in ("meeting", "poll", "roll"):
        return Asked(_posting(pack), pack.clause, pack.verified)
    law = load_pack(pack.id)  # without local lines: the article says nothing of them
    return Asked(_meeting(case, step, law, on), pack.clause, pack.verified, _local(case, step, law, pack))


def doubt_of(pack: Pack | None) -> str:
    """Why the numbers of a pack are for orientation only; empty where it was compared with its text."""
    if pack is None or pack.verified:
        return ""
    return " ".join(spoken(n) for n in pack.notes) or _("比例未与原文核对")


def doubt_at(decision: Decision, step_id: str, at: dt.datetime) -> str:
    """As :func:`doubt_of`, of a step of a decision by the rules of this day; no query."""
    case = open_new(decision)
    step = next((s for s in case.procedure.steps if s.id == step_id), None)
    return doubt_of(pack_of(case, step, clock.local_day(at))) if step else ""


def doubts(case: Case, on: dt.date) -> list[str]:
    """What of the votes still to come is not verified, step by step; each reason once."""
    found: dict[str, str] = {}
    steps = case.procedure.steps if case.status == "running" else ()
    for step in (
        s for s in steps if s.kind in ("meeting", "poll") and case.records[s.id].state not in ("done", "skipped")
    ):
        if why := doubt_of(pack_of(case, step, on)):
            found.setdefault(why, spoken(step.title))
    return [headed(title, why) for why, title in found.items()]


def local_basis(case: Case, pack: Pack, rule_id: str, line: Line) -> str:
    """What a line of a result rests on where it is not the article's own but a local rule's; else empty."""
    known = load_pack(pack.id).rules.get(rule_id)
    own = [c for conditions in known.modes.values() for c in conditions] if known else []
    if not own or any((c.have, c.base, str(c.fraction)) == (line.name, line.base_name, line.fraction) for c in own):
        return ""
    return _basis(case, pack, rule_id)


def _basis(case: Case, law: Pack, rule_id: str) -> str:
    over = [load_pack(id) for id in case.decision.overlays]
    return next((spoken(o.clause) for o in over if o.overlays == law.id and rule_id in o.rules), _("章程或地方规定"))


def _needs(step: Step) -> str:
    return _("须有：%(papers)s") % {"papers": listed(paper_title(n) for n in step.needs)} if step.needs else ""


def pack_of(case: Case, step: Step, on: dt.date) -> Pack | None:
    """The pack of a step: the one it was done under, else the one of the decision's body in force on a day."""
    record = case.records[step.id]
    if record.pack:
        return with_locals(case, load_pack(record.pack))
    family = _family(case, step)
    try:
        return with_locals(case, pack_in_force(family, on)) if family else None
    except UnknownPack:
        return None


def _family(case: Case, step: Step) -> str:
    if len(step.families) == 1:
        return step.families[0]
    for family in step.families:
        if case.decision.item in load_pack(family).facts.get("items", ()):
            return family
    return case.decision.resolve if case.decision.resolve in step.families else ""


def _meeting(case: Case, step: Step, pack: Pack, on: dt.date) -> str:
    parts = []
    wait = pack.waits.get("notice") if step.notice in ("", "pack") else _other_wait(step.notice, on)
    if step.notice and wait is not None:
        parts.append(_("提前 %(n)s 日通知") % {"n": wait.amount})
    for rule_id, label in LINES.items():
        if (rule := pack.rules.get(rule_id)) is not None:
            lines = [condition_words(c) for c in rule_conditions(rule, _mode(case, step))]
            joint = _("，且") if rule.combine == "all" else _("，或")
            parts.append(headed(str(label), joint.join(lines)))
    return clauses(parts)


def _mode(case: Case, step: Step) -> str:
    return case.sitting.mode if case.sitting is not None and case.step.id == step.id else ""


def _local(case: Case, step: Step, law: Pack, pack: Pack) -> tuple[tuple[str, str], ...]:
    """The lines that a local rule adds to the law's, with what they rest on."""
    found = []
    for rule_id, label in LINES.items():
        if (rule := pack.rules.get(rule_id)) is None:
            continue
        known = law.rules.get(rule_id)
        already = rule_conditions(known, _mode(case, step)) if known else ()
        lines = [condition_words(c) for c in rule_conditions(rule, _mode(case, step)) if c not in already]
        if lines:
            found.append((headed(str(label), _("，且").join(lines)), _basis(case, law, rule_id)))
    return tuple(found)


def _other_wait(family: str, on: dt.date) -> Period | None:
    try:
        return pack_in_force(family, on).waits.get("notice")
    except UnknownPack:
        return None


def condition_words(condition: Condition) -> str:
    """``参加的成员 ≥ 2/3 具有完全民事行为能力的成员``."""
    sign = "≥" if condition.op == "ge" else ">"
    have = quantity_words(condition.have)
    if condition.base == ABSOLUTE:
        return f"{have} {sign} {condition.fraction}"
    return _("%(have)s %(sign)s %(whole)s的 %(fraction)s") % {
        "have": have, "sign": sign, "whole": quantity_words(condition.base), "fraction": condition.fraction
    }  # fmt: skip


def _posting(pack: Pack) -> str:
    wait = pack.waits.get("posting")
    return _("张贴满 %(n)s 日，开始、期满各拍照；异议答复以后才能撤下") % {"n": wait.amount} if wait else ""
