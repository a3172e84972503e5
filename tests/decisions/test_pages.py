"""The pages of decisions: what they say, to whom they open, how many questions they ask, in both languages."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.decisions.stages import TEXT, Hands, proposal

from yishi.decisions import selectors, services
from yishi.decisions.models import Decision, MotionComment
from yishi.decisions.selectors.lists import list_decisions
from yishi.decisions.selectors.one import results_of, spine
from yishi.decisions.views.read import page_of
from yishi.inbox.models import Notification
from yishi.matters import services as matters
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def garden(hands: Hands, town: Any) -> Decision:
    """The garden plan, failed by one vote of the representatives."""
    made = hands.garden(town.cooperative)
    hands.to_resolve(made)
    hands.noticed(made)
    hands.resolved(made, yes=20)
    hands.certified(made)
    made.refresh_from_db()
    return made


def page(client: Client, name: str, *args: Any, answers: int = 200, **query: str) -> str:
    answer = client.get(reverse(f"decisions:{name}", args=args), query)
    assert answer.status_code == answers, (name, answer.status_code)
    return answer.content.decode()


def test_the_page_says_why_it_failed_and_what_now(client: Client, garden: Decision) -> None:
    html = page(client, "decision", garden.reference)
    for words in (
        "21 = ⌈31×2/3⌉",
        "农村集体经济组织法",
        "第28条",
        "实得 20，还差 1",
        "为什么没有通过",
        "重新拟订",
        "第二次开会不降低比例",
    ):
        assert words in html, words


def test_a_local_line_stands_beside_the_articles_own_each_with_its_basis(
    client: Client, hands: Hands, town: Any
) -> None:
    made = hands.garden(town.cooperative)
    hands.to_resolve(made)
    case, events = selectors.read_case(made)
    (agreed,) = [s for s in spine(made, case) if s.local]
    assert agreed.state == "done" and "1/2" in agreed.text and "2/3" not in agreed.text and "第11条" in agreed.clause
    ((line, basis),) = agreed.local
    assert "2/3" in line and basis == "地方实践"
    bases = [line.basis for r in results_of(made, case, events) if r.step == agreed.id for line in r.lines]
    assert bases == ["地方实践", ""]
    html = page(client, "decision", made.reference)
    assert html.count("地方规定更严：") == 2
    client.cookies["django_language"] = "en"
    assert "Local practice" in page(client, "decision", made.reference)


def test_the_page_in_english(client: Client, garden: Decision) -> None:
    client.cookies["django_language"] = "en"
    html = page(client, "decision", garden.reference)
    for words in ("21 = ⌈31×2/3⌉", "have 20, 1 short", "Why it did not pass"):
        assert words in html, words


def test_a_party_matter_is_not_found_by_others(
    town: Any, branch_secretary: Viewer, client_for: Callable[[Viewer], Client], alice: Viewer, at: dt.datetime
) -> None:
    inside = services.start_decision(
        branch_secretary, proposal(town.cooperative_branch, "party_matter", title="预备党员转正"), at
    )
    assert "预备党员转正" in page(client_for(branch_secretary), "decision", inside.reference)
    for viewer_client in (client_for(alice), Client()):
        page(viewer_client, "decision", inside.reference, answers=404)
        page(viewer_client, "decision_feed", inside.reference, answers=404)
        page(viewer_client, "comment", inside.reference, answers=404)
        for listed in ("list", "export_csv", "feed_atom"):
            assert "预备党员转正" not in page(viewer_client, listed)
        assert "预备党员转正" not in page(viewer_client, "list", q="预备党员")


def test_lists_are_found_by_words_and_filters(client: Client, garden: Decision, hands: Hands, town: Any) -> None:
    services.start_decision(
        hands.proposer, proposal(town.cooperative, "distribution", title="年度分配方案", text="按股分配。"), hands.at
    )
    assert "年度分配方案" not in page(client, "list", q="小菜园")
    assert garden.title in page(client, "list", q="小菜园")
    assert garden.title not in page(client, "list", procedure="members_representatives")
    assert "没有符合条件的决定" in page(client, "list", status="annulled")
    assert garden.title in page(client, "list", body="economic_cooperative", step="resolve", status="failed")
    assert garden.title not in page(client, "list", status="running")


def test_lists_leave_as_tables_and_feeds(client: Client, garden: Decision) -> None:
    assert garden.reference in page(client, "export_csv")
    assert client.get(reverse("decisions:export_xlsx")).content[:2] == b"PK"
    assert garden.title in page(client, "feed_atom")
    assert "计票" in page(client, "decision_feed", garden.reference)


def test_how_many_questions(garden: Decision, alice: Viewer, hands: Hands, town: Any) -> None:
    def asked(work: Callable[[], Any]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            work()
        return len(found)

    def whole_page() -> Any:
        decision = selectors.get_decision_for(alice, garden.reference)
        return page_of(alice, decision, hands.at)

    few = asked(whole_page), asked(lambda: list_decisions(alice, selectors.DecisionFilter()))
    for n in range(5):
        MotionComment.objects.create(
            decision=garden, version=1, by_id=hands.proposer.person_id, text=f"意见 {n}", at=hands.at
        )
        services.start_decision(hands.proposer, proposal(town.cooperative, "distribution", title=f"方案 {n}"), hands.at)
    many = asked(whole_page), asked(lambda: list_decisions(alice, selectors.DecisionFilter()))
    assert few == many
    assert few[0] <= 12 and few[1] <= 3


def test_the_new_page_explains_the_route(
    client_for: Callable[[Viewer], Client], president: Viewer, town: Any, stranger: Viewer
) -> None:
    client = client_for(president)
    here = f"{reverse('decisions:new')}?organisation={town.cooperative.pk}&subject=lease"
    assert "数字不填，不能提出" in client.get(here).content.decode()
    sent = {
        "key": str(uuid.uuid4()),
        "title": "厂房出租",
        "text": "出租五年",
        "years": "5",
        "amount_per_year": "",
        "conflict": "no",
    }
    answer = client.post(here, sent)
    assert answer.status_code == 422 and "厂房出租" in answer.content.decode()
    answer = client.post(here, sent | {"amount_per_year": "320000"})
    made = Decision.objects.get()
    assert answer.status_code == 302 and made.resolve == "REO-MRA"
    assert "交易平台" in page(client, "decision", made.reference)
    assert "您还不能提出" in page(client_for(stranger), "new")


def test_from_a_matter_and_back(
    client_for: Callable[[Viewer], Client], officer: Viewer, alice: Viewer, town: Any, at: dt.datetime
) -> None:
    from tests.matters.stages import told

    report = matters.raise_matter(alice, told(title="桥面破损", text="桥面破了个洞，想筹钱修桥。"), at)
    matter = report.matter
    client = client_for(officer)
    found = client.get(reverse("matters:matter", args=[matter.reference])).content.decode()
    assert "把这件事提交决定" in found
    here = f"{reverse('decisions:new')}?organisation={town.dawei_committee.pk}&subject=public_fundraising&matter={matter.reference}"
    assert "想筹钱修桥" in client.get(here).content.decode()
    sent = {
        "key": str(uuid.uuid4()),
        "title": "筹资修桥",
        "text": "每户自愿",
        "conflict": "no",
        "matter": matter.reference,
    }
    client.post(here, sent)
    made = Decision.objects.get()
    assert made.matter == matter
    shown = Client().get(reverse("matters:matter", args=[matter.reference])).content.decode()
    if matter.is_public:
        assert "筹资修桥" in shown


def test_acts_by_page(client_for: Callable[[Viewer], Client], hands: Hands, town: Any) -> None:
    made = hands.garden(town.cooperative)
    client = client_for(hands.proposer)
    page(client, "money", made.reference, answers=403)
    assert "还没有走出第一步" in page(client, "decision", made.reference)
    answer = client.post(reverse("decisions:change", args=[made.reference]), {
        "text": TEXT.replace("180000", "200000"), "budget": "180000.00", "changed": "text", "material": "no", "reason": "笔误",
    })  # fmt: skip
    assert answer.status_code == 422 and "勘误不能改动数字" in answer.content.decode()
    answer = client.post(reverse("decisions:step", args=[made.reference]), {})
    assert answer.status_code == 303
    made.refresh_from_db()
    assert made.step == "propose"
    assert "等您召集" in page(client, "desk")
    page(Client(), "desk", answers=404)


def test_versions_show_what_changed(client: Client, hands: Hands, town: Any) -> None:
    made = hands.garden(town.cooperative)
    services.change_motion(hands.proposer, made, TEXT.replace("320", "300"), "170000", "budget", True, "缩小", hands.at)
    html = page(client, "version", made.reference, 2)
    assert "<del>2</del><ins>0</ins>" in html and "与全文一致" in html
    page(client, "version", made.reference, 9, answers=404)


def test_comments_are_answered_and_told(
    client_for: Callable[[Viewer], Client], hands: Hands, town: Any, make_person: Callable[..., Viewer],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    from tests.decisions.test_motions import member

    one, made = member(town, make_person), hands.garden(town.cooperative)
    with django_capture_on_commit_callbacks(execute=True):
        sent = {"key": str(uuid.uuid4()), "text": "留条路"}
        answer = client_for(one).post(reverse("decisions:comment", args=[made.reference]), sent)
    assert answer.status_code == 303
    said = MotionComment.objects.get()
    client = client_for(hands.proposer)
    assert "等您答复" in page(client, "desk")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("decisions:answer", args=[made.reference, said.pk]), {"answer": "adopted", "reason": "已加。"}
        )
    assert "采纳" in page(client, "decision", made.reference)
    titles = set(Notification.objects.values_list("person_id", "title"))
    assert (one.person_id, "您的意见有了答复") in titles and (hands.proposer.person_id, "有一条意见等您答复") in titles


def test_money_by_page(client_for: Callable[[Viewer], Client], hands: Hands, town: Any) -> None:
    made = hands.garden(town.cooperative)
    hands.to_resolve(made)
    hands.noticed(made)
    hands.resolved(made)
    hands.certified(made)
    hands.disclosed(made)
    from yishi.core import clock

    with clock.standing_at(dt.datetime.fromisoformat("2026-11-10T09:00:00+08:00")):
        client = client_for(hands.proposer)
        place = reverse("decisions:money", args=[made.reference])
        assert client.post(place, {"kind": "contracted", "amount": "180,000", "to": "绿源"}).status_code == 303
        answer = client.post(place, {"kind": "paid", "amount": "200000", "to": "绿源"})
        assert answer.status_code == 422 and "超过合同" in answer.content.decode()
        assert "180000.00" in page(client, "decision", made.reference)
        assert Decimal("180000.00") == made.payments.get().amount
