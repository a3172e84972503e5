"""What each app presents of itself: menu entries, audit verbs, exports, demo data.

An app's ``apps.py`` registers these in ``ready()``, so that a new app is one
folder and one line in the layers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from django.utils.functional import Promise

Place = Literal["resident", "officer", "town"]


@dataclass(frozen=True, slots=True)
class Verb:
    """An act that the audit knows, with a sentence in both languages.

    The sentences may use ``{name}`` for each key of the entry's data.
    """

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A place in the menu. ``visible`` takes the viewer; ``url`` is a URL name."""

    key: str
    label: str | Promise
    url: str
    icon: str
    place: Place
    order: int = 100
    visible: Callable[[Any], bool] = field(default=lambda viewer: True)


@dataclass(frozen=True, slots=True)
class Export:
    """A table of the whole-instance export: model label, e.g. ``matters.Matter``."""

    model: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class DemoStep:
    """A step of building the demo town: takes (town size settings, tick(n)) and is run in order."""

    name: str
    run: Callable[..., None]
    order: int = 100


Ordered = TypeVar("Ordered", MenuEntry, Export, DemoStep)

verbs: dict[str, Verb] = {}
menu: list[MenuEntry] = []
exports: list[Export] = []
demo_steps: list[DemoStep] = []


def register(
    *,
    verbs_: Iterable[Verb] = (),
    menu_: Iterable[MenuEntry] = (),
    exports_: Sequence[Export] = (),
    demo_: Sequence[DemoStep] = (),
) -> None:
    """Add an app's own. Repeating the same entry is harmless; another under its name is refused.

    Raises:
        ValueError: a verb name is taken by another sentence.
    """
    for verb in verbs_:
        if verbs.setdefault(verb.name, verb) != verb:
            raise ValueError(f"audit verb {verb.name} is registered twice")
    _add(menu, menu_)
    _add(exports, exports_)
    _add(demo_steps, demo_)


def _add(target: list[Ordered], fresh: Iterable[Ordered]) -> None:
    target.extend(entry for entry in fresh if entry not in target)
    target.sort(key=lambda entry: entry.order)


def menu_for(viewer: Any) -> Iterator[MenuEntry]:
    """The entries that this viewer sees, in order."""
    return (entry for entry in menu if entry.visible(viewer))
