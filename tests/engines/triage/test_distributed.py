"""Dask partitions on a local cluster of processes give what one machine gives, bit by bit."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from dask.delayed import delayed
from distributed import Client, LocalCluster

from yishi.engines.triage import distributed, similar
from yishi.engines.triage.distributed import groups_dask, pairs_dask, predict_dask
from yishi.engines.triage.similar import Message, SimilarIndex
from yishi.engines.triage.topics import EDGE, TopicMap
from yishi.engines.triage.training import Labelled, train

CAUSES = ("路灯不亮", "门口有坑积水", "烧烤店油烟扰民", "公交车班次太少", "幼儿园学位不够", "工地夜间施工")
ENDINGS = ("请处理", "没人管", "已经半年了", "希望解决", "老人出行不便")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Client]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as workers, Client(workers) as client:
        yield client


def some_messages() -> list[Message]:
    choose = np.random.default_rng(3)
    return [
        Message(f"{place}号院{cause}，{ending}", f"{place}号院{cause}", day=float(k))
        for k, (place, cause, ending) in enumerate(
            (int(choose.integers(12)), CAUSES[choose.integers(6)], ENDINGS[choose.integers(5)]) for _ in range(400)
        )
    ]


def load(path: str) -> list[Message]:
    return [Message(**fields) for fields in json.loads(Path(path).read_text(encoding="utf-8"))]


def parts_on_disk(folder: Path, messages: list[Message], size: int) -> list[object]:
    """Delayed partitions that each worker reads from its own file."""
    parts = []
    for start in range(0, len(messages), size):
        path = folder / f"{start}.json"
        fields = [{"text": m.text, "title": m.title, "day": m.day} for m in messages[start : start + size]]
        path.write_text(json.dumps(fields), encoding="utf-8")
        parts.append(delayed(load)(str(path)))
    return parts


@pytest.mark.slow
@pytest.mark.parametrize(("size", "small"), [(400, 5_000), (57, 5_000), (400, 0), (130, 0), (57, 0)])
def test_pairs_and_groups_are_the_same(
    cluster: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, small: int
) -> None:
    """`small` 0 compares only what shares phrases, as large collections do."""
    monkeypatch.setattr(distributed, "SMALL", small)
    monkeypatch.setattr(similar, "SMALL", small)
    messages = some_messages()
    index = SimilarIndex()
    index.add(messages)
    alone = index.pairs(EDGE)
    parts = parts_on_disk(tmp_path, messages, size)
    apart, count = pairs_dask(parts, EDGE)
    assert count == len(messages)
    assert len(alone.first) > 1_000
    assert np.array_equal(alone.first, apart.first)
    assert np.array_equal(alone.second, apart.second)
    assert np.array_equal(alone.likeness, apart.likeness)
    assert groups_dask(parts) == TopicMap.build(index).groups


@pytest.mark.slow
def test_predictions_are_the_same(cluster: Client) -> None:
    texts = [m.text for m in some_messages()]
    model = train(Labelled(texts, [next(c for c in CAUSES if c in t) for t in texts]))
    parts = predict_dask(model, [texts[:150], texts[150:]])
    apart = [p for part in cluster.gather(cluster.compute(parts)) for p in part]
    assert apart == model.predict(texts)
