"""Merging and splitting matters in the making, as the services do."""

import datetime as dt

from yishi.matters.bulk.kept import Hand, Kept, Kind, Stage
from yishi.matters.models import Matter, Merge
from yishi.matters.permissions import ACTIVE
from yishi.matters.selectors.settling import WAITING


def merge(old: Kept, root: Kept, hand: Hand, at: dt.datetime, reason: str) -> Merge:
    """并入: the reports go over; the old page points to the new."""
    active = [a for a in old.assignments if a.state in ACTIVE]
    row = old.book.add(
        Merge(
            matter=old.matter, into=root.matter, reason=reason, at=at, by_id=hand.must,
            before={
                "stage": old.matter.stage, "lead": old.matter.lead_id,
                "assignments": [[a.pk, a.state] for a in active], "reports": [r.pk for r in old.reports],
            },
        )
    )  # fmt: skip
    old.end_assignments(at)
    for report in old.reports:
        report.matter = root.matter
    root.reports += old.reports
    root.latest |= old.latest
    old.moved, old.reports = old.reports, []
    old.matter.stage, old.matter.merged_into = Stage.MERGED, root.matter
    root.step(Kind.MERGED, at, hand, words=reason, detail=old.matter.reference)
    if root.matter.lead_id is not None:
        root.start_contact_clock(at)
    root.refresh(at)
    old.finish(
        hand, "merged", Kind.MERGED, at, words=reason, detail=root.matter.reference, into=root.matter.pk, merge=row.pk
    )
    return row


def split(row: Merge, old: Kept, root: Kept, hand: Hand, at: dt.datetime, reason: str) -> None:
    """拆分: the matter stands again as it was."""
    row.split_at, row.split_by_id, row.split_reason = at, hand.person_id, reason
    root.reports = [r for r in root.reports if r.first_matter_id != old.matter.pk]
    old.reports = old.moved
    for report in old.reports:
        report.matter = old.matter
    _restore(row, old, root.matter)
    root.step(Kind.SPLIT, at, hand, words=reason, detail=old.matter.reference)
    root.refresh(at)
    old.finish(
        hand, "split", Kind.SPLIT, at, words=reason, detail=root.matter.reference, out_of=root.matter.pk, merge=row.pk
    )


def _restore(row: Merge, old: Kept, root: Matter) -> None:
    m, before = old.matter, row.before
    m.merged_into, m.lead_id, m.stage = None, before["lead"], str(before["stage"])
    states = dict(before["assignments"])
    for assignment in old.assignments:
        if assignment.pk in states:
            assignment.state, assignment.ended_at = states[assignment.pk], None
    live = {r.state for r in old.reports if r.withdrawn_at is None}
    if live and not live & set(WAITING):
        m.stage = Stage.ANSWERED
    if live and root.stage == Stage.SETTLED and live <= {"closed", "judged"}:
        m.stage, m.result, m.settled_at = Stage.SETTLED, root.result, root.settled_at
    if not live:
        m.stage = Stage.WITHDRAWN
