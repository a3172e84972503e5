"""A certified result is replaced by two people who agree, never by one; an order or a judgment comes with its paper."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.decisions.halls import Hall, MakePerson, decision_at, in_office, moment, people

from yishi.core import clock
from yishi.core.models import StoredFile
from yishi.core.verdicts import Refusal
from yishi.decisions.models import RecountKeying, Result
from yishi.decisions.selectors import may_open_ruling
from yishi.decisions.services import certifying, counting
from yishi.decisions.services.recounting import RecountInput, key_recount
from yishi.network.viewers import Duty, Viewer

pytestmark = pytest.mark.django_db(transaction=True)
NOTICE, DAY, LATER = "2026-03-05", "2026-03-08", "2026-03-10"
FEWER = {"yes": 18, "no": 3}


@pytest.fixture
def hall(town: Any, president: Viewer, supervisor: Viewer, make_person: MakePerson) -> Hall:
    """Twenty-one representatives; all but one in favour; certified."""
    in_office(people(town.area, 21), town.cooperative, Duty.REPRESENTATIVE, "成员代表")
    decision = decision_at(
        president, town.cooperative, "members_representatives",
        [("2026-03-02", "done", {"papers": ["text"]}), ("2026-03-03", "done", {"papers": ["opinion"]})], item="7",
    )  # fmt: skip
    convener = make_person("何洁", office=(town.cooperative_branch, Duty.SECRETARY, "书记"))
    counters = tuple(make_person(n, office=(town.cooperative, Duty.COMMITTEE_MEMBER, n)) for n in ("计票甲", "计票乙"))
    found = Hall(convener, counters, supervisor, decision)  # type: ignore[arg-type]
    found.noticed(NOTICE, DAY)
    found.opened(DAY)
    found.signed_in("1-21", DAY)
    found.voting(DAY)
    for n in range(1, 22):
        found.web(n, "no" if n == 21 else "yes", DAY)
    found.closed(DAY)
    found.counted(DAY, counting.CountInput({}))
    found.certified(DAY)
    return found


def given(basis: str = "recount", counts: dict[str, int] | None = None, paper: bytes = b"") -> RecountInput:
    document = io.BytesIO(paper) if paper else None
    return RecountInput(basis, counts or FEWER, "复核", document, "文书.pdf" if paper else "")


def test_one_person_alone_changes_nothing(hall: Hall) -> None:
    first, second = hall.counters
    assert key_recount(first, hall.item, given(), moment(LATER)) is None
    assert key_recount(first, hall.item, given(), moment(LATER, 11)) is None
    assert Result.objects.count() == 1 and RecountKeying.objects.count() == 1
    hall.decision.refresh_from_db()
    assert hall.decision.certified
    assert key_recount(second, hall.item, given(counts={"yes": 17, "no": 4}), moment(LATER, 12)) is None
    assert Result.objects.count() == 1
    result = key_recount(second, hall.item, given(), moment(LATER, 13))
    assert result is not None and result.counts["yes"] == 18 and result.certified_at is None
    assert {result.first_counter_id, result.second_counter_id} == {first.person_id, second.person_id}
    hall.decision.refresh_from_db()
    assert not hall.decision.certified
    with pytest.raises(Refusal, match="监督委员会"):
        certifying.certify_result(second, hall.item, moment(LATER, 14))
    assert certifying.certify_result(hall.certifier, hall.item, moment(LATER, 15)).pk == result.pk


def test_who_closed_or_proposed_does_not_recount(hall: Hall, president: Viewer, alice: Viewer) -> None:
    with pytest.raises(Refusal, match="停止投票的人不能计票"):
        key_recount(hall.convener, hall.item, given(), moment(LATER))
    with pytest.raises(Refusal, match="提议人"):
        key_recount(president, hall.item, given(), moment(LATER))
    with pytest.raises(Refusal) as refusal:
        key_recount(alice, hall.item, given(), moment(LATER))
    assert refusal.value.verdict.hidden
    key_recount(hall.counters[0], hall.item, given(), moment(LATER))
    key_recount(hall.counters[1], hall.item, given(counts={"yes": 17, "no": 4}), moment(LATER))
    with pytest.raises(Refusal, match="已有两人"):
        key_recount(hall.certifier, hall.item, given(), moment(LATER))


@pytest.mark.parametrize("basis", ["order", "judgment"])
def test_a_ruling_needs_its_paper_and_the_supervisors(
    hall: Hall, basis: str, town_officer: Viewer, alice: Viewer
) -> None:
    pdf = b"%PDF-1.4 order"
    with pytest.raises(Refusal, match="凭文书登记"):
        key_recount(hall.counters[0], hall.item, given(basis, paper=pdf), moment(LATER))
    with pytest.raises(ValidationError, match="文书"):
        key_recount(town_officer, hall.item, given(basis), moment(LATER))
    assert not RecountKeying.objects.exists()
    assert key_recount(town_officer, hall.item, given(basis, paper=pdf), moment(LATER)) is None
    file = StoredFile.objects.get(role="ruling")
    assert may_open_ruling(hall.certifier, file) and not may_open_ruling(alice, file) and not file.public
    result = key_recount(hall.certifier, hall.item, given(basis), moment(LATER))
    assert result is not None and result.basis == basis
    with pytest.raises(Refusal, match="不同的人"):
        certifying.certify_result(hall.certifier, hall.item, moment(LATER, 14))


def test_the_page(hall: Hall, client_for: Callable[[Viewer], Client]) -> None:
    address = reverse("decisions:item_recount", args=[hall.item.pk])
    numbers = {f"n_{name}": n for name, n in Result.objects.get().counts.items() if name not in ("late", "wrong_roll")}
    sent = numbers | {"basis": "recount", "reason": "复核"}
    with clock.standing_at(moment(LATER)):
        assert client_for(hall.convener).get(address).status_code == 403
        first, second = (client_for(viewer) for viewer in hall.counters)
        assert first.post(address, sent | {"n_yes": 18, "n_no": 3}).status_code == 303
        assert "计票甲 已录入" in second.get(address).content.decode()
        second.post(address, sent | {"n_yes": 17, "n_no": 4})
        assert "两人录入不一致" in second.get(address).content.decode()
        assert "两人录入不一致" not in client_for(hall.certifier).get(address).content.decode()
        done = second.post(address, sent | {"n_yes": 18, "n_no": 3})
        assert done["Location"] == reverse("decisions:item_result", args=[hall.item.pk])
    assert Result.objects.count() == 2
