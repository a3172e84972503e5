"""What every command on a posting shares: the lock, the days, the subject that is asked, the one audit entry."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from yishi.core import audit, events, search
from yishi.engines.calendar import posting_until
from yishi.network.viewers import Viewer
from yishi.publication.events import PostingChanged
from yishi.publication.models import Posting
from yishi.publication.rules import rules_of

SEARCH_KIND = "publication.posting"


@contextmanager
def held(posting: Posting) -> Iterator[Posting]:
    """The posting as it is now, nobody else changing it until the act is done."""
    with transaction.atomic():
        rows = Posting.objects.select_for_update(of=("self",), no_key=True)
        yield rows.select_related("organisation__area", "area").get(pk=posting.pk)


def gaps_of(posting: Posting) -> set[dt.date]:
    """The days on which it was found missing."""
    return set(posting.checks.filter(seen=False).values_list("on", flat=True))


def reckon(posting: Posting) -> None:
    """The first day on which it may come down, gaps added."""
    assert posting.posted_on is not None
    posting.ends_on = posting_until(posting.posted_on, posting.days, gaps_of(posting)).due


def carry(viewer: Viewer, posting: Posting, act: str, at: dt.datetime, **data: Any) -> None:
    """Tell the subject of the act, in the same transaction.

    Raises:
        Refusal: the subject's own procedure says no.
    """
    rules = rules_of(posting.subject_kind)
    subject = rules.load(posting.subject_id) if rules and posting.subject_id is not None else None
    if rules is not None and subject is not None:
        rules.carry(viewer, subject, posting, act, at, data)


def finish(
    viewer: Viewer | None, posting: Posting, verb: str, at: dt.datetime, *, objection_id: int | None = None,
    **refs: Any,
) -> None:  # fmt: skip
    """End an act: save, index, one audit entry, the news."""
    posting.changed_at = at
    posting.save()
    search.index_text(SEARCH_KIND, posting.pk, posting.town_id, words_in(posting), public=posting.is_public)
    actor = viewer.person_id if viewer else None
    audit.record(
        f"publication.{verb}", posting, at=at, actor_id=actor, on_behalf_of_id=viewer.helping_id if viewer else None,
        **refs,
    )  # fmt: skip
    events.publish(PostingChanged(posting.pk, verb, at, actor, objection_id))


def words_in(posting: Posting) -> str:
    """What a posting is found by."""
    return "\n".join((posting.reference, posting.title, posting.title_en, posting.text, posting.organisation.name))
