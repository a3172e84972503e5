"""Every matter gets a public number of its own, however few numbers a day has."""

import datetime as dt
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.matters.imports.files import comma
from tests.matters.stages import told

from yishi.core import clock
from yishi.matters import services
from yishi.matters.imports import services as imports
from yishi.matters.imports.columns import LAYOUTS
from yishi.matters.models import Matter
from yishi.matters.services import _references
from yishi.network.viewers import Viewer

FEW = "234"  # 3⁵ = 243 numbers a day: of 200 drawn blindly, two are the same but for one chance in 10⁴⁰
COUNT = 200


@pytest.fixture
def few_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_LETTERS", FEW)


def numbers() -> set[str]:
    return set(Matter.objects.values_list("reference", flat=True))


@pytest.mark.usefixtures("few_numbers")
def test_many_tickets_of_one_day(dispatcher: Viewer, town: Any, at: dt.datetime) -> None:
    rows = [("工单编号", "内容", "受理时间"), *((f"N{i}", f"第 {i} 件", "2026-09-01") for i in range(COUNT))]
    data = comma(rows)
    batch = imports.begin_batch(dispatcher, town.area.pk, "工单.csv", data, LAYOUTS["hotline"], at)
    assert imports.run_batch(batch, data, at).batch.added == COUNT
    assert len(numbers()) == COUNT


@pytest.mark.usefixtures("few_numbers")
def test_many_raised_one_by_one_on_one_day(alice: Viewer, at: dt.datetime) -> None:
    for i in range(60):  # the first collision is expected after 19
        services.raise_matter(alice, told(title=f"第 {i} 件"), at)
    assert len(numbers()) == 60


def draws(*found: str) -> Iterator[str]:
    return chain(found, repeat("260928-ZZZZZ"))


def unsaved(town: Any, at: dt.datetime, **given: Any) -> Matter:
    facts = {"reference": "", "raised_at": at, "changed_at": at, "title": "灯", "text": "灯", "town_id": town.area.pk}
    return Matter(**(facts | given))


def test_a_number_taken_among_the_new_ones_is_drawn_again(town: Any, at: dt.datetime) -> None:
    drawn = draws("260928-AAAAA", "260928-AAAAA", "260928-BBBBB")
    two = [unsaved(town, at), unsaved(town, at)]
    with transaction.atomic():
        _references.save_numbered(two, lambda _: next(drawn))
    assert [m.reference for m in two] == ["260928-AAAAA", "260928-BBBBB"]


def test_a_number_taken_between_looking_and_writing_is_drawn_again(
    town: Any, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        _references.save_numbered([unsaved(town, at, reference="260928-AAAAA")])
    looked = iter([set[str](), {"260928-AAAAA"}])  # the first look comes before the other process wrote
    real = _references._taken
    monkeypatch.setattr(_references, "_taken", lambda matters: next(looked, None) or real(matters))
    late = unsaved(town, at)
    drawn = draws("260928-AAAAA", "260928-BBBBB")
    with transaction.atomic():
        _references.save_numbered([late], lambda _: next(drawn))
    assert numbers() == {"260928-AAAAA", "260928-BBBBB"} | {late.reference}


def test_what_else_is_wrong_is_not_taken_for_a_number(town: Any, at: dt.datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _references.save_numbered([unsaved(town, at, town_id=None)])
    assert not connection.needs_rollback
