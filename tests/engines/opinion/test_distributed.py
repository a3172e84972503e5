"""The same map from a Dask cluster of several processes, from a file larger than a chunk."""

import dask.array as da
import numpy as np
import pytest
from dask.distributed import Client, LocalCluster

from yishi.engines.opinion.distributed import DaskPeople, map_dask, open_votes
from yishi.engines.opinion.mapping import Settings, map_votes
from yishi.engines.opinion.view import as_data
from yishi.engines.opinion.votes import VoteMatrix

SETTINGS = Settings(divisions=2, removed=[4], meta=[6])


@pytest.mark.slow
def test_a_cluster_of_processes_gives_the_same_bytes(crowd, tmp_path):
    votes = np.stack(crowd(9_000, 120, 14), axis=1) * [7, 1, 1] + [3, 0, 0]
    repeated = votes[:500] * [1, 1, -1]
    votes = np.concatenate([votes, repeated])
    np.save(tmp_path / "votes.npy", votes)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        apart = map_dask(open_votes(tmp_path / "votes.npy", rows=20_000), SETTINGS, blocks=5)
    together = map_votes(VoteMatrix.from_votes(*votes.T), SETTINGS)
    assert as_data(apart) == as_data(together)
    for name in ("participants", "statements", "coordinates", "groups", "certainty", "extremity", "priorities"):
        assert np.array_equal(getattr(apart, name), getattr(together, name))
    assert np.array_equal(apart.axes.vectors, together.axes.vectors)


@pytest.mark.parametrize("blocks", [1, 3, None])
def test_blocks_do_not_matter(crowd, blocks):
    votes = np.stack(crowd(300, 30, 10), axis=1)
    apart = map_dask(da.from_array(votes, chunks=(700, 1)), SETTINGS, blocks=blocks)
    assert as_data(apart) == as_data(map_votes(VoteMatrix.from_votes(*votes.T), SETTINGS))


def test_a_sample_comes_in_the_order_asked(crowd):
    votes = np.stack(crowd(100, 20, 8), axis=1)
    people = DaskPeople(da.from_array(votes, chunks=(300, 3)), blocks=4)
    whole = VoteMatrix.from_votes(*votes.T)
    rows = np.random.default_rng(0).permutation(100)[:40]
    found = people.sample(rows)
    assert np.array_equal(found.signed().toarray(), whole.rows(rows).signed().toarray())
    assert np.array_equal(found.participants, whole.participants[rows])


def test_what_is_no_list_of_votes_is_refused(tmp_path):
    with pytest.raises(ValueError, match="three columns"):
        map_dask(da.zeros((4, 2), dtype=np.int64))
    with pytest.raises(ValueError, match="1 agree"):
        map_dask(da.from_array(np.array([[1, 1, 3]]), chunks=(1, 3)))
    np.save(tmp_path / "wrong.npy", np.zeros(4))
    with pytest.raises(ValueError, match="three columns"):
        open_votes(tmp_path / "wrong.npy")
    with pytest.raises(ValueError, match="at most"):
        DaskPeople(da.from_array(np.stack([np.zeros(11_000, int), np.arange(11_000), np.ones(11_000, int)], 1)))
