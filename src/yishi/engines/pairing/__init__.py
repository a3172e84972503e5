"""Pairing: which branch with which community, proven best, every pair explained.

    plan = solve(Problem(branches, communities, ties, quotas))
    plan.pairs; plan.certificate
    what_if(plan, (Edit(Act.FORBID, "甲支部", "东社区"),)).cost
    conflict(compiled(problem)) if plan is None

Definition, limits and sources: docs/engines/pairing.md. Files are read by `reader`; `view.as_data`
is an answer as plain data.
"""

from yishi.engines.pairing.conflict import Conflict, conflict
from yishi.engines.pairing.editing import Act, Edit, WhatIf, what_if
from yishi.engines.pairing.model import (
    Branch,
    Community,
    Each,
    Pair,
    PairingError,
    Problem,
    Quota,
    Tie,
    Weights,
)
from yishi.engines.pairing.solving import Plan, solve, solve_compiled
from yishi.engines.pairing.table import Compiled, compiled

__all__ = [
    "Act",
    "Branch",
    "Community",
    "Compiled",
    "Conflict",
    "Each",
    "Edit",
    "Pair",
    "PairingError",
    "Plan",
    "Problem",
    "Quota",
    "Tie",
    "Weights",
    "WhatIf",
    "compiled",
    "conflict",
    "solve",
    "solve_compiled",
    "what_if",
]
