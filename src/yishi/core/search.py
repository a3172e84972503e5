"""Full-text search that finds 电梯 in 加装电梯: bigrams in SQLite FTS5 or a PostgreSQL tsvector.

The index is written in the same transaction as what it describes. Results come
newest first. See :mod:`yishi.core.terms` for how text is cut.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from yishi.core import terms
from yishi.core.models import SearchEntry

_SENTINEL = "\ue000"  # stands between two runs, so that no phrase reaches across; nobody can type it


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _document(placed: Iterable[tuple[int, str]]) -> str:
    words: list[str] = []
    last = 0
    for at, term in placed:
        if at > last + 1:
            words.append(_SENTINEL)
        words.append(term)
        last = at
    return " ".join(words)


def _vector(text: str) -> str:
    """A PostgreSQL tsvector literal: terms, and initials marked with a tilde."""
    places: dict[str, list[int]] = {}
    for at, term in terms.positioned(text):
        places.setdefault(term, []).append(at)
    for at, term in terms.positioned_initials(text):
        places.setdefault("~" + term, []).append(at)
    quoted = ((t.replace("\\", "\\\\").replace("'", "''"), p[:250]) for t, p in places.items())
    return " ".join(f"'{t}':{','.join(str(min(n, 16383)) for n in p)}" for t, p in quoted)


def _fts_row(entry: SearchEntry) -> tuple[int, str, str]:
    text = entry.text
    return entry.pk, _document(terms.positioned(text)), _document(terms.positioned_initials(text))


def _fill(entries: list[SearchEntry]) -> None:
    with connection.cursor() as cursor:
        if _is_sqlite():
            cursor.executemany(
                "INSERT INTO core_search(rowid, terms, initials) VALUES (%s, %s, %s)",
                [_fts_row(e) for e in entries],
            )
        else:
            cursor.executemany(
                "UPDATE core_searchentry SET terms = %s::tsvector WHERE id = %s",
                [(_vector(e.text), e.pk) for e in entries],
            )


def _forget(entries: list[SearchEntry]) -> None:
    if not _is_sqlite():
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO core_search(core_search, rowid, terms, initials) VALUES ('delete', %s, %s, %s)",
            [_fts_row(e) for e in entries],
        )


@transaction.atomic
def index_text(kind: str, object_id: int, town_id: int, text: str, *, public: bool) -> None:
    """Make an object findable by ``text``, replacing what was known of it."""
    text = text[: terms.LONGEST]
    found = SearchEntry.objects.filter(kind=kind, object_id=object_id).first()
    if found is not None and found.text == text and found.public == public and found.town_id == town_id:
        return
    if found is not None:
        _forget([found])
    entry, _ = SearchEntry.objects.update_or_create(
        kind=kind, object_id=object_id, defaults={"town_id": town_id, "text": text, "public": public}
    )
    _fill([entry])


@transaction.atomic
def index_many(kind: str, town_id: int, rows: Iterable[tuple[int, str, bool]]) -> int:
    """Index new objects in bulk: (object id, text, public). Returns how many.

    Raises:
        django.db.IntegrityError: an object is indexed already.
    """
    fresh = [
        SearchEntry(kind=kind, object_id=i, town_id=town_id, text=t[: terms.LONGEST], public=p) for i, t, p in rows
    ]
    entries = SearchEntry.objects.bulk_create(fresh, batch_size=500)
    for start in range(0, len(entries), 500):
        _fill(entries[start : start + 500])
    return len(entries)


@transaction.atomic
def rebuild() -> int:
    """Make the index anew from the entries, in their order (after a restore); returns how many."""
    if _is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_search(core_search) VALUES ('delete-all')")
    count = 0
    batch: list[SearchEntry] = []
    for entry in SearchEntry.objects.order_by("pk").iterator(chunk_size=500):
        batch.append(entry)
        if len(batch) == 500:
            _fill(batch)
            count, batch = count + 500, []
    _fill(batch)
    return count + len(batch)


@transaction.atomic
def drop(kind: str, object_id: int) -> None:
    """Make an object unfindable."""
    found = list(SearchEntry.objects.filter(kind=kind, object_id=object_id))
    _forget(found)
    SearchEntry.objects.filter(pk__in=[e.pk for e in found]).delete()


def _fts_phrase(phrase: terms.Phrase) -> str:
    words = " ".join(phrase.terms).replace('"', '""')
    column = "initials" if phrase.initials else "terms"
    return f'{column} : "{words}"' + ("*" if phrase.open_end else "")


def _ts_phrase(phrase: terms.Phrase) -> str:
    mark = "~" if phrase.initials else ""
    words = [(mark + t).replace("\\", "\\\\").replace("'", "''") for t in phrase.terms]
    return "(" + " <-> ".join(f"'{w}'" for w in words) + (":*" if phrase.open_end else "") + ")"


def _condition(query: str) -> tuple[str, str] | None:
    """SQL condition on the index and its one parameter; None when nothing can be looked for."""
    groups = terms.phrases(query)
    if not groups:
        return None
    if _is_sqlite():
        text = " AND ".join("(" + " OR ".join(map(_fts_phrase, g)) + ")" for g in groups)
        return "e.id IN (SELECT rowid FROM core_search WHERE core_search MATCH %s)", text
    text = " & ".join("(" + " | ".join(map(_ts_phrase, g)) + ")" for g in groups)
    return "e.terms @@ %s::tsquery", text


def find(kind: str, query: str, *, town_id: int, public_only: bool, limit: int = 50, offset: int = 0) -> list[int]:
    """Ids of the objects that hold every part of the query, newest entry first.

    An empty query, or one of punctuation alone, finds nothing.
    """
    condition = _condition(query)
    if condition is None:
        return []
    scope = "e.kind = %s AND e.town_id = %s" + (" AND e.public" if public_only else "")
    if _is_sqlite():
        sql = (
            "SELECT e.object_id FROM core_search f CROSS JOIN core_searchentry e ON e.id = f.rowid "
            f"WHERE core_search MATCH %s AND {scope} ORDER BY f.rowid DESC LIMIT %s OFFSET %s"
        )
        params: list[Any] = [condition[1], kind, town_id, limit, offset]
    else:
        sql = (
            f"SELECT e.object_id FROM core_searchentry e WHERE {scope} AND {condition[0]} "
            "ORDER BY e.id DESC LIMIT %s OFFSET %s"
        )
        params = [kind, town_id, condition[1], limit, offset]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


def ids_matching(kind: str, query: str, *, town_id: int, public_only: bool) -> RawSQL:
    """A subquery of matching object ids, for ``queryset.filter(pk__in=ids_matching(…))``."""
    condition = _condition(query)
    scope = "e.kind = %s AND e.town_id = %s" + (" AND e.public" if public_only else "")
    if condition is None:
        return RawSQL("SELECT CAST(NULL AS bigint) WHERE 1 = 0", [])
    sql = f"SELECT e.object_id FROM core_searchentry e WHERE {scope} AND {condition[0]}"
    return RawSQL(sql, [kind, town_id, condition[1]])


def missing(kind: str, object_ids: Iterable[int]) -> set[int]:
    """Which of these objects are not in the index (for ``yishi check``)."""
    asked = set(object_ids)
    known = set(SearchEntry.objects.filter(kind=kind).values_list("object_id", flat=True))
    return asked - known
