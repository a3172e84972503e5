"""The order in which people look for names: numbers in them by their value, 第2 before 第10."""

import re

_PARTS = re.compile(r"(\d+)")


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key to sort names by; digits count as the number they write."""
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p.casefold()) for p in _PARTS.split(text) if p)
