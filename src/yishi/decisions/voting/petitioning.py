"""Whose signatures a petition counts, and of how many: from the facts of a day, never from what somebody types."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, no
from yishi.decisions import rules
from yishi.decisions.models import Decision
from yishi.decisions.voting import drawing
from yishi.engines.procedure import Pack, UnknownPack, load_procedure, pack_in_force
from yishi.engines.tally.lines import Condition
from yishi.people import selectors as people


def pack_of(decision: Decision, on: dt.date) -> Pack | None:
    """The pack that says how many signatures bind; None where none does (or none is verified)."""
    pack = _pack_asked(decision, on)
    return pack if pack is not None and "petition" in pack.rules else None


def _pack_asked(decision: Decision, on: dt.date) -> Pack | None:
    steps = load_procedure(decision.procedure).steps
    asked = next((s for s in steps if s.petition), None)
    deciding = next((s for s in steps if s.id == "resolve"), None)
    if asked is None or deciding is None:
        return None
    family = asked.petition_family or (deciding.notice if deciding.notice != "pack" else decision.resolve)
    try:
        return pack_in_force(family, on)
    except UnknownPack:
        return None


def ways_of(decision: Decision, on: dt.date) -> tuple[Condition, ...]:
    """The ways to reach it that the register can count: each a number of signatures of a whole."""
    pack = pack_of(decision, on)
    found = () if pack is None else next(iter(pack.rules["petition"].modes.values()))
    return tuple(c for c in found if c.have in CIRCLES)


def takes_petition(decision: Decision, on: dt.date) -> Verdict:
    """Whether the rules of the body that decides say how many signatures bind, and the register can count them."""
    if ways_of(decision, on):
        return YES
    pack = _pack_asked(decision, on)
    if pack is None:
        return no(_("还没有适用的规则，不知道多少人联名才有效。"))
    body, clause = {"body": rules.spoken(pack.title)}, rules.spoken(pack.clause)
    officers = _("可以请有权召集的组织提出这件事。")
    if "petition" in pack.rules:
        return no(_("“%(body)s”按小组计算联名，名册里没有登记小组，算不出人数。") % body, clause, officers)
    if not pack.verified:
        return no(_("“%(body)s”联名的法定人数尚未核定，现在不能发起联名。") % body, clause, officers)
    return no(_("规则里没有写多少人联名可以要求召集“%(body)s”，不能发起联名。") % body, clause, officers)


@dataclass(frozen=True, slots=True)
class Circle:
    """Those who may sign. ``lines``: person → the voters among ``whole`` for whom they sign (joint owners are one)."""

    whole: int
    lines: Mapping[int, tuple[int, ...]]
    faults: tuple[str, ...] = ()

    def counted(self, persons: Iterable[int]) -> int:
        """How many of the whole these people are; whoever is not of the circle counts for nothing."""
        return len({line for person in persons for line in self.lines.get(person, ())})


def circle_of(decision: Decision, quantity: str, pack: Pack, on: dt.date) -> Circle | None:
    """The circle of a quantity of the packs on a day; None where the register cannot tell it (groups)."""
    reckon = CIRCLES.get(quantity)
    return reckon(decision, pack, on) if reckon else None


def _of(drawn: drawing.Drawn, whole: int, faults: Iterable[str] = ()) -> Circle:
    lines: dict[int, tuple[int, ...]] = {}
    for n, line in enumerate(drawn.lines):
        for person in (line.person_id, *line.holders):
            if person is not None:
                lines[person] = (*lines.get(person, ()), n)
    return Circle(whole, lines, tuple(faults))


def _owners(decision: Decision, pack: Pack, on: dt.date) -> Circle:
    drawn = drawing.owners(decision, pack, on)
    return _of(drawn, len(drawn.lines), drawn.faults)


def _adults(decision: Decision, pack: Pack, on: dt.date) -> Circle:
    """Those without a date of birth stay in the whole and do not sign: that can only make it harder to reach."""
    drawn = drawing.adults(decision, pack, on)
    return _of(drawn, len(drawn.lines) + drawn.ageless)


def _villagers(decision: Decision, pack: Pack, on: dt.date) -> Circle:
    """Of all villagers whatever their age; the grown ones sign."""
    everyone = people.right_holders(drawing.RESIDING, on, area_path=decision.area.path)
    return _of(drawing.adults(decision, pack, on), len(everyone))


def _households(decision: Decision, pack: Pack, on: dt.date) -> Circle:
    drawn = drawing.households(decision, pack, on)
    return _of(drawn, len(drawn.lines))


def _representatives(decision: Decision, pack: Pack, on: dt.date) -> Circle:
    elected = drawing.elected(decision, on)
    return Circle(len(elected), {person: (n,) for n, person in enumerate(sorted(elected))})


CIRCLES: dict[str, Callable[[Decision, Pack, dt.date], Circle]] = {
    "owners": _owners, "adults": _adults, "voters": _adults, "villagers": _villagers, "households_signed": _households,
    "reps": _representatives,
}  # fmt: skip
