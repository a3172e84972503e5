"""What the acts on a decision are done to: the decision, or one of its comments and petitions."""

from typing import Any

from yishi.core import acts
from yishi.decisions import permissions, selectors
from yishi.decisions.models import Decision

PARTS = {"comment": "comments", "petition": "petitions"}


def _part(kind: str, decision: Decision, pk: int) -> Any:
    found = getattr(decision, PARTS[kind]).filter(pk=pk).first()
    if found is not None:
        found.decision = decision
    return found


class Act(acts.Act):
    """An act on a decision; what the procedure refuses is said over the form."""

    home = acts.Home("decisions", "decision", permissions, selectors.get_decision_for, _part, shows_refusals=True)
