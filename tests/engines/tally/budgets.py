"""Small budgets made at random, the rules again in the plainest exact way, and real files."""

import json
import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from yishi.engines.tally.budget import Instance, instance_of

DATA = Path(os.environ.get("YISHI_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data") / "pabulib"
real = pytest.mark.skipif(not DATA.is_dir(), reason=f"no Pabulib files at {DATA} (YISHI_DATA names the folder)")
NAMES = ("P1", "P10", "P2", "丁", "丙", "乙", "甲")


def references() -> list[dict[str, Any]]:
    """Outcomes of the approval files as another library computed them."""
    path = DATA / "reference_outcomes.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["results"] if path.is_file() else []
    return [row for row in rows if row["vote_type"] == "approval"]


@st.composite
def budgets(draw: st.DrawFn, most: int = 40) -> Instance:
    """A few projects with small costs, so that ties and exact exhaustion are frequent."""
    costs = draw(st.dictionaries(st.sampled_from(NAMES), st.integers(0, most), max_size=6))
    ballot = st.lists(st.sampled_from(sorted(costs)), unique=True) if costs else st.just([])
    ballots = draw(st.lists(ballot, max_size=12))
    money = draw(st.integers(0, 4 * most))
    scale = draw(st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.01")]))
    named = {f"v{i}": names for i, names in enumerate(ballots)}
    return instance_of({name: cost * scale for name, cost in costs.items()}, named, money * scale)


def naive_shares(instance: Instance, utility: str, raises: int = 0) -> tuple[list[str], list[dict[str, Fraction]]]:
    """Equal shares by the book: every number a fraction, everyone looked at in every round."""
    voters = list(instance.voters)
    likes = {v: {instance.ids[p] for p in instance.ballots[i].tolist()} for i, v in enumerate(voters)}
    cost = {name: Fraction(c, instance.one) for name, c in zip(instance.ids, instance.costs, strict=True)}
    have = {v: Fraction(instance.budget, instance.one * len(voters)) + raises for v in voters}
    funded, paid = [], []
    while True:
        best: tuple[Fraction, str, Fraction] | None = None
        for name in instance.ids:
            fans = sorted(have[v] for v in voters if name in likes[v])
            if name in funded or not fans or not cost[name] or sum(fans) < cost[name]:
                continue
            rest, left = cost[name], len(fans)
            for money in fans:
                if money * left >= rest:
                    break
                rest, left = rest - money, left - 1
            each = rest / left
            rate = each / (cost[name] if utility == "cost" else 1)
            if best is None or (rate, name) < best[:2]:
                best = rate, name, each
        if best is None:
            return funded, paid
        _, name, each = best
        pays = {v: min(have[v], each) for v in voters if name in likes[v] and have[v]}
        for v, amount in pays.items():
            have[v] -= amount
        funded.append(name)
        paid.append(pays)


def naive_completed(instance: Instance, utility: str) -> tuple[list[str], int, str]:
    """Raise every share by one until nothing fits or the budget is exceeded; outcome, raises, why."""
    before: list[str] = []
    cost = dict(zip(instance.ids, instance.costs, strict=True))
    free = {name for name in cost if not cost[name]}
    liked = {instance.ids[p] for p in instance.ballots.places.tolist()}
    for raises in range(10**6):
        funded, _ = naive_shares(instance, utility, raises)
        left = instance.budget - sum(cost[name] for name in funded)
        if left < 0:
            return before, raises - 1, "exceeds"
        if not any(cost[name] <= left for name in liked - free - set(funded)):
            return funded, raises, "exhausted"
        before = funded
    raise AssertionError("never ends")
