"""Contract, payment, acceptance, final account: exact to the fen, reconciled before the outcome is disclosed."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal as Money
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import files
from yishi.core.given import money_of, words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import permissions, rules
from yishi.decisions.models import Decision, Payment
from yishi.decisions.services._acts import append, held
from yishi.engines.procedure import Case
from yishi.network.viewers import Viewer, actor_of

Receipts = Sequence[tuple[BinaryIO, str]]


def record_money(
    viewer: Viewer, decision: Decision, kind: str, amount: Money | int | str, to: str, words: str, receipts: Receipts,
    at: dt.datetime, *, commitment_id: int | None = None,
) -> Payment:  # fmt: skip
    """A contract, a payment under it, or the final account that must equal what was paid; one of nothing says why.

    Raises:
        ValidationError: bad money, nobody named, an unknown kind.
        Refusal: not now, or payments beyond the contracts; with the numbers.
    """
    if kind not in Payment.Kind.values:
        raise ValidationError({"kind": _("请选择合同、付款或决算。")})
    with held(decision) as fresh:
        require(permissions.may_record_money(viewer, fresh, at))
        sum_ = money_of(amount, "amount", nothing=kind == Payment.Kind.FINAL_ACCOUNT)
        if not sum_ and not words.strip():
            raise ValidationError({"words": _("决算为零的，请写明为什么没有花钱，这句话要公开。")})
        if kind != Payment.Kind.FINAL_ACCOUNT:
            to = words_of(to, "to", 120)
        made = Payment.objects.create(
            decision=fresh, kind=kind, amount=sum_, to=to, words=words.strip()[:300], at=at, by_id=actor_of(viewer),
            commitment_id=commitment_id,
        )  # fmt: skip
        for upload, name in receipts:
            files.store_document(made, upload, name, at=at, public=False, town_id=fresh.town_id, role="receipt")
        append(viewer, fresh, kind, at, {"amount": str(sum_)}, payment=made.pk)
        return made


def doers_of(decision: Decision) -> set[int]:
    """Who did the work or spent the money: nobody of them accepts it."""
    from yishi.commitments import selectors as commitments

    spent = set(decision.payments.values_list("by_id", flat=True))
    promised = commitments.doers_for("decisions.decision", decision.pk)
    return spent | promised


def accept_work(viewer: Viewer, decision: Decision, words: str, at: dt.datetime) -> Case:
    """Accept the work; never by who did it, paid for it or proposed it. A motion with a budget then waits for its account.

    Raises:
        Refusal: it is one's own work, or not yet time.
    """
    with held(decision) as fresh:
        require(permissions.may_accept_work(viewer, fresh, at))
        doers = doers_of(fresh)
        if viewer.person_id in doers:
            raise Refusal(
                no(_("您经手了这项工作或它的款项，不能验收。"), what_now=_("请监督委员会或监事的其他人验收。"))
            )
        doer = min(doers, default=fresh.proposer_id)
        words_of(words, "words", 300)
        data: dict[str, object] = {"by": rules.ref(viewer.person_id), "doer": rules.ref(doer)}
        if fresh.versions.latest("number").budget is not None:
            data |= {"budget": True}
        return append(viewer, fresh, "accepted", at, data)
