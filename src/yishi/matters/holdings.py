"""What matters hold about a person: for their copy, and for their being forgotten (PIPL arts 45, 47).

Reports and what became of them are the record of public affairs and stay, but
their reporter's record then holds no name; contacts, one's own words in a diary and kept lists go.
"""

from typing import Any

from yishi.matters.models import Report, ReporterContact, SavedView, Visit
from yishi.people.services import holdings


def _collect(person_id: int) -> list[dict[str, Any]]:
    rows = Report.objects.filter(reporter_id=person_id).order_by("pk").values(
        "matter__reference", "matter__title", "channel", "nature", "text", "received_at", "due_on", "reply",
        "replied_at", "told_at",
    )  # fmt: skip
    return [dict(row) for row in rows]


def _erase(person_id: int) -> None:
    own = Report.objects.filter(reporter_id=person_id)
    ReporterContact.objects.filter(report__in=own).delete()
    SavedView.objects.filter(person_id=person_id).delete()
    Visit.objects.filter(by_id=person_id).update(note="")


def register() -> None:
    """Give the part of matters to the copy and to the erasure of a person's data."""
    holdings.register(holdings.Holding("reports", _collect, _erase))
