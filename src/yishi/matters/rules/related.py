"""What apps above say beside a matter: a decision that it was brought to, and where to bring it to one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Related:
    """A link beside a matter; ``label`` says what it is, ``state`` how it stands (empty for an act)."""

    title: str
    url: str
    label: str
    state: str = ""
    tone: str = "plain"


Provider = Callable[[Any, Any], list[Related]]
_providers: list[Provider] = []


def register_related(provider: Provider) -> None:
    """Let an app above add its links: ``provider(viewer, matter)``."""
    if provider not in _providers:
        _providers.append(provider)


def related_to(viewer: Any, matter: Any) -> Iterator[Related]:
    """Every link beside a matter, for this viewer."""
    for provider in _providers:
        yield from provider(viewer, matter)
