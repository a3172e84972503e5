"""Equal shares and greedy: against the plainest exact implementation, and what must always hold."""

import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.tally.budgets import budgets, naive_completed, naive_shares

from yishi.engines import compiling
from yishi.engines.tally.budget import equal_shares, greedy, instance_of, payments, plain, shares, sweeps
from yishi.engines.tally.budget.accounts import SMALLEST, Accounts, Cap

utilities = st.sampled_from(["cost", "cardinality"])


@pytest.fixture(params=["compiled", "as written", "plain"])
def swept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The same sweeps compiled, as Python runs them, and in NumPy."""
    if request.param == "plain":
        return plain
    if request.param == "compiled":
        return sweeps
    monkeypatch.setattr(sweeps, "level", getattr(sweeps.level, "py_func", sweeps.level))
    kernels = (sweeps.pick, sweeps.split, sweeps.pay)
    return SimpleNamespace(**{k.__name__: getattr(k, "__wrapped__", k) for k in kernels})


def names(result: Any) -> list[str]:
    return [result.instance.ids[p] for p in result.chosen]


def test_equal_to_the_plainest_exact_rule(swept: Any) -> None:
    @settings(deadline=None, max_examples=300)
    @given(budgets(), utilities)
    def check(instance: Any, utility: Any) -> None:
        result = equal_shares(instance, utility, sweeps=swept)
        funded, paid = naive_shares(instance, utility) if instance.voters else ([], [])
        assert names(result)[len(result.free) :] == funded
        traced = defaultdict(dict)
        for one in payments(result):
            traced[one.round - 1][one.voter] = one.paid
        assert [traced[k] for k in range(len(funded))] == paid

    check()


@settings(deadline=None, max_examples=60)
@given(budgets(most=12), utilities)
def test_completion_is_the_plainest_one(instance: Any, utility: Any) -> None:
    result = equal_shares(instance, utility, "add1")
    if not instance.voters:
        assert result.chosen == ()
        return
    funded, raises, stop = naive_completed(instance, utility)
    assert (names(result)[len(result.free) :], result.raises, result.stop) == (funded, raises, stop)
    assert [instance.ids[p] for p in result.first] == naive_shares(instance, utility)[0]


@settings(deadline=None)
@given(budgets(), utilities, st.sampled_from(["none", "add1"]))
def test_payments_sum_to_costs_and_nobody_overpays(instance: Any, utility: Any, completion: Any) -> None:
    result = equal_shares(instance, utility, completion)
    of_project: dict[str, Fraction] = defaultdict(Fraction)
    of_voter: dict[str, Fraction] = defaultdict(Fraction)
    likes = {v: {instance.ids[p] for p in instance.ballots[i].tolist()} for i, v in enumerate(instance.voters)}
    for one in payments(result):
        assert one.paid > 0
        assert one.project in likes[one.voter]
        of_project[one.project] += one.paid
        of_voter[one.voter] += one.paid
    costs = {name: Fraction(c, instance.one) for name, c in zip(instance.ids, instance.costs, strict=True)}
    assert of_project == {name: costs[name] for name in names(result) if costs[name]}
    assert all(paid <= result.share / instance.one for paid in of_voter.values())
    assert result.spent <= instance.budget


@settings(deadline=None)
@given(budgets(), utilities, st.randoms(use_true_random=False))
def test_the_order_of_voters_does_not_matter(instance: Any, utility: Any, rng: random.Random) -> None:
    likes = [(v, [instance.ids[p] for p in instance.ballots[i].tolist()]) for i, v in enumerate(instance.voters)]
    rng.shuffle(likes)
    costs = {name: instance.money(c) for name, c in zip(instance.ids, instance.costs, strict=True)}
    turned = instance_of(costs, dict(likes), instance.money(instance.budget))
    one, other = equal_shares(instance, utility, "add1"), equal_shares(turned, utility, "add1")
    assert (names(one), one.raises, one.share / instance.one) == (names(other), other.raises, other.share / turned.one)
    assert sorted(payments(one)) == sorted(payments(other))
    assert names(greedy(instance, utility)) == names(greedy(turned, utility))


@given(budgets(), utilities)
def test_greedy_takes_the_next_that_fits_and_skips_only_what_does_not(instance: Any, utility: Any) -> None:
    result = greedy(instance, utility)
    left = instance.budget
    assert sorted(result.order) == list(range(len(instance.ids)))
    for project, before in zip(result.order, result.left_before, strict=True):
        assert before == left
        assert (project in result.chosen) == (instance.costs[project] <= left)
        left -= instance.costs[project] if project in result.chosen else 0
    assert result.spent == instance.budget - left <= instance.budget
    asked = [p for p in result.order if instance.votes[p] and instance.costs[p]]
    worth = [Fraction(instance.votes[p], instance.costs[p] if utility == "cardinality" else 1) for p in asked]
    assert worth == sorted(worth, reverse=True)


def test_near_ties_beyond_floats_are_decided_exactly(swept: Any) -> None:
    """Caps that differ by less than a float can tell: 10^14 / 3 against one unit less or more."""
    big = 10**14
    for more, first in ((-1, "乙"), (0, "丙"), (1, "丙")):
        costs = {"乙": 3 * big + more, "丙": 3 * big}
        likes = {f"{name}{i}": [name] for name in costs for i in range(3)}
        result = equal_shares(instance_of(costs, likes, 9 * big), "cardinality", sweeps=swept)
        assert names(result)[0] == (first if more else "丙")


def test_supporters_with_exactly_the_cost_can_pay_it(swept: Any) -> None:
    """Sixty of seventy voters have six sevenths of the budget, to the last part; a unit less is not enough."""
    likes = {f"v{i}": ["甲"] if i < 60 else ["乙"] for i in range(70)}
    for short in (0, 1):
        budget = 7 * 10**14 - short
        result = equal_shares(instance_of({"甲": 6 * 10**14, "乙": 10**14}, likes, budget), sweeps=swept)
        assert set(names(result)) == (set() if short else {"甲", "乙"})
        assert all(one.paid == 10**13 for one in payments(result))


def test_whoever_is_emptied_pays_no_more(swept: Any) -> None:
    likes = {"1": "abg", "2": "ab", "3": "a", "4": "bg"}
    result = equal_shares(instance_of({"a": 12, "b": 5, "g": 2}, likes, 20), sweeps=swept)
    paid = [(one.voter, one.project, one.paid) for one in payments(result)]
    assert names(result) == ["a", "g", "b"]
    assert paid == [
        ("1", "a", 4),
        ("1", "g", 1),
        ("2", "a", 4),
        ("2", "b", 1),
        ("3", "a", 4),
        ("4", "g", 1),
        ("4", "b", 4),
    ]


def test_a_wrong_estimate_costs_time_and_not_truth() -> None:
    """Caps come from exact numbers whatever the sweeps guess; bounds that were too low are looked at again."""

    def misled(*given: Any) -> float:
        limit, low, cap, fresh = given[0], given[6], given[7], given[8].copy()
        best = plain.pick(*given)
        seen = fresh != given[8]
        cap[seen] *= 1.5
        low[seen] *= 0.5
        return best * 0.7 if seen.any() else limit

    wrong = SimpleNamespace(pick=misled, split=plain.split, pay=plain.pay)

    @settings(deadline=None, max_examples=150)
    @given(budgets(), utilities)
    def check(instance: Any, utility: Any) -> None:
        right = equal_shares(instance, utility, sweeps=plain)
        other = equal_shares(instance, utility, sweeps=wrong)
        assert right.chosen == other.chosen
        assert list(payments(right)) == list(payments(other))

    check()


@pytest.mark.parametrize("guess", [1e-9, 1.0, 3.0, 1e9])
def test_an_exact_cap_from_any_guess(guess: float) -> None:
    instance = instance_of({"甲": 9, "乙": 2}, {"a": ["甲", "乙"], "b": ["甲", "乙"], "c": ["甲"], "d": ["甲"]}, 12)
    accounts = Accounts(instance, plain, 12, 4)
    first = accounts.cap(0, guess)
    assert first is not None
    accounts.choose(0, first)
    assert accounts.price(0) == 1
    second = accounts.cap(1, guess)
    assert second is not None
    assert Fraction(second.rest, second.rich * accounts.denominator) == Fraction(5, 2)
    accounts.choose(1, second)
    assert accounts.left_of(1) == 1
    assert accounts.cap(1, guess) is None


def test_a_remainder_too_small_for_a_float_still_counts() -> None:
    """Voters stay in funds by whatever is left, as exact numbers say, never by a float's zero."""
    instance = instance_of({"甲": 4}, {"a": ["甲"], "b": ["甲"]}, 4)
    accounts = Accounts(instance, plain, 4, 2)
    rich = 10**400
    accounts.choose(0, Cap(4 * rich - 1, rich, 0.0, np.inf, [(4, [0])]))
    assert accounts.money.tolist() == [SMALLEST, 2.0]
    assert accounts.emptied.tolist() == [-1, -1]


def test_without_voters_or_projects_nothing_is_funded() -> None:
    assert equal_shares(instance_of({"甲": 1}, {}, 5), "cost", "add1").chosen == ()
    assert equal_shares(instance_of({}, {"a": []}, 5), "cost", "add1").stop == "exhausted"
    assert greedy(instance_of({}, {}, 0)).chosen == ()


def test_completion_that_would_never_end_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST_RAISES", 3)
    instance = instance_of({"甲": 10, "乙": 90}, {"a": ["乙"], **{f"v{i}": [] for i in range(9)}}, 100)
    with pytest.raises(shares.TooManyRaises, match="larger unit") as caught:
        equal_shares(instance, "cost", "add1")
    assert "更大的货币单位" in caught.value.zh


def test_large_inputs_are_swept_compiled_and_small_ones_not() -> None:
    assert shares.fitting_sweeps(10) is plain
    with compiling.plain_only():
        assert shares.fitting_sweeps(10**6) is plain
    if compiling.compiled_available():
        assert shares.fitting_sweeps(10**6) is sweeps


def test_impossible_amounts_are_refused() -> None:
    for costs, budget in (({"甲": -1}, 5), ({"甲": 1}, -5), ({"甲": 10**15}, 5)):
        with pytest.raises(ValueError, match="negative"):
            instance_of(costs, {}, budget)
    with pytest.raises(ValueError, match="six decimals"):
        instance_of({"甲": Decimal("0.1234567")}, {}, 1)
    with pytest.raises(ValueError, match="six decimals"):
        instance_of({"甲": Decimal("0.01")}, {}, 10**14)
    with pytest.raises(ValueError, match="unknown"):
        instance_of({"甲": 1}, {"a": ["乙"]}, 1)
