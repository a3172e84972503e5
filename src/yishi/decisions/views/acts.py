"""How an act on a decision becomes a page: one table row an act, one view for them all.

Every act has an address of its own, works as a plain form, and answers htmx with the form alone. What may
be done is asked of ``permissions``; what is done, of ``services``; a refusal comes back beside what was typed.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, Verdict, require
from yishi.decisions import permissions, selectors
from yishi.decisions.forms_acts import ActForm
from yishi.decisions.models import Decision
from yishi.network.viewers import Viewer

Words = str | Promise
On = Literal["decision", "comment", "petition"]
Start = Callable[[Viewer, Any], dict[str, Any]]
RELATED: dict[str, str] = {"comment": "comments", "petition": "petitions"}


def _nothing(viewer: Viewer, subject: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Act:
    """An act: what it is called, who may do it, what is asked, what is done.

    ``may`` names a function of ``permissions``; ``run`` takes viewer, subject, cleaned data and moment;
    ``start`` and ``choices`` fill the form; ``beside`` is a template shown next to it, with what ``help`` gives.
    """

    slug: str
    on: On
    title: Words
    button: Words
    may: str
    run: Callable[[Viewer, Any, dict[str, Any], dt.datetime], Any]
    done: Words
    form: type[ActForm] = ActForm
    lead: Words = ""
    icon: str = "edit"
    start: Start = _nothing
    choices: Start = _nothing
    help: Start = _nothing
    beside: str = ""

    def verdict(self, viewer: Viewer, subject: Any, at: dt.datetime) -> Verdict:
        """Whether this viewer may do it now, and if not, why."""
        found: Verdict = getattr(permissions, f"may_{self.may}")(viewer, subject, at)
        return found

    def url(self, decision: Decision, subject: Any) -> str:
        """Where its form stands."""
        args = [decision.reference] if self.on == "decision" else [decision.reference, subject.pk]
        return reverse(f"decisions:{self.slug}", args=args)


def subject_of(act: Act, decision: Decision, pk: int | None) -> Any:
    """What the act is done to: the decision itself or a part of it.

    Raises:
        Http404: the decision has no such part.
    """
    if act.on == "decision":
        return decision
    found = getattr(decision, RELATED[act.on]).filter(pk=pk).first()
    if found is None:
        raise Http404
    found.decision = decision
    return found


def act_view(act: Act) -> Callable[..., HttpResponse]:
    """The view of an act."""

    @policy(f"decisions.may_{act.may}")
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, reference: str, pk: int | None = None) -> HttpResponse:
        viewer, at = request.viewer, clock.now()  # type: ignore[attr-defined]
        decision = selectors.get_decision_for(viewer, reference)
        subject = subject_of(act, decision, pk)
        require(act.verdict(viewer, subject, at))
        form = _form(act, request, viewer, subject)
        refused = None
        if form.is_bound and form.is_valid():
            refused = _done(act, viewer, subject, form, at)
            if refused is None and not form.errors:
                messages.success(request, str(act.done))
                return _back(request, decision)
        return _page(request, act, decision, subject, form, viewer, refused)

    return view


def _form(act: Act, request: HttpRequest, viewer: Viewer, subject: Any) -> ActForm:
    choices = act.choices(viewer, subject)
    if request.method == "POST":
        return act.form(request.POST, request.FILES, choices=choices)
    return act.form(initial={**act.start(viewer, subject), **request.GET.dict()}, choices=choices)


def _done(act: Act, viewer: Viewer, subject: Any, form: ActForm, at: dt.datetime) -> Verdict | None:
    """Do it; what is found wrong goes back into the form, a refusal of the procedure above it."""
    try:
        act.run(viewer, subject, form.cleaned_data, at)
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None, error if known else ValidationError(error.messages))
    except Refusal as error:
        return error.verdict
    return None


def _back(request: HttpRequest, decision: Decision) -> HttpResponse:
    target = request.POST.get("next", "")
    if not target.startswith("/") or target.startswith("//"):
        target = reverse("decisions:decision", args=[decision.reference])
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(target)
    response = redirect(target)
    response.status_code = 303
    return response


def _page(
    request: HttpRequest, act: Act, decision: Decision, subject: Any, form: ActForm, viewer: Viewer,
    refused: Verdict | None,
) -> HttpResponse:  # fmt: skip
    context = {
        "act": act, "decision": decision, "subject": subject, "form": form, "here": act.url(decision, subject),
        "next": request.POST.get("next") or request.GET.get("next", ""), "verdict": refused,
        **act.help(viewer, subject),
    }  # fmt: skip
    if getattr(request, "htmx", False):
        return render(request, "decisions/_act.html", context)
    return render(request, "decisions/act.html", context, status=422 if form.is_bound else 200)
