"""A map kept up to date vote by vote is the map drawn afresh."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishi.engines.opinion import live as live_module
from yishi.engines.opinion import mapping
from yishi.engines.opinion.live import OpinionMap
from yishi.engines.opinion.mapping import Settings, map_votes
from yishi.engines.opinion.moments import CoMoments
from yishi.engines.opinion.view import as_data
from yishi.engines.opinion.votes import VoteMatrix

FAST = Settings(divisions=1)
votes_of = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 14), st.sampled_from([-1, 0, 1])), min_size=1, max_size=60
)


def matrix(votes) -> VoteMatrix:
    return VoteMatrix.from_votes(*(np.array([v[i] for v in votes]) for i in range(3)))


@settings(max_examples=40, deadline=None)
@given(votes_of, st.lists(votes_of, min_size=1, max_size=3))
def test_votes_added_one_by_one_give_the_map_of_all(first, later):
    live = OpinionMap(matrix(first), FAST)
    for batch in later:
        live.update(batch)
        live.axes()
    every = matrix(first + [v for batch in later for v in batch])
    assert json.dumps(as_data(live.result())) == json.dumps(as_data(map_votes(every, FAST)))
    fresh, kept = CoMoments.of(every), live._moments
    assert all(np.array_equal(getattr(fresh, n), getattr(kept, n)) for n in "NAB")


def test_axes_refreshed_are_those_of_all_votes(crowd):
    who, what, vote = crowd(700, 200, 25)
    live = OpinionMap(VoteMatrix.from_votes(who[:-50], what[:-50], vote[:-50], all_statements=np.arange(200)))
    live.axes()
    live.update(zip(who[-50:].tolist(), what[-50:].tolist(), vote[-50:].tolist(), strict=True))
    found = live.axes()
    fresh = live.result().axes
    assert np.array_equal(live._gram, CoMoments.of(live.matrix()).gram())
    np.testing.assert_allclose(np.abs((found.vectors * fresh.vectors).sum(axis=1)), 1, atol=1e-9)
    assert found.residual <= 1e-9


def test_the_result_is_kept_until_the_next_vote(crowd):
    live = OpinionMap(VoteMatrix.from_votes(*crowd(60, 12, 8)), FAST)
    first = live.result()
    assert live.result() is first
    live.update([(0, 0, 1)])
    assert live.result() is not first


def test_a_vote_that_is_none_is_refused_and_not_counted():
    live = OpinionMap(matrix([(1, 1, 1), (2, 1, -1), (2, 2, 0)]), FAST)
    with pytest.raises(ValueError, match="no vote"):
        live.update([(1, 2, 5)])
    with pytest.raises(ValueError, match="whole numbers or all texts"):
        live.update([("甲", 2, 1)])
    assert live.matrix().values.size == 3


@pytest.mark.parametrize(
    "wrong",
    [
        (None, 1, 1),
        (1.5, 1, 1),
        (True, 1, 1),
        (1, None, 1),
        (1, 1.5, 1),
        (1, True, 1),
        (1, 1, True),
        (1, 1, 1.5),
        (1, 1, None),
        (1, 2**63, 1),
        ((1, 2), 1, 1),
        (1, 1),
        "甲",
    ],
)
def test_what_is_no_name_is_refused_and_the_map_goes_on(wrong):
    live = OpinionMap(matrix([(1, 1, 1), (2, 1, -1), (2, 2, 0)]), FAST)
    before = json.dumps(as_data(live.result()))
    with pytest.raises(ValueError):
        live.update([(7, 1, 1), wrong])
    assert json.dumps(as_data(live.result())) == before
    live.update([(7, 1, 1)])
    assert live.matrix().participants.tolist() == [1, 2, 7]


def test_an_empty_map_takes_the_first_kind_of_name():
    empty = np.zeros(0, dtype=np.int64)
    live = OpinionMap(VoteMatrix.from_votes(empty, empty, empty), FAST)
    with pytest.raises(ValueError, match="all whole numbers or all texts"):
        live.update([("甲", "一", 1), (2, "一", 1)])
    live.update([("甲", "一", 1), ("乙", "一", -1)])
    assert live.matrix().participants.tolist() == ["乙", "甲"]


def test_names_may_be_texts():
    live = OpinionMap(VoteMatrix.from_votes(np.array(["b"]), np.array(["y"]), np.array([1])), FAST)
    live.update([("a", "x", -1)])
    assert live.matrix().participants.tolist() == ["a", "b"]
    assert live.matrix().statements.tolist() == ["x", "y"]


def test_with_very_many_statements_there_are_no_tables_but_the_same_map(crowd, monkeypatch):
    monkeypatch.setattr(live_module, "GRAM_STATEMENTS", 30)
    monkeypatch.setattr(mapping, "GRAM_STATEMENTS", 30)
    who, what, vote = crowd(80, 34, 20)
    first = what < 29
    live = OpinionMap(VoteMatrix.from_votes(who[first], what[first], vote[first]), FAST)
    live.axes()
    live.update(zip(who[~first].tolist(), what[~first].tolist(), vote[~first].tolist(), strict=True))
    assert live._moments is None
    assert live.axes().residual <= 1e-9
    fresh = map_votes(VoteMatrix.from_votes(who, what, vote), FAST)
    assert json.dumps(as_data(live.result())) == json.dumps(as_data(fresh))


def test_axes_of_new_statements_have_no_spare_columns(crowd):
    who, what, vote = crowd(300, 40, 15)
    first = what < 38
    live = OpinionMap(VoteMatrix.from_votes(who[first], what[first], vote[first]), FAST)
    live.update(zip(who[~first].tolist(), what[~first].tolist(), vote[~first].tolist(), strict=True))
    found = live.axes()
    assert found.vectors.shape == (2, 40)
    arrived = np.argsort(list(live._column_of))
    fresh = live.result().axes
    alike = np.abs((found.vectors[:, arrived] * fresh.vectors).sum(axis=1))
    np.testing.assert_allclose(alike, 1, atol=1e-9)
