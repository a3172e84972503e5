"""What a covenant's text holds that law does not bear: shown to drafters, readers and the reviewer; decides nothing."""

from dataclasses import dataclass

from yishi.decisions import rules
from yishi.decisions.models import Decision, MotionVersion
from yishi.engines.procedure import find_clauses

PROCEDURE = "covenant"


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """A clause as a page says it."""

    title: str
    sentence: str
    why: str
    instead: str
    clause: str


def flagged_clauses(decision: Decision, version: MotionVersion | None) -> list[ShownFlag]:
    """Clauses of this version to look at before the vote; none where the decision is not a covenant."""
    if decision.procedure != PROCEDURE or version is None:
        return []
    said = rules.spoken
    return [
        ShownFlag(said(f.kind.title), f.sentence, said(f.kind.why), said(f.kind.instead), said(f.kind.clause))
        for f in find_clauses(version.text)
    ]
