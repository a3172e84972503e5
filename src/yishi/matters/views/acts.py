"""How an act on a matter becomes a page: one table row an act, one view for them all.

Every act has an address of its own, works as a plain form, and answers htmx with
the form alone. What may be done is asked of ``permissions``; what is done, of
``services``.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
from yishi.core.verdicts import Verdict, require
from yishi.matters import permissions, selectors
from yishi.matters.forms_acts import ActForm
from yishi.matters.models import Assignment, Matter, Merge, Report, SizeAppeal
from yishi.network.viewers import Viewer

Words = str | Promise
Subject = Any
On = Literal["matter", "report", "assignment", "appeal", "merge"]
Start = Callable[[Viewer, Subject], dict[str, Any]]


def _nothing(viewer: Viewer, subject: Subject) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Act:
    """An act: what it is called, who may do it, what is asked, what is done.

    ``may`` names a function of ``permissions``; ``run`` takes viewer, subject,
    cleaned data and moment. ``start`` and ``choices`` fill the form; ``beside``
    is a template shown next to it, with what ``help`` gives.
    """

    slug: str
    on: On
    title: Words
    button: Words
    may: str
    run: Callable[[Viewer, Subject, dict[str, Any], dt.datetime], Any]
    done: Words
    form: type[ActForm] = ActForm
    lead: Words = ""
    icon: str = "edit"
    start: Start = _nothing
    choices: Start = _nothing
    help: Start = _nothing
    beside: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def verdict(self, viewer: Viewer, subject: Subject, at: dt.datetime) -> Verdict:
        """Whether this viewer may do it now, and if not, why."""
        found: Verdict = getattr(permissions, f"may_{self.may}")(viewer, subject, at)
        return found

    def url(self, matter: Matter, subject: Subject) -> str:
        """Where its form stands."""
        args = [matter.reference] if self.on == "matter" else [matter.reference, subject.pk]
        return reverse(f"matters:{self.slug}", args=args)


_MODELS: dict[str, Any] = {"report": Report, "assignment": Assignment, "appeal": SizeAppeal, "merge": Merge}


def subject_of(act: Act, matter: Matter, pk: int | None) -> Subject:
    """What the act is done to: the matter itself or a part of it, linked back to the matter in hand.

    Raises:
        Http404: the matter has no such part.
    """
    if act.on == "matter":
        return matter
    owner = "into" if act.on == "merge" else "matter"
    found = _MODELS[act.on].objects.filter(pk=pk, **{owner: matter}).first()
    if found is None:
        raise Http404
    setattr(found, owner, matter)
    return found


def act_view(act: Act) -> Callable[..., HttpResponse]:
    """The view of an act."""

    @policy(f"matters.may_{act.may}")
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, reference: str, pk: int | None = None) -> HttpResponse:
        viewer, at = request.viewer, clock.now()  # type: ignore[attr-defined]
        matter = selectors.get_matter_for(viewer, reference)
        subject = subject_of(act, matter, pk)
        require(act.verdict(viewer, subject, at))
        form = _form(act, request, viewer, subject)
        if form.is_bound and form.is_valid() and _done(act, viewer, subject, form, at):
            messages.success(request, str(act.done))
            return _back(request, matter)
        return _page(request, act, matter, subject, form, viewer)

    return view


def _form(act: Act, request: HttpRequest, viewer: Viewer, subject: Subject) -> ActForm:
    choices = act.choices(viewer, subject)
    if request.method == "POST":
        return act.form(request.POST, request.FILES, choices=choices)
    return act.form(initial={**act.start(viewer, subject), **request.GET.dict()}, choices=choices)


def _done(act: Act, viewer: Viewer, subject: Subject, form: ActForm, at: dt.datetime) -> bool:
    """Do it; what the rules find wrong goes back into the form, beside what was typed."""
    try:
        act.run(viewer, subject, form.cleaned_data, at)
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None, error if known else ValidationError(error.messages))
        return False
    return True


def _back(request: HttpRequest, matter: Matter) -> HttpResponse:
    """To the matter's page, or to where the reader came from."""
    target = request.POST.get("next", "")
    if not target.startswith("/") or target.startswith("//"):
        target = reverse("matters:matter", args=[matter.reference])
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(target)
    response = redirect(target)
    response.status_code = 303
    return response


def _page(
    request: HttpRequest, act: Act, matter: Matter, subject: Subject, form: ActForm, viewer: Viewer
) -> HttpResponse:
    context = {
        "act": act, "matter": matter, "subject": subject, "form": form, "here": act.url(matter, subject),
        "next": request.POST.get("next") or request.GET.get("next", ""), **act.help(viewer, subject), **act.extra,
    }  # fmt: skip
    if getattr(request, "htmx", False):
        return render(request, "matters/_act.html", context)
    return render(request, "matters/act.html", context, status=422 if form.is_bound else 200)
