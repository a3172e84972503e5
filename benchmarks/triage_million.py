"""A million messages on one machine: sorted, compared, joined into topics; time and peak memory.

Run: `python benchmarks/triage_million.py [--messages 1000000]` (needs the open message sets, from
whose pairs of characters the messages are spun on: causes at made-up places, each told one to many
times with clauses left out or added). The baseline is scikit-learn's vectoriser and classifier on
a sample of the same messages; no rival compares a million messages in this memory.
"""

import argparse
import re
import resource
import time
from collections.abc import Iterator

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from triage_data import rows
from yishi.engines.triage.similar import Message, SimilarIndex
from yishi.engines.triage.topics import TopicMap
from yishi.engines.triage.training import Labelled, train

SYLLABLES = "东西南北中和平大沥盐步黄岐河凤池雅瑶桂江海丰乐安泰康宁华新旧上下前后石塘岗头村尾联社"
ENDINGS = ("小区", "花园", "新村", "路", "大道", "社区", "广场", "学校", "市场", "巷")
SAMPLE, CLAUSE = 20_000, 15


def corpus() -> str:
    """The open messages as one run of characters, clauses ended by a bar."""
    source = rows("messages/hot_messages.csv.gz")
    return re.sub(r"[^\u4e00-\u9fff0-9A-Za-z]+", "|", "|".join(r["留言详情"] for r in source))


def clauses(count: int, choose: np.random.Generator) -> list[str]:
    """Clauses as people might write them: a chain that always goes on from a like pair of characters."""
    text = np.array(list(corpus()))
    _, letter = np.unique(text, return_inverse=True)
    pair = letter[:-1].astype(np.int64) * (letter.max() + 1) + letter[1:]
    _, pair = np.unique(pair, return_inverse=True)
    order = np.argsort(pair, kind="stable")
    start = np.searchsorted(pair[order], np.arange(pair.max() + 2))
    at = choose.integers(len(pair) - 2, size=count)
    made = np.empty((count, CLAUSE), dtype=text.dtype)
    for step in range(CLAUSE):
        here = pair[at]
        pick = start[here] + (choose.random(count) * (start[here + 1] - start[here])).astype(np.int64)
        at = np.minimum(order[pick] + 1, len(pair) - 3)
        made[:, step] = text[at + 1]
    return ["".join(line).strip("|").replace("|", "，") for line in made]


def messages(count: int, seed: int = 0) -> Iterator[Message]:
    """Causes of Zipf-like size; each telling keeps most clauses of its cause and adds others."""
    choose = np.random.default_rng(seed)
    sizes = np.minimum(choose.zipf(1.7, size=count), 200)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), count)) + 1]
    parts = iter(clauses(6 * len(sizes) + 2 * count + 2_000, choose))
    made = 0
    for size in sizes.tolist():
        place = "".join(choose.choice(list(SYLLABLES), 3)) + ENDINGS[choose.integers(len(ENDINGS))]
        cause = [next(parts) for _ in range(6)]
        for _ in range(min(size, count - made)):
            keep = [c for c in cause if choose.random() < 0.75] or cause[:1]
            text = "，".join([*keep, next(parts), next(parts)])
            yield Message(f"{place}{text}。", f"{place}{keep[0]}", day=made / 500)
            made += 1


def peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    count = parser.parse_args().messages
    history = rows("messages/labelled_segmented.csv.gz")
    texts, labels = [r["tokens"] for r in history], [r["label"] for r in history]
    model = train(Labelled(texts, labels))
    everything = list(messages(count))
    print(
        f"{count:,} messages of {np.mean([len(m.text) for m in everything[:1000]]):.0f} characters, {peak()} to hold\n"
    )
    start = begin = time.perf_counter()
    busy = time.process_time()
    abstained = sum(p.abstain for p in model.stream([m.text for m in everything]))
    ours = time.perf_counter() - start
    print(f"labelled with reasons: {ours:.0f} s ({count / ours:,.0f}/s), {abstained:,} left to people, peak {peak()}")
    index = SimilarIndex()
    start = time.perf_counter()
    index.add(everything)
    print(f"indexed: {time.perf_counter() - start:.0f} s, peak {peak()}")
    start = time.perf_counter()
    topics = TopicMap.build(index, now=count / 500)
    top = topics.hot(5)
    print(f"compared and joined into {len(topics.groups):,} topics: {time.perf_counter() - start:.0f} s, peak {peak()}")
    for topic in top:
        print(f"   {topic.title}: {len(topic.messages)}")
    start = time.perf_counter()
    for k in range(50):
        topics.place(everything[k * 17])
    print(f"a new message placed: {(time.perf_counter() - start) / 50 * 1000:.1f} ms")
    print(
        f"\nall together {time.perf_counter() - begin:.0f} s, {time.process_time() - busy:.0f} s of processor, "
        f"peak {peak()}",
        flush=True,
    )
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    theirs = make_pipeline(vectoriser, LinearSVC(C=0.5)).fit(texts, labels)
    sample = [m.text for m in everything[:SAMPLE]]
    start = time.perf_counter()
    theirs.predict(sample)
    rate = len(sample) / (time.perf_counter() - start)
    print(
        f"scikit-learn, labels alone: {rate:,.0f}/s; ours is {count / ours / rate:.1f}× that, with probability and reasons"
    )


if __name__ == "__main__":
    main()
