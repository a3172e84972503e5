"""What the papers are made from: the last meeting's item, its roll, box and result, the motion with its digest."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from yishi.core.papers import Proof
from yishi.core.verdicts import Refusal
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, BallotBox, Decision, Meeting, MotionVersion, Result, RollEntry
from yishi.decisions.services.ballots import RECALL
from yishi.decisions.voting import kinds
from yishi.engines.procedure import Case, Pack, pack_in_force
from yishi.engines.procedure.steps import Step
from yishi.publication.selectors.papers import day_in_words, qr_drawing


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
    def step(self) -> Step | None:
        """The step that the item is on the agenda for."""
        return next((s for s in self.case.procedure.steps if self.item and s.id == self.item.step), None)

    @property
    def step_kind(self) -> str:
        """What kind of step that is: ``meeting``, or ``poll`` for an election."""
        return self.step.kind if self.step else ""

    @property
    def quorum_at(self) -> str:
        """When it is reckoned who takes part: ``opening`` of the vote, or ``count`` where a ballot is all it takes."""
        return self.step.quorum_at if self.step else ""

    @property
    def votes_online(self) -> bool:
        """Whether ballots are cast by web or phone too: neither by hands, nor in an election or a recall."""
        recall = self.decision.procedure == RECALL and not self.case.decision.electronic
        on_paper = self.step_kind == "poll" or recall
        return self.decision.secrecy != Decision.Secrecy.HANDS and not on_paper

    @property
    def pack(self) -> Pack | None:
        """The rules by which the item is decided; of an election those of its first poll."""
        if self.item is None:
            return None
        if self.step_kind == "poll" and self.case.poll.roll_on:
            assert self.step is not None
            return pack_in_force(self.step.families[0], self.case.poll.roll_on)
        counted = [r.pack for r in self.case.results if r.step == self.item.step]
        if counted or self.case.status != "running" or self.case.step.id != self.item.step:
            return counted[-1] if counted else None
        return self.case.sitting.pack if self.case.sitting else self._pack_of_the_day(self.item)

    def _pack_of_the_day(self, item: AgendaItem) -> Pack | None:
        """Before the notice is given: by the day of the roll."""
        try:
            return kinds.pack_of(
                self.case, item.roll.record_on if item.roll else timezone.localtime(item.meeting.meets_at).date()
            )
        except Refusal:
            return None

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


def when(moment: dt.datetime) -> str:
    """A moment as papers write it."""
    local = timezone.localtime(moment)
    return f"{day_in_words(local.date())} {local:%H:%M}"
