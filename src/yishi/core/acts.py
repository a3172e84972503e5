"""One act, one form, one address: how an act on a thing becomes a page, whatever the app.

A row of :class:`Act` says what it is called, who may do it, what is asked and what is done; :class:`Home`, once for
an app, what its acts are done to. Every act has an address of its own, works as a plain form, and answers htmx with
the form alone. Rights are asked of the app's ``permissions``; the doing is its ``services``'.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from yishi.core import clock
from yishi.core.answers import see_other
from yishi.core.forms import ActForm, put_back
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, Verdict, Words, require

FORM = "web/components/act.html"
Given = dict[str, Any]
Start = Callable[[Any, Any], Given]


def _nothing(viewer: Any, subject: Any) -> Given:
    return {}


def _no_parts(kind: str, thing: Any, pk: int) -> Any:
    return None


@dataclass(frozen=True, slots=True)
class Home:
    """What an app's acts are done to.

    ``app`` is the space of its addresses and the folder of its templates; ``name`` the thing's page among the
    addresses and its word in the templates; ``load`` gets it for a viewer; ``part`` finds a part of it, linked back
    to the thing in hand, or None. ``key`` is the attribute that stands in the address. ``shows_refusals``: where the
    command refuses what the permission allowed, the reason stands over the form; else on a page of its own.
    """

    app: str
    name: str
    rights: ModuleType
    load: Callable[[Any, Any], Any]
    part: Callable[[str, Any, int], Any] = _no_parts
    key: str = "reference"
    shows_refusals: bool = False

    def url(self, thing: Any) -> str:
        """The thing's page."""
        return reverse(f"{self.app}:{self.name}", args=[getattr(thing, self.key)])


@dataclass(frozen=True, slots=True)
class Offered:
    """An act as a button, or as a refusal with its reason."""

    slug: str
    title: Words
    icon: str
    url: str
    verdict: Verdict
    main: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """An act: what it is called, who may do it, what is asked, what is done.

    ``on`` is the home's own name, or that of a part; a ``button`` without words says the title; ``may`` names a
    function of the home's ``permissions``; ``run`` takes viewer, subject, cleaned data and moment; ``start`` and
    ``choices`` fill the form; ``beside`` is a template shown next to it, with what ``help`` gives. An app derives
    its own with its ``home``.
    """

    home: ClassVar[Home]
    slug: str
    on: str
    title: Words
    button: Words
    may: str
    run: Callable[[Any, Any, Given, dt.datetime], Any]
    done: Words
    form: type[ActForm] = ActForm
    lead: Words = ""
    icon: str = "edit"
    start: Start = _nothing
    choices: Start = _nothing
    help: Start = _nothing
    beside: str = ""
    main: bool = False

    @property
    def on_part(self) -> bool:
        """Whether it is done to a part of the thing."""
        return self.on != self.home.name

    def verdict(self, viewer: Any, subject: Any, at: dt.datetime) -> Verdict:
        """Whether this viewer may do it now, and if not, why."""
        found: Verdict = getattr(self.home.rights, f"may_{self.may}")(viewer, subject, at)
        return found

    def url(self, thing: Any, subject: Any) -> str:
        """Where its form stands."""
        key = getattr(thing, self.home.key)
        return reverse(f"{self.home.app}:{self.slug}", args=[key, subject.pk] if self.on_part else [key])

    def offered(self, viewer: Any, thing: Any, subject: Any, at: dt.datetime) -> Offered:
        """The act with the verdict on it."""
        verdict = self.verdict(viewer, subject, at)
        return Offered(self.slug, self.title, self.icon, self.url(thing, subject), verdict, self.main)


def routes(acts: Iterable[Act], places: dict[str, str]) -> list[URLPattern]:
    """An address for every act, named by its slug; ``places`` tells where, by what the act is done to."""
    return [path(places[a.on].format(a.slug), act_view(a), name=a.slug) for a in acts]


def act_view(act: Act) -> Callable[..., HttpResponse]:
    """The view of an act."""
    home = act.home

    @policy(f"{home.app}.may_{act.may}")
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int | None = None, **address: Any) -> HttpResponse:
        viewer, at = request.viewer, clock.now()  # type: ignore[attr-defined]
        thing = home.load(viewer, address[home.key])
        subject = _subject_of(act, thing, pk)
        require(act.verdict(viewer, subject, at))
        form = _form(act, request, viewer, subject)
        refused = None
        if form.is_bound and form.is_valid():
            refused = _done(act, viewer, subject, form, at)
            if refused is None and not form.errors:
                messages.success(request, str(act.done))
                return _back(request, home.url(thing))
        return page(request, act, thing, subject, form, refused)

    return view


def _subject_of(act: Act, thing: Any, pk: int | None) -> Any:
    if not act.on_part:
        return thing
    found = None if pk is None else act.home.part(act.on, thing, pk)
    if found is None:
        raise Http404
    return found


def _form(act: Act, request: HttpRequest, viewer: Any, subject: Any) -> ActForm:
    choices = act.choices(viewer, subject)
    if request.method == "POST":
        return act.form(request.POST, request.FILES, choices=choices)
    return act.form(initial={**act.start(viewer, subject), **request.GET.dict()}, choices=choices)


def _done(act: Act, viewer: Any, subject: Any, form: ActForm, at: dt.datetime) -> Verdict | None:
    """Do it; what is found wrong goes back into the form, a refusal of the procedure above it."""
    try:
        act.run(viewer, subject, form.cleaned_data, at)
    except ValidationError as error:
        put_back(form, error)
    except Refusal as refusal:
        if refusal.verdict.hidden or not act.home.shows_refusals:
            raise
        return refusal.verdict
    return None


def _back(request: HttpRequest, page: str) -> HttpResponse:
    """To where the reader came from, if it is an address of this very site; else to the thing's page."""
    target = request.POST.get("next", "")
    if not (target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)):
        target = page
    return HttpResponseClientRedirect(target) if getattr(request, "htmx", False) else see_other(target)


def page(
    request: HttpRequest, act: Act, thing: Any, subject: Any, form: ActForm, refused: Verdict | None = None
) -> HttpResponse:
    """The act's form: alone for htmx, else on its page (422 with what was wrong)."""
    context = {
        "act": act, act.home.name: thing, "subject": subject, "form": form, "here": act.url(thing, subject),
        "back": act.home.url(thing), "draft": f"{act.slug}-{getattr(thing, act.home.key)}-{subject.pk}",
        "next": request.POST.get("next") or request.GET.get("next", ""), "refused": refused,
        **act.help(request.viewer, subject),  # type: ignore[attr-defined]
    }  # fmt: skip
    if getattr(request, "htmx", False):
        return render(request, FORM, {**context, "heading": request.POST.get("heading"), "swapped": True})
    return render(request, f"{act.home.app}/act.html", context, status=422 if form.is_bound else 200)
