"""A conversation written as a Polis export: comments.csv, votes.csv, participants-votes.csv, summary.csv."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from yishi.engines.opinion.mapping import MapResult
from yishi.engines.opinion.reader import Conversation, Statement
from yishi.engines.opinion.statistics import Tallies

Row = list[Any]
_LATEST = 253_402_300_800_000
"""The year 10000, in ms."""


def polis_export(conversation: Conversation, result: MapResult) -> Iterator[tuple[str, Iterator[str]]]:
    """The files of an export, (name, lines of CSV); what `reader.read_conversation` reads back.

    Groups are those of `result`; `datetime` is written in UTC.
    """
    yield "summary.csv", _lines(_summary(conversation, result))
    yield "comments.csv", _lines(_comments(conversation, result))
    yield "votes.csv", _lines(_votes(conversation))
    yield "participants-votes.csv", _lines(_matrix(conversation, result))


def _lines(rows: Iterator[Row]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow(row)
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _when(milliseconds: int) -> str:
    """`Wed Jun 18 01:16:54 UTC 2014`; nothing where the number is no time of ours."""
    if not 0 <= milliseconds < _LATEST:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")


def _summary(conversation: Conversation, result: MapResult) -> Iterator[Row]:
    counted = {
        "voters": int((result.vote_counts > 0).sum()),
        "voters-in-conv": int((result.groups >= 0).sum()),
        "comments": result.statements.size,
        "groups": result.centres.shape[0],
    }
    known: dict[str, Any] = {**conversation.summary, **counted}
    yield from ([name, value] for name, value in known.items())


def _comments(conversation: Conversation, result: MapResult) -> Iterator[Row]:
    yield [
        "timestamp",
        "datetime",
        "comment-id",
        "author-id",
        "agrees",
        "disagrees",
        "moderated",
        "is-meta",
        "is-seed",
        "group-informed-consensus",
        "comment-body",
    ]
    cast = _all_votes(conversation, result)
    empty = Statement("")
    place = {name: j for j, name in enumerate(result.statements.tolist())}
    names = [*conversation.statements, *(n for n in place if n not in conversation.statements)]
    for name in names:
        s, j = conversation.statements.get(name, empty), place[name]
        yield [
            s.created,
            _when(s.created),
            name,
            s.author,
            int(cast.agree[0, j]),
            int(cast.disagree[0, j]),
            s.moderated,
            str(s.is_meta).lower(),
            str(s.is_seed).lower(),
            float(result.informed[0][j]),
            s.text,
        ]


def _all_votes(conversation: Conversation, result: MapResult) -> Tallies:
    """Votes cast on each statement, re-votes included, (1, S)."""
    b, width = conversation.ballots, result.statements.size
    at = np.searchsorted(result.statements, b.statements[b.statement])
    counts = [np.bincount(at[b.vote == v], minlength=width)[None] for v in (1, -1)]
    return Tallies(counts[0], counts[1], np.bincount(at, minlength=width)[None])


def _votes(conversation: Conversation) -> Iterator[Row]:
    yield ["timestamp", "datetime", "comment-id", "voter-id", "vote"]
    b = conversation.ballots
    for person, statement, vote, time in zip(b.person, b.statement, b.vote, b.time, strict=True):
        yield [int(time), _when(int(time)), b.statements[statement], b.people[person], int(vote)]


def _matrix(conversation: Conversation, result: MapResult) -> Iterator[Row]:
    about = conversation.about
    xid = ["xid"] if "xid" in about else []
    yield [
        "participant",
        *xid,
        "group-id",
        "n-comments",
        "n-votes",
        "n-agree",
        "n-disagree",
        *result.statements.tolist(),
    ]
    votes = conversation.matrix()
    authored: dict[str, int] = {}
    for statement in conversation.statements.values():
        authored[statement.author] = authored.get(statement.author, 0) + 1
    for row, name in enumerate(votes.participants.tolist()):
        part = slice(votes.starts[row], votes.starts[row + 1])
        values = votes.values[part]
        cells: Row = [""] * votes.shape[1]
        for column, value in zip(votes.columns[part].tolist(), values.tolist(), strict=True):
            cells[column] = value
        group = int(result.groups[row])
        yield [
            name,
            *(about["xid"].get(name, "") for _ in xid),
            group if group >= 0 else "",
            authored.get(str(name), 0),
            values.size,
            int((values == 1).sum()),
            int((values == -1).sum()),
            *cells,
        ]
