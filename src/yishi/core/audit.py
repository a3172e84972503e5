"""Writing and reading the audit chain: one entry for every act, chained per subject."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language

from yishi.core import generations, registry
from yishi.core.models import AuditEntry

GENESIS = "0" * 64
_PLAIN = (str, int, bool, type(None))
_LONGEST = 200


class BrokenChain(Exception):
    """An entry of the audit does not follow from the one before it."""


def kind_of(subject: Model) -> str:
    """``matters.matter``, ``people.person``: the subject's name in the audit."""
    return subject._meta.label_lower


def digest_of(text: str) -> str:
    """SHA-256 of a text, for entries that must prove a text without holding it."""
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(entry: AuditEntry) -> str:
    body = [
        entry.previous, entry.town_id, entry.subject_kind, entry.subject_id, entry.number, entry.verb,
        entry.actor_id, entry.on_behalf_of_id, entry.at.astimezone(dt.UTC).isoformat(), entry.data,
    ]  # fmt: skip
    return digest_of(json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def _checked(verb: str, data: dict[str, Any]) -> dict[str, Any]:
    if verb not in registry.verbs:
        raise ValueError(f"audit verb {verb} is not registered")
    for key, value in data.items():
        if not isinstance(value, _PLAIN) or (isinstance(value, str) and len(value) > _LONGEST):
            raise ValueError(f"audit data {key} must be a short reference, number or digest")
    return data


def entry_after(
    last: tuple[int, str], verb: str, subject: Model, *, at: dt.datetime, actor_id: int | None,
    on_behalf_of_id: int | None, town_id: int, data: dict[str, Any],
) -> AuditEntry:  # fmt: skip
    """The entry that follows ``last`` (its number and digest; ``(0, GENESIS)`` for a first one), not yet saved.

    For acts that are written many at a time; :func:`record` is for all others.

    Raises:
        ValueError: unknown verb, or data that is not a short plain value.
    """
    entry = AuditEntry(
        town_id=town_id, subject_kind=kind_of(subject), subject_id=subject.pk, number=last[0] + 1, verb=verb,
        actor_id=actor_id, on_behalf_of_id=on_behalf_of_id, at=at, data=_checked(verb, data), previous=last[1],
    )  # fmt: skip
    entry.digest = _digest(entry)
    return entry


def record(
    verb: str,
    subject: Model,
    *,
    at: dt.datetime,
    actor_id: int | None,
    on_behalf_of_id: int | None = None,
    town_id: int | None = None,
    **data: Any,
) -> AuditEntry:
    """Append an entry to the subject's chain, inside the act's own transaction.

    ``actor_id`` and ``on_behalf_of_id`` are person ids (None: the system).
    ``data`` holds references, codes, numbers and digests only.

    Raises:
        ValueError: unknown verb, or data that is not a short plain value.
        django.db.IntegrityError: another act on the subject came first; the caller
            serialises by locking the subject (``select_for_update``).
    """
    town = town_id if town_id is not None else getattr(subject, "town_id", None)
    last = (
        AuditEntry.objects.filter(subject_kind=kind_of(subject), subject_id=subject.pk)
        .order_by("-number").values_list("number", "digest").first()
    ) or (0, GENESIS)  # fmt: skip
    entry = entry_after(
        last, verb, subject, at=at, actor_id=actor_id, on_behalf_of_id=on_behalf_of_id, town_id=town or 0, data=data
    )
    entry.save(force_insert=True)
    generations.move_on_commit()
    return entry


def chain(subject: Model) -> list[AuditEntry]:
    """All entries of a subject, oldest first."""
    return list(AuditEntry.objects.filter(subject_kind=kind_of(subject), subject_id=subject.pk).order_by("number"))


def check_chain(entries: Iterable[AuditEntry]) -> int:
    """Recompute a subject's chain; returns how many entries it has.

    Raises:
        BrokenChain: naming the first entry that was changed, removed or inserted.
    """
    previous, number = GENESIS, 0
    for entry in entries:
        number += 1
        if entry.number != number or entry.previous != previous or entry.digest != _digest(entry):
            raise BrokenChain(f"{entry.subject_kind}:{entry.subject_id} entry {number}")
        previous = entry.digest
    return number


def sentence(entry: AuditEntry) -> str:
    """The entry as a sentence in the current language."""
    verb = registry.verbs[entry.verb]
    pattern = verb.en if (get_language() or "").startswith("en") else verb.zh
    return pattern.format_map({k: "" if v is None else v for k, v in entry.data.items()})
