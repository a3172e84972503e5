"""Casting a ballot in as few round trips as a database allows: every rule is asked in the statement that writes.

PostgreSQL takes one statement (and its commit), SQLite an IMMEDIATE transaction of two, or four where secret. The
box row is held FOR KEY SHARE, so that closing (FOR UPDATE) waits for ballots on their way and no
ballot slips in after it; a ballot that waited sees the box closed and is not taken.
"""

import datetime as dt
import hashlib
import json
import re
import uuid
from base64 import b32encode
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from yishi.core import audit, clock
from yishi.core.models import AuditEntry
from yishi.core.prepared import prepared_cursor
from yishi.decisions.models import BallotBox, RollEntry
from yishi.decisions.models.ballot import Channel

_LINE = """
SELECT b.id AS box_id, e.id AS entry_id
  FROM decisions_ballotbox b
  JOIN decisions_agendaitem i ON i.id = b.item_id
  JOIN decisions_rollentry e ON e.roll_id = b.roll_id
 WHERE b.id = %(box)s AND e.id = %(entry)s AND NOT e.struck AND {running}
   AND b.opened_at <= %(at)s AND {secret} AND ({online})
   AND {authority} AND {again}
   AND NOT EXISTS (SELECT 1 FROM decisions_recusal r WHERE r.item_id = b.item_id AND r.entry_id = e.id)
   AND (NOT b.presence OR EXISTS (SELECT 1 FROM decisions_attendance a
        WHERE a.meeting_id = i.meeting_id AND a.entry_id = e.id
          AND a.in_at <= b.opened_at AND (a.left_at IS NULL OR a.left_at > b.opened_at)))
"""
_OPEN = "b.state = 'open' AND (b.closes_at IS NULL OR b.closes_at > %(at)s)"
_IN_TIME = "b.state IN ('open', 'closed')"
_OWN = """(e.person_id = %(person)s
   OR EXISTS (SELECT 1 FROM decisions_rollholder h WHERE h.entry_id = e.id AND h.person_id = %(person)s)
   OR EXISTS (SELECT 1 FROM decisions_proxy p JOIN decisions_rollentry q ON q.id = p.principal_id
        JOIN decisions_proxy_items s ON s.proxy_id = p.id AND s.agendaitem_id = i.id
        WHERE p.meeting_id = i.meeting_id AND p.revoked_at IS NULL AND p.agent_person_id = %(person)s
          AND (q.id = e.id OR q.person_id = e.person_id)))"""
# After a ballot was taken back the line votes again by itself or on paper, through nobody else.
_NOT_REVOKED = """NOT EXISTS (SELECT 1 FROM decisions_signedballot z
        WHERE z.box_id = b.id AND z.entry_id = e.id AND z.revoked_at IS NOT NULL)"""
_ITSELF = """(e.person_id = %(person)s
   OR EXISTS (SELECT 1 FROM decisions_rollholder k WHERE k.entry_id = e.id AND k.person_id = %(person)s))"""
_AUDIT_COLUMNS = (
    "town_id, subject_kind, subject_id, number, verb, actor_id, on_behalf_of_id, at, data, previous, digest"
)
_SIGNED = """INSERT INTO decisions_signedballot (box_id, entry_id, marks, channel, "key", salt, "at", by_id, revoked_by_id)
SELECT box_id, entry_id, {marks}, %(channel)s, {key}, %(salt)s, %(at)s, %(by)s, NULL FROM {line} WHERE true
ON CONFLICT DO NOTHING"""
_TICKED = """INSERT INTO decisions_markedvoter (box_id, entry_id)
SELECT box_id, entry_id FROM {line} WHERE true ON CONFLICT DO NOTHING"""
_DROPPED = """INSERT INTO decisions_secretballot (id, box_id, marks) SELECT %(id)s, %(box)s, {marks}{from_}"""
_RECEIVED = """INSERT INTO decisions_boxreceipt (id, box_id, receipt)
SELECT %(receipt_id)s, %(box)s, %(receipt)s{from_}"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A ballot on its way. ``staff``: keyed by those who run the vote, for a voter who used paper or the booth;
    ``in_time``: on a paper handed out before the close, which may be keyed after it."""

    box: BallotBox
    entry_id: int
    person_id: int | None
    marks: Sequence[str]
    channel: str
    key: uuid.UUID
    by_id: int | None
    on_behalf_of_id: int | None
    town_id: int
    staff: bool
    at: dt.datetime
    in_time: bool = False


def receipt_of(key: uuid.UUID) -> str:
    """The receipt of a secret ballot, from the key that the voter's device chose: sent again, it is the same."""
    return b32encode(hashlib.sha256(b"yishi receipt" + key.bytes).digest())[:26].decode()


def put(attempt: Attempt, last: tuple[int, str]) -> bool:
    """Write the ballot with its audit entry, if every rule allows it; returns whether it was written.

    ``last`` is the number and digest of the line's last audit entry.

    Raises:
        django.db.IntegrityError: ``last`` was not the last, or the receipt is taken.
    """
    entry, values = _audit_entry(attempt, last), _values(attempt)
    values |= {f"audit_{f.column}": _plain(entry, f) for f in AuditEntry._meta.concrete_fields if not f.primary_key}
    if connection.vendor == "postgresql":
        return _put_at_once(attempt, values)
    return _put_in_turn(attempt, values)


def mark(attempt: Attempt, last: tuple[int, str]) -> bool:
    """Mark a voter who takes a paper ballot of a secret vote; returns whether they were not marked before."""
    entry, values = _audit_entry(attempt, last), _values(attempt)
    values |= {f"audit_{f.column}": _plain(entry, f) for f in AuditEntry._meta.concrete_fields if not f.primary_key}
    with transaction.atomic(), connection.cursor() as cursor:
        held = " FOR KEY SHARE OF b" if connection.vendor == "postgresql" else ""
        cursor.execute(_TICKED.format(line=f"({_line(attempt)}{held}) AS line"), values)
        if cursor.rowcount != 1:
            return False
        cursor.execute(_entry(), values)
    return True


def _line(attempt: Attempt) -> str:
    return _LINE.format(
        secret="b.secret" if attempt.box.secret else "NOT b.secret",
        running=_IN_TIME if attempt.in_time and not attempt.box.secret else _OPEN,
        online="true" if attempt.staff else "b.online",
        authority="true" if attempt.staff else _OWN,
        again=_again(attempt),
    )


def _again(attempt: Attempt) -> str:
    if attempt.box.secret or attempt.channel in (Channel.PAPER, Channel.DOOR):
        return "true"
    return f"({_NOT_REVOKED} OR {_ITSELF})" if attempt.channel == Channel.WEB else _NOT_REVOKED


def _audit_values() -> str:
    cast = "::jsonb" if connection.vendor == "postgresql" else ""
    return ", ".join(
        f"%(audit_{name})s{cast if name == 'data' else ''}" for name in _AUDIT_COLUMNS.replace(" ", "").split(",")
    )


def _entry() -> str:
    return f"INSERT INTO core_auditentry ({_AUDIT_COLUMNS}) VALUES ({_audit_values()})"  # noqa: S608


def _put_at_once(attempt: Attempt, values: dict[str, Any]) -> bool:
    line, secret = f"WITH line AS ({_line(attempt)} FOR KEY SHARE OF b)", attempt.box.secret
    if secret:
        ballot = _DROPPED.format(marks="%(marks)s::jsonb", from_=" FROM put")
        receipt = _RECEIVED.format(from_=" FROM put")
        written = f"put AS ({_TICKED.format(line='line')} RETURNING 1), received AS ({receipt}), "
        written += f"dropped AS ({ballot} RETURNING 1)"
    else:
        written = f"put AS ({_SIGNED.format(marks='%(marks)s::jsonb', key='%(key)s::uuid', line='line')} RETURNING 1)"
    source = "dropped" if secret else "put"
    entry = f"INSERT INTO core_auditentry ({_AUDIT_COLUMNS}) SELECT {_audit_values()} FROM {source}"  # noqa: S608
    statement = f"{line}, {written} {entry}"
    with transaction.atomic() if connection.in_atomic_block else nullcontext(), prepared_cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount == 1)


def _put_in_turn(attempt: Attempt, values: dict[str, Any]) -> bool:
    line, secret = f"({_line(attempt)}) AS line", attempt.box.secret
    ballot = _TICKED.format(line=line) if secret else _SIGNED.format(marks="%(marks)s", key="%(key)s", line=line)
    also = [_RECEIVED.format(from_=""), _DROPPED.format(marks="%(marks)s", from_="")] if secret else []
    first, *others = (_named(statement) for statement in (ballot, *also, _entry()))
    with transaction.atomic(), connection.wrap_database_errors:  # type: ignore[attr-defined]
        file = connection.connection  # everybody waits for whoever writes: nothing between the statements
        if file.execute(first, values).rowcount != 1:
            return False
        for statement in others:
            file.execute(statement, values)
    return True


@lru_cache(maxsize=64)
def _named(statement: str) -> str:
    """The statement with SQLite's own names for its values."""
    return re.sub(r"%\((\w+)\)s", r":\1", statement)


def _audit_entry(attempt: Attempt, last: tuple[int, str]) -> AuditEntry:
    """Of a secret ballot the entry says that the line voted, not when."""
    return audit.entry_after(
        last, "decisions.cast", RollEntry(pk=attempt.entry_id),
        at=attempt.box.opened_at if attempt.box.secret else attempt.at, actor_id=attempt.by_id,
        on_behalf_of_id=attempt.on_behalf_of_id, town_id=attempt.town_id, data={"box": attempt.box.pk},
    )  # fmt: skip


def _values(attempt: Attempt) -> dict[str, Any]:
    native = connection.vendor == "postgresql"
    return {
        "box": attempt.box.pk, "entry": attempt.entry_id, "person": attempt.person_id,
        "marks": json.dumps(list(attempt.marks)), "channel": attempt.channel,
        "key": str(attempt.key) if native else attempt.key.hex, "by": attempt.by_id, "salt": clock.new_salt(),
        "at": connection.ops.adapt_datetimefield_value(attempt.at), "id": clock.new_key().int % 2**62,
        "receipt_id": clock.new_key().int % 2**62, "receipt": receipt_of(attempt.key),
    }  # fmt: skip


def _plain(entry: AuditEntry, field: Any) -> Any:
    value = getattr(entry, field.attname)
    if field.column == "at":
        return connection.ops.adapt_datetimefield_value(value)
    return json.dumps(value) if field.column == "data" else value
