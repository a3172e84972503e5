"""Counting by two, the outcome with its arithmetic, certifying by a third; a recount on a recorded basis."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock, files
from yishi.core.policies import policy
from yishi.core.verdicts import require
from yishi.decisions import rules, tallied
from yishi.decisions.forms_votes import CountForm, RecountForm
from yishi.decisions.models import AgendaItem, BallotBox, Result
from yishi.decisions.permissions import counting as permissions
from yishi.decisions.permissions.booths import may_see_booths
from yishi.decisions.permissions.papers import editions
from yishi.decisions.permissions.voting import runs
from yishi.decisions.selectors import ballots as boxes
from yishi.decisions.selectors import meetings as reads
from yishi.decisions.selectors.booths import ShownBooth, shown_booths
from yishi.decisions.services import certifying, counting, recounting
from yishi.decisions.views._votes import attempt, gone, send
from yishi.decisions.views.parts import outcome_words, row_of
from yishi.decisions.voting import kinds
from yishi.decisions.voting.booths import awaited
from yishi.decisions.voting.tallying import APART, FIELDS, differences, expected, two_ways
from yishi.network.viewers import viewer_of
from yishi.people import selectors as people


@policy("decisions.may_count_ballots")
@never_cache
@require_http_methods(["GET", "POST"])
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """Key one's own count; see what the other keyed only once one has keyed oneself; reckon when both agree."""
    viewer, at = viewer_of(request), clock.now()
    box = boxes.get_box_for(viewer, pk, at)
    require(permissions.may_count_ballots(viewer, box, at))
    form = CountForm(
        request.POST or None, choices=boxes.choice_words(box), words=_words(), initial=_start(box, viewer.person_id)
    )

    def act() -> None:
        votes = form.numbers((*box.choices, *APART))
        counting.key_count(viewer, box, counting.CountInput(votes, **form.numbers(FIELDS)), at)

    if request.method == "POST" and send(form, act):
        return gone("box_count", pk)
    return render(
        request,
        "decisions/voting/count.html",
        _count_page(box, form, viewer.person_id)
        | {"awaited": awaited(box), "sees_booths": may_see_booths(viewer, box, at)},
        status=422 if form.errors else 200,
    )


def _words() -> dict[str, str]:
    return {name: tallied.label(name) for name in (*APART, *FIELDS)}


def _start(box: BallotBox, person: int | None) -> dict[str, int]:
    """What one keyed before; of the papers only how many were handed out, so that both count for themselves."""
    mine = box.paper_counts.filter(by_id=person).first()
    if mine is None:
        return {"n_issued": expected(box)["issued"]}
    return {f"n_{n}": v for n, v in ({f: getattr(mine, f) for f in FIELDS} | dict(mine.votes)).items()}


def _count_page(box: BallotBox, form: CountForm, person: int | None) -> dict[str, Any]:
    counts = list(box.paper_counts.select_related("by").order_by("pk"))
    mine = next((c for c in counts if c.by_id == person), None)
    words = dict(boxes.choice_words(box)) | _words()
    differing = differences(counts[0], counts[1]) if len(counts) == 2 and mine else []
    return {
        "box": box, "form": form, "choices": form.part(box.choices), "apart": form.part(APART),
        "fields": form.part(FIELDS), "counts": counts, "mine": mine, "turnout": boxes.turnout(box),
        "differing": [(words.get(n, n), a, b) for n, a, b in differing], "two_ways": two_ways(box),
        "ready": len(counts) == 2 and bool(mine) and not differing and box.state == "closed",
    }  # fmt: skip


@policy("decisions.may_count_ballots")
@require_POST
def reckon(request: HttpRequest, pk: int) -> HttpResponse:
    """Reckon the outcome from two counts that agree."""
    viewer, at = viewer_of(request), clock.now()
    box = boxes.get_box_for(viewer, pk, at)
    if attempt(request, lambda: counting.count_ballots(viewer, box.item, at), _("已计出结果，等待确认。")):
        return gone("item_result", box.item_id)
    return gone("box_count", pk)


@policy("decisions.get_item_for")
@never_cache
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The outcome: number lines, arithmetic, clause; seal when certified; every earlier result stays."""
    viewer, at = viewer_of(request), clock.now()
    item = reads.get_item_for(viewer, pk, at)
    results = list(item.results.select_related("certified_by").order_by("-number"))
    case = rules.case_of(item.decision)
    blocked = _why_not_certifiable(case) if results else ""
    given = {
        "item": item, "row": row_of(item), "results": [(r, reads.result_lines(r), outcome_words(r), _figures(r)) for r in results],
        "may_certify": bool(permissions.may_certify_result(viewer, item, at)), "blocked": blocked,
        "advice": bool(blocked) and case.phase == "counted", "may_recount": bool(permissions.may_recount_ballots(viewer, item, at)),
        "may_run": runs(viewer, item.meeting), "booths": _booths(item), **editions(item.decision),
        "elected": _names(item, results[0].report.get("elected", [])) if results else [],
    }  # fmt: skip
    return render(request, "decisions/voting/result.html", given)


def _booths(item: AgendaItem) -> list[ShownBooth]:
    box = getattr(item, "box", None)
    return shown_booths(box) if box is not None else []


def _why_not_certifiable(case: Any) -> str:
    from yishi.engines.procedure.count import may_certify

    note = may_certify(case) if case.results and case.results[-1].check else None
    return rules.spoken(note.text) if note else ""


def _figures(found: Result) -> list[tuple[str, str]]:
    order = (
        "yes",
        "no",
        "abstain",
        "blank",
        "double",
        "issued",
        "returned",
        "unreturned",
        "valid",
        "invalid",
        "late",
        "wrong_roll",
    )
    words = {"late": _("逾期"), "wrong_roll": _("不在名册")}
    counts = found.counts
    return [(words.get(n) or tallied.label(n), str(counts[n])) for n in order if n in counts]


def _names(item: AgendaItem, refs: list[str]) -> list[str]:
    known = people.names_of([int(r[1:]) for r in refs if r[1:].isdigit()])
    return [known.get(int(r[1:]), r) for r in refs if r[1:].isdigit()]


@policy("decisions.may_certify_result")
@require_POST
def certify(request: HttpRequest, pk: int) -> HttpResponse:
    """Certify the count, or record it as advice where the rules are not verified."""
    viewer, at = viewer_of(request), clock.now()
    item = reads.get_item_for(viewer, pk, at)
    if "advice" in request.POST:
        attempt(request, lambda: certifying.record_as_advice(viewer, item, at), _("已作为意见记录。"))
    else:
        attempt(request, lambda: certifying.certify_result(viewer, item, at), _("结果已确认。"))
    return gone("item_result", pk)


@policy("decisions.may_recount_ballots")
@never_cache
@require_http_methods(["GET", "POST"])
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    """A recount, order or judgment: the old result stays on the record."""
    viewer, at = viewer_of(request), clock.now()
    item = reads.get_item_for(viewer, pk, at)
    require(permissions.may_recount_ballots(viewer, item, at))
    last = item.results.order_by("-number").first()
    counts = _recountable(last) if last else {}
    form = RecountForm(request.POST or None, request.FILES or None, counts=counts, initial={"basis": "recount"})

    def act() -> None:
        given = form.cleaned_data
        fresh = {name: check_number(name, given[f"n_{name}"]) for name in counts}
        paper = given["document"]
        keyed = recounting.RecountInput(given["basis"], fresh, given["reason"], paper, paper.name if paper else "")
        recounting.key_recount(viewer, item, keyed, at)

    if request.method == "POST" and last is not None and send(form, act):
        return gone("item_result", pk) if last.pk != _newest(item) else gone("item_recount", pk)
    given = {"item": item, "form": form, "last": last} | (_keyings(last, counts, viewer.person_id) if last else {})
    return render(request, "decisions/voting/recount.html", given, status=422 if form.errors else 200)


def _newest(item: AgendaItem) -> int | None:
    return item.results.order_by("-number").values_list("pk", flat=True).first()


def _keyings(last: Result, counts: dict[str, tuple[str, str]], person: int | None) -> dict[str, Any]:
    """Who has keyed; where they differ only for those who have keyed themselves."""
    rows = recounting.keyings_of(last)
    mine = any(row.by_id == person for row in rows)
    found = recounting.differing(*rows) if len(rows) == 2 and mine else []
    words = {name: text for name, (text, _value) in counts.items()} | {"basis": _("依据")}
    return {
        "keyings": rows, "differing": [(words.get(n, n), a, b) for n, a, b in found],
        "papers": [(file, files.url_of(file)) for file in recounting.papers_of(last)],
    }  # fmt: skip


def _recountable(last: Result) -> dict[str, tuple[str, str]]:
    """The numbers of a result that a recount may change, as they are written."""
    names = [n for n in last.counts if n not in ("late", "wrong_roll")]
    written = kinds.written({n: last.counts[n] for n in names})
    return {
        n: (tallied.label(n) if tallied.label(n) != n else rules.quantity_words(n), str(v)) for n, v in written.items()
    }


def check_number(name: str, text: str) -> int:
    """A number of the count as people write it; areas in m² become hundredths.

    Raises:
        ValidationError: not such a number.
    """
    from django.core.exceptions import ValidationError

    from yishi.engines.procedure import PackError
    from yishi.engines.procedure.checks import read_value

    try:
        return read_value(name, text) if kinds.is_area(name) else read_value("count", text)
    except PackError as error:
        raise ValidationError({f"n_{name}": _("请填不小于 0 的整数；面积最多两位小数。")}) from error
