"""Messages beyond one machine's memory: the same pairs, groups and labels from Dask partitions.

Partitions of messages stay on the workers (Dask spills them to disk where memory is short). The
frequencies of all are added up, every partition is weighted by them, and each pair of partitions is
compared once; only the pairs found come back. The results equal those of one machine, bit by bit,
because each pair's likeness is the same sum of the same numbers. Needs the `dask` extra; a
`distributed` client is used where one is active.
"""

from collections.abc import Sequence
from typing import Any

import dask.base
import numpy as np
from dask.delayed import delayed as dask_delayed
from scipy.sparse import vstack

from yishi.engines.triage.candidates import SMALL, Usage, added, marks, proposed, telling, usage
from yishi.engines.triage.classifier import Classifier, Prediction
from yishi.engines.triage.features import Ints
from yishi.engines.triage.similar import (
    Message,
    Pairs,
    Rows,
    all_pairs,
    chained,
    compared,
    frequencies,
    idf_of,
    in_order,
    rows_of,
    weighted,
)
from yishi.engines.triage.topics import EDGE, joined

# Dask's functions carry no types.
together: Any = dask.base.compute
kept: Any = dask.base.persist
delayed: Any = dask_delayed
_FAN_IN = 8


def pairs_dask(parts: Sequence[Any], least: float) -> tuple[Pairs, int]:
    """`SimilarIndex.pairs` over partitions, and how many messages there are.

    `parts` are delayed values (or lists) of messages, in order of arrival.
    """
    rows = kept(*(delayed(_rows)(part) for part in parts))
    sizes = [int(s) for s in together(*(delayed(len)(r) for r in rows))]
    size = sum(sizes)
    (frequency,) = kept(_sum([delayed(frequencies)(r) for r in rows]))
    idf = delayed(idf_of)(frequency, size)
    weights = kept(*(delayed(weighted)(r, idf) for r in rows))
    starts = np.cumsum([0, *sizes])
    if size <= SMALL:
        (alone,) = together(delayed(_all)(weights, frequency, least))
        return alone, size
    wanted = delayed(telling)(_sum([delayed(_usage)(r) for r in rows], added))
    shared = kept(*(delayed(_marks)(r, wanted) for r in rows))
    tasks = [
        delayed(_between)((weights[i], weights[j]), (shared[i], shared[j]), least, (int(starts[i]), int(starts[j])))
        for i in range(len(parts))
        for j in range(i, len(parts))
    ]
    return in_order(chained(list(together(*tasks)))), size


def groups_dask(parts: Sequence[Any]) -> list[list[int]]:
    """The groups of `TopicMap.build` over partitions: positions in order of arrival."""
    pairs, size = pairs_dask(parts, EDGE)
    return joined(pairs, size)


def predict_dask(model: Classifier, parts: Sequence[Any]) -> list[Any]:
    """Delayed predictions, a list for each delayed list of texts."""
    shared = delayed(model, pure=False)
    return [delayed(_predict)(shared, part) for part in parts]


def _predict(model: Classifier, texts: Sequence[str]) -> list[Prediction]:
    return model.predict(texts)


def _rows(messages: Sequence[Message]) -> Rows:
    return rows_of(messages)


def _sum(parts: list[Any], add: Any = None) -> Any:
    """Added up a few at a time, so that no worker holds them all."""
    while len(parts) > 1:
        parts = [delayed(add or _added)(parts[i : i + _FAN_IN]) for i in range(0, len(parts), _FAN_IN)]
    return parts[0]


def _added(parts: Sequence[Ints]) -> Ints:
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total


def _usage(rows: Rows) -> Usage:
    return usage(rows.phrases)


def _marks(rows: Rows, wanted: Any) -> Any:
    return marks(rows.phrases, wanted)


def _all(weights: Sequence[Any], frequency: Ints, least: float) -> Pairs:
    return all_pairs(vstack(list(weights), format="csr"), frequency, least)


def _between(weights: Any, shared: Any, least: float, at: tuple[int, int]) -> Pairs:
    found = compared(weights[0], weights[1], proposed(shared[0], shared[1], same=at[0] == at[1]), least)
    return Pairs(found.first + np.int32(at[0]), found.second + np.int32(at[1]), found.likeness)
