"""待办: what waits for whom, several at once, each asked of the rules, and taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.matters.pages.counting import questions
from tests.matters.stages import Desk, told

from yishi.core import audit
from yishi.matters import services
from yishi.matters.models import Assignment, Matter, Report
from yishi.network.viewers import Viewer

Clients = Callable[[Viewer], Client]


@pytest.fixture
def sent(desk: Desk, alice: Viewer) -> list[Assignment]:
    """Three assignments that wait for a signature."""
    return [desk.assigned(services.raise_matter(alice, told(), desk.at).matter) for _ in range(3)]


def pick(assignment: Assignment) -> str:
    return f"sign:{assignment.matter.reference}:{assignment.pk}"


def test_only_officers_have_a_queue(town: Any, alice: Viewer, client_for: Clients) -> None:
    assert client_for(alice).get("/matters/queue").status_code == 403
    assert Client().get("/matters/queue").status_code == 403


def test_it_says_what_waits_and_leads_to_the_act(sent: list[Assignment], officer: Viewer, client_for: Clients) -> None:
    page = client_for(officer).get("/matters/queue").content.decode()
    assert page.count("等您签收") == 3
    first = sent[0]
    assert f"/matters/{first.matter.reference}/assignments/{first.pk}/sign?next=/matters/queue" in page
    assert "data-keys" in page
    assert "等您签收" not in client_for(officer).get("/matters/queue?waiting=accept").content.decode()


def test_an_act_from_the_queue_leads_back_to_it(sent: list[Assignment], officer: Viewer, client_for: Clients) -> None:
    first = sent[0]
    address = f"/matters/{first.matter.reference}/assignments/{first.pk}/sign"
    assert client_for(officer).post(address, {"next": "/matters/queue"})["Location"] == "/matters/queue"
    second = sent[1]
    address = f"/matters/{second.matter.reference}/assignments/{second.pk}/sign"
    assert client_for(officer).post(address, {"next": "//elsewhere.example"})["Location"].startswith("/matters/26")


def test_several_are_signed_together_and_taken_back(
    sent: list[Assignment], officer: Viewer, client_for: Clients
) -> None:
    client = client_for(officer)
    answer = client.post("/matters/queue/together", {"do": "sign", "pick": [pick(a) for a in sent]}, follow=True)
    assert "撤回这一批" in answer.content.decode()
    assert {a.state for a in Assignment.objects.all()} == {"signed"}
    assert {m.stage for m in Matter.objects.all()} == {"doing"}
    services.add_note(officer, sent[2].matter, "已经去看过。", True, [], officer.at)
    back = client.post("/matters/queue/take-back", follow=True).content.decode()
    assert "已撤回 2 件" in back
    assert "不能撤回" in back
    assert sorted(a.state for a in Assignment.objects.all()) == ["sent", "sent", "signed"]
    assert [e.verb for e in audit.chain(sent[0].matter)][-2:] == ["matters.signed", "matters.undone"]
    assert audit.check_chain(audit.chain(sent[0].matter)) == 5
    assert "撤回刚才的签收" in Client().get(f"/matters/{sent[0].matter.reference}").content.decode()


def test_assigning_together_keeps_to_the_rules_and_can_be_taken_back(
    desk: Desk, alice: Viewer, dispatcher: Viewer, client_for: Clients, town: Any
) -> None:
    community, department = (services.raise_matter(alice, told(), desk.at).matter for _ in range(2))
    desk.accepted(community)
    desk.accepted(department, decider="department")
    client = client_for(dispatcher)
    picks = [f"assign:{m.reference}:" for m in (community, department)]
    assert (
        "请选择派给谁"
        in client.post("/matters/queue/together", {"do": "assign", "pick": picks}, follow=True).content.decode()
    )
    given = {"do": "assign", "pick": picks, "organisation_id": town.urban_management.pk}
    page = client.post("/matters/queue/together", given, follow=True).content.decode()
    assert f"{community.reference}：这件事不由这类组织决定" in page
    assert Assignment.objects.get().matter_id == department.pk
    client.post("/matters/queue/take-back")
    department.refresh_from_db()
    report = department.reports.get()
    assert (department.stage, department.lead_id, report.dispatched_at) == ("accepted", None, None)
    assert client.post("/matters/queue/together", given | {"pick": picks[1:]}).status_code == 302


def test_telling_together_and_back(desk: Desk, alice: Viewer, officer: Viewer, client_for: Clients) -> None:
    report = services.raise_matter(alice, told(), desk.at)
    desk.doing(report.matter)
    services.reply_to_report(officer, report, "经现场核查，已疏通。", desk.at)
    client, key = client_for(officer), f"tell:{report.matter.reference}:{report.pk}"
    client.post("/matters/queue/together", {"do": "tell", "how": "phone", "pick": [key]})
    assert Report.objects.get().state == "told"
    client.post("/matters/queue/take-back")
    report.refresh_from_db()
    assert (report.state, report.told_how, report.contacted_at) == ("replied", "", None)


def test_what_is_not_offered_cannot_be_picked(
    sent: list[Assignment], other_officer: Viewer, client_for: Clients
) -> None:
    client_for(other_officer).post("/matters/queue/together", {"do": "sign", "pick": [pick(sent[0])]})
    assert {a.state for a in Assignment.objects.all()} == {"sent"}


def test_the_same_questions_however_long_the_queue(
    desk: Desk, alice: Viewer, officer: Viewer, client_for: Clients
) -> None:
    client, counts = client_for(officer), []
    for more in (1, 12):
        for _ in range(more):
            desk.assigned(services.raise_matter(alice, told(), desk.at).matter)
        counts.append(questions(client, "/matters/queue"))
    assert counts[0] == counts[1] <= 8
