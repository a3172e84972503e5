"""Duplicates and hot topics: a made-up town, hand-labelled real pairs, and properties."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from yishi.engines.triage import similar
from yishi.engines.triage.candidates import likeness_of
from yishi.engines.triage.duplicates import conflicts, duplicates, duplicates_of, evidence, groups
from yishi.engines.triage.joining import linked
from yishi.engines.triage.similar import Message, Pairs, SimilarIndex
from yishi.engines.triage.tables import messages_of
from yishi.engines.triage.topics import FORMULA, TopicMap, heat_of, joined

PIT = "阳光花园三栋门口有个大坑，下雨积水，老人摔倒过"
TOWN = [
    Message(PIT, "阳光花园三栋门口路面有坑", day=10.0, person="a", likes=3),
    Message("三栋门口那个坑还没补，昨天又有人摔了", "阳光花园三栋门口的坑没人修", day=12.5, person="b"),
    Message("楼下烧烤店营业到凌晨，油烟很大", "东华里烧烤店油烟扰民", day=11.0, person="c"),
    Message("烧烤店油烟直排，东华里居民不敢开窗", "东华里烧烤店油烟直排", day=14.0, person="d", dislikes=1),
    Message("幼儿园学位太少，孩子报不上名", "河西幼儿园学位不够", day=9.0, person="e"),
    Message("阳光花园三栋门口的坑积水，请修路", "阳光花园三栋门口大坑积水", day=13.0, person="f"),
    Message("公交车班次太少", "三桥路公交等太久", day=3.0, person="g"),
]


def town() -> SimilarIndex:
    index = SimilarIndex()
    index.add(TOWN)
    return index


def test_the_same_cause_told_differently_is_found_with_what_is_shared() -> None:
    found = duplicates(town())
    assert {(d.first, d.second) for d in found} == {(0, 1), (0, 5), (1, 5), (2, 3)}
    pit = next(d for d in found if (d.first, d.second) == (0, 1))
    assert any("阳光花园三栋门口" in w for w in pit.evidence.words)
    assert pit.evidence.days == 2.5
    assert "相隔" in pit.evidence.sentence["zh"]
    assert groups(found, len(TOWN)) == [[0, 1, 5], [2, 3]]


def test_the_same_words_in_another_county_are_no_duplicate() -> None:
    one, other = Message("甲丰县城关镇天天停气，没法做饭"), Message("乙和县城关镇天天停气，没法做饭")
    assert conflicts(one, other) == ("县",)
    index = SimilarIndex()
    index.add([one, other, *TOWN])
    (pair,) = [d for d in duplicates(index, least=0.1) if (d.first, d.second) == (0, 1)]
    same = SimilarIndex()
    same.add([one, one, *TOWN])
    (twin,) = [d for d in duplicates(same, least=0.1) if (d.first, d.second) == (0, 1)]
    assert pair.score < twin.score
    assert pair.evidence.conflicts == ("县",)
    assert "核对地点" in pair.evidence.sentence["zh"]


def test_a_repeat_years_later_is_a_new_cause() -> None:
    index = SimilarIndex()
    index.add([Message(PIT, day=0.0), Message(PIT, day=900.0), *TOWN[2:5]])
    assert (0, 1) not in {(d.first, d.second) for d in duplicates(index)}


def test_a_new_message_finds_its_like_before_it_is_taken_in() -> None:
    index = town()
    found = duplicates_of(index, Message("三栋门口的坑", "阳光花园三栋门口有坑积水", day=15.0))
    assert {d.first for d in found} == {0, 1, 5}
    assert {d.second for d in found} == {len(TOWN)}


def test_evidence_reads_the_same_both_ways() -> None:
    there, back = evidence(TOWN[0], TOWN[1]), evidence(TOWN[1], TOWN[0])
    assert there.days == back.days
    assert set(there.places) == set(back.places)


def test_one_by_one_equals_all_at_once() -> None:
    many = [Message(f"{m.text}{k}", m.title, day=m.day) for k in range(40) for m in TOWN]
    slow, fast = SimilarIndex(), SimilarIndex()
    for message in many:
        slow.add([message])
    fast.add(many)
    a, b = slow.pairs(0.5), fast.pairs(0.5)
    assert np.array_equal(a.first, b.first)
    assert np.array_equal(a.second, b.second)
    assert np.array_equal(a.likeness, b.likeness)


def test_likeness_to_settled_and_recent_messages_agrees_with_the_pairs() -> None:
    index = SimilarIndex()
    index.add(TOWN * 12)
    index.add([TOWN[0]])
    near = index.likeness(TOWN[0])
    assert near.shape == (len(TOWN) * 12 + 1,)
    assert near[-1] == pytest.approx(2.0, abs=1e-5)
    assert near[0] == pytest.approx(2.0, abs=1e-5)


def varied(count: int) -> list[Message]:
    causes = ("路灯不亮了很久", "门口有个大坑积水", "烧烤店油烟扰民", "公交车班次太少", "幼儿园学位不够")
    return [Message(f"{k % 90}号院{causes[k % 5]}，请处理{k}", f"{k % 90}号院{causes[k % 5]}") for k in range(count)]


def test_large_collections_propose_what_small_ones_find(monkeypatch: pytest.MonkeyPatch) -> None:
    index = SimilarIndex()
    index.add(varied(900))
    exact = index.pairs(0.9)
    exact_near = index.likeness(varied(1)[0])
    monkeypatch.setattr(similar, "SMALL", 0)
    proposed = index.pairs(0.9)
    assert set(zip(exact.first, exact.second, strict=True)) == set(zip(proposed.first, proposed.second, strict=True))
    near = index.likeness(varied(1)[0])
    assert np.allclose(near[near > 0], exact_near[near > 0], atol=1e-5)
    assert near.argmax() == exact_near.argmax()


def test_compiled_and_plain_products_agree() -> None:
    index = SimilarIndex()
    index.add(varied(60))
    rows = index.matrix()
    first, second = (side.astype(np.int64) for side in np.triu_indices(60, 1))
    plain = likeness_of(rows, rows, first, second, compiled=False)
    assert np.allclose(likeness_of(rows, rows, first, second), plain, atol=1e-6)
    assert np.allclose(plain, (rows @ rows.T).toarray()[first, second], atol=1e-5)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=12)), max_size=8))
def test_any_messages_can_be_compared(texts: list[tuple[str, str]]) -> None:
    index = SimilarIndex()
    index.add([Message(text, title) for text, title in texts])
    pairs = index.pairs(0.2)
    assert (pairs.first < pairs.second).all()
    assert ((pairs.likeness >= 0.2) & (pairs.likeness <= 2 + 1e-4)).all()
    for d in duplicates(index):
        assert set(d.evidence.sentence) == {"zh", "en"}


def _average_linkage(like: np.ndarray, least: float) -> list[list[int]]:
    """The definition, step by step: the two groups of the largest mean, while it is at least so."""
    found = [[i] for i in range(len(like))]
    while len(found) > 1:
        means = [(-like[np.ix_(a, b)].mean(), a, b) for k, a in enumerate(found) for b in found[k + 1 :]]
        best = min(means, key=lambda m: m[0])
        if -best[0] < least:
            break
        found = [g for g in found if g not in (best[1], best[2])] + [sorted(best[1] + best[2])]
    return sorted(g for g in found if len(g) > 1)


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 9), st.integers(0, 10_000))
def test_joining_is_average_linkage(size: int, seed: int) -> None:
    values = np.random.default_rng(seed).random((size, size))
    like = np.triu(values, 1) + np.triu(values, 1).T
    first, second = np.triu_indices(size, 1)
    pairs = Pairs(first.astype(np.int64), second.astype(np.int64), like[first, second])
    expected = _average_linkage(like, 0.5)
    assert joined(pairs, size, 0.5) == expected
    shuffled = np.random.default_rng(seed + 1).permutation(len(first))
    assert joined(Pairs(pairs.first[shuffled], pairs.second[shuffled], pairs.likeness[shuffled]), size, 0.5) == expected


def test_joining_many_equals_scipy_over_the_whole_table() -> None:
    chance, size, bar = np.random.default_rng(5), 400, 0.32
    cause = chance.integers(60, size=size)
    like = np.where(cause[:, None] == cause, chance.random((size, size)), 0.2 * chance.random((size, size)))
    like[chance.random((size, size)) < 0.4] = 0.0
    first, second = np.nonzero(np.triu(like, 1) >= 0.15)
    found = linked(first, second, like[first, second], size, bar)
    table = np.full((size, size), 2.0)
    table[first, second] = table[second, first] = 2.0 - like[first, second]
    label = fcluster(linkage(table[np.triu_indices(size, 1)], "average"), 2.0 - bar, "distance")
    expected = [np.flatnonzero(label == k).tolist() for k in np.unique(label)]
    assert found == sorted(g for g in expected if len(g) > 1)
    assert len(found) > 40


def test_messages_told_alike_to_the_letter_are_one_group() -> None:
    first, second = (side.astype(np.int64) for side in np.triu_indices(300, 1))
    assert linked(first, second, np.ones(len(first)), 300, 0.5) == [list(range(300))]


def test_heat_grows_with_each_of_its_parts() -> None:
    base = heat_of(10, 20, 0.8, 30, 10)
    assert heat_of(11, 20, 0.8, 30, 10) > base
    assert heat_of(10, 21, 0.8, 30, 10) > base
    assert heat_of(10, 20, 0.9, 30, 10) > base
    assert heat_of(10, 20, 0.8, 31, 10) > base
    assert heat_of(10, 20, 0.8, 30, 9) > base
    assert heat_of(10, 20, 0.8, 30, 375) == pytest.approx(base / 2)
    assert heat_of(1, 0, 1, 0, 0) == pytest.approx(math.log(2))
    assert "people" in FORMULA


def test_a_topic_counts_people_not_messages() -> None:
    index = SimilarIndex()
    index.add([*TOWN, *([TOWN[0]] * 5)])
    (top, *_) = TopicMap.build(index, now=14.0).hot(fewest_people=2)
    assert top.people == 3
    assert len(top.messages) == 8
    assert "阳光花园" in top.title
    assert (top.first_day, top.last_day) == (10.0, 13.0)
    assert top.reach == 3 + 18


def test_a_new_message_joins_its_topic_or_begins_one() -> None:
    topics = TopicMap.build(town(), now=14.0)
    before = [list(g) for g in topics.groups]
    at = topics.place(Message("阳光花园三栋门口的坑又积水了", "阳光花园三栋门口路面的坑", day=16.0, person="h"))
    assert at is not None
    assert len(topics.groups[at]) == len(before[at]) + 1
    assert topics.place(Message("ζηθ")) is None
    began = topics.place(Message("河西幼儿园学位太少", "河西幼儿园学位不够", day=17.0, person="i"))
    assert began is not None
    assert topics.groups[began][0] == 4


@pytest.mark.real
def test_hand_labelled_pairs(message_data: Path) -> None:
    """Precision ≥ 0.9 at recall ≥ 0.8 on pairs judged by a person, kept as references to rows."""
    with (Path(__file__).parent / "duplicate_pairs.csv").open(encoding="utf-8") as file:
        judged = list(csv.DictReader(file))
    hit = false = missed = 0
    places = {"hot_messages": "messages", "liuyan_gas2023_1050": "hotline"}
    for name, folder in places.items():
        named = {"place": "city"} if name.startswith("liuyan") else {}
        messages, names = messages_of(message_data / folder / f"{name}.csv.gz", named)
        index = SimilarIndex()
        index.add(messages)
        found = {frozenset((names[d.first]["id"], names[d.second]["id"])) for d in duplicates(index)}
        for row in (r for r in judged if r["file"] == name):
            said, is_same = frozenset((row["first"], row["second"])) in found, row["same_cause"] == "1"
            hit += said and is_same
            false += said and not is_same
            missed += is_same and not said
    assert hit / (hit + false) >= 0.9
    assert hit / (hit + missed) >= 0.8


@pytest.mark.real
def test_topics_that_four_teams_agreed_on_are_among_the_first_ten(message_data: Path) -> None:
    messages, _ = messages_of(message_data / "messages" / "hot_messages.csv.gz")
    index = SimilarIndex()
    index.add(messages)
    top = TopicMap.build(index, now=max(m.day for m in messages if m.day is not None)).hot(10)
    for words in (("丽发新城", "搅拌站"), ("伊景园", "车位"), ("五矿万境", "K9县"), ("购房", "补贴"), ("58车贷",)):
        speaks = [
            sum(all(w in messages[i].title + messages[i].text for w in words) for i in t.messages) / len(t.messages)
            for t in top
        ]
        assert max(speaks) > 0.5, words
