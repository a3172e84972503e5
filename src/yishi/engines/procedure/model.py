"""What a rule pack holds, once read: rules with exact fractions, periods, clauses, dates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from yishi.engines.calendar import Deadline, Unit, deadline
from yishi.engines.tally.lines import Condition
from yishi.engines.words import Spoken, Text, articles_text


class PackError(Spoken):
    """A pack, list, procedure or local line that cannot be read; the message says where and what to mend."""

    def __init__(self, en: str, zh: str = "规则数据有误") -> None:
        super().__init__(zh, en)


class UnknownPack(LookupError):
    """No pack, rule or list has this name; the message lists those that exist."""


@dataclass(frozen=True, slots=True)
class Law:
    """A law with its names and the dates between which it is in force (ends included)."""

    id: str
    name: Text
    start: date | None
    end: date | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """Comparisons under one name. `modes` maps a mode of meeting (`adults`, `households`, or
    "" when there is only one) to its comparisons, joined by `combine`."""

    id: str
    combine: Literal["all", "any"]
    modes: Mapping[str, tuple[Condition, ...]]
    clause: Text


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time with its clause: a `wait` (at least this long) or a clock (at most). A clock
    that is a `right` gives people time to act: nobody may cut it."""

    id: str
    amount: int
    unit: Unit
    clause: Text
    right: bool = False

    def due(self, start: date) -> Deadline:
        """The end of the period counted from `start`. Raises `CalendarUnpublished`."""
        return deadline(start, self.amount, self.unit).under(self.clause)


@dataclass(frozen=True, slots=True)
class Pack:
    """A rule pack: one institution's rules under one law, between two dates.

    `status` is `verified` or `unverified` (未核定： it calculates and warns, never certifies);
    `family` joins the versions of the same institution; `yields_to` names a stricter pack that
    applies instead; `overlays` names the pack that a local practice makes stricter; `same`
    says which value stands for another when only one is given (`@quorum`: those present by
    the quorum's mode); `facts` holds what is not a number to compare.
    """

    id: str
    family: str
    kind: str
    title: Text
    law: Law
    articles: tuple[str, ...]
    status: Literal["verified", "unverified"]
    effective_from: date | None
    effective_to: date | None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    waits: Mapping[str, Period] = field(default_factory=dict)
    clocks: Mapping[str, Period] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    yields_to: str = ""
    overlays: str = ""

    @property
    def verified(self) -> bool:
        """Whether the pack has been compared with the official text."""
        return self.status == "verified"

    @property
    def clause(self) -> Text:
        """The law with all articles of the pack."""
        return articles_text(self.law.name, self.articles)

    def in_force(self, on: date) -> bool:
        """Whether the pack is law on that day (first and last day included)."""
        started = self.effective_from is None or self.effective_from <= on
        return started and (self.effective_to is None or on <= self.effective_to)
