"""Appointing, ending, handing over; who held what on any date."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from tests.people_fixtures import MOMENT, SINCE, Town, viewer_of_person

from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.network import directory, selectors, services
from yishi.network.models import Edge, Organisation, Post, Term
from yishi.network.viewers import Viewer
from yishi.people import services as people
from yishi.people.models import Person, User

DAY = dt.timedelta(days=1)
NEXT = dt.date(2026, 10, 1)


@pytest.fixture
def term(president: Viewer) -> Term:
    return Term.objects.get(person_id=president.person_id)


@pytest.fixture
def successor(town: Town) -> Person:
    return Person.objects.create(town=town.area, name="谢家豪", created_at=MOMENT)


def test_who_held_what_answers_for_any_date(town_officer: Viewer, town: Town, term: Term, successor: Person) -> None:
    following = services.transfer(town_officer, term, successor.pk, NEXT, "换届", MOMENT)
    held = {day: [t.pk for t in selectors.holders_on(town.cooperative, day)] for day in
            (SINCE - DAY, SINCE, NEXT - DAY, NEXT, NEXT + 1000 * DAY)}  # fmt: skip
    assert held == {
        SINCE - DAY: [], SINCE: [term.pk], NEXT - DAY: [term.pk], NEXT: [following.pk], NEXT + 1000 * DAY: [following.pk]
    }  # fmt: skip
    assert viewer_of_person(term.person_id).offices
    assert not selectors.offices_of(term.person_id, NEXT)
    entry = audit.chain(town.cooperative)[-1]
    assert (entry.verb, entry.data["former"], entry.actor_id) == (
        "network.transferred",
        term.pk,
        town_officer.person_id,
    )


def test_only_town_organisers_appoint_and_never_themselves(
    town_officer: Viewer, officer: Viewer, secretary: Viewer, president: Viewer, auditor: Viewer, alice: Viewer,
    keeper: Viewer, anonymous: Viewer, town: Town, successor: Person,
) -> None:  # fmt: skip
    post = Post.objects.create(organisation=town.dawei_committee, duty="committee_member", title="委员", seats=2)
    for viewer in (officer, secretary, president, auditor, alice, keeper, anonymous):
        with pytest.raises(Refusal):
            services.appoint(viewer, post, successor.pk, NEXT, MOMENT)
    with pytest.raises(Refusal, match="不能给自己"):
        services.appoint(town_officer, post, town_officer.person_id or 0, NEXT, MOMENT)
    made = services.appoint(town_officer, post, successor.pk, NEXT, MOMENT)
    assert services.appoint(town_officer, post, successor.pk, NEXT, MOMENT) == made
    assert [e.verb for e in audit.chain(town.dawei_committee)] == ["network.appointed"]


def test_a_full_post_says_by_whom(town_officer: Viewer, term: Term, successor: Person) -> None:
    with pytest.raises(ValidationError, match="谢锦波"):
        services.appoint(town_officer, term.post, successor.pk, NEXT, MOMENT)


def test_ending_needs_a_reason_a_day_and_happens_once(town_officer: Viewer, term: Term) -> None:
    with pytest.raises(ValidationError, match="原因"):
        services.end_term(town_officer, term, NEXT, " ", MOMENT)
    with pytest.raises(ValidationError, match="早于"):
        services.end_term(town_officer, term, SINCE - DAY, "辞职", MOMENT)
    services.end_term(town_officer, term, NEXT, "辞职", MOMENT)
    with pytest.raises(Refusal):
        services.end_term(town_officer, term, NEXT, "辞职", MOMENT)


def test_one_person_two_posts_and_a_branch_joint_to_two_cooperatives(
    town_officer: Viewer, secretary: Viewer, town: Town
) -> None:
    assert len(secretary.offices) == 2
    second = services.add_organisation(
        town_officer, town.taiping, Organisation.Kind.ECONOMIC_COOPERATIVE, "南便经济社", SINCE, MOMENT
    )
    for society in (town.cooperative, second):
        services.tie_organisations(town_officer, town.cooperative_branch, society, Edge.Kind.JOINT, SINCE, MOMENT)
    joint = [e.parent for e in selectors.edges_on(town.cooperative_branch, NEXT) if e.kind == Edge.Kind.JOINT]
    assert joint == [town.cooperative, second]


def test_an_organisation_closes_when_everyone_is_gone_and_keeps_its_history(
    town_officer: Viewer, term: Term, town: Town
) -> None:
    with pytest.raises(Refusal, match="1 人在任"):
        services.close_organisation(town_officer, town.cooperative, NEXT, MOMENT)
    services.end_term(town_officer, term, NEXT, "撤并", MOMENT)
    services.close_organisation(town_officer, town.cooperative, NEXT, MOMENT)
    assert [t.pk for t in selectors.holders_on(town.cooperative, SINCE)] == [term.pk]
    assert not list(selectors.edges_on(town.cooperative, NEXT + DAY))
    assert town.cooperative.pk not in selectors.organisations(town.area.pk).values_list("pk", flat=True)


def test_former_posts_are_for_the_person_organisers_and_auditors(
    town_officer: Viewer, auditor: Viewer, alice: Viewer, anonymous: Viewer, term: Term
) -> None:
    services.end_term(town_officer, term, MOMENT.date() - DAY, "辞职", MOMENT)
    today = MOMENT.date()
    for viewer in (town_officer, auditor, viewer_of_person(term.person_id)):
        assert directory.history_of(viewer, term.person_id, today)[1]
    for viewer in (alice, anonymous):
        with pytest.raises(Refusal) as refused:
            directory.history_of(viewer, term.person_id, today)
        assert refused.value.verdict.hidden


def test_a_claim_makes_the_office_holders_account_once(
    town_officer: Viewer, town: Town, successor: Person, stranger: Viewer, bob: Viewer
) -> None:
    post = Post.objects.create(organisation=town.dawei_committee, duty="officer", title="新来的")
    made = services.appoint(town_officer, post, successor.pk, SINCE, MOMENT)
    claim = services.invite_holder(town_officer, made, MOMENT)
    with pytest.raises(ValidationError, match="过期"):
        people.claim_record(stranger, claim, MOMENT + 15 * DAY)
    assert people.claim_record(stranger, claim, MOMENT) == successor
    assert User.objects.get(pk=stranger.user_id).person == successor
    assert viewer_of_person(successor.pk).serves(town.dawei_committee.pk)
    with pytest.raises(ValidationError):
        people.claim_record(bob, claim, MOMENT)
    with pytest.raises(ValidationError, match="不完整"):
        people.claim_record(bob, claim[:-2], MOMENT)


def test_nearest_community_and_community_of_a_grid(town: Town) -> None:
    assert selectors.area_by_place(23.113, 113.122) == town.dawei
    assert selectors.community_of(town.grid.pk) == town.dawei
    assert selectors.community_of(town.area.pk) is None


def test_make_person_gives_viewers(make_person: Callable[..., Viewer], town: Town) -> None:
    assert make_person("测试甲", resident_of=town.huangqi).is_verified_in(town.huangqi.path)
