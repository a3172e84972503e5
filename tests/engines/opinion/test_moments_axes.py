"""Exact co-moments and the axes that follow, against dense linear algebra."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg

from yishi.engines.compiling import plain_only
from yishi.engines.opinion.axes import GRID, axes_again, axes_of_gram, axes_of_votes, places, raw_places
from yishi.engines.opinion.moments import CoMoments
from yishi.engines.opinion.resampling import mean_votes
from yishi.engines.opinion.votes import VoteMatrix

cast = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 11), st.sampled_from([-1, 0, 1])), min_size=1, max_size=80)


def matrix(votes) -> VoteMatrix:
    return VoteMatrix.from_votes(*(np.array([v[i] for v in votes]) for i in range(3)))


def centred(votes: VoteMatrix) -> np.ndarray:
    return votes.signed().toarray() - mean_votes(votes) * votes.seen().toarray()


def equal(one: CoMoments, two: CoMoments) -> bool:
    return all(np.array_equal(getattr(one, n), getattr(two, n)) for n in "NAB")


@settings(deadline=None)
@given(cast)
def test_co_moments_are_exact_compiled_or_plain(votes):
    built = matrix(votes)
    seen, signed = built.seen().toarray(), built.signed().toarray()
    found = CoMoments.of(built)
    assert np.array_equal(found.N, seen.T @ seen)
    assert np.array_equal(found.A, signed.T @ signed)
    assert np.array_equal(found.B, signed.T @ seen)
    with plain_only():
        assert equal(CoMoments.of(built), found)


def test_counts_do_not_run_over_their_fields(crowd):
    everyone = np.repeat(np.arange(70_000), 2)
    votes = VoteMatrix.from_votes(everyone, np.tile([0, 1], 70_000), np.tile([-1, 1], 70_000))
    found = CoMoments.of(votes)
    assert found.N.tolist() == [[70_000] * 2] * 2
    assert found.A.tolist() == [[70_000, -70_000], [-70_000, 70_000]]
    assert found.B.tolist() == [[-70_000, -70_000], [70_000, 70_000]]
    with plain_only():
        assert equal(CoMoments.of(votes), found)


@settings(deadline=None)
@given(cast)
def test_the_gram_matrix_is_that_of_the_centred_votes(votes):
    built = matrix(votes)
    found = CoMoments.of(built)
    x = centred(built)
    np.testing.assert_allclose(found.gram(), x.T @ x, atol=1e-12)
    assert np.array_equal(found.gram(), found.gram().T)
    last = found.N.shape[0] - 1
    assert np.array_equal(found.gram_rows(slice(last, last + 1), found.centre)[0], found.gram()[last])


@settings(deadline=None)
@given(cast, st.tuples(st.integers(0, 9), st.integers(0, 11), st.sampled_from([-1, 0, 1])))
def test_one_more_vote_changes_the_moments_as_a_rebuild_would(votes, vote):
    people, statements = np.arange(10), np.arange(12)
    columns = [np.array([v[i] for v in votes]) for i in range(3)]
    before = VoteMatrix.from_votes(*columns, all_participants=people, all_statements=statements)
    after = VoteMatrix.from_votes(
        *(np.append(c, x) for c, x in zip(columns, vote, strict=True)),
        all_participants=people,
        all_statements=statements,
    )
    person, statement, value = vote
    part = slice(before.starts[person], before.starts[person + 1])
    others = before.columns[part] != statement
    old = before.values[part][~others]
    arguments = (
        statement,
        int(old[0]) if old.size else None,
        value,
        before.columns[part][others],
        before.values[part][others],
    )
    compiled = CoMoments.of(before)
    compiled.change(*arguments)
    assert equal(compiled, CoMoments.of(after))
    with plain_only():
        plain = CoMoments.of(before)
        plain.change(*arguments)
    assert equal(plain, compiled)


@pytest.mark.parametrize("statements", [40, 400])
def test_axes_are_the_leading_singular_vectors(crowd, statements):
    votes = VoteMatrix.from_votes(*crowd(500, statements, 20))
    moments = CoMoments.of(votes)
    found = axes_of_gram(moments.gram(), moments.centre)
    _, values, vectors = linalg.svd(centred(votes), full_matrices=False)
    for k in (0, 1):
        assert abs(found.vectors[k] @ vectors[k]) == pytest.approx(1, abs=1e-12)
        assert found.vectors[k][np.abs(found.vectors[k]).argmax()] > 0
    np.testing.assert_allclose(found.strengths, values[:2] ** 2, rtol=1e-10)
    assert found.shares.sum() == pytest.approx((values[:2] ** 2).sum() / (values**2).sum())
    assert found.residual <= 1e-9


@pytest.mark.parametrize("statements", [40, 400])
def test_axes_without_the_gram_matrix_are_the_same(crowd, statements):
    votes = VoteMatrix.from_votes(*crowd(300, statements, 25))
    moments = CoMoments.of(votes)
    one, two = axes_of_gram(moments.gram(), moments.centre), axes_of_votes(votes, mean_votes(votes))
    np.testing.assert_allclose(one.vectors, two.vectors, atol=1e-9)
    assert two.residual <= 1e-9


def test_axes_follow_a_small_change_from_where_they_stood(crowd):
    who, what, vote = crowd(800, 300, 25)
    before = CoMoments.of(VoteMatrix.from_votes(who[:-20], what[:-20], vote[:-20], all_statements=np.arange(300)))
    after = CoMoments.of(VoteMatrix.from_votes(who, what, vote))
    start = axes_of_gram(before.gram(), before.centre)
    again, fresh = axes_again(after.gram(), after.centre, start), axes_of_gram(after.gram(), after.centre)
    np.testing.assert_allclose(again.vectors, fresh.vectors, atol=1e-8)
    assert again.residual <= 1e-9


def test_nothing_to_show_is_no_axis():
    votes = VoteMatrix.from_votes([1, 2, 3], [0, 0, 0], [1, 1, 1])
    moments = CoMoments.of(votes)
    found = axes_of_gram(moments.gram(), moments.centre)
    assert not found.vectors.any()
    assert found.residual == 0
    assert found.shares.tolist() == [0, 0]


def test_places_are_scaled_sums_on_a_grid(crowd):
    votes = VoteMatrix.from_votes(*crowd(60, 30, 12))
    moments = CoMoments.of(votes)
    axes = axes_of_gram(moments.gram(), moments.centre)
    found = places(votes, axes, width=30)
    exact = centred(votes) @ axes.vectors.T * np.sqrt(30 / votes.row_sizes)[:, None]
    np.testing.assert_allclose(found, exact, atol=GRID)
    assert np.array_equal(found, np.rint(found / GRID) * GRID)
    with plain_only():
        assert np.array_equal(raw_places(votes, axes), raw_places(votes, axes))
        assert np.array_equal(places(votes, axes, width=30), found)
