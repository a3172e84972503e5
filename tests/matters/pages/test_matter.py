"""A matter's page: who sees what, which acts stand there, and every act's form."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.matters.pages.counting import questions
from tests.matters.stages import Desk, told

from yishi.core import audit
from yishi.matters import services
from yishi.matters.models import Assignment, Matter, Report
from yishi.matters.views.doing import ACTS
from yishi.network.viewers import Viewer

Clients = Callable[[Viewer], Client]
HTMX = {"HX-Request": "true"}


def page_of(client: Client, matter: Matter, language: str = "zh-hans") -> str:
    client.cookies["django_language"] = language
    answer = client.get(f"/matters/{matter.reference}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def report(alice: Viewer, desk: Desk) -> Report:
    given = told(
        text="永东街 18 号门前下水道堵了，请打 13912345678 找我。",
        place="永东街 18 号",
        latitude=23.112,
        longitude=113.121,
    )
    return services.raise_matter(alice, given, desk.at)


def test_hidden_until_sorted_then_open_to_all_without_who_told(
    report: Report, desk: Desk, alice: Viewer, bob: Viewer, client_for: Clients
) -> None:
    reference = report.matter.reference
    assert [client_for(v).get(f"/matters/{reference}").status_code for v in (alice, bob)] == [200, 404]
    assert Client().get(f"/matters/{reference}").status_code == 404
    desk.accepted(report.matter)
    page = page_of(Client(), report.matter)
    for shown in ("下水道", "永东街 18 号", "小事，直接办。", "还剩", "spot-pin", "也是这件事"):
        assert shown in page
    for hidden in ("何秀英", "13912345678", "csrfmiddlewaretoken", "查看联系方式"):
        assert hidden not in page


@pytest.mark.parametrize(("language", "heading"), [("zh-hans", "办理过程"), ("en", "Where, and who decides")])
def test_in_both_languages(report: Report, desk: Desk, language: str, heading: str) -> None:
    desk.doing(report.matter)
    assert heading in page_of(Client(), report.matter, language)


ALLOWED = {
    "raised": {"officer": {"accept", "decline", "merge", "correct"}},
    "assigned": {"officer": {"sign", "assign", "note", "commit", "merge", "correct", "ask-return"}},
    "doing": {
        "officer": {"assign", "reply-all", "note", "commit", "suspend", "merge", "correct", "ask-return"},
        "bob": set(),
    },
}


@pytest.mark.parametrize("stage", ALLOWED)
def test_the_side_column_holds_exactly_what_may_be_done(
    stage: str, report: Report, desk: Desk, officer: Viewer, bob: Viewer, client_for: Clients
) -> None:
    if stage != "raised":
        getattr(desk, stage)(report.matter)
    for who, viewer in (("officer", officer), ("bob", bob)):
        if who not in ALLOWED[stage]:
            continue
        page = page_of(client_for(viewer), report.matter)
        side = page.split('class="acts"', 1)[1].split("</ul>", 1)[0] if 'class="acts"' in page else ""
        shown = {slug for slug, act in ACTS.items() if f'/{slug}"' in side and act.on in ("matter", "assignment")}
        assert shown == ALLOWED[stage][who]


def test_a_refused_act_says_why_and_its_page_refuses(
    report: Report, desk: Desk, officer: Viewer, client_for: Clients
) -> None:
    desk.doing(report.matter)
    page = page_of(client_for(officer), report.matter)
    assert "暂时不能办的，以及原因" in page
    assert "这件事现在是“办理中”" in page
    assert client_for(officer).get(f"/matters/{report.matter.reference}/accept").status_code == 403


def test_an_act_works_as_a_plain_form_and_as_a_fragment(report: Report, officer: Viewer, client_for: Clients) -> None:
    client, address = client_for(officer), f"/matters/{report.matter.reference}/accept"
    whole, part = client.get(address).content.decode(), client.get(address, headers=HTMX).content.decode()
    assert ("<html" in whole, "<html" in part, 'name="decider"' in part) == (True, False, True)
    given = {"size": "everyday", "size_reason": "直接办", "decider": "community", "visibility": "public"}
    wrong = client.post(address, given)
    assert (wrong.status_code, "直接办" in wrong.content.decode()) == (422, True)
    assert client.post(address, given, headers=HTMX).status_code == 200
    done = client.post(address, given | {"decider_reason": "街巷维护"}, headers=HTMX)
    assert done["HX-Redirect"] == f"/matters/{report.matter.reference}"
    report.matter.refresh_from_db()
    assert report.matter.stage == "accepted"
    assert [e.verb for e in audit.chain(report.matter)] == ["matters.raised", "matters.accepted"]


def test_plain_posts_lead_back_to_the_page(report: Report, desk: Desk, officer: Viewer, client_for: Clients) -> None:
    desk.doing(report.matter)
    client, base = client_for(officer), f"/matters/{report.matter.reference}"
    steps = (
        (f"{base}/note", {"words": "清淤车已进场。", "public": "on"}),
        (f"{base}/commit", {"what": "疏通 40 米", "organisation_id": desk.town.dawei_committee.pk, "due_on": "2026-10-12", "budget": "3200"}),
        (f"{base}/reports/{report.pk}/contact", {"note": "电话联系"}),
        (f"{base}/reports/{report.pk}/extend", {"new_due_on": "2026-10-30", "reason": "等配件"}),
        (f"{base}/reports/{report.pk}/reply", {"reply": "经现场核查，已于 9 月 28 日疏通。"}),
        (f"{base}/reports/{report.pk}/tell", {"how": "in_app"}),
    )  # fmt: skip
    for address, given in steps:
        answer = client.post(address, given)
        assert (address, answer.status_code, answer.get("Location")) == (address, 303, base)
    report.refresh_from_db()
    assert report.state == "told"
    page = page_of(Client(), report.matter)
    assert "清淤车已进场" in page
    assert "疏通 40 米" in page
    assert "电话联系" not in page


def test_the_reporter_reads_the_reply_judges_and_may_appeal(
    report: Report, desk: Desk, alice: Viewer, client_for: Clients
) -> None:
    client, base = client_for(alice), f"/matters/{report.matter.reference}"
    desk.accepted(report.matter)
    assert client.post(f"{base}/appeal", {"asked_size": "hard", "reason": "整条街都堵"}).status_code == 303
    services.assign_matter(desk.officer, Matter.objects.get(), desk.town.dawei_committee.pk, "lead", "", desk.at)
    services.sign_assignment(desk.officer, Assignment.objects.get(), desk.at)
    services.reply_to_report(desk.officer, report, "经现场核查，已疏通。", desk.at)
    page = page_of(client, report.matter)
    assert "已疏通" in page
    assert f"{base}/reports/{report.pk}/judge" in page
    assert "已疏通" not in page_of(Client(), report.matter)
    given = {"solved": "yes", "satisfaction": "satisfied", "words": "谢谢"}
    assert client.post(f"{base}/reports/{report.pk}/judge", given).status_code == 303
    assert "1 / 1" in page_of(Client(), report.matter)


def test_the_contact_is_shown_after_a_reason_and_logged(
    report: Report, desk: Desk, officer: Viewer, bob: Viewer, client_for: Clients
) -> None:
    desk.doing(report.matter)
    address = f"/matters/{report.matter.reference}/reports/{report.pk}/contact-details"
    client = client_for(officer)
    assert "何秀英" not in client.get(address).content.decode()
    assert "何秀英" not in client.post(address, {"why": ""}).content.decode()
    shown = client.post(address, {"why": "核实地点"})
    assert "何秀英" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert [e.verb for e in audit.chain(report.matter)][-1] == "matters.contact_viewed"
    assert client_for(bob).get(address).status_code == 403


def test_a_voice_note_is_heard_by_handlers_and_its_reporter_alone(
    desk: Desk, alice: Viewer, bob: Viewer, officer: Viewer, client_for: Clients
) -> None:
    sound = SimpleUploadedFile("v.webm", b"\x1aE\xdf\xa3" + b"0" * 64, "audio/webm")
    report = services.raise_matter(alice, told(voice=sound), desk.at)
    desk.doing(report.matter)
    heard = [
        ("<audio" in page_of(c, report.matter))
        for c in (client_for(officer), client_for(alice), client_for(bob), Client())
    ]
    assert heard == [True, True, False, False]


def test_duplicates_are_merged_side_by_side_and_split(
    report: Report, desk: Desk, officer: Viewer, bob: Viewer, client_for: Clients
) -> None:
    desk.accepted(report.matter)
    other = desk.accepted(services.raise_matter(bob, told(), desk.at).matter)
    client, base = client_for(officer), f"/matters/{other.reference}"
    assert report.matter.reference in client.get(f"{base}/merge").content.decode()
    assert client.post(f"{base}/merge", {"into": "260101-XXXXX", "reason": "同一处"}).status_code == 422
    assert (
        client.post(f"{base}/merge", {"into": report.matter.reference.lower(), "reason": "同一处"}).status_code == 303
    )
    page = page_of(client, report.matter)
    assert "并进来的事项" in page
    assert report.matter.reference in page_of(client, other)
    merge = report.matter.merges_in.get()
    assert (
        client.post(f"/matters/{report.matter.reference}/merges/{merge.pk}/split", {"reason": "不是一处"}).status_code
        == 303
    )
    other.refresh_from_db()
    assert other.stage == "accepted"


def test_parts_of_other_matters_are_not_found(
    report: Report, desk: Desk, officer: Viewer, bob: Viewer, client_for: Clients
) -> None:
    stranger = services.raise_matter(bob, told(), desk.at)
    assert client_for(officer).get(f"/matters/{report.matter.reference}/reports/{stranger.pk}/reply").status_code == 404


def test_follow_and_look_up(report: Report, desk: Desk, bob: Viewer, client_for: Clients) -> None:
    desk.accepted(report.matter)
    client, base = client_for(bob), f"/matters/{report.matter.reference}"
    assert client.post(f"{base}/follow", {"on": "1"}).status_code == 302
    assert "不再关注" in client.get(f"{base}/follow").content.decode()
    assert Client().get(f"{base}/follow")["Location"].startswith("/account/")
    assert client.get("/matters/look-up", {"reference": report.matter.reference.lower()})["Location"] == base
    assert client.get("/matters/look-up", {"reference": "nothing"})["Location"] == "/matters/"
    assert report.matter.title in client.get("/matters/mine").content.decode()


def test_reply_hints_remind_and_do_not_grade(report: Report, desk: Desk, officer: Viewer, client_for: Clients) -> None:
    desk.doing(report.matter)
    address = f"/matters/{report.matter.reference}/reply-checks"
    page = client_for(officer).post(address, {"reply": "您好，来信收悉。"}).content.decode()
    assert "没有写依据" in page
    assert "<html" not in page


def test_few_questions_whatever_the_number_of_reports(
    report: Report, desk: Desk, officer: Viewer, bob: Viewer, client_for: Clients
) -> None:
    desk.doing(report.matter)
    address, clients = f"/matters/{report.matter.reference}", (Client(), client_for(officer))
    before = [questions(c, address) for c in clients]
    for _ in range(6):
        services.raise_matter(bob, told(join_reference=report.matter.reference), desk.at)
    assert [questions(c, address) for c in clients] == before
    assert max(before) <= 9
