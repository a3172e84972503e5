"""Answers to "may this be done?": a verdict with its reason and its clause."""

from dataclasses import dataclass

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be done, why, by which clause, and what can be done now.

    ``hidden`` marks a refusal that must not reveal that the thing exists: it is
    answered as 404.
    """

    allowed: bool
    reason: Words = ""
    clause: Words = ""
    what_now: Words = ""
    hidden: bool = False

    def __bool__(self) -> bool:
        return self.allowed


class Refusal(Exception):
    """A verdict that says no, on its way to the person who asked."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict.reason))
        self.verdict = verdict


YES = Verdict(True)


def no(reason: Words, clause: Words = "", what_now: Words = "") -> Verdict:
    """A refusal in plain words."""
    return Verdict(False, reason, clause, what_now)


def hidden(reason: Words = "") -> Verdict:
    """A refusal that does not say whether the thing exists."""
    return Verdict(False, reason, hidden=True)


def require(verdict: Verdict) -> None:
    """Go on only if allowed.

    Raises:
        Refusal: with the verdict.
    """
    if not verdict:
        raise Refusal(verdict)


def first_refusal(*verdicts: Verdict) -> Verdict:
    """The first verdict that says no, else yes."""
    return next((v for v in verdicts if not v), YES)
