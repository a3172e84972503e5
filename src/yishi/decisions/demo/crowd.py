"""Many people at once: sign-ins, paper and ballots as rows in bulk, with the audit entries that the services write."""

import datetime as dt
import random
import uuid
from collections.abc import Mapping, Sequence

from yishi.core import audit, clock
from yishi.core.models import AuditEntry
from yishi.decisions.models import (
    AgendaItem,
    Attendance,
    BallotBox,
    MarkedVoter,
    Meeting,
    PaperBallot,
    RollEntry,
    SignedBallot,
)
from yishi.decisions.services.ballots import last_of
from yishi.decisions.services.paper import NAMESPACE
from yishi.network.viewers import Viewer, actor_of

BATCH = 500
WEB_EVERY = 3  # of those who have a person behind their line, one in so many votes on the phone
WEB, PAPER = "web", "paper"


def signed_in(viewer: Viewer, item: AgendaItem, there: Mapping[RollEntry, str], at: dt.datetime) -> None:
    """Sign lines of an item's roll in at the desk, each by its channel; whom they represent come with them."""
    meeting, ways = item.meeting, {entry.pk: way for entry, way in there.items()}
    for proxy in meeting.proxies.filter(agent__in=ways, revoked_at=None).order_by("pk"):
        ways.setdefault(proxy.principal_id, Attendance.Channel.PROXY)
    rows = Attendance.objects.bulk_create(
        [Attendance(meeting=meeting, entry_id=pk, channel=way, by_id=viewer.person_id, in_at=at) for pk, way in ways.items()],
        batch_size=BATCH,
    )  # fmt: skip
    _firsts("decisions.signed_in", rows, viewer.person_id, meeting, at)
    audit.record("decisions.many_signed_in", meeting, at=at, actor_id=viewer.person_id, people=len(rows))


def _firsts(verb: str, rows: Sequence[Attendance], actor: int | None, meeting: Meeting, at: dt.datetime) -> None:
    AuditEntry.objects.bulk_create([
        audit.entry_after(
            (0, audit.GENESIS), verb, row, at=at, actor_id=actor, on_behalf_of_id=None, town_id=meeting.town_id, data={}
        )
        for row in rows
    ], batch_size=BATCH)  # fmt: skip


def voted(
    viewer: Viewer, box: BallotBox, marks: Mapping[RollEntry, str], chance: random.Random, at: dt.datetime
) -> None:
    """Ballots of a signed vote: some on the phone, each by its own voter, the others on paper keyed by the desk.

    Whoever is represented votes on paper, through whom they sent.
    """
    sent = set(box.item.proxies.filter(revoked_at=None).values_list("principal_id", flat=True))
    able = [e for e in marks if e.number % WEB_EVERY == 0 and e.pk not in sent and _voter(e) is not None]
    on_phone = {e: marks[e] for e in able}
    on_paper = [e for e in marks if e not in on_phone]
    entries: list[AuditEntry] = []
    ballots = [
        SignedBallot(
            box=box, entry=e, marks=[m], channel=WEB, by_id=_voter(e), at=at,
            key=uuid.UUID(int=chance.getrandbits(128), version=4),
        )
        for e, m in on_phone.items()
    ]  # fmt: skip
    entries += [_cast(box, e, _voter(e), at) for e in on_phone]
    papers = issued(viewer, box, on_paper, at, returned=True)
    chain = last_of_box(box)
    for paper in papers:
        key = uuid.uuid5(NAMESPACE, f"{box.pk}/{paper.serial}")
        ballots.append(SignedBallot(box=box, entry=paper.entry, marks=[marks[paper.entry]], channel=PAPER, by_id=viewer.person_id, at=at, key=key))  # fmt: skip
        entries.append(_cast(box, paper.entry, viewer.person_id, at))
        keyed = _of_box("decisions.paper_keyed", box, chain, viewer, at, serial=paper.serial)
        chain = (keyed.number, keyed.digest)
        entries.append(keyed)
    for one in ballots:
        one.salt = clock.new_salt()
    SignedBallot.objects.bulk_create(ballots, batch_size=BATCH)
    AuditEntry.objects.bulk_create(entries, batch_size=BATCH)


def issued(
    viewer: Viewer, box: BallotBox, lines: Sequence[RollEntry], at: dt.datetime, *, returned: bool = False
) -> list[PaperBallot]:
    """Paper handed to lines of the roll; of a secret vote this marks them as voters."""
    if not lines:
        return []
    first, by = box.papers.count() + 1, actor_of(viewer)
    papers = PaperBallot.objects.bulk_create([
        PaperBallot(box=box, serial=n, entry=e, issued_by_id=by, returned=returned)
        for n, e in enumerate(lines, first)
    ], batch_size=BATCH)  # fmt: skip
    if box.secret:
        MarkedVoter.objects.bulk_create([MarkedVoter(box=box, entry=e) for e in lines], batch_size=BATCH)
        before = _chains(lines)
        AuditEntry.objects.bulk_create(
            [_cast(box, e, viewer.person_id, box.opened_at, before.get(e.pk)) for e in lines], batch_size=BATCH
        )
    entry = _of_box("decisions.paper_issued", box, last_of_box(box), viewer, at, papers=len(papers))
    entry.save(force_insert=True)
    return papers


def _chains(lines: Sequence[RollEntry]) -> dict[int, tuple[int, str]]:
    """The last entry of each line that has any: in a run-off they have voted before."""
    if last_of(lines[0].pk)[0] == 0 and last_of(lines[-1].pk)[0] == 0:
        return {}
    rows = AuditEntry.objects.filter(
        subject_kind="decisions.rollentry", subject_id__gte=lines[0].pk, subject_id__lte=lines[-1].pk
    ).order_by("number")
    return {pk: (number, digest) for pk, number, digest in rows.values_list("subject_id", "number", "digest")}


def _voter(entry: RollEntry) -> int | None:
    """Through whom a line votes."""
    if entry.person_id is not None:
        return entry.person_id
    holders = sorted(holder.person_id for holder in entry.holders.all())
    return holders[0] if holders else None


def _cast(
    box: BallotBox, entry: RollEntry, actor: int | None, at: dt.datetime, last: tuple[int, str] | None = None
) -> AuditEntry:
    return audit.entry_after(
        last or (0, audit.GENESIS), "decisions.cast", entry, at=at, actor_id=actor, on_behalf_of_id=None,
        town_id=box.item.meeting.town_id, data={"box": box.pk},
    )  # fmt: skip


def last_of_box(box: BallotBox) -> tuple[int, str]:
    """Number and digest of a box's last audit entry."""
    rows = AuditEntry.objects.filter(subject_kind="decisions.ballotbox", subject_id=box.pk).order_by("-number")
    return rows.values_list("number", "digest").first() or (0, audit.GENESIS)


def _of_box(
    verb: str, box: BallotBox, last: tuple[int, str], viewer: Viewer, at: dt.datetime, **data: int
) -> AuditEntry:
    return audit.entry_after(
        last, verb, box, at=at, actor_id=viewer.person_id, on_behalf_of_id=None,
        town_id=box.item.meeting.town_id, data=data,
    )  # fmt: skip
