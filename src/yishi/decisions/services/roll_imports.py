"""Rolls, units and owners from Excel or CSV: all rows good and they are taken, or every fault is listed and none is."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit, clock, tables
from yishi.core.verdicts import require
from yishi.decisions import rules
from yishi.decisions.models import Decision, Roll, Unit, UnitOwner
from yishi.decisions.permissions.voting import may_convene_meeting
from yishi.decisions.services._acts import held
from yishi.decisions.services.rolls import write_draft
from yishi.decisions.voting import kinds
from yishi.decisions.voting.drawing import Drawn, Line
from yishi.network.viewers import Viewer, actor_of
from yishi.people import selectors as people

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "household": ("户号", "户口编号", "房号", "单元号", "household"),
    "name": ("姓名", "成员姓名", "业主姓名", "业主", "name"),
    "area": ("面积", "建筑面积", "专有面积", "专有部分面积", "area"),
    "shares": ("股份", "股数", "份额", "shares"),
    "building": ("楼栋", "栋", "building"),
    "kind": ("类型", "用途", "kind"),
    "delivered": ("交付", "已交付", "delivered"),
}
UNIT_KINDS = {"住宅": "home", "商铺": "shop", "车位": "bay", "共有": "common", "共有部分": "common", "": "home"}
LARGEST = 10**9  # hundredths of m²


@dataclass
class Taken:
    """What came of a list: the roll (None where rows were refused), how many rows, and each fault by row."""

    rows: int = 0
    roll: Roll | None = None
    faults: list[tuple[int, str]] = field(default_factory=list)


def _cells(data: bytes) -> list[tuple[int, dict[str, str]]]:
    table = tables.read_bytes(data, {name for names in COLUMNS.values() for name in names})
    place = {key: next((n for n in names if n in table.header), "") for key, names in COLUMNS.items()}

    def read(cells: dict[str, str]) -> dict[str, str]:
        return {k: unicodedata.normalize("NFKC", cells.get(n, "")).strip() if n else "" for k, n in place.items()}

    return [(number, read(cells)) for number, cells in table.rows]


def square_metres(written: str) -> int:
    """An area as people write it, in hundredths of m².

    Raises:
        ValueError: with what to mend.
    """
    try:
        value = Decimal(re.sub(r"(平方米|㎡|m2|m²|,|，|\s)", "", written)) * 100
    except InvalidOperation:
        raise ValueError(_("面积看不懂：请填平方米数，例如 89.50")) from None
    if not value.is_finite() or value != value.to_integral_value() or not 0 < value < LARGEST:
        raise ValueError(_("面积须大于 0，最多两位小数"))
    return int(value)


def import_roll(viewer: Viewer, decision: Decision, data: bytes, mode: str, at: dt.datetime) -> Taken:
    """Take a roll in from a list with household, name and, for owners, area: the draft of the step's roll.

    Raises:
        Refusal: who may not convene.
        ValidationError: no file that can be read.
    """
    rows = _cells(data)
    with held(decision) as found:
        require(may_convene_meeting(viewer, found, at))
        case, on = rules.case_of(found), clock.local_day(at)
        pack = kinds.pack_of(case, on)
        known = people.people_named(found.town_id, found.area.path)
        taken, lines = Taken(len(rows)), _lines(rows, kinds.kind_for(pack, mode) in kinds.OWNERS, known)
        taken.faults = [(number, line) for number, line in lines if isinstance(line, str)]
        if not taken.faults:
            drawn = Drawn([line for _number, line in lines if isinstance(line, Line)])
            taken.roll = write_draft(found, case, pack, mode, drawn, on)
            audit.record(
                "decisions.roll_imported", taken.roll, at=at, actor_id=actor_of(viewer), lines=len(drawn.lines)
            )
    return taken


def _lines(
    rows: list[tuple[int, dict[str, str]]], areas: bool, known: Mapping[tuple[str, str], list[int]]
) -> list[tuple[int, Line | str]]:
    """Each row as a line, or as what is wrong with it."""
    seen: dict[tuple[str, str], int] = {}
    used: set[int] = set()
    out: list[tuple[int, Line | str]] = []
    for number, cells in rows:
        key = (cells["household"], cells["name"].replace(" ", ""))
        try:
            line = _line(cells, key, areas, known, used)
        except ValueError as error:
            out.append((number, str(error)))
            continue
        if key in seen:
            out.append((number, _("与第 %(n)s 行重复：同户同名，请核对") % {"n": seen[key]}))
            continue
        seen[key] = number
        out.append((number, line))
    return out


def _line(
    cells: dict[str, str], key: tuple[str, str], areas: bool, known: Mapping[tuple[str, str], list[int]],
    used: set[int],
) -> Line:  # fmt: skip
    if not key[1]:
        raise ValueError(_("缺姓名"))
    if not key[0]:
        raise ValueError(_("缺户号（房号）"))
    shares = cells["shares"] or "0"
    if not shares.isdigit() or len(shares) > 9:
        raise ValueError(_("股数须是整数"))
    area = square_metres(cells["area"]) if areas or cells["area"] else 0
    found = [p for p in known.get(key, []) if p not in used]
    person = found[0] if len(found) == 1 else None
    if person:
        used.add(person)
    return Line(person, key[1], key[0], area=area, shares=int(shares))


def import_units(viewer: Viewer, decision: Decision, data: bytes, at: dt.datetime) -> Taken:
    """Take the units of an estate in with their owners: unit, area, kind, owners (several by 、).

    Importing again mends areas and kinds; owners who are no longer listed end today.

    Raises:
        Refusal: who may not convene.
        ValidationError: no file that can be read.
    """
    rows = _cells(data)
    require(may_convene_meeting(viewer, decision, at))
    taken, today = Taken(len(rows)), clock.local_day(at)
    known = _by_name(people.people_named(decision.town_id, decision.area.path))
    with transaction.atomic():
        for number, cells in rows:
            try:
                _take_unit(decision, cells, known, today)
            except ValueError as error:
                taken.faults.append((number, str(error)))
        if taken.faults:
            transaction.set_rollback(True)
        else:
            audit.record("decisions.unit_imported", decision, at=at, actor_id=actor_of(viewer), rows=len(rows))
    return taken


def _by_name(known: Mapping[tuple[str, str], list[int]]) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for (household, name), ids in known.items():
        found.setdefault(name, []).extend((household, pk) for pk in ids)
    return found


def _take_unit(
    decision: Decision, cells: dict[str, str], known: Mapping[str, list[tuple[str, int]]], today: dt.date
) -> None:
    if not cells["household"]:
        raise ValueError(_("缺户号（房号）"))
    if cells["kind"] not in UNIT_KINDS:
        raise ValueError(_("没有“%(kind)s”这种类型：请填住宅、商铺、车位或共有部分") % {"kind": cells["kind"]})
    values = {
        "building": cells["building"][:40], "kind": UNIT_KINDS[cells["kind"]],
        "area_hundredths": square_metres(cells["area"]), "delivered": cells["delivered"] not in ("否", "未交付", "0"),
    }  # fmt: skip
    unit, _made = Unit.objects.update_or_create(estate=decision.area, number=cells["household"][:40], defaults=values)
    names = [n for n in re.split(r"[、,，;；/]", cells["name"].replace(" ", "")) if n]
    owners = {_owner_named(name, cells["household"], known) for name in names}
    current = {o.person_id: o for o in unit.owners.filter(until=None)}
    for person, row in current.items():
        if person not in owners:
            row.until = today
            row.save(update_fields=["until"])
    UnitOwner.objects.bulk_create([UnitOwner(unit=unit, person_id=p, since=today) for p in owners - current.keys()])


def _owner_named(name: str, unit: str, known: Mapping[str, list[tuple[str, int]]]) -> int:
    found = known.get(name, [])
    here = [pk for household, pk in found if household == unit]
    chosen = here or [pk for _household, pk in found]
    if not chosen:
        raise ValueError(_("住户名册里没有“%(name)s”：请先在住户名册中登记") % {"name": name})
    if len(set(chosen)) > 1:
        raise ValueError(_("“%(name)s”有几位同名：请先在住户名册中把房号登记为户号") % {"name": name})
    return chosen[0]
