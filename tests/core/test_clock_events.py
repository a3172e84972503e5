"""Time is an argument; news is told after commit, once for each reaction."""

import datetime as dt
import threading
from dataclasses import dataclass

import pytest
from django.db import transaction

from yishi.core import clock, events, secret
from yishi.core.verdicts import YES, Refusal, first_refusal, hidden, no, require

AT = dt.datetime(2026, 9, 28, 16, 30, tzinfo=dt.UTC)


def test_the_clock_stands_where_it_is_put() -> None:
    with clock.standing_at(AT):
        assert clock.now() == AT
        assert clock.today() == dt.date(2026, 9, 29)
    assert clock.now() != AT


def test_it_stands_for_its_own_thread_alone() -> None:
    seen: list[dt.datetime] = []
    with clock.standing_at(AT):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != AT


def test_references_can_be_read_aloud() -> None:
    found = {clock.new_reference(AT) for _ in range(200)}
    assert len(found) == 200
    assert all(r.startswith("260929-") and not set(r[7:]) & set("01OIL") for r in found)


@dataclass(frozen=True)
class Happened:
    number: int


@pytest.mark.django_db(transaction=True)
def test_news_after_commit_only_and_a_failing_reaction_undoes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[int] = []

    @events.on(Happened)
    def fails(event: Happened) -> None:
        raise ValueError("private words")

    @events.on(Happened)
    def hears(event: Happened) -> None:
        heard.append(event.number)

    events.on(Happened)(hears)
    with transaction.atomic():
        events.publish(Happened(1))
        assert heard == []
    assert heard == [1]
    with pytest.raises(RuntimeError), transaction.atomic():
        events.publish(Happened(2))
        raise RuntimeError
    assert heard == [1]
    assert "fails failed" in caplog.text


def test_verdicts() -> None:
    require(YES)
    with pytest.raises(Refusal) as refused:
        require(first_refusal(YES, no("还差 3 人", "第 27 条"), hidden()))
    assert (refused.value.verdict.reason, refused.value.verdict.hidden) == ("还差 3 人", False)


def test_the_installations_key_is_made_once(tmp_path: object) -> None:
    path = tmp_path / "deep" / "secret.key"  # type: ignore[operator]
    keys: set[str] = set()
    threads = [threading.Thread(target=lambda: keys.add(secret.kept_key(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1
    assert path.stat().st_mode & 0o777 == 0o600
