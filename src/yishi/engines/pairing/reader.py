"""A question out of one table (CSV) or a workbook (each sheet the same columns): see `HEADERS`, `KINDS`."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from yishi.engines.pairing.model import (
    MOST_LEVEL,
    MOST_METRES,
    MOST_WEIGHT,
    Branch,
    Community,
    Each,
    Problem,
    Quota,
    Tie,
    Weights,
    check,
)
from yishi.engines.rows import Line, ReadError, Row, left_out_words, lines_of

HEADERS: dict[str, tuple[str, ...]] = {
    "kind": ("类别", "kind", "type"),
    "name": ("名称", "支部", "name", "branch"),
    "group": ("所属", "group", "institution", "area"),
    "skills": ("长处或需要", "长处", "需要", "skills", "brings", "needs"),
    "low": ("最少", "min", "low"),
    "high": ("最多", "max", "high"),
    "lon": ("经度", "lon", "longitude", "lng"),
    "lat": ("纬度", "lat", "latitude"),
    "other": ("对方", "社区", "community", "other"),
    "value": ("数值", "value"),
}
KINDS: dict[str, tuple[str, ...]] = {
    "branch": ("支部", "branch", "branches"),
    "community": ("社区", "community", "communities"),
    "fixed": ("指定", "fixed"),
    "forbidden": ("不许", "禁止", "forbidden"),
    "bond": ("联系", "bond", "bonds"),
    "past": ("以前结对", "往年", "past"),
    "distance": ("距离", "distance"),
    "quota": ("名额", "quota", "quotas"),
    "weight": ("权重", "weight", "weights"),
}
EACH = {
    "": Each.TOTAL, "合计": Each.TOTAL, "total": Each.TOTAL,
    "每社区": Each.COMMUNITY, "每个社区": Each.COMMUNITY, "community": Each.COMMUNITY,
    "每支部": Each.BRANCH, "每个支部": Each.BRANCH, "branch": Each.BRANCH,
}  # fmt: skip
WEIGHTS = {"契合": "fit", "fit": "fit", "距离": "distance", "distance": "distance", "联系": "bond", "bond": "bond", "以前结对": "past", "past": "past"}  # fmt: skip
EVERY = {"*", "每机构", "每个机构", "each institution"}
EARTH = 6_371_000
_HEADER_OF = {name: role for role, names in HEADERS.items() for name in names}
_KIND_OF = {name: kind for kind, names in KINDS.items() for name in names}
_SPLIT = re.compile(r"[;；、,，|\n]+")
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,20})?")  # as many decimals as doubles are written with


class _Line(Line):
    """A row of a question."""

    def named(self, role: str) -> str:
        found = self.get(role)
        if not found:
            raise self.wrong(role, "不能空着。", "must not be blank.")
        return found

    def number(self, role: str, default: int | None, most: int) -> int:
        text = self.get(role)
        if not text and default is not None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= most):
            raise self.wrong(
                role, f"应为 0 到 {most} 的整数：{text[:30]}", f"a whole number from 0 to {most}: {text[:30]}"
            )
        return int(text)

    def degrees(self, role: str, most: int) -> float | None:
        text = self.get(role)
        if not text:
            return None
        if not _NUMBER.fullmatch(text) or abs(Decimal(text)) > most:
            raise self.wrong(
                role, f"应为 -{most} 到 {most} 的度数：{text[:30]}", f"degrees from -{most} to {most}: {text[:30]}"
            )
        return float(text)

    def levels(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for part in _SPLIT.split(self.get("skills")):
            skill, mark, level = (p.strip() for p in part.replace("：", ":").partition(":"))
            if not skill and not mark:
                continue
            good = not mark or (
                level.isascii() and level.isdigit() and len(level) < 4 and 1 <= int(level) <= MOST_LEVEL
            )
            if not skill or not good:
                raise self.wrong("skills", f"应写成“法律:3;医疗”，等级 1 到 {MOST_LEVEL}：{part[:30]}", f"write “law:3;health”, levels 1 to {MOST_LEVEL}: {part[:30]}")  # fmt: skip
            if skill in found:
                raise self.wrong("skills", f"“{skill}”写了两次。", f"“{skill}” stands twice.")
            found[skill] = int(level) if mark else 1
        return found


@dataclass(slots=True)
class _Draft:
    """What was read so far."""

    branches: list[tuple[_Line, Branch]] = field(default_factory=list)
    communities: list[tuple[_Line, Community]] = field(default_factory=list)
    quotas: list[tuple[_Line, Quota]] = field(default_factory=list)
    pairs: dict[str, dict[tuple[str, str], tuple[_Line, int]]] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    degrees: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)


def read_problem(path: Path, seed: int = 0, left_out: list[str] | None = None) -> Problem:
    """The question in a CSV file or a workbook. Sheets of notes are passed over; `left_out` gets their names.

    Raises ReadError with row and column, PairingError for what does not fit together, OSError for no file.
    """
    draft = _Draft()
    others = [] if left_out is None else left_out
    for line in _lines(path, others):
        kind = line.get("kind")
        if kind.lower() not in _KIND_OF:
            known = "、".join(names[0] for names in KINDS.values())
            raise line.wrong("kind", f"不认识“{kind[:30]}”，应为：{known}。", f"“{kind[:30]}” is unknown; use: {', '.join(KINDS)}.")  # fmt: skip
        _READ[_KIND_OF[kind.lower()]](draft, line)
    if not draft.branches or not draft.communities:
        zh, en = left_out_words(others)
        raise ReadError(path.name, f"至少要有一行支部和一行社区；样表：yishi pair --template。{zh}", f"at least one row of a branch and one of a community are needed; see yishi pair --template. {en}".rstrip())  # fmt: skip
    problem = _problem(draft, seed)
    check(problem)
    return problem


def _is_other(sheet: str, head: list[Row]) -> bool:
    """Whether a sheet is none of the question: not named after a kind, and its first rows look like no table of it."""
    if not sheet or sheet.lower() in _KIND_OF:
        return False
    first, *later = ([cell.lower() for cell in cells] for _, _, cells in head)
    return not any(cell in _HEADER_OF for cell in first) and not any(
        len(cells) > 1 and (cells[0] in _KIND_OF or sum(cell in _HEADER_OF for cell in cells) > 1)
        for cells in (first, *later)
    )


def _lines(path: Path, left_out: list[str]) -> Iterator[_Line]:
    def roles_of(sheet: str, number: int, cells: list[str]) -> list[str]:
        roles = [_HEADER_OF.get(cell.lower(), "") for cell in cells]
        if "name" not in roles:
            raise ReadError(path.name, "第一行应为列名，至少有“名称”。", "the first row should name the columns, “name” at least.", number, "", sheet)  # fmt: skip
        named = [role for role in roles if role]
        if len(set(named)) < len(named):
            raise ReadError(path.name, "有两列同名。", "two columns have the same name.", number, "", sheet)
        return roles

    for line in lines_of(path, HEADERS, roles_of, make=_Line, is_other=_is_other, left_out=left_out):
        line.cells.setdefault("kind", line.sheet if line.sheet.lower() in _KIND_OF else "")
        yield line


def _path(line: _Line) -> tuple[str, ...]:
    parts = tuple(p.strip() for p in line.get("group").split("/") if p.strip())
    if len(set(parts)) < len(parts) or len(parts) > 8:
        raise line.wrong("group", "层级重复或超过 8 层。", "a level stands twice, or there are more than 8.")
    return parts


def _place(draft: _Draft, line: _Line, side: str, name: str) -> None:
    lon, lat = line.degrees("lon", 180), line.degrees("lat", 90)
    if (lon is None) != (lat is None):
        raise line.wrong("lat" if lat is None else "lon", "经度、纬度要么都填，要么都空。", "give longitude and latitude both or neither.")  # fmt: skip
    if lon is not None and lat is not None:
        draft.degrees[side, name] = (lon, lat)


def _branch(draft: _Draft, line: _Line) -> None:
    name = line.named("name")
    low = line.number("low", 1, 30_000)
    high = line.number("high", max(low, 1), 30_000)
    _not_below(line, low, high)
    draft.branches.append((line, Branch(name, line.levels(), _path(line), low, high)))
    _place(draft, line, "branch", name)


def _community(draft: _Draft, line: _Line) -> None:
    name = line.named("name")
    low = line.number("low", 0, 30_000)
    high = line.number("high", low, 30_000) if line.get("high") else None
    _not_below(line, low, high)
    draft.communities.append((line, Community(name, line.levels(), _path(line), low, high)))
    _place(draft, line, "community", name)


def _not_below(line: _Line, low: int, high: int | None) -> None:
    if high is not None and high < low:
        raise line.wrong("high", f"最多 {high} 小于最少 {low}。", f"max {high} is below min {low}.")


def _pair(kind: str, most: int) -> Callable[[_Draft, _Line], None]:
    def read(draft: _Draft, line: _Line) -> None:
        pair = line.named("name"), line.named("other")
        value = line.number("value", 1 if kind in {"bond", "past"} else None, most) if most else 0
        known = draft.pairs.setdefault(kind, {})
        if pair in known:
            raise line.wrong("other", f"“{pair[0]}—{pair[1]}”写了两次。", f"“{pair[0]} — {pair[1]}” stands twice.")
        known[pair] = (line, value)

    return read


def _quota(draft: _Draft, line: _Line) -> None:
    each = EACH.get(line.get("value").lower())
    if each is None:
        raise line.wrong("value", "应为：合计、每社区、每支部。", "use: total, community, branch.")
    whose = [p.strip() for p in _SPLIT.split(line.get("name")) if p.strip()]
    where = [p.strip() for p in _SPLIT.split(line.get("other")) if p.strip()]
    every = [w for w in whose if w.lower() in EVERY]
    low = line.number("low", 0, 10**8)
    high = line.number("high", low, 10**8) if line.get("high") else None
    _not_below(line, low, high)
    name = "·".join([*whose, *where]) or f"第 {line.row} 行"
    chosen = tuple(w for w in whose if w not in every)
    draft.quotas.append((line, Quota(name, chosen, tuple(where), each, low, high, bool(every))))


def _weight(draft: _Draft, line: _Line) -> None:
    name = WEIGHTS.get(line.named("name").lower())
    if name is None:
        raise line.wrong("name", "应为：契合、距离、联系、以前结对。", "use: fit, distance, bond, past.")
    draft.weights[name] = line.number("value", None, MOST_WEIGHT)


_READ: dict[str, Callable[[_Draft, _Line], None]] = {
    "branch": _branch,
    "community": _community,
    "fixed": _pair("fixed", 0),
    "forbidden": _pair("forbidden", 0),
    "bond": _pair("bond", MOST_LEVEL),
    "past": _pair("past", MOST_LEVEL),
    "distance": _pair("distance", MOST_METRES),
    "quota": _quota,
    "weight": _weight,
}


def _problem(draft: _Draft, seed: int) -> Problem:
    from dataclasses import replace

    for people in (draft.branches, draft.communities):
        seen: set[str] = set()
        for line, who in people:
            if who.id in seen:
                raise line.wrong("name", f"“{who.id}”写了两次。", f"“{who.id}” stands twice.")
            seen.add(who.id)
    _check_names(draft)
    places = _metres(draft.degrees)
    ties = sorted(set().union(*(draft.pairs.get(kind, {}) for kind in ("bond", "past", "distance"))))

    def value(kind: str, pair: tuple[str, str]) -> int | None:
        found = draft.pairs.get(kind, {}).get(pair)
        return None if found is None else found[1]

    return Problem(
        tuple(replace(b, place=places.get(("branch", b.id))) for _, b in draft.branches),
        tuple(replace(c, place=places.get(("community", c.id))) for _, c in draft.communities),
        tuple(Tie(*pair, value("bond", pair) or 0, value("past", pair) or 0, value("distance", pair)) for pair in ties),
        tuple(quota for _, quota in draft.quotas),
        frozenset(draft.pairs.get("fixed", {})),
        frozenset(draft.pairs.get("forbidden", {})),
        Weights(**draft.weights),
        seed,
    )


def _check_names(draft: _Draft) -> None:
    branches, communities = {b.id for _, b in draft.branches}, {c.id for _, c in draft.communities}
    for pairs in draft.pairs.values():
        for (one, other), (line, _) in pairs.items():
            for role, name, known in (("name", one, branches), ("other", other, communities)):
                if name not in known:
                    raise line.wrong(role, f"名单里没有“{name[:30]}”。", f"“{name[:30]}” is not on the list.")
    branches = branches.union(*(b.institution for _, b in draft.branches))
    communities = communities.union(*(c.area for _, c in draft.communities))
    for line, quota in draft.quotas:
        for role, names, known in (("name", quota.branches, branches), ("other", quota.communities, communities)):
            for name in names:
                if name not in known:
                    raise line.wrong(role, f"名单里没有“{name[:30]}”。", f"“{name[:30]}” is not on the list.")


def _metres(degrees: dict[tuple[str, str], tuple[float, float]]) -> dict[tuple[str, str], tuple[int, int]]:
    """Whole metres on a plane that touches the earth in the middle of the places (good to 0.1 % in a district)."""
    if not degrees:
        return {}
    lons, lats = [p[0] for p in degrees.values()], [p[1] for p in degrees.values()]
    east, middle = sum(lons) / len(lons), sum(lats) / len(lats)
    across = EARTH * math.cos(math.radians(middle))
    return {
        who: (round(across * math.radians(lon - east)), round(EARTH * math.radians(lat - middle)))
        for who, (lon, lat) in degrees.items()
    }
