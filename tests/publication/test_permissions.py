"""Who may do what to a posting in which state: every persona, every state, every verb."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.publication.conftest import accounts, moment

from yishi.network.viewers import Duty, Viewer
from yishi.publication import permissions, services
from yishi.publication.models import Posting

pytestmark = pytest.mark.django_db
NAMES = (
    "alice", "bob", "officer", "other_officer", "secretary", "dispatcher", "department_officer", "president",
    "deliberator", "hall_host", "town_officer", "auditor", "stranger", "keeper", "anonymous", "supervisor",
)  # fmt: skip
DESK = {"officer", "secretary", "town_officer", "supervisor"}
PERSONS = set(NAMES) - {"keeper", "anonymous"}


@pytest.fixture
def people(request: pytest.FixtureRequest, supervisor: Viewer) -> dict[str, Viewer]:
    return {name: request.getfixturevalue(name) for name in NAMES}


def test_who_may(people: dict[str, Viewer], up: Posting) -> None:
    looks = DESK | {"deliberator"}
    expected: dict[str, dict[str, set[str]]] = {
        "planned": {"open": DESK},
        "up": {"check": looks, "suspend": DESK, "correct": DESK, "object_to": PERSONS},
        "suspended": {"check": looks, "resume": DESK, "correct": DESK, "object_to": PERSONS},
        "ended": {},
        "corrected": {"correct": DESK},
    }
    verbs = ("open", "check", "end", "suspend", "resume", "correct", "object_to")
    wrong = []
    for state, given in expected.items():
        up.state = state
        for verb in verbs:
            may = getattr(permissions, f"may_{verb}_posting")
            found = {n for n, v in people.items() if may(v, up, moment(7, 2))}
            if found != given.get(verb, set()):
                wrong.append((state, verb, sorted(found ^ given.get(verb, set()))))
    assert wrong == []
    up.state = "up"
    assert {n for n, v in people.items() if permissions.may_end_posting(v, up, moment(7, 17))} == DESK


def test_who_may_see(people: dict[str, Viewer], up: Posting) -> None:
    def seeing() -> set[str]:
        return {n for n, v in people.items() if permissions.may_see_posting(v, up, moment(7, 2))}

    assert seeing() == set(NAMES)
    up.visibility = "inside"
    assert seeing() == DESK
    up.visibility, up.state, up.posted_on = "public", "planned", None
    assert seeing() == DESK
    hidden = permissions.may_see_posting(people["bob"], up, moment(7, 2))
    assert hidden.hidden


def test_who_may_prepare(people: dict[str, Viewer], town: Any) -> None:
    def preparing(organisation: Any, item: str) -> set[str]:
        at = moment(7, 1)
        return {n for n, v in people.items() if permissions.may_prepare_posting(v, organisation, item, at)}

    assert preparing(town.dawei_committee, "committee_accounts") == DESK
    assert preparing(town.cooperative, "cooperative_accounts") == {"president", "town_officer"}
    assert preparing(town.cooperative, "voter_roll") == set()
    assert preparing(town.dawei_branch, "party_affairs") == {"secretary", "town_officer", "supervisor"}


def test_a_cooperatives_supervisor_posts_for_it_alone(
    town: Any, make_person: Callable[..., Viewer], officer: Viewer
) -> None:
    overseer = make_person("麦永年", office=(town.cooperative, Duty.SUPERVISOR, "监事"))
    given = accounts(town, organisation_id=town.cooperative.pk, item="cooperative_accounts")
    assert services.prepare_posting(overseer, given, moment(7, 1)).organisation_id == town.cooperative.pk
    assert not permissions.may_prepare_posting(overseer, town.dawei_committee, "committee_accounts", moment(7, 1))
