"""What the papers are made from: the last meeting's item, its roll, box and result, the motion with its digest."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from yishi.core.papers import Proof
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, BallotBox, Decision, Meeting, MotionVersion, Result, RollEntry
from yishi.engines.procedure import Case
from yishi.publication.selectors.papers import qr_drawing


@dataclass(frozen=True, slots=True)
class Facts:
    """A decision with the item of its deciding vote (or the last on any agenda)."""

    decision: Decision
    case: Case
    version: MotionVersion | None
    item: AgendaItem | None
    result: Result | None

    @property
    def digest(self) -> str:
        """The digest of the motion that the papers must carry."""
        fixed = self.item.motion_digest if self.item else ""
        return fixed or (self.version.digest if self.version else "")

    @property
    def meeting(self) -> Meeting | None:
        """The meeting of the item."""
        return self.item.meeting if self.item else None

    @property
    def box(self) -> BallotBox | None:
        """The box of the item, once the vote was opened."""
        return getattr(self.item, "box", None) if self.item else None

    @property
    def text(self) -> str:
        """The motion in full, of the version that the digest is of."""
        if self.version is None:
            return ""
        return rules.canonical_motion(self.version.text, self.version.budget)

    def lines(self) -> list[RollEntry]:
        """The lines of the item's roll, in the order of the printed roll."""
        if self.item is None or self.item.roll is None:
            return []
        return list(self.item.roll.entries.filter(struck=False).order_by("number"))

    @property
    def page(self) -> str:
        """The address of the decision's public page."""
        return f"{settings.SITE_URL}{reverse('decisions:decision', args=[self.decision.reference])}"


def facts_of(decision: Decision) -> Facts:
    """Everything that the papers need, in a fixed number of questions."""
    items = AgendaItem.objects.filter(decision=decision).exclude(meeting__state="cancelled")
    item = items.select_related("meeting__organisation", "roll", "box").order_by("-pk").first()
    result = item.results.order_by("-number").first() if item else None
    version = decision.versions.order_by("-number").first()
    if item is not None and item.motion_digest:
        version = decision.versions.filter(digest=item.motion_digest).first() or version
    return Facts(decision, rules.case_of(decision), version, item, result)


def page_proof(facts: Facts, words: str) -> Proof:
    """The QR that leads to the decision's page."""
    return Proof(facts.decision.reference, facts.page, words, qr_drawing(facts.page))
