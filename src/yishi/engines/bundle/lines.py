"""The line files of a bundle: rolls, attendance, ballots; one record a line, tabs between."""

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from yishi.engines.bundle.model import CHANNELS, SPOILED, BundleError, Holder, Presence, Roll, Slip
from yishi.engines.ledger import Tree
from yishi.engines.procedure.packs import quantities

ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
RECEIPT = re.compile(r"[A-Z0-9-]{8,40}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
SALT = re.compile(r"[0-9a-f]{32}", re.ASCII)
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_ATTENDANCE = ("id", "channel", "agent")
_SIGNED = ("id", "choice")
_SECRET = ("choice",)
_RECEIPTS = ("receipt",)
_COMMITMENTS = ("commitment",)
_SALTS = ("id", "salt")


def commit(salt: bytes, line: str) -> str:
    """The commitment to a right-holder: SHA-256(salt ‖ canonical line), in hexadecimal.

    The salt (at least 16 random bytes, one a person) and the line (name, number, household …)
    stay with the roll's keeper and with that person, who can show both to prove the entry.
    """
    return sha256(salt + line.encode()).hexdigest()


def ballot_line(slip: Slip, weights: Iterable[int]) -> str:
    """A signed ballot as it is committed to: opaque id, choice, weights of its line of the roll; tabs between."""
    return "\t".join((slip.key, *slip.choices, *map(str, weights)))


def ballot_commitment(salt: str, line: str) -> str:
    """SHA-256(salt ‖ line) of a ballot: shows nothing without the salt, which only its voter is shown."""
    return commit(salt.encode(), line)


def roll_bytes(roll: Roll) -> bytes:
    """A roll as a file, by id."""
    holders = sorted(roll.holders, key=lambda holder: holder.id)
    rows = ((one.id, *map(str, one.weights), one.commitment) for one in holders)
    return _written(("id", *roll.columns, "commitment"), rows)


def roll_root(data: bytes) -> str:
    """The root over the lines of a roll file (RFC 9162, the heading is leaf 0), in hexadecimal."""
    return Tree(data.removesuffix(b"\n").split(b"\n")).root().hex()


def attendance_bytes(attendance: Iterable[Presence]) -> bytes:
    """Attendance as a file, by id."""
    return _written(_ATTENDANCE, sorted((one.id, one.channel, one.agent) for one in attendance))


def slips_bytes(slips: Iterable[Slip], secret: bool) -> bytes:
    """Ballots as a file: signed ones by id, secret ones by choice, so that their order tells nothing."""
    if secret:
        return _written(_SECRET, sorted(slip.choices for slip in slips))
    return _written(_SIGNED, sorted((slip.key, *slip.choices) for slip in slips))


def receipts_bytes(receipts: Iterable[str]) -> bytes:
    """The receipts of a secret box as a file, sorted."""
    return _written(_RECEIPTS, ((one,) for one in sorted(receipts)))


def commitments_bytes(commitments: Iterable[str]) -> bytes:
    """The commitments of signed ballots as a file, sorted."""
    return _written(_COMMITMENTS, ((one,) for one in sorted(commitments)))


def salts_bytes(salts: Mapping[str, str]) -> bytes:
    """The salts of signed ballots as a file, by id."""
    return _written(_SALTS, sorted(salts.items()))


def read_roll(data: bytes, name: str, least: int = 1) -> Roll:
    """A roll from its file, with so many columns of weights at least. Raises `BundleError` with the line."""
    rows = _rows(data, name)
    columns = next(rows)[1]
    if len(columns) < 2 + least or columns[0] != "id" or columns[-1] != "commitment":
        raise BundleError(f"{name}:1", "首行须为 id、各列、commitment", "the heading is id, the columns, commitment")
    unknown = [column for column in columns[1:-1] if column not in quantities()]
    if unknown or len(set(columns)) < len(columns):
        raise BundleError(
            f"{name}:1", "列名不是规则包中的数量，或重复", "a column is no quantity of the packs, or is twice"
        )
    holders = []
    for where, cells in _sorted(rows, ID):
        if len(cells) != len(columns) or not DIGEST.fullmatch(cells[-1]):
            raise BundleError(where, "列数或承诺值不对", "wrong number of columns, or no commitment")
        if not all(_NUMBER.fullmatch(cell) for cell in cells[1:-1]):
            raise BundleError(where, "权数须为不带符号的整数", "a weight is a whole number without sign")
        holders.append(Holder(cells[0], tuple(int(cell) for cell in cells[1:-1]), cells[-1]))
    return Roll(tuple(columns[1:-1]), tuple(holders))


def read_attendance(data: bytes, name: str) -> tuple[Presence, ...]:
    """Attendance from its file. Raises `BundleError` with the line."""
    rows = _rows(data, name)
    _heading(next(rows), _ATTENDANCE)
    out = []
    for where, cells in _sorted(rows, ID):
        proxy = len(cells) == 3 and cells[1] == "proxy"
        if len(cells) != 3 or cells[1] not in CHANNELS or bool(cells[2]) != proxy:
            raise BundleError(where, "须为编号、方式、受托人（仅委托时）", "id, channel, and an agent for a proxy only")
        out.append(Presence(*cells))
    return tuple(out)


def read_slips(data: bytes, name: str) -> tuple[bool, tuple[Slip, ...]]:
    """Whether the ballots are secret, and the ballots. Raises `BundleError` with the line."""
    rows = _rows(data, name)
    first = next(rows)
    if first[1] == list(_SECRET):
        return True, tuple(_secret(rows))
    _heading(first, _SIGNED)
    return False, tuple(Slip(cells[0], _choices(where, cells[1:])) for where, cells in _sorted(rows, ID))


def read_receipts(data: bytes, name: str) -> tuple[str, ...]:
    """The receipts of a secret box. Raises `BundleError` with the line."""
    rows = _rows(data, name)
    _heading(next(rows), _RECEIPTS)
    return tuple(cells[0] for _, cells in _sorted(rows, RECEIPT, width=1))


def read_commitments(data: bytes, name: str) -> tuple[str, ...]:
    """The commitments of signed ballots. Raises `BundleError` with the line."""
    rows = _rows(data, name)
    _heading(next(rows), _COMMITMENTS)
    return tuple(cells[0] for _, cells in _sorted(rows, DIGEST, width=1))


def read_salts(data: bytes, name: str) -> dict[str, str]:
    """The salts of signed ballots by id. Raises `BundleError` with the line."""
    rows = _rows(data, name)
    _heading(next(rows), _SALTS)
    out = {}
    for where, cells in _sorted(rows, ID, width=2):
        if not SALT.fullmatch(cells[1]):
            raise BundleError(where, "盐须为 32 位十六进制", "a salt is 32 hexadecimal digits")
        out[cells[0]] = cells[1]
    return out


def _secret(rows: Iterator[tuple[str, list[str]]]) -> Iterator[Slip]:
    before: list[str] = []
    for where, cells in rows:
        if cells < before:
            raise BundleError(where, "无记名票须按选择排序", "secret ballots are sorted by their choice")
        before = cells
        yield Slip("", _choices(where, cells))


def _choices(where: str, cells: list[str]) -> tuple[str, ...]:
    spoiled = len(cells) == 1 and cells[0] in SPOILED
    if not cells or len(set(cells)) < len(cells):
        raise BundleError(where, "没有选择，或同一选择两次", "no choice, or one choice twice")
    if not spoiled and any(not one or one.startswith("!") for one in cells):
        raise BundleError(where, "无效票只能写 !blank 或 !double", "a spoiled ballot is !blank or !double alone")
    return tuple(cells)


def _written(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    return "".join(["\t".join(row) + "\n" for row in (heading, *rows)]).encode()


def _rows(data: bytes, name: str) -> Iterator[tuple[str, list[str]]]:
    """Where each line is, and its cells; at least one line."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BundleError(f"{name}:{line}", "不是 UTF-8", "not UTF-8") from None
    if not text.endswith("\n"):
        line = text.count("\n") + 1
        raise BundleError(f"{name}:{line}", "末行不完整", "the last line is cut short")
    for number, line_text in enumerate(text[:-1].split("\n"), 1):
        yield f"{name}:{number}", line_text.split("\t")


def _heading(row: tuple[str, list[str]], expected: tuple[str, ...]) -> None:
    if row[1] != list(expected):
        raise BundleError(row[0], f"首行须为 {'、'.join(expected)}", f"the heading is {', '.join(expected)}")


def _sorted(
    rows: Iterator[tuple[str, list[str]]], key: re.Pattern[str], width: int = 0
) -> Iterator[tuple[str, list[str]]]:
    """The rows, each key well formed and greater than the one before: sorted, and none twice."""
    before = ""
    for where, cells in rows:
        if not key.fullmatch(cells[0]) or (width and len(cells) != width):
            raise BundleError(where, "编号格式不对", "the id or receipt is malformed")
        if cells[0] <= before:
            twice = cells[0] == before
            raise BundleError(
                where,
                f"{cells[0]} 重复" if twice else "未按编号排序",
                f"{cells[0]} stands twice" if twice else "not sorted by id or receipt",
            )
        before = cells[0]
        yield where, cells
