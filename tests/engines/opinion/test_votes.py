"""The vote matrix: last vote counts, names ascending, nothing but votes accepted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishi.engines.compiling import plain_only
from yishi.engines.opinion.marks import person_marks, statement_marks, statement_marks_of_votes
from yishi.engines.opinion.moments import CoMoments
from yishi.engines.opinion.people import kept_sizes
from yishi.engines.opinion.votes import VoteMatrix

cast = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 130), st.sampled_from([-1, 0, 1])), max_size=120)


def matrix(votes, **more) -> VoteMatrix:
    columns = [np.array([v[i] for v in votes], dtype=np.int64) for i in range(3)]
    return VoteMatrix.from_votes(*columns, **more)


def as_dict(votes: VoteMatrix) -> dict:
    people = votes.participants[votes.row_of_each_vote()].tolist()
    return dict(
        zip(
            zip(people, votes.statements[votes.columns].tolist(), strict=True),
            votes.values.tolist(),
            strict=True,
        )
    )


def marks_of(votes: VoteMatrix, gone=()) -> np.ndarray:
    shut = votes.mask_of(list(gone)) | (CoMoments.of(votes).N.diagonal() == 0)
    return person_marks(votes, statement_marks(CoMoments.of(votes), shut))


@settings(deadline=None)
@given(cast)
def test_the_last_vote_counts(votes):
    built = matrix(votes)
    assert as_dict(built) == {(p, s): v for p, s, v in votes}
    assert (np.diff(built.participants) > 0).all()
    for row in range(built.shape[0]):
        part = built.columns[built.starts[row] : built.starts[row + 1]]
        assert (np.diff(part.astype(int)) > 0).all()


@settings(deadline=None)
@given(cast)
def test_compiled_and_plain_build_the_same(votes):
    one = matrix(votes)
    with plain_only():
        two = matrix(votes)
        plain_marks = marks_of(two)
    for name in ("participants", "statements", "starts", "columns", "values"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
    assert np.array_equal(marks_of(one), plain_marks)


@settings(deadline=None)
@given(cast, st.sets(st.integers(0, 130)))
def test_leaving_out_statements(votes, gone):
    built = matrix(votes)
    mask = built.mask_of(sorted(gone))
    assert as_dict(built.without(mask)) == {k: v for k, v in as_dict(built).items() if k[1] not in gone}
    assert np.array_equal(kept_sizes(built, mask), built.without(mask).row_sizes)


@settings(deadline=None)
@given(cast.filter(bool), st.data())
def test_choosing_rows(votes, data):
    built = matrix(votes)
    rows = data.draw(st.lists(st.integers(0, built.shape[0] - 1), max_size=8))
    chosen = built.rows(np.array(rows, dtype=np.int64))
    dense, source = chosen.signed().toarray(), built.signed().toarray()
    assert np.array_equal(dense, source[rows])
    assert np.array_equal(chosen.seen().toarray(), built.seen().toarray()[rows])


def test_people_and_statements_without_votes_are_kept():
    built = matrix([(3, 2, 1)], all_participants=[1, 9], all_statements=[0, 5])
    assert built.participants.tolist() == [1, 3, 9]
    assert built.statements.tolist() == [0, 2, 5]
    assert built.row_sizes.tolist() == [0, 1, 0]


def test_names_may_be_texts():
    built = VoteMatrix.from_votes(np.array(["乙", "甲"]), np.array(["b", "a"]), np.array([1, -1]))
    assert as_dict(built) == {("乙", "b"): 1, ("甲", "a"): -1}


def test_a_person_s_mark_depends_on_the_votes_alone():
    built = matrix([(1, 2, 1), (1, 5, -1), (7, 5, -1), (7, 2, 1), (8, 2, 0), (8, 5, 1)])
    one, same, other = marks_of(built).tolist()
    assert one == same != other


@settings(deadline=None)
@given(cast.filter(bool), st.randoms(use_true_random=False))
def test_marks_do_not_know_the_numbers_of_people_and_statements(votes, chance):
    people, statements = ({n: at for at, n in enumerate(chance.sample(range(300), 300))} for _ in range(2))
    one, two = matrix(votes), matrix([(people[p], statements[s], v) for p, s, v in votes])
    rows = np.searchsorted(two.participants, [people[p] for p in one.participants.tolist()])
    columns = np.searchsorted(two.statements, [statements[s] for s in one.statements.tolist()])
    nothing = np.zeros(columns.size, dtype=bool)
    ways = (statement_marks_of_votes, lambda votes, shut: statement_marks(CoMoments.of(votes), shut))
    for way in ways:
        ours, theirs = way(one, nothing), way(two, nothing)
        assert ours.tolist() == theirs[columns].tolist()
        assert person_marks(one, ours).tolist() == person_marks(two, theirs)[rows].tolist()


@settings(deadline=None)
@given(cast.filter(bool), st.sets(st.integers(0, 130)))
def test_statements_left_out_leave_no_mark(votes, gone):
    built = matrix(votes)
    assert marks_of(built, gone).tolist() == marks_of(built.without(built.mask_of(sorted(gone)))).tolist()


@settings(deadline=None)
@given(cast.filter(bool), st.data())
def test_choosing_statements_in_an_order(votes, data):
    built = matrix(votes)
    order = np.array(data.draw(st.lists(st.integers(0, built.shape[1] - 1), unique=True)), dtype=np.int64)
    chosen = built.only(order)
    assert np.array_equal(chosen.signed().toarray(), built.signed().toarray()[:, order])
    assert np.array_equal(chosen.seen().toarray(), built.seen().toarray()[:, order])
    assert chosen.statements.tolist() == built.statements[order].tolist()


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (([1], [1], [2]), "vote 1 is 2"),
        (([1, 1], [1], [1]), "one length"),
        (([1], [1], [0.5]), "whole numbers"),
        (([1] * 70_000, list(range(70_000)), [1] * 70_000), "at most 65535"),
    ],
)
def test_what_is_no_vote_is_refused(columns, words):
    with pytest.raises(ValueError, match=words):
        VoteMatrix.from_votes(*columns)
