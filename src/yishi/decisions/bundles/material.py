"""Header, events, motions, notices, minutes and postings of a decision, without anything personal.

Lines of a roll stand under their opaque codes; where a proxy's event names persons by their reference,
the bundle puts the codes of their lines, so that attendance and events speak of the same lines.
"""

from dataclasses import dataclass
from typing import Any

from yishi.core import audit, clock
from yishi.core.masking import masked_for_board
from yishi.decisions import rules
from yishi.decisions.bundles.votes import roll_of, vote_of
from yishi.decisions.models import BallotBox, Decision, DecisionEvent, Meeting, Roll
from yishi.engines.bundle import Evidence, Material, Minutes, NoticeProof, Photo, Publication, Vote
from yishi.engines.bundle import Roll as BundleRoll
from yishi.engines.procedure import report
from yishi.publication.selectors import shown_for

PERSONS = {
    "proxy_given": ("principal", "agent"),
    "proxy_revoked": ("principal",),
    "signed_in": ("person",),
    "left": ("person",),
}
WORDS = ("reason", "proof")
"""Particulars in somebody's own words, which may name people: the bundle holds their digest."""
TERMS = frozenset({"death", "loss_of_status", "joined", "correction", "interest"})
"""Reasons that are chosen from a list."""


@dataclass(frozen=True, slots=True)
class Story:
    """A decision's events with what is looked up for them."""

    decision: Decision
    events: list[DecisionEvent]
    codes: dict[str, str]

    def number(self, kinds: tuple[str, ...], at: Any = None, after: int = 0) -> int:
        """Place of the first event of these kinds after another, of a moment where one is given; 0 where there is none."""
        for event in self.events:
            if event.kind in kinds and event.number > after and (at is None or event.at == at):
                return event.number
        return 0

    def table(self, event: DecisionEvent) -> dict[str, Any]:
        """The event as the bundle holds it."""
        table = rules.event_table(event)
        if event.kind == "objected":  # who objects stays inside, whatever an event of earlier days holds
            table.pop("by", None)
        for name in WORDS:
            if table.get(name) and table[name] not in TERMS:
                table[name] = f"sha256:{audit.digest_of(table[name])}"
        if table.get("place"):
            table["place"] = masked_for_board(table["place"])[0]
        for name in PERSONS.get(event.kind, ()):
            if table.get(name) in self.codes:
                table[name] = self.codes[table[name]]
        return table


def story_of(decision: Decision) -> Story:
    """The events of a decision and the codes of those on its rolls; two queries."""
    lines = decision.rolls.exclude(frozen_at=None).order_by("pk")
    pairs = lines.exclude(entries__person=None).values_list("entries__person_id", "entries__code")
    return Story(decision, list(decision.events.order_by("number")), {rules.ref(p): str(c) for p, c in pairs})


def material_of(decision: Decision, *, counted_only: bool = True) -> Material:
    """Everything that a bundle holds but its place in the ledger; with ``counted_only``, votes that were counted."""
    story, case = story_of(decision), rules.case_of(decision)
    rolls = list(Roll.objects.filter(decision=decision).exclude(frozen_at=None).order_by("pk"))
    names = {roll.pk: str(number) for number, roll in enumerate(rolls, 1)}
    drawn = {names[roll.pk]: roll_of(roll) for roll in rolls}
    votes = [_vote(story, box, names[box.roll_id], drawn) for box in _boxes(decision) if box.roll_id in names]
    versions = decision.versions.order_by("number")
    return Material(
        id=decision.reference, decision=rules.header_table(decision), events=[story.table(e) for e in story.events],
        results=report(case)["results"], motions=tuple(rules.canonical_motion(v.text, v.budget) for v in versions),
        rolls=drawn,
        votes=tuple(v for v in votes if v.counted or not counted_only), notices=_notices(story),
        minutes=_minutes(decision, {v.id for v in votes}), publications=_publications(story),
    )  # fmt: skip


def _boxes(decision: Decision) -> list[BallotBox]:
    rows = BallotBox.objects.filter(item__decision=decision).exclude(state=BallotBox.State.OPEN)
    return list(rows.select_related("item__meeting", "roll").order_by("opened_at", "pk"))


def _vote(story: Story, box: BallotBox, roll: str, drawn: dict[str, BundleRoll]) -> Vote:
    meeting = box.item.meeting
    frozen = story.number(("notice_posted",), meeting.noticed_at) or story.number(("roll_settled",))
    frozen = frozen or story.number(("meeting_opened",), meeting.opened_at)
    opened = story.number(("ballot_opened", "poll_opened", "runoff_opened"), box.opened_at)
    opened = opened or story.number(("ballot_opened", "poll_opened", "runoff_opened"), after=frozen)
    counted = story.number(("counted",), after=opened) if box.state != BallotBox.State.CLOSED else 0
    return vote_of(box, roll, drawn[roll], (frozen, opened, counted))


def _notices(story: Story) -> tuple[NoticeProof, ...]:
    found = []
    meetings = Meeting.objects.filter(items__decision=story.decision).exclude(noticed_at=None).distinct()
    for meeting in meetings.prefetch_related("deliveries").order_by("noticed_at", "pk"):
        number = story.number(("notice_posted",), meeting.noticed_at)
        deliveries = sorted(meeting.deliveries.all(), key=lambda d: d.pk)
        if not number or not deliveries or meeting.noticed_at is None:
            continue
        item = meeting.items.filter(decision=story.decision).order_by("number")[0]
        first = deliveries[0]
        found.append(NoticeProof(
            number, rules.ref(first.by_id), str(first.way), clock.local_day(meeting.noticed_at).isoformat(),
            item.motion_digest,
            tuple(Evidence(f"{d.way}-{n}", d.digest or _record(d)) for n, d in enumerate(deliveries, 1)),
        ))  # fmt: skip
    return tuple(found)


def _record(delivery: Any) -> str:
    """The digest of a delivery that was recorded without a photo: of who, how and when."""
    return audit.digest_of(f"{delivery.way}|{rules.ref(delivery.by_id)}|{delivery.at.isoformat()}|{delivery.words}")


def _minutes(decision: Decision, votes: set[str]) -> tuple[Minutes, ...]:
    found = []
    for item in decision.items.select_related("meeting__minutes", "box").order_by("pk"):
        minutes, box = getattr(item.meeting, "minutes", None), getattr(item, "box", None)
        if minutes is None or box is None or str(box.pk) not in votes:
            continue
        signed = minutes.marks.filter(kind="signature").order_by("pk").values_list("by_id", flat=True)
        digest = minutes.digest or audit.digest_of(minutes.text)
        found.append(Minutes(str(box.pk), item.motion_digest, digest, tuple(rules.ref(p) for p in signed)))
    return tuple(found)


def _publications(story: Story) -> tuple[Publication, ...]:
    found = []
    for posting, checks in shown_for("decisions.decision", story.decision.pk):
        number = story.number(("posted",), posting.posted_at)
        if not number:
            continue
        event = story.events[number - 1]
        photos = tuple(Photo(c.kind, c.on.isoformat(), c.photo_digest) for c in checks if c.photo_digest and c.seen)
        found.append(
            Publication(number, masked_for_board(event.data.get("place", ""))[0], event.data.get("hash", ""), photos)
        )
    return tuple(found)
