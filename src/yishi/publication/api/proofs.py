"""The ledger for programs in JSON; the log itself is served as tlog-tiles under ``/ledger/``."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema

from yishi.core.rest import answers
from yishi.core.verdicts import Refusal, hidden
from yishi.network.viewers import viewer_of
from yishi.publication import selectors
from yishi.publication.api.router import ledger
from yishi.publication.api.shapes import About
from yishi.publication.selectors import ledger as log


class CheckpointOut(Schema):
    """The newest signed checkpoint (C2SP signed note) and the key that it is checked with."""

    size: int = Field(..., description="How many entries it is over")
    checkpoint: str
    key: str
    signed_at: dt.datetime


class WitnessOut(Schema):
    """A witness that cosigned the checkpoint."""

    name: str
    at: dt.datetime


class ProofOut(Schema):
    """An entry with its proof under the newest checkpoint; ``path`` and ``checkpoint`` are empty before it is taken in."""

    what: str
    at: dt.datetime
    entry: str = Field(..., description="The entry's bytes, base64")
    leaf_hash: str
    index: int | None = None
    size: int
    root: str
    path: list[str]
    checkpoint: str
    witnesses: list[WitnessOut]


class ProofsOut(Schema):
    """Every entry under a check code, oldest first; ``about`` where the token's owner may see what it tells of."""

    code: str
    key: str
    about: About | None = None
    entries: list[ProofOut]


@ledger.get("/checkpoint", response=answers(CheckpointOut), operation_id="get_checkpoint")
def get_checkpoint(request: HttpRequest) -> Any:
    """The newest signed checkpoint; 404 before the first entry."""
    newest = log.latest_checkpoint()
    if newest is None:
        raise Refusal(hidden())
    return {"size": newest.size, "checkpoint": newest.note, "key": log.public_key(), "signed_at": newest.at}


@ledger.get("/proofs/{code}", response=answers(ProofsOut), operation_id="get_proofs")
def get_proofs(request: HttpRequest, code: str) -> Any:
    """What is entered under a check code, proved to be in the log; each proof was checked as it was made."""
    proofs = log.proofs_of(code)
    about = selectors.about_of(viewer_of(request), proofs[0].leaf)
    return {
        "code": log.plain_code(code), "key": log.public_key(), "entries": [_entry(p) for p in proofs],
        "about": {"title": about[0], "url": about[1]} if about[0] else None,
    }  # fmt: skip


def _entry(proof: log.Proof) -> dict[str, Any]:
    told = proof.as_json()
    return {
        "what": proof.leaf.what, "at": proof.leaf.at, "entry": told["entry"], "leaf_hash": proof.leaf_hash,
        "index": proof.leaf.index, "size": proof.size, "root": proof.root, "path": list(proof.path),
        "checkpoint": proof.note, "witnesses": [{"name": name, "at": at} for name, at in proof.witnesses],
    }  # fmt: skip
