"""The notice board for everyone: filters, archive, feed, export."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.core import clock, sheets
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.network import selectors as network
from yishi.network.viewers import Viewer, nobody
from yishi.publication import selectors
from yishi.publication.forms import BoardForm
from yishi.publication.models import Posting
from yishi.publication.rules import item_of, said
from yishi.publication.selectors import BoardFilter
from yishi.publication.views.shown import row_of

MOST_EXPORTED, FEED_ENTRIES = 20_000, 50
CHIPS = (
    (gettext_lazy("全部"), ""),
    (gettext_lazy("张贴中"), "state=now"),
    (gettext_lazy("快期满的"), "state=now&sort=ending"),
    (gettext_lazy("有异议的"), "objected=on"),
    (gettext_lazy("存档"), "state=archive"),
)
MORE = frozenset({"item", "since", "until", "objected", "organisation"})


def form_of(request: HttpRequest) -> BoardForm:
    """The filter form of an address."""
    found = network.communities(network.the_town().pk)
    return BoardForm(request.GET, communities=[(c.pk, c.shown) for c in found])


def filter_of(given: dict[str, Any]) -> BoardFilter:
    """What was asked for, as the selectors take it."""
    if "community" in given:
        given = {**given, "community": int(given["community"])}
    return BoardFilter(**given)


def page_number(request: HttpRequest) -> int:
    """The page asked for; nonsense is the first."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


@policy("public")
@public_page
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What hangs and what hung, by any filter, twenty at a time."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form, today = form_of(request), clock.today()
    given = form.found()
    page = selectors.list_postings(viewer, filter_of(given), page_number(request))
    query = request.GET.copy()
    query.pop("page", None)
    now, here = query.urlencode(), reverse("publication:board")
    return render(request, "publication/board.html", {
        "form": form, "page": page, "rows": [row_of(p, today) for p in page.object_list], "today": today,
        "filtered": bool(set(given) - {"sort"}), "more_open": bool(MORE & set(given)), "town": network.the_town(),
        "chips": [{"label": w, "url": f"{here}?{q}" if q else here, "current": q == now} for w, q in CHIPS],
    })  # fmt: skip


@policy("public")
@public_page
@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """The newest fifty of the board, as Atom; only what is public, whoever set the reader up."""
    found = selectors.matching(nobody(clock.now()), filter_of(form_of(request).found()))[:FEED_ENTRIES]
    feed = Atom1Feed(
        title=_("公示栏"), link=f"{settings.SITE_URL}{reverse('publication:board')}", description=_("公示栏"),
        language=get_language() or "zh-hans", feed_url=f"{settings.SITE_URL}{request.get_full_path()}",
    )  # fmt: skip
    for posting in found:
        link = f"{settings.SITE_URL}{reverse('publication:posting', args=[posting.reference])}"
        feed.add_item(
            title=f"[{posting.get_kind_display()}] {posting.shown_title}", link=link, unique_id=link,
            description=posting.text[:400], pubdate=posting.posted_at, updateddate=posting.changed_at,
            author_name=posting.organisation.shown,
        )  # fmt: skip
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


def _table(request: HttpRequest) -> tuple[list[str], list[list[Any]]]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = [
        _("编号"), _("类型"), _("标题"), _("由谁发布"), _("目录"), _("状态"), _("张贴日期"), _("可撤下日期"), _("撤下日期"),
        _("地点"), _("校验码"),
    ]  # fmt: skip
    found = selectors.matching(viewer, filter_of(form_of(request).found()))[:MOST_EXPORTED]
    return head, [_cells(p) for p in found]


def _cells(posting: Posting) -> list[Any]:
    item = item_of(posting.item)
    return [
        posting.reference, posting.get_kind_display(), posting.shown_title, posting.organisation.shown,
        said(item.title) if item else "", posting.get_state_display(), posting.posted_on, posting.ends_on,
        posting.ended_on, "、".join(posting.places), posting.code_shown,
    ]  # fmt: skip


@policy("public")
@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """What the board shows, as CSV or Excel."""
    head, lines = _table(request)
    made = sheets.excel(head, lines, _("公示")) if ending == "xlsx" else sheets.comma_separated(head, lines)
    return sheets.download(made, f"notices-{clock.today():%Y%m%d}.{ending}")
