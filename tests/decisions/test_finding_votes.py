"""A voter finds the votes that are theirs: at home, under 我的, from the decision; after the end nothing invites."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.decisions.halls import Hall, decision_at, homes, moment, people
from tests.people_fixtures import SINCE, viewer_of_person

from yishi.core import clock
from yishi.decisions.models import BallotBox, Meeting
from yishi.decisions.services import meetings
from yishi.network.models import Organisation
from yishi.network.viewers import Duty, Viewer
from yishi.people.models import Capacity
from yishi.publication.models import Posting

pytestmark = pytest.mark.django_db
DAY = "2026-09-28"


@pytest.fixture
def hall(resident: Viewer, town: Any, officer: Viewer, secretary: Viewer) -> Iterator[Hall]:
    """The residents' assembly, voting."""
    papers = [("2026-09-01", "done", {"papers": [name]}) for name in ("text", "opinion")]
    decision = decision_at(officer, town.dawei_committee, "assembly", papers, resolve="RC")
    found = Hall(officer, (officer, secretary), secretary, decision)
    found.noticed("2026-09-01", DAY, mode="adults")
    found.opened(DAY)
    found.signed_in("1-7", DAY)
    found.voting(DAY)
    with clock.standing_at(moment(DAY, 11)):
        yield found


@pytest.fixture
def owner_(town: Any, make_person: Callable[..., Viewer]) -> Viewer:
    """One of ten owners, with an account."""
    found = make_person("甘雨晴")
    Capacity.objects.create(
        person_id=found.person_id, kind="owner", area=town.yushuian, since=SINCE, verified_at=moment("2026-01-01")
    )
    homes(town.yushuian, [[found.person_id], *([p.pk] for p in people(town.area, 9))])
    return viewer_of_person(found.person_id or 0)


@pytest.fixture
def written(owner_: Viewer, town: Any, make_person: Callable[..., Viewer]) -> Iterator[Hall]:
    """The owners vote in writing until the third of October."""
    head = make_person("霍主任", office=(town.owners, Duty.DIRECTOR, "主任"))
    papers = [("2026-09-01", "done", {"papers": [name]}) for name in ("text", "letter")]
    decision = decision_at(head, town.owners, "owners_vote", papers, item="8")
    found = Hall(head, (head, head), head, decision)
    found.noticed("2026-09-02", "2026-09-20", until="2026-10-03")
    found.opened("2026-09-20")
    found.voting("2026-09-20")
    with clock.standing_at(moment(DAY, 11)):
        yield found


def said(client: Client, name: str, *args: Any) -> str:
    return str(client.get(reverse(name, args=args)).content.decode())


def test_home_and_the_list_name_open_votes_with_the_days_left(
    written: Hall, owner_: Viewer, alice: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    client, vote = client_for(owner_), reverse("decisions:vote", args=[written.box.pk])
    for name in ("home", "decisions:meetings"):
        html = said(client, name)
        assert "<h2>现在可以投的票" in html and "还剩 5 天" in html and f'href="{vote}"' in html, name
        assert "<h2>现在可以投的票" not in said(client_for(alice), name)
    assert reverse("decisions:meetings") in said(client, "people:me")
    entry = written.item.roll.entries.get(person_id=owner_.person_id)  # type: ignore[union-attr]
    written.web(entry.number, "yes", DAY)
    html = said(client, "decisions:meetings")
    assert "已投票" in html and "您投的是：赞成" in html and "我投过的票" in html
    with clock.standing_at(moment("2026-10-04")):
        cache.clear()
        assert "<h2>现在可以投的票" not in said(client, "home")


def test_the_decision_leads_to_its_meeting(
    written: Hall, owner_: Viewer, alice: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    meeting = reverse("decisions:meeting", args=[written.meeting.pk])
    html = said(client_for(owner_), "decisions:decision", written.decision.reference)
    assert f'href="{meeting}"' in html and "去投票" in html and "签到和投票" not in html
    assert meeting not in said(client_for(alice), "decisions:decision", written.decision.reference)


def test_a_written_vote_asks_nobody_to_sign_in(
    written: Hall, owner_: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    client = client_for(owner_)
    html = said(client, "decisions:attend", written.meeting.sign_in_code)
    assert "不用签到" in html and 'id="sign-in"' not in html and html.count("btn btn-primary") == 1
    html = said(client, "decisions:meeting", written.meeting.pk)
    assert "书面表决，不用到会" in html and "签到和投票" not in html


def test_after_the_end_nothing_invites(
    hall: Hall, written: Hall, resident: Viewer, owner_: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    client, vote = client_for(resident), reverse("decisions:vote", args=[hall.box.pk])
    html = said(client, "decisions:meeting", hall.meeting.pk)
    assert "签到和投票" in html and vote in html
    hall.on_paper({"1-6": ["yes"]}, DAY)
    with clock.standing_at(moment(DAY, 19)):
        hall.closed(DAY)
        meetings.end_meeting(hall.convener, Meeting.objects.get(pk=hall.meeting.pk), moment(DAY, 19))
        html = said(client, "decisions:meeting", hall.meeting.pk)
        assert "会议已结束" in html and "签到和投票" not in html and vote not in html
        assert 'id="sign-in"' not in said(client, "decisions:attend", hall.meeting.sign_in_code)
    late = reverse("decisions:vote", args=[written.box.pk])
    with clock.standing_at(moment("2026-10-04")):
        assert BallotBox.objects.get(pk=written.box.pk).state == "open"
        for name, key in (("meeting", written.meeting.pk), ("attend", written.meeting.sign_in_code)):
            assert late not in said(client_for(owner_), f"decisions:{name}", key), name
        assert "投票已经停止" in said(client_for(owner_), "decisions:vote", written.box.pk)


def hang(committee: Organisation, officer: Viewer, count: int) -> None:
    """So many postings on the board until 13 October, the last the newest."""
    at = moment(DAY, 9)
    Posting.objects.bulk_create(
        Posting(
            town=committee.town, reference=f"G260928-{n:05d}", kind="announcement", item="announcement",
            organisation=committee, area=committee.area, title=f"公示第{n}号", text="内容", state="up", days=15,
            posted_on=at.date(), ends_on=dt.date(2026, 10, 13), posted_at=at + dt.timedelta(minutes=n), created_at=at,
            changed_at=at, created_by_id=officer.person_id, visibility="public", check_code=f"{n:08d}",
        )
        for n in range(1, count + 1)
    )  # fmt: skip


def test_home_shows_what_hangs_now_in_one_question(town: Any, officer: Viewer, alice: Viewer) -> None:
    def asked() -> tuple[int, str]:
        cache.clear()
        with CaptureQueriesContext(connection) as found:
            html = Client().get(reverse("home")).content.decode()
        return len(found), html

    before, html = asked()
    assert "还没有公示" in html
    hang(town.dawei_committee, officer, 1)
    one, html = asked()
    assert "公示第1号" in html and "还剩 15 天" in html and "还没有公示" not in html
    Posting.objects.all().delete()
    hang(town.dawei_committee, officer, 9)
    many, html = asked()
    assert (before, one) == (many, many)
    assert "公示第9号" in html and "公示第3号" not in html
    Posting.objects.update(state="ended")
    assert "还没有公示" in asked()[1]
