"""Learning curve: macro-F1 on unseen messages from 0 to 6,000 labels, with and without the label tree.

Run: `python benchmarks/triage_learning.py [--out curve.svg]` (about four minutes; needs the open
message sets); with `--said`: how many messages are given a label rather than left to people, and how
many of those labels are right. The rival is scikit-learn's TF-IDF + LinearSVC on the same labels. At 0
labels only the tree's own words are known (all of its top labels may be said, seven of them occur). Ours
also reads the history that is not yet labelled, to tell common words from rare ones; never the test texts.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from triage_data import Messages, folds, labelled, macro_f1, rows
from yishi.engines.triage.training import Labelled, train, tree_examples

STEPS = (0, 25, 50, 100, 200, 400, 800, 1_600, 3_200, 5_000)
DRAWS = 3
INK, GRID = "#1f2a37", "#d8dee6"
COLOURS = {"with the tree": "#b3261e", "labels alone": "#1f5fa8", "scikit-learn": "#6b7280"}

Curve = dict[str, list[tuple[int, float]]]


def plain(texts: Sequence[str], labels: Sequence[str], ask: Sequence[str]) -> list[str]:
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    return list(make_pipeline(vectoriser, LinearSVC(C=0.5)).fit(texts, labels).predict(ask))


def mine(
    tree: Labelled | None, unlabelled: Sequence[str]
) -> Callable[[Sequence[str], Sequence[str], Sequence[str]], list[str]]:
    def answer(texts: Sequence[str], labels: Sequence[str], ask: Sequence[str]) -> list[str]:
        model = train(Labelled(texts, labels), tree, background=unlabelled)
        chance = model.probabilities(ask)
        return [model.labels[i] for i in chance.argmax(axis=1)]

    return answer


def case() -> tuple[Messages, list[tuple[str, ...]], NDArray[np.int64], list[str], list[str]]:
    """The messages, the tree's paths under the labels' names, rows to learn from, unseen texts and their labels."""
    data = labelled()
    names = set(data.labels.tolist())
    paths = [tuple(r.values()) for r in rows("messages/taxonomy.csv.gz")]
    tree = [(next((n for n in names if n in p[0] or p[0] in n), p[0]), *p[1:]) for p in paths]
    learn, test = folds(data, np.arange(data.segmented))[0]
    return data, tree, learn[learn < data.segmented], [data.texts[i] for i in test], data.labels[test].tolist()


def curve() -> Curve:
    data, paths, learn, ask, truth = case()
    tree = tree_examples(paths, 1)
    rest = [data.texts[i] for i in learn]
    ways = {"with the tree": mine(tree, rest), "labels alone": mine(None, rest), "scikit-learn": plain}
    found: Curve = {name: [] for name in ways}
    for size in STEPS:
        for name, answer in ways.items():
            if size == 0 and name != "with the tree":
                continue
            scores = []
            for draw in range(DRAWS if 0 < size < 1_000 else 1):
                pick = np.random.default_rng(draw).permutation(learn)[:size]
                guess = answer([data.texts[i] for i in pick], data.labels[pick].tolist(), ask)
                scores.append(macro_f1(truth, guess))
            found[name].append((size, float(np.mean(scores))))
        print(
            f"| {size} | "
            + " | ".join(f"{p[-1][1]:.3f}" if p and p[-1][0] == size else "–" for p in found.values())
            + " |",
            flush=True,
        )
    return found


def said() -> None:
    """What is said rather than left to people, and how much of it is right: the top level is what can be judged."""
    data, tree, learn, ask, truth = case()
    print("| labels | level of the tree | right of all | said | right of those |\n|---|---|---|---|---|")
    for size, level in ((0, 1), (0, 2), (0, 3), (25, 1), (50, 1), (100, 1), (400, 1), (25, 0), (100, 0)):
        pick = np.random.default_rng(0).permutation(learn)[:size]
        own = tree_examples(tree, level) if level else None
        model = train(Labelled([data.texts[i] for i in pick], data.labels[pick].tolist()), own)
        answers = model.predict(ask)
        right = np.array([a.label.split("/")[0] == t for a, t in zip(answers, truth, strict=True)])
        kept = np.array([not a.abstain for a in answers])
        print(
            f"| {size} | {level or '–'} | {right.mean():.3f} | {kept.mean():.1%} | {right[kept].mean():.3f} |",
            flush=True,
        )


def svg(found: Curve) -> str:
    """The curves as a picture: labels on a root scale, macro-F1 from 0.2 to 1."""
    wide, high, left, top = 640, 400, 56, 24

    def x(size: int) -> float:
        return left + (wide - left - 130) * (size / STEPS[-1]) ** 0.4

    def y(score: float) -> float:
        return top + (high - top - 48) * (1 - (score - 0.2) / 0.8)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12">',
        f"<title>Macro-F1 by number of labels</title><rect width='{wide}' height='{high}' fill='white'/>",
    ]
    for tenth in range(2, 11, 2):
        line = y(tenth / 10)
        parts.append(f'<path d="M{left} {line:.1f}H{wide - 130}" stroke="{GRID}"/>')
        parts.append(f'<text x="{left - 8}" y="{line + 4:.1f}" text-anchor="end" fill="{INK}">{tenth / 10:.1f}</text>')
    for size in STEPS:
        if size in (0, 25, 100, 400, 1_600, 5_000):
            parts.append(f'<text x="{x(size):.1f}" y="{high - 26}" text-anchor="middle" fill="{INK}">{size:,}</text>')
    parts.append(
        f'<text x="{(wide - 130) / 2}" y="{high - 8}" text-anchor="middle" fill="{INK}">labelled messages</text>'
    )
    last = -20.0
    for name, points in sorted(found.items(), key=lambda item: -item[1][-1][1]):
        line = " ".join(f"{x(size):.1f},{y(score):.1f}" for size, score in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[name]}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{x(s):.1f}" cy="{y(v):.1f}" r="3" fill="{COLOURS[name]}"/>' for s, v in points]
        last = max(y(points[-1][1]) + 4, last + 16)
        parts.append(f'<text x="{wide - 122}" y="{last:.1f}" fill="{COLOURS[name]}">{name} {points[-1][1]:.3f}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("triage_learning.svg"))
    parser.add_argument("--said", action="store_true")
    asked = parser.parse_args()
    if asked.said:
        said()
        return
    out = asked.out
    print("| labels | " + " | ".join(COLOURS) + " |\n|---|---|---|---|")
    out.write_text(svg(curve()), encoding="utf-8")
    print(f"\nwrote {out}")


if __name__ == "__main__":
    main()
