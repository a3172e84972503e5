"""Voting costs a voter the same on a roll of thirty and on one of a hundred thousand: lines are found by index."""

import re

import pytest
from django.db import connection
from django.urls import reverse
from tests.decisions.test_vote_pages import Site, moment, site, voting

from yishi.core import clock

__all__ = ["site"]
LARGE = re.compile(r"(decisions_(?:rollentry|rollholder|attendance|signedballot|markedvoter)\b|\b[eE]\b)")


def whole_tables(statement: str) -> list[str]:
    """The steps of SQLite's plan that walk over a roll, its attendance or its ballots as a whole."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        steps = [str(row[3]) for row in cursor.fetchall()]
    walks = re.compile(r"^SCAN (?!CONSTANT)|\((?:roll_id|box_id|meeting_id)=\?\)$")
    return [s for s in steps if walks.search(s) and LARGE.search(s.split("USING")[0])]


@pytest.mark.parametrize("site", ["signed", "secret"], indirect=True)
def test_no_statement_of_a_vote_reads_a_whole_roll(site: Site) -> None:
    _meeting, _item, box = voting(site)
    asked: list[str] = []
    connection.connection.set_trace_callback(asked.append)  # what reaches SQLite, past Django's log too
    with clock.standing_at(moment("2026-10-10", 10)):
        page = site.get(site.reps[0], "vote", box.pk)
        sent = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("key", "entry")}
        words = {name: found[1] for name, found in sent.items() if found} | {"mark": "yes"}
        answer = site.client(site.reps[0]).post(
            reverse("decisions:vote", args=[box.pk]), words, headers={"HX-Request": "true"}, follow=True
        )
        assert "票已投入票箱" in answer.content.decode() and "<main" not in answer.content.decode()
    connection.connection.set_trace_callback(None)
    statements = [sql for sql in asked if re.match(r"\s*(SELECT|INSERT)", sql)]
    assert any("INSERT INTO decisions_" in sql for sql in statements)
    walked = {s: steps for s in statements if (steps := whole_tables(s))}
    assert not walked
