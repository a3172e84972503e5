"""A small participatory budget by approval: most votes first, skip to the next that fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from yishi.engines.words import Text, say


@dataclass(frozen=True, slots=True)
class Funding:
    """What is funded and why not the others. `tied`: groups of projects level in votes and
    cost of which only `places` fit: a draw decides, the money for it is set aside."""

    funded: tuple[str, ...]
    skipped: tuple[str, ...]
    tied: tuple[tuple[tuple[str, ...], int], ...]
    spent: Decimal
    left: Decimal
    steps: tuple[Text, ...]


def fund_by_approval(
    costs: Mapping[str, Decimal],
    votes: Mapping[str, int],
    budget: Decimal,
    lots: Sequence[str] = (),
) -> Funding:
    """Fund projects in the order of their votes; at equal votes the cheaper first; one that
    exceeds what is left is skipped to the next that fits. Projects without a vote are skipped.

    `lots` is the drawn order that decides between projects level in both. Raises `ValueError`
    for a cost that is not positive, a negative budget or a vote for an unknown project.
    """
    if budget < 0 or any(not cost > 0 for cost in costs.values()):
        raise ValueError("costs must be positive and the budget not negative")
    if not votes.keys() <= costs.keys():
        raise ValueError(f"votes for unknown projects: {sorted(votes.keys() - costs.keys())}")
    left = budget
    funded: list[str] = []
    skipped: list[str] = []
    tied: list[tuple[tuple[str, ...], int]] = []
    steps: list[Text] = []

    def rank(name: str) -> tuple[int, Decimal]:
        return -votes.get(name, 0), costs[name]

    for (minus, cost), group in groupby(sorted(sorted(costs), key=rank), key=rank):
        names = list(group)
        fits = min(len(names), int(left // cost)) if minus else 0
        chosen, undecided = _choose(names, fits, lots)
        if undecided:
            tied.append((tuple(undecided), fits - len(chosen)))
        funded += chosen
        skipped += [name for name in names if name not in chosen and name not in undecided]
        steps += [_step(name, chosen, undecided, -minus, cost, left) for name in names]
        left -= fits * cost
    return Funding(tuple(funded), tuple(skipped), tuple(tied), budget - left, left, tuple(steps))


def _choose(names: list[str], fits: int, lots: Sequence[str]) -> tuple[list[str], list[str]]:
    if fits in (0, len(names)):
        return names[:fits], []
    if not set(names) <= set(lots):
        return [], names
    return sorted(names, key=list(lots).index)[:fits], []


def _step(name: str, chosen: list[str], undecided: list[str], votes: int, cost: Decimal, left: Decimal) -> Text:
    if name in chosen:
        verdict = ("入选", "funded")
    elif name in undecided:
        verdict = ("票数和金额相同，须抽签", "level in votes and cost: a draw decides")
    elif votes:
        verdict = ("超出余额，顺延下一项", "exceeds what is left: on to the next that fits")
    else:
        verdict = ("无人赞成", "no votes")
    return say(
        f"{name}：{votes} 票，{cost} 元，余额 {left} 元：{verdict[0]}",
        f"{name}: {votes} votes, ¥{cost}, ¥{left} left: {verdict[1]}",
    )
