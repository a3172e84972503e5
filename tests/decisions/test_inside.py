"""What is inside an organisation stays inside on its meetings, boxes and postings too."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.decisions.stages import proposal
from tests.people_fixtures import viewer_of_person

from yishi.core.verdicts import Refusal
from yishi.decisions import permissions, services
from yishi.decisions.models import AgendaItem, BallotBox, Decision, Meeting
from yishi.decisions.selectors import meetings as reads
from yishi.decisions.services import meetings, rolls
from yishi.network.viewers import Duty, Viewer
from yishi.people.models import Capacity
from yishi.publication import permissions as posting_permissions
from yishi.publication.models import Posting
from yishi.publication.selectors.desk import desk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def comrades(town: Any, make_person: Callable[..., Viewer]) -> list[Viewer]:
    """Three members of the branch; the first works for the community above it besides."""
    found = [make_person("容志远", office=(town.taiping_committee, Duty.OFFICER, "社区干部"))]
    found += [make_person(name) for name in ("区丽华", "邝少文")]
    for one in found:
        Capacity.objects.create(
            person_id=one.person_id, kind="party_member", organisation=town.cooperative_branch,
            since=dt.date(2024, 1, 1), verified_at=one.at,
        )  # fmt: skip
    return [viewer_of_person(one.person_id or 0) for one in found]


@pytest.fixture
def inside(branch_secretary: Viewer, town: Any, at: dt.datetime) -> Decision:
    """A matter of the Party branch, before its meeting."""
    found = services.start_decision(branch_secretary, proposal(town.cooperative_branch, "party_matter"), at)
    services.do_step(branch_secretary, found, {}, at)
    return Decision.objects.select_related("organisation__area", "area").get(pk=found.pk)


@pytest.fixture
def meeting(inside: Decision, comrades: list[Viewer], branch_secretary: Viewer, at: dt.datetime) -> Meeting:
    """Its meeting, with the roll on it, noticed."""
    roll = rolls.draw_roll(branch_secretary, inside, "", at)
    given = meetings.MeetingInput("支部党员大会", "党群服务站", at + dt.timedelta(days=1), [inside])
    found = meetings.convene(branch_secretary, given, at)
    AgendaItem.objects.filter(meeting=found).update(roll=roll)
    Meeting.objects.filter(pk=found.pk).update(state=Meeting.State.NOTICED)
    found.refresh_from_db()
    return found


def sees(viewer: Viewer, meeting: Meeting) -> bool:
    """Alike by number, by list and by the code at the door."""
    found = bool(permissions.may_see_meeting(viewer, meeting, viewer.at))
    assert found == (meeting in reads.meetings_for(viewer)) or viewer.is_anonymous
    return found


def test_the_meeting_is_met_by_its_own_people_alone(
    meeting: Meeting, inside: Decision, comrades: list[Viewer], branch_secretary: Viewer, town_officer: Viewer,
    president: Viewer, supervisor: Viewer, other_officer: Viewer, stranger: Viewer, anonymous: Viewer,
) -> None:  # fmt: skip
    for viewer in (branch_secretary, *comrades):
        assert sees(viewer, meeting), viewer.name
    item = meeting.items.select_related("decision__area", "decision__organisation", "meeting").get()
    for viewer in (town_officer, president, supervisor, other_officer, stranger, anonymous):
        assert not sees(viewer, meeting), viewer.name
        for may, about in (
            (permissions.may_see_meeting, meeting), (permissions.may_run_meeting, meeting),
            (permissions.may_convene_meeting, inside), (permissions.may_certify_result, item),
            (permissions.may_recount_ballots, item),
        ):  # fmt: skip
            assert may(viewer, about, viewer.at).hidden, (viewer.name, may)
        with pytest.raises(Refusal) as told:
            reads.get_meeting_by_code_for(viewer, meeting.sign_in_code)
        assert told.value.verdict.hidden
    assert reads.get_meeting_by_code_for(comrades[1], meeting.sign_in_code) == meeting


def test_through_whom_they_help_nobody_gets_in(meeting: Meeting, comrades: list[Viewer], other_officer: Viewer) -> None:
    helper = replace(other_officer, helping_id=comrades[1].person_id)
    assert not sees(helper, meeting)
    assert sees(replace(comrades[0], helping_id=comrades[1].person_id), meeting)


def test_it_does_not_wait_on_other_desks(
    inside: Decision, branch_secretary: Viewer, other_officer: Viewer, president: Viewer
) -> None:
    at = inside.created_at
    assert inside in reads.ready_decisions(branch_secretary, at)
    assert inside not in reads.ready_decisions(other_officer, at)
    assert inside not in reads.ready_decisions(president, at)


def test_no_meeting_mixes_circles(inside: Decision, branch_secretary: Viewer, town: Any, at: dt.datetime) -> None:
    public = services.start_decision(branch_secretary, proposal(town.cooperative, "distribution"), at)
    given = meetings.MeetingInput("合并召开", "祠堂", at + dt.timedelta(days=20), [inside, public])
    with pytest.raises(ValidationError, match="请分别召集"):
        meetings.convene(branch_secretary, given, at)
    assert not Meeting.objects.exists()


def test_receipts_are_looked_up_by_its_own_people(
    meeting: Meeting, comrades: list[Viewer], stranger: Viewer, anonymous: Viewer,
    client_for: Callable[[Viewer], Client],
) -> None:  # fmt: skip
    item = meeting.items.get()
    assert item.roll is not None
    box = BallotBox.objects.create(
        item=item, roll=item.roll, secret=True, choices=["yes", "no"], motion_digest="0" * 64, opened_at=meeting.meets_at,
        state=BallotBox.State.CLOSED,
    )  # fmt: skip
    for name in ("receipts", "receipt_list"):
        url = reverse(f"decisions:{name}", args=[box.pk])
        assert client_for(comrades[1]).get(url).status_code == 200
        for viewer in (stranger, anonymous):
            assert client_for(viewer).get(url).status_code == 404, (name, viewer.name)


def test_its_posting_is_not_for_the_town(
    inside: Decision, branch_secretary: Viewer, comrades: list[Viewer], town_officer: Viewer, president: Viewer,
    at: dt.datetime,
) -> None:  # fmt: skip
    posting = Posting(
        town=inside.town, reference="G260928-00001", organisation=inside.organisation, area=inside.area, title="党内公示",
        text="发展对象公示", kind="publicity", visibility="inside", subject_kind="decisions.decision", subject_id=inside.pk,
        state=Posting.State.PLANNED, days=5, created_at=at, changed_at=at, created_by_id=branch_secretary.person_id,
    )  # fmt: skip
    posting.save()
    seen = {v.name for v in (branch_secretary, *comrades, town_officer, president) if posting_permissions.may_see_posting(v, posting, at)}  # fmt: skip
    assert seen == {branch_secretary.name}
    assert desk_of(branch_secretary, at.date()).to_post == [posting]
    assert desk_of(town_officer, at.date()).to_post == []
    posting.state, posting.posted_on = Posting.State.UP, at.date()
    seen = {v.name for v in (branch_secretary, *comrades, town_officer, president) if posting_permissions.may_see_posting(v, posting, at)}  # fmt: skip
    assert seen == {branch_secretary.name, *(c.name for c in comrades)}
