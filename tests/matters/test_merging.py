"""Merging and splitting: every reporter keeps their own report, clock and reply; nothing is lost either way."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from tests.matters.stages import Desk, told

from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.matters import selectors, services
from yishi.matters.models import Assignment, Matter, Report
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db


def facts(report: Report) -> tuple[Any, ...]:
    report.refresh_from_db()
    return report.matter_id, report.due_on, report.state, report.reply, report.reporter_id, report.text


def test_merged_keeps_own_clock_and_reply_and_splits_back(
    alice: Viewer, bob: Viewer, desk: Desk, dispatcher: Viewer, at: dt.datetime
) -> None:
    first = services.raise_matter(alice, told(), at)
    later = at + dt.timedelta(days=1)
    second = services.raise_matter(bob, told(nature="help", text="永东街门口又堵了"), later)
    one, two = first.matter, second.matter
    desk.doing(one)
    signed = desk.doing(two)
    before = facts(second)
    merge = services.merge_matter(desk.officer, two, one, "同一处下水道", later)
    two.refresh_from_db()
    one.refresh_from_db()
    assert (two.stage, two.merged_into_id, two.report_count) == ("merged", one.pk, 0)
    assert one.report_count == 2 and one.due_on == min(first.due_on, second.due_on)
    assert facts(second) == (one.pk, *before[1:])
    services.reply_to_report(desk.officer, second, "给您的答复：已疏通。", later)
    assert facts(first)[3] == ""
    third = services.raise_matter(alice, told(join_reference=two.reference, text="我也看见"), later)
    fourth = services.raise_matter(alice, told(join_reference=one.reference, text="这边也漫"), later)
    assert {third.matter_id, fourth.matter_id} == {one.pk}
    back = services.split_matter(desk.officer, merge, "其实是两处", later)
    assert back.stage == "doing" and back.lead_id == signed.organisation_id
    assert facts(second)[:4] == (two.pk, before[1], "replied", "给您的答复：已疏通。")
    assert facts(third)[0] == two.pk and facts(fourth)[0] == one.pk and facts(first)[0] == one.pk
    signed.refresh_from_db()
    assert signed.state == "signed" and signed.ended_at is None
    for matter in (one, two):
        matter.refresh_from_db()
        assert audit.check_chain(audit.chain(matter))
        assert matter.report_count == 2


def test_a_split_after_settling_stands_settled(
    alice: Viewer, bob: Viewer, desk: Desk, dispatcher: Viewer, at: dt.datetime
) -> None:
    first, second = (services.raise_matter(p, told(), at) for p in (alice, bob))
    desk.doing(first.matter)
    merge = services.merge_matter(desk.officer, second.matter, first.matter, "同一处", at)
    services.reply_to_all(desk.officer, first.matter, "经核查，已疏通。", at)
    for report in (first, second):
        services.tell_reporter(desk.officer, report, "in_app", at)
    services.settle_matter(dispatcher, first.matter, "已疏通。", at)
    back = services.split_matter(desk.officer, merge, "两处", at)
    assert (back.stage, back.result) == ("settled", "已疏通。")
    services.judge_report(bob, second, False, "unsatisfied", "我那处没通", at)
    assert Matter.objects.get(pk=back.pk).stage == "accepted"


def test_refused_merges(
    alice: Viewer, bob: Viewer, desk: Desk, other_officer: Viewer, town: Any, at: dt.datetime
) -> None:
    a, b, c = (services.raise_matter(p, told(), at).matter for p in (alice, bob, alice))
    with pytest.raises(ValidationError):
        services.merge_matter(desk.officer, a, a, "自己", at)
    with pytest.raises(Refusal):
        services.merge_matter(other_officer, a, b, "别处的人", at)
    services.merge_matter(desk.officer, a, b, "同一件", at)
    with pytest.raises(Refusal):
        services.merge_matter(desk.officer, a, c, "再并", at)
    with pytest.raises(Refusal):
        services.merge_matter(desk.officer, c, a, "并入已并的", at)
    with pytest.raises(Refusal, match="已有其他事项并入"):
        services.merge_matter(desk.officer, b, c, "连环", at)
    hidden = services.raise_matter(alice, told(), at).matter
    desk.accepted(hidden, visibility="handlers")
    desk.accepted(c)
    with pytest.raises(Refusal, match="不公开"):
        services.merge_matter(desk.officer, hidden, c, "不同可见", at)
    sealed = services.raise_matter(alice, told(hall_id=town.womens_hall.pk), at).matter
    with pytest.raises(Refusal):
        services.merge_matter(desk.officer, sealed, c, "敏感", at)


def test_split_once(alice: Viewer, bob: Viewer, desk: Desk, at: dt.datetime) -> None:
    a, b = (services.raise_matter(p, told(), at).matter for p in (alice, bob))
    merge = services.merge_matter(desk.officer, a, b, "同一件", at)
    services.split_matter(desk.officer, merge, "不是", at)
    with pytest.raises(Refusal, match="已经拆分"):
        services.split_matter(desk.officer, merge, "再拆", at)
    again = services.merge_matter(desk.officer, a, b, "又合", at)
    assert services.split_matter(desk.officer, again, "又拆", at).stage == "raised"


def test_a_commitment_on_the_merged_one_still_holds_the_settling(
    alice: Viewer, bob: Viewer, desk: Desk, dispatcher: Viewer, town: Any, at: dt.datetime
) -> None:
    from yishi.commitments import services as commitments

    first, second = (services.raise_matter(p, told(), at) for p in (alice, bob))
    desk.doing(first.matter)
    desk.accepted(second.matter)
    commitments.make_commitment(
        desk.officer, second.matter, "换井盖", town.property_company.pk, None, dt.date(2026, 10, 9), 300, at
    )
    services.merge_matter(desk.officer, second.matter, first.matter, "同一处", at)
    assert selectors.open_commitments(first.matter) == 1
    services.reply_to_all(desk.officer, first.matter, "经核查，已疏通。", at)
    assert any("责任事项" in words for words in selectors.in_the_way(first.matter))


def test_a_returned_and_lead_state_comes_back(alice: Viewer, bob: Viewer, desk: Desk, at: dt.datetime) -> None:
    first, second = (services.raise_matter(p, told(), at) for p in (alice, bob))
    sent = desk.assigned(second.matter)
    desk.accepted(first.matter)
    merge = services.merge_matter(desk.officer, second.matter, first.matter, "同一处", at)
    assert Assignment.objects.get(pk=sent.pk).state == "ended"
    assert services.split_matter(desk.officer, merge, "两处", at).stage == "assigned"
    assert Assignment.objects.get(pk=sent.pk).state == "sent"
