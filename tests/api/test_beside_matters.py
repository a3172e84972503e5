"""What stands beside matters, through the API: promises, patrols, visits, the desk, the roll, figures, posts."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from tests.matters.imports.files import TICKETS, comma
from tests.matters.stages import Desk, told
from tests.people_fixtures import MOMENT

from yishi.core import clock
from yishi.matters import services
from yishi.matters.models import ContactView, HotlineBatch, Report, ReporterContact
from yishi.network.models import Term
from yishi.network.viewers import Viewer
from yishi.people.models import Consent
from yishi.people.scopes import SCOPES
from yishi.people.services.tokens import issue_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def standing() -> Any:
    with clock.standing_at(MOMENT):
        yield


@pytest.fixture
def desk(officer: Viewer, secretary: Viewer, town: Any) -> Desk:
    return Desk(officer, secretary, town, MOMENT)


class Program:
    """A program with every scope of its owner."""

    def __init__(self, viewer: Viewer | None) -> None:
        self.client, self.headers = Client(), {}
        if viewer is not None:
            _, secret = issue_token(viewer, "测试", SCOPES, 300, MOMENT)
            self.headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}

    def ask(self, method: str, path: str, status: int = 200, **body: Any) -> Any:
        send = getattr(self.client, method)
        more = {"content_type": "application/json"} if method != "get" else {}
        answer = send(f"/api/v1{path}", body, **more, **self.headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def form(self, path: str, status: int = 200, **parts: Any) -> Any:
        answer = self.client.post(f"/api/v1{path}", parts, **self.headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


def photo() -> Any:
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return SimpleUploadedFile("a.png", out.getvalue(), "image/png")


def test_a_matter_with_photos_and_a_promise_that_its_doer_does_not_accept(
    alice: Viewer, officer: Viewer, dispatcher: Viewer, desk: Desk, town: Any
) -> None:
    told_by = {"key": str(uuid.uuid4()), "text": "永东街下水道堵了", "nature": "help"}
    report = Program(alice).form(
        "/matters/raise/with-files", **told_by, community=town.dawei.pk, photos=[photo(), photo()]
    )
    matter = Report.objects.get(pk=report["id"]).matter
    desk.doing(matter)
    program, number = Program(officer), matter.reference
    made = program.ask(
        "post", f"/matters/{number}/commitments", what="疏通", organisation=town.dawei_committee.pk,
        due_on="2026-10-09", budget="500.00",
    )  # fmt: skip
    here = f"/commitments/{made['id']}"
    program.form(f"{here}/progress", words="已清一半", percent=50, spent="120.50", photos=[photo()], receipts=[photo()])
    assert "spent" in program.form(f"{here}/progress", 422, words="超了", percent=60, spent="400")["errors"]
    done = program.form(f"{here}/done", words="已疏通", photos=[photo()])
    assert (done["state"], done["spent"]) == ("reported", "120.50")
    assert "不能验收" in program.ask("post", f"{here}/accept", 403, words="好")["detail"]
    assert Program(dispatcher).ask("post", f"{here}/accept", words="看过，通了")["state"] == "accepted"
    steps = Program(None).ask("get", f"{here}/progress")["items"]
    assert [len(s["receipts"]) for s in steps] == [0] * len(steps)
    assert [len(s["photos"]) for s in steps][-3:] == [1, 1, 0]
    assert program.ask("get", f"{here}/progress")["items"][-3]["receipts"] != []


def test_a_caller_is_written_down_with_consent_and_every_look_is_logged(officer: Viewer, town: Any) -> None:
    program, key = Program(officer), str(uuid.uuid4())
    said = {"key": key, "text": "路灯坏了", "channel": "phone", "community": town.dawei.pk, "phone": "12300000009"}
    assert "consent" in program.ask("post", "/desk/matters", 422, **said)["errors"]
    for _ in range(2):
        report = program.ask("post", "/desk/matters", **said, consent=True, consent_note="电话里同意")
    assert Report.objects.count() == Consent.objects.count() == ReporterContact.objects.count() == 1
    seen = program.ask("post", f"/matters/reports/{report['id']}/contact-details", why="约时间去看")
    assert seen["phone"] == "12300000009"
    assert ContactView.objects.get().why == "约时间去看"
    assert program.ask("get", "/desk/queue")["items"][0]["act"] == "accept"


def test_a_patrol_once_and_its_finding(officer: Viewer, deliberator: Viewer, town: Any) -> None:
    planner, walker = Program(officer), Program(deliberator)
    plan = planner.ask(
        "post", "/patrols/plans", hall=town.neighbours_hall.pk, name="近邻巡查", checklist=["下水道", "路灯"],
        since="2026-09-01",
    )  # fmt: skip
    lane = planner.ask("post", f"/patrols/plans/{plan['id']}/lanes", number=1, name="永东街")
    walk = {
        "key": str(uuid.uuid4()), "lane": lane["id"],
        "answers": [{"number": 1, "fine": False, "words": "堵了", "report_key": str(uuid.uuid4())}, {"number": 2, "fine": True}],
    }  # fmt: skip
    first, again = (walker.ask("post", "/patrols/walks", **walk) for _ in range(2))
    assert first == again
    assert Report.objects.get().channel == "patrol"
    today = walker.ask("get", "/patrols/lanes")["items"]
    assert [bool(item["walked_at"]) for item in today] == [True]
    assert len(planner.ask("get", f"/patrols/plans/{plan['id']}/walks")["items"]) == 1


def test_a_visit_is_private_and_its_lead_becomes_a_matter(officer: Viewer, secretary: Viewer) -> None:
    program, key = Program(officer), str(uuid.uuid4())
    written = program.ask(
        "post", "/visits", key=key, visited_on="2026-09-28", note="老人独居", leads=[{"words": "楼道灯坏了"}]
    )
    Program(secretary).ask("get", f"/visits/{written['id']}", 404)
    program.ask("post", f"/visits/{written['id']}", note="老人独居，周三再去", shared=True)
    assert Program(secretary).ask("get", f"/visits/{written['id']}")["note"] == "老人独居，周三再去"
    report = program.ask("post", f"/visits/leads/{written['leads'][0]['id']}/raise")
    assert report["channel"] == "visit"
    assert program.ask("get", "/visits")["items"][0]["leads"][0]["matter"] == report["matter"]


def test_the_hotlines_list_goes_in_and_its_results_come_back(dispatcher: Viewer, alice: Viewer) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    program = Program(dispatcher)
    file = SimpleUploadedFile("工单.csv", comma(TICKETS), "text/csv")
    batch = program.form("/hotline/batches", layout="hotline", file=file)
    assert (batch["state"], batch["rows"]) == ("waiting", 0)
    assert program.ask("post", f"/hotline/batches/{batch['id']}/begin")["state"] in ("running", "done")
    from yishi.matters.imports import uploads

    if not HotlineBatch.objects.get().added:
        uploads.run.func(batch["id"], {}, None, False, None)
    account = program.ask("get", f"/hotline/batches/{batch['id']}")
    assert [account[k] for k in ("rows", "added", "refused", "state")] == [6, 2, 4, "done"]
    assert len(program.ask("get", f"/hotline/batches/{batch['id']}/refused")) == 4
    assert program.ask("post", "/hotline/results", since="2026-09-01", until="2026-09-28") == []
    Program(alice).ask("get", "/hotline/batches", 403)


def test_the_roll_verifies_and_an_invitation_works_once(officer: Viewer, stranger: Viewer, town: Any) -> None:
    keeper, other = Program(officer), Program(stranger)
    other.ask("post", "/people/me/verification", community=town.dawei.pk, name="石小川", household_number="DW-0001")
    waiting = keeper.ask("get", "/people/requests")["items"]
    assert [w["name"] for w in waiting] == ["石小川"]
    other.ask("get", "/people/requests", 403)
    keeper.ask("post", f"/people/requests/{waiting[0]['id']}/refuse", reason="请带户口簿来")
    home = keeper.ask("get", "/people/households")["items"][0]
    code = keeper.ask("post", f"/people/households/{home['id']}/invitation", days=7, uses=1)["code"]
    assert other.ask("post", "/people/me/invitation", code=code)["kind"] == "resident"
    assert "stranger" not in str(other.ask("get", "/people/me"))
    assert other.ask("get", "/people/me")["capacities"][0]["verified_at"]


def test_acting_for_someone_is_on_record(officer: Viewer) -> None:
    program = Program(officer)
    program.ask("post", "/people/helping", name="梁伯", manner="spoken", note="当面")
    report = program.ask("post", "/matters", key=str(uuid.uuid4()), text="楼梯扶手松了")
    kept = Report.objects.get(pk=report["id"])
    assert (kept.reporter.name, kept.entered_by_id) == ("梁伯", officer.person_id)
    assert program.ask("delete", "/people/helping") == {"ended": True}


def test_who_held_what_on_a_day_and_names_are_masked_afterwards(
    town_officer: Viewer, town: Any, officer: Viewer
) -> None:
    term = Term.objects.filter(person_id=officer.person_id).select_related("post", "person").get()
    name, path = term.person.name, f"/network/organisations/{term.post.organisation_id}/holders"
    assert name in str(Program(None).ask("get", path))
    Program(town_officer).ask("post", f"/network/terms/{term.pk}/end", until="2026-09-20", because="调动")
    then = Program(None).ask("get", path, on="2026-09-10")
    assert name not in str(then)
    assert term.pk in [t["id"] for t in then]
    assert Program(None).ask("get", "/network/terms", on="2026-09-10", q=name)["items"] == []
    assert name in str(Program(town_officer).ask("get", path, on="2026-09-10"))
    assert term.pk not in [t["id"] for t in Program(None).ask("get", path)]


def test_figures_show_what_they_leave_out_and_lists_are_kept(alice: Viewer, bob: Viewer, desk: Desk) -> None:
    report = services.raise_matter(alice, told(), MOMENT)
    desk.answered(report)
    services.judge_report(alice, Report.objects.get(), True, "satisfied", "", MOMENT)
    period = {"since": "2026-09-01", "until": "2026-09-30"}
    found = Program(None).ask("get", "/figures/rates", **period)
    assert found["satisfaction"]["percent"] == "100.0"
    assert found["volume"]["all_channels"] == 1
    assert "until" in Program(None).ask("get", "/figures/rates", 422, since="2026-09-30", until="2026-09-01")["errors"]
    program, number = Program(bob), report.matter.reference
    view = program.ask("post", "/lists/views", name="路灯", query="q=路灯")
    Program(alice).ask("delete", f"/lists/views/{view['id']}", 404)
    assert program.ask("delete", f"/lists/views/{view['id']}") == {"done": True}
    assert program.ask("post", f"/matters/{number}/follow") == {"following": True}
    assert len(program.ask("get", "/inbox/follows")["items"]) == 1
    assert program.ask("delete", f"/matters/{number}/follow") == {"following": False}
    assert program.ask("get", "/inbox/follows")["items"] == []
    assert dt.date.fromisoformat(found["since"]) == dt.date(2026, 9, 1)
