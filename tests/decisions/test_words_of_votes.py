"""What pages of decisions say in words: no raw ids, no reserved matter called ordinary, refusals of forms in plain words."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.decisions.stages import Hands

from yishi.decisions import permissions, routing, rules, selectors
from yishi.decisions.models import Decision
from yishi.engines.procedure import load_pack
from yishi.engines.procedure.checks import check
from yishi.network.viewers import Viewer


class Every(forms.Form):
    """One field of each kind."""

    text = forms.CharField()
    one = forms.ChoiceField(choices=[("a", "A")])
    typed = forms.TypedChoiceField(choices=[("a", "A")])
    many = forms.MultipleChoiceField(choices=[("a", "A")])
    file = forms.FileField()
    sure = forms.BooleanField()
    number = forms.IntegerField()
    day = forms.DateField()


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "请"), ("en", "Please ")])
def test_every_form_asks_in_plain_words(language: str, said: str) -> None:
    with translation.override(language):
        left_out = {name: found[0] for name, found in Every({}).errors.items()}
        wrong = Every({"one": "x", "typed": "x", "many": ["x"], "number": "x", "day": "x"}).errors
        told = [*left_out.values(), *(wrong[name][0] for name in ("one", "typed", "many", "number", "day"))]
        assert [one for one in told if not str(one).startswith(said)] == []
    if language == "zh-hans":
        assert (left_out["text"], left_out["one"], left_out["typed"]) == ("请填写。", "请选一项。", "请选一项。")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_pack_is_named_by_its_title(language: str) -> None:
    pack = load_pack("PARTY-CM")
    note = next(n for n in check(pack, {}, dt.date(2026, 9, 28)).warnings if n.code == "unverified")
    with translation.override(language):
        said = rules.spoken(note.text)
        assert "PARTY-CM" not in said and rules.spoken(pack.title) in said


def test_what_the_law_keeps_for_the_assembly_is_no_ordinary_matter() -> None:
    for subject, article in (("land_compensation", "第26条第10项"), ("charter", "第26条第1项")):
        way = routing.route("economic_cooperative", subject, {}, dt.date(2026, 9, 28))
        assert "一般事项" not in way.why and article in way.why and "成员大会" in way.why
    way = routing.route("economic_cooperative", "distribution", {}, dt.date(2026, 9, 28))
    assert "第26条" not in way.why


@pytest.mark.django_db
def test_failed_votes_are_a_list_of_their_own(hands: Hands, town: Any, alice: Viewer) -> None:
    lost, runs = hands.garden(town.cooperative), hands.garden(town.cooperative)
    Decision.objects.filter(pk=lost.pk).update(phase="failed")
    for lost_, found in ((True, {lost.pk}), (False, {runs.pk}), (None, {lost.pk, runs.pk})):
        wanted = selectors.DecisionFilter(status="running", lost=lost_)
        assert {d.pk for d in selectors.list_decisions(alice, wanted).items} == found, lost_
    for status, found in (("failed", {lost.pk}), ("running", {runs.pk}), ("", {lost.pk, runs.pk})):
        html = Client().get(reverse("decisions:list"), {"status": status}).content.decode()
        assert {d.pk for d in (lost, runs) if d.reference in html} == found, status
    html = Client().get(reverse("decisions:list")).content.decode()
    assert "?status=failed" in html and 'value="failed"' in html


@pytest.mark.django_db
def test_comments_are_closed_once_it_is_decided(
    hands: Hands, town: Any, client_for: Callable[[Viewer], Client]
) -> None:
    made = hands.garden(town.cooperative)
    here, over = reverse("decisions:decision", args=[made.reference]), "提意见的时候已经过了"
    assert not permissions.comments_are_over(made) and over not in Client().get(here).content.decode()
    Decision.objects.filter(pk=made.pk).update(status="settled", phase="end")
    html = Client().get(here).content.decode()
    assert over in html and "都可以提" not in html
