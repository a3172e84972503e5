"""What the law asks at each step, in one sentence with its clause. Reads rule packs only, no database."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yishi.decisions.papers import paper_title
from yishi.decisions.rules import clauses, headed, listed, quantity_words, spoken
from yishi.engines.procedure import Case, Pack, Period, UnknownPack, load_pack, pack_in_force
from yishi.engines.procedure.case import with_locals
from yishi.engines.procedure.checks import rule_conditions
from yishi.engines.procedure.steps import Step
from yishi.engines.tally.lines import ABSOLUTE, Condition


@dataclass(frozen=True, slots=True)
class Asked:
    """What a step asks: a sentence, the clause, and whether the rule is verified."""

    text: str
    clause: str = ""
    verified: bool = True


def asked_of(case: Case, step: Step, on: dt.date) -> Asked:
    """What the law asks at this step, by the pack of its record date, else of this day."""
    if step.kind == "deed":
        return Asked(_needs(step), spoken(step.clause))
    if step.kind == "review":
        return Asked(_("审查通过，或写明理由退回"), spoken(step.clause))
    if step.kind == "work":
        return Asked(_("合同、付款、验收、决算逐项登记；付款不超过合同，决算与付款一致才能公开结果"))
    pack = pack_of(case, step, on)
    if pack is None:
        return Asked("", spoken(step.clause))
    words = _meeting(case, step, pack, on) if step.kind in ("meeting", "poll", "roll") else _posting(pack)
    return Asked(words, spoken(pack.clause), pack.verified)


def _needs(step: Step) -> str:
    return _("须有：%(papers)s") % {"papers": listed(paper_title(n) for n in step.needs)} if step.needs else ""


def pack_of(case: Case, step: Step, on: dt.date) -> Pack | None:
    """The pack of a step: the one it was done under, else the one of the decision's body in force on a day."""
    record = case.records[step.id]
    if record.pack:
        return load_pack(record.pack)
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
    names = {"quorum": _("到会"), "valid": _("有效"), "pass": _("通过"), "elected": _("当选")}
    for rule_id, label in names.items():
        if (rule := pack.rules.get(rule_id)) is not None:
            mode = case.sitting.mode if case.sitting is not None and case.step.id == step.id else ""
            lines = [condition_words(c) for c in rule_conditions(rule, mode)]
            joint = _("，且") if rule.combine == "all" else _("，或")
            parts.append(headed(label, joint.join(lines)))
    return clauses(parts)


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
