"""My commitments, and a commitment's page with its acts."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from yishi.commitments import forms, permissions, selectors, services
from yishi.commitments.models import Commitment
from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import Verdict, require
from yishi.network.viewers import Viewer

Run = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a commitment: its address, words, right, form and command."""

    slug: str
    title: str | Promise
    done: str | Promise
    icon: str
    may: Callable[[Viewer, Commitment, dt.datetime], Verdict]
    form: type[django_forms.Form]
    run: Run
    main: bool = False


ACTS = {
    a.slug: a
    for a in (
        Act("progress", _("报告进展"), _("进展已记下。"), "notes", permissions.may_report_progress, forms.ProgressForm,
            services.report_progress),
        Act("done", _("报告完工"), _("已报完工，等待验收。"), "flag", permissions.may_report_done, forms.DoneForm,
            services.report_done, main=True),
        Act("delay", _("延期"), _("新的日期和理由已写明。"), "calendar-plus", permissions.may_delay_commitment,
            forms.DelayForm, services.delay_commitment),
        Act("accept", _("验收通过"), _("已验收。"), "circle-check", permissions.may_accept_commitment, forms.AcceptForm,
            services.accept_commitment, main=True),
        Act("return", _("退回重做"), _("已退回，理由已写明。"), "arrow-back-up", permissions.may_return_commitment,
            forms.ReasonForm, services.return_commitment),
        Act("cancel", _("取消"), _("已取消，理由已写明。"), "circle-x", permissions.may_cancel_commitment,
            forms.ReasonForm, services.cancel_commitment),
    )
}  # fmt: skip


@policy("commitments.own_commitments")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the viewer or their organisations promised and have not finished."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.person_id is None:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    today = clock.today()
    lines = [selectors.shown(c, today) for c in selectors.own_commitments(viewer)[:200]]
    return render(request, "commitments/mine.html", {"lines": lines})


@policy("commitments.get_commitment_for")
@require_safe
def commitment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A commitment: what, who, when, with which money, and every step."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    commitment = selectors.get_commitment_for(viewer, pk)
    at = clock.now()
    title, url = selectors.subject_of(commitment)
    return render(request, "commitments/commitment.html", {
        "commitment": commitment, "line": selectors.shown(commitment, clock.today()),
        "steps": selectors.progress_of(viewer, commitment), "subject_title": title, "subject_url": url,
        "acts": [a for a in ACTS.values() if a.may(viewer, commitment, at)],
    })  # fmt: skip


@policy("commitments.get_commitment_for")
@require_http_methods(["GET", "POST"])
def act_page(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """The form of one act; its own right is asked before anything is shown."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    commitment, at = selectors.get_commitment_for(viewer, pk), clock.now()
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    require(chosen.may(viewer, commitment, at))
    form = chosen.form(request.POST or None, request.FILES or None, initial={"percent": commitment.percent})
    if request.method == "POST" and form.is_valid() and _done(chosen, viewer, commitment, form, at):
        messages.success(request, str(chosen.done))
        response = redirect("commitments:commitment", pk=pk)
        response.status_code = 303
        return response
    status = 422 if request.method == "POST" else 200
    return render(
        request, "commitments/act.html", {"act": chosen, "commitment": commitment, "form": form}, status=status
    )


def _done(act: Act, viewer: Viewer, commitment: Commitment, form: django_forms.Form, at: dt.datetime) -> bool:
    """Do it; what the rules find wrong goes back into the form."""
    try:
        act.run(viewer, commitment, at=at, **form.cleaned_data)
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None, error if known else ValidationError(error.messages))
        return False
    return True
