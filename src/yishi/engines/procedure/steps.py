"""Procedures: the steps of each way to decide, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from yishi.engines.procedure.model import PackError, UnknownPack
from yishi.engines.procedure.packs import all_packs, package_text
from yishi.engines.procedure.reading import parse_toml
from yishi.engines.words import Text

StepKind = Literal["deed", "meeting", "review", "roll", "poll", "posting", "work"]
KINDS: tuple[StepKind, ...] = ("deed", "meeting", "review", "roll", "poll", "posting", "work")


@dataclass(frozen=True, slots=True)
class Step:
    """One step. See the head of packs/procedures.toml for the meaning of the fields."""

    id: str
    kind: StepKind
    title: Text
    families: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    option: str = ""
    notice: str = ""
    quorum_at: Literal["opening", "count"] = "opening"
    certify: bool = False
    secret: bool = False
    petition: bool = False
    petition_family: str = ""
    petition_required: bool = False
    may_merge_with_next: bool = False
    matter: str = ""
    lead: tuple[str, ...] = ()
    clock: tuple[str, ...] = ()
    clause: Text | None = None
    start: date | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """A way to decide: its steps in order, none of which can be left out or overtaken."""

    id: str
    title: Text
    steps: tuple[Step, ...]


def read_procedures(text: str, where: str = "procedures") -> dict[str, Procedure]:
    """The procedures of a TOML text. Raises `PackError` saying where and what to mend."""
    rows = parse_toml(text, where).get("procedure", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PackError(f"{where}: write procedures as [[procedure]]")
    found: dict[str, Procedure] = {}
    for row in rows:
        steps = row.get("step", [])
        name = row.get("id", "")
        if not isinstance(name, str) or not name or name in found or not isinstance(steps, list):
            raise PackError(f"{where}: every procedure needs an id of its own and steps")
        read = tuple(_step(step, f"{where}: {name}") for step in steps)
        if not read or len({step.id for step in read}) < len(read):
            raise PackError(f"{where}: {name}: steps need ids of their own")
        found[name] = Procedure(name, _title(row, where), read)
    return found


def _step(row: Any, where: str) -> Step:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise PackError(f"{where}: a step needs an id")
    where = f"{where}: step {row['id']}"
    values = dict(row)
    if "from" in values:
        values["start"] = values.pop("from")
    title = _title(values, where)
    for key in ("families", "needs", "fixes", "lead", "clock"):
        rows = values.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(x, str) for x in rows):
            raise PackError(f"{where}: {key} must be a list of names")
        values[key] = tuple(rows)
    unknown = sorted(values.keys() - set(Step.__slots__))
    if unknown or values.get("kind") not in KINDS:
        raise PackError(f"{where}: unknown {', '.join(unknown) or 'kind'}")
    known = {pack.family for pack in all_packs()}
    wrong = [family for family in values["families"] if family not in known]
    if wrong:
        raise PackError(f"{where}: no pack of family {', '.join(wrong)}")
    return Step(**{**values, "title": title})


def _title(row: Mapping[str, Any], where: str) -> Text:
    title = row.get("title")
    if not isinstance(title, dict) or set(title) != {"zh", "en"}:
        raise PackError(f"{where}: needs a title with zh and en")
    return {key: str(words) for key, words in title.items()}


@cache
def procedures() -> Mapping[str, Procedure]:
    """Every procedure that ships with Yishi, by id."""
    return MappingProxyType(read_procedures(package_text("procedures")))


def load_procedure(id: str) -> Procedure:
    """The procedure of that name. Raises `UnknownPack`."""
    if id not in procedures():
        raise UnknownPack(f"no procedure {id!r}; there are: {', '.join(procedures())}")
    return procedures()[id]
