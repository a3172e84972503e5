"""Classifier against scikit-learn's TF-IDF + LinearSVC, same folds, same run.

Run: `python benchmarks/triage_classifier.py` (about three minutes; needs the open message sets).
"""

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from triage_data import Messages, calibration_error, folds, labelled, macro_f1
from yishi.engines.triage.model_file import to_bytes
from yishi.engines.triage.training import Labelled, train


@dataclass(frozen=True)
class Judged:
    f1: float
    rival: float
    error: float
    sure: float


def rival() -> Pipeline:
    """The plain baseline: characters and pairs, sublinear TF-IDF, LinearSVC with C = 0.5."""
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True, lowercase=False)
    return make_pipeline(vectoriser, LinearSVC(C=0.5))


def _pick(data: Messages, at: NDArray[np.int64]) -> tuple[list[str], list[str]]:
    return [data.texts[i] for i in at], data.labels[at].tolist()


def cross_validate(data: Messages, parts: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> Judged:
    """Mean macro-F1 of ours and the rival, pooled calibration error, F1 without the least sure."""
    ours, theirs, sure, chances, rights = [], [], [], [], []
    for learn, test in parts:
        texts, labels = _pick(data, learn)
        ask, truth = _pick(data, test)
        model = train(Labelled(texts, labels))
        chance = model.probabilities(ask)
        said = np.array(model.labels)[chance.argmax(axis=1)]
        top = chance.max(axis=1)
        ours.append(macro_f1(truth, said))
        keep = top >= np.quantile(top, 0.10)
        sure.append(macro_f1(np.array(truth)[keep], said[keep]))
        chances.append(top)
        rights.append(said == np.array(truth))
        theirs.append(macro_f1(truth, rival().fit(texts, labels).predict(ask)))
    error = calibration_error(np.concatenate(chances), np.concatenate(rights))
    return Judged(*(float(np.mean(x)) for x in (ours, theirs)), error, float(np.mean(sure)))


def timed(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Shortest of several runs, in seconds, and the last result."""
    best, result = float("inf"), work()
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def quality(data: Messages) -> None:
    every = np.arange(len(data.texts))
    sets = (
        ("segmented", every[: data.segmented], 0.925),
        ("raw, trained on raw + segmented", every[data.segmented :], 0.915),
    )
    print("| set (5 folds, twins kept together) | rival F1 | ours F1 | goal | sure 90 % | ECE |")
    print("|---|---|---|---|---|---|")
    for name, test, goal in sets:
        j = cross_validate(data, folds(data, test))
        print(f"| {name} | {j.rival:.4f} | {j.f1:.4f} | {goal} | {j.sure:.4f} | {j.error:.4f} |")


def speed(data: Messages) -> None:
    texts, labels = data.texts, data.labels.tolist()
    fit_rival, theirs = timed(lambda: rival().fit(texts, labels), 1)
    fit_ours, ours = timed(lambda: train(Labelled(texts, labels)), 2)
    ask_rival, _ = timed(lambda: theirs.predict(texts), 2)
    ask_ours, _ = timed(lambda: ours.probabilities(texts))
    full, _ = timed(lambda: ours.predict(texts))
    fix, _ = timed(lambda: ours.correct("三栋路灯坏了，晚上很黑", ours.labels[0]))
    n = len(texts)
    print("\n| task | scikit-learn | ours | ratio |\n|---|---|---|---|")
    print(f"| train on {n} | {fit_rival:.2f} s | {fit_ours:.2f} s | {fit_rival / fit_ours:.1f} |")
    print(
        f"| predict, messages/s | {n / ask_rival:,.0f} | {n / ask_ours:,.0f} (calibrated) "
        f"| {ask_rival / ask_ours:.1f} |"
    )
    print(f"| … with the deciding words | – | {n / full:,.0f} | {ask_rival / full:.1f} |")
    print(f"| one correction | – | {fix * 1000:.1f} ms | |")
    print(f"| model file | – | {len(to_bytes(ours)) / 1e6:.1f} MB | |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of this process, both sides: {peak:,.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("quality", "speed"))
    chosen = parser.parse_args().only
    data = labelled()
    print(f"{len(data.texts)} messages, {len(np.unique(data.group))} groups of twins\n")
    if chosen != "speed":
        quality(data)
    if chosen != "quality":
        speed(data)


if __name__ == "__main__":
    main()
