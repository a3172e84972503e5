"""Whose decision it is, who may lead, who signs, what is returned and ruled."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from tests.matters.stages import Desk, told

from yishi.core import clock
from yishi.core.verdicts import Refusal
from yishi.inbox.models import Notification
from yishi.matters import reactions, services
from yishi.matters.events import MatterChanged
from yishi.matters.models import Assignment, Matter, Step
from yishi.matters.rules import routing
from yishi.network.models import Organisation
from yishi.network.viewers import Viewer

SUGGESTED = (
    ("小区充电桩装在我们楼边，我不同意", "owners", "hard"),
    ("加装电梯的事各家说法不一", "owners", "hard"),
    ("楼下住改商开麻将馆", "affected_owners", "everyday"),
    ("经济社今年的分红方案什么时候公布", "cooperative", "major"),
    ("村规民约里关于宠物的条款", "village", "major"),
    ("居民公约想改一条", "community", "major"),
    ("巷子里的下水道堵了", "community", "everyday"),
    ("党费怎么交", "party", "everyday"),
    ("主干道路灯不亮", "department", "everyday"),
    ("隔壁工厂偷排污水", "department", "everyday"),
    ("现在闻到煤气味，快来人", "emergency", "everyday"),
)


@pytest.mark.parametrize(("text", "decider", "size"), SUGGESTED)
def test_suggestions_give_reason_and_clause(text: str, decider: str, size: str) -> None:
    found = routing.suggest_decider(text)
    assert found.value == decider
    assert found.why and found.by
    assert all(word in text for word in found.words)
    with translation.override("en"):
        assert found.why != found.reason["zh"] and found.by == found.clause["en"]
    how_large = routing.suggest_size(text)
    assert how_large.value == size and how_large.why


def test_many_reports_make_a_hard_matter() -> None:
    assert routing.suggest_size("路灯不亮", 4).value == "everyday"
    found = routing.suggest_size("路灯不亮", 5)
    assert found.value == "hard" and "5" in found.why


def test_an_emergency_shows_its_number_at_once() -> None:
    assert routing.emergency_number("楼上现在着火了，快来") == "119"
    assert routing.emergency_number("路灯不亮") == ""


@pytest.mark.parametrize("kind", Organisation.Kind.values)
def test_government_work_is_led_by_government_alone(kind: str) -> None:
    verdict = routing.may_lead("department", kind)
    if kind in ("department", "town_government"):
        assert verdict
    else:
        assert not verdict
        assert "社区" in verdict.reason and "首接负责制" in verdict.clause and "协办" in verdict.what_now


@pytest.mark.parametrize("decider", Matter.Decider.values)
def test_every_decider_has_a_clause_and_someone_to_lead(decider: str) -> None:
    assert routing.clause_of(decider)["zh"] and routing.clause_of(decider)["en"]
    assert any(routing.may_lead(decider, kind) for kind in Organisation.Kind.values)


@pytest.mark.django_db
def test_a_community_cannot_lead_a_departments_work_but_may_assist(
    alice: Viewer, desk: Desk, town: Any, at: dt.datetime
) -> None:
    matter = services.raise_matter(alice, told(text="主干道路灯不亮"), at).matter
    desk.accepted(matter, decider="department")
    with pytest.raises(Refusal, match="政府部门"):
        services.assign_matter(desk.officer, matter, town.dawei_committee.pk, "lead", "", at)
    assert not Assignment.objects.exists()
    services.assign_matter(desk.officer, matter, town.housing.pk, "lead", "部门职责", at)
    helping = services.assign_matter(desk.officer, matter, town.dawei_committee.pk, "assist", "协助", at)
    assert helping.role == "assist"
    with pytest.raises(ValidationError):
        services.assign_matter(desk.officer, matter, town.dawei_committee.pk, "assist", "再协助", at)
    assert Matter.objects.get().lead_id == town.housing.pk


@pytest.mark.django_db
def test_an_unsigned_lead_is_called_back_a_signed_one_is_not(
    alice: Viewer, desk: Desk, department_officer: Viewer, town: Any, at: dt.datetime
) -> None:
    matter = services.raise_matter(alice, told(), at).matter
    desk.accepted(matter, decider="department")
    first = services.assign_matter(desk.officer, matter, town.housing.pk, "lead", "", at)
    second = services.assign_matter(desk.officer, matter, town.urban_management.pk, "lead", "派错了，改派", at)
    first.refresh_from_db()
    assert first.state == "ended" and Matter.objects.get().lead_id == town.urban_management.pk
    services.sign_assignment(department_officer, second, at)
    with pytest.raises(Refusal, match="已有主办"):
        services.assign_matter(desk.officer, matter, town.housing.pk, "lead", "", at)


@pytest.fixture
def given(alice: Viewer, desk: Desk, town: Any, at: dt.datetime) -> Assignment:
    matter = services.raise_matter(alice, told(text="主干道路灯不亮"), at).matter
    desk.accepted(matter, decider="department")
    return services.assign_matter(desk.officer, matter, town.urban_management.pk, "lead", "", at)


@pytest.mark.django_db
def test_a_return_is_asked_once_in_time_with_reason_and_law(
    given: Assignment, department_officer: Viewer, desk: Desk, at: dt.datetime
) -> None:
    with pytest.raises(ValidationError):
        services.ask_return(department_officer, given, "不归我们管", " ", at)
    late = dt.datetime(2026, 9, 30, 9, tzinfo=at.tzinfo)
    with pytest.raises(Refusal, match="2026-09-29") as refused:
        services.ask_return(department_officer, given, "不归我们管", "职责清单第 3 条", late)
    assert "本平台规则" in refused.value.verdict.clause
    asked = services.ask_return(department_officer, given, "不归我们管", "职责清单第 3 条", at)
    assert asked.state == "return_asked" and Matter.objects.get().lead_id == given.organisation_id
    ruled = services.rule_on_return(desk.officer, asked, False, "路灯由贵办负责。", None, at)
    assert ruled.state == "sent" and ruled.by_ruling
    with pytest.raises(Refusal, match="已经裁定"):
        services.ask_return(department_officer, ruled, "还是不归我们", "职责清单第 3 条", at)


@pytest.mark.django_db
def test_a_granted_return_goes_on_by_ruling_and_cannot_come_back(
    given: Assignment, department_officer: Viewer, desk: Desk, town: Any, make_person: Any, at: dt.datetime
) -> None:
    services.ask_return(department_officer, given, "不归我们管", "职责清单第 3 条", at)
    with pytest.raises(Refusal, match="社区等组织"):
        services.rule_on_return(desk.officer, given, True, "归社区。", town.dawei_committee.pk, at)
    given.refresh_from_db()
    assert given.state == "return_asked"
    fresh = services.rule_on_return(desk.officer, given, True, "归城建办。", town.housing.pk, at)
    assert fresh.by_ruling and fresh.organisation_id == town.housing.pk
    housing = make_person("赖伟明", office=(town.housing, "officer", "科员"))
    with pytest.raises(Refusal, match="已经裁定"):
        services.ask_return(housing, fresh, "也不归我们", "职责清单第 5 条", at)
    services.sign_assignment(housing, fresh, at)
    assert Matter.objects.get().stage == "doing"


@pytest.mark.django_db
def test_nobody_rules_on_their_own_return(
    given: Assignment, alice: Viewer, desk: Desk, town: Any, at: dt.datetime
) -> None:
    matter = services.raise_matter(alice, told(), at).matter
    own = desk.assigned(matter)
    services.ask_return(desk.officer, own, "应由物业办", "物业服务合同", at)
    with pytest.raises(Refusal, match="本单位"):
        services.rule_on_return(desk.other, own, True, "同意", None, at)


@pytest.mark.django_db
def test_granted_without_another_it_waits_at_the_desk(
    given: Assignment, department_officer: Viewer, dispatcher: Viewer, town: Any, at: dt.datetime
) -> None:
    services.ask_return(department_officer, given, "不归我们管", "职责清单第 3 条", at)
    services.rule_on_return(dispatcher, given, True, "查明主管部门后再派。", None, at)
    matter = Matter.objects.get()
    assert matter.stage == "accepted" and matter.lead_id is None
    with pytest.raises(Refusal, match="已经同意这个单位退单"):
        services.assign_matter(dispatcher, matter, town.urban_management.pk, "lead", "", at)


@pytest.mark.django_db
def test_the_handler_named_holds_an_office_there(
    given: Assignment, department_officer: Viewer, bob: Viewer, make_person: Any, town: Any, at: dt.datetime
) -> None:
    with pytest.raises(ValidationError):
        services.sign_assignment(department_officer, given, at, handler_id=bob.person_id)
    colleague = make_person("叶文杰", office=(town.urban_management, "officer", "执法队员"))
    assert services.sign_assignment(department_officer, given, at, handler_id=colleague.person_id).handler_id == (
        colleague.person_id
    )


@pytest.mark.django_db(transaction=True)
def test_those_whose_turn_it_is_are_told(
    alice: Viewer, desk: Desk, department_officer: Viewer, other_officer: Viewer, town: Any, at: dt.datetime
) -> None:
    with clock.standing_at(at):
        matter = services.raise_matter(alice, told(text="主干道路灯不亮"), at).matter
        desk.accepted(matter, decider="department")
        services.assign_matter(desk.officer, matter, town.urban_management.pk, "lead", "", at)
        for step in Step.objects.filter(matter=matter):  # news may come twice; nobody is told twice
            reactions.tell(MatterChanged(matter.pk, step.kind, step.pk, at))
            count = Notification.objects.count()
            reactions.tell(MatterChanged(matter.pk, step.kind, step.pk, at))
            assert Notification.objects.count() == count
    told_of = set(Notification.objects.values_list("person_id", "title"))
    assert (desk.officer.person_id, "有新的反映等待受理") in told_of
    assert (department_officer.person_id, "有新的派单等待签收") in told_of
    assert (alice.person_id, "您反映的事已派单") in told_of
    assert other_officer.person_id not in {person for person, _title in told_of}
    assert Notification.objects.filter(person_id=alice.person_id).exclude(title_en="").count() == 2
