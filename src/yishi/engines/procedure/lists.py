"""Important-matter lists (三重一大): which body a matter goes to, by versioned lists per level."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from yishi.engines.procedure.model import Pack, PackError, UnknownPack
from yishi.engines.procedure.packs import load_pack, package_text
from yishi.engines.procedure.reading import parse_toml
from yishi.engines.words import Text, say

Line = tuple[str, str, Decimal]
_FACTS: dict[str, tuple[str, str]] = {
    "amount": ("金额（元）", "amount (yuan)"),
    "amount_per_year": ("年金额（元）", "amount a year (yuan)"),
    "years": ("年限", "years"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a kind of matter, the lines of which one must be reached, the deciding pack, and
    what else it requires (such as the trading platform)."""

    matter: str
    any: tuple[Line, ...]
    route: str
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatterList:
    """One version of a list, in force between two dates."""

    id: str
    version: int
    level: str
    title: Text
    verified: bool
    effective_from: date
    effective_to: date | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a matter goes: the pack of the body, what it requires, by which list, and why."""

    pack: Pack
    requires: tuple[str, ...]
    by: MatterList
    text: Text


def read_lists(text: str, where: str = "matter_lists") -> tuple[MatterList, ...]:
    """The lists of a TOML text. Raises `PackError` saying where and what to mend."""
    table = parse_toml(text, where)
    rows = table.get("list", [])
    if set(table) - {"list"} or not isinstance(rows, list):
        raise PackError(f"{where}: write lists as [[list]]")
    found = tuple(_list(row, f"{where}: list {i}") for i, row in enumerate(rows, 1))
    if len({(one.id, one.version) for one in found}) < len(found):
        raise PackError(f"{where}: a version is there twice")
    return found


def _list(row: Any, where: str) -> MatterList:
    keys = {"id", "version", "level", "title", "status", "effective_from", "effective_to", "entries"}
    if not isinstance(row, dict) or not keys - {"effective_to"} <= row.keys() <= keys:
        raise PackError(f"{where}: needs {', '.join(sorted(keys))}")
    title, entries = row["title"], row["entries"]
    if not isinstance(title, dict) or set(title) != {"zh", "en"} or not isinstance(entries, list):
        raise PackError(f"{where}: needs a title with zh and en, and entries")
    dates = (row["effective_from"], row.get("effective_to"))
    if type(dates[0]) is not date or type(dates[1]) not in (date, type(None)) or type(row["version"]) is not int:
        raise PackError(f"{where}: dates such as 2026-01-01 and a whole version number")
    return MatterList(
        id=str(row["id"]),
        version=row["version"],
        level=str(row["level"]),
        title=say(str(title["zh"]), str(title["en"])),
        verified=row["status"] == "verified",
        effective_from=dates[0],
        effective_to=dates[1],
        entries=tuple(_entry(entry, f"{where}: entry {i}") for i, entry in enumerate(entries, 1)),
    )


def _entry(row: Any, where: str) -> Entry:
    if not isinstance(row, dict) or row.keys() - {"matter", "any", "route", "requires"}:
        raise PackError(f"{where}: holds matter, any, route, requires")
    try:
        load_pack(row["route"])
        lines = tuple(_line(line) for line in row.get("any", []))
        return Entry(str(row["matter"]), lines, row["route"], tuple(map(str, row.get("requires", []))))
    except (UnknownPack, KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise PackError(f"{where}: {error}") from None


def _line(row: Any) -> Line:
    fact, op, number = row
    if fact not in _FACTS or op not in ("ge", "gt") or not isinstance(number, str):
        raise ValueError(f'write a line as ["amount", "ge", "50000"], not {row}')
    amount = Decimal(number)
    if not amount.is_finite():
        raise ValueError(f"{number} is not an amount")
    return fact, op, amount


@cache
def matter_lists() -> tuple[MatterList, ...]:
    """The lists that ship with Yishi, every version."""
    return read_lists(package_text("matter_lists"))


def list_on(id: str, on: date) -> MatterList:
    """The version of a list in force on a day. Raises `UnknownPack`."""
    for one in matter_lists():
        if one.id == id and one.effective_from <= on and (one.effective_to is None or on <= one.effective_to):
            return one
    known = ", ".join(dict.fromkeys(one.id for one in matter_lists()))
    raise UnknownPack(f"no matter list {id!r} in force on {on}; there are: {known}")


def route_matter(id: str, on: date, matter: str, facts: Mapping[str, Decimal | int]) -> Route:
    """The body that decides a matter (`lease`, `payment`, …) with its facts (`amount`,
    `amount_per_year` in yuan, `years`), by the version in force on that day.

    Raises `UnknownPack` for a list or matter that is not there, and `ValueError` naming a fact
    that decides the route but was not given: a missing number never picks the lesser body.
    """
    chosen = list_on(id, on)
    for entry in (entry for entry in chosen.entries if entry.matter == matter):
        missing = sorted({fact for fact, _, _ in entry.any} - facts.keys())
        reached = [line for line in entry.any if _reached(line, facts)]
        if missing and not reached:
            raise ValueError(f"the route of {matter} depends on {', '.join(missing)}: give it")
        if reached or not entry.any:
            return Route(load_pack(entry.route), entry.requires, chosen, _why(chosen, entry, reached))
    known = ", ".join(dict.fromkeys(entry.matter for entry in chosen.entries))
    raise UnknownPack(f"list {id} v{chosen.version} has no matter {matter!r}; it has: {known}")


def _reached(line: Line, facts: Mapping[str, Decimal | int]) -> bool:
    fact, op, number = line
    if fact not in facts:
        return False
    return facts[fact] > number or (op == "ge" and facts[fact] == number)


def _why(chosen: MatterList, entry: Entry, reached: list[Line]) -> Text:
    body = load_pack(entry.route).title
    lines = "、".join(f"{_FACTS[f][0]} {'≥' if op == 'ge' else '>'} {n}" for f, op, n in reached)
    lines_en = ", ".join(f"{_FACTS[f][1]} {'≥' if op == 'ge' else '>'} {n}" for f, op, n in reached)
    return say(
        f"{chosen.title['zh']}第 {chosen.version} 版：{lines or '一般事项'}，由{body['zh']}决定",
        f"{chosen.title['en']}, version {chosen.version}: {lines_en or 'ordinary'}, decided by: {body['en']}",
    )
