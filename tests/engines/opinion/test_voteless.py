"""Statements that nobody voted on are listed, and nothing is computed from them."""

import csv
import json

import numpy as np
import pytest

from yishi.engines.opinion.mapping import Settings, map_votes
from yishi.engines.opinion.reader import read_conversation
from yishi.engines.opinion.view import as_data
from yishi.engines.opinion.votes import VoteMatrix

IN_JSON = 1e-6


def as_folder(server, folder):
    """The server's votes and statements as an export, every statement that was ever written included."""

    def read(name):
        return json.loads((server.folder / name).read_text(encoding="utf-8"))

    def write(name, header, rows):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    def of(row, *names):
        return next(row[n] for n in names if n in row)

    write(
        "votes.csv",
        ["timestamp", "comment-id", "voter-id", "vote"],
        [
            [int(float(v["modified"])), of(v, "tid", "statement_id"), of(v, "pid", "participant_id"), v["vote"]]
            for v in read("votes.json")
        ],
    )
    write(
        "comments.csv",
        ["comment-id", "author-id", "moderated", "is-meta", "comment-body"],
        [
            [of(c, "tid", "statement_id"), 0, of(c, "mod", "moderated"), str(bool(c["is_meta"])).lower(), c["txt"]]
            for c in read("comments.json")
        ],
    )


def test_a_folder_gives_the_servers_places_whatever_was_never_voted_on(server, tmp_path):
    as_folder(server, tmp_path)
    read = read_conversation(tmp_path)
    settings = Settings(method="polis", removed=server.math["mod-out"], meta=read.meta())
    data = as_data(map_votes(read.matrix(), settings))
    theirs = dict(zip(server.math["tids"], server.math["pca"]["comment-extremity"], strict=True))
    ours = {int(j): entry["extremity"] for j, entry in data["statements"].items()}
    assert [ours[j] for j in theirs if j in ours] == pytest.approx(
        [theirs[j] for j in theirs if j in ours], abs=IN_JSON
    )
    for axis in (0, 1):
        stand = [np.mean([data["coordinates"][str(p)][axis] for p in m]) for m in server.base_members]
        sign = np.sign(np.dot(stand, server.base[:, axis]))
        np.testing.assert_allclose(sign * np.array(stand), server.base[:, axis], atol=IN_JSON)


def bare(data):
    """What the map says, without the list of all statements."""
    return {k: v for k, v in data.items() if k not in ("statements", "priorities")}


@pytest.mark.parametrize("method", ["yishi", "polis"])
@pytest.mark.parametrize("removed", [[], [3], [3, 100, 102]])
def test_statements_without_votes_change_nothing(crowd, method, removed):
    who, what, vote = crowd(150, 30, 12, camps=2)
    settings = Settings(method=method, removed=removed, divisions=4)
    votes = VoteMatrix.from_votes(who, what, vote)
    more = VoteMatrix.from_votes(who, what, vote, all_statements=[-1, *range(30), 100, 101, 102])
    one, two = as_data(map_votes(votes, settings)), as_data(map_votes(more, settings))
    assert bare(one) == bare(two)
    assert one["priorities"].items() <= two["priorities"].items()
    assert set(two["priorities"]) - set(one["priorities"]) == {"-1", "100", "101", "102"} - set(map(str, removed))
    assert two["statements"]["101"]["seen"] == 0
    assert two["priorities"]["101"] > 1


def test_people_without_votes_do_not_fill_the_table_of_polis(crowd):
    who, what, vote = crowd(10, 20, 12, camps=2)
    votes = VoteMatrix.from_votes(who, what, vote, all_participants=np.arange(40))
    found = map_votes(votes, Settings(method="polis"))
    assert (found.groups[10:] == -1).all()
