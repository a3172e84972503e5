"""Search: recall and precision against substring search, and time beside LIKE, in one run on SQLite.

``python benchmarks/search.py [TEXTS]`` (default 20,000 texts made of town talk).
"""

import os
import random
import statistics
import sys
import tempfile
import time

os.environ |= {
    "DJANGO_SETTINGS_MODULE": "yishi.config.settings",
    "YISHI_DATA_DIR": tempfile.mkdtemp(),
    "YISHI_DATABASE_URL": "",
}

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from yishi.core import search  # noqa: E402

PARTS = (
    "小区门口的路灯", "三号楼的电梯", "加装电梯的方案", "市场后面的停车", "巷子里的下水道", "榕树下的垃圾桶", "楼道里的充电", "工地夜里的噪音",
    "坏了好几天", "一直没有人管", "意见不一", "影响老人出行", "堵住了消防通道", "漫到家门口", "请尽快处理", "什么时候公示",
)  # fmt: skip


def milliseconds(act: object, rounds: int = 5) -> float:
    """The middle time of a call."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()  # type: ignore[operator]
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def like(query: str) -> list[int]:
    """What a table scan finds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT object_id FROM core_searchentry WHERE text LIKE %s ORDER BY id DESC LIMIT 50", [f"%{query}%"]
        )
        return [row[0] for row in cursor.fetchall()]


def main() -> None:
    """Fill, ask, compare."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    call_command("migrate", verbosity=0)
    chance = random.Random(1)
    texts = {n: "。".join(chance.sample(PARTS, 4)) + f"。{n % 97}号" for n in range(count)}
    start = time.perf_counter()
    search.index_many("m", 1, [(n, text, True) for n, text in texts.items()])
    print(f"{count} texts indexed in {time.perf_counter() - start:.1f} s")
    whole = "".join(PARTS)
    queries = sorted({whole[i : i + n] for n in (2, 3, 4) for i in chance.sample(range(len(whole) - n), 40)})
    found = asked = right = 0
    for query in queries:
        truth = {n for n, text in texts.items() if query in text}
        ours = set(search.find("m", query, town_id=1, public_only=True, limit=count))
        found, asked, right = found + len(ours & truth), asked + len(truth), right + len(ours)
    print(f"{len(queries)} queries: recall {found / max(asked, 1):.4f}, precision {found / max(right, 1):.4f}")
    for query in ("电梯", "加装电梯", "jzdt", "路灯坏"):
        ours = milliseconds(lambda query=query: search.find("m", query, town_id=1, public_only=True))
        print(f"{query:<8} ours {ours:7.2f} ms   LIKE {milliseconds(lambda query=query: like(query)):7.2f} ms")


if __name__ == "__main__":
    main()
