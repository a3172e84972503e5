"""How a decision is shown: tone and where it stands. Nothing here decides or queries."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from yishi.decisions.models import Decision
from yishi.decisions.rules import spoken, step_of
from yishi.engines.procedure.reports import PHASE

Status = Decision.Status
TONES = {Status.SETTLED: "settled", Status.ANNULLED: "overdue", Status.ADVICE: "soon"}


def tone_of(decision: Decision) -> str:
    """The tone of its state."""
    if decision.status == Status.RUNNING:
        return "overdue" if decision.phase in ("failed", "void") else "plain"
    return TONES.get(Status(decision.status), "plain")


def status_of(decision: Decision) -> str:
    """Its state in a word: a vote that failed or is void is said as such."""
    if decision.status == Status.RUNNING and decision.phase in ("failed", "void"):
        return capfirst(spoken(PHASE[decision.phase]))
    return capfirst(decision.get_status_display())


def where(decision: Decision) -> str:
    """The step at which it stands, with its phase; empty when it has ended."""
    step = step_of(decision)
    if step is None or decision.status != Status.RUNNING:
        return ""
    title = spoken(step.title)
    if decision.phase in ("", "start"):
        return title
    return _("%(step)s · %(phase)s") % {"step": title, "phase": spoken(PHASE[decision.phase])}
