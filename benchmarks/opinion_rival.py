"""One measured run of red-dwarf in an environment of its own; prints one JSON line.

PYTHON-WITH-RED-DWARF benchmarks/opinion_rival.py FOLDER
"""

import json
import resource
import sys
import warnings
from pathlib import Path
from time import perf_counter, process_time

warnings.simplefilter("ignore")
import numpy as np  # noqa: E402
from reddwarf.implementations.base import run_pipeline  # noqa: E402


def records(folder: Path, most: int | None = None) -> list[dict]:
    columns = [np.load(folder / f"{n}.npy")[:most].tolist() for n in ("participants", "statements", "votes")]
    return [
        {"participant_id": p, "statement_id": s, "vote": v, "modified": i}
        for i, (p, s, v) in enumerate(zip(*columns, strict=True))
    ]


def main(folder: Path) -> None:
    rng = np.random.default_rng(0)
    toy = [
        {"participant_id": p, "statement_id": s, "vote": int(rng.integers(-1, 2)), "modified": s}
        for p in range(60)
        for s in range(20)
    ]
    run_pipeline(votes=toy, reducer="pca", clusterer="kmeans", random_state=1)
    votes = records(folder)
    begin, busy = perf_counter(), process_time()
    result = run_pipeline(votes=votes, reducer="pca", clusterer="kmeans", random_state=1)
    done = perf_counter()
    groups = len({int(label) for label in result.participants_df["cluster_id"].dropna()})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"total": done - begin, "cpu": process_time() - busy, "peak_mb": peak, "groups": groups}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
