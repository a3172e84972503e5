"""Promises on a matter: who does what by when with which money; never accepted by those who did it."""

import datetime as dt
import io
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from PIL import Image

from yishi.commitments import permissions, selectors, services
from yishi.commitments.models import Commitment, Progress
from yishi.core import audit, clock, files
from yishi.core.verdicts import Refusal
from yishi.inbox.models import Notification
from yishi.matters import services as matters
from yishi.matters.models import Matter
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 10, 9)


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(out, "PNG")
    out.seek(0)
    return out


@pytest.fixture
def matter(alice: Viewer, officer: Viewer, town: Any, at: dt.datetime) -> Matter:
    told = matters.RaiseInput(key=uuid.uuid4(), title="下水道堵了", text="永东街下水道堵了", nature="complaint")
    found = matters.raise_matter(alice, told, at).matter
    return matters.accept_matter(officer, found, None, "everyday", "小事。", "community", "街巷。", "public", at)


@pytest.fixture
def manager(town: Any, make_person: Callable[..., Viewer]) -> Viewer:
    """Works for the property company that promised."""
    return make_person("何伟", office=(town.property_company, "officer", "物业经理"))


@pytest.fixture
def promise(matter: Matter, officer: Viewer, town: Any, at: dt.datetime) -> Commitment:
    return services.make_commitment(officer, matter, "疏通并换井盖", town.property_company.pk, None, DUE, "1200.50", at)


def test_the_whole_course(
    promise: Commitment, manager: Viewer, officer: Viewer, dispatcher: Viewer, anonymous: Viewer, at: dt.datetime
) -> None:
    services.report_progress(manager, promise, "已疏通上游。", 40, "500.25", [picture()], at, [picture()])
    services.delay_commitment(manager, promise, dt.date(2026, 10, 12), "井盖晚到。", at)
    services.report_done(manager, promise, "全部完成。", [picture()], at)
    services.return_commitment(dispatcher, promise, "井盖不平。", at)
    services.report_done(manager, promise, "已垫平。", [], at)
    services.accept_commitment(dispatcher, promise, "现场看过。", at)
    promise.refresh_from_db()
    assert (promise.state, promise.percent, promise.spent) == ("accepted", 100, Decimal("500.25"))
    assert promise.due_on == dt.date(2026, 10, 12)
    assert audit.check_chain(audit.chain(promise)) == 7
    lines = selectors.progress_of(anonymous, promise)
    assert [line.step.kind for line in lines] == ["progress", "delayed", "reported", "returned", "reported", "accepted"]
    assert len(lines[0].photos) == 1 and lines[0].receipts == ()
    assert len(selectors.progress_of(officer, promise)[0].receipts) == 1
    receipt = selectors.progress_of(manager, promise)[0].receipts[0]
    assert files.may_open(manager, receipt) and not files.may_open(anonymous, receipt)


def test_who_may(
    promise: Commitment,
    manager: Viewer,
    request: pytest.FixtureRequest,
    town: Any,
    make_person: Callable[..., Viewer],
    at: dt.datetime,
) -> None:
    names = (
        "alice", "bob", "officer", "other_officer", "secretary", "dispatcher", "department_officer", "president",
        "deliberator", "hall_host", "town_officer", "auditor", "stranger", "keeper", "anonymous",
    )  # fmt: skip
    people: dict[str, Viewer] = {n: request.getfixturevalue(n) for n in names} | {"manager": manager}
    supervision = town.dawei_committee.__class__.objects.create(
        town=town.area, area=town.dawei, kind="village_supervision_committee", tree="civil", name="大圩居务监督委员会"
    )
    people["supervisor"] = make_person("卢志明", office=(supervision, "supervisor", "监督员"))
    desk = {"officer", "secretary", "dispatcher", "town_officer"}
    expected = {
        "open": {
            "report_progress": {"manager"}, "delay_commitment": {"manager"}, "report_done": {"manager"},
            "accept_commitment": set(), "return_commitment": set(), "cancel_commitment": desk,
        },
        "reported": {
            "report_progress": set(), "delay_commitment": set(), "report_done": set(),
            "accept_commitment": desk | {"supervisor"}, "return_commitment": desk | {"supervisor"},
            "cancel_commitment": desk,
        },
        "accepted": {
            "report_progress": set(), "delay_commitment": set(), "report_done": set(), "accept_commitment": set(),
            "cancel_commitment": set(),
        },
    }  # fmt: skip
    wrong = []
    for state, verbs in expected.items():
        promise.state = state
        for verb, allowed in verbs.items():
            found = {n for n, v in people.items() if getattr(permissions, f"may_{verb}")(v, promise, at)}
            if found != allowed:
                wrong.append((state, verb, sorted(found ^ allowed)))
    assert wrong == []


def test_an_organisation_never_accepts_its_own(
    matter: Matter, officer: Viewer, secretary: Viewer, dispatcher: Viewer, town: Any, at: dt.datetime
) -> None:
    own = services.make_commitment(
        secretary, matter, "清理巷道", town.dawei_committee.pk, officer.person_id, DUE, 0, at
    )
    with pytest.raises(Refusal, match="不能取消自己"):
        services.cancel_commitment(officer, own, "不想做", at)
    services.report_done(officer, own, "清理完了。", [], at)
    for colleague in (officer, secretary):
        with pytest.raises(Refusal, match="做的人不能验收"):
            services.accept_commitment(colleague, own, "", at)
    services.accept_commitment(dispatcher, own, "", at)
    assert Commitment.objects.get().accepted_by_id == dispatcher.person_id


def test_money_and_progress_are_checked(promise: Commitment, manager: Viewer, at: dt.datetime) -> None:
    for spent in ("-1", "1.005", "many", "NaN", "1e30"):
        with pytest.raises(ValidationError):
            services.report_progress(manager, promise, "花了。", 10, spent, [], at)
    with pytest.raises(ValidationError, match="超出经费"):
        services.report_progress(manager, promise, "花多了。", 10, "1200.51", [], at)
    services.report_progress(manager, promise, "花完了。", 10, "1200.50", [], at)
    with pytest.raises(ValidationError, match="超出经费"):
        services.report_progress(manager, promise, "再花。", 20, "0.01", [], at)
    for percent in (-1, 101):
        with pytest.raises(ValidationError):
            services.report_progress(manager, promise, "进度。", percent, 0, [], at)
    assert Progress.objects.count() == 1 and len(audit.chain(promise)) == 2


def test_a_promise_needs_words_a_day_and_someone(
    matter: Matter, officer: Viewer, bob: Viewer, town: Any, at: dt.datetime
) -> None:
    company = town.property_company.pk
    for what, organisation, doer, due in (
        (" ", company, None, DUE), ("做", 9999, None, DUE), ("做", company, bob.person_id, DUE),
        ("做", company, None, at.date() - dt.timedelta(days=1)),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            services.make_commitment(officer, matter, what, organisation, doer, due, 0, at)
    with pytest.raises(Refusal):
        services.make_commitment(bob, matter, "我来", company, None, DUE, 0, at)
    with pytest.raises(Refusal):
        services.make_commitment(officer, town.area, "做", company, None, DUE, 0, at)
    assert not Commitment.objects.exists()


def test_late_is_computed(promise: Commitment, manager: Viewer, at: dt.datetime) -> None:
    assert not selectors.is_overdue(promise, DUE)
    assert selectors.is_overdue(promise, DUE + dt.timedelta(days=1))
    with pytest.raises(ValidationError):
        services.delay_commitment(manager, promise, DUE, "同一天", at)
    assert [c.pk for c in selectors.own_commitments(manager)] == [promise.pk]


@pytest.mark.django_db(transaction=True)
def test_the_organisation_is_told(manager: Viewer, matter: Matter, officer: Viewer, town: Any, at: dt.datetime) -> None:
    with clock.standing_at(at):
        services.make_commitment(officer, matter, "换井盖", town.property_company.pk, None, DUE, 0, at)
    note = Notification.objects.get(person_id=manager.person_id)
    assert note.title == "有一项责任事项交给您的单位" and note.url.startswith("/commitments/")


def test_pages(
    promise: Commitment,
    manager: Viewer,
    dispatcher: Viewer,
    bob: Viewer,
    anonymous: Viewer,
    client_for: Callable[[Viewer], Client],
    at: dt.datetime,
) -> None:
    page = f"/commitments/{promise.pk}/"
    for language in ("zh-hans", "en"):
        client = client_for(manager)
        client.cookies["django_language"] = language
        assert "疏通并换井盖" in client.get("/commitments/").content.decode()
        assert client.get(page).status_code == client.get(f"{page}progress/").status_code == 200
    assert "疏通并换井盖" in client_for(anonymous).get(page).content.decode()
    assert client_for(bob).get(f"{page}accept/").status_code == 403
    assert client_for(bob).get(f"{page}dance/").status_code == 404
    assert client_for(bob).get("/commitments/9999/").status_code == 404
    assert client_for(anonymous).get("/commitments/").status_code == 302
    client = client_for(manager)
    wrong = client.post(f"{page}progress/", {"words": "x", "percent": "120", "spent": "0"})
    assert wrong.status_code == 422
    over = client.post(f"{page}progress/", {"words": "花多了", "percent": "20", "spent": "9999"})
    assert over.status_code == 422 and "超出经费" in over.content.decode()
    done = client.post(f"{page}done/", {"words": "做完了"})
    assert done.status_code == 303 and done["Location"] == page
    assert client_for(dispatcher).post(f"{page}accept/", {"words": ""}).status_code == 303
    promise.refresh_from_db()
    assert promise.state == "accepted"


def test_a_hidden_matters_promise_is_hidden(
    alice: Viewer,
    officer: Viewer,
    bob: Viewer,
    manager: Viewer,
    town: Any,
    client_for: Callable[[Viewer], Client],
    at: dt.datetime,
) -> None:
    told = matters.RaiseInput(key=uuid.uuid4(), title="家里的事", text="家里的事", nature="help")
    hidden = matters.raise_matter(alice, told, at).matter
    matters.accept_matter(officer, hidden, None, "hard", "难。", "community", "家事。", "handlers", at)
    kept = services.make_commitment(officer, hidden, "上门走访", town.property_company.pk, None, DUE, 0, at)
    assert client_for(bob).get(f"/commitments/{kept.pk}/").status_code == 404
    assert client_for(manager).get(f"/commitments/{kept.pk}/").status_code == 200
