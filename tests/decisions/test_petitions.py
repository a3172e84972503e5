"""Petitions: who signs, what counts, when it binds, who may take it back."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.decisions.halls import homes, people
from tests.decisions.stages import TEXT, proposal
from tests.people_fixtures import MOMENT, SINCE, viewer_of_person

from yishi.core import clock
from yishi.core.verdicts import Refusal
from yishi.decisions import permissions, rules, services
from yishi.decisions.models import Decision, Petition, Unit, UnitOwner
from yishi.decisions.selectors.petitions import petitions_of
from yishi.decisions.services import meetings
from yishi.decisions.services._acts import follow
from yishi.decisions.voting.petitioning import ways_of
from yishi.network.viewers import Duty, Viewer
from yishi.people.models import Capacity

pytestmark = pytest.mark.django_db


@pytest.fixture
def owners(town: Any, make_person: Callable[..., Viewer]) -> list[Viewer]:
    """Four owners of 御水岸, ten in all."""
    made = []
    for name in ("甘雨晴", "霍启山", "招惠兰", "植文杰"):
        viewer = make_person(name)
        Capacity.objects.create(
            person_id=viewer.person_id, kind="owner", area=town.yushuian, since=SINCE, verified_at=MOMENT
        )
        made.append(viewer_of_person(viewer.person_id or 0))
    others = people(town.area, 6)
    homes(town.yushuian, [[one.person_id] for one in made] + [[one.pk] for one in others])
    return made


@pytest.fixture
def asked(owners: list[Viewer], town: Any, at: dt.datetime) -> Decision:
    """An owner asks for a vote on a charging shed."""
    given = proposal(town.owners, "owners_8", title="公共绿地建充电棚", by_petition=True)
    return services.start_decision(owners[0], given, at)


@pytest.fixture
def petition(asked: Decision, owners: list[Viewer], at: dt.datetime) -> Petition:
    """With a petition of the owners, ten by the register: two are needed."""
    return services.open_petition(owners[0], asked, "owners", at)


def test_a_member_brings_a_matter_only_by_petition(owners: list[Viewer], town: Any, at: dt.datetime) -> None:
    with pytest.raises(Refusal, match="负责人"):
        services.start_decision(owners[0], proposal(town.owners, "owners_8"), at)


def test_two_of_ten_oblige(petition: Petition, owners: list[Viewer], at: dt.datetime) -> None:
    services.sign_petition(owners[0], petition, at)
    with pytest.raises(Refusal) as told:
        services.hand_in_petition(owners[0], petition, at)
    assert "⌈10×1/5⌉" in str(told.value.verdict.reason) and "物业管理条例" in str(told.value.verdict.clause)
    services.sign_petition(owners[1], petition, at)
    services.sign_petition(owners[1], petition, at)
    case = services.hand_in_petition(owners[2], petition, at)
    assert case.obliged
    petition.refresh_from_db()
    assert petition.received_at == at
    services.escalate_petition(owners[3], petition, at)


def test_a_petition_that_binds_is_left_not_taken_back(
    petition: Petition, owners: list[Viewer], at: dt.datetime
) -> None:
    for one in owners[:2]:
        services.sign_petition(one, petition, at)
    services.hand_in_petition(owners[0], petition, at)
    with pytest.raises(Refusal, match="提出人不能撤回"):
        services.withdraw_decision(owners[0], petition.decision, "算了", at)
    services.withdraw_signature(owners[1], petition, at)
    services.withdraw_decision(owners[0], petition.decision, "物业已同意另选地点", at)
    assert Decision.objects.get().status == "withdrawn"


def test_paper_counts_once(
    petition: Petition, owners: list[Viewer], town: Any, make_person: Any, at: dt.datetime
) -> None:
    clerk = make_person("梁惠", office=(town.owners, Duty.OFFICER, "秘书"))
    services.enter_signature(clerk, petition, owners[1].person_id or 0, at)
    with pytest.raises(ValidationError, match="一人只算一次"):
        services.enter_signature(clerk, petition, owners[1].person_id or 0, at)
    assert petition.signatures.get().paper


def test_whose_signature_does_not_count(petition: Petition, alice: Viewer, at: dt.datetime) -> None:
    with pytest.raises(Refusal, match="只算"):
        services.sign_petition(alice, petition, at)


def test_no_petition_where_the_rules_are_not_verified(
    town: Any, alice: Viewer, secretary: Viewer, at: dt.datetime
) -> None:
    given = proposal(town.dawei_committee, "public_fundraising", title="筹资修桥", by_petition=True)
    made = services.start_decision(alice, given, at)
    assert made.procedure == "assembly"
    with pytest.raises(Refusal, match="尚未核定"):
        services.open_petition(alice, made, "adults", at)


def _before_its_first_step(brought: Viewer, organisation: Any, resolve: str, at: dt.datetime) -> Decision:
    made = Decision(
        town_id=organisation.town_id, reference=clock.new_reference(at), organisation=organisation,
        area=organisation.area, title="小组公用地的使用", procedure="assembly", resolve=resolve, settings={},
        secrecy="signed", proposer_id=brought.person_id, created_at=at, changed_at=at,
    )  # fmt: skip
    follow(made, rules.open_new(made), at)
    return made


def test_a_groups_meeting_is_not_called_by_petition_and_is_told_why(town: Any, alice: Viewer, at: dt.datetime) -> None:
    made = _before_its_first_step(alice, town.dawei_committee, "VG", at)
    with pytest.raises(Refusal, match="没有写多少人联名可以要求召集“村民小组会议”") as told:
        services.open_petition(alice, made, "adults", at)
    assert "第32条" in str(told.value.verdict.clause) and "有权召集的组织" in str(told.value.verdict.what_now)


def test_groups_that_sign_are_not_counted_without_a_register_of_groups(town: Any, alice: Viewer) -> None:
    at = dt.datetime(2025, 6, 2, 10, tzinfo=dt.UTC)
    made = _before_its_first_step(alice, town.dawei_committee, "RC", at)
    assert [way.have for way in ways_of(made, at.date())] == ["adults", "households_signed"]
    with pytest.raises(ValidationError, match="不能按联名的居民小组计算"):
        services.open_petition(alice, made, "groups", at)


def test_a_recall_needs_its_petition_first(village: Any, make_person: Any, at: dt.datetime) -> None:
    head = make_person("简国雄", office=(village, Duty.COMMITTEE_MEMBER, "委员"))
    about = make_person("罗主任", office=(village, Duty.DIRECTOR, "主任"))
    given = proposal(village, "recall", title="罢免案", concerned_id=about.person_id)
    made = services.start_decision(head, given, at)
    assert made.secrecy == "secret"
    with pytest.raises(Refusal, match="联名"):
        services.do_step(head, made, {"reasons": services.PaperInput("长期不履职")}, at)


def test_one_petition_at_a_time(petition: Petition, owners: list[Viewer], at: dt.datetime) -> None:
    with pytest.raises(ValidationError, match="已有一份联名"):
        services.open_petition(owners[1], petition.decision, "owners", at)
    assert permissions.may_escalate_petition(owners[0], petition, at).reason == "联名还没有达到法定人数，尚无召集义务。"


@pytest.fixture
def director(town: Any, make_person: Callable[..., Viewer]) -> Viewer:
    """Of the owners' committee, which is petitioned against."""
    return make_person("霍主任", office=(town.owners, Duty.DIRECTOR, "主任"))


def test_the_register_tells_the_whole(petition: Petition, town: Any, owners: list[Viewer], at: dt.datetime) -> None:
    assert (petition.whole, petition.whole_number) == ("owners_all", 10)
    homes(town.yushuian, [[one.pk] for one in people(town.area, 6)])
    for one in owners[:3]:
        services.sign_petition(one, petition, at)
    with pytest.raises(Refusal, match="⌈16×1/5⌉"):
        services.hand_in_petition(owners[0], petition, at)


def test_without_a_register_nothing_is_opened(asked: Decision, owners: list[Viewer], at: dt.datetime) -> None:
    UnitOwner.objects.all().delete()
    Unit.objects.all().delete()
    with pytest.raises(ValidationError, match="先由社区"):
        services.open_petition(owners[0], asked, "owners", at)


def test_joint_owners_sign_once(petition: Petition, town: Any, make_person: Any, at: dt.datetime) -> None:
    pair = [make_person(name) for name in ("阮家明", "阮家丽")]
    homes(town.yushuian, [[one.person_id for one in pair]])
    services.sign_petition(pair[0], petition, at)
    with pytest.raises(ValidationError, match="只算一次"):
        services.sign_petition(pair[1], petition, at)
    services.withdraw_signature(pair[0], petition, at)
    services.sign_petition(pair[1], petition, at)


def test_who_has_sold_counts_no_more(petition: Petition, owners: list[Viewer], at: dt.datetime) -> None:
    for one in owners[:2]:
        services.sign_petition(one, petition, at)
    yesterday = at.date() - dt.timedelta(days=1)
    UnitOwner.objects.filter(person_id=owners[1].person_id).update(until=yesterday)
    with pytest.raises(Refusal, match="⌈10×1/5⌉"):
        services.hand_in_petition(owners[0], petition, at)


def test_nobody_signs_while_helping_nor_is_entered_without_right(
    petition: Petition, owners: list[Viewer], alice: Viewer, director: Viewer, at: dt.datetime
) -> None:
    with pytest.raises(Refusal, match="先结束代办"):
        services.sign_petition(replace(owners[0], helping_id=alice.person_id), petition, at)
    with pytest.raises(ValidationError, match="不在可以联名的人员里"):
        services.enter_signature(director, petition, alice.person_id or 0, at)
    assert not petition.signatures.exists()


def test_the_body_neither_rewrites_nor_takes_it_back(
    petition: Petition, owners: list[Viewer], director: Viewer, at: dt.datetime
) -> None:
    made = petition.decision
    for act in (
        lambda: services.change_motion(director, made, "不建充电棚。", None, "text", True, "改主意", at),
        lambda: services.withdraw_decision(director, made, "不办", at),
    ):
        with pytest.raises(Refusal, match="只有提出人"):
            act()
    made.refresh_from_db()
    assert (made.status, made.version) == ("running", 1)
    services.withdraw_decision(owners[0], made, "另选地点", at)


def test_a_signature_is_for_the_text_that_was_signed(petition: Petition, owners: list[Viewer], at: dt.datetime) -> None:
    made = petition.decision
    first = made.versions.get()
    for one in owners[1:3]:
        services.sign_petition(one, petition, at, first.digest)
    services.change_motion(owners[0], made, TEXT.replace("空地", "空地上"), None, "text", False, "漏字", at)
    assert petitions_of(owners[1], made)[0].signed == 2
    services.change_motion(owners[0], made, TEXT.replace("320", "640"), None, "text", True, "扩大一倍", at)
    shown = petitions_of(owners[1], made)[0]
    assert (shown.signed, shown.mine) == (0, False)
    with pytest.raises(Refusal, match="⌈10×1/5⌉"):
        services.hand_in_petition(owners[0], petition, at)
    with pytest.raises(ValidationError, match="刚刚改过"):
        services.sign_petition(owners[1], petition, at, first.digest)
    for one in owners[1:3]:
        services.sign_petition(one, petition, at)
    assert petition.signatures.count() == 2 and petitions_of(owners[1], made)[0].mine
    assert services.hand_in_petition(owners[0], petition, at).obliged


def test_after_escalation_the_town_convenes_too(
    petition: Petition, owners: list[Viewer], town: Any, town_officer: Viewer, at: dt.datetime
) -> None:
    made = petition.decision
    for one in owners[:2]:
        services.sign_petition(one, petition, at)
    services.hand_in_petition(owners[0], petition, at)
    services.do_step(owners[0], made, {}, at)
    services.do_step(owners[0], made, {"letter": services.PaperInput("已告知居委会。")}, at)
    made.refresh_from_db()
    given = meetings.MeetingInput("业主大会", "架空层", at + dt.timedelta(days=20), [made])
    with pytest.raises(Refusal) as told:
        meetings.convene(town_officer, given, at)
    assert "报请镇街" in str(told.value.verdict.what_now)
    services.escalate_petition(owners[3], petition, at)
    meeting = meetings.convene(town_officer, given, at)
    assert meeting.by_petition == petition
    assert permissions.may_run_meeting(town_officer, meeting, at)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refused_act_says_why_and_what_now(
    petition: Petition, owners: list[Viewer], client_for: Callable[[Viewer], Client], at: dt.datetime, htmx: bool
) -> None:
    made, headers = petition.decision, {"HX-Request": "true"} if htmx else {}
    services.sign_petition(owners[0], petition, at)

    def sent(act: str) -> str:
        url = reverse(f"decisions:{act}", args=[made.reference, petition.pk])
        answer = client_for(owners[0]).post(url, {}, headers=headers)
        assert answer.status_code == (200 if htmx else 422)
        return str(answer.content.decode())

    html = sent("hand-in")
    for words in ("⌈10×1/5⌉", "物业管理条例", 'role="alert"', "请再收集签名"):
        assert words in html, words
    services.sign_petition(owners[1], petition, at)
    services.hand_in_petition(owners[0], petition, at)
    services.escalate_petition(owners[0], petition, at)
    Decision.objects.filter(pk=made.pk).update(status="withdrawn")
    gone = client_for(owners[0]).post(reverse("decisions:unsign", args=[made.reference, petition.pk]), headers=headers)
    assert "已经终结" in gone.content.decode()


def test_handing_in_is_offered_once_there_are_enough(
    petition: Petition, owners: list[Viewer], client_for: Callable[[Viewer], Client], at: dt.datetime
) -> None:
    page = reverse("decisions:petition_page", args=[petition.decision.reference, petition.pk])
    hand_in = reverse("decisions:hand-in", args=[petition.decision.reference, petition.pk])
    services.sign_petition(owners[0], petition, at)
    html = client_for(owners[0]).get(page).content.decode()
    assert hand_in not in html and "还差 1 人签名才能递交" in html
    services.sign_petition(owners[1], petition, at)
    html = client_for(owners[0]).get(page).content.decode()
    assert hand_in in html and "签名才能递交" not in html
