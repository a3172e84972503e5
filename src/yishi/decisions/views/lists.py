"""Lists of decisions: for everyone, for officers, as CSV, Excel and Atom."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.core import clock, sheets
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden
from yishi.decisions import rules, selectors
from yishi.decisions.forms import ListForm
from yishi.decisions.models import Decision
from yishi.decisions.routing import SUBJECTS
from yishi.decisions.selectors.lists import SORTS
from yishi.decisions.selectors.one import history, read_case
from yishi.decisions.views.shown import status_of, tone_of, where
from yishi.engines.procedure import load_procedure, procedures
from yishi.network import selectors as network
from yishi.network.viewers import Kind, Viewer, nobody

Context = dict[str, Any]
MOST_EXPORTED = 20_000
ENTRIES = 50
CHIPS = (
    (gettext_lazy("全部"), ""),
    (pgettext_lazy("decision", "进行中"), "status=running"),
    (gettext_lazy("正在决议"), "status=running&step=resolve"),
    (gettext_lazy("正在实施"), "status=running&step=implement"),
    (gettext_lazy("未通过"), "status=failed"),
    (gettext_lazy("已办结"), "status=settled"),
)


def form_of(request: HttpRequest) -> ListForm:
    """The filter form of an address."""
    ways = procedures().values()
    bodies = dict.fromkeys(kind for s in SUBJECTS.values() for kind in s.kinds)
    steps = {step.id: rules.spoken(step.title) for way in reversed(list(ways)) for step in way.steps}
    return ListForm(request.GET, choices={
        "body": sorted((str(k), str(Kind(k).label)) for k in bodies),
        "procedure": [(way.id, rules.spoken(way.title)) for way in ways], "step": sorted(steps.items()),
    })  # fmt: skip


def page_number(request: HttpRequest) -> int:
    """The page asked for; nonsense is the first."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def rows_of(items: list[Decision]) -> list[Context]:
    """Decisions as a list shows them."""
    return [{"decision": d, "tone": tone_of(d), "where": where(d), "status": status_of(d)} for d in items]  # fmt: skip


@policy("public")
@public_page
@require_safe
def decisions_list(request: HttpRequest) -> HttpResponse:
    """Every decision that the reader may meet, by any filter, twenty at a time."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = form_of(request)
    given = form.found()
    page = selectors.list_decisions(viewer, selectors.DecisionFilter(**given), page_number(request))
    here, query = reverse("decisions:list"), request.GET.copy()
    query.pop("page", None)
    now = query.urlencode()
    context = {
        "town": network.the_town(), "form": form, "page": page, "rows": rows_of(page.items), "filtered": bool(set(given) - {"sort"}),
        "chips": [{"label": label, "url": f"{here}?{q}" if q else here, "current": now == q} for label, q in CHIPS],
        "previous_number": page.number - 1, "next_number": page.number + 1, "as_table": viewer.is_officer,
    }  # fmt: skip
    name = "decisions/_found.html" if getattr(request, "htmx", False) else "decisions/list.html"
    return render(request, name, context)


@policy("decisions.own_desk")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for this officer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.offices:
        raise Refusal(hidden())
    rows = [
        {"decision": w.decision, "words": w.words, "tone": tone_of(w.decision), "where": where(w.decision), "status": status_of(w.decision),
         "url": reverse(f"decisions:{w.act}", args=[w.decision.reference]) if w.act else reverse("decisions:decision", args=[w.decision.reference])}
        for w in selectors.own_desk(viewer)
    ]  # fmt: skip
    return render(request, "decisions/desk.html", {"rows": rows})


# --- to take along ---------------------------------------------------------------------------


def heads() -> list[str]:
    """The columns, in the reader's language."""
    return [_("编号"), _("标题"), _("组织"), _("程序"), _("状态"), _("走到哪一步"), _("结果已确认"), _("提出日期"), _("最近进展"), _("终结日期")]  # fmt: skip


def cells(decision: Decision) -> list[Any]:
    """A decision as a row."""
    return [
        decision.reference, decision.title, decision.organisation.shown,
        rules.spoken(load_procedure(decision.procedure).title), decision.get_status_display(), where(decision),
        _("是") if decision.certified else "", localtime(decision.created_at).date(),
        localtime(decision.changed_at).date(), localtime(decision.ended_at).date() if decision.ended_at else None,
    ]  # fmt: skip


def _all(request: HttpRequest) -> list[list[Any]]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    wanted = selectors.DecisionFilter(**form_of(request).found())
    found = selectors.matching(viewer, wanted).select_related("organisation")
    order = SORTS.get(wanted.sort, SORTS["changed"])
    return [cells(d) for d in found.order_by(*order)[:MOST_EXPORTED]]


@policy("public")
@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    """The list as CSV."""
    name = f"decisions-{clock.today():%Y%m%d}.csv"
    return sheets.download(sheets.comma_separated(heads(), _all(request)), name)


@policy("public")
@require_safe
def export_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as an Excel workbook."""
    name = f"decisions-{clock.today():%Y%m%d}.xlsx"
    return sheets.download(sheets.excel(heads(), _all(request), _("决定")), name)


def _site(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _feed(request: HttpRequest, title: str, link: str) -> Atom1Feed:
    return Atom1Feed(
        title=title, link=_site(link), description=title, language=get_language() or "zh-hans",
        feed_url=_site(request.get_full_path()),
    )  # fmt: skip


def _answer(feed: Atom1Feed) -> HttpResponse:
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


@policy("public")
@public_page
@require_safe
def feed_atom(request: HttpRequest) -> HttpResponse:
    """The newest fifty of a list, as Atom; a feed reader is nobody, whoever set it up."""
    wanted = selectors.DecisionFilter(**form_of(request).found())
    feed = _feed(request, _("决定：一步一步，谁都能核对"), reverse("decisions:list"))
    for d in selectors.list_decisions(nobody(clock.now()), wanted, 1, ENTRIES).items:
        link = _site(reverse("decisions:decision", args=[d.reference]))
        words = f"{d.organisation.shown} · {where(d)}"
        feed.add_item(d.title, link, words, unique_id=link, pubdate=d.created_at, updateddate=d.changed_at)
    return _answer(feed)


@policy("decisions.get_decision_for")
@public_page
@require_safe
def decision_feed(request: HttpRequest, reference: str) -> HttpResponse:
    """The steps of one decision, newest first."""
    decision = selectors.get_decision_for(nobody(clock.now()), reference)
    link = reverse("decisions:decision", args=[reference])
    feed = _feed(request, f"{decision.title}（{reference}）", link)
    for one in reversed(history(read_case(decision)[1])):
        feed.add_item(
            f"{one.text} {one.detail}".strip(), _site(link), "", unique_id=f"{_site(link)}#{one.number}",
            pubdate=one.at, updateddate=one.at,
        )  # fmt: skip
    return _answer(feed)
