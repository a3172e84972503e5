"""Reply, telling, judgement, second handling, settling: nobody is forgotten, nobody settles their own work."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from tests.matters.stages import Desk, told

from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.matters import selectors, services
from yishi.matters.models import ContactView, Matter, Report, Step
from yishi.network.viewers import Viewer
from yishi.people import services as people

pytestmark = pytest.mark.django_db


def caller(viewer: Viewer, at: dt.datetime, **given: Any) -> Report:
    """A caller whom an officer wrote down, with spoken consent."""
    consent = people.record_consent(viewer, None, "matters.contact", "spoken", "电话中同意", at)
    contact = services.ContactInput(name="潘大姐", phone="19900001234", shown_as="3 号楼居民")
    return services.raise_matter(
        viewer,
        told(channel="phone", contact=contact, consent_id=consent.pk, community_id=given.pop("community"), **given),
        at,
    )


def test_a_name_is_kept_only_with_consent(officer: Viewer, town: Any, at: dt.datetime) -> None:
    contact = services.ContactInput(name="潘大姐", phone="19900001234")
    with pytest.raises(ValidationError) as error:
        services.raise_matter(officer, told(channel="phone", contact=contact), at)
    assert "consent_id" in error.value.message_dict
    assert not Matter.objects.exists()
    report = caller(officer, at, community=town.dawei.pk)
    assert report.entered_by_id == officer.person_id and report.reporter_id is None and report.consent_id


def test_helper_mode_is_on_the_record(stranger: Viewer, alice: Viewer, at: dt.datetime) -> None:
    helper = replace(stranger, helping_id=alice.person_id)
    report = services.raise_matter(helper, told(), at)
    assert (report.reporter_id, report.entered_by_id) == (alice.person_id, stranger.person_id)
    entry = audit.chain(report.matter)[0]
    assert (entry.actor_id, entry.on_behalf_of_id) == (stranger.person_id, alice.person_id)


def test_numbers_are_masked_in_public_and_kept_for_the_handler(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    text = "请联系 19912345678，身份证 440682199001011234，路面塌了。"
    report = services.raise_matter(alice, told(text=text), at)
    assert "19912345678" not in report.matter.text and "1990010" not in report.matter.text
    assert report.text == text
    desk.accepted(report.matter)
    assert selectors.list_matters(alice, selectors.MatterFilter(q="19912345678")).total == 0


def test_who_reported_is_seen_by_handler_and_enterer_alone_every_time_logged(
    dispatcher: Viewer, desk: Desk, town: Any, auditor: Viewer, at: dt.datetime
) -> None:
    report = caller(dispatcher, at, community=town.dawei.pk)
    assert services.view_contact(dispatcher, report, "核对号码", at).phone == "19900001234"
    for other in (desk.officer, desk.other, auditor):
        with pytest.raises(Refusal):
            services.view_contact(other, report, "看看", at)
    desk.doing(report.matter)
    with pytest.raises(ValidationError):
        services.view_contact(desk.officer, report, " ", at)
    assert services.view_contact(desk.officer, report, "约时间上门", at).name == "潘大姐"
    assert services.view_contact(desk.officer, report, "再约一次", at).name == "潘大姐"
    with pytest.raises(Refusal, match="身份"):
        services.view_contact(desk.other, report, "我也看看", at)
    assert ContactView.objects.count() == 3
    seen = [e for e in audit.chain(report.matter) if e.verb == "matters.contact_viewed"]
    assert [e.actor_id for e in seen] == [dispatcher.person_id, desk.officer.person_id, desk.officer.person_id]
    assert seen[1].data["why"] == audit.digest_of("约时间上门")
    assert "潘大姐" not in str([e.data for e in audit.chain(report.matter)])


def test_the_page_shows_a_masked_reporter(
    alice: Viewer, desk: Desk, dispatcher: Viewer, anonymous: Viewer, town: Any, at: dt.datetime
) -> None:
    report, entered = services.raise_matter(alice, told(), at), caller(dispatcher, at, community=town.dawei.pk)
    for one, name in ((report, "何"), (entered, "3 号楼居民")):
        desk.accepted(one.matter)
        page = selectors.timeline(anonymous, selectors.get_matter_for(anonymous, one.matter.reference))
        assert name in page[0].who
        assert "何秀英" not in str(page) and "潘大姐" not in str(page) and "19900001234" not in str(page)


def test_there_is_no_search_by_reporter(
    alice: Viewer, desk: Desk, dispatcher: Viewer, town: Any, at: dt.datetime
) -> None:
    desk.accepted(services.raise_matter(alice, told(), at).matter)
    caller(dispatcher, at, community=town.dawei.pk)
    for words in ("何秀英", "潘大姐", "19900001234", "3 号楼居民"):
        for viewer in (dispatcher, desk.officer, alice):
            assert selectors.list_matters(viewer, selectors.MatterFilter(q=words)).total == 0, words


def test_not_told_means_not_settled(
    alice: Viewer, bob: Viewer, desk: Desk, dispatcher: Viewer, at: dt.datetime
) -> None:
    report = services.raise_matter(alice, told(), at)
    desk.doing(report.matter)
    other = services.raise_matter(bob, told(join_reference=report.matter.reference), at)
    services.reply_to_report(desk.officer, report, "经核查，已疏通。", at)
    assert Matter.objects.get().stage == "doing"
    services.reply_to_all(desk.officer, report.matter, "经核查，已疏通。", at)
    services.tell_reporter(desk.officer, report, "in_app", at)
    with pytest.raises(Refusal, match="1 位反映人没有被告知"):
        services.settle_matter(dispatcher, report.matter, "已疏通。", at)
    services.tell_reporter(desk.officer, other, "phone", at)
    assert services.settle_matter(dispatcher, report.matter, "已疏通。", at).stage == "settled"
    assert set(Report.objects.values_list("state", flat=True)) == {"closed"}


def test_ways_of_telling(alice: Viewer, desk: Desk, dispatcher: Viewer, town: Any, at: dt.datetime) -> None:
    mine, entered = services.raise_matter(alice, told(), at), caller(dispatcher, at, community=town.dawei.pk)
    for report in (mine, entered):
        desk.doing(report.matter)
        with pytest.raises(Refusal, match="先写好答复"):
            services.tell_reporter(desk.officer, report, "phone", at)
        services.reply_to_report(desk.officer, report, "经核查，已疏通。", at)
    for report, how in ((mine, "unreachable"), (mine, "hotline"), (entered, "in_app"), (entered, "pigeon")):
        with pytest.raises(ValidationError):
            services.tell_reporter(desk.officer, report, how, at)
    assert services.tell_reporter(dispatcher, entered, "unreachable", at).state == "told"
    assert services.settle_matter(dispatcher, entered.matter, "已疏通。", at).stage == "settled"


def test_an_unreachable_reporter_does_not_stop_the_settling(
    desk: Desk, dispatcher: Viewer, anonymous: Viewer, town: Any, at: dt.datetime
) -> None:
    report = services.raise_matter(anonymous, told(community_id=town.dawei.pk), at)
    desk.doing(report.matter)
    services.reply_to_report(desk.officer, report, "经核查，已疏通。", at)
    assert services.settle_matter(dispatcher, report.matter, "已疏通。", at).stage == "settled"


def test_not_satisfied_opens_it_again_once_and_asks_to_look_again(
    alice: Viewer, desk: Desk, dispatcher: Viewer, at: dt.datetime
) -> None:
    report = desk.answered(services.raise_matter(alice, told(), at))
    services.judge_report(alice, report, False, "unsatisfied", "还在漫水", at)
    report.refresh_from_db()
    matter = Matter.objects.get()
    assert (report.state, report.due_on, report.told_how) == ("reopened", dt.date(2026, 10, 10), "")
    assert (matter.stage, matter.unsatisfied, matter.due_on) == ("doing", 1, dt.date(2026, 10, 10))
    with pytest.raises(Refusal):
        services.settle_matter(dispatcher, matter, "已疏通。", at)
    with pytest.raises(Refusal, match="重新核查"):
        services.reply_to_report(desk.officer, report, "已再次疏通。", at)
    services.add_note(desk.officer, matter, "到现场复查，管道下游仍堵，已换管。", True, [], at)
    services.reply_to_report(desk.officer, report, "经复查换管，已通。", at)
    services.tell_reporter(desk.officer, report, "phone", at)
    services.visit_back(dispatcher, report, False, "unsatisfied", "还是不满意", at)
    report.refresh_from_db()
    assert (report.state, report.reopened) == ("judged", 1)
    assert services.settle_matter(dispatcher, matter, "已换管。", at).unsatisfied == 1


def test_a_quick_ending_silences_nobody(alice: Viewer, desk: Desk, dispatcher: Viewer, at: dt.datetime) -> None:
    report = desk.answered(services.raise_matter(alice, told(), at))
    services.settle_matter(dispatcher, report.matter, "已疏通。", at)
    services.judge_report(alice, report, False, "unsatisfied", "没通", at)
    matter = Matter.objects.get()
    assert (matter.stage, matter.settled_at) == ("doing", None)
    with pytest.raises(Refusal):
        services.judge_report(alice, report, True, "satisfied", "", at)


def test_nobody_asks_back_or_settles_their_own_work(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    report = desk.answered(services.raise_matter(alice, told(), at))
    with pytest.raises(Refusal, match="经办人不能回访"):
        services.visit_back(desk.officer, report, True, "satisfied", "", at)
    with pytest.raises(Refusal, match="自己办结"):
        services.settle_matter(desk.officer, report.matter, "已疏通。", at)
    assert services.settle_matter(desk.other, report.matter, "已疏通。", at).stage == "settled"


def test_no_answer_is_not_a_judgement(alice: Viewer, desk: Desk, dispatcher: Viewer, at: dt.datetime) -> None:
    report = desk.answered(services.raise_matter(alice, told(), at))
    services.visit_back(dispatcher, report, None, "no_answer", "", at)
    report.refresh_from_db()
    assert report.state == "told"
    with pytest.raises(ValidationError):
        services.visit_back(dispatcher, report, None, "satisfied", "", at)
    services.visit_back(dispatcher, report, True, "basically", "可以", at)
    assert Matter.objects.get().satisfied == 1


def test_size_is_told_and_may_be_appealed_once(alice: Viewer, bob: Viewer, desk: Desk, at: dt.datetime) -> None:
    matter = services.raise_matter(alice, told(), at).matter
    desk.accepted(matter)
    with pytest.raises(Refusal):
        services.appeal_size(bob, matter, "hard", "我也觉得", at)
    with pytest.raises(ValidationError):
        services.appeal_size(alice, matter, "everyday", "一样", at)
    appeal = services.appeal_size(alice, matter, "hard", "三年没有解决", at)
    assert [i.act for i in selectors.queue_for(desk.officer)].count("answer_appeal") == 1
    services.answer_size_appeal(desk.officer, appeal, True, "确实拖延已久，按难事办。", at)
    assert Matter.objects.get().size == "hard"
    with pytest.raises(Refusal, match="申诉过一次"):
        services.appeal_size(alice, matter, "major", "还要更大", at)
    with pytest.raises(Refusal):
        services.answer_size_appeal(desk.officer, appeal, False, "改主意", at)


def test_withdrawn_by_the_last_ends_it(alice: Viewer, bob: Viewer, desk: Desk, at: dt.datetime) -> None:
    report = services.raise_matter(alice, told(), at)
    desk.accepted(report.matter)
    other = services.raise_matter(bob, told(join_reference=report.matter.reference), at)
    services.withdraw_report(alice, report, "已自行解决", at)
    assert Matter.objects.get().stage == "accepted"
    services.withdraw_report(bob, other, "一样", at)
    assert Matter.objects.get().stage == "withdrawn"
    with pytest.raises(Refusal):
        services.withdraw_report(bob, other, "再撤", at)


def test_declined_tells_why_and_where_to_go(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    report = services.raise_matter(alice, told(), at)
    services.decline_matter(desk.officer, report.matter, "已进入诉讼。", "南海区法院大沥法庭", "民事诉讼法", at)
    report.refresh_from_db()
    assert report.state == "closed" and "大沥法庭" in report.reply
    assert Step.objects.get(kind="declined").clause == "民事诉讼法"


def test_corrected_with_a_reason_the_reporters_words_stay(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    report = services.raise_matter(alice, told(), at)
    with pytest.raises(ValidationError):
        services.correct_matter(desk.officer, report.matter, "写清地点", at, title=report.matter.title)
    services.correct_matter(desk.officer, report.matter, "写清地点", at, title="永东街下水道堵", place="永东街 18 号")
    report.refresh_from_db()
    assert report.matter.title == "永东街下水道堵" and report.text.startswith("永东街 18 号门前")
    assert audit.chain(report.matter)[-1].data["fields"] == "title,place"


def test_inputs_are_checked_field_by_field(alice: Viewer, at: dt.datetime) -> None:
    wrong = told(title="", text=" ", channel="smoke", latitude=23.1, received_at=at + dt.timedelta(hours=1))
    with pytest.raises(ValidationError) as error:
        services.raise_matter(alice, replace(wrong, channel="web"), at)
    assert set(error.value.message_dict) == {"text", "latitude", "received_at"}
    for given in (
        {"nature": "gossip"},
        {"community_id": 999},
        {"hall_id": 999},
        {"category_id": 999},
        {"join_reference": "x"},
    ):
        with pytest.raises(ValidationError) as error:
            services.raise_matter(alice, told(**given), at)
        assert set(error.value.message_dict) == set(given)
    assert not Report.objects.exists()


def test_a_key_of_someone_else_reveals_nothing(alice: Viewer, bob: Viewer, at: dt.datetime) -> None:
    key = uuid.uuid4()
    services.raise_matter(alice, told(key), at)
    with pytest.raises(Refusal) as refused:
        services.raise_matter(bob, told(key), at)
    assert refused.value.verdict.hidden


def test_the_nature_is_proposed_from_the_words(alice: Viewer, at: dt.datetime) -> None:
    report = services.raise_matter(alice, told(title="咨询", text="请问社区饭堂几时开门？", nature=""), at)
    assert report.nature == "consult" and report.due_on == dt.date(2026, 9, 30)
