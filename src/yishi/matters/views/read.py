"""A matter's page: everything about it that this reader may see, and what they can do now."""

import datetime as dt
from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yishi.commitments import selectors as commitments
from yishi.core import clock, files
from yishi.core.models import StoredFile
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal
from yishi.inbox import selectors as inbox
from yishi.inbox import services as following
from yishi.matters import permissions, selectors
from yishi.matters.models import Matter, Merge, Report, Step
from yishi.matters.rules.related import related_to
from yishi.matters.views import doing
from yishi.matters.views.shown import STAGE_TONES, clock_of, named, with_detail
from yishi.matters.views.spot import spot
from yishi.network.viewers import Viewer

Context = dict[str, Any]
Kind = Step.Kind
UPCOMING = {
    "raised": (Kind.ACCEPTED, Kind.ASSIGNED, Kind.REPLIED, Kind.JUDGED),
    "accepted": (Kind.ASSIGNED, Kind.REPLIED, Kind.JUDGED),
    "assigned": (Kind.SIGNED, Kind.REPLIED, Kind.JUDGED),
    "doing": (Kind.REPLIED, Kind.JUDGED),
    "suspended": (Kind.RESUMED, Kind.REPLIED, Kind.JUDGED),
    "answered": (Kind.JUDGED, Kind.SETTLED),
}


@policy("matters.get_matter_for")
@public_page
@require_safe
def matter_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What, where, whose, by when, every step, the result, and what can be done now."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    matter = selectors.get_matter_for(viewer, reference)
    return render(request, "matters/matter.html", page_of(viewer, matter, clock.now()))


def page_of(viewer: Viewer, matter: Matter, at: dt.datetime) -> Context:
    """Everything that the page shows, in as few questions to the database as it takes."""
    inside = bool(viewer.offices) and selectors.is_inside(viewer, matter)
    pictures, promises = selectors.pictures_of(viewer, matter), commitments.for_subject("matters.matter", matter.pk)
    items = selectors.timeline(viewer, matter, pictures, promises)
    return {
        "matter": matter, "stage": {"tone": STAGE_TONES.get(Matter.Stage(matter.stage), "plain"), "label": capfirst(matter.get_stage_display())},
        "clock": clock_of(matter, clock.local_day(at)), "steps": spine_of(matter, [i for i in items if i.public or not inside]),
        "commitments": promises, "photos": photos_of(items, pictures, matter), "voices": voices_of(viewer, matter, inside=inside), "spot": spot_of(matter),
        "judged": {"asked": matter.satisfied + matter.unsatisfied, "satisfied": matter.satisfied, "unsatisfied": matter.unsatisfied},
        "channels": channels_of(matter), "merged": merged_into(viewer, matter, at),
        "page_url": settings.SITE_URL + reverse("matters:matter", args=[matter.reference]),
        "related": list(related_to(viewer, matter)), "may_join": matter.is_open and matter.is_public, "is_handler": inside,
        "notes": [i for i in items if not i.public] if inside else [],
        **doing.acts_for(viewer, matter, at, items if inside else None),
    }  # fmt: skip


def spine_of(matter: Matter, items: list[Any]) -> list[Context]:
    """The timeline as the spine draws it: what was, where it stands, what comes next."""
    rows = together([i for i in items if i.public or i.words])
    last = len(rows) - 1
    steps = [
        {
            "title": titled(i, times), "text": i.words, "at": i.at, "who": i.who,
            "clause": i.clause, "url": i.url, "state": "here" if n == last and matter.is_open else "done",
        }
        for n, (i, times) in enumerate(rows)
    ]  # fmt: skip
    judged = bool(items) and items[-1].kind == Kind.JUDGED
    coming = [kind for kind in UPCOMING.get(matter.stage, ()) if not (judged and kind == Kind.JUDGED)]
    return steps + [{"title": capfirst(kind.label), "text": "", "at": None, "state": "next"} for kind in coming]


def together(items: list[Any]) -> list[tuple[Any, int]]:
    """Wordless steps of one kind, by one hand, on one day, as one: six reporters told are one line."""
    found: list[tuple[Any, int]] = []
    same: tuple[Any, ...] = ()
    for i in items:
        sort = (i.detail, i.who, clock.local_day(i.at)) if i.kind == Kind.TOLD and not i.words else ()
        if sort and sort == same:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((i, 1))
        same = sort
    return found


def titled(item: Any, times: int) -> str:
    """A step's name with its detail, a day in words, and how many it stands for."""
    detail = item.detail
    if item.kind in (Kind.SUSPENDED, Kind.EXTENDED) and detail:
        day = date_format(dt.date.fromisoformat(detail))
        detail = _("复核日 %(day)s") % {"day": day} if item.kind == Kind.SUSPENDED else _("延到 %(day)s") % {"day": day}
    if times > 1:
        detail = _("%(detail)s，%(n)s 人") % {"detail": detail, "n": times} if detail else _("%(n)s 人") % {"n": times}
    return with_detail(item.label, detail)


def photos_of(items: list[Any], pictures: dict[tuple[str, int], list[Any]], matter: Matter) -> list[Context]:
    """The photos of the reports, then those of the handling with their words."""
    told = [
        (f, _("反映时的照片"))
        for r in permissions.reports_of(matter)
        for f in pictures.get(("matters.report", r.pk), ())
    ]
    done = [(f, i.words[:30] or i.label) for i in items for f in i.photos]
    return [
        {"url": files.url_of(f), "alt": words, "caption": words, "width": f.width, "height": f.height}
        for f, words in (*told, *done)
    ]


def voices_of(viewer: Viewer, matter: Matter, *, inside: bool) -> list[Context]:
    """The spoken notes: for those who handle the matter, and to each reporter their own."""
    heard = [r.pk for r in permissions.reports_of(matter) if inside or permissions.owns(viewer, r)]
    if not heard:
        return []
    found = StoredFile.objects.filter(kind=StoredFile.Kind.VOICE, subject_kind="matters.report", subject_id__in=heard)
    return [{"url": files.url_of(f)} for f in found.order_by("pk")]


def spot_of(matter: Matter) -> SafeString | str:
    """The small map, where the place is known."""
    if matter.latitude is None or matter.longitude is None:
        return ""
    c = matter.community
    near = (named(c), c.latitude, c.longitude) if c and c.latitude is not None and c.longitude is not None else None
    return spot(matter.latitude, matter.longitude, matter.place, near)


def channels_of(matter: Matter) -> list[Context]:
    """How many reports came which way."""
    count = Counter(r.channel for r in permissions.reports_of(matter) if r.withdrawn_at is None)
    return [{"label": Report.Channel(channel).label, "n": n} for channel, n in count.most_common()]


def merged_into(viewer: Viewer, matter: Matter, at: dt.datetime) -> list[Context]:
    """The matters joined into this one, with the way apart for those who may split them."""
    if all(r.first_matter_id == matter.pk for r in permissions.reports_of(matter)):
        return []
    found = []
    for merge in Merge.objects.filter(into=matter, split_at=None).select_related("matter").order_by("at"):
        merge.into = matter
        may = permissions.may_split_matter(viewer, merge, at) if viewer.offices else None
        found.append({
            "reference": merge.matter.reference, "title": merge.matter.title, "at": merge.at, "reason": merge.reason,
            "url": reverse("matters:matter", args=[merge.matter.reference]) if merge.matter.is_public or viewer.offices else "",
            "split_url": reverse("matters:split", args=[matter.reference, merge.pk]) if may else "",
        })  # fmt: skip
    return found


@policy("matters.get_matter_for")
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Hear of what happens to a matter, or no longer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    matter = selectors.get_matter_for(viewer, reference)
    if viewer.is_anonymous:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    if request.method == "POST":
        on = request.POST.get("on") == "1"
        (following.follow if on else following.unfollow)(viewer, matter, clock.now())
        messages.success(request, _("已关注，有进展会告诉您。") if on else _("不再关注这件事。"))
        return redirect("matters:matter", reference=reference)
    return render(request, "matters/follow.html", {"matter": matter, "following": inbox.is_following(viewer, matter)})


@policy("matters.get_matter_for")
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """From a number on a receipt to its page."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    reference = request.GET.get("reference", "").strip().upper()
    try:
        matter = selectors.get_matter_for(viewer, reference)
    except Refusal:
        messages.warning(
            request, _("没有找到编号 %(ref)s，请核对；未公开的事项请用回执上的地址打开。") % {"ref": reference[:16]}
        )
        return redirect("matters:list")
    return redirect("matters:matter", reference=matter.reference)
