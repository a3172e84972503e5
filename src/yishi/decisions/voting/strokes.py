"""Names in the order of strokes, as ballots list candidates. The order is built from Unicode's own (see build.mjs)."""

from functools import cache

from django.contrib.staticfiles import finders

FILE = "built/stroke-order.txt"


@cache
def order() -> dict[str, int]:
    """Place of each character in the order of strokes; empty where the assets are not built."""
    found = finders.find(FILE)
    if not found:
        return {}
    with open(str(found), encoding="utf-8") as file:
        return {character: place for place, character in enumerate(file.read().strip())}


def by_strokes(name: str) -> tuple[tuple[int, str], ...]:
    """A sort key: fewer strokes first, character by character; letters before characters."""
    places = order()
    return tuple((places.get(c, -1 if c.isascii() else len(places)), c) for c in name)
