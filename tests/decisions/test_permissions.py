"""Every persona at every stage of a decision: who may do what. Anything not listed is refused."""

import datetime as dt
from typing import Any

import pytest
from tests.decisions.stages import Hands, proposal

from yishi.decisions import permissions, services
from yishi.decisions.models import Decision
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db

STAGES = ("draft", "propose", "noticed", "voting", "failed", "certified", "implement", "settled", "withdrawn")
PERSONAS = (
    "president", "branch_secretary", "supervisor", "town_officer", "auditor", "officer", "secretary", "other_officer",
    "alice", "stranger", "keeper", "anonymous",
)  # fmt: skip
CARRIERS = {"president", "branch_secretary"}
PRESIDENT = {"president"}
ACTS: dict[str, dict[str, set[str]]] = {
    "change_motion": dict.fromkeys(("draft", "propose", "noticed"), CARRIERS),
    "declare_conflict": dict.fromkeys(
        ("draft", "propose", "noticed", "voting", "failed", "certified", "implement"), CARRIERS
    ),
    "do_step": {"draft": CARRIERS},
    "review_decision": {},
    "withdraw_decision": dict.fromkeys(("draft", "propose", "noticed", "failed"), PRESIDENT),
    "redraft_motion": {"failed": CARRIERS},
    "comment": dict.fromkeys(("draft", "propose", "noticed"), CARRIERS),
    "open_petition": {},  # no article says how many signatures would oblige the representatives to meet
    "record_money": {"implement": {"president"}},
    "accept_work": {"implement": {"supervisor", "town_officer"}},
    "make_commitment": dict.fromkeys(("certified", "implement", "settled"), PRESIDENT),
}


def at_stage(hands: Hands, town: Any, stage: str) -> Decision:
    made = hands.garden(town.cooperative)
    if stage == "withdrawn":
        services.withdraw_decision(hands.proposer, made, "不办了", hands.at)
    elif stage != "draft":
        carry(hands, made, stage)
    return Decision.objects.select_related("organisation__area", "area").get(pk=made.pk)


def carry(hands: Hands, made: Decision, stage: str) -> None:
    if stage == "propose":
        hands.drafted(made)
        return
    hands.to_resolve(made)
    hands.noticed(made)
    if stage == "noticed":
        return
    if stage == "voting":
        hands.event(made, "meeting_opened", "2026-10-20")
        hands.event(made, "attendance_counted", "2026-10-20", counts={"present": 29})
        hands.event(made, "ballot_opened", "2026-10-20")
        return
    hands.resolved(made, 20 if stage == "failed" else 24)
    hands.certified(made)
    if stage in ("failed", "certified"):
        return
    hands.disclosed(made)
    if stage == "settled":
        hands.event(made, "accepted", "2026-11-08", by="p1", doer="p2")
        hands.disclosed(made, "2026-11-09", "2026-11-25")


@pytest.mark.parametrize("stage", STAGES)
def test_who_may_do_what(stage: str, hands: Hands, town: Any, request: pytest.FixtureRequest) -> None:
    viewers = {name: request.getfixturevalue(name) for name in PERSONAS}
    decision = at_stage(hands, town, stage)
    found = {
        act: {name for name, v in viewers.items() if getattr(permissions, f"may_{act}")(v, decision, hands.at)}
        for act in ACTS
    }
    assert found == {act: by_stage.get(stage, set()) for act, by_stage in ACTS.items()}


def test_inside_the_party_is_hidden(
    hands: Hands, town: Any, branch_secretary: Viewer, request: pytest.FixtureRequest, at: dt.datetime
) -> None:
    inside = services.start_decision(branch_secretary, proposal(town.cooperative_branch, "party_matter"), at)
    assert inside.visibility == "inside"
    for name in PERSONAS:
        viewer = request.getfixturevalue(name)
        seen = permissions.may_see_decision(viewer, inside)
        assert bool(seen) == (name == "branch_secretary"), name
        if name != "branch_secretary":
            assert seen.hidden
            for act in ACTS:
                assert getattr(permissions, f"may_{act}")(viewer, inside, at).hidden, (name, act)


def test_who_may_start(hands: Hands, town: Any, request: pytest.FixtureRequest) -> None:
    able = {
        name for name in PERSONAS
        if permissions.may_start_decision(request.getfixturevalue(name), town.cooperative, hands.at)
    }  # fmt: skip
    assert able == CARRIERS
