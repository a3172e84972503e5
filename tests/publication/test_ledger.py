"""The ledger in the database: group commit, proofs that pymerkle accepts, tiles, witnesses, nothing changed unseen."""

import base64
import json
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pymerkle import InmemoryTree
from tests.publication.conftest import moment, picture

from yishi.core.verdicts import Refusal
from yishi.engines.ledger import (
    COSIGNATURE,
    Log,
    ProofError,
    Signer,
    check_consistency,
    check_inclusion,
    cosign,
    leaf_hash,
    open_checkpoint,
    read_public_key,
    unpack_entries,
)
from yishi.network.viewers import Viewer
from yishi.publication import services
from yishi.publication.models import LedgerCheckpoint, LedgerHead, LedgerLeaf, Posting
from yishi.publication.selectors import ledger
from yishi.publication.services.ledger import TableStore, take_in

pytestmark = pytest.mark.django_db


def enter_some(subject: Any, count: int, code: str = "AAAA") -> None:
    for n in range(count):
        services.enter("test", subject, f"{code}{n:04d}"[:12], {"n": n}, moment(7, 1))


def test_entries_are_taken_in_together_and_proved(prepared: Posting) -> None:
    enter_some(prepared, 300)
    assert take_in(moment(7, 1)) == 300 and take_in(moment(7, 1)) == 0
    enter_some(prepared, 5, "BBBB")
    assert take_in(moment(7, 2)) == 5
    assert [c.size for c in LedgerCheckpoint.objects.order_by("size")] == [300, 305]
    for code in ("AAAA0000", "AAAA0255", "AAAA0256", "BBBB0004"):
        [proof] = ledger.proofs_of(code)
        assert proof.holds and proof.size == 305
        table = proof.as_json()
        root = open_checkpoint(table["checkpoint"], read_public_key(table["key"])).checkpoint.root
        steps = [base64.b64decode(s) for s in table["proof"]]
        check_inclusion(leaf_hash(base64.b64decode(table["entry"])), table["index"], table["size"], steps, root)
    log = Log(TableStore(LedgerHead.objects.get()))
    old, new = (open_checkpoint(c.note, read_public_key(ledger.public_key())).checkpoint for c in LedgerCheckpoint.objects.order_by("size"))  # fmt: skip
    check_consistency(300, 305, old.root, new.root, log.consistency(300, 305))


def test_an_entry_changed_in_the_database_is_seen(prepared: Posting) -> None:
    enter_some(prepared, 3)
    take_in(moment(7, 1))
    LedgerLeaf.objects.filter(index=1).update(entry=b'{"n":99}')
    with pytest.raises(ProofError):
        ledger.proofs_of("AAAA0000")


def test_only_references_numbers_and_digests_are_entered(prepared: Posting) -> None:
    for wrong in ({"x": 1.5}, {"x": ["a"]}, {"x": "字" * 201}):
        with pytest.raises(ValueError, match="leaf fact"):
            services.enter("test", prepared, "CODE", wrong, moment(7, 1))


@pytest.mark.django_db(transaction=True)
def test_a_posting_is_entered_when_it_goes_up_and_when_it_comes_down(up: Posting, officer: Viewer) -> None:
    services.check_posting(officer, up, picture(), moment(7, 10))
    services.end_posting(officer, up, picture(), moment(7, 17))
    opened, ended = ledger.proofs_of(up.code_shown)
    assert (opened.leaf.what, ended.leaf.what) == ("posting_opened", "posting_ended")
    assert opened.holds and opened.facts["digest"] == up.digest and opened.facts["posted_on"] == "2026-07-01"
    page = Client().get(f"/proof/{up.code_shown}").content.decode()
    assert "在账本里，没有改过" in page and up.title in page and opened.root in page
    assert Client().get(f"/proof/{up.check_code}.json").json()["proofs"][1]["index"] == 1
    assert Client().get("/proof/ZZZZZZZZ").status_code == 404
    assert Client().get("/proof/?code=zzzz").content.decode().count("账本里没有") == 1
    assert Client().get(f"/proof/?code={up.code_shown.lower()}").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_entry(prepared: Posting) -> None:
    with pytest.raises(Refusal), transaction.atomic():
        enter_some(prepared, 1)
        raise Refusal.__new__(Refusal)
    assert not LedgerLeaf.objects.exists()


def test_tiles_are_served_as_the_format_says(prepared: Posting) -> None:
    client = Client()
    assert client.get("/ledger/checkpoint").status_code == 404
    assert client.get("/ledger/tile/0/000").status_code == 404
    enter_some(prepared, 260)
    take_in(moment(7, 1))
    hashes = [leaf_hash(bytes(e)) for e in LedgerLeaf.objects.order_by("index").values_list("entry", flat=True)]
    full, partial = client.get("/ledger/tile/0/000"), client.get("/ledger/tile/0/001.p/4")
    assert full.content == b"".join(hashes[:256]) and "immutable" in full["Cache-Control"]
    assert partial.content == b"".join(hashes[256:]) and "immutable" not in partial["Cache-Control"]
    assert len(unpack_entries(client.get("/ledger/tile/entries/000").content)) == 256
    for wrong in ("0/002", "0/0", "0/001", "entries/001.p/5", "../../etc/passwd"):
        assert client.get(f"/ledger/tile/{wrong}").status_code == 404
    note = client.get("/ledger/checkpoint").content.decode()
    key = read_public_key(client.get("/ledger/key").content.decode().strip())
    assert open_checkpoint(note, key).checkpoint.size == 260


def test_pymerkle_reckons_the_same_root(prepared: Posting) -> None:
    enter_some(prepared, 300)
    take_in(moment(7, 1))
    theirs = InmemoryTree()
    theirs.append_entries([bytes(e) for e in LedgerLeaf.objects.order_by("index").values_list("entry", flat=True)])
    [proof] = ledger.proofs_of("AAAA0013")
    assert bytes(theirs.get_root()).hex() == proof.root


def test_a_known_witness_countersigns_and_nobody_else(prepared: Posting) -> None:
    client, witness = Client(), Signer("witness.example/w1", b"w" * 32, COSIGNATURE)
    enter_some(prepared, 2)
    take_in(moment(7, 1))
    note = client.get("/ledger/checkpoint").content.decode()
    signed = cosign(note, witness, 1_790_000_000)

    def send(body: str | bytes) -> Any:
        return client.post("/ledger/cosignatures", body, content_type="text/plain")

    assert send(signed).json()["code"] == "unknown_signer"
    services.add_witness(str(witness.public), moment(7, 1))
    assert send(signed).status_code == 200 and send(signed).status_code == 200
    assert client.get("/ledger/checkpoint").content.decode().count("witness.example/w1") == 1
    [proof] = ledger.proofs_of("AAAA0000")
    assert [name for name, _at in proof.witnesses] == ["witness.example/w1"]
    assert "witness.example/w1" in client.get("/proof/AAAA0000").content.decode()
    for wrong in (b"", b"\xff", b"nonsense", signed.replace("\n2\n", "\n3\n"), signed[:-6] + "AAA=\n", b"x" * 20_000):
        assert send(wrong).status_code == 400
    assert client.get("/ledger/cosignatures").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_one_unbroken_log(prepared: Posting) -> None:
    def act(n: int) -> None:
        try:
            for i in range(10):
                with transaction.atomic():
                    services.enter("test", prepared, f"T{n}{i}", {"n": n, "i": i}, moment(7, 1))
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    take_in(moment(7, 2))
    indices = sorted(LedgerLeaf.objects.values_list("index", flat=True))
    assert indices == list(range(60)) and LedgerHead.objects.get().size == 60
    entries = [json.loads(bytes(e)) for e in LedgerLeaf.objects.values_list("entry", flat=True)]
    assert {(e["n"], e["i"]) for e in entries} == {(n, i) for n in range(6) for i in range(10)}
    assert all(ledger.proofs_of(f"T{n}{i}")[0].holds for n in range(6) for i in (0, 9))
