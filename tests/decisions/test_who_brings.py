"""Who may bring what to which organisation: by the services and on the page, for every kind of organisation."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.decisions.stages import proposal
from tests.people_fixtures import SINCE, viewer_of_person

from yishi.core.order import natural
from yishi.core.verdicts import Refusal
from yishi.decisions import services
from yishi.decisions.models import Decision
from yishi.network.models import Organisation
from yishi.network.viewers import Duty, Kind, Viewer
from yishi.people.models import Capacity

pytestmark = pytest.mark.django_db

# Whose body decides what: an ordinary type of matter of each kind of organisation.
SUBJECT = {
    "cooperative": "membership", "cooperative_branch": "party_matter", "dawei_branch": "party_matter",
    "dawei_committee": "covenant", "taiping_committee": "covenant", "owners": "owners_8", "tenth": "party_matter",
    "village": "covenant",
}  # fmt: skip
OFFICERS = {
    "president": {"cooperative"}, "branch_secretary": {"cooperative", "cooperative_branch"},
    "secretary": {"dawei_committee", "dawei_branch"}, "officer": {"dawei_committee"},
    "other_officer": {"taiping_committee"},
}  # fmt: skip
# By their own right, as a petition or a Party member's proposal.
OTHERS = {
    "alice": {"dawei_committee"}, "member": {"cooperative"}, "comrade": {"cooperative_branch"}, "owner": {"owners"},
    "lodger": {"village"}, "neighbour": {"taiping_committee"},
}  # fmt: skip


@pytest.fixture
def places(town: Any, village: Organisation) -> dict[str, Organisation]:
    """One organisation of each kind, and a second branch in the community."""
    tenth = Organisation.objects.create(
        town=town.area, area=town.dawei, kind=Kind.PARTY_BRANCH, tree="party", name="机关第10党支部"
    )
    return {name: getattr(town, name) for name in SUBJECT if hasattr(town, name)} | {"tenth": tenth, "village": village}


@pytest.fixture
def people(
    town: Any, make_person: Callable[..., Viewer], request: pytest.FixtureRequest, at: dt.datetime
) -> dict[str, Viewer]:
    """Those in office, and those who have nothing but a capacity."""

    def of(name: str, kind: str, area: Any = None, organisation: Any = None) -> Viewer:
        made = make_person(name)
        Capacity.objects.create(
            person_id=made.person_id, kind=kind, area=area, organisation=organisation, since=SINCE, verified_at=at
        )
        return viewer_of_person(made.person_id or 0)

    return {name: request.getfixturevalue(name) for name in (*OFFICERS, "alice", "stranger", "anonymous")} | {
        "member": of("区惠仪", "member", town.baijiexi, town.cooperative),
        "comrade": of("邝少文", "party_member", organisation=town.cooperative_branch),
        "owner": of("甘雨晴", "owner", town.yushuian), "lodger": of("招志明", "villager", town.huangqi),
        "neighbour": of("植文杰", "resident", town.baijiexi.parent),
    }  # fmt: skip


def may(viewer: Viewer, organisation: Organisation, subject: str, at: dt.datetime, *, by_petition: bool) -> bool:
    """Whether the service takes it; where it does not, that nothing was written."""
    before = Decision.objects.count()
    try:
        services.start_decision(viewer, proposal(organisation, subject, by_petition=by_petition), at)
    except Refusal:
        assert Decision.objects.count() == before
        return False
    return True


def test_each_brings_matters_only_where_they_are_somebody(
    people: dict[str, Viewer], places: dict[str, Organisation], at: dt.datetime
) -> None:
    for way, able in ((False, OFFICERS), (True, OTHERS)):
        found = {
            who: {name for name, o in places.items() if may(v, o, SUBJECT[name], at, by_petition=way)}
            for who, v in people.items()
        }
        assert found == {who: able.get(who, set()) for who in people}, way


def test_the_page_lists_only_those_and_opens_no_other(
    people: dict[str, Viewer], places: dict[str, Organisation], client_for: Callable[[Viewer], Client]
) -> None:
    for who, viewer in people.items():
        if viewer.is_anonymous:
            continue
        client, able = client_for(viewer), OFFICERS.get(who, set()) | OTHERS.get(who, set())
        html = client.get(reverse("decisions:new")).content.decode()
        shown = {name for name, o in places.items() if f'<option value="{o.pk}"' in html}
        assert shown == able, who
        for name, organisation in places.items() if who in ("president", "alice", "comrade") else ():
            asked = f"{reverse('decisions:new')}?organisation={organisation.pk}&subject={SUBJECT[name]}"
            sent = {"title": "一件事", "text": "全文", "conflict": "no", "key": "7d1f9dd2-5d0c-4f0e-9d6b-0d8a5c9f3a11"}
            if name not in able:
                client.post(asked, sent)
    assert not Decision.objects.exists()


def test_ones_own_comes_first_and_numbers_count(
    town: Any, make_person: Callable[..., Viewer], client_for: Callable[[Viewer], Client]
) -> None:
    for n in (10, 2):
        Organisation.objects.create(
            town=town.area, area=town.dawei, kind=Kind.RESIDENTS_COMMITTEE, tree="civil", name=f"第{n}居民委员会"
        )
    viewer = make_person("陈晓岚", office=(town.owners, Duty.OFFICER, "秘书"), resident_of=town.dawei)
    html = client_for(viewer).get(reverse("decisions:new")).content.decode()
    places = [html.index(name) for name in ("御水岸业主委员会", "第2居民委员会", "第10居民委员会")]
    assert places == sorted(places)
    assert sorted(["第10党支部", "第2党支部", "第1党支部"], key=natural) == ["第1党支部", "第2党支部", "第10党支部"]


def test_who_brings_it_is_told_what_comes_of_it(
    people: dict[str, Viewer], places: dict[str, Organisation], client_for: Callable[[Viewer], Client]
) -> None:
    def said(who: str, name: str) -> str:
        here = f"{reverse('decisions:new')}?organisation={places[name].pk}&subject={SUBJECT[name]}"
        return str(client_for(people[who]).get(here).content.decode())

    assert "提出以后请发起联名" in said("owner", "owners")
    assert "您以党员身份提出" in said("comrade", "cooperative_branch")
    html = said("member", "cooperative")
    assert "提出以后请发起联名" not in html and "可以请有权召集的组织提出这件事" in html
    assert "村民会议已经授权" not in said("president", "cooperative")


def test_another_organisation_brings_its_types_and_the_matter_stays(
    town: Any, secretary: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    client, here = client_for(secretary), reverse("decisions:new")
    html = client.get(here, {"organisation": town.dawei_branch.pk, "subject": ""}).content.decode()
    assert "党内事项" in html and "field-error" not in html and "novalidate data-auto-submit" in html
    html = client.get(here, {"organisation": town.dawei_branch.pk, "subject": "covenant", "go": "1"}).content.decode()
    assert 'value="party_matter"' in html and html.count('class="field-error"') == 1
