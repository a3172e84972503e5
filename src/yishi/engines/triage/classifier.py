"""A trained classifier: labels with true probabilities, the words that decided, and corrections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from yishi.engines.triage.features import (
    HEAD_WEIGHT,
    MAX_TEXT,
    Batch,
    Codes,
    Counts,
    Vocabulary,
    read,
)
from yishi.engines.triage.words import Reason, quoted
from yishi.engines.words import Spoken, say

_BATCH = 512
_WORDS, _LONGEST, _LINK, _LEAST_PULL = 3, 12, 0.3, 1e-9
_CORRECTED_BY, _MAX_STEPS = 1.0, 200
_LISTED, _LONGEST_LABEL = 20, 24
LEAD = 2.5
"""Times the second label's probability that the first must have where probabilities are not calibrated. Measured on the
labelled messages (`docs/engines/triage.md`); a correction leads by more (e to the power of `_CORRECTED_BY`)."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Prediction:
    """A label with its probability; `abstain`: a person should decide.

    `parents` are the upper levels of a label written `a/b/c`, top first, each with the sum of the
    probabilities below it. `reasons` name the words that spoke for the label most.
    """

    label: str
    probability: float
    abstain: bool
    reasons: tuple[Reason, ...] = ()
    parents: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Classifier:
    """Weights (2 × vocabulary width, labels); probability = softmax(scale · margin + shift).

    `threshold` is the probability below which it abstains; not calibrated (a cold start, or too few
    labelled texts), it abstains unless the first label leads the second by `LEAD`. `learned_from`
    counts the labelled texts. `columns` are the names of the text columns of the table it learned
    from, so that a like table needs no names.
    """

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Matrix
    scale: float
    shift: NDArray[np.float32]
    threshold: float
    learned_from: int
    columns: tuple[str, ...] = ()

    @property
    def calibrated(self) -> bool:
        """Whether its probabilities were fitted on texts left out: only then is any label shifted."""
        return bool(self.shift.any())

    def _probabilities(self, rows: Counts) -> NDArray[np.float64]:
        margins = rows.matrix(len(self.weights)) @ self.weights
        return np.asarray(softmax(self.scale * margins.astype(np.float64) + self.shift, axis=1))

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Probability of every label (texts × labels), in the order of `labels`."""
        parts = [
            self._probabilities(self.vocabulary.count(read(texts[i : i + _BATCH])))
            for i in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(parts) if parts else np.empty((0, len(self.labels)))

    def predict(self, texts: Sequence[str], *, threshold: float | None = None) -> list[Prediction]:
        """One prediction for each text, in order. It abstains below the threshold and where no word is a reason.

        A `threshold` that is given stands for the model's own rule.
        """
        return list(self.stream(texts, threshold=threshold))

    def stream(self, texts: Sequence[str], *, threshold: float | None = None) -> Iterator[Prediction]:
        """`predict`, batch after batch, for more texts than should be answered at once."""
        for i in range(0, len(texts), _BATCH):
            yield from self._predict_batch(texts[i : i + _BATCH], threshold)

    def _predict_batch(self, texts: Sequence[str], threshold: float | None) -> Iterator[Prediction]:
        batch = read(texts)
        single, pairs = self.vocabulary.positions(batch)
        rows = self.vocabulary.count_at(batch, single, pairs)
        chance = self._probabilities(rows)
        each = np.arange(len(texts))
        order = np.argsort(-chance, axis=1, kind="stable")[:, :2]
        first, second = order[:, 0], order[:, 1]
        top = chance[each, first]
        unsure = top < (self.threshold if threshold is None else threshold)
        if threshold is None and not self.calibrated:
            unsure |= top < LEAD * chance[each, second]
        words = self._words(texts, batch, (single, pairs), rows, first, second)
        for i, text_words in enumerate(words):
            label = self.labels[first[i]]
            yield Prediction(
                label,
                float(top[i]),
                bool(unsure[i] or not text_words),
                (_reason(label, text_words),) if text_words else (),
                self._parents(label, chance[i]) if "/" in label else (),
            )

    def _parents(self, label: str, chance: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
        names = label.split("/")
        uppers = ["/".join(names[:k]) for k in range(1, len(names))]
        return tuple(
            (
                upper,
                float(
                    sum(p for n, p in zip(self.labels, chance, strict=True) if n == upper or n.startswith(upper + "/"))
                ),
            )
            for upper in uppers
        )

    def _words(
        self,
        texts: Sequence[str],
        batch: Batch,
        features: tuple[Codes, Codes],
        rows: Counts,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
    ) -> list[tuple[str, ...]]:
        """The runs of characters that spoke most for the first label against the second: of pairs of neighbours,
        of single characters where no pair spoke for it."""
        alone, link = (self._pull(batch, f, rows, first, second) for f in features)
        value = alone + link
        edges = np.searchsorted(batch.doc, np.arange(batch.size))
        paired = np.maximum.reduceat(link, edges) > _LEAST_PULL  # every text has at least the mark that ends it
        spoken = np.where(paired[batch.doc], link, alone)
        best = np.maximum.reduceat(spoken, edges)
        strong = spoken > np.maximum(_LINK * best[batch.doc], _LEAST_PULL)
        starts = np.flatnonzero(strong & ~np.append(False, strong[:-1]))
        if not len(starts):
            return [()] * len(texts)
        ends = np.flatnonzero(strong & ~np.append(strong[1:], False)) + 1
        total = np.concatenate(([0.0], np.cumsum(value)))
        doc = batch.doc[starts]
        last = ends - ~paired[doc]
        score = total[last + 1] - total[starts]
        found: list[list[str]] = [[] for _ in texts]
        at = batch.at
        shift = [len(t[:MAX_TEXT]) - len(t[:MAX_TEXT].lstrip()) for t in texts]
        for k in np.lexsort((starts, -score, doc)).tolist():
            mine = found[doc[k]]
            if len(mine) < _WORDS:
                text, s = texts[doc[k]], shift[doc[k]]
                word = text[at[starts[k]] + s : at[last[k]] + s + 1]
                word = "".join(word.split())[:_LONGEST]
                if word not in mine:
                    mine.append(word)
        return [tuple(m) for m in found]

    def _pull(
        self,
        batch: Batch,
        feature: Codes,
        rows: Counts,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """What the feature at each position adds to the first label's margin over the second's."""
        width = self.vocabulary.width
        known = feature >= 0
        f, doc = np.where(known, feature, 0), batch.doc
        a, b = first[doc], second[doc]
        body, head = (np.maximum(rows.lengths[:, p], 1e-9)[doc] for p in (0, 1))
        pull = (self.weights[f, a] - self.weights[f, b]) / body
        top = batch.head
        f_top = f[top] + width
        pull[top] += HEAD_WEIGHT * (self.weights[f_top, a[top]] - self.weights[f_top, b[top]]) / head[top]
        return np.where(known, pull * self.vocabulary.idf[f], 0.0)

    def correct(self, text: str, label: str) -> "Classifier":
        """The classifier after one correction: `text` is `label`, without training anew.

        The smallest change of the two labels' weights that puts `label` ahead by a clear margin
        (passive-aggressive step, Crammer et al. 2006); texts like this one follow, others hardly
        move. Raises `Spoken` for a label it does not know or a text with no known word.
        """
        if label not in self.labels:
            raise self._unknown(label)
        rows = self.vocabulary.count(read([text]))
        if not len(rows.columns):
            raise Spoken(
                "这段文字里没有模型认识的字词：请加进历史留言，重新训练。",
                "no known word in this text: add it to the history and train anew.",
            )
        right = self.labels.index(label)
        own = self.weights[rows.columns].astype(np.float64)
        square = float(rows.values.astype(np.float64) @ rows.values)
        for _ in range(_MAX_STEPS):
            z = self.scale * (rows.values @ own) + self.shift
            others = np.where(np.arange(len(z)) == right, -np.inf, z)
            wrong = int(np.argmax(others))
            gap = _CORRECTED_BY - (z[right] - z[wrong])
            if gap <= 1e-6:
                break
            step = gap / (2 * self.scale * square) * rows.values
            own[:, right] += step
            own[:, wrong] -= step
        weights = self.weights.copy()
        weights[rows.columns] = own
        return replace(self, weights=weights)

    def _unknown(self, label: str) -> Spoken:
        """An unknown label, answered with those there are, the likest first, not all where there are very many."""
        likely = get_close_matches(label, self.labels, 5, 0.3)
        listed = [name[:_LONGEST_LABEL] for name in dict.fromkeys([*likely, *self.labels])][:_LISTED]
        count, cut = len(self.labels), len(self.labels) > len(listed)
        zh, en = f" 等 {count} 类" if cut else "", f" … ({count} in all)" if cut else ""
        return Spoken(
            f"没有“{label[:_LONGEST_LABEL]}”这一类；有：{'、'.join(listed)}{zh}。要加新的分类，请重新训练。",
            f"unknown label “{label[:_LONGEST_LABEL]}”; there are: {', '.join(listed)}{en}. Train anew to add a label.",
        )


def _reason(label: str, words: tuple[str, ...]) -> Reason:
    zh, en = quoted(words)
    return Reason(
        words,
        float(len(words)),
        say(f"{zh}等词指向“{label}”。", f'{en} point to "{label}".'),
    )
