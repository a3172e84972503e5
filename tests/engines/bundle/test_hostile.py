"""Whatever a bundle holds, the answer is a report or a plain refusal: never a crash, never unbounded."""

import json
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.bundle.made import assembly, election, files_of, owners

from yishi.engines.bundle import BundleError, make_zip, read_zip, verify_bundle
from yishi.engines.bundle import archive as bounds
from yishi.engines.bundle.manifest import NAME, make_manifest

BUNDLES = [files_of(one) for one in (assembly(332), owners(), election())]
FLAGGED = BUNDLES[0]["votes.json"].replace(b'"secret":true', b'"secret":1')
PACKED = make_zip(BUNDLES[0])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**17)
    | st.text(max_size=20)
    | st.sampled_from(["yes", "1", "a" * 64, "2026-03-15"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def sealed(files: dict[str, bytes]) -> dict[str, bytes]:
    return {**files, NAME: make_manifest({key: value for key, value in files.items() if key != NAME})}


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [at, *(path for key in keys for path in paths(value[key], (*at, key)))]


@given(st.data())
@settings(max_examples=250, deadline=None)
def test_any_field_may_hold_anything(data: st.DataObject) -> None:
    files = dict(BUNDLES[data.draw(st.integers(0, len(BUNDLES) - 1))])
    name = data.draw(st.sampled_from(sorted(n for n in files if n.endswith(".json") and n != NAME)))
    value = json.loads(files[name])
    path = data.draw(st.sampled_from(paths(value)[1:]))
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    old, inner[path[-1]] = inner[path[-1]], data.draw(VALUES)
    files[name] = json.dumps(value, ensure_ascii=data.draw(st.booleans())).encode("utf-8", "surrogatepass")
    report = verify_bundle(sealed(files))
    assert report.as_json()
    if inner[path[-1]] != old and not name.startswith("ledger/"):
        assert not report.ok


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_line_may_hold_anything(data: st.DataObject) -> None:
    files = dict(BUNDLES[data.draw(st.integers(0, len(BUNDLES) - 1))])
    name = data.draw(st.sampled_from(sorted(n for n in files if n.endswith(".txt") and not n.startswith("ledger"))))
    lines = files[name].split(b"\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    lines[place] = data.draw(
        st.binary(max_size=40) | st.sampled_from([b"\t" * 5, b"id\tchoice", b"m000001\t!blank\tyes", b"m000001\t"])
    )
    files[name] = b"\n".join(lines)
    report = verify_bundle(sealed(files))
    assert report.as_json()
    if files[name] not in [one.get(name) for one in BUNDLES]:
        assert not report.ok


@given(st.dictionaries(st.sampled_from([*BUNDLES[0], "x"]), st.binary(max_size=60)))
@settings(deadline=None)
def test_any_files_are_a_report(files: dict[str, bytes]) -> None:
    assert not verify_bundle(files).ok


@given(st.binary(max_size=300))
def test_any_bytes_are_no_archive(raw: bytes) -> None:
    try:
        read_zip(BytesIO(raw))
    except BundleError as error:
        assert error.text["zh"]


@given(st.lists(st.tuples(st.integers(0, len(PACKED) - 1), st.integers(1, 255)), min_size=1, max_size=6))
@settings(deadline=None)
def test_a_damaged_archive_is_refused_or_its_files_are_named(changes: list[tuple[int, int]]) -> None:
    raw = bytearray(PACKED)
    for place, change in changes:
        raw[place] ^= change
    try:
        files = read_zip(BytesIO(bytes(raw)))
    except BundleError:
        return
    assert files == BUNDLES[0] or not verify_bundle(files).ok


def packed(*files: tuple[str, bytes]) -> BytesIO:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return BytesIO(out.getvalue())


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BundleError, match="larger than allowed"):
        read_zip(BytesIO(make_zip({"a.txt": bytes(bounds.LARGEST + 1)})))
    monkeypatch.setattr(bounds, "ALTOGETHER", 1000)
    with pytest.raises(BundleError) as caught:
        read_zip(BytesIO(make_zip({"a.txt": bytes(600), "b.txt": bytes(600)})))
    assert caught.value.where == "b.txt"


def test_an_archive_that_lies_about_a_size_is_not_believed() -> None:
    raw = bytearray(packed(("a.txt", bytes(100_000))).getvalue())
    place = raw.rindex(struct.pack("<L", 100_000))
    raw[place : place + 4] = struct.pack("<L", 10)
    try:
        files = read_zip(BytesIO(bytes(raw)))
    except BundleError:
        return
    assert len(files["a.txt"]) <= 100_000


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "names", [["../a"], ["/a"], ["a/../b"], ["a\\b"], ["a b"], ["a/b/c/d"], ["é"], ["a", "a"], [".a"]]
)
def test_names_that_lead_elsewhere_are_refused(names: list[str]) -> None:
    with pytest.raises(BundleError):
        read_zip(packed(*((name, b"") for name in names)))


def test_too_many_files_are_refused() -> None:
    with pytest.raises(BundleError, match="more than"):
        read_zip(packed(*((f"{i}.txt", b"") for i in range(bounds.MOST_FILES + 1))))


def test_an_encrypted_file_is_refused() -> None:
    raw = bytearray(make_zip({"a.txt": b"hello"}))
    place = raw.index(b"PK\x01\x02")
    raw[place + 8] |= 1
    raw[6] |= 1
    with pytest.raises(BundleError) as caught:
        read_zip(BytesIO(bytes(raw)))
    assert caught.value.where == "a.txt"


def test_every_bit_of_an_archive_is_looked_at() -> None:
    """Headers, list, end, and the unused bits of a compressed stream: a change anywhere is refused."""
    files = {"a.txt": b"hello" * 20, "b/c.json": b"", "d.bin": bytes(range(256)) * 3}
    raw = make_zip(files)
    for place in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(BundleError):
            read_zip(BytesIO(bytes(changed)))


@pytest.mark.parametrize("change", [lambda raw: raw + b"tail", lambda raw: b"lead" + raw, lambda raw: raw[:-1]])
def test_nothing_stands_before_or_after_an_archive(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BundleError):
        read_zip(BytesIO(change(make_zip({"a.txt": b"hello"}))))


@pytest.mark.parametrize("size", [2**33, 2**62])
def test_sizes_that_no_header_can_hold_are_refused(size: int) -> None:
    """The list at the end may claim any size by a zip64 field (APPNOTE 4.5.3)."""
    raw = make_zip({"a.txt": b"hello"})
    at, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    entry = bytearray(raw[at:end])
    extra = struct.pack("<HHQQ", 1, 16, size, size)
    entry[20:28] = b"\xff" * 8
    entry[30:32] = struct.pack("<H", len(extra))
    grown = bytes(entry) + extra
    tail = bytearray(raw[end:])
    tail[12:16] = struct.pack("<L", len(grown))
    with pytest.raises(BundleError, match="larger than allowed"):
        read_zip(BytesIO(raw[:at] + grown + bytes(tail)))


def test_what_another_program_packed_is_said_to_be_so() -> None:
    with pytest.raises(BundleError, match="another program") as caught:
        read_zip(packed(("a.txt", b"hello")))
    assert "文件夹" in caught.value.text["zh"]


@given(st.dictionaries(st.from_regex(r"[a-z]{1,6}\.txt", fullmatch=True), st.binary(max_size=400), max_size=4))
@settings(deadline=None)
def test_any_files_come_back_as_they_were(files: dict[str, bytes]) -> None:
    assert read_zip(BytesIO(make_zip(files))) == files


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("decision.json", b"[" * 100_000),
        ("decision.json", b'{"id":"a","id":"b","decision":{},"events":[]}'),
        ("decision.json", b'{"id":"a","decision":{},"events":[1.5]}'),
        ("decision.json", b'{"id":"a","decision":{"title":"\\ud800"},"events":[]}'),
        ("decision.json", b'{"id":"a","decision":{},"events":[NaN]}'),
        ("decision.json", b'{"id":"a","decision":{"procedure":"no such"},"events":[]}'),
        ("decision.json", b'{"id":"a","decision":{},"events":[' + b"9" * 10_000 + b"]}"),
        ("result.json", b'{"results":[{"counts":' + b"[" * 900 + b"]" * 900 + b"}]}"),
        ("votes.json", b"\xff"),
        ("votes.json", b"{"),
        ("motions/1.txt", b"a\n\xff"),
        ("ledger/keys.txt", b""),
        ("ledger/checkpoint.txt", b"\xff"),
        ("ballots/1.txt", b"id\tchoice\n"),
        ("ballots/1.txt", b"who\tchoice\n"),
        ("notices.json", b'{"notices":[{"event":1,"by":" ","how":"x","on":"2026-01-01","motion":"","evidence":[]}]}'),
        ("notices.json", b'{"notices":[{"event":1,"by":"a","how":"x","on":"tomorrow","motion":"","evidence":[]}]}'),
        ("votes.json", FLAGGED),
        ("publications/1.json", b'{"event":12,"place":"x","motion":"","photos":[{"moment":"dusk","on":"2026-03-16","sha256":""}]}'),
        ("ballots/1.txt", b"choice\n!blank\tyes\n"),
        ("ballots/1.txt", b"choice\nyes\nno\n"),
        ("ballots/1.txt", b"choice\nyes\tyes\n"),
        ("ballots/1.txt", b"choice\nno\tyes\n"),
        ("ballots/1.txt", b"choice\nperhaps\n"),
        ("ballots/1.txt", b"choice\n\n"),
        ("receipts/1.txt", b"receipt\nAAAAAAAA\nAAAAAAAA\n"),
        ("receipts/1.txt", b"receipt\nBBBBBBBB\nAAAAAAAA\n"),
        ("receipts/1.txt", b"receipt\nAAAAAAAA\tyes\n"),
        ("receipts/1.txt", b"receipt\nshort\n"),
        ("receipts/1.txt", b"code\nAAAAAAAA\n"),
        ("ledger/proofs.json", b'{"anchors":[{"file":"a","entry":"*","index":1,"proof":[]}],"consistency":[]}'),
        ("ledger/proofs.json", b'{"anchors":[{"file":"result.json","entry":"WzFd","index":1,"proof":[]}],"consistency":[]}'),
        ("rolls/1.txt", b"id\tcommitment\n"),
        ("rolls/1.txt", b"id\tnonsense\tcommitment\n"),
        ("rolls/1.txt", b"id\tmembers_full_capacity\tcommitment\nm1\t01\t" + b"a" * 64 + b"\n"),
        ("rolls/1.txt", b"id\tmembers_full_capacity\tcommitment\nm1\t1\tx\n"),
        ("rolls/1.txt", b"id\tmembers\tcommitment\nm1\t1\t" + b"a" * 64 + b"\n"),
        ("attendance/1.txt", b"id\tchannel\tagent\nm000001\tproxy\t\n"),
        ("attendance/1.txt", b"id\tchannel\tagent\nm000001\tsomehow\t\n"),
        ("attendance/1.txt", b"id\tchannel\tagent"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_format_is_named(name: str, data: bytes) -> None:
    report = verify_bundle(sealed({**BUNDLES[0], name: data}))
    assert not report.ok
    assert any(where.startswith(name) for check in report.checks for where in check.where)
