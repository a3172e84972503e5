"""The page on which a matter is raised, the desk, and the receipt."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.matters.stages import Desk, told

from yishi.core import audit
from yishi.matters import services
from yishi.matters.models import Matter, Report, ReporterContact
from yishi.network.viewers import Viewer
from yishi.people.models import Consent

NEW, DESK = "/matters/new", "/matters/desk/new"
WORDS = "永东街 18 号门前下水道堵了，污水漫到路上。"
Clients = Callable[[Viewer], Client]


def form(**given: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "text": WORDS, "place": "永东街 18 号"} | given


def test_anyone_raises_without_an_account_and_gets_a_receipt(town: Any) -> None:
    sent = form()
    answer = Client().post(NEW, sent)
    assert answer.status_code == 303
    assert answer["Location"] == f"/matters/receipt/{sent['key']}"
    report = Report.objects.get()
    assert (report.matter.title, report.reporter_id, report.nature) == ("永东街 18 号门前下水道堵了", None, "help")
    page = Client().get(answer["Location"]).content.decode()
    assert report.matter.reference in page
    assert "2026年10月16日" in page  # 10 working days over the October holiday


def test_sent_twice_it_is_one(town: Any) -> None:
    sent, client = form(), Client()
    first, second = client.post(NEW, sent), client.post(NEW, sent)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_a_contact_is_kept_only_with_consent_and_nothing_typed_is_lost(town: Any) -> None:
    client = Client()
    sent = form(contact_name="张三", contact_phone="13900000001")
    answer = client.post(NEW, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert WORDS in page
    assert "13900000001" in page
    assert not Report.objects.exists()
    assert not Consent.objects.exists()
    assert client.post(NEW, sent | {"consent": "on"}).status_code == 303
    assert ReporterContact.objects.get().phone == "13900000001"
    assert Report.objects.get().consent is not None


def test_empty_words_are_asked_for_but_a_voice_note_speaks_for_itself(town: Any) -> None:
    assert Client().post(NEW, form(text="")).status_code == 422
    voice = SimpleUploadedFile("v.webm", b"\x1aE\xdf\xa3" + b"0" * 64, "audio/webm")
    assert Client().post(NEW, form(text="", voice=voice)).status_code == 303
    assert "语音" in Report.objects.get().text


def test_photos_are_counted_and_looked_at(town: Any) -> None:
    fake = [SimpleUploadedFile(f"{n}.jpg", b"not a photo", "image/jpeg") for n in range(10)]
    too_many = Client().post(NEW, form(photos=fake))
    assert (too_many.status_code, "最多 9 张" in too_many.content.decode()) == (422, True)
    wrong = Client().post(NEW, form(photos=SimpleUploadedFile("a.jpg", b"not a photo", "image/jpeg")))
    assert (wrong.status_code, "不是能识别的照片" in wrong.content.decode()) == (422, True)
    assert not Report.objects.exists()


def test_a_resident_raises_as_themselves_and_a_helper_for_another(alice: Viewer, client_for: Clients) -> None:
    page = client_for(alice).get(NEW).content.decode()
    assert "contact_phone" not in page
    client_for(alice).post(NEW, form())
    report = Report.objects.get()
    assert report.reporter_id == alice.person_id
    assert report.matter.community is not None
    assert report.matter.community.name == "大圩社区"


def test_similar_matters_are_offered_while_typing_and_joined(
    desk: Desk, alice: Viewer, bob: Viewer, client_for: Clients
) -> None:
    matter = desk.accepted(services.raise_matter(alice, told(), desk.at).matter)
    found = client_for(bob).post(
        "/matters/new/similar", {"text": "门前下水道堵了污水漫出来"}, headers={"HX-Request": "true"}
    )
    page = found.content.decode()
    assert matter.reference in page
    assert "<html" not in page
    sent = form(join_reference=matter.reference)
    assert client_for(bob).post(NEW, sent).status_code == 303
    matter.refresh_from_db()
    assert (matter.report_count, Matter.objects.count()) == (2, 1)
    joined = client_for(bob).post(NEW, form(join=matter.reference, text=""))
    assert joined.status_code == 303


def test_without_script_similar_ones_are_shown_on_request(desk: Desk, alice: Viewer) -> None:
    matter = desk.accepted(services.raise_matter(alice, told(), desk.at).matter)
    page = Client().post(NEW, form(look="1")).content.decode()
    assert matter.reference in page
    assert WORDS in page
    assert Report.objects.count() == 1


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "现在就打 119"), ("en", "Call 119 now")])
def test_danger_shows_the_number_at_once(town: Any, language: str, words: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    page = client.post("/matters/new/similar", {"text": "楼下起火了，现在还在冒浓烟，快来"}).content.decode()
    assert words in page
    answer = client.post(NEW, form(text="楼下起火了，现在还在冒浓烟，快来"))
    assert words in client.get(answer["Location"]).content.decode()


def test_ten_an_hour_from_one_address(town: Any, settings: Any) -> None:
    settings.ENV = settings.ENV.model_copy(update={"rate_limits": True})
    answers = [Client().post(NEW, form()).status_code for _ in range(11)]
    assert answers == [303] * 10 + [422]


def test_the_desk_writes_down_a_caller_with_spoken_consent(officer: Viewer, alice: Viewer, client_for: Clients) -> None:
    assert client_for(alice).get(DESK).status_code == 403
    client = client_for(officer)
    sent = form(channel="phone", nature="help", contact_name="李四", contact_phone="13900000002")
    assert client.post(DESK, sent).status_code == 422
    answer = client.post(DESK, sent | {"spoken_consent": "on", "consent_note": "电话里说同意"})
    assert answer.status_code == 303
    report = Report.objects.get()
    assert (report.channel, report.nature, report.entered_by_id) == ("phone", "help", officer.person_id)
    assert report.consent is not None
    assert (report.consent.manner, report.consent.note) == ("spoken", "电话里说同意")
    assert [e.verb for e in audit.chain(report.matter)] == ["matters.raised"]
    assert "李四" not in client.get(answer["Location"]).content.decode()


def test_the_receipt_is_opened_by_its_key_alone(town: Any, at: dt.datetime) -> None:
    assert Client().get(reverse("matters:receipt", args=[uuid.uuid4()])).status_code == 404


def test_what_is_not_for_the_public_goes_to_one_hall_alone(
    town: Any, alice: Viewer, officer: Viewer, make_person: Callable[..., Viewer], client_for: Clients
) -> None:
    hall = town.womens_hall
    hall.sensitive = True
    hall.save()
    client = client_for(alice)
    assert hall.name in client.get(NEW).content.decode()
    receipt = client.post(NEW, form(hall=hall.pk))["Location"]
    matter = Matter.objects.get()
    assert (matter.sealed, matter.hall_id, matter.visibility) == (True, hall.pk, "handlers")
    assert hall.name in client.get(receipt).content.decode()
    host = make_person("冯丽娟", office=(hall, "host", "主持人"))
    assert client_for(host).get(f"/matters/{matter.reference}").status_code == 200
    assert client_for(officer).get(f"/matters/{matter.reference}").status_code == 404


def test_a_host_writes_down_what_is_told_in_the_hall(
    town: Any, make_person: Callable[..., Viewer], client_for: Clients
) -> None:
    hall = town.womens_hall
    host = make_person("冯丽娟", office=(hall, "host", "主持人"))
    sent = form(
        channel="walk_in", hall=hall.pk, contact_name="黄女士", contact_phone="12300000001", spoken_consent="on"
    )
    assert client_for(host).post(DESK, sent).status_code == 303
    report = Report.objects.select_related("matter").get()
    assert (report.matter.sealed, report.entered_by_id) == (True, host.person_id)


def test_a_hall_whose_matters_are_open_is_no_private_one(town: Any) -> None:
    answer = Client().post(NEW, form(hall=town.neighbours_hall.pk))
    assert answer.status_code == 422
    assert not Matter.objects.exists()


def test_the_map_opens_at_home_with_names_on_the_ground(town: Any, alice: Viewer, client_for: Clients) -> None:
    page = client_for(alice).get(NEW).content.decode()
    assert f'data-map-center="{town.dawei.latitude:.5f},{town.dawei.longitude:.5f}"' in page
    assert 'id="map-names"' in page
    assert '"name": "\\u592a\\u5e73\\u793e\\u533a"' in page  # 太平社区
