"""Each step against what the Polis server stored. Signs of axes are free; where the server's
history decides (base clusters, who was once in) its own intermediate result is taken as given.
"""

from dataclasses import replace

import numpy as np
import pytest

from yishi.engines.opinion import polis
from yishi.engines.opinion.axes import Axes, axes_of_gram, places
from yishi.engines.opinion.clusters import agreement
from yishi.engines.opinion.lists import consensus_lists, representative_lists
from yishi.engines.opinion.moments import CoMoments
from yishi.engines.opinion.statistics import Repness, Tallies, group_informed, priorities, repness

TIGHT = 1e-9
STORED_AS_FLOAT32 = 1e-6


def wide_axes(server) -> Axes:
    """Our axes over all statements, centre and loadings 0 where moderated out."""
    keep = ~server.removed
    moments = CoMoments.of(server.votes.without(server.removed))
    found = axes_of_gram(moments.gram(), moments.centre)
    centre, vectors = np.zeros(keep.size), np.zeros((2, keep.size))
    centre[keep], vectors[:, keep] = found.centre, found.vectors
    return replace(found, centre=centre, vectors=vectors)


def with_their_axes(server) -> Axes:
    """Their components in our sign (agree = 1)."""
    comps = np.array(server.math["pca"]["comps"])[:, server.order]
    return replace(wide_axes(server), vectors=-comps)


def tallies(server) -> Tallies:
    return Tallies.of(server.votes, server.groups, len(server.math["group-clusters"]))


def zeroed(server) -> Tallies:
    return tallies(server).zeroed(server.removed, np.bincount(server.groups[server.groups >= 0]))


def test_the_centre_is_theirs(server):
    theirs = -np.array(server.math["pca"]["center"])[server.order]
    np.testing.assert_allclose(wide_axes(server).centre, theirs, atol=TIGHT)


def test_the_axes_are_theirs_up_to_sign(server):
    ours, theirs = wide_axes(server), np.array(server.math["pca"]["comps"])[:, server.order]
    assert ours.residual <= TIGHT
    for mine, other in zip(ours.vectors, theirs, strict=True):
        assert abs(mine @ other) / np.linalg.norm(other) == pytest.approx(1, abs=TIGHT)


def test_people_stand_where_their_base_clusters_stand(server):
    width, removed = server.removed.size, int(server.removed.sum())
    kept = server.votes.without(server.removed)
    axes = with_their_axes(server)
    narrow = replace(axes, centre=axes.centre[~server.removed], vectors=axes.vectors[:, ~server.removed])
    stand = places(kept, narrow, width=width, extra=removed, rounded=False)
    for centre, members in zip(server.base, server.base_members, strict=True):
        rows = np.searchsorted(server.votes.participants, members)
        np.testing.assert_allclose(stand[rows].mean(axis=0), centre, atol=TIGHT)


def test_the_extremity_of_statements_is_theirs(server):
    found = with_their_axes(server).statements()
    theirs = np.array(server.math["pca"]["comment-extremity"])[server.order]
    np.testing.assert_allclose(np.hypot(*found.T), theirs, atol=TIGHT)


def test_whoever_has_enough_votes_is_in_and_nobody_they_have_out(server):
    inside = polis.members(server.votes.row_sizes, server.removed.size)
    theirs = np.isin(server.votes.participants, server.math["in-conv"])
    assert not (inside & ~theirs).any()
    assert (polis.members(server.votes.row_sizes, server.removed.size, theirs) == theirs).all()


def test_groups_from_their_base_clusters_are_theirs_and_so_is_k(server):
    count = len(server.math["group-clusters"])
    found = polis.group(server.base, server.base_weights)
    assert found.smoother.last == count
    assert agreement(found.labels, server.base_group) == 1.0
    stored = {g["id"]: g["center"] for g in server.math["group-clusters"]}
    for group, centre in enumerate(found.centres):
        theirs = stored[server.base_group[found.labels == group][0]]
        np.testing.assert_allclose(centre, theirs, atol=TIGHT)


def test_votes_of_groups_are_theirs(server):
    ours = tallies(server)
    for group, data in server.math["group-votes"].items():
        for statement, cast in data["votes"].items():
            at = int(group), server.column(statement)
            assert (ours.agree[at], ours.disagree[at], ours.seen[at]) == (cast["A"], cast["D"], cast["S"])


def test_group_informed_consensus_is_theirs(server):
    ours = group_informed(tallies(server))[0]
    for statement, value in server.math["group-aware-consensus"].items():
        assert ours[server.column(statement)] == pytest.approx(value, abs=TIGHT)


def test_representative_statements_are_theirs_in_order_and_in_numbers(server):
    ours = representative_lists(server.tids, zeroed(server), server.removed)
    for group, theirs in server.math["repness"].items():
        mine = ours[int(group)]
        assert [(e.statement, e.direction, e.best_agree) for e in mine] == [
            (t["tid"], t["repful-for"], t.get("best-agree", False)) for t in theirs
        ]
        for entry, stored in zip(mine, theirs, strict=True):
            assert (entry.hits, entry.seen) == (stored["n-success"], stored["n-trials"])
            for ours_name, name in (("share", "p-success"), ("share_test", "p-test"), ("repness", "repness")):
                assert entry.numbers[ours_name] == pytest.approx(stored[name], rel=STORED_AS_FLOAT32)
            assert entry.numbers["repness_test"] == pytest.approx(stored["repness-test"], rel=STORED_AS_FLOAT32)


def test_repness_tables_have_a_row_a_group(server):
    found: Repness = repness(zeroed(server))
    assert found.agree_metric.shape == found.disagree_metric.shape == tallies(server).agree.shape


def test_consensus_lists_are_theirs(server):
    people = server.votes.shape[0]
    everyone = Tallies.of(server.votes, np.zeros(people, dtype=np.int64), 1)
    found = consensus_lists(server.tids, everyone.zeroed(server.removed, np.array([people])))
    for direction in ("agree", "disagree"):
        theirs = server.math["consensus"][direction]
        assert [e.statement for e in found[direction]] == [t["tid"] for t in theirs]
        for entry, stored in zip(found[direction], theirs, strict=True):
            assert entry.numbers["share"] == pytest.approx(stored["p-success"], abs=TIGHT)
            assert entry.numbers["share_test"] == pytest.approx(stored["p-test"], abs=TIGHT)


def test_priorities_are_theirs(server):
    extremity = np.hypot(*with_their_axes(server).statements().T)
    ours = priorities(tallies(server).together(), extremity, server.meta)
    for statement, value in server.math["comment-priorities"].items():
        assert ours[server.column(statement)] == pytest.approx(value, abs=TIGHT)
