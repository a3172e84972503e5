"""Rows of the sheet 区域."""

from yishi.network.importing.cells import BadCell, degrees, number, text
from yishi.network.importing.columns import AREA_KINDS
from yishi.network.importing.reading import Row
from yishi.network.importing.state import State
from yishi.network.models import Area
from yishi.people.services.roll import update

KIND = Area.Kind
SUFFIXES = (("社区", KIND.COMMUNITY), ("村", KIND.COMMUNITY), ("经济社", KIND.COOPERATIVE), ("网格", KIND.GRID),
            ("镇", KIND.TOWN), ("街道", KIND.TOWN), ("区", KIND.DISTRICT))  # fmt: skip


def _kind(row: Row, name: str) -> str:
    written = text(row.cells["kind"])
    if written:
        if written not in AREA_KINDS:
            raise BadCell(f"没有“{written}”这种区域类别：请填 {'、'.join(str(label) for label in KIND.labels)}")
        return AREA_KINDS[written]
    return next((kind for suffix, kind in SUFFIXES if name.endswith(suffix)), "")


def take_area(state: State, row: Row) -> str:
    """Add or mend an area; it is known by kind, name and what it lies in."""
    name = text(row.cells["name"])
    if not name:
        raise BadCell("缺区域名称")
    kind = _kind(row, name)
    if not kind:
        raise BadCell(f"缺区域类别：请填 {'、'.join(str(label) for label in KIND.labels)}")
    parent = _parent(state, row, kind)
    values = {
        "name_en": text(row.cells.get("name_en")), "code": text(row.cells.get("code")),
        "household_count": number(row.cells.get("households")) or None,
        "latitude": degrees(row.cells.get("latitude")), "longitude": degrees(row.cells.get("longitude")),
    }  # fmt: skip
    parent_id = parent.pk if parent else None
    known = [a for a in state.areas[name] if a.kind == kind and a.parent_id == parent_id]
    if known:
        return "changed" if update(known[0], **values) else "unchanged"
    _add(state, kind, name, parent, {k: v for k, v in values.items() if v is not None})
    return "added"


def _parent(state: State, row: Row, kind: str) -> Area | None:
    """What the area lies in; a community without one lies in the town, a town in the only district."""
    written = text(row.cells.get("parent"))
    if written:
        return state.area(written)
    if kind == KIND.DISTRICT:
        return None
    if kind == KIND.TOWN:
        districts = [a for areas in state.areas.values() for a in areas if a.kind == KIND.DISTRICT]
        return districts[0] if len(districts) == 1 else None
    if kind == KIND.COMMUNITY and state.town is not None:
        return state.town
    raise BadCell("缺上级区域：请填它在哪个社区")


def _add(state: State, kind: str, name: str, parent: Area | None, values: dict[str, object]) -> None:
    if kind not in (KIND.DISTRICT, KIND.TOWN) and state.town is None:
        raise BadCell("还没有镇街：请在“区域”表里先列出镇街")
    if kind == KIND.TOWN and state.town is not None:
        raise BadCell(f"本系统已设“{state.town.name}”：一次只导入一个镇街")
    area = Area.objects.create(kind=kind, name=name, parent=parent, town=state.town, **values)
    area.path = f"{parent.path if parent else '/'}{area.pk}/"
    if kind == KIND.TOWN:
        area.town = area
    area.save(update_fields=["path", "town"])
    state.areas[name].append(area)
    if kind == KIND.TOWN:
        state.set_town(area)
