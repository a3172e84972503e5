"""RSS and Atom of any list, and of one matter's steps. Only what is public."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.core import clock
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden
from yishi.matters import selectors
from yishi.matters.models import Matter
from yishi.matters.views.lists import public_rows
from yishi.network.viewers import nobody

ENTRIES = 50
Feed = type[SyndicationFeed]


def _site(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _feed(kind: Feed, request: HttpRequest, title: str, link: str) -> SyndicationFeed:
    return kind(
        title=title, link=_site(link), description=title, language=get_language() or "zh-hans",
        feed_url=_site(request.get_full_path()),
    )  # fmt: skip


def _answer(feed: SyndicationFeed) -> HttpResponse:
    response = HttpResponse(
        feed.writeString("utf-8"), content_type=str(getattr(feed, "content_type", "application/xml"))
    )
    response["Cache-Control"] = "public, max-age=300"
    return response


def _entries(feed: SyndicationFeed, matters: Iterable[Matter]) -> None:
    for matter in matters:
        link = _site(reverse("matters:matter", args=[matter.reference]))
        words = " · ".join(str(w) for w in (matter.get_stage_display(), matter.place) if w)
        feed.add_item(
            title=matter.title, link=link, description=f"{words}\n{matter.text[:400]}", unique_id=link,
            pubdate=matter.raised_at, updateddate=matter.changed_at,
        )  # fmt: skip


def _of_list(request: HttpRequest, kind: Feed) -> HttpResponse:
    query = request.GET.urlencode()
    feed = _feed(kind, request, _("议事：大家反映的事"), reverse("matters:list") + (f"?{query}" if query else ""))
    _entries(feed, public_rows(request)[:ENTRIES])
    return _answer(feed)


@policy("public")
@public_page
@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """The newest fifty of a list, as Atom."""
    return _of_list(request, Atom1Feed)


@policy("public")
@public_page
@require_safe
def rss(request: HttpRequest) -> HttpResponse:
    """The newest fifty of a list, as RSS."""
    return _of_list(request, Rss201rev2Feed)


@policy("matters.get_matter_for")
@public_page
@require_safe
def of_matter(request: HttpRequest, reference: str) -> HttpResponse:
    """The public steps of one matter, newest first; a feed reader is nobody, whoever set it up."""
    matter = selectors.get_matter_for(nobody(clock.now()), reference)
    if not matter.is_public:
        raise Refusal(hidden())
    link = reverse("matters:matter", args=[reference])
    feed = _feed(Atom1Feed, request, f"{matter.title}（{reference}）", link)
    for number, step in enumerate(selectors.timeline(nobody(clock.now()), matter)):
        feed.add_item(
            title=f"{step.label} {step.detail}".strip(), link=_site(link), description=step.words,
            unique_id=f"{_site(link)}#{number}", pubdate=step.at, updateddate=step.at,
        )  # fmt: skip
    return _answer(feed)
