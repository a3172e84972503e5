"""Disclosing a resolution and an outcome: the posting and the procedure move together. Scenario 8's dates."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from tests.api.test_decisions import bearer
from tests.decisions.stages import Hands, proposal
from tests.decisions.test_storms import at_once
from tests.publication.conftest import accounts, picture

from yishi.core import audit, clock
from yishi.core.verdicts import Refusal
from yishi.decisions import rules, services
from yishi.decisions.models import Decision
from yishi.inbox.models import Notification
from yishi.network.viewers import Viewer
from yishi.publication import services as publication
from yishi.publication.models import Posting
from yishi.publication.selectors import for_subject, get_posting_for
from yishi.publication.services import ObjectionInput

pytestmark = pytest.mark.django_db
KIND = "decisions.decision"


def on(day: str, hour: int = 10) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00")


def kinds_of(decision: Decision) -> list[str]:
    return list(decision.events.order_by("number").values_list("kind", flat=True))[-3:]


@pytest.fixture
def certified(hands: Hands, town: Any) -> Decision:
    """The garden plan with a certified result, about to be disclosed."""
    made = hands.garden(town.cooperative)
    hands.to_resolve(made)
    hands.noticed(made)
    hands.resolved(made)
    hands.certified(made)
    made.refresh_from_db()
    return made


def posted(hands: Hands, decision: Decision, day: str) -> Posting:
    """The disclosure prepared and hung up on a day by the supervisor."""
    with clock.standing_at(on(day)):
        posting = publication.prepare_for_subject(
            hands.supervisor, KIND, decision.pk, on(day, 8), phone="0757-85550000"
        )
        return publication.open_posting(hands.supervisor, posting, picture(), on(day), places=["祠堂公示栏"])


def test_nothing_is_disclosed_before_it_is_certified(hands: Hands, town: Any, stranger: Viewer) -> None:
    made = hands.garden(town.cooperative)
    hands.to_resolve(made)
    hands.noticed(made)
    hands.resolved(made)
    with pytest.raises(Refusal, match="还不到公开的时候"):
        publication.prepare_for_subject(hands.supervisor, KIND, made.pk, on("2026-10-20"))
    hands.certified(made)
    with pytest.raises(Refusal, match="由该组织的在任工作人员"):
        publication.prepare_for_subject(stranger, KIND, made.pk, on("2026-10-21"))
    posting = publication.prepare_for_subject(hands.supervisor, KIND, made.pk, on("2026-10-21"))
    again = publication.prepare_for_subject(hands.proposer, KIND, made.pk, on("2026-10-21"))
    assert again.pk == posting.pk
    assert (posting.kind, posting.item, posting.days, posting.verified) == ("disclosure", "resolution", 15, True)
    assert "第35条" in posting.clause["zh"] and len(posting.motion_digest) == 64
    assert "四小园建设方案" in posting.title and "菜园" in posting.text and "180000.00" in posting.text
    for numbers in (
        "应有和参加：全体代表 31；到会人数 29", "赞成 24；反对 5；弃权 0", "赞成票：需 21 = ⌈31×2/3⌉，农村集体经济组织法第28条；实得 24",
    ):  # fmt: skip
        assert numbers in posting.text
    assert "47" not in posting.text  # the Party's own votes on the way are not certified here


def test_scenario_8_posted_on_the_first_down_on_the_seventeenth(hands: Hands, certified: Decision) -> None:
    posting = posted(hands, certified, "2026-11-01")
    certified.refresh_from_db()
    assert kinds_of(certified)[-1] == "posted" and certified.phase == "up"
    publication.check_posting(hands.supervisor, posting, picture(), on("2026-11-09"))
    with pytest.raises(Refusal, match="2026-11-17"):
        publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-16"))
    assert kinds_of(certified)[-1] == "posting_checked"
    publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-17"))
    certified.refresh_from_db()
    assert kinds_of(certified)[-1] == "posting_ended" and certified.step == "implement"
    assert rules.case_of(certified).step.id == "implement"


def test_scenario_19_a_missing_photo_extends_both(hands: Hands, certified: Decision) -> None:
    posting = posted(hands, certified, "2026-11-01")
    publication.check_posting(hands.supervisor, posting, None, on("2026-11-10"))
    with pytest.raises(Refusal, match="2026-11-18"):
        publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-17"))
    with pytest.raises(Refusal, match="2026-11-18"):
        hands.event(certified, "posting_ended", "2026-11-17", photo=True)
    publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-18"))


def test_an_objection_holds_the_procedure_and_upheld_it_starts_anew(
    hands: Hands, certified: Decision, bob: Viewer
) -> None:
    posting = posted(hands, certified, "2026-11-01")
    words = ObjectionInput(uuid.uuid4(), "第一条", "面积写错。", "请更正。")
    made = publication.object_to_posting(bob, posting, words, on("2026-11-03"))
    data = certified.events.order_by("-number")[0].data
    assert data == {"id": f"{posting.reference}-1"}
    with pytest.raises(Refusal, match="异议"):
        hands.event(certified, "posting_ended", "2026-11-17", photo=True)
    publication.answer_objection(hands.supervisor, made, "upheld", "面积应为 320 平方米。", on("2026-11-18"))
    certified.refresh_from_db()
    posting.refresh_from_db()
    assert (posting.state, certified.phase) == ("corrected", "start")
    with clock.standing_at(on("2026-11-19")):
        fresh = publication.correct_posting(
            hands.supervisor,
            posting,
            posting.title,
            posting.text + "\n更正：320 平方米。",
            "面积写错",
            on("2026-11-19"),
        )
        publication.open_posting(hands.supervisor, fresh, picture(), on("2026-11-19"))
    publication.check_posting(hands.supervisor, fresh, picture(), on("2026-11-27"))
    publication.end_posting(hands.supervisor, fresh, picture(), on("2026-12-05"))
    certified.refresh_from_db()
    assert certified.step == "implement"


def test_a_look_that_nobody_took_holds_it_a_day_longer_even_without_the_worker(
    hands: Hands, certified: Decision
) -> None:
    posting = posted(hands, certified, "2026-11-01")
    with pytest.raises(Refusal, match="2026-11-18 起方可撤下"):
        publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-17"))
    assert [(c.kind, c.seen) for c in posting.checks.order_by("pk")] == [("start", True), ("middle", False)]
    publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-18"))
    assert posting.checks.filter(kind="middle").count() == 1


def recounted(hands: Hands, decision: Decision, yes: int, day: str) -> None:
    """A recount that finds other numbers, and its certification."""
    box = {"issued": 29, "returned": 29, "unreturned": 0, "valid": 29, "invalid": 0}
    counts = {"yes": yes, "no": 29 - yes, "abstain": 0} | box
    hands.event(decision, "recounted", day, basis="recount", counters=["p901", "p902"], counts=counts)
    hands.event(decision, "certified", day, by="p903")


def test_what_hangs_is_superseded_when_the_decision_moves_on(
    hands: Hands, certified: Decision, bob: Viewer, django_capture_on_commit_callbacks: Any
) -> None:
    posting = posted(hands, certified, "2026-11-01")
    words = ObjectionInput(uuid.uuid4(), "第一条", "票数不对。", "请重新计票。")
    objection = publication.object_to_posting(bob, posting, words, on("2026-11-03"))
    with clock.standing_at(on("2026-11-05")), django_capture_on_commit_callbacks(execute=True):
        recounted(hands, certified, 25, "2026-11-05")
    posting.refresh_from_db()
    assert (posting.state, posting.ended_on) == ("superseded", dt.date(2026, 11, 5))
    assert audit.sentence(audit.chain(posting)[-1]).startswith("所公示的事情有了变化")
    assert Notification.objects.filter(person_id=hands.proposer.person_id, title__contains="撤下纸质").exists()
    with pytest.raises(Refusal, match="已失效"):
        publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-20"))
    publication.answer_objection(hands.supervisor, objection, "partly", "已重新计票。", on("2026-11-06"))
    fresh = posted(hands, certified, "2026-11-06")
    assert fresh.pk != posting.pk and "2026-11-05 表决" in fresh.text
    publication.check_posting(hands.supervisor, fresh, picture(), on("2026-11-14"))
    publication.end_posting(hands.supervisor, fresh, picture(), on("2026-11-22"))


def test_a_posting_of_superseded_numbers_is_not_hung_up(hands: Hands, certified: Decision) -> None:
    old = publication.prepare_for_subject(hands.supervisor, KIND, certified.pk, on("2026-10-22"))
    recounted(hands, certified, 25, "2026-10-23")
    with pytest.raises(Refusal, match="结果有了变化") as refused:
        publication.open_posting(hands.supervisor, old, picture(), on("2026-10-24"), places=["祠堂"])
    assert "第35条" in refused.value.verdict.clause
    fresh = publication.prepare_for_subject(hands.supervisor, KIND, certified.pk, on("2026-10-24"))
    old.refresh_from_db()
    assert (old.state, old.posted_on, old.is_public) == ("superseded", None, False)
    assert fresh.pk != old.pk and fresh.text != old.text
    publication.open_posting(hands.supervisor, fresh, picture(), on("2026-10-24"), places=["祠堂"])


def test_a_correction_of_an_earlier_result_is_not_hung_up(hands: Hands, certified: Decision, bob: Viewer) -> None:
    posting = posted(hands, certified, "2026-11-01")
    words = ObjectionInput(uuid.uuid4(), "第一条", "票数不对。", "请更正。")
    made = publication.object_to_posting(bob, posting, words, on("2026-11-03"))
    publication.answer_objection(hands.supervisor, made, "upheld", "写错了。", on("2026-11-04"))
    posting.refresh_from_db()
    text = posting.text + "\n更正。"
    mended = publication.correct_posting(hands.supervisor, posting, posting.title, text, "更正", on("2026-11-05"))
    again = publication.prepare_for_subject(hands.supervisor, KIND, certified.pk, on("2026-11-05"))
    assert again.pk == mended.pk
    recounted(hands, certified, 25, "2026-11-06")
    with pytest.raises(Refusal, match="结果有了变化"):
        publication.open_posting(hands.supervisor, mended, picture(), on("2026-11-07"))


def test_one_posting_that_cannot_be_noted_does_not_keep_the_others_from_it(
    hands: Hands, certified: Decision, officer: Viewer, town: Any
) -> None:
    moved = posted(hands, certified, "2026-11-01")
    recounted(hands, certified, 25, "2026-11-03")
    stuck = posted(hands, certified, "2026-11-04")
    hands.event(certified, "posting_checked", "2026-12-31", seen=True)  # nothing may be dated before this
    accounts_ = publication.prepare_posting(officer, accounts(town), on("2026-11-04"))
    publication.open_posting(officer, accounts_, picture(), on("2026-11-04"), places=["公示栏"])
    assert publication.note_missed_checks(on("2026-11-20")) == 1
    assert [Posting.objects.get(pk=p.pk).state for p in (moved, stuck, accounts_)] == ["superseded", "up", "up"]
    assert accounts_.checks.filter(kind="middle", seen=False).exists()


def test_suspended_it_cannot_end(hands: Hands, certified: Decision) -> None:
    posting = posted(hands, certified, "2026-11-01")
    publication.check_posting(hands.supervisor, posting, picture(), on("2026-11-04"))
    publication.suspend_posting(hands.town_officer, posting, "镇里责令复核。", on("2026-11-05"))
    with pytest.raises(Refusal, match="镇里责令复核"):
        publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-17"))
    publication.resume_posting(hands.town_officer, posting, on("2026-11-17"))
    publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-17", 11))


def test_a_refusal_of_the_procedure_leaves_nothing_behind(hands: Hands, certified: Decision) -> None:
    with clock.standing_at(on("2026-11-01")):
        posting = publication.prepare_for_subject(hands.supervisor, KIND, certified.pk, on("2026-11-01", 8))
    hands.event(certified, "posted", "2026-11-01", place="别处", photo=True)
    with pytest.raises(Refusal):
        publication.open_posting(hands.supervisor, posting, picture(), on("2026-11-02"), places=["祠堂"])
    posting.refresh_from_db()
    assert posting.state == "planned" and not posting.checks.exists()
    with pytest.raises(Refusal, match="已经张贴"):
        publication.prepare_for_subject(hands.supervisor, KIND, certified.pk, on("2026-11-02"))


def test_the_outcome_is_disclosed_after_acceptance(hands: Hands, certified: Decision) -> None:
    posting = posted(hands, certified, "2026-11-01")
    publication.check_posting(hands.supervisor, posting, picture(), on("2026-11-09"))
    publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-17"))
    with pytest.raises(Refusal, match="还不到公开的时候"):
        publication.prepare_for_subject(hands.supervisor, KIND, certified.pk, on("2026-11-17"))
    services.record_money(hands.proposer, certified, "contracted", "180000", "绿源园艺", "", (), on("2026-11-18"))
    services.record_money(hands.proposer, certified, "paid", "180000", "绿源园艺", "", (), on("2026-11-20"))
    services.accept_work(hands.supervisor, certified, "按图验收。", on("2026-11-21"))
    services.record_money(hands.proposer, certified, "final_account", "180000", "", "", (), on("2026-11-22"))
    outcome = posted(hands, certified, "2026-11-23")
    assert (outcome.item, "180000.00 元，绿源园艺" in outcome.text) == ("outcome", True)
    publication.check_posting(hands.supervisor, outcome, picture(), on("2026-12-01"))
    publication.end_posting(hands.supervisor, outcome, picture(), on("2026-12-09"))
    certified.refresh_from_db()
    assert certified.status == "settled"
    assert [p.state for p in for_subject(hands.proposer, KIND, certified.pk)] == ["ended", "ended"]


def at_work(hands: Hands, decision: Decision) -> None:
    """Its resolution disclosed for the full time."""
    posting = posted(hands, decision, "2026-11-01")
    publication.check_posting(hands.supervisor, posting, picture(), on("2026-11-09"))
    publication.end_posting(hands.supervisor, posting, picture(), on("2026-11-17"))


def test_a_budget_without_an_account_is_not_disclosed(hands: Hands, certified: Decision) -> None:
    at_work(hands, certified)
    services.accept_work(hands.supervisor, certified, "义务劳动建成。", on("2026-11-21"))
    with pytest.raises(Refusal, match="还不到公开的时候"):
        publication.prepare_for_subject(hands.supervisor, KIND, certified.pk, on("2026-11-21"))

    def account(amount: str, words: str) -> None:
        services.record_money(hands.proposer, certified, "final_account", amount, "", words, (), on("2026-11-22"))

    with pytest.raises(Refusal, match="不一致"):
        account("180000", "")
    with pytest.raises(ValidationError, match="为什么没有花钱"):
        account("0", " ")
    with pytest.raises(ValidationError, match="不能为负"):
        account("-1", "退款")
    account("0", "村民投工投劳，材料旧物利用，没有花钱。")
    outcome = posted(hands, certified, "2026-11-23")
    assert "决算 0.00 元，村民投工投劳，材料旧物利用，没有花钱。" in outcome.text
    assert "决算与付款一致" in outcome.text


def test_without_money_nothing_is_said_of_an_account(hands: Hands, town: Any) -> None:
    given = proposal(town.cooperative, facts={"amount": Decimal(180000)}, wider=True)
    made = services.start_decision(hands.proposer, given, hands.at)
    hands.to_resolve(made)
    hands.noticed(made)
    hands.resolved(made)
    hands.certified(made)
    at_work(hands, made)
    services.accept_work(hands.supervisor, made, "已经建成。", on("2026-11-21"))
    outcome = posted(hands, made, "2026-11-23")
    assert "工程已经验收。" in outcome.text and "决算" not in outcome.text


def test_what_is_inside_the_party_stays_inside(hands: Hands, certified: Decision, bob: Viewer) -> None:
    Decision.objects.filter(pk=certified.pk).update(visibility="inside")
    posting = posted(hands, certified, "2026-11-01")
    assert posting.visibility == "inside"
    with clock.standing_at(on("2026-11-02")), pytest.raises(Refusal):
        get_posting_for(bob, posting.reference)


def test_days_are_those_of_the_decisions_own_stricter_rule(hands: Hands, town: Any) -> None:
    given = proposal(town.cooperative, facts={"amount": Decimal(180000)}, budget="180000.00", wider=True)
    made = services.start_decision(hands.proposer, given, hands.at)
    made.settings = {**made.settings, "local": {"VPUB": ["posting=20"]}}
    made.save()
    hands.to_resolve(made)
    hands.noticed(made)
    hands.resolved(made)
    hands.certified(made)
    posting = posted(hands, made, "2026-11-01")
    assert (posting.days, posting.ends_on) == (20, dt.date(2026, 11, 22))


def test_disclosed_by_program(client: Client, hands: Hands, certified: Decision, stranger: Viewer) -> None:
    place = f"/api/v1/decisions/{certified.reference}/disclosure"
    with clock.standing_at(on("2026-10-22")):
        assert client.post(place).status_code == 401
        assert client.post(place, **bearer(hands.supervisor, "decisions:write")).status_code == 403
        assert client.post(place, **bearer(stranger, "publication:write")).status_code == 403
        token = bearer(hands.supervisor, "publication:write")
        made = [client.post(place, **token).json()["posting"] for _twice in range(2)]
        assert made[0] == made[1] == Posting.objects.get().reference
        told = client.get(f"/api/v1/postings/{made[0]}", **token).json()
        assert told["about"]["url"].endswith(f"/{certified.reference}") and "open" in told["may"]


@pytest.mark.django_db(transaction=True)
def test_prepared_by_several_at_once_is_one_posting(
    certified: Decision, hands: Hands, president: Viewer, town: Any
) -> None:
    """Of a decision by whoever may post; of the month's accounts, by one person on several devices."""
    again, moment = accounts(town, organisation_id=town.cooperative.pk, item="cooperative_accounts"), on("2026-10-22")

    def subject() -> None:
        with clock.standing_at(moment):
            publication.prepare_for_subject(hands.supervisor, KIND, certified.pk, moment)

    def item() -> None:
        with clock.standing_at(moment):
            publication.prepare_posting(president, again, moment)

    ends = at_once([subject] * 6 + [item] * 6)
    assert set(ends) == {"done"}, ends
    assert Posting.objects.filter(subject_kind=KIND, subject_id=certified.pk).count() == 1
    assert Posting.objects.filter(item=again.item).count() == 1
