"""News of people for the apps above."""

from dataclasses import dataclass

from yishi.core import events


@dataclass(frozen=True, slots=True)
class VerificationAnswered:
    """A community officer has answered someone's request to be verified."""

    request_id: int
    person_id: int
    accepted: bool


def announce_answer(request_id: int, person_id: int, *, accepted: bool) -> None:
    """Tell whoever listens, after commit."""
    events.publish(VerificationAnswered(request_id, person_id, accepted))
