"""待办: an officer's queue by clock and by what waits on them, and several acts at once."""

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, Verdict, no, require
from yishi.matters import selectors, services
from yishi.matters.forms_lists import BulkForm
from yishi.matters.models import Assignment, Matter, Report
from yishi.matters.permissions.undoing import MINUTES
from yishi.matters.selectors import QueueItem
from yishi.matters.views import reads
from yishi.matters.views.shown import STAGE_TONES, Row, face
from yishi.network.viewers import Viewer

Context = dict[str, Any]
LABELS = {
    "sign": pgettext_lazy("act", "签收"), "accept": pgettext_lazy("act", "受理"), "assign": pgettext_lazy("act", "派单"),
    "reply": pgettext_lazy("act", "答复"), "tell": pgettext_lazy("act", "告知"), "visit_back": pgettext_lazy("act", "回访"),
    "settle": pgettext_lazy("act", "办结"), "rule": pgettext_lazy("act", "裁定退单"), "answer_appeal": pgettext_lazy("act", "大小申诉"),
    "resume": pgettext_lazy("act", "挂账复核"),
}  # fmt: skip
TOGETHER = ("sign", "assign", "tell")


def officers_only(viewer: Viewer) -> Verdict:
    """Whether there is a queue for this viewer at all."""
    if viewer.is_officer or viewer.offices:
        return Verdict(True)
    return no(_("待办供在任的工作人员使用。"), what_now=_("您反映的事在“我的事项”里。"))


@policy("signed_in")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this officer, most pressing first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    require(officers_only(viewer))
    items = selectors.queue_for(viewer)
    chosen = request.GET.get("waiting", "")
    shown = [i for i in items if not chosen or i.act == chosen]
    undo = (
        request.session.get("undo")
        if request.session.get("undo", {}).get("until", "") > clock.now().isoformat()
        else None
    )
    rows = [row_of_item(i) for i in shown]
    return render(request, "matters/queue.html", {
        "rows": rows, "tabs": _tabs(items, chosen), "bulk": _bulk_form(viewer, items) if any(r.pick for r in rows) else None,
        "besides": reads.besides(viewer), "undo": undo, "sort": "due",
    })  # fmt: skip


def row_of_item(item: QueueItem) -> Row:
    """A waiting act as a row of the table."""
    today, matter = clock.today(), item.matter
    shown = face(item.due_on, today, stopped=matter.stage == Matter.Stage.SUSPENDED and not item.overdue)
    return Row(
        matter, STAGE_TONES.get(Matter.Stage(matter.stage), "plain"), capfirst(matter.get_stage_display()), today, shown.left,
        shown.state, blocked=item.blocked, act_url=_url(item), act_title=str(LABELS[item.act]), due_on=item.due_on,
        pick=f"{item.act}:{matter.reference}:{item.subject_id or ''}" if item.act in TOGETHER else "",
    )  # fmt: skip


def _url(item: QueueItem) -> str:
    args = [item.matter.reference, *([item.subject_id] if item.subject_id else [])]
    return reverse(f"matters:{item.act.replace('_', '-')}", args=args) + f"?next={reverse('matters:queue')}"


def _tabs(items: list[QueueItem], chosen: str) -> list[Context]:
    count = Counter(i.act for i in items)
    every = [{"key": None, "label": _("全部"), "n": len(items), "current": not chosen}]
    return every + [
        {"key": act, "label": label, "n": count[act], "current": chosen == act}
        for act, label in LABELS.items()
        if count[act]
    ]


def _bulk_form(viewer: Viewer, items: list[QueueItem], data: Any = None) -> BulkForm:
    needed = any(i.act == "assign" for i in items)
    choices = reads.town_facts().offices if needed else []
    picks = [row_of_item(i).pick for i in items if i.act in TOGETHER]
    return BulkForm(data, organisations=choices, picks=picks)


@policy("signed_in")
@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """Do one act on every ticked matter; each is asked of the rules by itself."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    require(officers_only(viewer))
    form = _bulk_form(viewer, selectors.queue_for(viewer), request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect("matters:queue")
    act = form.cleaned_data["do"]
    fitting = [p for p in form.cleaned_data["pick"] if p.startswith(f"{act}:")]
    done, refused = _each(viewer, act, fitting, form.cleaned_data, clock.now())
    _tell(request, act, done, refused, len(form.cleaned_data["pick"]) - len(fitting))
    return redirect("matters:queue")


def _each(viewer: Viewer, act: str, picks: list[str], given: Context, at: dt.datetime) -> tuple[list[str], list[str]]:
    done, refused = [], []
    for pick in picks:
        _act, reference, subject_id = pick.split(":")
        try:
            subject = _do(viewer, act, selectors.get_matter_for(viewer, reference), subject_id, given, at)
            done.append(f"{act}:{reference}:{subject}")
        except Refusal as refusal:
            refused.append(_("%(ref)s：%(why)s") % {"ref": reference, "why": refusal.verdict.reason})
        except ValidationError as error:
            refused.append(_("%(ref)s：%(why)s") % {"ref": reference, "why": " ".join(error.messages)})
    return done, refused


def _do(viewer: Viewer, act: str, matter: Matter, subject_id: str, given: Context, at: dt.datetime) -> int:
    """One act; the id of what it can be taken back from."""
    if act == "sign":
        assignment = Assignment.objects.get(pk=subject_id, matter=matter)
        assignment.matter = matter
        return services.sign_assignment(viewer, assignment, at).pk
    if act == "tell":
        report = Report.objects.select_related("matter__community").get(pk=subject_id, matter=matter)
        return services.tell_reporter(viewer, report, given["how"], at).pk
    return services.assign_matter(viewer, matter, given["organisation_id"], "lead", _("批量派单"), at).pk


def _tell(request: HttpRequest, act: str, done: list[str], refused: list[str], unfit: int) -> None:
    """Say what was done and what was not, and keep what can be taken back."""
    n = len(done)
    if done:
        said = ngettext("%(what)s了 %(n)s 件。", "%(what)s了 %(n)s 件。", n) % {"what": LABELS[act], "n": n}
        until = clock.now() + dt.timedelta(minutes=MINUTES)
        request.session["undo"] = {"said": said, "picks": done, "until": until.isoformat()}
    for line in refused:
        messages.warning(request, line)
    if unfit:
        messages.info(
            request, ngettext("%(n)s 件还没到这一步，没有动。", "%(n)s 件还没到这一步，没有动。", unfit) % {"n": unfit}
        )


@policy("signed_in")
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take back the last acts done together, each an act of its own; what others have built on stays."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    require(officers_only(viewer))
    picks, at, done = request.session.pop("undo", {}).get("picks", []), clock.now(), 0
    for pick in picks:
        act, reference, subject_id = pick.split(":")
        try:
            _undo(viewer, act, selectors.get_matter_for(viewer, reference), int(subject_id), at)
            done += 1
        except Refusal as refusal:
            messages.warning(request, _("%(ref)s：%(why)s") % {"ref": reference, "why": refusal.verdict.reason})
    if done:
        messages.success(request, ngettext("已撤回 %(n)s 件。", "已撤回 %(n)s 件。", done) % {"n": done})
    return redirect("matters:queue")


def _undo(viewer: Viewer, act: str, matter: Matter, subject_id: int, at: dt.datetime) -> None:
    if act == "tell":
        services.undo_telling(viewer, Report.objects.get(pk=subject_id, matter=matter), at)
        return
    assignment = Assignment.objects.select_related("matter").get(pk=subject_id, matter=matter)
    (services.undo_signature if act == "sign" else services.undo_assignment)(viewer, assignment, at)
