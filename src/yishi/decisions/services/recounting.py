"""A result replaced on a recorded basis: keyed by two people who must agree, an order or a judgment with its paper."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import audit, files
from yishi.core.given import words_of
from yishi.core.models import StoredFile
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, BallotBox, RecountKeying, Result
from yishi.decisions.permissions.counting import may_enter_ruling, may_recount_ballots
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.certifying import last_of
from yishi.decisions.services.meetings import held_meeting
from yishi.decisions.voting import kinds
from yishi.engines.procedure import report
from yishi.network.viewers import Viewer, actor_of

REASONS = (Result.Basis.RECOUNT, Result.Basis.ORDER, Result.Basis.JUDGMENT)


@dataclass(frozen=True, slots=True)
class RecountInput:
    """What one person keys: ``counts`` that changed, by the pack's names, areas in hundredths of m²."""

    basis: str
    counts: Mapping[str, int]
    reason: str
    document: BinaryIO | None = None
    document_name: str = ""


def key_recount(viewer: Viewer, item: AgendaItem, given: RecountInput, at: dt.datetime) -> Result | None:
    """Key what replaces the newest result. Once two people's keyings agree there is a new result (returned),
    which must be certified anew; the old one stays on the record. One may key again until then.

    Raises:
        Refusal: who may not count, or not enter an order; a third person; the engine's reason.
        ValidationError: no basis, no reason, no paper of the order or judgment.
    """
    if given.basis not in REASONS:
        raise ValidationError({"basis": _("请选择依据：重新计票、责令改正或法院裁判。")})
    reason = words_of(given.reason, "reason", 300)
    with held_meeting(item.meeting) as meeting:
        found = meeting.items.select_related("decision__organisation", "decision__area").get(pk=item.pk)
        asked = may_recount_ballots if given.basis == Result.Basis.RECOUNT else may_enter_ruling
        require(asked(viewer, found, at))
        old = last_of(found)
        _keyed(viewer, old, given, reason, at)
        audit.record(
            "decisions.recount_keyed", found, at=at, actor_id=viewer.person_id, town_id=meeting.town_id,
            basis=given.basis,
        )  # fmt: skip
        pair = keyings_of(old)
        if len(pair) == 2 and not differing(*pair):
            return _replaced(viewer, found, old, pair, at)
    return None


def keyings_of(result: Result) -> list[RecountKeying]:
    """Who keyed what to replace a result, in turn."""
    return list(result.keyings.select_related("by").order_by("pk"))


def differing(first: RecountKeying, second: RecountKeying) -> list[tuple[str, int | None, int | None]]:
    """Where two keyings differ: name, first, second; the basis apart by an entry without numbers."""
    names = dict.fromkeys((*first.counts, *second.counts))
    found: list[tuple[str, int | None, int | None]] = [("basis", None, None)] if first.basis != second.basis else []
    return found + [
        (n, first.counts.get(n), second.counts.get(n)) for n in names if first.counts.get(n) != second.counts.get(n)
    ]


def _keyed(viewer: Viewer, old: Result, given: RecountInput, reason: str, at: dt.datetime) -> None:
    if old.keyings.exclude(by_id=viewer.person_id).count() >= 2:
        raise Refusal(no(_("已有两人录入；如要换人，请由其中一人改正自己的录入。")))
    values = {"basis": given.basis, "counts": dict(given.counts), "reason": reason, "at": at}
    row, _made = RecountKeying.objects.update_or_create(result=old, by_id=actor_of(viewer), defaults=values)
    if given.document is not None:
        files.store_document(
            row, given.document, given.document_name, at=at, public=False, town_id=old.item.meeting.town_id,
            role="ruling",
        )  # fmt: skip
    if given.basis != Result.Basis.RECOUNT and not papers_of(old, given.basis):
        raise ValidationError({"document": _("请附上责令改正通知书或裁判文书。")})


def papers_of(old: Result, basis: str = "") -> list[StoredFile]:
    """The papers that were handed in with the keyings of this basis (or of any)."""
    keyings = old.keyings.filter(basis=basis) if basis else old.keyings.all()
    return list(
        StoredFile.objects.filter(subject_kind="decisions.recountkeying", subject_id__in=keyings.values("pk"))
    )  # fmt: skip


def _replaced(
    viewer: Viewer, item: AgendaItem, old: Result, pair: list[RecountKeying], at: dt.datetime
) -> Result:  # fmt: skip
    first, second = pair
    with held(item.decision) as decision:
        counters = [rules.ref(first.by_id), rules.ref(second.by_id)]
        data = {"basis": first.basis, "counters": counters, "counts": kinds.written(first.counts)}
        fresh = report(append(viewer, decision, "recounted", at, data))["results"][-1]
        result = Result.objects.create(
            item=item, number=old.number + 1, basis=first.basis, pack=fresh["pack"], outcome=fresh["outcome"],
            report=fresh, counts=fresh["counts"], counted_at=at, first_counter_id=first.by_id,
            second_counter_id=second.by_id, reason=first.reason,
        )  # fmt: skip
    AgendaItem.objects.filter(pk=item.pk).update(state=AgendaItem.State.COUNTED)
    BallotBox.objects.filter(item=item).update(state=BallotBox.State.COUNTED)
    return result
