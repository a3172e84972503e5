"""From files back to material, strictly: an unknown file or field, a wrong shape or size is an error that says where."""

import json
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn

from yishi.engines.bundle.edition import only_of_its_edition
from yishi.engines.bundle.lines import (
    DIGEST,
    ID,
    read_attendance,
    read_commitments,
    read_receipts,
    read_roll,
    read_salts,
    read_slips,
)
from yishi.engines.bundle.manifest import NAME
from yishi.engines.bundle.model import (
    EDITIONS,
    MOMENTS,
    Anchor,
    Box,
    BundleError,
    Entry,
    Evidence,
    LedgerProofs,
    Material,
    Minutes,
    NoticeProof,
    Photo,
    Publication,
    Slip,
    Vote,
)

MOST_ROWS = 100_000
MOST_TEXT = 10_000
LARGEST = 10**15
Read = Callable[[Any, str], Any]
_PLACES = re.compile(
    r"decision\.json|result\.json|votes\.json|notices\.json|minutes\.json|motions/[1-9][0-9]{0,2}\.txt|"
    r"publications/[1-9][0-9]{0,2}\.json|"
    r"(?:rolls|attendance|ballots|receipts|commitments|salts|choices)/[A-Za-z0-9_-]{1,64}\.txt|"
    r"boxes/[A-Za-z0-9_-]{1,64}\.json|ledger/(?:checkpoint|keys|later)\.txt|ledger/proofs\.json",
    re.ASCII,
)
OF_VOTES = ("attendance", "ballots", "receipts", "boxes", "commitments", "salts", "choices")


def read_material(files: Mapping[str, bytes]) -> tuple[Material, Mapping[str, str]]:
    """Everything in the bundle, and the stated root of each roll. Raises `BundleError`."""
    for name in sorted(files):
        if name != NAME and not _PLACES.fullmatch(name):
            _fail(name, "决策包里不应有这个文件", "a bundle has no such file")
    head = _parts(_json(files, "decision.json"), "decision.json", {"id": _id, "decision": _table, "events": _tables})
    version, votes = _votes(files)
    roots: Mapping[str, str] = votes["rolls"]
    least = 0 if votes["edition"] == "public" else 1
    rolls = {key: read_roll(_file(files, f"rolls/{key}.txt"), f"rolls/{key}.txt", least) for key in roots}
    read = tuple(_with_files(one, files) for one in votes["votes"])
    material = Material(
        id=head["id"],
        decision=head["decision"],
        events=head["events"],
        results=_only(files, "result.json", "results", _tables),
        motions=_motions(files),
        rolls=rolls,
        votes=read,
        notices=_only(files, "notices.json", "notices", _list(_notice)),
        minutes=_only(files, "minutes.json", "minutes", _list(_minutes)),
        publications=_publications(files),
        ledger=_ledger(files),
        edition=votes["edition"],
        version=version,
    )
    _no_stray(files, {one.id for one in read}, set(roots))
    only_of_its_edition(material)
    return material, roots


def _votes(files: Mapping[str, bytes]) -> tuple[int, dict[str, Any]]:
    """The version of the format, in which editions came with the second, and what is said of rolls and votes."""
    table, name = _json(files, "votes.json"), "votes.json"
    version = 2 if isinstance(table, dict) and "edition" in table else 1
    given = {"edition": "full", **table} if version == 1 and isinstance(table, dict) else table
    return version, _parts(given, name, {"edition": _edition, "rolls": _roots, "votes": _list(_vote_read)})


def _no_stray(files: Mapping[str, bytes], votes: set[str], rolls: set[str]) -> None:
    for name in sorted(files):
        folder, _, rest = name.partition("/")
        known = rolls if folder == "rolls" else votes if folder in OF_VOTES else None
        if known is not None and rest.rpartition(".")[0] not in known:
            _fail(name, "votes.json 没有提到它", "votes.json does not speak of it")


def _with_files(vote: Vote, files: Mapping[str, bytes]) -> Vote:
    attendance, slips, boxes = vote.attendance, vote.slips, vote.boxes
    name = f"attendance/{vote.id}.txt"
    if name in files:
        attendance = read_attendance(files[name], name)
    name = f"ballots/{vote.id}.txt"
    if name in files:
        secret, slips = read_slips(files[name], name)
        if secret != vote.secret:
            _fail(f"{name}:1", "记名与否和 votes.json 不一致", "signed or secret, other than votes.json says")
    name = f"receipts/{vote.id}.txt"
    receipts = read_receipts(files[name], name) if name in files else None
    name = f"boxes/{vote.id}.json"
    if name in files:
        boxes = _only(files, name, "boxes", _list(_box))
    return replace(vote, attendance=attendance, slips=slips, receipts=receipts, boxes=boxes, **_committed(vote, files))


def _committed(vote: Vote, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Commitments, salts and choices, where the edition has them."""
    readers: dict[str, Callable[[bytes, str], Any]] = {
        "commitments": read_commitments, "salts": read_salts, "choices": _read_choices,
    }  # fmt: skip
    names = {folder: f"{folder}/{vote.id}.txt" for folder in readers}
    return {key: readers[key](files[name], name) for key, name in names.items() if name in files}


def _read_choices(data: bytes, name: str) -> tuple[Slip, ...]:
    apart, slips = read_slips(data, name)
    if not apart:
        _fail(f"{name}:1", "首行须为 choice", "the heading is choice")
    return slips


def _motions(files: Mapping[str, bytes]) -> tuple[str, ...]:
    out = []
    for name in _numbered(files, "motions", "txt"):
        try:
            out.append(files[name].decode())
        except UnicodeDecodeError as error:
            line = files[name].count(b"\n", 0, error.start) + 1
            _fail(f"{name}:{line}", "不是 UTF-8", "not UTF-8")
    return tuple(out)


def _publications(files: Mapping[str, bytes]) -> tuple[Publication, ...]:
    names = _numbered(files, "publications", "json")
    return tuple(_publication(_json(files, name), name) for name in names)


def _numbered(files: Mapping[str, bytes], folder: str, kind: str) -> list[str]:
    count = sum(name.startswith(f"{folder}/") for name in files)
    names = [f"{folder}/{i}.{kind}" for i in range(1, count + 1)]
    for name in names:
        _file(files, name)
    return names


def _ledger(files: Mapping[str, bytes]) -> LedgerProofs | None:
    if not any(name.startswith("ledger/") for name in files):
        return None
    name = "ledger/proofs.json"
    found = _parts(_json(files, name), name, {"anchors": _list(_anchor), "consistency": _hashes})
    keys = _utf8(files, "ledger/keys.txt").removesuffix("\n").split("\n")
    later = _utf8(files, "ledger/later.txt") if "ledger/later.txt" in files else ""
    note = _utf8(files, "ledger/checkpoint.txt")
    return LedgerProofs(note, tuple(keys), found["anchors"], later, found["consistency"])


def _file(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        _fail(name, "缺少这个文件", "this file is missing")
    return files[name]


def _utf8(files: Mapping[str, bytes], name: str) -> str:
    try:
        return _file(files, name).decode()
    except UnicodeDecodeError:
        _fail(name, "不是 UTF-8", "not UTF-8")


def _json(files: Mapping[str, bytes], name: str) -> Any:
    text = _utf8(files, name)
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except json.JSONDecodeError as error:
        _fail(f"{name}:{error.lineno}", "不是 JSON", f"not JSON: {error.msg}")
    except (ValueError, RecursionError):
        _fail(
            name,
            "JSON 含重复键、小数、半个字符或嵌套过深",
            "JSON with a key twice, a decimal, half a character, or too deep",
        )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        raise ValueError
    return out


def _no_float(text: str) -> NoReturn:
    raise ValueError(text)


def _only(files: Mapping[str, bytes], name: str, key: str, read: Read) -> Any:
    return _parts(_json(files, name), name, {key: read})[key]


def _parts(value: Any, where: str, readers: Mapping[str, Read]) -> dict[str, Any]:
    """A table that has exactly these fields."""
    if not isinstance(value, dict) or value.keys() != readers.keys():
        _fail(where, f"须有且只有：{'、'.join(readers)}", f"must hold exactly {', '.join(readers)}")
    return {key: read(value[key], f"{where} {key}") for key, read in readers.items()}


def _list(read: Read) -> Read:
    def listed(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            _fail(where, "须为列表", "must be a list")
        return tuple(read(one, f"{where}[{i}]") for i, one in enumerate(value, 1))

    return listed


def _made(kind: Callable[..., Any], readers: Mapping[str, Read]) -> Read:
    return lambda value, where: kind(**_parts(value, where, readers))


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        _fail(where, "须为文字", "must be text")
    return value


def _named(value: Any, where: str) -> str:
    if not _text(value, where).strip():
        _fail(where, "不得为空", "must not be empty")
    return str(value)


def _id(value: Any, where: str) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        _fail(
            where, "须为编号（字母、数字、-、_，至多 64 位）", "must be an id of letters, digits, - and _, at most 64"
        )
    return value


def _digest(value: Any, where: str) -> str:
    if not isinstance(value, str) or not DIGEST.fullmatch(value):
        _fail(where, "须为 SHA-256（64 位十六进制）", "must be a SHA-256 of 64 hexadecimal digits")
    return value


def _maybe_digest(value: Any, where: str) -> str:
    return "" if value == "" else _digest(value, where)


def _whole(value: Any, where: str) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST:
        _fail(where, "须为非负整数", "must be a whole number, not negative")
    return value


def _maybe_whole(value: Any, where: str) -> int | None:
    return None if value is None else _whole(value, where)


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        _fail(where, "须为 true 或 false", "must be true or false")
    return value


def _day(value: Any, where: str) -> str:
    try:
        return date.fromisoformat(_text(value, where)).isoformat()
    except ValueError:
        _fail(where, "须为日期，如 2026-07-01", "must be a date such as 2026-07-01")


def _edition(value: Any, where: str) -> str:
    if value not in EDITIONS:
        _fail(where, "须为 full 或 public", "must be full or public")
    return str(value)


def _moment(value: Any, where: str) -> str:
    if value not in MOMENTS:
        _fail(where, "须为 start、middle 或 end", "must be start, middle or end")
    return str(value)


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _fail(where, "须为表", "must be a table")
    return value


def _counts(value: Any, where: str) -> dict[str, int]:
    return {_text(key, where): _whole(number, f"{where} {key[:40]}") for key, number in _table(value, where).items()}


def _roots(value: Any, where: str) -> dict[str, str]:
    return {_id(key, where): _digest(root, f"{where} {key}") for key, root in _table(value, where).items()}


def _hash(value: Any, where: str) -> bytes:
    return bytes.fromhex(_digest(value, where))


def _base64(value: Any, where: str) -> bytes:
    try:
        return b64decode(_text(value, where), validate=True)
    except ValueError:
        _fail(where, "须为 base 64", "must be base 64")


_tables = _list(_table)
_hashes = _list(_hash)
_evidence = _made(Evidence, {"name": _named, "sha256": _digest})
_photo = _made(Photo, {"moment": _moment, "on": _day, "sha256": _digest})
_publication = _made(Publication, {"event": _whole, "place": _named, "motion": _maybe_digest, "photos": _list(_photo)})
_notice = _made(
    NoticeProof,
    {
        "event": _whole,
        "by": _named,
        "how": _named,
        "on": _day,
        "motion": _maybe_digest,
        "evidence": _list(_evidence),
    },
)
_minutes = _made(Minutes, {"vote": _id, "motion": _maybe_digest, "sha256": _digest, "signed_by": _list(_named)})
_entry = _made(
    Entry,
    {
        "by": _named,
        "issued": _whole,
        "returned": _whole,
        "unreturned": _whole,
        "valid": _whole,
        "invalid": _whole,
        "counts": _counts,
    },
)
_box = _made(Box, {"id": _named, "entries": _list(_entry)})
_anchor = _made(Anchor, {"file": _text, "entry": _base64, "index": _whole, "proof": _hashes})
_VOTE_WHOLE = _made(
    Vote,
    {
        "id": _id,
        "frozen": _whole,
        "opened": _whole,
        "counted": _whole,
        "closed_by": _named,
        "roll": _id,
        "secret": _flag,
        "gone": _list(_id),
        "marked": _maybe_whole,
        "papers": _maybe_whole,
    },
)


def _vote_read(value: Any, where: str) -> Vote:
    """A vote; ``papers`` stands there only where slips came on paper."""
    known = {"papers": None, **value} if isinstance(value, dict) else value
    found: Vote = _VOTE_WHOLE(known, where)
    return found


def _fail(where: str, zh: str, en: str) -> NoReturn:
    raise BundleError(where, zh, en)
