"""Polis exports from disk: `votes.csv`, `participants-votes.csv`, or a folder of a whole export.

UTF-8, or GB 18030 as Excel saves it in Chinese. Reads row by row with bounded lines, cells and counts; every fault is
named by file, row and column.
"""

import gzip
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from yishi.engines.opinion.votes import MOST_STATEMENTS, VoteMatrix
from yishi.engines.rows import ReadError, packed, records, text_lines

LONGEST_LINE = 4_000_000
LONGEST_NAME = 128
_SAMPLE = 1 << 20
MOST_PEOPLE = 20_000_000
MOST_VOTES = 100_000_000
"""Votes in a file, re-votes included, and rows of it."""
_VOTE_TEXTS = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1, "+1": 1}
_PERSON = ("voter-id", "participant", "participant-id", "participant_id", "pid")
_STATEMENT = ("comment-id", "statement", "statement-id", "statement_id", "tid")
_ABOUT_PEOPLE = ("xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Statement:
    """A row of `comments.csv`; moderated: 1 accepted, 0 not yet, -1 rejected; created in ms."""

    text: str
    author: str = ""
    created: int = 0
    moderated: int = 0
    is_meta: bool = False
    is_seed: bool = False


@dataclass(frozen=True)
class Ballots:
    """Votes in order of time, re-votes included: person and statement are places in the lists of
    names `people` and `statements`; vote in {-1, 0, 1}; time in ms since 1970 (0 = not known).
    """

    people: NDArray[Any]
    statements: NDArray[Any]
    person: NDArray[np.int32]
    statement: NDArray[np.int32]
    vote: NDArray[np.int8]
    time: NDArray[np.int64]


@dataclass(frozen=True)
class Conversation:
    """What a Polis export holds. `about` keeps further facts of people by column of
    `participants-votes.csv`, {name: {participant: text}}.
    """

    ballots: Ballots
    statements: dict[Any, Statement] = field(default_factory=dict)
    about: dict[str, dict[Any, str]] = field(default_factory=dict)
    summary: dict[str, str] = field(default_factory=dict)

    def matrix(self) -> VoteMatrix:
        """Last votes, with everyone and every statement named anywhere in the export."""
        b = self.ballots
        known = np.array(list(self.statements)) if self.statements else b.statements[:0]
        return VoteMatrix.from_votes(
            b.people[b.person],
            b.statements[b.statement],
            b.vote,
            all_participants=b.people,
            all_statements=np.concatenate([b.statements, known]),
        )

    def removed(self, *, strict: bool = False) -> list[Any]:
        """Statements rejected by moderators; with `strict` also those not yet accepted."""
        limit = 1 if strict else 0
        return [tid for tid, s in self.statements.items() if s.moderated < limit]

    def meta(self) -> list[Any]:
        """Statements about the person, not the topic."""
        return [tid for tid, s in self.statements.items() if s.is_meta]


def read_conversation(path: Path, progress: Progress | None = None) -> Conversation:
    """A `votes.csv`, a `participants-votes.csv` (.gz too) or the folder of an export.

    Raises ReadError naming file, row and column.
    """
    if not path.exists():
        raise ReadError(path.name, "没有这个文件或文件夹，请检查路径", "no such file or folder, check the path")
    if path.is_file():
        ballots, about = _read_votes(path, progress)
        return Conversation(ballots, {}, about)
    found = {n: p for n in _EXPORT for p in (path / n, path / f"{n}.gz") if p.exists()}
    if "votes.csv" not in found and "participants-votes.csv" not in found:
        raise ReadError(
            path.name,
            "文件夹里没有 votes.csv 或 participants-votes.csv",
            "the folder has neither votes.csv nor participants-votes.csv",
        )
    main = "votes.csv" if "votes.csv" in found else "participants-votes.csv"
    ballots, about = _read_votes(found[main], progress)
    if main == "votes.csv" and "participants-votes.csv" in found:
        about = _read_votes(found["participants-votes.csv"], None)[1]
    statements = read_statements(found["comments.csv"]) if "comments.csv" in found else {}
    summary = _read_summary(found["summary.csv"]) if "summary.csv" in found else {}
    return with_statements(Conversation(ballots, {}, about, summary), statements)


def with_statements(conversation: Conversation, statements: dict[Any, Statement]) -> Conversation:
    """The conversation with the words of its statements; where one file writes identifiers as whole
    numbers and the other as texts, texts.
    """
    ballots = conversation.ballots
    texts = any(isinstance(name, str) for name in statements)
    if statements and texts != (ballots.statements.dtype.kind == "U"):
        ballots = replace(ballots, statements=ballots.statements.astype(np.str_))
        statements = {str(name): statement for name, statement in statements.items()}
    return replace(conversation, ballots=ballots, statements=statements)


_EXPORT = ("votes.csv", "participants-votes.csv", "comments.csv", "summary.csv")


def _rows(path: Path, progress: Progress | None = None) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows (the header is 1) of a CSV file, lines of bounded length."""
    size = path.stat().st_size
    with path.open("rb") as raw:
        opened: Any = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
        for number, row in records(_lines(path, opened), path.name):
            if progress and number % 20_000 == 0:
                progress(raw.tell(), size)
            if number > MOST_VOTES + 1:
                raise _too_many(path, number)
            if row:
                yield number, row


def _too_many(path: Path, row: int) -> ReadError:
    return ReadError(path.name, f"超过 {MOST_VOTES} 次表态", f"more than {MOST_VOTES} votes", row)


def _lines(path: Path, stream: BinaryIO) -> Iterator[str]:
    for number, text in enumerate(text_lines(stream, path.name, _encoding(path), LONGEST_LINE), 1):
        if "\0" in text:
            raise ReadError(path.name, "含有空字节，不是文本文件", "holds zero bytes: not a text file", number)
        yield text


def _encoding(path: Path) -> str:
    """GB 18030 where the first that is not ASCII is no UTF-8."""
    with packed(path.name), gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        sample = file.read(_SAMPLE)
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4 and sample[: error.start].isascii():
            return "gb18030"
    return "utf-8-sig"


class _Names:
    """Places of names in order of first appearance, their number and length bounded."""

    def __init__(self, path: Path, most: int) -> None:
        self.path, self.most, self.place = path, most, dict[str, int]()

    def at(self, name: str, row: int, column: str) -> int:
        place = self.place.get(name)
        if place is None:
            if not name.strip() or len(name) > LONGEST_NAME:
                raise ReadError(self.path.name, "编号为空或过长", "the identifier is empty or too long", row, column)
            if len(self.place) >= self.most:
                raise ReadError(
                    self.path.name, f"不同的编号超过 {self.most} 个", f"more than {self.most} names", row, column
                )
            place = self.place[name] = len(self.place)
        return place

    def array(self) -> NDArray[Any]:
        """Whole numbers where every name is one, texts otherwise."""
        return names_array(list(self.place))


def names_array(names: list[str]) -> NDArray[Any]:
    """Whole numbers where every name is the plain writing of one below 2^63, texts otherwise."""
    whole = all(n.isascii() and n.isdigit() and len(n) < 19 and str(int(n)) == n for n in names)
    return np.array([int(n) for n in names], dtype=np.int64) if whole else np.array(names, dtype=np.str_)


def _read_votes(path: Path, progress: Progress | None) -> tuple[Ballots, dict[str, dict[Any, str]]]:
    rows = _rows(path, progress)
    _, header = next(rows, (1, []))
    names = [h.strip().lower() for h in header]
    person = next((names.index(n) for n in _PERSON if n in names), None)
    statement = next((names.index(n) for n in _STATEMENT if n in names), None)
    if person is not None and statement is not None and "vote" in names:
        return _read_list(path, rows, names, person, statement), {}
    if person is not None and statement is None:
        return _read_matrix(path, rows, [h.strip() for h in header], person)
    raise ReadError(
        path.name,
        "第一行应有 voter-id、comment-id、vote 三列，或以 participant 开头并每条意见一列",
        "the first row must name voter-id, comment-id and vote, or participant and a column a statement",
        1,
    )


def _read_list(
    path: Path, rows: Iterator[tuple[int, list[str]]], names: list[str], person: int, statement: int
) -> Ballots:
    people, statements = _Names(path, MOST_PEOPLE), _Names(path, MOST_STATEMENTS)
    vote, clock = names.index("vote"), names.index("timestamp") if "timestamp" in names else None
    who, what, how, when = array("i"), array("i"), array("b"), array("q")
    for number, row in rows:
        if len(row) != len(names):
            zh, en = f"应有 {len(names)} 格，实有 {len(row)} 格", f"{len(row)} cells instead of {len(names)}"
            raise ReadError(path.name, zh, en, number)
        who.append(people.at(row[person].strip(), number, names[person]))
        what.append(statements.at(row[statement].strip(), number, names[statement]))
        how.append(_vote(path, row[vote], number, "vote"))
        when.append(0 if clock is None else _whole(path, row[clock], number, "timestamp"))
        if len(how) > MOST_VOTES:
            raise _too_many(path, number)
    time = np.frombuffer(when, dtype=np.int64) if when else np.zeros(0, dtype=np.int64)
    order = np.argsort(time, kind="stable")
    return Ballots(
        people.array(),
        statements.array(),
        np.array(who, dtype=np.int32)[order],
        np.array(what, dtype=np.int32)[order],
        np.array(how, dtype=np.int8)[order],
        time[order],
    )


def _read_matrix(
    path: Path, rows: Iterator[tuple[int, list[str]]], header: list[str], person: int
) -> tuple[Ballots, dict[str, dict[Any, str]]]:
    known = {header[person], *_ABOUT_PEOPLE}
    columns = [(at, name) for at, name in enumerate(header) if name not in known]
    facts = [(at, name) for at, name in enumerate(header) if name in _ABOUT_PEOPLE]
    people, statements = _Names(path, MOST_PEOPLE), _Names(path, MOST_STATEMENTS)
    place = [statements.at(name, 1, name) for _, name in columns]
    if len(set(place)) < len(place):
        raise ReadError(path.name, "有两列同名", "two columns have the same name", 1)
    who, what, how = array("i"), array("i"), array("b")
    about: dict[str, list[str]] = {name: [] for _, name in facts}
    for number, row in rows:
        if len(row) != len(header):
            zh, en = f"应有 {len(header)} 格，实有 {len(row)} 格", f"{len(row)} cells instead of {len(header)}"
            raise ReadError(path.name, zh, en, number)
        before = len(people.place)
        at = people.at(row[person].strip(), number, header[person])
        if at != before:
            raise ReadError(path.name, "同一个人出现两次", "the same person appears twice", number, header[person])
        for cell, name in facts:
            about[name].append(row[cell])
        for (cell, name), tid in zip(columns, place, strict=True):
            if row[cell].strip():
                who.append(at)
                what.append(tid)
                how.append(_vote(path, row[cell], number, name))
        if len(how) > MOST_VOTES:
            raise _too_many(path, number)
    ids = people.array()
    ballots = Ballots(
        ids,
        statements.array(),
        np.array(who, dtype=np.int32),
        np.array(what, dtype=np.int32),
        np.array(how, dtype=np.int8),
        np.zeros(len(who), dtype=np.int64),
    )
    return ballots, {n: dict(zip(ids.tolist(), values, strict=True)) for n, values in about.items()}


def _vote(path: Path, text: str, row: int, column: str) -> int:
    vote = _VOTE_TEXTS.get(text.strip())
    if vote is None:
        shown = text[:20]
        raise ReadError(
            path.name,
            f"“{shown}”不是表态：只能是 1 同意、0 略过、-1 不同意",
            f"“{shown}” is no vote: 1 agree, 0 pass or -1 disagree",
            row,
            column,
        )
    return vote


def _whole(path: Path, text: str, row: int, column: str) -> int:
    """A whole number, also as a table of decimals writes it (`1594984322740.0`)."""
    stripped, _, decimals = text.strip().partition(".")
    digits = stripped.removeprefix("-")
    if decimals.strip("0") or not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise ReadError(path.name, f"“{text[:20]}”不是整数", f"“{text[:20]}” is not a whole number", row, column)
    return int(stripped)


def read_statements(path: Path) -> dict[Any, Statement]:
    """`comments.csv`: {statement: Statement}, in file order."""
    rows = _rows(path)
    _, header = next(rows, (1, []))
    names = [h.strip().lower() for h in header]
    if "comment-id" not in names:
        raise ReadError(path.name, "缺少 comment-id 列", "the column comment-id is missing", 1)
    found: dict[str, Statement] = {}
    for number, row in rows:
        if len(row) != len(names):
            zh, en = f"应有 {len(names)} 格，实有 {len(row)} 格", f"{len(row)} cells instead of {len(names)}"
            raise ReadError(path.name, zh, en, number)
        cell = dict(zip(names, row, strict=True))
        name = cell["comment-id"].strip()
        if not name or len(name) > LONGEST_NAME:
            raise ReadError(path.name, "编号为空或过长", "the identifier is empty or too long", number, "comment-id")
        if name in found:
            raise ReadError(path.name, f"意见 {name} 出现两次", f"statement {name} appears twice", number, "comment-id")
        found[name] = Statement(
            cell.get("comment-body", ""),
            cell.get("author-id", ""),
            _whole(path, cell.get("timestamp") or "0", number, "timestamp"),
            _whole(path, cell.get("moderated") or "0", number, "moderated"),
            cell.get("is-meta", "").lower() == "true",
            cell.get("is-seed", "").lower() == "true",
        )
        if len(found) > MOST_STATEMENTS:
            raise ReadError(path.name, "意见过多", f"more than {MOST_STATEMENTS} statements", number)
    return dict(zip(names_array(list(found)).tolist(), found.values(), strict=True))


def _read_summary(path: Path) -> dict[str, str]:
    return {row[0]: row[1] if len(row) > 1 else "" for _, row in _rows(path)}
