"""The catalogue of disclosures (``catalogue.toml``): what, by whom, how often, for how long, on which basis."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.utils.translation import get_language

from yishi.engines.calendar import Deadline, deadline
from yishi.engines.calendar.deadline import Unit
from yishi.engines.words import Text

FREQUENCIES = ("monthly", "quarterly", "yearly", "event")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the catalogue.

    ``frequency`` monthly, quarterly or yearly raises a duty ``within`` days after each period's end;
    ``event`` items are made known when something happens. ``days`` is how long they hang at least.
    An item that is not ``verified`` says so wherever it is shown.
    """

    code: str
    kind: str
    title: Text
    organisations: tuple[str, ...]
    frequency: str
    within: int
    days: int
    basis: Text
    verified: bool
    visibility: str = "public"


@cache
def _data() -> dict[str, object]:
    return tomllib.loads((resources.files("yishi.publication.rules") / "catalogue.toml").read_text(encoding="utf-8"))


def _items() -> tuple[Item, ...]:
    rows = _data()["item"]
    assert isinstance(rows, list)
    found = tuple(Item(**{**row, "organisations": tuple(row["organisations"])}) for row in rows)
    assert all(i.frequency in FREQUENCIES for i in found)
    return found


CATALOGUE: dict[str, Item] = {item.code: item for item in _items()}


def item_of(code: str) -> Item | None:
    """A line of the catalogue by its code."""
    return CATALOGUE.get(code)


def items_for(organisation_kind: str) -> list[Item]:
    """What an organisation of this kind makes known."""
    return [i for i in CATALOGUE.values() if organisation_kind in i.organisations]


def answer_due(on: dt.date) -> tuple[Deadline, bool]:
    """By when an objection made on a day is answered, and whether that rule was compared with a text.

    Raises:
        CalendarUnpublished: the year has no published calendar yet.
    """
    rule = _data()["answer"]
    assert isinstance(rule, dict)
    unit: Unit = rule["unit"]
    return deadline(on, rule["amount"], unit).under(rule["basis"]), bool(rule["verified"])


def said(text: Text | None) -> str:
    """A sentence in the language of the page; empty for none."""
    if not text:
        return ""
    return text["en"] if (get_language() or "").startswith("en") else text["zh"]
