"""Files as they come: real exports read whole, faults named by row and column, junk bounded."""

import gzip

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yishi.engines.opinion import reader
from yishi.engines.opinion.reader import read_conversation, read_statements
from yishi.engines.rows import ReadError

HEADER = "timestamp,datetime,comment-id,voter-id,vote\n"


def written(tmp_path, text, name="votes.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def as_dict(votes):
    people = votes.participants[votes.row_of_each_vote()].tolist()
    return dict(
        zip(zip(people, votes.statements[votes.columns].tolist(), strict=True), votes.values.tolist(), strict=True)
    )


def test_both_files_of_an_export_hold_the_same_last_votes(conversation):
    whole = read_conversation(conversation)
    alone = read_conversation(conversation / "participants-votes.csv")
    assert as_dict(whole.matrix()) == as_dict(alone.matrix())
    assert whole.statements
    assert set(whole.statements) <= set(whole.matrix().statements.tolist())


def test_votes_count_in_order_of_time_and_the_last_one_counts(tmp_path):
    path = written(tmp_path, HEADER + "30,,7,1,-1\n10,,7,1,1\n20,,8,1,0\n")
    found = read_conversation(path)
    assert as_dict(found.matrix()) == {(1, 7): -1, (1, 8): 0}
    assert found.ballots.time.tolist() == [10, 20, 30]


def test_compressed_with_a_mark_and_names_of_text(tmp_path):
    body = "\ufeffparticipant,group-id,甲,乙\np1,0,1,\np2,,-1.0,0\n"
    path = written(tmp_path, gzip.compress(body.encode()), "participants-votes.csv.gz")
    found = read_conversation(path)
    assert as_dict(found.matrix()) == {("p1", "甲"): 1, ("p2", "甲"): -1, ("p2", "乙"): 0}
    assert found.about["group-id"] == {"p1": "0", "p2": ""}


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        (HEADER + "1,,1,1,1\n1,,1,1,2\n", 3, "vote"),
        (HEADER + "1,,1,1,1\n1,,1,,1\n", 3, "voter-id"),
        (HEADER + "x,,1,1,1\n", 2, "timestamp"),
        (HEADER + "1,,1,1\n", 2, None),
        ("a,b,c\n1,2,3\n", 1, None),
        ("", 1, None),
        ("participant,1,2\n5,1,agree\n", 2, "2"),
        ("participant,1,2\n5,1,1\n5,1,1\n", 3, "participant"),
        ("participant,1,1\n5,1,1\n", 1, None),
        ("participant,1,2\n5,1\n", 2, None),
        (HEADER.encode() + b"1,,1,\xff,1\n", 2, None),
        (HEADER + "1,,1,a\0b,1\n", 2, None),
        (HEADER + f"1,,1,{'9' * 200},1\n", 2, "voter-id"),
        (HEADER + '1,,1,"' + "x" * 200_000 + '",1\n', 2, None),
    ],
)
def test_faults_are_named_by_row_and_column_in_both_languages(tmp_path, text, row, column):
    with pytest.raises(ReadError) as fault:
        read_conversation(written(tmp_path, text))
    assert fault.value.row == row
    assert fault.value.column == (column or "")
    assert f"第 {row} 行" in fault.value.zh
    assert f"row {row}" in fault.value.en


def test_a_line_without_end_is_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "LONGEST_LINE", 1_000)
    with pytest.raises(ReadError, match="line is longer than"):
        read_conversation(written(tmp_path, HEADER + "1" * 5_000))


def test_a_bomb_is_read_no_further_than_its_first_fault(tmp_path):
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(ReadError):
        read_conversation(written(tmp_path, bomb, "votes.csv.gz"))


def test_too_many_names_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "MOST_PEOPLE", 2)
    with pytest.raises(ReadError, match="more than 2 names"):
        read_conversation(written(tmp_path, HEADER + "".join(f"1,,1,{p},1\n" for p in range(3))))


def test_broken_compression_is_told(tmp_path):
    with pytest.raises(ReadError, match="damaged or cut short"):
        read_conversation(written(tmp_path, gzip.compress((HEADER + "1,,1,1,1\n" * 50).encode())[:-9], "votes.csv.gz"))


def test_packed_votes_that_are_no_longer_what_was_packed_are_told(tmp_path):
    body = gzip.compress((HEADER + "".join(f"1,,1,{n * n},1\n" for n in range(500))).encode())
    with pytest.raises(ReadError, match="damaged or cut short"):
        read_conversation(written(tmp_path, body[:40] + b"\xff" * 40 + body[80:], "votes.csv.gz"))


@pytest.mark.parametrize("body", [HEADER + "1,,1,1,1\n" * 4, "participant,1,2\n1,1,1\n2,1,1\n", HEADER + "\n" * 5])
def test_votes_and_rows_without_end_are_refused_by_count(tmp_path, monkeypatch, body):
    """A small packed file may hold any number of them."""
    monkeypatch.setattr(reader, "MOST_VOTES", 3)
    with pytest.raises(ReadError, match="more than 3 votes"):
        read_conversation(written(tmp_path, gzip.compress(body.encode()), "votes.csv.gz"))


def test_files_saved_by_excel_in_chinese_are_read(tmp_path):
    """GB 18030 from the first line that tells; a file that began in UTF-8 stays so, and its fault is named."""
    written(tmp_path, (HEADER + "1,,1,张,1\n2,,2,李,-1\n").encode("gb18030"))
    written(tmp_path, "comment-id,comment-body\n1,电梯\n2,停车\n".encode("gb18030"), "comments.csv")
    found = read_conversation(tmp_path)
    assert found.ballots.people.tolist() == ["张", "李"]
    assert [s.text for s in found.statements.values()] == ["电梯", "停车"]
    mixed = (HEADER + "1,,1,张,1\n").encode() + "2,,2,李,-1\n".encode("gb18030")
    with pytest.raises(ReadError, match=r"row 3.*encoding cannot be read"):
        read_conversation(written(tmp_path, mixed))


@pytest.mark.parametrize(
    ("body", "why"), [("1,a\n1,b\n", "twice"), (",a\n", "empty"), ("9" * 200 + ",a\n", "too long")]
)
def test_statements_named_twice_or_not_at_all_are_refused_by_row(tmp_path, body, why):
    with pytest.raises(ReadError, match=rf"column “comment-id”.*{why}"):
        read_statements(written(tmp_path, "comment-id,comment-body\n" + body, "comments.csv"))


def test_a_folder_without_votes_and_a_missing_path(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(ReadError):
            read_conversation(path)


def test_statements_with_moderation(tmp_path):
    body = 'timestamp,comment-id,author-id,moderated,is-meta,is-seed,comment-body\n5,1,9,-1,false,true,电梯\n6,2,9,0,true,false,"加装\n电梯"\n'
    found = read_statements(written(tmp_path, body, "comments.csv"))
    assert found[1].moderated == -1
    assert found[1].is_seed
    assert found[2].is_meta
    assert found[2].text == "加装\n电梯"
    written(tmp_path, HEADER + "1,,1,1,1\n")
    whole = read_conversation(tmp_path)
    assert whole.removed() == [1]
    assert whole.removed(strict=True) == [1, 2]
    assert whole.meta() == [2]
    for broken in ("a,b\n1,2\n", "comment-id,moderated\n1,x\n", "comment-id,moderated\n1\n"):
        with pytest.raises(ReadError):
            read_statements(written(tmp_path, broken, "broken.csv"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda t: (HEADER + t).encode())))
def test_whatever_the_bytes_the_answer_is_a_conversation_or_a_named_fault(tmp_path, junk):
    for name in ("votes.csv", "votes.csv.gz"):
        path = written(tmp_path, junk, name)
        try:
            found = read_conversation(path)
        except ReadError:
            continue
        assert np.isin(found.ballots.vote, [-1, 0, 1]).all()


def test_progress_is_told_in_bytes(tmp_path):
    told = []
    path = written(tmp_path, HEADER + "1,,1,1,1\n" * 45_000)
    read_conversation(path, lambda done, total: told.append((done, total)))
    assert len(told) == 2
    assert all(done <= total == path.stat().st_size for done, total in told)


def test_identifiers_are_texts_where_the_files_differ(tmp_path):
    written(tmp_path, HEADER + "1,,a1,1,1\n2,,7,1,-1\n")
    written(tmp_path, "comment-id,moderated,comment-body\n7,-1,x\n88,1,y\n", "comments.csv")
    found = read_conversation(tmp_path)
    assert found.removed() == ["7"]
    assert found.matrix().statements.tolist() == ["7", "88", "a1"]
    assert found.matrix().mask_of(["7", "a11"]).tolist() == [True, False, False]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet='participant,01-\n"; 甲', max_size=120))
def test_whatever_stands_in_a_matrix_it_is_read_or_its_fault_named(tmp_path, junk):
    try:
        found = read_conversation(written(tmp_path, "participant,1,2\n" + junk))
    except ReadError:
        return
    assert found.matrix().values.size <= found.ballots.vote.size


def test_whole_numbers_may_be_written_with_a_decimal_point(tmp_path):
    """As a table that once held a blank writes them."""
    votes = "1594984322740.0,,1,1,1\n1594984322739.00,,1,1,-1\n-5.0,,1,2,1\n"
    (tmp_path / "votes.csv").write_text(HEADER + votes, encoding="utf-8")
    body = "timestamp,comment-id,author-id,moderated,comment-body\n5.0,1,9,-1.0,电梯\n"
    (tmp_path / "comments.csv").write_text(body, encoding="utf-8")
    read = read_conversation(tmp_path)
    assert read.ballots.time.tolist() == [-5, 1594984322739, 1594984322740]
    assert read.matrix().values.tolist() == [1, 1]
    assert read.removed() == [1]


@pytest.mark.parametrize("time", ["1594984322740.5", "1.5", ".0", ".", "1.0.0", "1.0e3", "-.0", "1.x"])
def test_a_fraction_is_no_time(tmp_path, time):
    (tmp_path / "votes.csv").write_text(f"{HEADER}{time},,1,1,1\n", encoding="utf-8")
    with pytest.raises(ReadError, match="timestamp"):
        read_conversation(tmp_path)
