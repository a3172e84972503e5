"""The town of the walking benchmark: a grid of 448 × 448 crossings, 8 % of its streets missing, 32 to 56 m each.

`python benchmarks/reach_town.py FOLDER` writes it as arrays that both sides read.
"""

import sys
from pathlib import Path

import numpy as np

SIDE, VENUES, CANDIDATES, SITED = 448, 500, 1_500, 60
REACH = 800


def arrays(side: int = SIDE) -> dict[str, np.ndarray]:
    """x, y (m), first, second, length (whole mm), venues, candidates, weights of the nodes."""
    rng = np.random.default_rng(20)
    number = np.arange(side * side).reshape(side, side)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    up = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    streets = np.concatenate([across, up])
    streets = streets[rng.random(len(streets)) > 0.08]
    return {
        "x": (number.ravel() % side) * 44.0,
        "y": (number.ravel() // side) * 44.0,
        "first": streets[:, 0],
        "second": streets[:, 1],
        "length": rng.integers(32_000, 56_001, len(streets)),
        "venues": np.sort(rng.choice(side * side, VENUES, replace=False)),
        "candidates": np.sort(rng.choice(side * side, CANDIDATES, replace=False)),
        "weights": rng.integers(0, 30, side * side),
        "moves": np.stack([rng.integers(0, VENUES, 200), rng.integers(0, side * side, 200)], axis=1),
    }


if __name__ == "__main__":
    for name, values in arrays().items():
        np.save(Path(sys.argv[1]) / f"{name}.npy", values)
