"""The whole map: independent of arrival, the same bytes, nothing announced that does not come again."""

import json
from dataclasses import replace

import numpy as np
import pytest

from yishi.engines.compiling import plain_only
from yishi.engines.opinion import mapping, people
from yishi.engines.opinion.clusters import agreement
from yishi.engines.opinion.mapping import Settings, map_votes
from yishi.engines.opinion.reader import read_conversation
from yishi.engines.opinion.view import as_data
from yishi.engines.opinion.votes import VoteMatrix

SHUFFLES = 15


def as_bytes(result) -> bytes:
    return json.dumps(as_data(result), ensure_ascii=False).encode()


def triples(votes: VoteMatrix):
    return votes.participants[votes.row_of_each_vote()], votes.statements[votes.columns], votes.values


def test_real_conversations_give_the_same_groups_in_any_order_of_arrival(conversation):
    read = read_conversation(conversation)
    votes = read.matrix()
    who, what, how = triples(votes)
    settings = Settings(removed=read.removed(), meta=read.meta(), divisions=2)
    seen = []
    for shuffle in range(SHUFFLES):
        rng = np.random.default_rng(shuffle)
        # people are numbered as they come, as Polis does
        number = rng.permutation(int(votes.participants.max()) + 1)
        order = rng.permutation(who.size)
        found = map_votes(VoteMatrix.from_votes(number[who[order]], what[order], how[order]), settings)
        row = np.searchsorted(found.participants, number[votes.participants[votes.row_sizes > 0]])
        seen.append(found.groups[row])
    scores = [agreement(a + 1, b + 1) for i, a in enumerate(seen) for b in seen[:i]]
    assert np.mean(scores) >= 0.98
    assert min(scores) == 1.0


def test_same_votes_and_seed_same_bytes_whatever_the_order_of_the_file(crowd):
    who, what, vote = crowd(300, 40, 15)
    settled = triples(VoteMatrix.from_votes(who, what, vote))
    order = np.random.default_rng(5).permutation(settled[0].size)
    one = map_votes(VoteMatrix.from_votes(*settled))
    two = map_votes(VoteMatrix.from_votes(*(c[order] for c in settled)))
    assert as_bytes(one) == as_bytes(two)


@pytest.mark.parametrize("people_and_statements", [(300, 40, 15), (3_000, 220, 20)])
def test_compiled_and_plain_give_the_same_bytes(crowd, people_and_statements):
    votes = VoteMatrix.from_votes(*crowd(*people_and_statements))
    for method in ("yishi", "polis"):
        settings = Settings(method=method, divisions=2)
        one = as_bytes(map_votes(votes, settings))
        with plain_only():
            assert as_bytes(map_votes(votes, settings)) == one


def test_planted_groups_are_found_and_announced(crowd):
    who, what, vote = crowd(600, 60, 30, camps=3)
    found = map_votes(VoteMatrix.from_votes(who, what, vote))
    assert found.announced
    assert found.centres.shape[0] == 3
    assert found.splits[3].replication.mean > 0.8
    assert set(found.representative) == {0, 1, 2}
    assert (np.diff(found.group_sizes) <= 0).all()


@pytest.mark.parametrize("seed", range(6))
def test_votes_without_pattern_are_not_split(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(30, 500))
    votes = VoteMatrix.from_votes(
        np.repeat(np.arange(count), 20), rng.integers(0, 50, count * 20), rng.integers(-1, 2, count * 20)
    )
    found = map_votes(votes)
    assert not found.announced
    assert found.centres.shape[0] == 1
    assert found.bridging == []
    assert found.representative == {}
    assert not any(split.replication.announced for split in found.splits.values())


def test_real_votes_shuffled_within_each_statement_are_not_split(conversation):
    read = read_conversation(conversation)
    votes = read.matrix()
    values = votes.values.copy()
    rng = np.random.default_rng(0)
    for column in range(votes.shape[1]):
        cast = np.flatnonzero(votes.columns == column)
        values[cast] = rng.permutation(values[cast])
    settings = Settings(removed=read.removed(), meta=read.meta())
    assert not map_votes(replace(votes, values=values), settings).announced


def test_asked_groups_are_given_but_not_announced_when_they_do_not_come_again():
    rng = np.random.default_rng(3)
    votes = VoteMatrix.from_votes(np.repeat(np.arange(200), 20), rng.integers(0, 40, 4_000), rng.integers(-1, 2, 4_000))
    found = map_votes(votes, Settings(groups=3))
    assert found.centres.shape[0] == 3
    assert not found.announced
    assert found.bridging == []
    assert "不宜公布" in as_data(found)["summary"][1]["zh"]
    assert map_votes(votes, Settings(groups=1)).centres.shape[0] == 1


def test_removed_and_meta_statements_do_not_shape_the_map(crowd):
    who, what, vote = crowd(200, 40, 20)
    votes = VoteMatrix.from_votes(who, what, vote)
    found = map_votes(votes, Settings(removed=[3], meta=[5]))
    without = map_votes(votes.without(votes.mask_of([3, 5])))
    assert np.array_equal(found.coordinates, without.coordinates)
    assert np.array_equal(found.groups, without.groups)
    data = as_data(found)
    assert "3" not in data["statements"]
    assert data["priorities"]["5"] == 49


def test_many_statements_go_without_the_gram_matrix_and_agree(crowd, monkeypatch):
    votes = VoteMatrix.from_votes(*crowd(400, 200, 30))
    one = map_votes(votes, Settings(divisions=2))
    monkeypatch.setattr(mapping, "GRAM_STATEMENTS", 10)
    two = map_votes(votes, Settings(divisions=2))
    np.testing.assert_allclose(one.coordinates, two.coordinates, atol=3e-6)
    assert np.array_equal(one.groups, two.groups)
    renamed = replace(votes.rows(np.arange(399, -1, -1)), participants=votes.participants)
    three = map_votes(renamed, Settings(divisions=2))
    assert np.array_equal(three.coordinates[::-1], two.coordinates)


def test_few_people_are_not_split():
    votes = VoteMatrix.from_votes([1, 1, 2, 3], [1, 2, 1, 2], [1, -1, 1, 0])
    found = map_votes(votes)
    assert found.centres.shape[0] == 1
    assert not found.announced
    assert "太少" in as_data(found)["summary"][1]["zh"]


@pytest.mark.parametrize("method", ["yishi", "polis"])
def test_the_smallest_conversations(method):
    for votes in (([1], [1], [1]), ([1, 2], [1, 1], [1, -1]), ([1] * 9, range(9), [1] * 9)):
        data = as_data(map_votes(VoteMatrix.from_votes(*votes), Settings(method=method)))
        assert json.loads(json.dumps(data)) == data


def test_no_votes_are_said_to_be_missing():
    empty = VoteMatrix.from_votes(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int), all_statements=[1, 2])
    with pytest.raises(ValueError, match="no vote"):
        map_votes(empty)


@pytest.mark.parametrize("wrong", [{"method": "pca"}, {"groups": 6}, {"groups": 0}, {"divisions": -1}])
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValueError):
        Settings(**wrong)


def test_the_steps_are_told(crowd):
    told = []
    map_votes(VoteMatrix.from_votes(*crowd(100, 20, 10)), Settings(divisions=3), told.append)
    assert told == ["axes", "places", "groups", *["resampling"] * 3, "lists"]


def test_big_crowds_are_sampled_for_the_test_of_the_split(crowd):
    votes = VoteMatrix.from_votes(*crowd(6_000, 60, 12, camps=2))
    found = map_votes(votes, Settings(divisions=2))
    assert found.announced
    assert found.splits[2].replication.people == 4_000
    assert found.certainty.min() >= 0
    assert found.certainty.max() <= 1


def test_people_kept_in_memory_hand_over_known_moments(crowd):
    votes = VoteMatrix.from_votes(*crowd(50, 10, 5))
    kept = people.InMemory(votes)
    assert kept.moments() is kept.moments()
