"""Motions through the services: routes, versions, errata, steps, papers, comments; each act one audit entry."""

import datetime as dt
import io
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.decisions.stages import TEXT, Hands, proposal

from yishi.core import clock
from yishi.core.models import AuditEntry
from yishi.core.verdicts import Refusal
from yishi.decisions import rules, services
from yishi.decisions.models import Decision, MotionComment
from yishi.decisions.services.motions import current_version
from yishi.decisions.services.steps import PaperInput
from yishi.network.viewers import Viewer
from yishi.people.models import Capacity

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def entries(decision: Decision) -> list[str]:
    return list(
        AuditEntry.objects.filter(subject_kind="decisions.decision", subject_id=decision.pk)
        .order_by("number").values_list("verb", flat=True)
    )  # fmt: skip


def member(town: Any, make_person: Callable[..., Viewer], name: str = "关美玲") -> Viewer:
    """A member of the cooperative."""
    from tests.people_fixtures import MOMENT, SINCE, viewer_of_person

    viewer = make_person(name)
    Capacity.objects.create(
        person_id=viewer.person_id, kind="member", area=town.baijiexi, organisation=town.cooperative, since=SINCE,
        verified_at=MOMENT,
    )  # fmt: skip
    return viewer_of_person(viewer.person_id or 0)


def test_scenario_7_a_long_lease_goes_to_the_representatives(hands: Hands, town: Any) -> None:
    lease = {"amount_per_year": Decimal(320000), "years": 5}
    made = services.start_decision(hands.proposer, proposal(town.cooperative, "lease", facts=lease), hands.at)
    assert (made.procedure, made.resolve, made.secrecy) == ("four_deliberations", "REO-MRA", "signed")
    assert made.settings["needs"] == ["trading_platform"]
    assert "年限 ≥ 3" in made.settings["why"]["zh"] and "years ≥ 3" in made.settings["why"]["en"]


def test_scenario_7_a_small_repair_stays_with_the_council(hands: Hands, town: Any) -> None:
    made = services.start_decision(
        hands.proposer, proposal(town.cooperative, "payment", facts={"amount": Decimal(30000)}), hands.at
    )
    assert (made.procedure, made.resolve, made.secrecy) == ("council", "REO-BD", "hands")


def test_a_missing_number_never_picks_the_lesser_body(hands: Hands, town: Any) -> None:
    with pytest.raises(ValidationError, match="年限"):
        services.start_decision(hands.proposer, proposal(town.cooperative, "lease", facts={}), hands.at)


def test_sent_twice_is_one(hands: Hands, town: Any) -> None:
    given = proposal(town.cooperative, facts={"amount": Decimal(1000)})
    first, second = (services.start_decision(hands.proposer, given, hands.at) for _ in range(2))
    assert first == second and entries(first) == ["decisions.started"]


def test_anothers_key_is_refused(hands: Hands, town: Any, make_person: Any) -> None:
    given = proposal(town.cooperative, facts={"amount": Decimal(1000)})
    made = services.start_decision(hands.proposer, given, hands.at)
    with pytest.raises(ValidationError, match="换一个"):
        services.start_decision(hands.secretary, given, hands.at)
    key = uuid.uuid4()
    services.comment_on_motion(member(town, make_person), made, "同意", key, hands.at)
    with pytest.raises(ValidationError, match="换一个"):
        services.comment_on_motion(hands.secretary, made, "不同意", key, hands.at)
    assert Decision.objects.count() == MotionComment.objects.count() == 1


def test_a_conflict_must_be_declared(hands: Hands, town: Any) -> None:
    with pytest.raises(ValidationError, match="利害关系"):
        services.start_decision(
            hands.proposer, proposal(town.cooperative, facts={"amount": Decimal(1)}, conflict=None), hands.at
        )


def test_scenario_8_through_to_the_outcome(hands: Hands, town: Any) -> None:
    made = hands.garden(town.cooperative)
    assert made.settings["overlays"] == ["PARTY-4YI"]
    hands.to_resolve(made)
    hands.noticed(made)
    hands.resolved(made)
    hands.certified(made)
    hands.event(made, "posted", "2026-10-22", place="公示栏", photo=True)
    with pytest.raises(Refusal) as told:
        hands.event(made, "posting_ended", "2026-11-06", photo=True)
    assert "35" in str(told.value.verdict.clause) and "2026-11-07" in str(told.value.verdict.reason)
    hands.event(made, "posting_ended", "2026-11-07", photo=True)
    money(hands, made)
    case = rules.case_of(made)
    assert case.step.id == "outcome_disclosure"
    hands.disclosed(made, "2026-12-01", "2026-12-17")
    made.refresh_from_db()
    assert (made.status, made.certified, made.step) == ("settled", True, "")
    assert len(entries(made)) == 1 + made.events.count()


def money(hands: Hands, made: Decision) -> None:
    """Contract, too large a payment, payment, own acceptance, acceptance, wrong account, account."""
    at = dt.datetime.fromisoformat("2026-11-10T09:00:00+08:00")
    president, later = hands.proposer, at + dt.timedelta(days=10)
    services.record_money(president, made, "contracted", "180000.00", "绿源园艺", "", (), at)
    with pytest.raises(Refusal, match="超过合同"):
        services.record_money(president, made, "paid", "180000.01", "绿源园艺", "", (), later)
    services.record_money(president, made, "paid", "180,000", "绿源园艺", "", (), later)
    with pytest.raises(Refusal):
        services.record_money(president, made, "final_account", "180000.00", "", "", (), later)
    with pytest.raises(Refusal):
        services.accept_work(president, made, "验收", later)
    services.accept_work(hands.supervisor, made, "按图验收，数量相符。", later)
    with pytest.raises(Refusal, match="不一致"):
        services.record_money(president, made, "final_account", "179999.99", "", "", (), later)
    services.record_money(president, made, "final_account", "180000.00", "", "", (), later)


def test_a_step_is_not_skipped(hands: Hands, town: Any) -> None:
    made = hands.garden(town.cooperative)
    with pytest.raises(Refusal, match="法定步骤不能跳过"):
        hands.event(made, "notice_posted", "2026-09-29", meeting_on="2026-10-20", roll={"reps_all": 31})
    assert entries(made) == ["decisions.started"]


def test_the_party_study_comes_first_and_from_the_party(hands: Hands, town: Any) -> None:
    made = services.start_decision(hands.proposer, proposal(town.cooperative, "distribution"), hands.at)
    assert made.procedure == "members_representatives"
    hands.drafted(made)
    with pytest.raises(Refusal) as told:
        services.do_step(hands.proposer, made, {"opinion": PaperInput("同意")}, hands.at)
    assert "第26条第2款" in str(told.value.verdict.clause)
    with pytest.raises(Refusal, match="党组织研究讨论意见"):
        services.do_step(hands.secretary, made, {}, hands.at)
    hands.studied(made)
    made.refresh_from_db()
    assert made.step == "resolve" and made.papers.get().words == "支部讨论同意。"


def test_a_material_change_returns_to_the_step_that_fixed_it(hands: Hands, town: Any) -> None:
    made = hands.garden(town.cooperative)
    hands.to_resolve(made)
    at = dt.datetime.fromisoformat("2026-10-09T10:00:00+08:00")
    services.change_motion(
        hands.proposer, made, TEXT.replace("180000", "200000"), "200000.00", "budget", True, "材料涨价", at
    )
    made.refresh_from_db()
    assert (made.step, made.version, current_version(made).number) == ("consult", 2, 2)


def test_an_erratum_stops_nothing_and_touches_no_number(hands: Hands, town: Any) -> None:
    made = hands.garden(town.cooperative)
    hands.to_resolve(made)
    at = dt.datetime.fromisoformat("2026-10-09T10:00:00+08:00")
    with pytest.raises(ValidationError, match="数字"):
        services.change_motion(hands.proposer, made, TEXT.replace("320", "330"), "180000", "text", False, "笔误", at)
    with pytest.raises(ValidationError, match="实质修改"):
        services.change_motion(
            hands.proposer,
            made,
            TEXT + "另外请各户自带农具并轮流看管园地直到收成为止。",
            "180000",
            "text",
            False,
            "补充",
            at,
        )
    services.change_motion(hands.proposer, made, TEXT.replace("街口", "街口旁"), "180000", "text", False, "漏字", at)
    made.refresh_from_db()
    assert (made.step, made.version) == ("resolve", 1)
    assert current_version(made).digest == rules.case_of(made).text_hash


def test_every_comment_is_answered_before_the_next_step(hands: Hands, town: Any, make_person: Any) -> None:
    made = hands.garden(town.cooperative)
    hands.drafted(made)
    one = member(town, make_person)
    said = services.comment_on_motion(one, made, "菜园请留一条轮椅能走的路。", uuid.uuid4(), hands.at)
    with pytest.raises(Refusal, match="1 条意见没有答复"):
        hands.event(made, "meeting_opened", "2026-09-29", roll={"body": 5})
    with pytest.raises(ValidationError):
        services.answer_comment(hands.proposer, said, "adopted", "", hands.at)
    services.answer_comment(hands.proposer, said, "adopted", "已加入方案。", hands.at)
    hands.event(made, "meeting_opened", "2026-09-29", roll={"body": 5})
    assert entries(made)[-3:] == ["decisions.commented", "decisions.comment_answered", "decisions.meeting_opened"]
    with pytest.raises(Refusal):
        services.answer_comment(hands.proposer, said, "adopted", "再答", hands.at)


def test_a_stranger_does_not_comment(hands: Hands, town: Any, stranger: Viewer) -> None:
    made = hands.garden(town.cooperative)
    with pytest.raises(Refusal, match="成员、居民或业主"):
        services.comment_on_motion(stranger, made, "随便说说", uuid.uuid4(), hands.at)
    assert not MotionComment.objects.exists()


def test_a_failed_vote_is_drafted_anew(hands: Hands, town: Any) -> None:
    made = hands.garden(town.cooperative)
    hands.to_resolve(made)
    hands.noticed(made)
    hands.resolved(made, yes=20)
    hands.certified(made)
    made.refresh_from_db()
    assert made.phase == "failed"
    at = dt.datetime.fromisoformat("2026-10-25T10:00:00+08:00")
    services.redraft_motion(hands.proposer, made, TEXT + "（缩小面积）", "150000", "未达 21 票", at)
    made.refresh_from_db()
    assert (made.step, made.version) == ("draft", 2)


def test_the_vote_has_begun_no_withdrawal(hands: Hands, town: Any) -> None:
    made = hands.garden(town.cooperative)
    hands.to_resolve(made)
    hands.noticed(made)
    hands.event(made, "meeting_opened", "2026-10-20")
    hands.event(made, "attendance_counted", "2026-10-20", counts={"present": 29})
    hands.event(made, "ballot_opened", "2026-10-20")
    made.refresh_from_db()
    with pytest.raises(Refusal, match="表决已开始"):
        services.withdraw_decision(hands.proposer, made, "不办了", hands.at)


def test_withdrawn_before(hands: Hands, town: Any) -> None:
    made = hands.garden(town.cooperative)
    services.withdraw_decision(hands.proposer, made, "先做调查。", hands.at)
    made.refresh_from_db()
    assert made.status == "withdrawn" and made.ended_at == hands.at


def test_the_town_reviews_what_is_to_be_reviewed(hands: Hands, town: Any) -> None:
    given = proposal(town.cooperative, facts={"amount": Decimal(300000)}, legality=True)
    made = services.start_decision(hands.proposer, given, hands.at)
    hands.to_resolve(made)
    made.refresh_from_db()
    assert made.step == "legality"
    at = dt.datetime.fromisoformat("2026-10-09T10:00:00+08:00")
    with pytest.raises(Refusal, match="由镇街审查"):
        services.review_decision(hands.proposer, made, "pass", "", at)
    services.review_decision(hands.town_officer, made, "return", "未写资金来源。", at)
    made.refresh_from_db()
    assert (made.step, made.version) == ("draft", 2)


def test_the_digest_is_of_the_canonical_text() -> None:
    same = {rules.motion_digest(t) for t in ("建园。\n两处", "建园。 \r\n两处\n", "  建园。\n两处")}
    assert len(same) == 1
    assert rules.motion_digest("建园", Decimal("1.00")) != rules.motion_digest("建园")


def test_a_result_is_annulled_by_a_document_that_the_town_enters(
    hands: Hands, town: Any, client_for: Any, anonymous: Viewer
) -> None:
    made = hands.garden(town.cooperative)
    ruling = PaperInput("判决撤销", io.BytesIO(PDF), "判决书.pdf")
    with pytest.raises(Refusal, match="没有已确认的结果"):
        services.annul_decision(hands.town_officer, made, "court", "程序违法", ruling, hands.at)
    hands.to_resolve(made)
    hands.noticed(made)
    hands.resolved(made)
    hands.certified(made)
    at = dt.datetime.fromisoformat("2026-11-01T10:00:00+08:00")
    for viewer in (hands.proposer, hands.supervisor, hands.secretary):
        with pytest.raises(Refusal, match="由镇街登记"):
            services.annul_decision(viewer, made, "court", "程序违法", ruling, at)
    with pytest.raises(ValidationError, match="请上传"):
        services.annul_decision(hands.town_officer, made, "court", "程序违法", PaperInput("判决撤销"), at)
    with pytest.raises(ValidationError, match="由谁撤销"):
        services.annul_decision(hands.town_officer, made, "president", "程序违法", ruling, at)
    with clock.standing_at(at):
        page = f"/decisions/{made.reference}"
        assert f"{page}/annul" in client_for(hands.town_officer).get(page).content.decode()
        given = {"by": "court", "reason": "程序违法", "ruling": SimpleUploadedFile("判决书.pdf", PDF)}
        assert client_for(hands.town_officer).post(f"{page}/annul", given).status_code == 303
        shown = client_for(anonymous).get(page).content.decode()
    made.refresh_from_db()
    assert made.status == "annulled" and "判决书.pdf" in shown and "程序违法" in shown
