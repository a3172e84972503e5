"""Petitions: by which pack they bind, how far the signatures have come."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yishi.core import clock
from yishi.core.verdicts import Refusal, hidden
from yishi.decisions import rules
from yishi.decisions.models import Decision, MotionVersion, Petition
from yishi.decisions.voting.petitioning import pack_of
from yishi.engines.procedure import check
from yishi.engines.tally.lines import Verdict
from yishi.network.viewers import Viewer


def digests_of(decision: Decision) -> "QuerySet[MotionVersion, str]":
    """The texts for which signatures count: the motion as it stands first, and before its errata; one query."""
    changed = decision.versions.filter(material=True).order_by("-number").values("number")[:1]
    found = decision.versions.filter(number__gte=Coalesce(Subquery(changed), 1))
    return found.order_by("-number").values_list("digest", flat=True)


def standing_of(petition: Petition) -> Verdict | None:
    """How far the signatures have come: have, need, clause. One query."""
    on = clock.local_day(petition.received_at or petition.opened_at)
    pack = pack_of(petition.decision, on)
    if pack is None:
        return None
    signed = petition.signatures.filter(withdrawn_at=None).count()
    return check(pack, {petition.quantity: signed, petition.whole: petition.whole_number}, on).verdicts.get("petition")


@dataclass(frozen=True, slots=True)
class ShownPetition:
    """A petition with how far it has come."""

    row: Petition
    who: str
    signed: int
    need: int
    whole: int
    met: bool
    text: str
    clause: str
    mine: bool

    @property
    def lacking(self) -> int:
        """How many more have to sign before it can be handed in."""
        return 0 if self.met or self.row.received_at else max(0, self.need - self.signed)


def petitions_of(viewer: Viewer, decision: Decision) -> list[ShownPetition]:
    """The petitions of a decision, newest first, with the signatures for its text as it stands; one query."""
    standing = Q(signatures__withdrawn_at=None) & (
        Q(received_at__isnull=False) | Q(signatures__digest__in=digests_of(decision))
    )
    mine = standing & Q(signatures__person_id=viewer.person_id or 0)
    rows = decision.petitions.annotate(
        signed=Count("signatures", filter=standing), signed_by_me=Count("signatures", filter=mine)
    ).order_by("-pk")
    return [_shown_petition(decision, row) for row in rows]


def _shown_petition(decision: Decision, row: Petition) -> ShownPetition:
    row.decision = decision
    signed: int = row.signed  # type: ignore[attr-defined]
    on = clock.local_day(row.received_at or row.opened_at)
    pack = pack_of(decision, on)
    verdict = check(pack, {row.quantity: signed, row.whole: row.whole_number}, on).verdicts.get("petition") if pack else None  # fmt: skip
    line = next((one for one in verdict.lines if one.name == row.quantity), None) if verdict else None
    return ShownPetition(
        row, rules.quantity_words(row.quantity), signed, line.need if line else 0, row.whole_number,
        bool(verdict and verdict.met), rules.spoken(line.text) if line else "",
        rules.spoken(verdict.clause) if verdict else "", bool(row.signed_by_me),  # type: ignore[attr-defined]
    )  # fmt: skip


def get_petition_of(decision: Decision, petition_id: int) -> Petition:
    """A petition of a decision in hand.

    Raises:
        Refusal: hidden, where it has no such petition.
    """
    found = decision.petitions.filter(pk=petition_id).first()
    if found is None:
        raise Refusal(hidden())
    found.decision = decision
    return found
