"""The acts on a posting, each with its form; objections and their answers."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import Verdict, require
from yishi.network.viewers import Viewer
from yishi.publication import forms, permissions, selectors, services
from yishi.publication.models import Objection, Posting

Run = Callable[[Viewer, Posting, dict[str, Any], dt.datetime], Any]


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a posting: its address, words, right, form and command."""

    slug: str
    title: str | Promise
    done: str | Promise
    icon: str
    may: Callable[[Viewer, Posting, dt.datetime], Verdict]
    form: type[django_forms.Form]
    run: Run
    main: bool = False


def _look(viewer: Viewer, posting: Posting, given: dict[str, Any], at: dt.datetime) -> Any:
    missing = given.pop("missing", False)
    return services.check_posting(viewer, posting, given.pop("photo"), at, seen=not missing, **given)


ACTS = {
    a.slug: a
    for a in (
        Act("open", _("张贴"), _("已张贴，日期从今天算起。"), "pin", permissions.may_open_posting, forms.OpenForm,
            lambda v, p, g, at: services.open_posting(v, p, g.pop("photo"), at, **g), main=True),
        Act("check", _("查看张贴"), _("已记下。"), "camera", permissions.may_check_posting, forms.CheckForm, _look),
        Act("end", _("期满撤下"), _("已撤下，材料进入存档。"), "pinned-off", permissions.may_end_posting, forms.EndForm,
            lambda v, p, g, at: services.end_posting(v, p, g["photo"], at), main=True),
        Act("suspend", _("暂停"), _("已暂停，理由写在页面上。"), "player-pause", permissions.may_suspend_posting,
            forms.SuspendForm, lambda v, p, g, at: services.suspend_posting(v, p, g["why"], at)),
        Act("resume", _("恢复"), _("已恢复。"), "player-play", permissions.may_resume_posting, forms.ResumeForm,
            lambda v, p, g, at: services.resume_posting(v, p, at), main=True),
        Act("correct", pgettext_lazy("act", "更正"), _("旧材料已撤下，更正后的材料待张贴。"), "edit", permissions.may_correct_posting,
            forms.CorrectForm, lambda v, p, g, at: services.correct_posting(v, p, g["title"], g["text"], g["why"], at)),
    )
}  # fmt: skip


def offered(viewer: Viewer, posting: Posting, at: dt.datetime) -> list[Act]:
    """The acts that this viewer may do now."""
    return [a for a in ACTS.values() if a.may(viewer, posting, at)]


@policy("publication.get_posting_for")
@require_http_methods(["GET", "POST"])
def act_page(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """The form of one act; its own right is asked before anything is shown."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    posting, at = selectors.get_posting_for(viewer, reference), clock.now()
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    require(chosen.may(viewer, posting, at))
    initial = {"places": "\n".join(posting.places), "title": posting.title, "text": posting.text}
    form = chosen.form(request.POST or None, request.FILES or None, initial=initial)
    sent = request.method == "POST"
    if sent and form.is_valid() and tried(form, lambda: chosen.run(viewer, posting, form.cleaned_data, at)):
        messages.success(request, str(chosen.done))
        return _see_other("publication:posting", reference)
    context = {"act": chosen, "posting": posting, "form": form}
    return render(request, "publication/act.html", context, status=422 if sent else 200)


def _see_other(name: str, *args: Any) -> HttpResponse:
    response = redirect(name, *args)
    response.status_code = 303
    return response


def tried(form: django_forms.Form, run: Callable[[], Any]) -> bool:
    """Do it; what the rules find wrong goes back into the form."""
    try:
        run()
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None, error if known else ValidationError(error.messages))
        return False
    return True


def _given(form: django_forms.Form) -> services.ObjectionInput:
    return services.ObjectionInput(**form.cleaned_data)


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
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    posting, at = selectors.get_posting_for(viewer, reference), clock.now()
    require(may(viewer, posting, at))
    form, sent = kind(request.POST or None), request.method == "POST"
    if sent and form.is_valid() and tried(form, lambda: services.object_to_posting(viewer, posting, _given(form), at)):
        messages.success(request, _("异议已登记，答复期限写在页面上。"))
        return _see_other("publication:posting", reference)
    context = {"posting": posting, "form": form, "entering": kind is forms.EnterObjectionForm}
    return render(request, "publication/object.html", context, status=422 if sent else 200)


@policy("publication.get_objection_for")
@require_http_methods(["GET", "POST"])
def answer_page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Answer an objection with a ruling and its reason."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    objection: Objection = selectors.get_objection_for(viewer, reference, number)
    at = clock.now()
    require(permissions.may_answer_objection(viewer, objection, at))
    form, sent = forms.AnswerForm(request.POST or None), request.method == "POST"
    if sent and form.is_valid():
        given = form.cleaned_data
        run = lambda: services.answer_objection(viewer, objection, given["ruling"], given["reason"], at)  # noqa: E731
        if tried(form, run):
            messages.success(request, _("已答复，理由写在页面上。"))
            return _see_other("publication:posting", reference)
    line = next(o for o in selectors.objections_of(viewer, objection.posting) if o.objection.pk == objection.pk)
    context = {"posting": objection.posting, "line": line, "form": form}
    return render(request, "publication/answer.html", context, status=422 if sent else 200)
