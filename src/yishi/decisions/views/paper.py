"""Paper: ballots handed out by serial, keyed when they come back."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yishi.core import clock
from yishi.core.policies import policy
from yishi.decisions.forms_votes import NumbersForm, PaperForm
from yishi.decisions.models import BallotBox
from yishi.decisions.selectors import ballots as boxes
from yishi.decisions.services import ballots, paper
from yishi.decisions.views._votes import attempt, gone, send
from yishi.network.viewers import viewer_of

PAGE = 40


@policy("decisions.get_run_box_for")
@never_cache
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand ballots out, key those that came back."""
    viewer, at = viewer_of(request), clock.now()
    box = boxes.get_run_box_for(viewer, pk, at)
    issuing = "numbers" in request.POST
    give = NumbersForm(request.POST if issuing else None)
    back = PaperForm(request.POST if request.POST and not issuing else None, choices=boxes.choice_words(box))
    if issuing and send(
        give, lambda: paper.issue_papers(viewer, box, give.cleaned_data["numbers"], give.cleaned_data["door"], at)
    ):
        return gone("box_papers", pk)
    if request.POST and not issuing and _keyed(request, box, back):
        return gone("box_papers", pk)
    rows = boxes.papers_of(box)
    out, returned = rows.filter(spoiled=False).count(), rows.filter(returned=True).count()
    given = {
        "box": box, "give": give, "back": back, "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "out": out, "returned": returned, "wanting": out - returned, "open": box.state == "open",
        "keying": not box.secret and box.state in ("open", "closed"),
    }  # fmt: skip
    return render(request, "decisions/voting/papers.html", given, status=422 if give.errors or back.errors else 200)


def _keyed(request: HttpRequest, box: BallotBox, form: PaperForm) -> bool:
    outcome: list[str] = []

    def act() -> None:
        given = form.cleaned_data
        outcome.append(paper.key_paper(viewer_of(request), box, given["serial"], given["marks"], clock.now()))

    if not send(form, act):
        return False
    words = _("已录入。") if outcome == ["counted"] else _("此人已用别的方式投过票：这张纸质票作“重复投票”另计。")
    attempt(request, lambda: None, words)
    return True


@policy("decisions.get_run_box_for")
@require_POST
def spoil(request: HttpRequest, pk: int, serial: int) -> HttpResponse:
    """A spoiled ballot given back and replaced."""
    viewer, at = viewer_of(request), clock.now()
    box = boxes.get_run_box_for(viewer, pk, at)
    found = box.papers.select_related("box").filter(serial=serial).first()
    if found is not None:
        attempt(request, lambda: paper.spoil_paper(viewer, found, at), _("已作废并换发一张。"))
    return gone("box_papers", pk)


@policy("decisions.get_run_box_for")
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed ballot taken back for its voter, who came in person."""
    viewer, at = viewer_of(request), clock.now()
    box = boxes.get_run_box_for(viewer, pk, at)
    number = request.POST.get("number", "")
    rows = boxes.signed_for(box, [int(number)]) if number.isdigit() and len(number) < 7 else None
    found = rows.first() if rows is not None else None
    if found is not None:
        attempt(request, lambda: ballots.revoke_ballot(viewer, found, at), _("已撤回，可以重新投票。"))
    else:
        attempt(request, _nobody)
    return gone("box_papers", pk)


def _nobody() -> None:
    raise ValidationError(_("这个序号没有投过票。"))
