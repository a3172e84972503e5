"""Sets of pairs as rising keys: sorted lists are merged faster than hashed ones."""

import numpy as np

from yishi.engines.pairing.table import Flags, Ints


def merged(*parts: Ints) -> Ints:
    """All keys once, rising."""
    keys = np.concatenate(parts)
    keys.sort(kind="stable")
    if not keys.size:
        return keys
    first = np.empty(keys.size, dtype=bool)
    first[0] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


def within(keys: Ints, known: Ints) -> Flags:
    """Which keys stand in a rising list."""
    if not known.size:
        return np.zeros(keys.size, dtype=bool)
    place = np.minimum(np.searchsorted(known, keys), known.size - 1)
    found: Flags = known[place] == keys
    return found


def without(keys: Ints, known: Ints) -> Ints:
    """Keys that do not stand in a rising list."""
    return keys[~within(keys, known)] if known.size else keys
