"""Rows of the sheet 组织： organisations and their ties."""

import re

from yishi.network.importing.cells import BadCell, date, text, yes
from yishi.network.importing.columns import ORGANISATION_KINDS, PARTY_KINDS
from yishi.network.importing.reading import Row
from yishi.network.importing.state import State
from yishi.network.models import Edge, Organisation
from yishi.people.services.roll import update

SOCIETY = Organisation.Kind.ECONOMIC_COOPERATIVE


def take_organisation(state: State, row: Row) -> str:
    """Add or mend an organisation; it is known by its code, else by kind, area and name."""
    name, written = text(row.cells["name"]), text(row.cells["kind"])
    if not name:
        raise BadCell("缺组织名称")
    if written not in ORGANISATION_KINDS:
        raise BadCell(f"没有“{written}”这种组织类别：请照“说明”表填写")
    area = state.area(text(row.cells["area"]))
    opened, closed = date(row.cells.get("opened_on")), date(row.cells.get("closed_on"))
    if opened and closed and closed < opened:
        raise BadCell("撤销日期早于成立日期：请核对")
    above, served = _above(state, row), _served(state, row)
    kind, code = ORGANISATION_KINDS[written], text(row.cells.get("code"))
    values = {
        "code": code, "name_en": text(row.cells.get("name_en")), "opened_on": opened, "closed_on": closed,
        "sensitive": yes(row.cells.get("sensitive")) or None,
    }  # fmt: skip
    known = _known(state, kind, name, area.pk, code)
    if known is None:
        assert state.town is not None
        known = Organisation.objects.create(
            town=state.town, area=area, kind=kind, name=name, tree="party" if kind in PARTY_KINDS else "civil",
            **{k: v for k, v in values.items() if v is not None},
        )  # fmt: skip
        state.organisations[name].append(known)
        outcome = "added"
    else:
        outcome = "changed" if update(known, **values) else "unchanged"
    tied = _tie(state, known, above, Edge.Kind.UNDER)
    kind_of_tie = Edge.Kind.JOINT if len(served) > 1 else Edge.Kind.SERVES
    for society in served:
        tied = _tie(state, known, society, kind_of_tie) or tied
    if outcome != "unchanged":
        state.touched.append(known)
    return "changed" if tied and outcome == "unchanged" else outcome


def _known(state: State, kind: str, name: str, area_id: int, code: str) -> Organisation | None:
    alike = [o for o in state.organisations[name] if o.kind == kind and o.area_id == area_id]
    if not alike and code:
        alike = [o for rows in state.organisations.values() for o in rows if o.code == code and o.kind == kind]
        if alike and alike[0].name != name:
            raise BadCell(f"组织代码已属于“{alike[0].name}”：请核对代码；确已更名，请在系统里更名后再导入")
    return alike[0] if alike else None


def _above(state: State, row: Row) -> Organisation | None:
    written = text(row.cells.get("under"))
    return state.organisation(written) if written else None


def _served(state: State, row: Row) -> list[Organisation]:
    """The cooperatives that a branch serves; named by cooperative, separated by 、."""
    found = []
    for name in re.split(r"[、,;，；]", text(row.cells.get("serves"))):
        if called := name.strip():
            society = state.organisation(called)
            if society.kind != SOCIETY:
                raise BadCell(f"“{called}”不是经济社：请核对“对应经济社”一栏")
            found.append(society)
    return found


def _tie(state: State, child: Organisation, parent: Organisation | None, kind: str) -> bool:
    """A tie from the day of founding (else today); one that holds already is left. Returns whether it is new."""
    if parent is None:
        return False
    if parent.pk == child.pk:
        raise BadCell("组织不能隶属于自己：请核对“隶属”一栏")
    if Edge.objects.filter(child=child, parent=parent, kind=kind, until=None).exists():
        return False
    Edge.objects.create(child=child, parent=parent, kind=kind, since=child.opened_on or state.day)
    return True
