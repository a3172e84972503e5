"""After an act: followers, proposer and the officers whose turn it is are told; the matter behind it learns the outcome."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_noop as _

from yishi.core import clock, events
from yishi.decisions import rules
from yishi.decisions.events import DecisionChanged, MotionDiscussed
from yishi.decisions.models import Decision, MotionComment
from yishi.decisions.permissions.facts import IN_CHARGE, TOWN, TOWN_DUTIES
from yishi.decisions.routing import PARTIES
from yishi.engines.procedure.events import KINDS
from yishi.inbox import selectors as inbox_reads
from yishi.inbox import services as inbox
from yishi.matters import services as matters
from yishi.network import selectors as network
from yishi.network.viewers import Duty

TOLD = frozenset({
    "done", "petition_received", "escalated", "notice_posted", "counted", "recounted", "certified",
    "recorded_as_advice", "reviewed", "posted", "accepted", "final_account", "motion_changed", "redrafted",
    "withdrawn", "annulled", "runoff_opened", "poll_opened",
})  # fmt: skip
ON_THE_MATTER = frozenset({"started", "certified", "recorded_as_advice", "withdrawn", "annulled", "final_account"})
NEXT = _("有一件决定轮到您办")
ASKED = _("有一条意见等您答复")
ANSWERED = _("您的意见有了答复")


def connect() -> None:
    """Listen to the news of decisions."""
    events.on(DecisionChanged)(tell)
    events.on(MotionDiscussed)(tell_of_talk)


def _load(pk: int) -> Decision | None:
    return Decision.objects.select_related("organisation__area", "area", "matter").filter(pk=pk).first()


def tell(event: DecisionChanged) -> None:
    """Followers, commenters and the proposer hear of every milestone; who must act next hears that it is their turn."""
    decision = _load(event.decision_id)
    if decision is None:
        return
    key = f"decision:{decision.pk}:{event.number}"
    if event.kind in TOLD:
        words = {"zh-hans": KINDS[event.kind][0]["zh"], "en": KINDS[event.kind][0]["en"].capitalize()}
        _send(decision, _listeners(decision) - {event.actor_id}, key, words, event)
    turn = _whose_turn(decision, event) - {event.actor_id}
    _send(decision, turn, f"turn:{key}", _both(NEXT), event)
    if decision.matter_id and decision.is_public and event.kind in ON_THE_MATTER:
        _tell_the_matter(decision, event)


def _listeners(decision: Decision) -> set[int | None]:
    said = set(MotionComment.objects.filter(decision=decision).values_list("by_id", flat=True))
    return {decision.proposer_id, *said, *inbox_reads.followers_of(decision)}


def _whose_turn(decision: Decision, event: DecisionChanged) -> set[int | None]:
    """Who takes the step that has just begun: the Party organisation, the town, or the convening organisation."""
    step = rules.step_of(decision)
    if step is None or decision.phase not in ("start", "failed") or event.kind == "started":
        return set()
    day, organisation = clock.local_day(event.at), decision.organisation
    if step.id == "study":
        near = network.organisations(decision.town_id, PARTIES).filter(area=organisation.area)
        return set(network.people_in_office(near.values_list("pk", flat=True), {Duty.SECRETARY}, day))
    if step.kind == "review":
        town = network.organisations(decision.town_id, TOWN)
        return set(network.people_in_office(town.values_list("pk", flat=True), TOWN_DUTIES, day))
    return set(network.people_in_office([organisation.pk], IN_CHARGE, day))


def _both(words: str) -> dict[str, str]:
    found = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found[language] = translation.gettext(words)
    return found


def _send(
    decision: Decision, people: Iterable[int | None], key: str, words: dict[str, str],
    event: DecisionChanged | MotionDiscussed,
) -> None:  # fmt: skip
    wanted = [p for p in people if p is not None]
    if not wanted:
        return
    subject = f"{decision.reference} {decision.title}"
    inbox.notify(
        wanted, key, decision, words["zh-hans"], words["en"], subject, subject,
        reverse("decisions:decision", args=[decision.reference]), event.at,
    )  # fmt: skip


def tell_of_talk(event: MotionDiscussed) -> None:
    """A comment: the officers who answer. An answer: who commented."""
    decision = _load(event.decision_id)
    if decision is None or event.comment_id is None:
        return
    key = f"comment:{event.comment_id}:{event.kind}"
    if event.kind == "commented":
        day = clock.local_day(event.at)
        answering = network.people_in_office([decision.organisation_id], IN_CHARGE, day) | {decision.proposer_id}
        _send(decision, answering - {event.actor_id}, key, _both(ASKED), event)
    else:
        by = MotionComment.objects.values_list("by_id", flat=True).get(pk=event.comment_id)
        _send(decision, {by} - {event.actor_id}, key, _both(ANSWERED), event)


# Kept on the matter as they stand, in the town's language.
OUTCOMES: dict[str, str] = {
    "started": "这件事已提交决定：%(ref)s %(title)s（%(body)s）。",
    "withdrawn": "提交决定的 %(ref)s %(title)s 已撤回。",
    "annulled": "决定 %(ref)s %(title)s 已被撤销。",
    "recorded_as_advice": "%(ref)s %(title)s：仅作意见记录。",
    "final_account": "决定 %(ref)s %(title)s 已实施，决算与付款一致。",
}
PASSED = "决定 %(ref)s %(title)s：通过，结果已确认。"
FAILED = "决定 %(ref)s %(title)s：未通过，结果已确认。"


def _tell_the_matter(decision: Decision, event: DecisionChanged) -> None:
    if event.kind == "certified":
        words = PASSED if decision.certified else FAILED
    elif event.kind in OUTCOMES:
        words = OUTCOMES[event.kind]
    else:
        return
    body = decision.organisation.name
    said = words % {"ref": decision.reference, "title": decision.title, "body": body}
    matters.note_decision(decision.matter_id or 0, said, event.actor_id, decision.organisation_id, event.at)
