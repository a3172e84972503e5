"""Hot topics and duplicates on the open messages, beside scikit-learn, in one run.

Run: `python benchmarks/triage_topics.py` (about a minute; needs the open message sets). The rival
for topics is what one would build from the shelf: character TF-IDF, 100 latent dimensions, average
linkage at its best threshold; for duplicates, the cosine of TF-IDF at the threshold that serves it best on the labelled
pairs (ours has one fixed threshold).
"""

import csv
import resource
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from triage_data import ROOT, data_folder
from yishi.engines.triage.duplicates import duplicates
from yishi.engines.triage.similar import Message, SimilarIndex
from yishi.engines.triage.tables import messages_of
from yishi.engines.triage.topics import TopicMap, topic_of

AGREED = {
    "丽发新城搅拌站": ("丽发新城", "搅拌站"),
    "伊景园捆绑车位": ("伊景园", "车位"),
    "五矿万境K9县": ("五矿万境", "K9县"),
    "人才购房补贴": ("购房", "补贴"),
    "58车贷": ("58车贷",),
}
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6)
PAIRS = ROOT / "tests" / "engines" / "triage" / "duplicate_pairs.csv"
SETS = {"hot_messages": ("messages", {}), "liuyan_gas2023_1050": ("hotline", {"place": "city"})}


def found_agreed(messages: Sequence[Message], groups: Sequence[Sequence[int]]) -> list[str]:
    """Which agreed topics make up most of one of these groups."""

    def share(group: Sequence[int], words: Sequence[str]) -> float:
        speaks = [all(w in messages[i].title + messages[i].text for w in words) for i in group]
        return sum(speaks) / len(speaks)

    return [name for name, words in AGREED.items() if any(share(g, words) > 0.5 for g in groups)]


def ours(messages: list[Message], now: float) -> tuple[float, TopicMap, list[Sequence[int]]]:
    start = time.perf_counter()
    index = SimilarIndex()
    index.add(messages)
    topics = TopicMap.build(index, now=now)
    top = topics.hot(10)
    return time.perf_counter() - start, topics, [t.messages for t in top]


def rival(messages: list[Message], index: SimilarIndex, now: float) -> tuple[float, list[str]]:
    """Topics from the shelf, ranked by our formula, so that only the grouping differs.

    The threshold that finds most agreed topics counts; the time is that of one threshold.
    """
    start = time.perf_counter()
    texts = [f"{m.title} {m.text}" for m in messages]
    rows = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit_transform(texts)
    dense = normalize(TruncatedSVD(100, random_state=0).fit_transform(rows))
    best: list[str] = []
    seconds = 0.0
    for apart in THRESHOLDS:
        linkage = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=apart)
        label = linkage.fit_predict(dense)
        seconds = seconds or time.perf_counter() - start
        groups = [np.flatnonzero(label == g).tolist() for g in range(label.max() + 1)]
        ranked = [topic_of(index, g, now) for g in groups if len(g) >= 3]
        ranked = sorted((t for t in ranked if t.people >= 3), key=lambda t: -t.heat)[:10]
        best = max(best, found_agreed(messages, [t.messages for t in ranked]), key=len)
    return seconds, best


def topics_table() -> None:
    messages, _ = messages_of(data_folder() / "messages" / "hot_messages.csv.gz")
    now = max(m.day for m in messages if m.day is not None)
    ours(messages[:500], now)
    seconds, topics, top = ours(messages, now)
    their_seconds, their_top = rival(messages, topics.index, now)
    print(f"{len(messages)} messages\n\n| topics | scikit-learn | ours | ratio |\n|---|---|---|---|")
    print(f"| from texts to ranked topics | {their_seconds:.2f} s | {seconds:.2f} s | {their_seconds / seconds:.1f} |")
    print(f"| agreed topics in the first ten | {len(their_top)} of 5 "
          f"| {len(found_agreed(messages, top))} of 5 | |")  # fmt: skip
    listed = topics.hot(10)
    print(f"| a new message placed, median / 99 % | – | {place_times(topics)} | |\n")
    for rank, topic in enumerate(listed, 1):
        print(f"{rank}. {topic.title} — {topic.sentence['zh']}")


def place_times(topics: TopicMap) -> str:
    took = []
    for k in range(300):
        old = topics.index.messages[k * 7]
        message = Message(old.text[20:] + old.text[:20], old.title[1:], day=old.day, person=f"new {k}")
        start = time.perf_counter()
        topics.place(message)
        took.append(time.perf_counter() - start)
    return f"{np.median(took) * 1000:.2f} / {np.quantile(took, 0.99) * 1000:.2f} ms"


def duplicates_table() -> None:
    judged = list(csv.DictReader(PAIRS.open(encoding="utf-8")))
    truth: list[bool] = []
    said: list[bool] = []
    cosine: list[float] = []
    spent = their = 0.0
    for name, (folder, named) in SETS.items():
        messages, names = messages_of(data_folder() / folder / f"{name}.csv.gz", dict(named))
        mine = [r for r in judged if r["file"] == name]
        start = time.perf_counter()
        index = SimilarIndex()
        index.add(messages)
        found = {frozenset((names[d.first]["id"], names[d.second]["id"])) for d in duplicates(index)}
        spent += time.perf_counter() - start
        truth += [r["same_cause"] == "1" for r in mine]
        said += [frozenset((r["first"], r["second"])) in found for r in mine]
        start = time.perf_counter()
        at = {str(n["id"]): i for i, n in enumerate(names)}
        rows = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), sublinear_tf=True).fit_transform(
            [f"{m.title} {m.place} {m.text}" for m in messages]
        )
        cosine += [(rows[at[r["first"]]] @ rows[at[r["second"]]].T).toarray()[0, 0] for r in mine]
        their += time.perf_counter() - start
    right, picked, like = np.array(truth), np.array(said), np.array(cosine)
    print(f"\n{len(right)} labelled pairs, {right.sum()} of the same cause\n")
    print("| duplicates | TF-IDF cosine | ours |\n|---|---|---|")
    print(f"| precision / recall | {best_recall(like, right)} | {figures(picked, right)} |")
    print(f"| time (rival: the labelled pairs only; ours: all pairs, with evidence) | {their:.2f} s | {spent:.2f} s |")


def figures(picked: NDArray[np.bool_], right: NDArray[np.bool_]) -> str:
    return f"{(picked & right).sum() / picked.sum():.3f} / {(picked & right).sum() / right.sum():.3f}"


def best_recall(like: NDArray[np.float64], right: NDArray[np.bool_]) -> str:
    """Precision and recall at the lowest threshold of precision at least 0.9."""
    for least in np.unique(like):
        picked = like >= least
        if (picked & right).sum() / picked.sum() >= 0.9:
            return figures(picked, right)
    return "–"


def main() -> None:
    if not Path(PAIRS).is_file():
        raise SystemExit(f"no labelled pairs in {PAIRS}")
    topics_table()
    duplicates_table()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of this process, both sides: {peak:,.0f} MB")


if __name__ == "__main__":
    main()
