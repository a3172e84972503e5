"""What the pages of meetings and ballots share: who looks, an act tried, on to the page that shows it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from yishi.core.answers import see_other
from yishi.core.forms import put_back
from yishi.core.verdicts import Refusal
from yishi.decisions.models import Decision


def gone(name: str, *args: Any) -> HttpResponse:
    """On to the page that shows what was done (303)."""
    return see_other(f"decisions:{name}", *args)


def refused(form: forms.Form, refusal: Refusal) -> None:
    """A refusal over the form that was sent, so that nothing typed is lost; a hidden one stays a 404.

    Raises:
        Refusal: one that must not reveal that the thing exists.
    """
    if refusal.verdict.hidden:
        raise refusal
    form.add_error(None, sentence(refusal))


def sentence(refusal: Refusal) -> str:
    """Reason, clause and what can be done now, in a row."""
    verdict = refusal.verdict
    clause = f"（{verdict.clause}）" if verdict.clause and str(verdict.clause) not in str(verdict.reason) else ""
    return f"{verdict.reason}{clause}{verdict.what_now}"


def attempt(request: HttpRequest, act: Callable[[], Any], done: Any = "") -> bool:
    """Try an act of one button; what was wrong is said on the page that follows.

    Raises:
        Refusal: one that must not reveal that the thing exists.
    """
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    except Refusal as refusal:
        if refusal.verdict.hidden:
            raise
        messages.error(request, sentence(refusal))
        return False
    if done:
        messages.success(request, str(done))
    return True


def send(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Try the act of a valid form; faults and refusals go back onto it, and nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        act()
    except ValidationError as error:
        put_back(form, error)
        return False
    except Refusal as refusal:
        refused(form, refusal)
        return False
    return True


def decision_url(decision: Decision) -> str:
    """The page of a decision."""
    try:
        return reverse("decisions:decision", args=[decision.reference])
    except NoReverseMatch:
        return ""
