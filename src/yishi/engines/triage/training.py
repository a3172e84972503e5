"""Training: labelled history, a label tree's own words, calibration on texts left out.

The classifier is a linear machine per label over characters and pairs of characters, the opening
of a message weighing on its own (`features`). Probabilities are a softmax of the margins, scaled
and shifted so that they are true on texts that the machine had not seen: up to three machines, each
trained without a third of the texts, near-duplicates kept together, judge that third (one machine
is enough where its third holds 2,000 texts).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.special import logsumexp, softmax

from yishi.engines.triage.classifier import Classifier
from yishi.engines.triage.features import Batch, Counts, Ints, Vocabulary, gather, read
from yishi.engines.triage.solver import Problem, Solution, solve, without
from yishi.engines.words import Spoken, Text, say

COST = 1.0
MAX_LABELS, MAX_LABEL = 5_000, 200
FEATURE_BUDGET = 8_000_000
"""Weights a model may hold (features × labels); fewer features are kept when labels are many."""
_CHUNK, _FOLDS = 2_000, 3
_ROUGHLY, _ENOUGH = 0.5, 2_000
_DEFAULT_SCALE, _TO_PEOPLE = 4.0, 0.10
_LEAST_GROUPS = 30
_RARE, _RAREST, _SHARED = 30, 8, 3


class TrainingError(ValueError):
    """Rows that cannot be learned from; `rows` counts from 0, `text` says what to do."""

    def __init__(self, text: Text, rows: Sequence[int] = ()) -> None:
        super().__init__(text["en"])
        self.text, self.rows = text, tuple(rows)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with their labels, paths in a tree written with `/` between levels."""

    texts: Sequence[str]
    labels: Sequence[str]


def tree_examples(paths: Sequence[Sequence[str]], level: int | None = None) -> Labelled:
    """Examples made of a label tree's own words: each path, and its last two names alone.

    `paths` are rows of names from the top down; the label is the path cut at `level` (all levels
    where None). Names such as 其他 that say nothing stay in their path and make no example alone.
    Raises Spoken for a level that no path reaches.
    """
    deepest = max((sum(bool(n and n.strip()) for n in path) for path in paths), default=0)
    if level is not None and deepest and not 1 <= level <= deepest:
        raise Spoken(
            f"分类表有 {deepest} 级，没有第 {level} 级；请用 1 到 {deepest}。",
            f"the tree has {deepest} levels, there is no level {level}: use 1 to {deepest}.",
        )
    texts: list[str] = []
    labels: list[str] = []
    for path in paths:
        names = [n.strip() for n in path if n and n.strip()]
        label = "/".join(names[:level])
        tail = [n for n in names[1:] if n not in ("其他", "其它", "other", "Other")]
        for text in dict.fromkeys([" ".join(names), *tail[-2:]]):
            texts.append(text)
            labels.append(label)
    return Labelled(texts, labels)


def _check(history: Labelled) -> None:
    if len(history.texts) != len(history.labels):
        raise ValueError("as many labels as texts are needed")
    empty = [i for i, t in enumerate(history.texts) if not t.strip()]
    if empty:
        raise TrainingError(
            say("这些行没有文字：删去或补上后再训练。", "These rows have no text: fill or delete them."),
            empty,
        )
    blank = [i for i, label in enumerate(history.labels) if not label.strip() or len(label) > MAX_LABEL]
    if blank:
        raise TrainingError(
            say(
                f"这些行没有分类，或分类长过 {MAX_LABEL} 字：改正或删去后再训练。",
                f"These rows have no label, or one longer than {MAX_LABEL} characters: mend or delete them.",
            ),
            blank,
        )
    if len(set(history.labels)) > MAX_LABELS:
        raise TrainingError(
            say(
                f"分类多于 {MAX_LABELS} 种：请核对分类所在的列。",
                f"There are more than {MAX_LABELS} labels: check which column holds the label.",
            )
        )
    if len(set(history.labels)) < 2:
        raise TrainingError(
            say(
                "训练至少要有两个不同的分类；现在各行都是同一类（或没有行）。",
                "Training needs at least two different labels; every row has the same one, or there is none.",
            ),
            range(len(history.labels)),
        )


def _batches(texts: Sequence[str]) -> list[Batch]:
    return [read(texts[i : i + _CHUNK]) for i in range(0, len(texts), _CHUNK)]


def _joined(parts: list[Counts]) -> Counts:
    if len(parts) == 1:
        return parts[0]
    offsets = np.cumsum([0, *(p.starts[-1] for p in parts)])
    starts = [p.starts[:-1] + o for p, o in zip(parts, offsets, strict=False)]
    return Counts(
        np.concatenate((*starts, offsets[-1:])),
        np.concatenate([p.columns for p in parts]),
        np.concatenate([p.values for p in parts]),
        np.concatenate([p.lengths for p in parts]),
    )


def train(history: Labelled, tree: Labelled | None = None, background: Sequence[str] = ()) -> Classifier:
    """Learn from labelled texts, from a tree's own words, or from both.

    `tree` comes from `tree_examples`, its labels at the level of the history's; with an empty
    history the classifier is a cold start: useful at once, not calibrated, and it says so.
    `background` are unlabelled texts of the same town: they only tell common words from rare
    ones. Deterministic. Raises `TrainingError` naming the rows.
    """
    own = tree or Labelled((), ())
    both = Labelled([*history.texts, *own.texts], [*history.labels, *own.labels])
    _check(both)
    labels = tuple(sorted(set(both.labels)))
    batches = _batches(both.texts)
    labelled = gather(batches)
    everything = labelled
    if background:
        everything = gather([*batches, *_batches(background)])
    vocabulary = everything.vocabulary(
        at_least=2 if history.texts and not tree else 1,
        at_most=FEATURE_BUDGET // (2 * len(labels)),
        known_from=labelled if background else None,
    )
    rows = _joined([vocabulary.count(b) for b in batches])
    number = {label: i for i, label in enumerate(labels)}
    classes = np.array([number[label] for label in both.labels])
    problem = Problem(rows, classes, np.full(len(rows), COST), len(labels), 2 * vocabulary.width)
    solution = solve(problem)
    scale, shift, threshold = _calibrate(problem, solution, len(history.texts), vocabulary)
    return Classifier(
        labels=labels,
        vocabulary=vocabulary,
        weights=solution.weights.astype(np.float32),
        scale=scale,
        shift=shift,
        threshold=threshold,
        learned_from=len(history.texts),
    )


def _twins(matrix: csr_array, vocabulary: Vocabulary) -> Ints:
    """Group number of each row: rows that share `_SHARED` of their rarest features go together."""
    body = matrix[:, : vocabulary.width].tocoo()
    often = np.bincount(body.col, minlength=vocabulary.width)
    rare = (often[body.col] > 1) & (often[body.col] <= _RARE)
    row, column = body.row[rare], body.col[rare]
    order = np.lexsort((column, often[column], row))
    row, column = row[order], column[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    keep = rank < _RAREST
    marks = coo_array((np.ones(keep.sum(), np.int16), (row[keep], column[keep])), shape=body.shape).tocsr()
    shared = (marks @ marks.T).tocoo()
    close = shared.data >= _SHARED
    links = coo_array((np.ones(close.sum(), np.int8), (shared.row[close], shared.col[close])), shape=shared.shape)
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def _calibrate(
    problem: Problem, full: Solution, history: int, vocabulary: Vocabulary
) -> tuple[float, NDArray[np.float32], float]:
    """Scale, shift and threshold from margins on texts left out; defaults where too few."""
    labels = problem.labels
    matrix = problem.rows.matrix(problem.width)
    group = _twins(matrix, vocabulary)
    if len(np.unique(group[:history])) < _LEAST_GROUPS:
        return _DEFAULT_SCALE, np.zeros(labels, np.float32), 0.0
    fold = np.random.default_rng(0).integers(0, _FOLDS, len(group))[group]
    fold[history:] = -1
    margins = np.zeros((history, labels))
    judged = np.zeros(history, dtype=bool)
    for k in range(_FOLDS):
        if judged.sum() >= _ENOUGH:
            break
        held = fold == k
        judged |= held[:history]
        cost = np.where(held, 0.0, problem.cost)
        part = Problem(problem.rows, problem.classes, cost, labels, problem.width)
        solution = solve(part, without(problem, full, held), tolerance=_ROUGHLY)
        margins[held[:history]] = matrix[held] @ solution.weights
    margins = margins[judged]
    scale, shift = _fit_softmax(margins, problem.classes[:history][judged])
    top = softmax(scale * margins + shift, axis=1).max(axis=1)
    return scale, shift.astype(np.float32), float(np.quantile(top, _TO_PEOPLE))


def _fit_softmax(margins: NDArray[np.float64], classes: Ints) -> tuple[float, NDArray[np.float64]]:
    """Scale and shift per label that make the likelihood of `classes` largest (Platt's idea)."""
    n, labels = margins.shape
    truth = np.zeros((n, labels))
    truth[np.arange(n), classes] = 1

    def loss(p: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = np.exp(p[0]) * margins + p[1:]
        off = softmax(z, axis=1) - truth
        value = float((logsumexp(z, axis=1) - z[np.arange(n), classes]).mean())
        slope = np.concatenate(([np.exp(p[0]) * (off * margins).sum() / n], off.mean(axis=0) + 2e-3 * p[1:]))
        return value + 1e-3 * float(p[1:] @ p[1:]), slope

    best = minimize(loss, np.zeros(labels + 1), jac=True, method="L-BFGS-B").x
    return float(np.exp(best[0])), best[1:]
