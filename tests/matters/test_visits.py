"""The visit diary: private by default; a lead becomes a matter in one tap, once."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from yishi.core.verdicts import Refusal
from yishi.matters.models import Lead, Matter, Report, Visit
from yishi.matters.permissions import visits as permissions
from yishi.matters.services import visits as services
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 9, 28, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TODAY = AT.date()


def written(officer: Viewer, **more: Any) -> Visit:
    data = services.VisitInput(
        key=uuid.uuid4(), visited_on=TODAY, place="3 号楼", note="老人腿脚不便",
        leads=[services.LeadInput("issue", "3 号楼楼道灯坏了"), services.LeadInput("person", "何姨愿意教粤剧")], **more,
    )  # fmt: skip
    return services.write_visit(officer, data, AT)


def test_written_twice_is_once(officer: Viewer) -> None:
    data = services.VisitInput(key=uuid.uuid4(), visited_on=TODAY, note="x")
    assert services.write_visit(officer, data, AT) == services.write_visit(officer, data, AT)
    assert Visit.objects.count() == 1


def test_notes_are_private_until_shared(
    officer: Viewer, secretary: Viewer, other_officer: Viewer, make_person: Any, town: Any
) -> None:
    visit = written(officer)
    colleague = make_person("黎婉", office=(town.dawei_committee, "officer", "网格统筹"))
    assert permissions.may_see_visit(officer, visit, AT)
    assert permissions.may_see_visit(colleague, visit, AT).hidden
    services.change_visit(officer, visit, note=visit.note, shared=True, at=AT)
    visit.refresh_from_db()
    assert permissions.may_see_visit(colleague, visit, AT)
    assert permissions.may_see_visit(other_officer, visit, AT).hidden
    with pytest.raises(Refusal):
        services.change_visit(colleague, visit, note="改", shared=True, at=AT)


def test_a_lead_becomes_a_matter_once(officer: Viewer) -> None:
    lead = written(officer).leads.get(kind="issue")
    first = services.lead_to_matter(officer, lead, AT)
    assert services.lead_to_matter(officer, lead, AT) == first
    assert (Matter.objects.count(), first.channel) == (1, Report.Channel.VISIT)
    with pytest.raises(ValidationError, match="已转为事项"):
        services.drop_lead(officer, lead, "不用了", AT)


def test_a_lead_may_be_left_with_a_reason(officer: Viewer) -> None:
    lead = written(officer).leads.get(kind="person")
    with pytest.raises(ValidationError):
        services.drop_lead(officer, lead, " ", AT)
    assert services.drop_lead(officer, lead, "已搬走", AT).dropped_because == "已搬走"
    with pytest.raises(ValidationError, match="作罢"):
        services.lead_to_matter(officer, lead, AT)
    assert Lead.objects.get(pk=lead.pk).report_id is None


@pytest.mark.parametrize("who", ["alice", "stranger", "dispatcher", "keeper", "anonymous", "president"])
def test_others_keep_no_diary(who: str, town: Any, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Refusal):
        written(request.getfixturevalue(who))


@pytest.mark.parametrize("change", [{"visited_on": TODAY + dt.timedelta(days=1), "note": "x"}, {"visited_on": TODAY}])
def test_a_future_or_empty_visit_is_refused(officer: Viewer, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        services.write_visit(officer, services.VisitInput(key=uuid.uuid4(), **change), AT)
