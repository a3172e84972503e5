"""How a decision and the postings that make it known move together.

A posting asks here before each act, in the same transaction: the procedure's refusal is the posting's.
"""

import datetime as dt
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from yishi.core.verdicts import Refusal, Verdict, no
from yishi.decisions import permissions, rules
from yishi.decisions.disclosing import facts_of
from yishi.decisions.models import Decision
from yishi.network.viewers import Viewer
from yishi.publication.rules import SubjectRules

KIND = "decisions.decision"
EVENTS = {
    "opened": "posted", "checked": "posting_checked", "objected": "objected", "answered": "objection_answered",
    "ended": "posting_ended",
}  # fmt: skip


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
        "objected": {"id": data.get("id")},
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
    step = rules.step_of(decision)
    now = rules.spoken(step.title) if step else decision.get_status_display()
    return no(_("这件事现在到了“%(step)s”，这张公示不属于这一步。") % {"step": now})


RULES = SubjectRules(load, permissions.may_see_decision, facts_of, carry, title, url)
