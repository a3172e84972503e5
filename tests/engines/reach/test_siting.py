"""Siting is compared with every choice there is; its bound with the best of them."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import lengths_from, network, points_on, towns

from yishi.engines.reach import siting
from yishi.engines.reach.demand import merged, pairs_within
from yishi.engines.reach.siting import SCALE, bound_of, exchanged, greedy, site, value
from yishi.engines.reach.streets import MICRO


@st.composite
def coverings(draw, people=14, places=7):
    """A demand out of a chance table: person by place."""
    many = draw(st.integers(1, places))
    rows = draw(st.lists(st.sets(st.integers(0, many - 1)), min_size=1, max_size=people))
    weights = np.array(draw(st.lists(st.integers(0, 9), min_size=len(rows), max_size=len(rows))), np.int64)
    pairs = [(i, p) for i, row in enumerate(rows) for p in sorted(row)]
    person, place = (np.array([x[n] for x in pairs], np.int64) for n in (0, 1))
    return rows, weights, merged(person, place, weights, many)


def best_of_all(rows, weights, many, k):
    return max(
        sum(int(w) for row, w in zip(rows, weights, strict=True) if row & set(choice))
        for choice in combinations(range(many), min(k, many))
    )


@settings(max_examples=200, deadline=None)
@given(coverings(), st.integers(0, 4))
def test_proven_best_is_the_best_of_all_choices(case, k):
    rows, weights, demand = case
    found = site(demand, k, Fraction(0))
    best = best_of_all(rows, weights, demand.candidates, k)
    assert found.covered == best == found.bound
    assert found.gap == 0
    assert len(found.chosen) == len(set(found.chosen)) == min(k, demand.candidates)
    assert sum(found.gains) == found.covered == value(demand, np.array(found.chosen, np.int64))
    assert list(found.gains) == sorted(found.gains, reverse=True)


@settings(max_examples=150, deadline=None)
@given(coverings(), st.integers(1, 4), st.data())
def test_any_prices_give_a_bound_and_exchanges_never_harm(case, k, data):
    rows, weights, demand = case
    k = min(k, demand.candidates)
    part = st.integers(0, SCALE)
    prices = np.array([data.draw(part) * int(w) for w in demand.weight], np.int64)
    best = best_of_all(rows, weights, demand.candidates, k)
    assert bound_of(demand, prices, k)[0] >= best
    first = greedy(demand, k)
    assert value(demand, first) <= value(demand, exchanged(demand, np.sort(first))) <= best
    loose = site(demand, k, Fraction(1, 10))
    assert loose.covered <= best <= loose.bound
    assert loose.gap <= Fraction(1, 10)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(0, 300 * MICRO))
def test_pairs_are_those_that_networkx_finds(data, limit):
    streets = data.draw(towns())
    places, people = data.draw(points_on(streets)), data.draw(points_on(streets))
    limits = np.array([limit // (1 + i % 2) for i in range(len(people))], np.int64)
    graph = network(streets, places, people)
    away = [lengths_from(graph, (0, p)) for p in range(len(places))]
    expected = [
        (i, p) for i in range(len(people)) for p in range(len(places)) if away[p].get((1, i), 1 << 62) <= limits[i]
    ]
    assert list(zip(*(x.tolist() for x in pairs_within(streets, places, people, limits)), strict=True)) == expected


def test_people_are_merged_by_their_places_whatever_the_hashes_say(monkeypatch):
    person, place = np.array([0, 0, 1, 1, 2, 3, 3]), np.array([0, 1, 0, 1, 1, 0, 1])
    weights = np.array([1, 2, 4, 0])
    demand = merged(person, place, weights, 2)
    assert sorted(demand.weight.tolist()) == [3, 4]
    one = merged(np.array([0, 1, 2]), np.array([0, 1, 0]), np.array([1, 2, 4]), 2)
    assert sorted(one.weight.tolist()) == [2, 5]
    assert one.total == 7


def test_a_large_question_is_proven_near_by_prices_alone(monkeypatch):
    rng = np.random.default_rng(11)
    where, spot = rng.random((4_000, 2)), rng.random((300, 2))
    near = np.hypot(*(where[:, None, :] - spot[None]).transpose(2, 0, 1)) < 0.06
    person, place = np.nonzero(near)
    demand = merged(person, place, rng.integers(1, 9, 4_000), 300)
    monkeypatch.setattr(siting, "MOST_FOR_HIGHS", 0)
    found = site(demand, 30, Fraction(1, 100))
    assert found.by == "prices"
    assert found.gap <= Fraction(1, 100)
    assert found == site(demand, 30, Fraction(1, 100))


def test_nothing_to_cover_and_nonsense():
    empty = merged(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), 3)
    found = site(empty, 2)
    assert (found.covered, found.bound, found.gap, found.chosen) == (0, 0, 0, (0, 1))
    assert found.useful == []
    with pytest.raises(ValueError, match="negative"):
        site(empty, -1)
    for gap in (Fraction(2), Fraction(-1, 2)):
        with pytest.raises(ValueError, match="lies from 0 to 1"):
            site(empty, 1, gap)


@settings(max_examples=100, deadline=None)
@given(coverings(), st.integers(1, 5))
def test_a_place_that_adds_nobody_is_chosen_only_where_none_adds_anyone(case, k):
    _, _, demand = case
    found = site(demand, k, Fraction(1, 2))
    assert list(found.gains) == sorted(found.gains, reverse=True)
    if not all(found.gains):
        useful = np.array([c for c, _ in found.useful], np.int64)
        assert all(value(demand, np.append(useful, c)) == found.covered for c in range(demand.candidates))
