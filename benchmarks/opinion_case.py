"""One measured run of ours in a process of its own; prints one JSON line.

    python benchmarks/opinion_case.py FOLDER HALVINGS
Compiled kernels are warmed on a small conversation first; reading the arrays is not timed, sorting
the votes into the matrix is.
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from yishi.engines.opinion.mapping import Settings, map_votes
from yishi.engines.opinion.votes import VoteMatrix


def warm() -> None:
    rng = np.random.default_rng(0)
    for people in (200, 3_000):
        votes = VoteMatrix.from_votes(
            rng.integers(0, people, 9_000), rng.integers(0, 300, 9_000), rng.integers(-1, 2, 9_000)
        )
        map_votes(votes, Settings(divisions=1))


def main(folder: Path, halvings: int) -> None:
    arrays = [np.load(folder / f"{name}.npy") for name in ("participants", "statements", "votes")]
    kinds = [a.dtype for a in arrays]
    VoteMatrix.from_votes(*(np.zeros(3, dtype=k) for k in kinds))
    warm()
    best = None
    for _ in range(2 if arrays[0].size < 10_000_000 else 1):
        begin, busy = perf_counter(), process_time()
        votes = VoteMatrix.from_votes(*arrays)
        read = perf_counter()
        if votes.values.size > 10_000_000:
            arrays.clear()
        result = map_votes(votes, Settings(divisions=halvings))
        done = perf_counter()
        run = {"matrix": read - begin, "map": done - read, "total": done - begin, "cpu": process_time() - busy}
        best = run if best is None or run["total"] < best["total"] else best
    print(
        json.dumps(
            {
                **best,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "groups": result.centres.shape[0],
                "residual": result.axes.residual,
                "announced": result.announced,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
