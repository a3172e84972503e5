"""Rows of the sheets 住户： households, who belongs to them, and the capacities that follow."""

import datetime as dt
import re
from collections import Counter

from yishi.network.importing.cells import BadCell, date, name, text
from yishi.network.importing.columns import CAPACITIES
from yishi.network.importing.reading import Row
from yishi.network.importing.state import (
    State,
    Take,
    find_person,
    make_person,
    mend_person,
    read_identity,
    read_phone,
)
from yishi.network.models import Area, Organisation
from yishi.people.services import roll

SOCIETY = Organisation.Kind.ECONOMIC_COOPERATIVE


def bare_members(rows: list[Row]) -> frozenset[tuple[str, str, str]]:
    """Namesakes within one household without any number: one person twice, or two persons."""
    bare: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        try:
            if not text(row.cells.get("identity")) and not text(row.cells.get("phone")):
                bare[text(row.cells["area"]), text(row.cells["number"]), name(row.cells["person"])] += 1
        except BadCell:
            continue
    return frozenset(key for key, count in bare.items() if count > 1)


def taker(doubtful: frozenset[tuple[str, str, str]]) -> Take:
    """How to take a row, given the members who cannot be told apart."""

    def take(state: State, row: Row) -> str:
        return take_member(state, row, doubtful)

    return take


def take_member(state: State, row: Row, doubtful: frozenset[tuple[str, str, str]]) -> str:
    """Add or mend one member of a household; the household may go on in another sheet."""
    written, called = text(row.cells["number"]), name(row.cells["person"])
    if not written:
        raise BadCell("缺户号：同一户每一行都要有户号（合并单元格也可以）")
    if not called:
        raise BadCell("缺姓名")
    area_written = text(row.cells["area"])
    if (area_written, written, called) in doubtful:
        raise BadCell(f"这一户有两个“{called}”又没有号码：重复的请删去一行，不是同一人请填证件号码")
    area, kinds = state.area(area_written), _kinds(text(row.cells.get("capacity")))
    known, phone = read_identity(row.cells.get("identity")), read_phone(row.cells.get("phone"))
    birth, since = date(row.cells.get("birth")), date(row.cells.get("since")) or state.day
    household, outcomes = _household(state, row, area, written)
    key = f"household:{area.pk}:{written}:{called}"
    person = find_person(state, called, known, phone, key, may_be_new=True)
    if person is None:
        person = make_person(state, called, known, phone, "" if known or phone else key, birth)
        outcomes.append("added")
    elif mend_person(state, person, known, phone, birth):
        outcomes.append("changed")
    outcomes.append(roll.enter_member(household, person, text(row.cells.get("relation")), since))
    outcomes += [_capacity(state, person, kind, area, household, since) for kind in kinds]
    return (
        "added"
        if outcomes[0] == "added" or "added" in outcomes
        else "changed"
        if "changed" in outcomes
        else "unchanged"
    )


def _kinds(written: str) -> list[str]:
    found = [part.strip() for part in re.split(r"[、,;/，；]", written) if part.strip()] or ["居民"]
    for part in found:
        if part not in CAPACITIES:
            raise BadCell(f"没有“{part}”这种资格：请填 {'、'.join(CAPACITIES)}")
    return [CAPACITIES[part] for part in found]


def _household(state: State, row: Row, area: Area, number: str) -> tuple[roll.Household, list[str]]:
    address = text(row.cells.get("address"))
    assert state.town is not None
    household, fresh = roll.enter_household(state.town.pk, area.pk, number, address)
    if fresh:
        return household, ["added"]
    if address and household.address and household.address != address:
        raise BadCell(f"户号 {number} 已有住址“{household.address}”：同一户只能一个住址，请核对")
    return household, ["changed" if roll.update(household, address=address) else "unchanged"]


def _capacity(
    state: State, person: roll.Person, kind: str, area: Area, household: roll.Household, since: dt.date
) -> str:
    """A member's capacity names the cooperative whose members they are."""
    societies = (
        [o for o in state.organisations_of(area) if o.kind == SOCIETY] if kind == roll.Capacity.Kind.MEMBER else []
    )
    return roll.enter_capacity(
        person, kind, area.pk, household, societies[0].pk if len(societies) == 1 else None, since, state.at
    )
