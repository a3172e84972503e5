"""The plan is the best there is: beside trying everything, beside SciPy, and by its own proof."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from small import best_score, keeps, problems

from yishi.engines.pairing import (
    Branch,
    Community,
    Each,
    PairingError,
    Problem,
    Quota,
    Weights,
    compiled,
    solve,
    solve_compiled,
)
from yishi.engines.pairing.certificate import verified
from yishi.engines.pairing.flow import cheapest, prices
from yishi.engines.pairing.network import best_pairs, framed, network, rough_prices


def of_table(table, low=1, column_high=1, quotas=(), institutions=None):
    n, m = table.shape
    branches = tuple(Branch(f"b{i:05}", institution=(institutions[i],) if institutions else (), low=low) for i in range(n))  # fmt: skip
    communities = tuple(Community(f"c{j:05}", high=column_high) for j in range(m))
    return compiled(Problem(branches, communities, quotas=quotas), table)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_equal_to_trying_everything(problem):
    numbers = compiled(problem)
    plan = solve(problem)
    best = best_score(numbers)
    assert (plan is None) == (best is None)
    if plan is not None:
        assert plan.total == best
        assert plan.certificate.proven
        assert plan.certificate.bound == best
        assert keeps(numbers, {divmod(k, numbers.shape[1]) for k in plan.keys.tolist()})


@settings(max_examples=60, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(problem, chance):
    shuffled = replace(
        problem,
        branches=tuple(chance.sample(problem.branches, len(problem.branches))),
        communities=tuple(chance.sample(problem.communities, len(problem.communities))),
        ties=tuple(chance.sample(problem.ties, len(problem.ties))),
    )
    one, other = solve(problem), solve(shuffled)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.pairs == other.pairs


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(0, 10**6), st.booleans())
def test_one_to_one_equals_scipy(size, seed, coarse):
    table = np.random.default_rng(seed).integers(-5 if coarse else -(10**6), 5 if coarse else 10**6, (size, size))
    plan = solve_compiled(of_table(table))
    rows, columns = linear_sum_assignment(table, maximize=True)
    assert plan is not None
    assert plan.total == table[rows, columns].sum()
    assert plan.certificate.proven


@pytest.mark.parametrize("n", [300, 1_900])
def test_many_to_one_equals_scipy_on_the_expanded_square(n):
    m = n // 12
    table = np.random.default_rng(n).integers(0, 10**6, (n, m))
    places = -(-n // m)
    plan = solve_compiled(of_table(table, column_high=places))
    rows, columns = linear_sum_assignment(np.repeat(table, places, axis=1), maximize=True)
    assert plan is not None
    assert plan.total == table[rows, columns // places].sum()
    assert plan.certificate.proven
    assert plan.certificate.outside > 0


def test_a_wrong_plan_is_not_proven():
    problem = of_table(np.array([[5, 1], [4, 3]]))
    frame = framed(problem)
    net = network(problem, frame, best_pairs(problem, 2, rough_prices(problem)))
    flow = cheapest(net)
    assert flow is not None
    price = prices(net, flow)
    assert verified(problem, frame, net, flow, price).proven
    for place in range(net.tail.size):
        wrong = flow.copy()
        wrong[place] += 1
        assert not verified(problem, frame, net, wrong, price).proven
    worse = cheapest(net, cost=-net.cost)
    assert worse is not None
    assert not verified(problem, frame, net, worse, price).proven
    with pytest.raises(ArithmeticError):
        prices(net, worse)


def test_a_pair_the_solver_never_saw_refutes_the_proof():
    problem = of_table(np.array([[5, 9], [4, 3]]))
    frame = framed(problem)
    net = network(problem, frame, np.array([0, 2, 3]))
    flow = cheapest(net)
    assert flow is not None
    assert not verified(problem, frame, net, flow, prices(net, flow)).proven


def test_ties_are_drawn_by_names_and_seed_alone():
    branches = tuple(Branch(f"支部{k}") for k in range(9))
    communities = tuple(Community(f"社区{k}", high=1) for k in range(9))
    plans = {solve(Problem(branches, communities, seed=seed)).pairs for seed in range(5)}
    assert len(plans) > 1
    again = solve(Problem(branches[::-1], communities[::-1], seed=3))
    assert again.pairs == solve(Problem(branches, communities, seed=3)).pairs


def test_distance_is_whole_metres_and_a_measured_one_replaces_the_straight_line():
    one = Problem((Branch("甲", place=(0, 0)),), (Community("东", place=(3000, 1000)),))
    assert compiled(one).table.item() == -3162
    from yishi.engines.pairing import Tie

    assert compiled(replace(one, ties=(Tie("甲", "东", bond=2, past=1, metres=4500),))).table.item() == 8500


def test_nested_quotas_stay_a_flow_and_crossing_ones_are_solved_too():
    table = np.random.default_rng(1).integers(0, 100, (12, 4))
    organs = [f"o{k % 3}" for k in range(12)]
    nested = of_table(table, column_high=4, quotas=(Quota("每机构每社区", each=Each.COMMUNITY, high=2, by_institution=True),), institutions=organs)  # fmt: skip
    assert framed(nested).crossing == ()
    plan = solve_compiled(nested)
    assert plan.certificate.method == "prices"
    cross = (
        Quota("一", ("o0", "o1"), ("c00000", "c00001"), high=2),
        Quota("二", ("o1", "o2"), ("c00001", "c00002"), high=2),
    )
    crossed = solve_compiled(of_table(table, column_high=4, quotas=cross, institutions=organs))
    assert crossed.certificate.proven
    assert crossed.certificate.method == "solver bound"
    assert crossed.total <= solve_compiled(of_table(table, column_high=4)).total


@pytest.mark.parametrize(
    "problem",
    [
        Problem((), ()),
        Problem((Branch("甲"), Branch("甲")), (Community("东"),)),
        Problem((Branch("甲", low=2, high=1),), (Community("东"),)),
        Problem((Branch("甲", {"法律": 101}),), (Community("东"),)),
        Problem((Branch("甲"),), (Community("东"),), fixed=frozenset({("乙", "东")})),
        Problem((Branch("甲"),), (Community("东"),), quotas=(Quota("额", ("乙",)),)),
        Problem((Branch("甲"),), (Community("东"),), weights=Weights(fit=-1)),
        Problem(tuple(Branch(f"b{k}") for k in range(30_001)), (Community("东"),)),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(problem):
    with pytest.raises(PairingError) as refusal:
        solve(problem)
    assert refusal.value.zh
    assert refusal.value.en
