"""Do groups depend on who came first? 15 random orders of arrival of each open conversation.

    python benchmarks/opinion_order.py [FOLDER WITH POLIS EXPORTS]

Mean adjusted Rand index between the groups of each pair of orders: method `polis` (base clusters
and groups start from whoever came first) beside method `yishi`. 1 = the same groups.
"""

import os
import sys
from itertools import combinations
from pathlib import Path

import numpy as np

from yishi.engines.opinion.clusters import agreement
from yishi.engines.opinion.mapping import Settings, map_votes
from yishi.engines.opinion.reader import read_conversation
from yishi.engines.opinion.votes import VoteMatrix

ORDERS = 15
FOLDER = Path(os.environ.get("YISHI_DATA", Path(__file__).parents[2] / "shared" / "data")) / "polis"


def stability(folder: Path, method: str) -> float:
    read = read_conversation(folder)
    votes = read.matrix()
    who, what, how = votes.participants[votes.row_of_each_vote()], votes.statements[votes.columns], votes.values
    settings = Settings(method=method, removed=read.removed(), meta=read.meta(), divisions=2)
    seen = []
    for order in range(ORDERS):
        number = np.random.default_rng(order).permutation(int(votes.participants.max()) + 1)
        found = map_votes(VoteMatrix.from_votes(number[who], what, how), settings)
        row = np.searchsorted(found.participants, number[votes.participants[votes.row_sizes > 0]])
        seen.append(found.groups[row] + 1)
    return float(np.mean([agreement(a, b) for a, b in combinations(seen, 2)]))


def main(folder: Path) -> None:
    places = sorted(p for p in folder.iterdir() if (p / "participants-votes.csv").exists()) if folder.exists() else []
    if not places:
        raise SystemExit(f"no Polis exports in {folder}: give the folder, or set YISHI_DATA")
    scores = {"polis": [], "yishi": []}
    print(f"{'conversation':<36}{'polis':>8}{'yishi':>8}")
    for place in places:
        for method, found in scores.items():
            found.append(stability(place, method))
        print(f"{place.name:<36}{scores['polis'][-1]:>8.2f}{scores['yishi'][-1]:>8.2f}", flush=True)
    print(f"{'mean':<36}{np.mean(scores['polis']):>8.2f}{np.mean(scores['yishi']):>8.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
