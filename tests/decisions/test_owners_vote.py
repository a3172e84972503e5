"""Scenarios 11 and 12: 1,246 units, 1,193 heads, 128,400.00 m²; 860 heads and 93,480.00 m² take part."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from tests.decisions.halls import Hall, MakePerson, Tablet, decision_at, moment, people

from yishi.decisions.models import BoothBatch, SignedBallot, Unit, UnitOwner
from yishi.decisions.services import booth, counting, paper, roll_imports
from yishi.decisions.voting.tallying import keyed_paper
from yishi.network.viewers import Duty, Viewer
from yishi.people.models import Household, HouseholdMember

NOTICE, OPENS, CLOSES = "2026-04-09", "2026-04-24", "2026-05-10"


def spread(total: int, count: int) -> list[int]:
    """``count`` whole numbers that differ by one at most and add up to ``total``."""
    return [total // count + (i < total % count) for i in range(count)]


def estate(town: Any, yes: tuple[int, int], other: tuple[int, int]) -> dict[str, list[int]]:
    """Units and owners: who will say yes (12 of them own three units), who no or abstain, who stays away.

    ``yes`` and ``other`` are heads and area in hundredths of m². Returns person ids by what they will do.
    """
    yes_heads, yes_area = yes
    other_heads, other_area = other
    singles = yes_heads - 12
    away = 1180 - singles - other_heads
    areas = spread(yes_area, singles + 36) + spread(other_area, other_heads)
    areas += spread(12_840_000 - yes_area - other_area, away + 30)
    persons = people(town.area, 1192, prefix="业主")
    units = Unit.objects.bulk_create(
        [Unit(estate=town.yushuian, number=f"{i:04d}", building="1", area_hundredths=a) for i, a in enumerate(areas, 1)]
    )
    since, owners, at = dt.date(2020, 1, 1), [], 0
    for i, person in enumerate(persons):
        count = 3 if i < 12 else 1
        owners += [UnitOwner(unit=u, person=person, since=since) for u in units[at : at + count]]
        at += count
    UnitOwner.objects.bulk_create(owners)
    ids = [p.pk for p in persons]
    return {
        "yes": ids[:yes_heads],
        "other": ids[yes_heads : yes_heads + other_heads],
        "away": ids[yes_heads + other_heads :],
    }


@pytest.fixture
def hall(town: Any, town_officer: Viewer, make_person: MakePerson) -> Hall:
    """An owners' committee and two owners as witnesses of the count; the estate comes with each test."""
    convener = make_person("业委主任", office=(town.owners, Duty.DIRECTOR, "业委会主任"))
    counters = tuple(make_person(n, office=(town.owners, Duty.COMMITTEE_MEMBER, n)) for n in ("委员甲", "委员乙"))
    return Hall(convener, counters, town_officer, None)  # type: ignore[arg-type]


def started(hall: Hall, town: Any, item: str, proposer: Viewer) -> None:
    hall.decision = decision_at(
        proposer, town.owners, "owners_vote",
        [("2026-04-07", "done", {"papers": ["text"]}), ("2026-04-08", "done", {"papers": ["letter"]})], item=item,
    )  # fmt: skip


def vote(hall: Hall, who: dict[str, list[int]], abstain: int) -> None:
    """Everyone votes: most through the offline booth, the rest on paper at the door."""
    hall.noticed(NOTICE, OPENS, until=CLOSES)
    assert hall.item.roll is not None
    assert hall.item.roll.counts == {"area_all": 12_840_000, "heads_all": 1193}
    hall.opened(OPENS)
    hall.voting(OPENS)
    lines = {e.person_id: e for e in hall.item.roll.entries.all()}
    marks = dict.fromkeys(who["yes"], "yes") | {
        p: "abstain" if i < abstain else "no" for i, p in enumerate(who["other"])
    }
    doors, booths = list(marks)[:20], list(marks)[20:]
    tablet = Tablet(hall, moment(OPENS, 11))
    tablet.ballots = [booth.BoothBallot(lines[p].code, (marks[p],), uuid.uuid4()) for p in booths]
    again = booth.BoothBallot(lines[booths[0]].code, ("no",), uuid.uuid4())
    stranger = booth.BoothBallot("NOBODY", ("yes",), uuid.uuid4())
    tablet.ballots += [again, stranger]
    first, second = tablet.hand_in(moment(OPENS, 20)), tablet.hand_in(moment(OPENS, 21))
    assert first.pk == second.pk and BoothBatch.objects.count() == 1 and first.taken == len(booths)
    assert [c["code"] for c in first.conflicts] == [again.code, "NOBODY"]
    assert hall.box.wrong_roll == 1
    for p in doors:
        one = paper.issue_papers(hall.convener, hall.box, str(lines[p].number), True, moment("2026-05-02"))[0]
        paper.key_paper(hall.convener, hall.box, one.serial, [marks[p]], moment("2026-05-03"))
    assert SignedBallot.objects.filter(box=hall.box, revoked_at=None).count() == 860
    tablet.ballots = []
    tablet.seal(moment("2026-05-04"))
    hall.closed(CLOSES)


def paper_count(hall: Hall) -> counting.CountInput:
    keyed = keyed_paper(hall.box)
    return counting.CountInput(keyed, 20, 20, 0, 20, 0)


def test_charging_shed_lacks_130_square_metres(hall: Hall, town: Any, president: Viewer) -> None:
    who = estate(town, (652, 6_998_000), (208, 2_350_000))
    started(hall, town, "8", president)
    vote(hall, who, 20)
    result = hall.counted(CLOSES, paper_count(hall))
    assert (result.outcome, result.pack) == ("not_passed", "OWN-34")
    said = " ".join(v["text"]["zh"] for v in result.report["verdicts"])
    assert "需 70110.00 = ⌈93480.00×3/4⌉，民法典第278条；实得 69980.00，还差 130.00" in said
    assert "需 645 = ⌈860×3/4⌉，民法典第278条；实得 652" in said
    assert "需 85600.00 = ⌈128400.00×2/3⌉" in said and "需 796 = ⌈1193×2/3⌉" in said
    hall.certified("2026-05-11")
    hall.decision.refresh_from_db()
    assert hall.decision.phase == "failed" and not hall.decision.certified


@pytest.mark.parametrize(("area", "outcome"), [(4_674_000, "not_passed"), (4_674_001, "passed")])
def test_manager_needs_more_than_half_of_the_area(
    hall: Hall, town: Any, president: Viewer, area: int, outcome: str
) -> None:
    who = estate(town, (431, area), (429, 9_348_000 - area))
    started(hall, town, "4", president)
    vote(hall, who, 0)
    result = hall.counted(CLOSES, paper_count(hall))
    assert (result.outcome, result.pack) == (outcome, "OWN-12")
    assert result.report["counts"]["heads_yes"] == 431 and result.report["counts"]["area_yes"] == area
    hall.certified("2026-05-11")
    hall.decision.refresh_from_db()
    assert hall.decision.certified == (outcome == "passed")


def test_units_come_from_a_list_whole_or_not_at_all(hall: Hall, town: Any, president: Viewer) -> None:
    house = Household.objects.create(town=town.area, area=town.yushuian, number="1-101", address="1 栋 101")
    wife, husband = people(town.area, 2, prefix="房主")
    for person in (wife, husband):
        HouseholdMember.objects.create(household=house, person=person, since=dt.date(2024, 1, 1))
    started(hall, town, "4", president)
    bad = "房号,业主,面积,类型\n1-101,房主0001、房主0002,89.505,住宅\n1-102,生人,70,住宅\n车1,,12.5,停机坪\n".encode()
    taken = roll_imports.import_units(hall.convener, hall.decision, bad, moment(NOTICE))
    assert [n for n, _ in taken.faults] == [2, 3, 4] and Unit.objects.count() == 0
    good = "房号,业主,面积,类型\n1-101,房主0001、房主0002,89.50,住宅\n车1,房主0001,12.5,车位\n1-103,,100,住宅\n配电房,,30,共有部分\n".encode()
    assert roll_imports.import_units(hall.convener, hall.decision, good, moment(NOTICE)).faults == []
    assert roll_imports.import_units(hall.convener, hall.decision, good, moment(NOTICE)).faults == []
    assert UnitOwner.objects.filter(until=None).count() == 3
    hall.noticed(NOTICE, OPENS, until=CLOSES)
    roll = hall.item.roll
    assert roll is not None and roll.counts == {"area_all": 20_200, "heads_all": 3}
    joint = roll.entries.get(label="房主0001、房主0002")
    assert joint.person_id is None and {h.person_id for h in joint.holders.all()} == {wife.pk, husband.pk}
    hall.opened(OPENS)
    hall.voting(OPENS)
    from tests.decisions.halls import as_viewer

    from yishi.core.verdicts import Refusal
    from yishi.decisions.services import ballots

    at = moment(OPENS, 12)
    ballots.cast_ballot(as_viewer(wife, at), hall.box, joint.pk, ["yes"], uuid.uuid4(), at)
    with pytest.raises(Refusal, match="已经投过票"):
        ballots.cast_ballot(as_viewer(husband, at), hall.box, joint.pk, ["no"], uuid.uuid4(), at)


def test_rolls_come_from_a_list_too(hall: Hall, town: Any, president: Viewer) -> None:
    started(hall, town, "4", president)
    bad = "户号,姓名,面积\n1-101,陈一,80\n1-101,陈一,80\n,李二,90\n1-103,何三,\n".encode()
    taken = roll_imports.import_roll(hall.convener, hall.decision, bad, "", moment(NOTICE))
    assert [n for n, _ in taken.faults] == [3, 4, 5] and taken.roll is None
    good = "户号,姓名,面积\n1-101,陈一,80\n1-102,李二,９０．５\n".encode()
    roll = roll_imports.import_roll(hall.convener, hall.decision, good, "", moment(NOTICE)).roll
    assert roll is not None and roll.counts == {"area_all": 17_050, "heads_all": 2}
    with pytest.raises(ValidationError):
        roll_imports.import_roll(hall.convener, hall.decision, b"\x00\x01", "", moment(NOTICE))
