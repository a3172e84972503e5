"""Home: votes open now, what is near, what hangs on the board, what was settled this week, and one big button."""

import datetime as dt
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.core import clock, generations
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal
from yishi.decisions import selectors as decisions
from yishi.matters import selectors as matters
from yishi.network import selectors as network
from yishi.publication import selectors as publication

MOST = 6
PERIOD = dt.timedelta(days=89)


@policy("public")
@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What a resident wants to know at first glance; a site without a town yet says what to do first."""
    try:
        town = network.the_town()
    except Refusal:
        return render(request, "web/home.html", {"near": [], "notices": [], "settled": [], "figures": []})
    return render(request, "web/home.html", {"town": town, **_lists(request, town.pk), "figures": _figures(town.pk)})


def _lists(request: HttpRequest, town_id: int) -> dict[str, Any]:
    """Open matters of the reader's own community (anyone's, where it is not known), and those settled this week."""
    viewer, today = request.viewer, clock.today()  # type: ignore[attr-defined]
    community = matters.home_community(viewer)
    week = today - dt.timedelta(days=6)
    near = matters.newest(viewer, town_id, MOST, community_id=community, open_only=True)
    settled = matters.settled_since(viewer, town_id, week, MOST)
    hanging = publication.matching(viewer, publication.BoardFilter(state="now"))
    where = f"&community={community}" if community else ""
    return {
        "near": [_line(m, today) for m in near], "near_url": f"{reverse('matters:list')}?stage=open{where}",
        "settled": [_settled(m) for m in settled], "settled_url": f"{reverse('matters:list')}?stage=settled&sort=changed",
        "notices": [_notice(p, today) for p in hanging[:MOST]], "notices_url": reverse("publication:board"),
        "votes": decisions.open_votes(viewer, clock.now()),
    }  # fmt: skip


def _line(matter: Any, today: dt.date) -> dict[str, Any]:
    late = matter.due_on is not None and matter.due_on < today
    return {
        "url": reverse("matters:matter", args=[matter.reference]), "title": matter.title, "place": matter.place,
        "at": matter.raised_at, "tone": "overdue" if late else "plain",
        "label": _("已逾期") if late else matter.get_stage_display(),
    }  # fmt: skip


def _notice(posting: Any, today: dt.date) -> dict[str, Any]:
    left = (posting.ends_on - today).days if posting.ends_on else None
    return {
        "url": reverse("publication:posting", args=[posting.reference]), "title": posting.shown_title,
        "who": posting.organisation.shown, "until": posting.ends_on, "left": left,
    }  # fmt: skip


def _settled(matter: Any) -> dict[str, Any]:
    judged = matter.satisfied + matter.unsatisfied
    good = _("%(good)s/%(all)s 位满意") % {"good": matter.satisfied, "all": judged} if judged else ""
    return {
        "url": reverse("matters:matter", args=[matter.reference]), "title": matter.title, "place": matter.place,
        "at": matter.settled_at, "label": good,
    }  # fmt: skip


def _figures(town_id: int) -> list[dict[str, Any]]:
    """The rates of the last ninety days, each leading to the town's page, where its exclusions stand.

    Counted once until the next act anywhere, at most a minute.
    """
    today, url = clock.today(), reverse("dashboard:town")
    key = f"home:{town_id}:{generations.current()}:{today}"
    found: matters.Rates | None = cache.get(key)
    if found is None:
        found = matters.rates(town_id, today - PERIOD, today)
        cache.set(key, found, 60)
    given = ((_("响应率"), found.response), (_("解决率"), found.resolution), (_("满意率"), found.satisfaction))
    return [
        {"label": label, "numerator": r.numerator, "denominator": r.denominator, "note": _("近 90 天"), "url": url}
        for label, r in given
    ]
