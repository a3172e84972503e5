"""Shares, tests, lists: worked by hand where a hand can."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishi.engines.compiling import plain_only
from yishi.engines.opinion.lists import bridging, lower_bound, representative_lists
from yishi.engines.opinion.statistics import (
    Tallies,
    consensus,
    group_informed,
    priorities,
    share_test,
    two_share_test,
)
from yishi.engines.opinion.votes import VoteMatrix


def tallies(agree, disagree, seen) -> Tallies:
    return Tallies(np.array(agree), np.array(disagree), np.array(seen))


def test_one_proportion_by_hand():
    assert share_test(np.array(8), np.array(8)) == pytest.approx(2 * 3 * (9 / 9 - 0.5))


def test_two_proportions_by_hand():
    found = two_share_test(np.array([7]), np.array([9]), np.array([2]), np.array([9]))[0]
    pooled = 11 / 20
    assert found == pytest.approx((0.8 - 0.3) / np.sqrt(pooled * (1 - pooled) * 0.2))
    assert two_share_test(np.array([0]), np.array([0]), np.array([0]), np.array([0]))[0] == 0


def test_counts_by_group_compiled_and_plain():
    rng = np.random.default_rng(0)
    votes = VoteMatrix.from_votes(rng.integers(0, 50, 600), rng.integers(0, 9, 600), rng.integers(-1, 2, 600))
    group = rng.integers(-1, 3, votes.shape[0])
    one = Tallies.of(votes, group, 3)
    with plain_only():
        two = Tallies.of(votes, group, 3)
    dense, seen = votes.signed().toarray(), votes.seen().toarray()
    for g in range(3):
        assert np.array_equal(one.agree[g], (dense[group == g] == 1).sum(axis=0))
        assert np.array_equal(one.disagree[g], (dense[group == g] == -1).sum(axis=0))
        assert np.array_equal(one.seen[g], seen[group == g].sum(axis=0))
    assert all(np.array_equal(getattr(one, n), getattr(two, n)) for n in ("agree", "disagree", "seen"))


def test_what_sets_a_group_apart_comes_first():
    counts = tallies([[30, 15, 2], [2, 15, 2]], [[0, 15, 28], [28, 15, 2]], [[30, 30, 30], [30, 30, 30]])
    found = representative_lists(np.array([10, 11, 12]), counts, np.zeros(3, dtype=bool))
    assert [(e.statement, e.direction) for e in found[0]] == [(10, "agree"), (12, "disagree")]
    assert [(e.statement, e.direction) for e in found[1]][-1] == (10, "disagree")
    removed = np.array([True, False, False])
    assert 10 not in {e.statement for e in representative_lists(np.array([10, 11, 12]), counts, removed)[0]}


def test_without_a_sufficient_statement_the_best_one_stands_for_a_group():
    counts = tallies([[1, 0], [1, 0]], [[1, 0], [1, 0]], [[3, 0], [3, 0]])
    found = representative_lists(np.array([0, 1]), counts, np.zeros(2, dtype=bool))
    assert [len(entries) for entries in found.values()] == [1, 1]
    everything = representative_lists(np.array([0, 1]), counts, np.ones(2, dtype=bool))
    assert everything == {0: [], 1: []}


def test_consensus_needs_a_significant_majority():
    agree, disagree = consensus(tallies([[40, 21, 0, 3]], [[0, 19, 40, 0]], [[40, 40, 40, 3]]))
    assert (agree, disagree) == ([0, 3], [2])


def test_bridging_needs_the_majority_of_every_group():
    counts = tallies([[45, 48, 2, 5], [46, 10, 3, 5]], [[3, 1, 46, 0], [2, 39, 45, 0]], [[50] * 4, [50] * 4])
    counts.seen[:, 3] = 5
    found = bridging(np.arange(4), counts, np.zeros(4, dtype=bool))
    assert [(b.statement, b.direction) for b in found] == [(0, "agree"), (2, "disagree"), (3, "agree")]
    assert found[0].groups == [(45, 50), (46, 50)]
    assert found[0].least == pytest.approx(float(lower_bound(np.array(45), np.array(50))))
    assert bridging(np.arange(4), counts.together(), np.zeros(4, dtype=bool)) == []


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_the_lower_bound_lies_below_the_share_and_rises_with_it(hits, more):
    seen = hits + more
    bound = float(lower_bound(np.array(hits), np.array(seen)))
    assert 0 <= bound <= (hits / seen if seen else 0) + 1e-12
    assert float(lower_bound(np.array(hits + 1), np.array(seen + 1))) >= bound


def test_group_informed_consensus_by_hand():
    agree, disagree = group_informed(tallies([[3, 0], [1, 2]], [[0, 2], [1, 0]], [[4, 2], [2, 2]]))
    assert agree.tolist() == pytest.approx([4 / 6 * 2 / 4, 1 / 4 * 3 / 4])
    assert disagree.tolist() == pytest.approx([1 / 6 * 2 / 4, 3 / 4 * 1 / 4])


def test_priority_by_hand_new_statements_first_and_49_for_meta():
    counts = tallies([[0, 30, 5]], [[0, 10, 5]], [[0, 40, 10]])
    found = priorities(counts, np.array([0.0, 1.0, 0.0]), np.array([False, False, True]))
    assert found[0] == pytest.approx((0.5 * 1 * 0.5 * 9) ** 2)
    assert found[1] == pytest.approx(((1 - 1 / 42) * 2 * 31 / 42 * (1 + 8 * 2**-8)) ** 2)
    assert found[2] == 49
