"""Real conversations and their server's results, found beside the repository or at $YISHI_DATA."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from yishi.engines.opinion.votes import VoteMatrix

DATA = Path(os.environ.get("YISHI_DATA", Path(__file__).parents[4] / "shared" / "data")) / "polis"
FIXTURES = (
    "below-100-ptpts",
    "25ptpt-3gp-no-strict-with-meta",
    "150ptpt-3gp-no-strict-no-meta",
    "above-100-ptpts",
)
CONVERSATIONS = (
    "15-per-hour-seattle",
    "american-assembly.bowling-green",
    "bg2050-volunteers",
    "brexit-consensus",
    "football-concussions",
    "london.youth.policing",
    "scoop-hivemind.biodiversity",
    "vtaiwan.uberx",
)


class ServerResult:
    """A conversation with what the Polis server stored for it; agree = 1 here, -1 there."""

    def __init__(self, folder: Path) -> None:
        def read(name: str) -> Any:
            return json.loads((folder / name).read_text(encoding="utf-8"))

        self.folder, self.math = folder, read("math-pca2.json")
        rows = sorted(read("votes.json"), key=lambda row: float(row["modified"]))
        pid = np.array([int(row.get("pid", row.get("participant_id"))) for row in rows])
        tid = np.array([int(row.get("tid", row.get("statement_id"))) for row in rows])
        vote = np.array([int(row["vote"]) for row in rows])
        self.tids = np.array(sorted(self.math["tids"]))
        known = np.isin(tid, self.tids)
        self.votes = VoteMatrix.from_votes(pid[known], tid[known], vote[known], all_statements=self.tids)
        self.removed = self.votes.mask_of(self.math["mod-out"])
        self.meta = self.votes.mask_of(self.math["meta-tids"])
        self.order = np.array([self.math["tids"].index(t) for t in self.tids])
        self._read_clusters()

    def _read_clusters(self) -> None:
        base = self.math["base-clusters"]
        self.base = np.stack([base["x"], base["y"]], axis=1)
        self.base_weights = np.array(base["count"], dtype=float)
        self.base_members = base["members"]
        number = {b: g["id"] for g in self.math["group-clusters"] for b in g["members"]}
        self.base_group = np.array([number[b] for b in base["id"]])
        self.groups = np.full(self.votes.shape[0], -1)
        for group, people in zip(self.base_group, self.base_members, strict=True):
            self.groups[np.isin(self.votes.participants, people)] = group

    def column(self, statement: Any) -> int:
        return int(np.searchsorted(self.tids, int(statement)))


@pytest.fixture(params=FIXTURES)
def server(request: pytest.FixtureRequest) -> ServerResult:
    folder = DATA / "fixtures" / request.param
    if not folder.exists():
        pytest.skip(f"the server's results are not at {folder}: set YISHI_DATA")
    return ServerResult(folder)


@pytest.fixture(params=CONVERSATIONS)
def conversation(request: pytest.FixtureRequest) -> Path:
    folder = DATA / request.param
    if not folder.exists():
        pytest.skip(f"the open conversations are not at {folder}: set YISHI_DATA")
    return folder


@pytest.fixture
def crowd() -> Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """People around `camps` points of view and their votes as three arrays in order of time."""

    def make(
        people: int, statements: int, each: int, camps: int = 3, seed: int = 0
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rng = np.random.default_rng(seed)
        angle = rng.integers(0, max(camps, 1), people) * 2 * np.pi / max(camps, 1)
        stand = 1.6 * np.stack([np.cos(angle), np.sin(angle)], axis=1) * (camps > 1)
        stand += rng.normal(size=(people, 2)) * (0.35 if camps > 1 else 0)
        who = np.repeat(np.arange(people), each)
        what = rng.integers(0, statements, who.size)
        pull = (stand[who] * rng.normal(size=(statements, 2))[what]).sum(axis=1) + rng.normal(size=who.size)
        vote = np.where(pull > 0.4, 1, np.where(pull < -0.4, -1, 0))
        order = rng.permutation(who.size)
        return who[order], what[order], vote[order]

    return make
