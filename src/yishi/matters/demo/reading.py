"""The story kinds and the words that fill them, read from the files beside this one."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

FILES = ("roads", "water", "estate", "environment", "order", "safety", "people", "collective")


@dataclass(frozen=True, slots=True)
class Story:
    """A kind of thing that happens: wordings with blanks, whose it is, and how it usually goes.

    The first title goes with the first text, and so on.
    ``lead``: part of a department's name; ``lead_kind``: "party" where a Party
    organisation leads. ``needs``: "estate" or "cooperative". ``cost``: yuan, from
    and to. ``suspend``: condition and plan. ``channels``: empty for any.
    """

    key: str
    category: str
    natures: tuple[str, ...]
    decider: str
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    replies: tuple[str, ...]
    results: tuple[str, ...]
    notes: tuple[str, ...]
    weight: int = 1
    size: str = "everyday"
    lead: str = ""
    lead_kind: str = ""
    needs: str = ""
    hall: str = ""
    commit: tuple[str, ...] = ()
    unhappy: tuple[str, ...] = ()
    suspend: tuple[str, ...] = ()
    cost: tuple[int, ...] = (0, 0)
    channels: tuple[str, ...] = field(default=())
    answers: tuple[int, ...] = ()

    def fits(self, variant: int) -> int:
        """Which reply goes with a wording: ``answers`` says, else the one beside it or the last."""
        return self.answers[variant] if self.answers else min(variant, len(self.replies) - 1)

    def result_for(self, variant: int) -> str:
        """What was done, in a line: the story's own, else the beginning of the reply."""
        at = self.fits(variant)
        return self.results[0] if at == 0 else re.split(r"[；。，]", self.replies[at])[0] + "。"


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("yishi.matters.demo") / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def stories() -> tuple[Story, ...]:
    """All story kinds."""
    rows = [row for name in FILES for row in _data(f"stories/{name}")["story"]]
    return tuple(_story(row) for row in rows)


def _story(row: dict[str, Any]) -> Story:
    facts: dict[str, Any] = {k: tuple(map(_digits, v)) if isinstance(v, list) else v for k, v in row.items()}
    return Story(**facts)


def _digits(value: Any) -> Any:
    """Between blanks a number is written in digits: 更换灯具 2 盏."""
    return value.replace(" {n} ", " {d} ") if isinstance(value, str) else value


@cache
def words() -> dict[str, Any]:
    """What blanks are filled with, and how people begin and end."""
    return _data("words")


@cache
def categories() -> tuple[dict[str, Any], ...]:
    """The label tree: groups, each with its kinds (key, name, English name, words)."""
    return tuple(_data("categories")["group"])
