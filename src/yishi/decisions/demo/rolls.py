"""Rolls, meetings and results of the demo's votes: rows in bulk, with lines that commit to an invented roll."""

import datetime as dt
import random
from typing import Any

from yishi.core import clock
from yishi.decisions.demo.cast import Body
from yishi.decisions.models import AgendaItem, Decision, Meeting, Result, Roll, Unit, UnitOwner
from yishi.decisions.services.rolls import write_lines
from yishi.decisions.voting.commitments import root_of
from yishi.decisions.voting.drawing import Line
from yishi.engines.procedure import Case, report
from yishi.network.demo_words import GIVEN_MEN, GIVEN_WOMEN, SURNAMES
from yishi.network.models import Area

AREA_ALL = 12_840_000  # hundredths of a square metre, as in scenario 11


def names(chance: random.Random, count: int) -> list[str]:
    """Invented names."""
    return [chance.choice(SURNAMES) + chance.choice(GIVEN_MEN + GIVEN_WOMEN) for _ in range(count)]


def persons(chance: random.Random, count: int) -> list[Line]:
    """So many people with household numbers."""
    return [Line(None, name, f"{i // 3 + 1:04d}") for i, name in enumerate(names(chance, count))]


def owners(chance: random.Random) -> list[Line]:
    """1,193 owners of 128,400.00 m²: 1,180 of one unit, twelve of three, the developer's thirty as one."""
    areas = [chance.randint(8200, 12800) for _ in range(1180)] + [3 * chance.randint(9000, 11000) for _ in range(12)]
    areas.append(AREA_ALL - sum(areas))
    called = [*names(chance, 1192), "建设单位"]
    return [
        Line(None, name, f"{i // 40 + 1}-{i % 40 + 101}", 1, area)
        for i, (name, area) in enumerate(zip(called, areas, strict=True))
    ]


def registered(estate: Area, owners: list[int]) -> None:
    """A home in the register for each of these owners, with what the estate has already."""
    since = dt.date(2020, 1, 1)
    units = Unit.objects.bulk_create([
        Unit(estate=estate, building=f"{n // 40 + 1}", number=f"D{n // 40 + 1}-{n % 40 + 101}", area_hundredths=9000)
        for n in range(len(owners))
    ])  # fmt: skip
    UnitOwner.objects.bulk_create(
        [UnitOwner(unit=u, person_id=p, since=since) for u, p in zip(units, owners, strict=True)]
    )


def frozen_roll(decision: Decision, step: str, kind: str, lines: list[Line], counts: dict[str, int], by: int, at: dt.datetime) -> Roll:  # fmt: skip
    """A roll frozen at notice, its root over every line."""
    roll = Roll.objects.create(
        town_id=decision.town_id, decision=decision, step=step, kind=kind, record_on=at.date(), counts=counts,
        frozen_at=at, frozen_by_id=by,
    )  # fmt: skip
    write_lines(roll, lines, 1)
    roll.root = root_of(list(roll.entries.order_by("number")))
    roll.save(update_fields=["root"])
    return roll


def meeting_of(decision: Decision, step: str, roll: Roll, body: Body, title: str, at: dt.datetime, meets_at: dt.datetime) -> AgendaItem:  # fmt: skip
    """A meeting noticed for one item, its text fixed by the notice."""
    meeting = Meeting.objects.create(
        town_id=decision.town_id, organisation=body.organisation, title=title, place="祠堂前广场", meets_at=meets_at,
        state=Meeting.State.NOTICED, convened_by_id=body.head, host_id=body.head, recorder_id=body.first,
        sign_in_code=clock.new_code(10), noticed_at=at,
    )  # fmt: skip
    digest = decision.versions.latest("number").digest
    return AgendaItem.objects.create(meeting=meeting, number=1, decision=decision, step=step, roll=roll, motion_digest=digest)  # fmt: skip


def held(item: AgendaItem, case: Case, body: Body, at: dt.datetime, present: int) -> Result:
    """The meeting held and counted: its result with all its arithmetic."""
    Meeting.objects.filter(pk=item.meeting_id).update(state=Meeting.State.CLOSED, opened_at=at, closed_at=at)
    AgendaItem.objects.filter(pk=item.pk).update(state=AgendaItem.State.DONE, opened_at=at, present=present)
    found: dict[str, Any] = report(case)["results"][-1]
    return Result.objects.create(
        item=item, number=item.results.count() + 1, pack=found["pack"], outcome=found["outcome"], report=found,
        counts=found["counts"], counted_at=at, first_counter_id=body.first, second_counter_id=body.second,
    )  # fmt: skip


def sealed(item: AgendaItem, case: Case, body: Body, at: dt.datetime) -> None:
    """Every result of the item certified by the supervisor, with the code of its seal."""
    for result in item.results.filter(certified_at=None):
        result.report = report(case)["results"][-1] if len(case.results) == result.number else result.report
        result.certified_at, result.certified_by_id = at, body.supervisor
        result.check_code = f"{clock.new_code(4)}-{clock.new_code(4)}"
        result.save()
