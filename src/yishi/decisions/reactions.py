"""What a decision says of the postings that make it known, and what it enters in the ledger.

A posting asks here before each act, in the same transaction: the procedure's refusal is the posting's.
"""

import datetime as dt
import logging
from typing import Any

from django.urls import NoReverseMatch, reverse

from yishi.core import clock, events
from yishi.core.verdicts import Refusal, Verdict, no
from yishi.decisions import permissions, rules
from yishi.decisions.events import DecisionChanged
from yishi.decisions.models import Decision
from yishi.decisions.papers_public import facts_of
from yishi.network.viewers import Viewer
from yishi.publication.rules import SubjectRules, register_subject

logger = logging.getLogger(__name__)
KIND = "decisions.decision"
EVENTS = {
    "opened": "posted", "checked": "posting_checked", "objected": "objected", "answered": "objection_answered",
    "ended": "posting_ended",
}  # fmt: skip
ANCHORING = frozenset(
    {
        "notice_posted",
        "meeting_opened",
        "roll_settled",
        "ballot_closed",
        "counted",
        "recounted",
        "certified",
        "posting_ended",
    }
)


def connect() -> None:
    """Register the rules of decisions' postings, and listen for what goes into the ledger."""
    register_subject(KIND, SubjectRules(load, permissions.may_see_decision, facts_of, carry, title, url))
    events.on(DecisionChanged)(enter_ledger)


def load(decision_id: int) -> Decision | None:
    """A decision by its id."""
    return Decision.objects.select_related("organisation__area", "area").filter(pk=decision_id).first()


def title(decision: Decision) -> str:
    """How it is called on a posting's page."""
    return f"{decision.reference} {decision.title}"


def url(decision: Decision) -> str:
    """Where its page is."""
    try:
        return reverse("decisions:decision", args=[decision.reference])
    except NoReverseMatch:
        return ""


def carry(
    viewer: Viewer, decision: Decision, posting: Any, act: str, at: dt.datetime, data: dict[str, Any]
) -> None:  # fmt: skip
    """Tell the procedure of an act on the posting; it happens only if the procedure accepts it.

    Raises:
        Refusal: the procedure's reason with its clause; or the decision has moved on to another step.
    """
    from yishi.decisions.services._acts import append, held

    particulars = {
        "opened": {"place": data.get("place", ""), "photo": True, **_text_of(posting)}, "checked": {"seen": data.get("seen")},
        "objected": {"id": data.get("id"), "by": data.get("by")},
        "answered": {"id": data.get("id"), "upheld": data.get("upheld")}, "ended": {"photo": True},
    }[act]  # fmt: skip
    with held(decision) as fresh:
        if fresh.step != posting.subject_step:
            raise Refusal(moved_on(fresh))
        append(viewer, fresh, EVENTS[act], at, particulars, posting=posting.reference)


def _text_of(posting: Any) -> dict[str, str]:
    return {"hash": posting.motion_digest} if posting.motion_digest else {}


def moved_on(decision: Decision) -> Verdict:
    """Why a posting of another step cannot go on."""
    from django.utils.translation import gettext as _

    step = rules.step_of(decision)
    now = rules.spoken(step.title) if step else decision.get_status_display()
    return no(_("这件事现在到了“%(step)s”，这张公示不属于这一步。") % {"step": now})


def enter_ledger(event: DecisionChanged) -> None:
    """After each event that fixes something for good: the roll, the box, the result, the posting."""
    if event.kind not in ANCHORING:
        return
    from yishi.decisions.services.anchoring import anchor

    anchor(Decision.objects.get(pk=event.decision_id), clock.now())
