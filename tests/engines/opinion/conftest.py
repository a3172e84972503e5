"""Real conversations and their server's results, found beside the repository or at $YISHI_DATA."""

import json
import os
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
        read = lambda name: json.loads((folder / name).read_text(encoding="utf-8"))  # noqa: E731
        self.math: dict[str, Any] = read("math-pca2.json")
        rows = sorted(read("votes.json"), key=lambda row: float(row["modified"]))
        pid = [int(row.get("pid", row.get("participant_id"))) for row in rows]
        tid = [int(row.get("tid", row.get("statement_id"))) for row in rows]
        self.tids = np.array(sorted(self.math["tids"]))
        known = np.isin(tid, self.tids)
        self.votes = VoteMatrix.from_votes(
            np.array(pid)[known], np.array(tid)[known], np.array([int(r["vote"]) for r in rows])[known],
            all_statements=self.tids,
        )
        self.removed = self.votes.mask_of(self.math["mod-out"])
        self.meta = self.votes.mask_of(self.math["meta-tids"])
        base = self.math["base-clusters"]
        self.base = np.stack([base["x"], base["y"]], axis=1)
        self.base_weights = np.array(base["count"], dtype=float)
        self.base_members: list[list[int]] = base["members"]
        number = {b: g["id"] for g in self.math["group-clusters"] for b in g["members"]}
        self.base_group = np.array([number[b] for b in base["id"]])

    def order(self) -> np.ndarray:
        """Place in the server's statement order of each of our columns."""
        return np.array([self.math["tids"].index(t) for t in self.tids])

    def groups(self) -> np.ndarray:
        """The server's group of each participant, -1 outside."""
        out = np.full(self.votes.shape[0], -1)
        for group, people in zip(self.base_group, self.base_members, strict=True):
            out[np.isin(self.votes.participants, people)] = group
        return out


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
