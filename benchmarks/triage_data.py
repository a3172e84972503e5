"""The open message sets as the triage benchmarks and tests use them: texts, labels, twin groups."""

import csv
import gzip
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

ROOT = Path(__file__).resolve().parents[1]
_NOISE = re.compile(r"[\W_a-zA-Z0-9]+")


def data_folder() -> Path:
    """`$YISHI_DATA`, or `../shared/data` beside the repository."""
    return Path(os.environ.get("YISHI_DATA", ROOT.parent / "shared" / "data"))


def rows(name: str) -> list[dict[str, str]]:
    """All rows of a gzipped CSV file of the data folder."""
    with gzip.open(data_folder() / name, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Messages:
    """Labelled messages: `segmented` first, then `raw`; `group` keeps twins together."""

    texts: list[str]
    labels: NDArray[np.str_]
    group: NDArray[np.int64]
    segmented: int


def _pairs_matrix(texts: Sequence[str]) -> csr_array:
    """TF-IDF of character pairs, by its own means: the groups must not depend on the engine."""
    ids: dict[str, int] = {}
    row, column = [], []
    for i, text in enumerate(texts):
        clean = _NOISE.sub("", text.replace("_x000D_", ""))
        for pair in {clean[k : k + 2] for k in range(len(clean) - 1)}:
            row.append(i)
            column.append(ids.setdefault(pair, len(ids)))
    often = np.bincount(column)
    weight = np.log(len(texts) / often)[column]
    matrix = csr_array((weight, (row, column)), shape=(len(texts), len(ids)))
    length = np.sqrt((matrix * matrix).sum(axis=1))
    return csr_array(matrix.multiply(1 / np.maximum(length, 1e-9)[:, None]))


def twin_groups(texts: Sequence[str], *, least: float = 0.4, block: int = 500) -> NDArray[np.int64]:
    """Near-duplicates (cosine of character pairs ≥ `least`) and what they link, one number each."""
    matrix = _pairs_matrix(texts).astype(np.float32)
    turned = matrix.T.tocsr()
    found: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    for start in range(0, matrix.shape[0], block):
        near = (matrix[start : start + block] @ turned).tocoo()
        keep = near.data >= least
        found.append((near.row[keep] + start, near.col[keep]))
    a, b = (np.concatenate(side) for side in zip(*found, strict=True))
    links = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(len(texts), len(texts)))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def labelled() -> Messages:
    """Both labelled sets; nearly every raw message also stands, segmented, in the other set."""
    segmented = rows("messages/labelled_segmented.csv.gz")
    raw = rows("messages/labelled_raw.csv.gz")
    texts = [r["tokens"] for r in segmented] + [r["text"] for r in raw]
    labels = np.array([r["label"] for r in segmented] + [r["label"] for r in raw])
    return Messages(texts, labels, twin_groups(texts), len(segmented))


def folds(data: Messages, test: NDArray[np.int64], *, k: int = 5) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """`k` folds of the rows `test`: (train, test), no twin of a test row among the train rows.

    Whole groups are dealt out, the largest label count first, so that labels spread evenly.
    """
    groups, inverse = np.unique(data.group[test], return_inverse=True)
    names, label = np.unique(data.labels[test], return_inverse=True)
    count = np.zeros((len(groups), len(names)))
    np.add.at(count, (inverse, label), 1)
    load = np.zeros((k, len(names)))
    fold = np.zeros(len(groups), dtype=np.int64)
    order = np.random.default_rng(0).permutation(len(groups))
    for g in order[np.argsort(-count[order].sum(axis=1), kind="stable")]:
        crowd = (load * count[g]).sum(axis=1) + 1e-3 * load.sum(axis=1)
        fold[g] = int(np.argmin(crowd))
        load[fold[g]] += count[g]
    everything = np.arange(len(data.texts))
    result = []
    for f in range(k):
        chosen = fold[inverse] == f
        away = np.isin(data.group, data.group[test[chosen]])
        result.append((everything[~away], test[chosen]))
    return result


def macro_f1(truth: Sequence[str], said: Sequence[str]) -> float:
    """Mean over the labels of 2 · precision · recall / (precision + recall)."""
    a, b = np.asarray(truth), np.asarray(said)
    scores = []
    for name in np.unique(a):
        hit = int(((a == name) & (b == name)).sum())
        scores.append(2 * hit / max(int((a == name).sum() + (b == name).sum()), 1))
    return float(np.mean(scores))


def calibration_error(chance: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten equal bins of the top probability."""
    place = np.minimum((chance * 10).astype(int), 9)
    gaps = [
        (place == b).mean() * abs(chance[place == b].mean() - right[place == b].mean())
        for b in range(10)
        if (place == b).any()
    ]
    return float(sum(gaps))
