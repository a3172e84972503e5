"""One more vote: exact co-moments kept up to date beside the whole map drawn anew.

    python benchmarks/opinion_live.py

Prints microseconds a vote, milliseconds to refresh the axes after each vote, and the same by
starting afresh; medians, so that a busy machine disturbs less.
"""

import os
import resource
from time import perf_counter, process_time

import numpy as np

from yishi.engines.compiling import one_blas_thread
from yishi.engines.opinion.axes import axes_of_gram
from yishi.engines.opinion.live import OpinionMap
from yishi.engines.opinion.moments import CoMoments
from yishi.engines.opinion.votes import VoteMatrix

PEOPLE, EACH, VOTES, REFRESHES = 20_000, 50, 4_000, 40


def votes(statements: int) -> VoteMatrix:
    rng = np.random.default_rng(0)
    who = np.repeat(np.arange(PEOPLE), EACH)
    what = rng.integers(0, statements, who.size)
    stand, about = rng.normal(size=(PEOPLE, 2)), rng.normal(size=(statements, 2))
    pull = (stand[who] * about[what]).sum(axis=1) * 0.8 + rng.normal(size=who.size)
    return VoteMatrix.from_votes(who, what, np.sign(np.round(pull)).astype(int))


def timed(action) -> float:
    begin = perf_counter()
    action()
    return perf_counter() - begin


def afresh(matrix: VoteMatrix) -> None:
    with one_blas_thread():
        moments = CoMoments.of(matrix)
        axes_of_gram(moments.gram(), moments.centre)


def main() -> None:
    print(
        f"{'statements':>10} {'vote us':>9} {'refresh ms':>11} {'(cpu ms)':>9} {'afresh ms':>10} {'ratio':>7} {'residual':>9} {'peak MB':>8}"
    )
    for statements in (300, 1_000, 2_000):
        matrix = votes(statements)
        live = OpinionMap(matrix)
        live.axes()
        rng = np.random.default_rng(1)
        stream = list(
            zip(
                rng.integers(0, PEOPLE, VOTES).tolist(),
                rng.integers(0, statements, VOTES).tolist(),
                rng.integers(-1, 2, VOTES).tolist(),
                strict=True,
            )
        )
        live.update(stream[:100])
        batches = [stream[low : low + 100] for low in range(100, VOTES, 100)]
        vote = np.median([timed(lambda batch=batch, live=live: live.update(batch)) for batch in batches]) / 100
        live.axes()
        refresh, busy, residual = [], [], 0.0
        for person, statement, value in stream[:REFRESHES]:
            live.update([(person, statement, -1 if value == 1 else 1)])
            begun = process_time()
            refresh.append(timed(live.axes))
            busy.append(process_time() - begun)
            residual = max(residual, live.axes().residual)
        fresh = np.median([timed(lambda matrix=matrix: afresh(matrix)) for _ in range(3)])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        middle = float(np.median(refresh))
        print(
            f"{statements:>10} {vote * 1e6:>9.1f} {middle * 1e3:>11.1f} {np.median(busy) * 1e3:>9.1f} {fresh * 1e3:>10.1f} {fresh / middle:>6.0f}x {residual:>9.1e} {peak:>8.0f}"
        )
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
