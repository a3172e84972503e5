"""A meeting of the demo carried along by the services, its many people by :mod:`.crowd`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from yishi.decisions.demo import crowd
from yishi.decisions.demo.cast import Body, Cast, fresh
from yishi.decisions.models import AgendaItem, BallotBox, Decision, Meeting, Result, RollEntry
from yishi.decisions.services import attendance, ballots, certifying, counting, meetings, minutes, proxies, rolls
from yishi.decisions.voting.tallying import expected

Marks = Mapping[RollEntry, str]
APART = ("blank", "double", "repeated")


@dataclass
class Hall:
    """Who runs the meeting (and closes its box), who counts, who certifies, and where it is held."""

    cast: Cast
    decision: Decision
    runs: int
    counters: tuple[int, int]
    certifier: int
    title: str
    place: str = "祠堂前广场"

    meeting: Meeting | None = None
    number: int = 1

    @property
    def item(self) -> AgendaItem:
        """The item as it is now."""
        rows = AgendaItem.objects.select_related("decision__area", "decision__organisation", "meeting", "roll")
        return rows.get(meeting=self.meeting, number=self.number)

    @property
    def box(self) -> BallotBox:
        """Its box as it is now."""
        rows = BallotBox.objects.select_related("item__meeting", "item__decision", "roll")
        return rows.get(item__meeting=self.meeting, item__number=self.number)

    def lines(self) -> list[RollEntry]:
        """The lines of its roll, with those through whom they vote."""
        assert self.item.roll is not None
        return list(self.item.roll.entries.prefetch_related("holders").order_by("number"))

    def noticed(
        self, at: dt.datetime, meets_at: dt.datetime, *, until: dt.datetime | None = None, mode: str = "",
        drawn: bool = True,
    ) -> None:  # fmt: skip
        """Roll drawn, convened, noticed to all and proved, on one day."""
        with self.cast.acting(self.runs, at) as viewer:
            decision = fresh(self.decision)
            if drawn:
                rolls.draw_roll(viewer, decision, mode, at)
            given = meetings.MeetingInput(
                self.title, self.place, meets_at, [decision], mode, until, self.runs, self.counters[0]
            )
            self.meeting = meetings.convene(viewer, given, at)
            meetings.give_notice(viewer, self.meeting, meetings.NoticeInput(), at)
            proof = meetings.DeliveryInput("board", f"{self.place}公示栏和微信群，并逐人告知")
            meetings.record_delivery(viewer, self.meeting, proof, at + dt.timedelta(minutes=20))

    def represented(self, pairs: Sequence[tuple[RollEntry, RollEntry]], at: dt.datetime) -> None:
        """Written proxies, each to someone of the same household."""
        assert self.meeting is not None
        with self.cast.acting(self.runs, at) as viewer:
            for principal, agent in pairs:
                given = proxies.ProxyInput(principal, agent, "同户家人", "本次会议全部事项")
                proxies.record_proxy(viewer, self.meeting, given, at)

    def begun(self, there: Mapping[RollEntry, str], at: dt.datetime) -> None:
        """Opened, with so many signed in."""
        assert self.meeting is not None
        with self.cast.acting(self.runs, at) as viewer:
            meetings.open_meeting(viewer, self.meeting, at)
            if there:
                crowd.signed_in(viewer, self.item, there, at + dt.timedelta(minutes=5))

    def aside(self, entry: RollEntry, reason: str, at: dt.datetime) -> None:
        """Someone stands aside for the item."""
        with self.cast.acting(self.runs, at) as viewer:
            attendance.recuse(viewer, self.item, entry, reason, at)

    def voting(self, at: dt.datetime) -> BallotBox:
        """The ballot opened."""
        with self.cast.acting(self.runs, at) as viewer:
            return ballots.open_ballot(viewer, self.item, at)

    def voted(self, marks: Marks, at: dt.datetime) -> None:
        """Ballots of a signed vote."""
        with self.cast.acting(self.runs, at) as viewer:
            crowd.voted(viewer, self.box, marks, self.cast.chance, at)

    def papers(self, lines: Sequence[RollEntry], at: dt.datetime) -> None:
        """Paper of a secret vote handed out."""
        with self.cast.acting(self.runs, at) as viewer:
            crowd.issued(viewer, self.box, lines, at)

    def counted(self, at: dt.datetime, given: counting.CountInput | None = None) -> Result:
        """Closed, counted by two alike, reckoned."""
        with self.cast.acting(self.runs, at) as viewer:
            ballots.close_ballot(viewer, self.item, at)
        given = given or on_record(self.box)
        for n, counter in enumerate(self.counters):
            with self.cast.acting(counter, at + dt.timedelta(minutes=10 + n)) as viewer:
                counting.key_count(viewer, self.box, given, viewer.at)
        with self.cast.acting(self.counters[0], at + dt.timedelta(minutes=15)) as viewer:
            return counting.count_ballots(viewer, self.item, viewer.at)

    def certified(self, at: dt.datetime) -> Result:
        """Certified by who neither closed nor counted."""
        with self.cast.acting(self.certifier, at) as viewer:
            return certifying.certify_result(viewer, self.item, at)

    def ended(self, at: dt.datetime) -> None:
        """Ended; minutes drafted, signed by host and recorder once the days for corrections are over, and closed."""
        assert self.meeting is not None
        with self.cast.acting(self.runs, at) as viewer:
            meetings.end_meeting(viewer, self.meeting, at)
        with self.cast.acting(self.counters[0], at + dt.timedelta(hours=1)) as viewer:
            if viewer.at > self.cast.now:
                return
            made = minutes.draft_minutes(viewer, self.meeting, viewer.at)
        over = timezone.localtime(made.corrections_until).replace(hour=9) + dt.timedelta(days=1)
        if over > self.cast.now:
            return
        for signer in (self.runs, self.counters[0]):
            with self.cast.acting(signer, over) as viewer:
                minutes.sign_minutes(viewer, made, over)
        with self.cast.acting(self.runs, over) as viewer:
            minutes.close_minutes(viewer, made, over)


def on_record(box: BallotBox) -> counting.CountInput:
    """What a careful count of the paper finds: what the record says of it."""
    known = expected(box)
    issued, returned = known.pop("issued"), known.pop("returned", 0)
    invalid = sum(known.get(name, 0) for name in APART)
    return counting.CountInput(known, issued, returned, issued - returned, returned - invalid, invalid)


def by_hands(yes: int, against: int = 0, abstain: int = 0) -> counting.CountInput:
    """Hands counted in the room."""
    total = yes + against + abstain
    return counting.CountInput({"yes": yes, "no": against, "abstain": abstain}, total, total, 0, total, 0)


def marks_of(lines: Sequence[RollEntry], **counts: int) -> dict[RollEntry, str]:
    """The first lines by mark: so many in favour, against, abstaining; ``against`` writes ``no``."""
    names = [name for name, n in counts.items() for _ in range(n)]
    found = zip(lines, names, strict=False)
    return {entry: "no" if name == "against" else name for entry, name in found}


def seats(cast: Cast, body: Body, decision: Decision, title: str, place: str = "祠堂前广场") -> Hall:
    """A meeting that the head of the organisation runs."""
    return Hall(cast, decision, body.head, body.counters, body.supervisor, title, place)


__all__ = ["Hall", "by_hands", "marks_of", "on_record", "seats"]
