"""The rule packs that ship with Yishi, and the clocks that they set."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType

from yishi.engines.calendar import Deadline
from yishi.engines.procedure.model import Law, Pack, Period, UnknownPack
from yishi.engines.procedure.reading import (
    parse_toml,
    read_laws,
    read_packs,
    read_quantities,
)
from yishi.engines.tally.lines import Quantity

_FILES = ("villagers", "residents", "collective", "owners", "party", "services")


def package_text(name: str) -> str:
    """A data file of this package, as text."""
    folder = resources.files("yishi.engines.procedure") / "packs"
    return (folder / f"{name}.toml").read_text(encoding="utf-8")


@cache
def laws() -> Mapping[str, Law]:
    """The laws that the packs cite, by id."""
    return MappingProxyType(read_laws(parse_toml(package_text("laws"), "laws")))


@cache
def quantities() -> Mapping[str, Quantity]:
    """The numbers that the rules speak of, by id."""
    return MappingProxyType(read_quantities(parse_toml(package_text("quantities"), "quantities")))


@cache
def _packs() -> Mapping[str, Pack]:
    read = [
        pack for name in _FILES for pack in read_packs(parse_toml(package_text(name), name), laws(), quantities(), name)
    ]
    return MappingProxyType({pack.id: pack for pack in read})


def all_packs() -> tuple[Pack, ...]:
    """Every pack, in the order of the files."""
    return tuple(_packs().values())


def packs_on(on: date) -> tuple[Pack, ...]:
    """The packs that are law on that day."""
    return tuple(pack for pack in all_packs() if pack.in_force(on))


def load_pack(id: str) -> Pack:
    """The pack of that name. Raises `UnknownPack`."""
    pack = _packs().get(id)
    if pack is None:
        raise UnknownPack(f"no rule pack {id!r}; there are: {', '.join(_packs())}")
    return pack


def pack_in_force(family: str, on: date) -> Pack:
    """The version of a family (such as `VA`) that is law on that day. Raises `UnknownPack`."""
    for pack in all_packs():
        if pack.family == family and pack.in_force(on):
            return pack
    raise UnknownPack(f"no version of {family!r} is in force on {on.isoformat()}")


def clock(pack_id: str, rule: str) -> Period:
    """A clock of a pack, such as `clock("HOT-GD", "complaint")`. Raises `UnknownPack`."""
    pack = load_pack(pack_id)
    if rule not in pack.clocks:
        known = ", ".join(pack.clocks) or "none"
        raise UnknownPack(f"pack {pack_id} has no clock {rule!r}; it has: {known}")
    return pack.clocks[rule]


def clock_due(pack_id: str, rule: str, received_on: date) -> Deadline:
    """When something received on a day falls due: `clock_due("HOT-GD", "complaint", day)`.

    The day of receipt is not counted; a last day that is a rest day moves on (Civil Code 201,
    203). Raises `UnknownPack` and, where a needed year has no calendar, `CalendarUnpublished`.
    """
    return clock(pack_id, rule).due(received_on)
