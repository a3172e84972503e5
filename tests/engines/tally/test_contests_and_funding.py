"""Seats, ties, run-offs and small budgets."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.tally import approval, fund_by_approval, plurality, runoff_candidates

votes = st.dictionaries(st.sampled_from("甲乙丙丁戊己"), st.integers(0, 12), max_size=6)


def test_ballots_of_several_names() -> None:
    count = approval([("甲",), ("甲", "乙"), (), ("甲", "甲"), ("外",), ("甲", "乙", "丙")], ("甲", "乙", "丙"), 2)
    assert count.votes == {"丙": 0, "乙": 1, "甲": 2}
    assert (count.valid, count.blank, count.over, count.unreadable) == (2, 1, 1, 2)
    assert approval([("外",)], ("甲",), 1, write_ins=True).votes == {"外": 1, "甲": 0}


def test_scenario_18_elected_with_535_and_not_with_534() -> None:
    contest = plurality({"陈": 535, "李": 534, "何": 400}, 2, need=535)
    assert contest.elected == ("陈",)
    assert contest.open_seats == contest.vacant == 1
    assert runoff_candidates(contest, {"陈": 535, "李": 534, "何": 400}) == ("李", "何")
    assert plurality({"李": 341, "何": 300}, 1, need=341).elected == ("李",)
    vacant = plurality({"李": 340, "何": 300}, 1, need=341)
    assert vacant.elected == ()
    assert "空缺" in vacant.text["zh"]


def test_ties_for_the_last_seat_elect_nobody() -> None:
    contest = plurality({"甲": 9, "乙": 7, "丙": 7, "丁": 1}, 2)
    assert contest.elected == ("甲",)
    assert contest.tied == ("丙", "乙")
    assert contest.vacant == 0
    assert contest.open_seats == 1
    assert "得票相等" in contest.text["zh"]
    assert runoff_candidates(contest, {"甲": 9, "乙": 7, "丙": 7, "丁": 1}) == ("丙", "乙")
    full = plurality({"甲": 9, "乙": 7}, 2)
    assert runoff_candidates(full, {"甲": 9, "乙": 7}) == ()
    count = {"甲": 3, "乙": 2, "丙": 2, "丁": 2}
    nobody = plurality(count, 1, need=4)
    assert runoff_candidates(nobody, count)[0] == "甲"
    assert set(runoff_candidates(nobody, count)) == set(count)
    assert runoff_candidates(nobody, count, 1) == ("甲",)
    assert runoff_candidates(plurality({"甲": 3}, 1, need=4), {"甲": 3}) == ("甲",)
    with pytest.raises(ValueError, match="seat"):
        plurality({}, 0)


@given(votes, st.integers(1, 5), st.integers(0, 8))
def test_ties_are_symmetric_and_seats_add_up(count: dict[str, int], seats: int, need: int) -> None:
    contest = plurality(count, seats, need)
    assert len(contest.elected) + contest.open_seats == seats
    everyone = (*contest.elected, *contest.tied, *contest.not_elected)
    assert sorted(everyone) == sorted(count)
    renamed = dict(zip("甲乙丙丁戊己", "己戊丁丙乙甲", strict=True))
    mirrored = plurality({renamed[name]: n for name, n in count.items()}, seats, need)
    assert {renamed[name] for name in contest.elected} == set(mirrored.elected)
    assert {renamed[name] for name in contest.tied} == set(mirrored.tied)
    worst = min((count[name] for name in contest.elected), default=None)
    rest = max((count[name] for name in (*contest.tied, *contest.not_elected)), default=0)
    assert worst is None or worst > rest


@given(votes, st.integers(1, 5), st.integers(0, 8))
def test_more_votes_never_cost_a_seat(count: dict[str, int], seats: int, need: int) -> None:
    before = plurality(count, seats, need).elected
    for name in before:
        assert name in plurality({**count, name: count[name] + 1}, seats, need).elected


COSTS = {name: Decimal(cost) for name, cost in zip("甲乙丙丁", (30000, 20000, 15000, 9000), strict=True)}


def test_scenario_16_the_fourth_exceeds_the_sum_and_the_next_fits() -> None:
    costs = {
        "甲": Decimal(20000),
        "乙": Decimal(18000),
        "丙": Decimal(12000),
        "丁": Decimal(15000),
        "戊": Decimal(9000),
    }
    picks = {"甲": 60, "乙": 51, "丙": 44, "丁": 30, "戊": 22}
    funding = fund_by_approval(costs, picks, Decimal(60000))
    assert funding.funded == ("甲", "乙", "丙", "戊")
    assert funding.skipped == ("丁",)
    assert funding.spent == Decimal(59000)
    assert funding.left == Decimal(1000)
    assert "超出余额，顺延下一项" in funding.steps[3]["zh"]


def test_a_tie_in_votes_and_cost_waits_for_a_draw() -> None:
    costs = {"甲": Decimal(5), "乙": Decimal(5), "丙": Decimal(5), "丁": Decimal(1)}
    picks = {"甲": 3, "乙": 3, "丙": 3, "丁": 0}
    open_ = fund_by_approval(costs, picks, Decimal(11))
    assert open_.funded == ()
    assert open_.tied == ((("丙", "乙", "甲"), 2),)
    assert open_.left == Decimal(1)
    drawn = fund_by_approval(costs, picks, Decimal(11), lots=("丙", "甲", "乙"))
    assert drawn.funded == ("丙", "甲")
    assert drawn.skipped == ("乙", "丁")
    assert "无人赞成" in drawn.steps[-1]["zh"]
    assert any("抽签" in step["zh"] for step in open_.steps)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        fund_by_approval({"甲": Decimal(0)}, {}, Decimal(1))
    with pytest.raises(ValueError, match="positive"):
        fund_by_approval({"甲": Decimal(1)}, {}, Decimal(-1))
    with pytest.raises(ValueError, match="unknown"):
        fund_by_approval({"甲": Decimal(1)}, {"乙": 1}, Decimal(1))


@given(
    st.dictionaries(st.sampled_from("甲乙丙丁戊"), st.tuples(st.integers(1, 20), st.integers(0, 9)), max_size=5),
    st.integers(0, 60),
)
def test_the_budget_is_never_exceeded_and_every_project_is_answered(
    projects: dict[str, tuple[int, int]], budget: int
) -> None:
    costs = {name: Decimal(cost) for name, (cost, _) in projects.items()}
    picks = {name: n for name, (_, n) in projects.items()}
    funding = fund_by_approval(costs, picks, Decimal(budget))
    assert funding.spent + funding.left == budget
    assert funding.left >= 0
    named = [*funding.funded, *funding.skipped, *(name for names, _ in funding.tied for name in names)]
    assert sorted(named) == sorted(projects)
    assert len(funding.steps) == len(projects)
    turned = dict(zip("甲乙丙丁戊", "戊丁丙乙甲", strict=True))
    mirrored = fund_by_approval(
        {turned[n]: c for n, c in costs.items()}, {turned[n]: v for n, v in picks.items()}, Decimal(budget)
    )
    assert {turned[n] for n in funding.funded} == set(mirrored.funded)
