"""How a decision and the postings that make it known move together.

A posting asks here before each act, in the same transaction: the procedure's refusal is the posting's.
"""

import datetime as dt
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.verdicts import Refusal, Verdict, no
from yishi.decisions import permissions, rules
from yishi.decisions.disclosing import facts_of
from yishi.decisions.models import Decision
from yishi.decisions.permissions.papers import editions
from yishi.network.viewers import Viewer
from yishi.publication.rules import SubjectRules, said
from yishi.publication.services import words_digest

KIND = "decisions.decision"
EVENTS = {
    "opened": "posted", "checked": "posting_checked", "objected": "objected", "answered": "objection_answered",
    "ended": "posting_ended",
}  # fmt: skip
SAYING = ("counted", "recounted", "certified", "motion_changed", "redrafted")
"""Events after which a resolution or an outcome reads differently."""


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


def edition(decision: Decision) -> str:
    """Where everyone takes its bundle, or its public edition; empty where there is none."""
    there = editions(decision)
    return (
        reverse("decisions:bundle", args=[decision.reference])
        if there["open_bundle"] or there["public_edition"]
        else ""
    )


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
        if fresh.step != posting.subject_step or (act != "opened" and not _is_the_one(fresh, posting)):
            raise Refusal(moved_on(fresh))
        if act == "opened" and not _says_what_is_so(fresh, posting, clock.local_day(at)):
            raise Refusal(out_of_date(posting))
        append(viewer, fresh, EVENTS[act], at, particulars, posting=posting.reference)


def _text_of(posting: Any) -> dict[str, str]:
    return {"hash": posting.motion_digest} if posting.motion_digest else {}


def moved_on(decision: Decision) -> Verdict:
    """Why a posting of another step cannot go on."""
    step = rules.step_of(decision)
    now = rules.spoken(step.title) if step else decision.get_status_display()
    return no(_("这件事现在到了“%(step)s”，这张公示不属于这一步。") % {"step": now})


def out_of_date(posting: Any) -> Verdict:
    """Why a posting of an earlier text or result is not hung up."""
    return no(
        _("拟好以后，方案或结果有了变化，这份材料不能再张贴。"), said(posting.clause),
        _("请在决定的页面重新拟订公示材料，打印后张贴。"),
    )  # fmt: skip


def stands(decision: Decision, posting: Any) -> bool:
    """Whether a posting that hangs is the procedure's own, and whether a planned one still says what is so."""
    if decision.status != Decision.Status.RUNNING or decision.step != posting.subject_step:
        return False
    if posting.hangs:
        return _is_the_one(decision, posting)
    try:
        return _says_what_is_so(decision, posting, clock.today())
    except Refusal:
        return False


def _is_the_one(decision: Decision, posting: Any) -> bool:
    last = decision.events.filter(kind="posted").order_by("-number").first()
    return decision.phase == "up" and last is not None and last.at == posting.posted_at


def _says_what_is_so(decision: Decision, posting: Any, on: dt.date) -> bool:
    """By what has happened since it was written, and by its words; those of a correction are its own.

    Raises:
        Refusal: the decision is not at a step that is posted, or hangs already.
    """
    facts = facts_of(decision, on)
    if decision.events.filter(kind__in=SAYING, recorded_at__gt=posting.created_at).exists():
        return False
    now = (words_digest(facts.title, facts.text), facts.motion_digest)
    return posting.replaces_id is not None or (posting.digest, posting.motion_digest) == now


RULES = SubjectRules(load, permissions.may_see_decision, facts_of, carry, title, url, stands, edition)
