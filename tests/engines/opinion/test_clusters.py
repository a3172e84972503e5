"""k-means, silhouettes, agreement: against definitions written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from yishi.engines.compiling import plain_only
from yishi.engines.opinion import polis
from yishi.engines.opinion.clusters import agreement, nearest, silhouettes
from yishi.engines.opinion.grouping import Cells, cells_of, partition, refine

labels = hnp.arrays(np.int64, st.integers(2, 30), elements=st.integers(0, 3))


def slow_silhouette(points, label):
    out = []
    for i, p in enumerate(points):
        far = [np.hypot(*(p - q)) for q in points]
        own = [d for j, d in enumerate(far) if label[j] == label[i] and j != i]
        others = [np.mean([d for j, d in enumerate(far) if label[j] == k]) for k in set(label) - {label[i]}]
        a, b = np.mean(own) if own else 0, min(others, default=0)
        out.append((b - a) / max(a, b) if own and others and max(a, b) > 0 else 0.0)
    return out


@settings(deadline=None)
@given(st.integers(0, 1000))
def test_silhouette_by_its_definition(seed):
    rng = np.random.default_rng(seed)
    points, label = rng.normal(size=(14, 2)), rng.integers(0, 3, 14)
    np.testing.assert_allclose(silhouettes(points, [label])[0], slow_silhouette(points, label.tolist()), atol=1e-12)


def test_a_weighted_point_is_as_many_people_in_one_place():
    rng = np.random.default_rng(1)
    points, label, times = rng.normal(size=(10, 2)), rng.integers(0, 2, 10), rng.integers(1, 4, 10)
    whole = silhouettes(np.repeat(points, times, axis=0), [np.repeat(label, times)])[0]
    part = silhouettes(points, [label], times.astype(float))[0]
    np.testing.assert_allclose(np.repeat(part, times), whole, atol=1e-12)


@settings(deadline=None)
@given(labels)
def test_agreement_is_one_with_itself_under_other_names(label):
    assert agreement(label, (label + 2) % 4) == pytest.approx(1)


def test_agreement_known_values():
    assert agreement(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])) == pytest.approx(-0.5)
    assert agreement(np.array([0, 0, 1, 2]), np.array([0, 0, 1, 1])) == pytest.approx(4 / 7)


def test_ties_go_to_the_first_or_as_in_polis_to_the_last():
    points, centres = np.array([[0.0, 0.0]]), np.array([[1.0, 0.0], [-1.0, 0.0]])
    assert nearest(points, centres).tolist() == [0]
    assert nearest(points, centres, last_wins=True).tolist() == [1]
    with plain_only():
        assert nearest(points, centres).tolist() == [0]
        assert nearest(points, centres, last_wins=True).tolist() == [1]


def test_partition_finds_planted_groups_in_any_order_compiled_or_plain():
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(size=(80, 2)) * 0.2 + c for c in ([0, 0], [3, 0], [0, 3])])
    truth = np.repeat([0, 1, 2], 80)
    for shuffle in range(5):
        order = np.random.default_rng(shuffle).permutation(240)
        centres = partition(cells_of(points[order]), 3, np.random.default_rng(7))
        final, label = refine(points[order], centres)
        assert agreement(label, truth[order]) == 1
        with plain_only():
            again = partition(cells_of(points[order]), 3, np.random.default_rng(7))
        assert np.array_equal(again, centres)
        assert final.shape == (3, 2)


def test_many_people_are_counted_in_cells():
    points = np.random.default_rng(0).normal(size=(9_000, 2))
    cells = cells_of(points)
    assert cells.weights.sum() == 9_000
    assert cells.points.shape[0] < 2_500
    np.testing.assert_allclose(np.average(cells.points, axis=0, weights=cells.weights), points.mean(axis=0))


def test_one_place_is_one_group():
    cells = Cells(np.array([[1.0, 1.0]]), np.array([9.0]))
    assert partition(cells, 3, np.random.default_rng(0)).tolist() == [[1.0, 1.0]]


def test_lloyd_of_polis_drops_empty_clusters():
    points = np.array([[0.0, 0.0], [0.1, 0.0], [5.0, 0.0]])
    centres, label = polis.lloyd(points, np.ones(3), np.array([[0.0, 0.0], [5.0, 0.0], [99.0, 0.0]]), 20)
    assert centres.shape == (2, 2)
    assert label.tolist() == [0, 0, 1]


def test_first_distinct_keeps_row_order():
    points = np.array([[2.0, 0.0], [1.0, 0.0], [2.0, 0.0], [0.0, 0.0]])
    assert polis.first_distinct(points, 2).tolist() == [[2.0, 0.0], [1.0, 0.0]]


def test_a_new_number_of_groups_is_shown_after_four_ticks():
    shown, memory = [], None
    for found in (3, 2, 2, 2, 2, 3, 2, 2):
        memory = polis.Smoother.after(found, memory)
        shown.append(memory.shown)
    assert shown == [3, 3, 3, 3, 2, 2, 2, 2]


def test_fifteen_people_are_in_at_least_and_whoever_was_in_stays():
    counts = np.array([9, 8, 3, 2, 1] + [0] * 15)
    inside = polis.members(counts, 40)
    assert inside.sum() == 15
    assert inside[:5].all()
    before = np.zeros(20, dtype=bool)
    before[19] = True
    assert polis.members(counts, 40, before)[19]
    assert polis.members(np.array([2, 1] * 20), 2).sum() == 20
