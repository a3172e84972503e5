"""Acts as pages: where they lead back to, what was wrong put back, and the one right to supervise."""

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client

from yishi.core.forms import attempt, put_back
from yishi.core.given import money_of, words_of
from yishi.network.models import Organisation, Post
from yishi.network.viewers import Viewer


class Asked(forms.Form):
    words = forms.CharField()
    place = forms.CharField()


def sent(**given: str) -> Asked:
    return Asked(given or {"words": "路灯不亮", "place": "永东街"})


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "javascript:1"])  # fmt: skip
def test_an_act_leads_back_to_this_very_site(
    elsewhere: str, town: Any, alice: Viewer, officer: Viewer, at: Any, client_for: Callable[[Viewer], Client]
) -> None:
    from tests.matters.stages import Desk, told

    from yishi.matters import services

    matter = services.raise_matter(alice, told(), at).matter
    given = Desk(officer, officer, town, at).assigned(matter)
    address = f"/matters/{matter.reference}/assignments/{given.pk}/sign"
    there = client_for(officer).post(address, {"next": elsewhere})
    assert (there.status_code, there["Location"]) == (303, f"/matters/{matter.reference}")


@pytest.mark.django_db
def test_a_form_put_back_on_its_own_page_keeps_the_pages_heading(
    town: Any, alice: Viewer, officer: Viewer, at: Any, client_for: Callable[[Viewer], Client]
) -> None:
    from tests.matters.stages import told

    from yishi.matters import services

    address = f"/matters/{services.raise_matter(alice, told(), at).matter.reference}/decline"
    desk = client_for(officer)
    assert '<input type="hidden" name="heading" value="h1">' in desk.get(address).content.decode()
    page = desk.post(address, {"heading": "h1"}, headers={"HX-Request": "true"}).content.decode()
    assert '<h1 id="act-title" tabindex="-1" data-focus>' in page
    beside = desk.post(address, {}, headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in beside and '<h2 id="act-title"' in beside


def test_what_is_wrong_stands_beside_its_field_and_the_rest_above() -> None:
    form = sent()
    put_back(form, ValidationError({"place": "没有这条街。", "household": "没有这一户。"}))
    assert form.errors == {"place": ["没有这条街。"], "__all__": ["没有这一户。"]}
    form = sent()
    put_back(form, ValidationError(["太早。", "太晚。"]))
    assert form.non_field_errors() == ["太早。", "太晚。"]


def test_an_attempt_gives_what_the_act_gives_or_nothing() -> None:
    def refuse(given: dict[str, Any]) -> None:
        raise ValidationError({"words": f"不是“{given['words']}”。"})

    assert attempt(sent(), lambda given: given["place"]) == "永东街"
    assert attempt(sent(words=""), refuse) is None
    assert attempt(form := sent(), refuse) is None
    assert form.errors == {"words": ["不是“路灯不亮”。"]}


@pytest.mark.parametrize(
    ("written", "nothing", "found"),
    [("1,200.5", False, "1200.50"), ("１２", False, "12.00"), ("0", True, "0.00"), ("0", False, None), ("-1", True, None),
     ("1.001", False, None), ("NaN", False, None), ("1e400", False, None), ("", False, None), ("9" * 13, False, None)],
)  # fmt: skip
def test_sums_are_exact_or_refused(written: str, nothing: bool, found: str | None) -> None:
    if found is not None:
        assert str(money_of(written, "budget", nothing=nothing)) == found
        return
    with pytest.raises(ValidationError) as refused:
        money_of(written, "budget", nothing=nothing)
    assert list(refused.value.message_dict) == ["budget"]


@pytest.mark.parametrize("written", ["", " 　\n", "字" * 11])
def test_words_that_must_be_there_are_there_and_in_bounds(written: str) -> None:
    assert words_of(" 十个字以内的一句话 ", "why", 10) == "十个字以内的一句话"
    with pytest.raises(ValidationError) as refused:
        words_of(written, "why", 10)
    assert list(refused.value.message_dict) == ["why"]


@pytest.mark.django_db
def test_a_committee_of_supervision_supervises_whatever_a_seat_in_it_is_called(
    town: Any, make_person: Callable[..., Viewer]
) -> None:
    kind, duty = Organisation.Kind, Post.Duty
    committee = Organisation.objects.create(
        town=town.area, area=town.taiping, kind=kind.SUPERVISION_COMMITTEE, tree="civil", name="太平监督委员会"
    )
    member = make_person("卢志明", office=(committee, duty.COMMITTEE_MEMBER, "委员"))
    own = make_person("区伟明", office=(town.cooperative, duty.SUPERVISOR, "监事"))
    chair = make_person("黄炳坤", office=(town.cooperative, duty.PRESIDENT, "社长"))
    here = (town.cooperative.pk, town.baijiexi.path)
    assert (member.supervises(*here), own.supervises(*here), chair.supervises(*here)) == (True, True, False)
    there = (town.dawei_committee.pk, town.dawei.path)
    assert (member.supervises(*there), own.supervises(*there)) == (False, False)
