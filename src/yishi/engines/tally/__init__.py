"""Exact counting: rolls and weights, ballots, lines to reach, contests, small budgets.

See docs/engines/tally.md.
"""

from yishi.engines.tally.ballots import Ballot, Tally, count_ballots, owners_values, reconcile
from yishi.engines.tally.contests import Approval, Contest, approval, plurality, runoff_candidates
from yishi.engines.tally.funding import Funding, fund_by_approval
from yishi.engines.tally.lines import Condition, Line, Quantity, Verdict, judge
from yishi.engines.tally.rolls import (
    Person,
    Roll,
    RollError,
    Unit,
    Weight,
    full_capacity,
    members_roll,
    owners_roll,
)

__all__ = [
    "Approval",
    "Ballot",
    "Condition",
    "Contest",
    "Funding",
    "Line",
    "Person",
    "Quantity",
    "Roll",
    "RollError",
    "Tally",
    "Unit",
    "Verdict",
    "Weight",
    "approval",
    "count_ballots",
    "full_capacity",
    "fund_by_approval",
    "judge",
    "members_roll",
    "owners_roll",
    "owners_values",
    "plurality",
    "reconcile",
    "runoff_candidates",
]
