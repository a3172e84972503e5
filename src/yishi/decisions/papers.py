"""The papers that steps ask for: their names, and which are still missing."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.decisions.models import Decision
from yishi.engines.procedure.steps import Step

PAPERS: dict[str, str | Promise] = {
    "text": _("方案全文"), "conflict_declaration": _("利害关系声明"), "opinion": _("党组织研究讨论意见"),
    "annual_operation_report": _("年度经营报告"), "annual_financial_report": _("年度财务报告"),
    "distribution_plan": _("收益分配方案"), "minutes": _("会议或协商记录"), "letter": _("告知函"),
    "filing_letter": _("备案函"), "reasons": _("罢免理由"), "statement_or_waiver": _("申辩意见或放弃申辩的说明"),
    "nominations": _("提名名单"), "handover_list": _("移交清单"), "ruling": _("裁判文书或撤销决定"),
}  # fmt: skip
INSIDE = frozenset({"nominations", "statement_or_waiver"})  # who nominated whom, what someone says in defence
OWN = frozenset({"text", "conflict_declaration"})  # kept as rows of their own


def paper_title(name: str) -> str:
    """A paper's name in the language of the page."""
    return str(PAPERS.get(name, name))


def lacking(decision: Decision, step: Step) -> list[str]:
    """The papers of a step that nobody has given for the motion as it stands; at most three queries."""
    given = set(decision.papers.filter(step=step.id, version=decision.version).values_list("name", flat=True))
    if "text" in step.needs and decision.versions.exists():
        given.add("text")
    if "conflict_declaration" in step.needs and decision.conflicts.filter(person_id=decision.proposer_id).exists():
        given.add("conflict_declaration")
    return [name for name in step.needs if name not in given]
