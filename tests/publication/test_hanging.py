"""A posting on the board: whole days, gaps, objections that hold it, corrections. Scenario 19 and its dates."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from tests.publication.conftest import TEXT, accounts, moment, picture

from yishi.core import audit, clock
from yishi.core.models import StoredFile
from yishi.core.verdicts import Refusal
from yishi.inbox.models import Notification
from yishi.network.viewers import Viewer
from yishi.publication import selectors, services
from yishi.publication.models import LedgerLeaf, Objection, Posting
from yishi.publication.services import ObjectionInput

pytestmark = pytest.mark.django_db


def objection(**given: Any) -> ObjectionInput:
    facts = {"key": uuid.uuid4(), "clause": "第二项支出", "fact": "没有看到票据。", "demand": "请公布票据。"}
    return ObjectionInput(**(facts | given))


def test_fifteen_whole_days_after_the_day_of_posting(up: Posting, officer: Viewer) -> None:
    assert (up.posted_on, up.ends_on) == (dt.date(2026, 7, 1), dt.date(2026, 7, 17))
    services.check_posting(officer, up, picture(), moment(7, 10))
    with pytest.raises(Refusal, match="2026-07-17 起方可撤下，还差 1 日"):
        services.end_posting(officer, up, picture(), moment(7, 16, 23))
    with pytest.raises(ValidationError, match="照片"):
        services.end_posting(officer, up, None, moment(7, 17))
    ended = services.end_posting(officer, up, picture(), moment(7, 17, 0))
    assert (ended.state, ended.ended_on) == ("ended", dt.date(2026, 7, 17))
    assert [c.label for c in selectors.checks_of(ended)] == ["张贴时", "中期查看", "撤下前"]
    assert all(len(c.photos) == 1 and c.check.photo_digest == c.photos[0].sha256 for c in selectors.checks_of(ended))


def test_a_missing_photo_on_the_tenth_extends_it_by_a_day(up: Posting, officer: Viewer) -> None:
    services.check_posting(officer, up, None, moment(7, 10))
    up.refresh_from_db()
    assert up.ends_on == dt.date(2026, 7, 18)
    with pytest.raises(Refusal, match="2026-07-18"):
        services.end_posting(officer, up, picture(), moment(7, 17))
    services.end_posting(officer, up, picture(), moment(7, 18))
    said = [audit.sentence(e) for e in audit.chain(up)]
    assert said[2] == "2026-07-10 缺失，顺延至 2026-07-18 起方可撤下"
    assert audit.check_chain(audit.chain(up)) == 4


def test_a_look_that_nobody_took_is_logged_once_as_missing(up: Posting) -> None:
    assert services.note_missed_checks(moment(7, 10, 23)) == 0
    assert services.note_missed_checks(moment(7, 11)) == 1
    assert services.note_missed_checks(moment(7, 12)) == 0
    up.refresh_from_db()
    check = up.checks.get(kind="middle")
    assert (check.on, check.seen, check.by_id) == (dt.date(2026, 7, 10), False, None)
    assert up.ends_on == dt.date(2026, 7, 18)


def test_seen_and_missing_on_two_boards_is_one_gap(up: Posting, officer: Viewer) -> None:
    services.check_posting(officer, up, picture(), moment(7, 10), place="东门")
    services.check_posting(officer, up, picture(), moment(7, 10, 10), seen=False, place="西门", note="被撕了")
    services.check_posting(officer, up, None, moment(7, 10, 11), seen=False, place="南门")
    up.refresh_from_db()
    assert up.ends_on == dt.date(2026, 7, 18)


def test_it_is_opened_with_a_photo_a_place_and_once(prepared: Posting, officer: Viewer) -> None:
    with pytest.raises(ValidationError, match="照片"):
        services.open_posting(officer, prepared, None, moment(7, 1), places=["公示栏"])
    with pytest.raises(ValidationError, match="哪里"):
        services.open_posting(officer, prepared, picture(), moment(7, 1))
    with pytest.raises(ValidationError, match="张贴期内"):
        services.open_posting(officer, prepared, picture(), moment(7, 1), places=["栏"], check_on=dt.date(2026, 9, 1))
    services.open_posting(officer, prepared, picture(), moment(7, 1), places=["公示栏", "公示栏", " "])
    prepared.refresh_from_db()
    assert prepared.places == ["公示栏"] and prepared.check_on == dt.date(2026, 7, 9)
    with pytest.raises(Refusal, match="张贴中"):
        services.open_posting(officer, prepared, picture(), moment(7, 2), places=["公示栏"])


def test_personal_numbers_are_covered_on_the_board(officer: Viewer, town: Any) -> None:
    text = "困难补助：张三，13912345678，440682199001011234，6222021234567890123，永东街 3号楼2单元 502房，热线 0757-85551234。"
    posting = services.prepare_posting(officer, accounts(town, text=text), moment(7, 1))
    assert posting.masks == 4
    for private in ("13912345678", "440682199001011234", "6222021234567890123", "502房"):
        assert private not in posting.text
    assert "0757-85551234" in posting.text and "139****5678" in posting.text


def test_days_may_be_more_than_the_catalogue_asks_never_fewer(officer: Viewer, town: Any) -> None:
    with pytest.raises(ValidationError, match="至少张贴 15 日"):
        services.prepare_posting(officer, accounts(town, days=14), moment(7, 1))
    assert services.prepare_posting(officer, accounts(town, days=30), moment(7, 1)).days == 30
    for wrong in (
        {"title": " "},
        {"text": ""},
        {"item": "nothing"},
        {"area_id": town.taiping.pk},
        {"text": "x" * 20_001},
    ):
        with pytest.raises(ValidationError):
            services.prepare_posting(officer, accounts(town, **wrong), moment(7, 1))
    with pytest.raises(Refusal, match="不由"):
        services.prepare_posting(officer, accounts(town, item="cooperative_accounts"), moment(7, 1))


@pytest.mark.django_db(transaction=True)
def test_an_objection_holds_it_until_answered_by_another(up: Posting, officer: Viewer, bob: Viewer, town: Any) -> None:
    with clock.standing_at(moment(7, 6)):
        made = services.object_to_posting(bob, up, objection(), moment(7, 6))
        again = services.object_to_posting(bob, up, objection(key=made.key), moment(7, 7))
        with pytest.raises(ValidationError, match="已经用过"):
            services.object_to_posting(officer, up, objection(key=made.key), moment(7, 7))
        other = services.prepare_posting(officer, accounts(town, title="六月支出补充"), moment(7, 6))
        other = services.open_posting(officer, other, picture(), moment(7, 6), places=["祠堂公示栏"])
        with pytest.raises(ValidationError, match="已经用过"):
            services.object_to_posting(bob, other, objection(key=made.key), moment(7, 7))
    assert again.pk == made.pk and made.due_on == dt.date(2026, 7, 20)
    assert Notification.objects.filter(person_id=officer.person_id, title="有新的异议等待答复").exists()
    services.check_posting(officer, up, picture(), moment(7, 10))
    with pytest.raises(Refusal, match="1 件异议没有答复"):
        services.end_posting(officer, up, picture(), moment(7, 17))
    with pytest.raises(ValidationError):
        services.answer_objection(officer, made, "rejected", " ", moment(7, 17))
    with pytest.raises(ValidationError):
        services.answer_objection(officer, made, "maybe", "不知道", moment(7, 17))
    with pytest.raises(Refusal):
        services.answer_objection(bob, made, "upheld", "我说成立", moment(7, 17))
    services.answer_objection(officer, made, "rejected", "票据已附在社区财务室，可以查看。", moment(7, 17))
    with pytest.raises(Refusal, match="答复过"):
        services.answer_objection(officer, made, "upheld", "再想想", moment(7, 17))
    assert Notification.objects.filter(person_id=bob.person_id, title="您提的异议有了答复").exists()
    assert services.end_posting(officer, up, picture(), moment(7, 17)).state == "ended"


def test_an_upheld_objection_takes_it_down_to_be_corrected(up: Posting, officer: Viewer, bob: Viewer) -> None:
    made = services.object_to_posting(bob, up, objection(), moment(7, 6))
    services.answer_objection(officer, made, "upheld", "支出少写了一笔。", moment(7, 8))
    up.refresh_from_db()
    assert up.state == "corrected"
    fresh = services.correct_posting(officer, up, up.title, TEXT + "补记一笔。", "漏记", moment(7, 8))
    assert (fresh.state, fresh.replaces_id, fresh.days, fresh.reference != up.reference) == ("planned", up.pk, 15, True)
    with pytest.raises(Refusal, match="已经有更正后"):
        services.correct_posting(officer, up, up.title, TEXT + "再补。", "漏记", moment(7, 8))
    services.open_posting(officer, fresh, picture(), moment(7, 9))
    fresh.refresh_from_db()
    assert fresh.ends_on == dt.date(2026, 7, 25)


def test_an_error_is_corrected_without_an_objection_too(up: Posting, officer: Viewer) -> None:
    with pytest.raises(ValidationError, match="没有变化"):
        services.correct_posting(officer, up, up.title, up.text, "错别字", moment(7, 2))
    services.correct_posting(officer, up, up.title, up.text + "。", "错别字", moment(7, 2))
    up.refresh_from_db()
    assert (up.state, up.ended_on) == ("corrected", dt.date(2026, 7, 2))


def test_suspended_it_stays_until_resumed(up: Posting, supervisor: Viewer, officer: Viewer, bob: Viewer) -> None:
    with pytest.raises(Refusal):
        services.suspend_posting(bob, up, "不同意", moment(7, 3))
    services.suspend_posting(supervisor, up, "镇里责令核对。", moment(7, 3))
    with pytest.raises(Refusal, match="镇里责令核对"):
        services.end_posting(officer, up, picture(), moment(7, 20))
    services.resume_posting(supervisor, up, moment(7, 20))
    services.end_posting(officer, up, picture(), moment(7, 20))


def test_objections_entered_for_someone(up: Posting, officer: Viewer, bob: Viewer, anonymous: Viewer) -> None:
    entered = objection(channel="phone", name="何伯", contact="13912345678")
    with pytest.raises(Refusal):
        services.object_to_posting(bob, up, entered, moment(7, 6))
    with pytest.raises(ValidationError, match="姓名"):
        services.object_to_posting(officer, up, objection(channel="paper"), moment(7, 6))
    services.object_to_posting(officer, up, entered, moment(7, 6))
    with pytest.raises(Refusal, match="请先登录"):
        services.object_to_posting(anonymous, up, objection(), moment(7, 6))
    seen, inside = selectors.objections_of(bob, up)[0], selectors.objections_of(officer, up)[0]
    assert (seen.objection.shown_as, seen.name, seen.contact) == ("一位居民", "", "")
    assert (inside.name, inside.contact, inside.may_answer) == ("何伯", "13912345678", True)


def test_an_announcement_takes_no_objection_and_a_posting_that_came_down_neither(
    up: Posting, officer: Viewer, bob: Viewer, town: Any
) -> None:
    told = services.prepare_posting(
        officer, accounts(town, item="announcement", title="停水", text="明天停水。"), moment(7, 1)
    )
    services.open_posting(officer, told, picture(), moment(7, 1), places=["栏"])
    told.refresh_from_db()
    with pytest.raises(Refusal, match="不设异议"):
        services.object_to_posting(bob, told, objection(), moment(7, 2))
    services.check_posting(officer, up, picture(), moment(7, 10))
    services.end_posting(officer, up, picture(), moment(7, 17))
    up.refresh_from_db()
    with pytest.raises(Refusal, match="公示期外"):
        services.object_to_posting(bob, up, objection(), moment(7, 18))


def test_taken_down_before_the_worker_looked_it_hangs_the_missing_day_longer(up: Posting, officer: Viewer) -> None:
    with pytest.raises(Refusal, match="2026-07-18 起方可撤下"):
        services.end_posting(officer, up, picture(), moment(7, 17))
    assert up.checks.get(kind="middle").seen is False
    assert services.note_missed_checks(moment(7, 17)) == 0
    assert services.end_posting(officer, up, picture(), moment(7, 18)).state == "ended"


def test_nothing_personal_is_kept_in_audit_or_ledger(up: Posting, officer: Viewer, bob: Viewer) -> None:
    made = services.object_to_posting(
        bob, up, objection(fact="梁志强说 13912345678", shown_as="住户13912345678"), moment(7, 6)
    )
    assert "13912345678" not in made.shown_as
    services.answer_objection(officer, made, "partly", "已与 13912345678 联系。", moment(7, 7))
    kept = " ".join(str(e.data) for e in audit.chain(up)) + " ".join(
        bytes(e).decode() for e in LedgerLeaf.objects.values_list("entry", flat=True)
    )
    for private in ("梁志强", "13912345678", "票据"):
        assert private not in kept
    assert "139****5678" in Objection.objects.get().reason
    shown = selectors.objections_of(officer, up)[0]
    assert "13912345678" not in shown.fact


def test_photos_open_to_those_who_see_the_posting(up: Posting, prepared: Posting, anonymous: Viewer) -> None:
    photo = StoredFile.objects.get(subject_kind="publication.postingcheck")
    assert photo.public and selectors.may_open_check_file(anonymous, photo)
    Posting.objects.filter(pk=up.pk).update(visibility="inside")
    assert not selectors.may_open_check_file(anonymous, photo)
