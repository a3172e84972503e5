"""What a decision enters in the ledger, and the rules of its postings."""

from yishi.core import clock, events
from yishi.decisions.events import DecisionChanged
from yishi.decisions.models import Decision
from yishi.decisions.publishing import KIND, RULES
from yishi.publication import services as publication
from yishi.publication.rules import register_subject

ANCHORING = frozenset(
    {
        "notice_posted",
        "meeting_opened",
        "roll_settled",
        "ballot_closed",
        "counted",
        "recounted",
        "certified",
        "posting_ended",
    }
)


def connect() -> None:
    """Register the rules of decisions' postings; listen for what goes into the ledger, and what takes postings down."""
    register_subject(KIND, RULES)
    events.on(DecisionChanged)(enter_ledger)
    events.on(DecisionChanged)(take_down)


def enter_ledger(event: DecisionChanged) -> None:
    """After each event that fixes something for good: the roll, the box, the result, the posting."""
    if event.kind not in ANCHORING:
        return
    from yishi.decisions.services.anchoring import anchor

    anchor(Decision.objects.get(pk=event.decision_id), clock.now())


def take_down(event: DecisionChanged) -> None:
    """After any event: postings whose decision moved on, or says something else now, are superseded."""
    publication.supersede_moved(KIND, event.decision_id, clock.now())
