"""Objections: made by oneself, entered for someone, and answered."""

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from yishi.core import clock
from yishi.core.answers import done
from yishi.core.forms import attempt
from yishi.core.policies import policy
from yishi.core.verdicts import require
from yishi.network.viewers import viewer_of
from yishi.publication import forms, permissions, selectors, services
from yishi.publication.models import Objection


@policy("publication.may_object_to_posting")
@require_http_methods(["GET", "POST"])
def object_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Object, for oneself or for the person one helps."""
    return _objecting(request, reference, forms.ObjectionForm, permissions.may_object_to_posting)


@policy("publication.may_enter_objection")
@require_http_methods(["GET", "POST"])
def enter_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Enter an objection for someone who came, rang or wrote."""
    return _objecting(request, reference, forms.EnterObjectionForm, permissions.may_enter_objection)


def _objecting(request: HttpRequest, reference: str, kind: type[django_forms.Form], may: Any) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    posting = selectors.get_posting_for(viewer, reference)
    require(may(viewer, posting, at))
    form, sent = kind(request.POST or None), request.method == "POST"
    if sent and attempt(
        form, lambda given: services.object_to_posting(viewer, posting, services.ObjectionInput(**given), at)
    ):
        return done(request, _("异议已登记，答复期限写在页面上。"), "publication:posting", reference)
    context = {"posting": posting, "form": form, "entering": kind is forms.EnterObjectionForm}
    return render(request, "publication/object.html", context, status=422 if sent else 200)


@policy("publication.get_objection_for")
@require_http_methods(["GET", "POST"])
def answer_page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Answer an objection with a ruling and its reason."""
    viewer, at = viewer_of(request), clock.now()
    objection: Objection = selectors.get_objection_for(viewer, reference, number)
    require(permissions.may_answer_objection(viewer, objection, at))
    form, sent = forms.AnswerForm(request.POST or None), request.method == "POST"
    if sent and attempt(
        form, lambda given: services.answer_objection(viewer, objection, given["ruling"], given["reason"], at)
    ):
        return done(request, _("已答复，理由写在页面上。"), "publication:posting", reference)
    line = next(o for o in selectors.objections_of(viewer, objection.posting) if o.objection.pk == objection.pk)
    context = {"posting": objection.posting, "line": line, "form": form}
    return render(request, "publication/answer.html", context, status=422 if sent else 200)
