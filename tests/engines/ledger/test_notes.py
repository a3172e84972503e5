"""Signed notes, keys, checkpoints and cosignatures; vectors of golang.org/x/mod/sumdb/note."""

import struct
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.ledger import (
    COSIGNATURE,
    Checkpoint,
    NoteError,
    PublicKey,
    Signer,
    Tree,
    cosign,
    open_checkpoint,
    read_checkpoint,
    read_note,
    read_public_key,
    read_signer,
    sign_checkpoint,
    verify_note,
)

PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = (
    TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
LOG = Signer("yishi.example/ledger", bytes(range(32)))
WITNESS = Signer("witness.example/w1", bytes(range(1, 33)), COSIGNATURE)
OTHER = Signer("witness.example/w2", bytes(range(2, 34)), COSIGNATURE)
HEAD = Checkpoint("yishi.example/ledger", 3, Tree([b"a", b"b", b"c"]).root())


def refused(code: str, ask: object, *given: object, **named: object) -> None:
    with pytest.raises(NoteError) as caught:
        ask(*given, **named)  # type: ignore[operator]
    assert caught.value.code == code
    assert all(caught.value.text[language] for language in ("zh", "en"))


def test_published_key_and_note() -> None:
    key, signer = read_public_key(PUBLIC), read_signer(SECRET)
    assert signer.public == key
    assert str(key) == PUBLIC
    assert signer.secret() == SECRET
    note = read_note(SIGNED)
    assert str(note) == SIGNED
    assert note.signatures == (signer.sign(TEXT),)
    assert verify_note(note, [key]) == [(key, None)]
    sumdb = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert str(read_public_key(sumdb)) == sumdb


def test_a_private_key_does_not_show_itself() -> None:
    assert "PrivateKey" not in repr(LOG)
    assert repr(LOG.seed) not in repr(LOG)


def test_the_checkpoint_and_its_witnesses() -> None:
    note = cosign(cosign(sign_checkpoint(HEAD, LOG), WITNESS, 1_700_000_000), OTHER, 1_700_000_001)
    keys = [WITNESS.public, OTHER.public]
    opened = open_checkpoint(note.encode(), LOG.public, keys, quorum=2)
    assert opened.checkpoint == HEAD
    assert opened.witnesses == {WITNESS.name: 1_700_000_000, OTHER.name: 1_700_000_001}
    assert open_checkpoint(note, LOG.public).witnesses == {}
    refused("too_few_witnesses", open_checkpoint, note, LOG.public, keys, quorum=3)
    refused("unknown_signer", open_checkpoint, note, read_public_key(PUBLIC))
    refused("log_unsigned", open_checkpoint, note, read_public_key(PUBLIC), keys)
    refused("other_origin", open_checkpoint, note, LOG.public, origin="elsewhere")


def test_a_cosignature_is_over_the_specified_message() -> None:
    """Checked with the library alone, against the message as the specification spells it."""
    signature = WITNESS.sign(HEAD.text, 1_679_315_147)
    key = Ed25519PublicKey.from_public_bytes(WITNESS.public.public)
    key.verify(signature.data[8:], b"cosignature/v1\ntime 1679315147\n" + HEAD.text.encode())
    assert struct.unpack(">Q", signature.data[:8]) == (1_679_315_147,)
    assert WITNESS.public.key_id != PublicKey(WITNESS.name, WITNESS.public.public).key_id


def test_a_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    note = cosign(sign_checkpoint(HEAD, LOG), WITNESS, 5)
    body, _, lines = note.rpartition("\n\n")
    forged = body.replace("\n3\n", "\n4\n") + "\n\n" + lines
    refused("signature_wrong", open_checkpoint, forged, LOG.public)
    short = f"{HEAD.text}\n— {WITNESS.name} {b64encode(WITNESS.public.key_id + b'12345').decode()}\n"
    refused("signature_wrong", verify_note, read_note(short), [WITNESS.public])
    tiny = f"{HEAD.text}\n— {LOG.name} {b64encode(LOG.public.key_id + b'1').decode()}\n"
    refused("signature_wrong", verify_note, read_note(tiny), [LOG.public])


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_byte_of_a_checkpoint_may_change(place: int, change: int) -> None:
    raw = bytearray(sign_checkpoint(HEAD, LOG).encode())
    raw[place % len(raw)] ^= change
    with pytest.raises(NoteError):
        open_checkpoint(bytes(raw), LOG.public)


@given(st.text(), st.text())
def test_any_text_is_a_note_or_refused(text: str, lines: str) -> None:
    for whole in (text, f"{text}\n\n{lines}", f"{text}\n\n— {lines}\n", f"{text}\n\n— {lines} AAAAAAA=\n"):
        try:
            note = read_note(whole)
        except NoteError:
            continue
        assert str(note) == whole
        assert str(read_note(str(note).encode())) == whole


@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_refused(raw: bytes) -> None:
    try:
        assert str(read_note(raw)).encode() == raw
    except NoteError as error:
        assert error.code in ("not_utf8", "no_signatures", "text", "signature_line")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.binary(min_size=32, max_size=32))
def test_what_is_signed_reads_back(text: str, seed: bytes) -> None:
    signer = Signer("村.example/log", seed)
    try:
        signature = signer.sign(text + "\n")
    except NoteError:
        assert any(char < " " and char != "\n" for char in text)
        return
    note = read_note(f"{text}\n\n{signature.line}")
    assert note.text == text + "\n"
    assert verify_note(note, [signer.public]) == [(signer.public, None)]


def test_notes_that_cannot_be() -> None:
    line = SIGNED.rpartition("\n\n")[2]
    refused("too_large", read_note, "x" * 1_000_001)
    refused("not_utf8", read_note, b"\xff\n\n" + line.encode())
    refused("no_signatures", read_note, TEXT)
    refused("no_signatures", read_note, SIGNED[:-1])
    refused("text", read_note, "a\tb\n\n" + line)
    refused("text", LOG.sign, "no newline")
    refused("text", LOG.sign, "half a pair \ud800\n")
    refused("too_many_signatures", read_note, TEXT + "\n" + line * 101)
    assert len(read_note(TEXT + "\n" + line * 100).signatures) == 100
    for bad in ("- a AAAAAAAA", "— a", "—  AAAAAAAA", "— a b AAAAAAAA", "— a+b AAAAAAAA", "— a AAAA", "— a AAAAAAB="):
        refused("signature_line", read_note, f"{TEXT}\n{bad}\n")


def test_keys_that_cannot_be() -> None:
    refused("key_name", PublicKey, "", bytes(32))
    refused("key_name", PublicKey, "a b", bytes(32))
    refused("key", PublicKey, "a", bytes(31))
    refused("key", PublicKey, "a", bytes(32), 2)
    refused("key", lambda: Signer("a", b"short").public)
    for bad in (
        "",
        "a",
        PUBLIC.replace("c74f20a3", "c74f20a4"),
        PUBLIC.replace("c74f", "C74F"),
        PUBLIC[:-4],
        PUBLIC + "é",
    ):
        refused("key", read_public_key, bad)
    refused("key", read_signer, PUBLIC)
    refused("key", read_signer, SECRET.replace("c74f20a3", "c74f20a4"))


@pytest.mark.parametrize(
    "text",
    ["a\n1\n", "a\n01\n" + "A" * 43 + "=\n", "a\n-1\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n", "\n1\n" + "A" * 43 + "=\n",
     "a\n1\n" + "A" * 42 + "B=\n", "a\n1\n" + "A" * 43 + "=\n\n", "a\n١\n" + "A" * 43 + "=\n"],
)  # fmt: skip
def test_checkpoints_that_cannot_be(text: str) -> None:
    refused("checkpoint", read_checkpoint, text)


def test_extension_lines_are_signed_with_the_rest() -> None:
    head = Checkpoint("o", 0, bytes(32), ("one", "two"))
    assert read_checkpoint(head.text) == head
    refused("checkpoint", sign_checkpoint, Checkpoint("o", 0, bytes(32), ("",)), LOG)
    refused("checkpoint", sign_checkpoint, Checkpoint("", 0, bytes(32)), LOG)
