"""Greedy by approval: the best first, and the next that fits where one does not."""

from dataclasses import dataclass
from fractions import Fraction

from yishi.engines.tally.budget.instance import Instance
from yishi.engines.tally.budget.shares import Utility


@dataclass(frozen=True)
class Greedy:
    """Funded projects in order, and what was left when each project's turn came, in the smallest unit."""

    instance: Instance
    utility: Utility
    order: tuple[int, ...]
    chosen: tuple[int, ...]
    left_before: tuple[int, ...]

    @property
    def spent(self) -> int:
        """What the funded projects cost, in the smallest unit."""
        return self.instance.cost_of(self.chosen)


def greedy(instance: Instance, utility: Utility = "cost") -> Greedy:
    """Fund in the order of approvals (`cost`: utility per money is the number of votes) or of
    approvals per money (`cardinality`); level projects by id. One that exceeds what is left is
    skipped. Projects without a vote come last and are funded if they fit; one that costs nothing
    comes first by cardinality and last by cost, which it has none of. All as the reference does.
    """
    votes, costs = instance.votes, instance.costs

    def rank(project: int) -> tuple[int, Fraction, int]:
        cost, liked = costs[project], votes[project]
        if not liked or (not cost and utility == "cost"):
            return 2, Fraction(0), project
        if not cost:
            return 0, Fraction(0), project
        return 1, Fraction(-liked, cost if utility == "cardinality" else 1), project

    order = tuple(sorted(range(len(costs)), key=rank))
    chosen, before = [], []
    left = instance.budget
    for project in order:
        before.append(left)
        if costs[project] <= left:
            chosen.append(project)
            left -= costs[project]
    return Greedy(instance, utility, order, tuple(chosen), tuple(before))
