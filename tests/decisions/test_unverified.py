"""A vote by rules that nobody has compared with the text says so wherever its numbers stand."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.decisions.halls import Hall, decision_at, in_office, moment, people

from yishi.core import clock
from yishi.decisions.disclosing import facts_of
from yishi.decisions.models import Decision
from yishi.network.models import Organisation
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db
WHY = "暂按旧法计算，仅供参考"
MARK = "未核定"


def brought(viewer: Viewer, organisation: Organisation, resolve: str, **more: Any) -> Decision:
    papers = [("2026-09-01", "done", {"papers": [name]}) for name in ("text", "opinion")]
    return decision_at(viewer, organisation, "assembly", papers, resolve=resolve, **more)


@pytest.fixture
def hall(resident: Viewer, town: Any, officer: Viewer, secretary: Viewer) -> Iterator[Hall]:
    """The residents' assembly at its vote."""
    made_ = Hall(officer, (officer, secretary), secretary, brought(officer, town.dawei_committee, "RC"))
    made_.noticed("2026-09-01", "2026-09-28", mode="adults")
    made_.opened("2026-09-28")
    made_.signed_in("1-7", "2026-09-28")
    with clock.standing_at(moment("2026-09-28", 11)):
        yield made_


def said(client: Client, name: str, *args: Any) -> str:
    return str(client.get(reverse(f"decisions:{name}", args=args)).content.decode())


def test_every_page_with_its_numbers_says_that_they_are_for_orientation(
    hall: Hall, resident: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    desk, meeting = client_for(hall.convener), hall.meeting.pk
    voter = client_for(resident)
    pages = [
        (Client(), "decision", hall.decision.reference), (desk, "meeting", meeting), (desk, "meeting_host", meeting),
        (desk, "meeting_screen", meeting), (desk, "meeting_door", meeting), (voter, "meeting", meeting),
        (voter, "attend", hall.meeting.sign_in_code),
    ]  # fmt: skip
    for client, name, key in pages:
        html = said(client, name, key)
        assert MARK in html and WHY in html, name
    ballot = said(voter, "vote", hall.voting("2026-09-28").pk)
    assert MARK in ballot and WHY in ballot and "投出这张票" in ballot


def test_verified_rules_bear_no_mark(
    town: Any, village: Organisation, make_person: Callable[..., Viewer], at: dt.datetime
) -> None:
    head = make_person("简国雄", office=(village, "director", "主任"))
    html = said(Client(), "decision", brought(head, village, "VA").reference)
    assert MARK not in html and "比照" not in html and "村民委员会组织法" in html


def test_the_villagers_law_is_cited_by_analogy(town: Any, officer: Viewer, village: Organisation) -> None:
    mark = "居民委员会比照，待核定"
    html = said(Client(), "decision", brought(officer, town.dawei_committee, "RC").reference)
    assert html.count(mark) == 2, "the Party's study and the disclosure"
    for organisation, analogous in ((town.dawei_committee, True), (village, False)):
        seats = people(town.area, 3)
        in_office(seats, organisation, "committee_member", "委员")
        found = at_posting(officer, organisation)
        facts = facts_of(found, dt.date(2026, 9, 28))
        assert (mark in facts.clause["zh"], "by analogy" in facts.clause["en"]) == (analogous, analogous)
        assert facts.verified is not analogous


def at_posting(viewer: Viewer, organisation: Organisation) -> Decision:
    """A decision whose resolution is to be posted."""
    events = [
        ("2026-09-01", "done", {"papers": ["text"]}),
        ("2026-09-20", "meeting_opened", {"roll": {"body": 5}}),
        ("2026-09-20", "attendance_counted", {"counts": {"present": 5}}),
        ("2026-09-20", "ballot_opened", {}), ("2026-09-20", "ballot_closed", {}),
        ("2026-09-20", "counted", {"counters": ["p901", "p902"], "counts": {"yes": 5}}),
        ("2026-09-20", "certified", {"by": "p903"}),
    ]  # fmt: skip
    return decision_at(viewer, organisation, "two_committees", events)
