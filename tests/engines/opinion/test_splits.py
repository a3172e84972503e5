"""Is there a split at all? The answer does not hang on the lot, on names or on numbers."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from yishi.engines.opinion.mapping import Settings, map_votes
from yishi.engines.opinion.reader import read_conversation
from yishi.engines.opinion.resampling import Replication, Split, answers, replicate
from yishi.engines.opinion.view import as_data
from yishi.engines.opinion.votes import VoteMatrix

DATA = Path(os.environ.get("YISHI_DATA", Path(__file__).parents[4] / "shared" / "data")) / "polis"


@pytest.fixture
def london():
    """24 people."""
    folder = DATA / "london.youth.policing"
    if not folder.exists():
        pytest.skip(f"the open conversations are not at {folder}: set YISHI_DATA")
    return read_conversation(folder)


def triples(votes):
    return votes.participants[votes.row_of_each_vote()], votes.statements[votes.columns], votes.values


def renumbered(votes, seed):
    """The same votes under other numbers of people and statements, and where each of them went."""
    rng = np.random.default_rng(seed)
    people, statements = (rng.permutation(int(names.max()) + 1) for names in (votes.participants, votes.statements))
    who, what, how = triples(votes)
    order = rng.permutation(who.size)
    cast = people[who[order]], statements[what[order]], how[order]
    everyone = {"all_participants": people[votes.participants], "all_statements": statements[votes.statements]}
    return VoteMatrix.from_votes(*cast, **everyone), people, statements


def shuffled(votes, seed):
    """Every statement keeps its votes, people do not: nothing is left to be found."""
    rng, values = np.random.default_rng(seed), votes.values.copy()
    for column in range(votes.shape[1]):
        cast = np.flatnonzero(votes.columns == column)
        values[cast] = rng.permutation(values[cast])
    return replace(votes, values=values)


def test_an_answer_holds_under_every_lot_and_under_other_numbers(conversation):
    read = read_conversation(conversation)
    votes, removed, meta = read.matrix(), read.removed(), read.meta()
    first = map_votes(votes, Settings(removed=removed, meta=meta))
    for seed in (1, 2):
        again = map_votes(votes, Settings(removed=removed, meta=meta, seed=seed))
        assert again.announced == first.announced
        assert np.array_equal(again.groups, first.groups)
    other, people, statements = renumbered(votes, 0)
    again = map_votes(other, Settings(removed=statements[removed].tolist(), meta=statements[meta].tolist()))
    rows = np.searchsorted(again.participants, people[votes.participants])
    assert np.array_equal(again.groups[rows], first.groups)
    np.testing.assert_allclose(again.coordinates[rows], first.coordinates, atol=1e-6)
    assert again.splits == first.splits


@pytest.mark.parametrize("seed", range(8))
def test_few_people_whose_votes_hardly_divide_them_are_not_split(london, seed):
    for removed in (london.removed(), []):
        assert not map_votes(london.matrix(), Settings(removed=removed, seed=seed)).announced


def test_no_shuffle_of_few_peoples_votes_is_split(london):
    votes = london.matrix()
    assert [seed for seed in range(60) if map_votes(shuffled(votes, seed)).announced] == []


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_no_handful_of_people_voting_by_lot_is_split(first):
    found = []
    for seed in range(first, first + 20):
        rng = np.random.default_rng(seed)
        people = int(rng.integers(8, 30))
        cast = np.repeat(np.arange(people), 12), np.tile(np.arange(12), people), rng.integers(-1, 2, 12 * people)
        found += [seed] if map_votes(VoteMatrix.from_votes(*cast)).announced else []
    assert found == []


@pytest.mark.parametrize("people", [16, 30, 200])
def test_two_camps_are_announced_from_sixteen_people_on(people):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        side = np.where(np.arange(people) % 2, 1, -1)[:, None] * rng.choice([-1, 1], 25)
        votes = np.where(rng.random((people, 25)) < 0.8, side, rng.integers(-1, 2, (people, 25))).ravel()
        cast = np.repeat(np.arange(people), 25), np.tile(np.arange(25), people), votes
        found = map_votes(VoteMatrix.from_votes(*cast), Settings(seed=seed))
        assert found.announced
        assert found.centres.shape[0] == 2


def spread_over(mean, spread, times, people=100):
    return Replication.of([mean - spread, mean + spread] * (times // 2), people)


def test_halvings_end_where_more_could_not_change_the_answer(crowd):
    votes = VoteMatrix.from_votes(*crowd(600, 60, 30, camps=3))
    clear = map_votes(votes).splits[3].replication
    assert clear.divisions == 8
    asked = []
    replicate(votes, [2], most=40, enough=lambda tests: asked.append(tests[2].divisions), rng=np.random.default_rng(0))
    assert asked == [8, 16, 24, 32, 40]


def test_large_samples_are_halved_less_often(crowd, monkeypatch):
    votes = VoteMatrix.from_votes(*crowd(100, 20, 10))
    monkeypatch.setattr("yishi.engines.opinion.resampling.MOST_READ", 30 * votes.values.size)
    settled = {"most": 200, "enough": lambda tests: False, "rng": np.random.default_rng(0)}
    assert replicate(votes, [2], **settled)[2].divisions == 30
    monkeypatch.setattr("yishi.engines.opinion.resampling.MOST_READ", 1)
    assert replicate(votes, [2], **settled)[2].divisions == 16


def test_a_mean_near_the_threshold_is_not_enough():
    sure, unsure = spread_over(0.6, 0.1, 40), spread_over(0.45, 0.1, 40)
    assert sure.announced and not sure.solid
    assert unsure.mean > unsure.announced_from and not unsure.announced
    assert not spread_over(0.75, 0.1, 2).announced
    assert Replication.of([0.6] * 40, 10).announced_from > 0.6


def test_all_answers_that_the_errors_allow():
    firm, weak, none = spread_over(0.9, 0.05, 40), spread_over(0.55, 0.02, 80), spread_over(0.1, 0.05, 40)
    near = spread_over(0.62, 0.1, 40)
    assert answers({2: Split(0.3, firm), 3: Split(0.5, none)}) == {(2, True)}
    assert answers({2: Split(0.3, none), 3: Split(0.5, none)}) == {(1, False)}
    assert answers({2: Split(0.3, weak), 3: Split(0.5, none)}) == {(2, False)}
    # the better separated may or may not be firm
    assert answers({2: Split(0.3, firm), 3: Split(0.5, near)}) == {(2, True), (3, True)}
    assert answers({2: Split(0.5, firm), 3: Split(0.3, near)}) == {(2, True)}
    assert answers({}) == {(1, False)}
    assert answers({2: Split(0.3, None), 3: Split(0.4, None)}) == {(3, True)}


def test_where_two_numbers_are_as_good_there_are_fewer_groups(monkeypatch):
    rng = np.random.default_rng(0)
    votes = VoteMatrix.from_votes(np.repeat(np.arange(60), 20), np.tile(np.arange(20), 60), rng.integers(-1, 2, 1200))
    near = spread_over(0.7, 0.4, 60)
    monkeypatch.setattr(
        "yishi.engines.opinion.mapping.replicate", lambda sample, counts, **more: dict.fromkeys(counts, near)
    )
    assert map_votes(votes).centres.shape[0] == 2


def lone(votes, **settings):
    found = map_votes(VoteMatrix.from_votes(*votes), Settings(**settings))
    assert found.centres.shape[0] == 1
    return as_data(found)["summary"][1]


def test_one_group_says_why(crowd):
    camps = crowd(120, 24, 12, camps=2)
    for method in ("yishi", "polis"):
        assert lone(camps, groups=1, method=method) == {"zh": "按要求不分组。", "en": "Not divided, as asked."}
        for vote in (1, 0, -1):
            cast = np.repeat(np.arange(30), 10), np.tile(np.arange(10), 30), np.full(300, vote)
            assert "all voted alike" in lone(cast, method=method)["en"]
    assert "all voted alike" in lone(cast, groups=2)["en"]
    assert "Only 3" in lone(([0, 1, 2] * 8, np.repeat(np.arange(8), 3), [1, -1, 0] * 8))["en"]
    two_ways = np.arange(30), np.zeros(30, int), np.where(np.arange(30) % 2, 1, -1)
    assert "2 places" in lone(two_ways)["en"]
    noise = np.random.default_rng(0).integers(-1, 2, 2_400)
    unclear = lone((np.repeat(np.arange(80), 30), np.tile(np.arange(30), 80), noise))
    assert "at best, below" in unclear["en"] and "没有稳定的分组" in unclear["zh"]
