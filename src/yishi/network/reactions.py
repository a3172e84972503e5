"""The network's part of a person's own data: terms are public history, kept by law."""

from typing import Any

from yishi.network.models import Term
from yishi.people.services import holdings


def _collect(person_id: int) -> list[dict[str, Any]]:
    rows = Term.objects.filter(person_id=person_id).values(
        "post__organisation__name", "post__title", "since", "until", "ended_because"
    )
    return [dict(row) for row in rows]


def _archived(person_id: int) -> int:
    return Term.objects.filter(person_id=person_id).count()


def connect() -> None:
    """Take part in copies and erasures."""
    holdings.register(holdings.Holding("terms", _collect, archived=_archived))
