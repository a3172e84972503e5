"""My commitments, and a commitment's page with its acts."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from yishi.commitments import forms, permissions, selectors, services
from yishi.commitments.models import Commitment
from yishi.core import acts, clock
from yishi.core.policies import policy
from yishi.network.viewers import Viewer, viewer_of

Given = dict[str, Any]


class Act(acts.Act):
    """An act on a commitment; its button says its title."""

    home = acts.Home("commitments", "commitment", permissions, selectors.get_commitment_for, key="id")


def _by(command: Callable[..., Any]) -> Callable[[Viewer, Commitment, Given, dt.datetime], Any]:
    """A command whose arguments are the form's fields."""
    return lambda viewer, commitment, given, at: command(viewer, commitment, at=at, **given)


ACTS = (
    Act("progress", "commitment", _("报告进展"), "", "report_progress", _by(services.report_progress),
        _("进展已记下。"), forms.ProgressForm, icon="notes", start=lambda v, c: {"percent": c.percent}),
    Act("done", "commitment", _("报告完工"), "", "report_done", _by(services.report_done),
        _("已报完工，等待验收。"), forms.DoneForm, icon="flag", main=True),
    Act("delay", "commitment", _("延期"), "", "delay_commitment", _by(services.delay_commitment),
        _("新的日期和理由已写明。"), forms.DelayForm, icon="calendar-plus"),
    Act("accept", "commitment", _("验收通过"), "", "accept_commitment", _by(services.accept_commitment),
        _("已验收。"), forms.AcceptForm, icon="circle-check", main=True),
    Act("return", "commitment", _("退回重做"), "", "return_commitment", _by(services.return_commitment),
        _("已退回，理由已写明。"), forms.ReasonForm, icon="arrow-back-up"),
    Act("cancel", "commitment", _("取消"), "", "cancel_commitment", _by(services.cancel_commitment),
        _("已取消，理由已写明。"), forms.ReasonForm, icon="circle-x"),
)  # fmt: skip


@policy("commitments.own_commitments")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the viewer or their organisations promised and have not finished."""
    viewer = viewer_of(request)
    if viewer.person_id is None:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    today = clock.today()
    lines = [selectors.shown(c, today) for c in selectors.own_commitments(viewer)[:200]]
    return render(request, "commitments/mine.html", {"lines": lines})


@policy("commitments.get_commitment_for")
@require_safe
def commitment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A commitment: what, who, when, with which money, and every step."""
    viewer = viewer_of(request)
    commitment = selectors.get_commitment_for(viewer, pk)
    at = clock.now()
    title, url = selectors.subject_of(commitment)
    return render(request, "commitments/commitment.html", {
        "commitment": commitment, "line": selectors.shown(commitment, clock.today()),
        "steps": selectors.progress_of(viewer, commitment), "subject_title": title, "subject_url": url,
        "acts": [o for o in (a.offered(viewer, commitment, commitment, at) for a in ACTS) if o.verdict],
    })  # fmt: skip
