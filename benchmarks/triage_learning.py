"""Learning curve: macro-F1 on unseen messages from 0 to 6,000 labels, with and without the label tree.

Run: `python benchmarks/triage_learning.py [--out curve.svg]` (about four minutes; needs the open
message sets). The rival is scikit-learn's TF-IDF + LinearSVC on the same labels. At 0 labels only
the tree's own words are known (all of its top labels may be said, seven of them occur). Ours also
reads the history that is not yet labelled, to tell common words from rare ones; never the test texts.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from triage_data import folds, labelled, macro_f1, rows
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


def curve() -> Curve:
    data = labelled()
    names = set(data.labels.tolist())
    paths = [tuple(r.values()) for r in rows("messages/taxonomy.csv.gz")]
    tree = tree_examples([(next((n for n in names if n in p[0] or p[0] in n), p[0]), *p[1:]) for p in paths], 1)
    learn, test = folds(data, np.arange(data.segmented))[0]
    learn = learn[learn < data.segmented]
    ask, truth = [data.texts[i] for i in test], data.labels[test].tolist()
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
                said = answer([data.texts[i] for i in pick], data.labels[pick].tolist(), ask)
                scores.append(macro_f1(truth, said))
            found[name].append((size, float(np.mean(scores))))
        print(
            f"| {size} | "
            + " | ".join(f"{p[-1][1]:.3f}" if p and p[-1][0] == size else "–" for p in found.values())
            + " |",
            flush=True,
        )
    return found


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
    out = parser.parse_args().out
    print("| labels | " + " | ".join(COLOURS) + " |\n|---|---|---|---|")
    out.write_text(svg(curve()), encoding="utf-8")
    print(f"\nwrote {out}")


if __name__ == "__main__":
    main()
