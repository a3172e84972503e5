"""The audit chain: one entry an act, unbroken, without personal data."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils.translation import override

from yishi.core import audit, generations, registry
from yishi.core.models import AuditEntry, SearchEntry
from yishi.core.registry import Verb

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 9, 28, 9, tzinfo=dt.UTC)


@pytest.fixture
def subject() -> SearchEntry:
    registry.verbs.setdefault("test_done", Verb("test_done", "做了 {what}", "Did {what}"))
    return SearchEntry.objects.create(kind="x", object_id=1, town_id=1, text="")


def act(subject: SearchEntry, **data: object) -> AuditEntry:
    return audit.record("test_done", subject, at=AT, actor_id=7, **data)


def test_a_chain_is_checked_from_its_first_entry(subject: SearchEntry) -> None:
    for number in range(3):
        act(subject, what=number)
    assert audit.check_chain(audit.chain(subject)) == 3


@pytest.mark.parametrize("change", [{"verb": "other"}, {"actor_id": 8}, {"data": {"what": 9}}, {"number": 9}])
def test_any_change_is_found(subject: SearchEntry, change: dict[str, object]) -> None:
    for number in range(3):
        act(subject, what=number)
    AuditEntry.objects.filter(subject_id=subject.pk, number=2).update(**change)
    with pytest.raises(audit.BrokenChain):
        audit.check_chain(audit.chain(subject))


def test_a_removed_entry_is_found(subject: SearchEntry) -> None:
    for number in range(3):
        act(subject, what=number)
    AuditEntry.objects.filter(subject_id=subject.pk, number=2).delete()
    with pytest.raises(audit.BrokenChain, match="entry 2"):
        audit.check_chain(audit.chain(subject))


def test_sentences_in_both_languages(subject: SearchEntry) -> None:
    entry = act(subject, what=5)
    with override("zh-hans"):
        assert audit.sentence(entry) == "做了 5"
    with override("en"):
        assert audit.sentence(entry) == "Did 5"


@pytest.mark.parametrize("data", [{"what": "很长" * 200}, {"what": ["a"]}, {"what": {"name": "x"}}])
def test_only_short_references_are_kept(subject: SearchEntry, data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="what"):
        act(subject, **data)


def test_an_unknown_verb_is_refused(subject: SearchEntry) -> None:
    with pytest.raises(ValueError, match="not registered"):
        audit.record("never_heard", subject, at=AT, actor_id=None)


@pytest.mark.django_db(transaction=True)
def test_an_act_makes_kept_pages_stale_on_commit_only(subject: SearchEntry) -> None:
    before = generations.current()
    with pytest.raises(RuntimeError), transaction.atomic():
        act(subject, what=1)
        raise RuntimeError
    assert generations.current() == before
    with transaction.atomic():
        act(subject, what=1)
        assert generations.current() == before
    assert generations.current() != before


def test_two_verbs_under_one_name_are_refused() -> None:
    registry.register(verbs_=[Verb("test_same", "甲", "A")])
    registry.register(verbs_=[Verb("test_same", "甲", "A")])
    with pytest.raises(ValueError, match="twice"):
        registry.register(verbs_=[Verb("test_same", "乙", "B")])
    del registry.verbs["test_same"]
