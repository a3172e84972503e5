"""Persona × stage × verb: who may do what, everyone else refused; offices only with the second factor asked."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from tests.matters.stages import told

from yishi.core.verdicts import Refusal
from yishi.matters import permissions, selectors, services
from yishi.matters.models import Assignment, Matter, Report
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

DESK = frozenset({"officer", "secretary", "dispatcher", "town_officer"})
LEAD = frozenset({"department_officer"})
REPORTER = frozenset({"alice", "helper"})
BOTH = DESK | LEAD
OPEN = ("raised", "accepted", "assigned", "doing", "return_asked", "suspended", "replied", "told")
STAGES = (*OPEN, "settled", "declined", "withdrawn")


def at_stages(who: frozenset[str], *stages: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(stages, who)


# verb: where it stands (matter, report or assignment), and who may at each stage; nobody anywhere else
MATRIX: dict[str, tuple[str, dict[str, frozenset[str]]]] = {
    "accept_matter": ("matter", at_stages(DESK, "raised")),
    "decline_matter": ("matter", at_stages(DESK, "raised", "accepted")),
    "correct_matter": (
        "matter",
        at_stages(DESK, "raised", "accepted", "assigned")
        | at_stages(BOTH, "doing", "return_asked", "suspended", "replied", "told"),
    ),
    "set_nature": ("report", at_stages(DESK, "raised", "accepted", "assigned", "doing", "return_asked", "suspended")),
    "appeal_size": ("matter", at_stages(REPORTER, *OPEN[1:])),
    "merge_matter": ("matter", at_stages(DESK, *OPEN)),
    "assign_matter": ("matter", at_stages(DESK, "accepted", "assigned", "doing", "return_asked")),
    "sign_assignment": ("assignment", at_stages(LEAD, "assigned")),
    "ask_return": ("assignment", at_stages(LEAD, "assigned", "doing")),
    "rule_on_return": ("assignment", at_stages(DESK, "return_asked")),
    "contact_reporter": (
        "report",
        at_stages(DESK, "raised", "accepted") | at_stages(LEAD, "doing", "return_asked", "suspended", "replied", "told"),
    ),
    "add_note": (
        "matter",
        at_stages(DESK, "accepted") | at_stages(BOTH, "assigned", "doing", "return_asked", "suspended", "replied", "told"),
    ),
    "extend_report": (
        "report", at_stages(DESK, "accepted") | at_stages(LEAD, "doing", "return_asked", "suspended"),
    ),
    "suspend_matter": ("matter", at_stages(DESK, "accepted") | at_stages(LEAD, "doing", "return_asked")),
    "resume_matter": ("matter", at_stages(BOTH, "suspended")),
    "make_commitment": (
        "matter",
        at_stages(DESK, "accepted", "assigned") | at_stages(BOTH, "doing", "return_asked", "suspended", "replied", "told"),
    ),
    "reply_to_report": (
        "report", at_stages(DESK, "accepted") | at_stages(LEAD, "doing", "return_asked", "suspended", "replied"),
    ),
    "reply_to_all": (
        "matter", at_stages(DESK, "accepted") | at_stages(LEAD, "doing", "return_asked", "suspended", "replied", "told"),
    ),
    "tell_reporter": ("report", at_stages(BOTH, "replied", "told")),
    "visit_back": ("report", at_stages(DESK, "told", "settled")),
    "judge_report": ("report", at_stages(REPORTER, "replied", "told", "settled")),
    "settle_matter": ("matter", at_stages(BOTH, "replied", "told")),
    "view_contact": ("report", at_stages(LEAD, "doing", "return_asked", "suspended", "replied", "told")),
    "withdraw_report": (
        "report", at_stages(REPORTER, "raised", "accepted", "assigned", "doing", "return_asked", "suspended"),
    ),
}  # fmt: skip


@dataclass
class Case:
    matter: Matter
    report: Report
    assignment: Assignment | None = None


Build = Callable[[str], Case]


@pytest.fixture
def people(request: pytest.FixtureRequest, town: Any) -> dict[str, Viewer]:
    names = (
        "alice", "bob", "officer", "other_officer", "secretary", "dispatcher", "department_officer", "president",
        "deliberator", "hall_host", "town_officer", "auditor", "stranger", "keeper", "anonymous",
    )  # fmt: skip
    found: dict[str, Viewer] = {n: request.getfixturevalue(n) for n in names}
    found["helper"] = replace(found["stranger"], helping_id=found["alice"].person_id)
    found["waiting"] = replace(found["officer"], offices=())
    return found


@pytest.fixture
def build(people: dict[str, Viewer], town: Any, at: dt.datetime) -> Build:
    officer, lead, alice = people["officer"], people["department_officer"], people["alice"]

    def accepted(matter: Matter) -> None:
        services.accept_matter(officer, matter, None, "everyday", "小事。", "department", "部门职责。", "public", at)

    def assigned(case: Case) -> None:
        accepted(case.matter)
        case.assignment = services.assign_matter(officer, case.matter, town.urban_management.pk, "lead", "", at)

    def doing(case: Case) -> None:
        assigned(case)
        services.sign_assignment(lead, case.assignment, at)

    def replied(case: Case) -> None:
        doing(case)
        services.reply_to_report(lead, case.report, "已处理。", at)

    def told_(case: Case) -> None:
        replied(case)
        services.tell_reporter(lead, case.report, "in_app", at)

    steps: dict[str, Callable[[Case], Any]] = {
        "raised": lambda c: None,
        "accepted": lambda c: accepted(c.matter),
        "assigned": assigned,
        "doing": doing,
        "return_asked": lambda c: (doing(c), services.ask_return(lead, c.assignment, "不归我们", "职责清单第 3 条", at)),
        "suspended": lambda c: (
            doing(c), services.suspend_matter(lead, c.matter, "等雨季过", "巡查", dt.date(2026, 11, 2), at)
        ),
        "replied": replied,
        "told": told_,
        "settled": lambda c: (told_(c), services.settle_matter(officer, c.matter, "已处理。", at)),
        "declined": lambda c: services.decline_matter(officer, c.matter, "属法院受理", "南海区法院", "", at),
        "withdrawn": lambda c: services.withdraw_report(alice, c.report, "已自行解决", at),
    }  # fmt: skip

    def make(stage: str) -> Case:
        report = services.raise_matter(alice, told(title=f"{stage}：下水道堵"), at)
        case = Case(report.matter, report)
        steps[stage](case)
        report = Report.objects.select_related("matter__community").get(pk=report.pk)
        matter = report.matter
        assignment = Assignment.objects.filter(matter=matter).first()
        if assignment is not None:
            assignment.matter = matter
        return Case(matter, report, assignment)

    return make


def test_matrix(people: dict[str, Viewer], build: Build, at: dt.datetime) -> None:
    wrong = []
    for stage in STAGES:
        case = build(stage)
        for verb, (on, allowed) in MATRIX.items():
            subject = getattr(case, on)
            if subject is None:
                continue
            may = getattr(permissions, f"may_{verb}")
            found = {name for name, viewer in people.items() if may(viewer, subject, at)}
            if found != allowed.get(stage, frozenset()):
                wrong.append((stage, verb, sorted(found ^ allowed.get(stage, frozenset()))))
    assert wrong == []


def test_every_right_has_a_row() -> None:
    """Rights on a matter or its parts; those of patrols, visits and imports have tables of their own."""
    beside = {"see_matter", "raise_matter", "answer_size_appeal", "split_matter", "save_view", "drop_view"}
    rooms = (permissions.facts, permissions.sorting, permissions.doing)
    rights = {
        n.removeprefix("may_") for room in rooms for n, f in vars(room).items()
        if n.startswith("may_") and f.__module__ == room.__name__
    }  # fmt: skip
    assert rights == set(MATRIX) | beside


def test_who_sees_what_before_and_after_acceptance(people: dict[str, Viewer], build: Build, at: dt.datetime) -> None:
    before, after, declined = build("raised").matter, build("accepted").matter, build("declined").matter
    inside = DESK | REPORTER
    assert {n for n, v in people.items() if permissions.may_see_matter(v, before)} == inside
    assert {n for n, v in people.items() if permissions.may_see_matter(v, declined)} == inside
    assert {n for n, v in people.items() if permissions.may_see_matter(v, after)} == set(people)
    for name, viewer in people.items():
        if name not in inside:
            assert permissions.may_accept_matter(viewer, before, at).hidden, name


def test_channels(people: dict[str, Viewer], at: dt.datetime) -> None:
    officers = {
        "officer", "other_officer", "secretary", "dispatcher", "department_officer", "president", "town_officer", "auditor",
    }  # fmt: skip
    expected = {
        "web": set(people), "api": set(people) - {"anonymous"},
        **dict.fromkeys(("phone", "walk_in", "paper", "visit"), officers | {"hall_host"}), "patrol": officers | {"deliberator", "hall_host"},
        "hotline": {"dispatcher", "town_officer", "keeper"}, "message_board": {"dispatcher", "town_officer", "keeper"},
    }  # fmt: skip
    for channel, allowed in expected.items():
        assert {n for n, v in people.items() if permissions.may_raise_matter(v, channel, at)} == allowed, channel


def test_offices_count_only_with_the_second_factor(
    officer: Viewer, alice: Viewer, settings: Any, at: dt.datetime
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    matter = services.raise_matter(alice, told(), at).matter
    user = get_user_model().objects.get(person_id=officer.person_id)
    without = network.viewer_of_account(user, at, second_factor=False)
    with pytest.raises(Refusal) as refused:
        services.decline_matter(without, matter, "不", "别处", "", at)
    assert refused.value.verdict.hidden
    confirmed = network.viewer_of_account(user, at, second_factor=True)
    assert services.decline_matter(confirmed, matter, "不", "别处", "", at).stage == "declined"


def test_an_office_that_ended_is_no_office(officer: Viewer, alice: Viewer, town: Any, at: dt.datetime) -> None:
    """The signed handler loses sight of who reported on the day the term ends."""
    report = services.raise_matter(alice, told(), at)
    services.accept_matter(officer, report.matter, None, "everyday", "小事。", "community", "巷。", "public", at)
    given = services.assign_matter(officer, report.matter, town.dawei_committee.pk, "lead", "", at)
    services.sign_assignment(officer, given, at)
    assert services.view_contact(officer, report, "核实地点", at).name == "何秀英"
    former = replace(officer, offices=())
    with pytest.raises(Refusal):
        services.view_contact(former, report, "核实地点", at)


def test_a_sealed_matter_is_known_to_its_hall_alone(
    people: dict[str, Viewer], town: Any, make_person: Callable[..., Viewer], at: dt.datetime
) -> None:
    host = make_person("冯丽娟", office=(town.womens_hall, "host", "主持人"))
    people["host"] = host
    report = services.raise_matter(
        people["alice"],
        told(title="家里的事", text="家里常有争吵，想请芳华议事厅帮忙。", hall_id=town.womens_hall.pk),
        at,
    )
    matter = report.matter
    services.accept_matter(host, matter, None, "hard", "难事。", "community", "家事调解。", "handlers", at)
    seen = set()
    for name, viewer in people.items():
        if name in {"alice", "helper", "host"}:
            seen.add(selectors.get_matter_for(viewer, matter.reference).pk)
            continue
        with pytest.raises(Refusal) as refused:
            selectors.get_matter_for(viewer, matter.reference)
        assert refused.value.verdict.hidden, name
    assert seen == {matter.pk}
    point = (town.dawei.longitude - 1, town.dawei.latitude - 1, town.dawei.longitude + 1, town.dawei.latitude + 1)
    for name, viewer in people.items():
        assert selectors.list_matters(viewer, selectors.MatterFilter(town_id=town.area.pk)).items == [], name
        found = selectors.MatterFilter(q="芳华", town_id=town.area.pk)
        assert selectors.list_matters(viewer, found).total == 0, name
        by_number = selectors.MatterFilter(q=matter.reference, town_id=town.area.pk)
        assert selectors.list_matters(viewer, by_number).total == 0, name
        assert selectors.matters_on_map(viewer, point, 12, selectors.MatterFilter(town_id=town.area.pk)) == []
        assert selectors.similar_to("家里常有争吵，想请芳华议事厅帮忙", "", town.area.pk, viewer) == [], name
    assert [i.matter.pk for i in selectors.queue_for(host)] == [matter.pk]
    assert selectors.rates(town.area.pk, at.date(), at.date()).volume.all_channels == 0
    other = services.raise_matter(people["bob"], told(hall_id=town.womens_hall.pk), at).matter
    with pytest.raises(Refusal, match="敏感"):
        services.accept_matter(host, other, None, "hard", "难", "community", "家", "public", at)
