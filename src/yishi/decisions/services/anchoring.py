"""Entering a decision's fixed files in the ledger: rolls when frozen, boxes when closed, results when certified."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core.verdicts import Refusal, no
from yishi.decisions.bundles import anchored_files, material_of, public_of
from yishi.decisions.models import Decision, Result
from yishi.engines.bundle import (
    CONTENTS,
    Anchor,
    LedgerProofs,
    anchored,
    contents_bytes,
    ledger_entry,
    make_zip,
    write_bundle,
    write_files,
)
from yishi.publication import services as publication
from yishi.publication.selectors import entries_of, placed

ORDER = ("rolls", "ballots", "commitments", "choices", "receipts", "boxes", "publications", "result.json", "contents")


def anchor(decision: Decision, at: dt.datetime) -> int:
    """Enter every file of the decision that is fixed and not yet entered, rolls first; returns how many.

    Entering twice changes nothing: an entry is its file's name and digest.
    """
    return enter_files(decision, anchored_files(decision), at)


def enter_files(decision: Decision, files: Iterable[tuple[str, bytes]], at: dt.datetime) -> int:
    """Enter these files where they are not entered yet; a name stands twice where both editions have their own."""
    with transaction.atomic():
        Decision.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.pk)
        there = {bytes(entry) for entry in entries_of(decision)}
        count = 0
        for name, data in sorted(files, key=lambda f: (ORDER.index(f[0].split("/")[0]), f[0])):
            entry = ledger_entry(decision.reference, name, data)
            if entry not in there:
                publication.enter_entry(what_of(name), decision, code_of(decision, name), entry, at)
                count += 1
    return count


def what_of(name: str) -> str:
    """What an entry tells of."""
    first = name.split("/", maxsplit=1)[0]
    return {"rolls": "roll_frozen", "ballots": "box_closed", "commitments": "box_closed", "choices": "box_closed", "receipts": "box_closed", "boxes": "paper_counted", "publications": "posting_kept",
            "result.json": "result_certified"}.get(first, "bundle_made")  # fmt: skip


def code_of(decision: Decision, name: str) -> str:
    """Under which code it is found: a result under the code of its seal, all else under the decision's number."""
    code = ""
    if name == "result.json":
        rows = Result.objects.filter(item__decision=decision).exclude(check_code="")
        code = rows.order_by("-certified_at", "-pk").values_list("check_code", flat=True).first() or ""
    return (code or decision.reference).replace("-", "")[:12]


def find_decision(reference: str) -> Decision:
    """A decision by its number, for the keeper of the installation.

    Raises:
        Refusal: there is none.
    """
    found = Decision.objects.filter(reference=reference.strip().upper()).first()
    if found is None:
        raise Refusal(no(_("没有编号为 %(ref)s 的决定。") % {"ref": reference[:20]}))
    return found


def export_bundle(decision: Decision, at: dt.datetime, *, public: bool = False) -> bytes:
    """The decision's bundle as a zip, or its public edition, with its place in the ledger; `yishi verify` recomputes it with nothing else.

    What is not in the ledger yet is entered first. The same decision gives the same files until something
    happens to it or the ledger grows.

    Raises:
        Refusal: no result is certified yet; or a signed vote was closed without commitments.
    """
    if not Result.objects.filter(item__decision=decision).exclude(certified_at=None).exists():
        raise Refusal(no(_("结果确认以后才能导出决策包。")))
    material = public_of(material_of(decision)) if public else material_of(decision)
    if material is None:
        raise Refusal(no(
            _("这件事有一次记名表决在有选票承诺以前就停止了，没有公开版。"),
            what_now=_("名册上的人和召集、监督的人，可以登录后在“文书”页取用完整的决策包。"),
        ))  # fmt: skip
    files = write_files(material)
    bound = {name: files[name] for name in anchored(files)} | {CONTENTS: contents_bytes(files)}
    enter_files(decision, bound.items(), at)
    publication.take_in(at)
    found = placed(decision)
    assert found is not None
    entries = {name: ledger_entry(decision.reference, name, data) for name, data in bound.items()}
    anchors = tuple(Anchor(name, entry, *found.places[entry]) for name, entry in sorted(entries.items()))
    proofs = LedgerProofs(found.note, found.keys, anchors)
    return make_zip(write_bundle(replace(material, ledger=proofs)))
