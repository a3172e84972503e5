"""Rolls by the law's way of counting heads and areas, and ballots counted once each."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.tally import (
    Ballot,
    Person,
    Roll,
    RollError,
    Unit,
    Weight,
    count_ballots,
    full_capacity,
    members_roll,
    owners_roll,
    owners_values,
    reconcile,
)


def estate() -> list[Unit]:
    """御水岸 of the scenarios: 1,180 single owners, 12 owners of 3 units, 30 unsold units."""
    units = [Unit(f"A{i}", 10_305, (f"业主{i}",)) for i in range(1180)]
    units += [Unit(f"B{i}-{j}", 10_305, (f"多套{i}",)) for i in range(12) for j in range(3)]
    return units + [Unit(f"C{i}", 10_305, ()) for i in range(30)]


def test_heads_of_an_estate_are_owners_not_units() -> None:
    roll = owners_roll(estate(), "建设单位")
    assert len(estate()) == 1246
    assert roll.total.heads == 1193
    assert roll.total.area == 1246 * 10_305
    assert roll.weights["多套3"] == Weight(heads=1, area=3 * 10_305)
    assert roll.weights["建设单位"] == Weight(heads=1, area=30 * 10_305)


def test_bay_only_owner_co_owners_and_undelivered_units() -> None:
    roll = owners_roll(
        [
            Unit("1-101", 9000, ("甲",)),
            Unit("车位7", 1200, ("甲",)),
            Unit("车位8", 1200, ("乙",)),
            Unit("1-102", 8000, ("丙", "丁")),
            Unit("1-103", 8000, ("丁", "丙")),
            Unit("1-104", 7000, ("戊",), delivered=False),
            Unit("绿地", 50_000, (), exclusive=False),
        ],
        "建设单位",
    )
    assert roll.weights["甲"] == Weight(heads=1, area=10_200)
    assert roll.weights["乙"] == Weight(heads=1, area=1200)
    assert roll.weights["丁+丙" if "丁" < "丙" else "丙+丁"] == Weight(heads=1, area=16_000)
    assert roll.weights["建设单位"].area == 7000
    assert roll.left_out == ("绿地",)
    assert roll.total.heads == 4


def test_a_roll_that_cannot_be_drawn_up_says_why() -> None:
    with pytest.raises(RollError, match="twice"):
        owners_roll([Unit("1", 1, ("甲",)), Unit("1", 1, ("甲",))])
    with pytest.raises(RollError, match="no area"):
        owners_roll([Unit("1", 0, ("甲",))])
    with pytest.raises(RollError, match="developer"):
        owners_roll([Unit("1", 5, ())])
    with pytest.raises(RollError, match="twice"):
        members_roll([Person("甲", date(1990, 1, 1)), Person("甲", date(1990, 1, 1))], date(2026, 1, 1))


def test_full_capacity_by_age_own_labour_and_court() -> None:
    day = date(2026, 3, 5)
    assert full_capacity(Person("甲", date(2008, 3, 5)), day)
    assert not full_capacity(Person("乙", date(2008, 3, 6)), day)
    assert full_capacity(Person("丙", date(2010, 3, 5), own_labour=True), day)
    assert not full_capacity(Person("丁", date(2010, 3, 6), own_labour=True), day)
    assert not full_capacity(Person("戊", date(1960, 1, 1), court_limited=True), day)
    roll = members_roll([Person("甲", date(2008, 3, 5), shares=7), Person("乙", date(2008, 3, 6), shares=7)], day)
    assert roll.total == Weight(heads=1, shares=7)
    assert roll.left_out == ("乙",)


ROLL = Roll({name: Weight(1, area) for name, area in zip("甲乙丙丁戊己庚", range(100, 800, 100), strict=True)})


def test_everything_that_does_not_count_is_kept_apart() -> None:
    tally = count_ballots(
        ROLL,
        [
            Ballot("甲", ("yes",), 1),
            Ballot("甲", ("no",), 2),
            Ballot("乙", ("no",), 3),
            Ballot("丙", (), 4),
            Ballot("丁", ("yes", "no"), 5),
            Ballot("戊", ("yes",), 6, late=True),
            Ballot("外", ("yes",), 7),
            Ballot("己", ("yes",), 8),
            Ballot("庚", ("abstain",), 9, by="监护人"),
            Ballot("戊", ("yes",), 10, by="邻居"),
            Ballot("丙", ("x",), 11),
        ],
        recused={"己"},
        agents={"庚": {"监护人"}},
    )
    assert tally.choices == {"yes": Weight(1, 100), "no": Weight(1, 200), "abstain": Weight(1, 700)}
    assert tally.spoiled == {"blank": Weight(1, 300), "double": Weight(1, 400)}
    assert tally.uncounted == {"late": 1, "wrong_roll": 2, "repeated": 2, "recused": 1}
    assert tally.whole == ROLL.total
    assert owners_values(tally) == {
        "area_all": 2800,
        "heads_all": 7,
        "area_participating": 1000,
        "heads_participating": 3,
        "area_yes": 100,
        "heads_yes": 1,
    }
    assert owners_values(tally, ("yes", "no", "abstain", "blank"))["heads_participating"] == 4


def test_a_spoiled_ballot_gives_way_to_a_valid_one() -> None:
    tally = count_ballots(ROLL, [Ballot("甲", (), 1), Ballot("甲", ("yes",), 2), Ballot("甲", ("no",), 3)])
    assert tally.choices["yes"].heads == 1
    assert tally.uncounted["repeated"] == 2


ballots = st.lists(
    st.builds(
        Ballot,
        st.sampled_from("甲乙丙丁外"),
        st.lists(st.sampled_from(["yes", "no", "abstain", "?"]), max_size=2).map(tuple),
        st.integers(0, 5),
        st.sampled_from(["", "甲", "监护人"]),
        st.booleans(),
    ),
    max_size=20,
)


@given(ballots, st.randoms())
def test_the_order_of_counting_does_not_matter(cast: list[Ballot], rng: object) -> None:
    shuffled = list(cast)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert count_ballots(ROLL, cast) == count_ballots(ROLL, shuffled)


@given(ballots)
def test_every_ballot_is_accounted_for_and_nobody_counts_twice(cast: list[Ballot]) -> None:
    tally = count_ballots(ROLL, cast)
    heads = sum(w.heads for w in (*tally.choices.values(), *tally.spoiled.values()))
    assert heads + sum(tally.uncounted.values()) == len(cast)
    assert heads <= len({b.voter for b in cast})
    assert tally.participating(("yes", "no", "abstain", "blank", "double")).heads == heads


@given(ballots)
def test_yes_and_no_are_treated_alike(cast: list[Ballot]) -> None:
    swap = {"yes": "no", "no": "yes"}
    turned = [Ballot(b.voter, tuple(swap.get(m, m) for m in b.marks), b.order, b.by, b.late) for b in cast]
    one, other = count_ballots(ROLL, _settled(cast)), count_ballots(ROLL, _settled(turned))
    assert one.choices["yes"] == other.choices["no"]
    assert one.choices["no"] == other.choices["yes"]


def _settled(cast: list[Ballot]) -> list[Ballot]:
    """The same ballots with distinct places in the order of receipt."""
    return [Ballot(b.voter, b.marks, i, b.by, b.late) for i, b in enumerate(cast)]


def test_boxes_must_reconcile() -> None:
    assert reconcile(100, 95, 5, 90, 5) == []
    assert [text["en"].split()[0] for text in reconcile(100, 94, 5, 90, 5)] == ["issued", "returned"]
    assert len(reconcile(100, 100, 0, 100, 0, voted=99)) == 1
    assert len(reconcile(-1, -1, 0, -1, 0)) == 1
