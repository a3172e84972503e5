"""Synthetic votes for the opinion benchmarks: people in four camps, each voting on distinct statements.

    python benchmarks/opinion_votes.py PEOPLE STATEMENTS EACH FOLDER
writes participants.npy (int32), statements.npy (uint16) and votes.npy (int8), in order of arrival.
"""

import sys
from math import gcd
from pathlib import Path

import numpy as np

CAMPS = np.array([[1.6, 0.2], [-1.2, 0.9], [-0.6, -1.3], [0.9, -1.0]])
CHUNK = 50_000


def write(people: int, statements: int, each: int, folder: Path) -> None:
    rng = np.random.default_rng(0)
    about = rng.normal(size=(statements, 2)) * [1.0, 0.8]
    tilt = rng.normal(size=statements) * 0.5
    strides = np.array([s for s in range(1, statements) if gcd(s, statements) == 1])
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {"participants": np.int32, "statements": np.uint16, "votes": np.int8}
    out = {
        name: np.lib.format.open_memmap(folder / f"{name}.npy", "w+", dtype=kind, shape=(people * each,))
        for name, kind in kinds.items()
    }
    names = rng.permutation(people).astype(np.int32)
    for low in range(0, people, CHUNK):
        count = min(CHUNK, people - low)
        stand = CAMPS[rng.integers(0, 4, count)] + rng.normal(size=(count, 2)) * 0.5
        step = rng.choice(strides, count)[:, None] * np.arange(each)
        what = (rng.integers(0, statements, count)[:, None] + step) % statements
        pull = (stand[:, None] * about[what]).sum(axis=2) + tilt[what] + rng.normal(size=what.shape)
        vote = np.where(pull > 0.3, 1, np.where(pull < -0.3, -1, 0))
        order = rng.permutation(count * each)
        part = slice(low * each, (low + count) * each)
        out["participants"][part] = np.repeat(names[low : low + count], each)[order]
        out["statements"][part] = what.ravel()[order]
        out["votes"][part] = vote.ravel()[order]


if __name__ == "__main__":
    write(*(int(a) for a in sys.argv[1:4]), Path(sys.argv[4]))
