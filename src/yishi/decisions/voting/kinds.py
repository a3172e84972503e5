"""Which roll a step's rule pack asks for, and the wholes that the notice has to fix."""

import datetime as dt
from collections.abc import Mapping

from yishi.core.verdicts import Refusal
from yishi.decisions.models import AgendaItem, Roll
from yishi.decisions.rules import refusal_of
from yishi.engines.procedure import Case, Pack
from yishi.engines.procedure.case import Refused, pack_for
from yishi.engines.procedure.checks import rule_conditions
from yishi.engines.procedure.notice import competent
from yishi.engines.procedure.packs import quantities
from yishi.engines.procedure.steps import load_procedure
from yishi.engines.tally.lines import ABSOLUTE, Condition

Kind = Roll.Kind
BY_FAMILY: Mapping[str, str] = {
    "REO-MA": Kind.MEMBERS, "REO-34": Kind.MEMBERS, "REO-MRA": Kind.REPRESENTATIVES, "VRA": Kind.REPRESENTATIVES,
    "REO-BD": Kind.COUNCIL, "PARTY-CM": Kind.COUNCIL, "TWO-COMMITTEES": Kind.COMMITTEES,
    "PARTY-GM": Kind.PARTY_MEMBERS, "OWN-12": Kind.OWNERS, "OWN-34": Kind.OWNERS, "OWN-279": Kind.AFFECTED_OWNERS,
    "VRECALL": Kind.VOTERS, "VEL": Kind.VOTERS,
}  # fmt: skip
BY_MODE: Mapping[str, str] = {
    "": Kind.ADULTS, "adults": Kind.ADULTS, "households": Kind.HOUSEHOLDS, "groups": Kind.REPRESENTATIVES,
}  # fmt: skip
OWNERS = frozenset({Kind.OWNERS, Kind.AFFECTED_OWNERS})
MODES = ("adults", "households", "groups")


def pack_of(case: Case, on: dt.date) -> Pack:
    """The rule pack of the step at hand on a day.

    Raises:
        Refusal: no pack is in force, nobody has said which body decides, or the law keeps it for a wider one.
    """
    try:
        pack = pack_for(case, on)
        competent(case, pack)
        return pack
    except Refused as refused:
        raise Refusal(refusal_of(refused.note)) from refused


def kind_for(pack: Pack, mode: str) -> str:
    """The kind of roll that a pack's voters form."""
    return BY_FAMILY.get(pack.family) or BY_MODE[mode if mode in BY_MODE else ""]


def by_presence(item: AgendaItem) -> bool:
    """Whether an item is voted on by those who come, or in writing by everyone on the roll."""
    step = next((s for s in load_procedure(item.decision.procedure).steps if s.id == item.step), None)
    return step is not None and step.quorum_at != "count"


def modes_of(pack: Pack) -> tuple[str, ...]:
    """The ways of meeting among which the notice chooses; empty where there is no choice."""
    modes = pack.rules["quorum"].modes if "quorum" in pack.rules else {}
    return tuple(modes) if len(modes) > 1 else ()


def conditions_of(pack: Pack, mode: str, names: tuple[str, ...] = ("quorum", "valid", "pass")) -> list[Condition]:
    """The comparisons by which a vote stands or falls."""
    return [c for name in names if name in pack.rules for c in rule_conditions(pack.rules[name], mode)]


def is_area(name: str) -> bool:
    """Whether a quantity is an area, reckoned in hundredths of a square metre."""
    return name in quantities() and quantities()[name].measure == "area"


def wholes(pack: Pack, mode: str, heads: int, area: int, parts: Mapping[str, int]) -> dict[str, int]:
    """The wholes of a roll by the pack's names; areas in hundredths of m².

    ``parts`` are numbers of some of the roll (``reps``, ``women_reps``) that a rule on its make-up asks for. Where no
    rule asks for a whole (the two committees), it is fixed all the same, as ``body``.
    """
    conditions = conditions_of(pack, mode)
    counted = {c.have for c in conditions} | {"present", ABSOLUTE}
    found = {c.base: area if is_area(c.base) else heads for c in conditions if c.base not in counted}
    make_up = {c.have for c in conditions_of(pack, mode, ("compose",))}
    return (found | {name: n for name, n in parts.items() if name in make_up}) or {"body": heads}


def written(counts: Mapping[str, int]) -> dict[str, int | str]:
    """Counts as events hold them: areas in m² with two decimals, everything else whole."""
    return {n: quantities()[n].written(v) if is_area(n) else v for n, v in counts.items()}
