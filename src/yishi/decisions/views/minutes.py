"""Minutes: drafted, corrected within the window, signed, closed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yishi.core import clock
from yishi.core.policies import policy
from yishi.decisions.forms_votes import TextForm
from yishi.decisions.models import Minutes, MinutesMark
from yishi.decisions.permissions import voting as permissions
from yishi.decisions.selectors import meetings as reads
from yishi.decisions.services import minutes as services
from yishi.decisions.views._votes import attempt, gone, send
from yishi.network.viewers import viewer_of


@policy("decisions.get_meeting_for")
@never_cache
@require_http_methods(["GET", "POST"])
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes; who runs the meeting edits the draft, everyone who may see it asks for corrections."""
    viewer, at = viewer_of(request), clock.now()
    meeting = reads.get_meeting_for(viewer, pk, at)
    runs, found = permissions.runs(viewer, meeting), Minutes.objects.filter(meeting=meeting).first()
    editing = runs and found is not None and "correction" not in request.POST
    form = TextForm(request.POST or None, initial={"text": found.text if found and editing else ""})
    if not editing:
        form.fields["text"].widget.attrs["rows"] = 3

    def act() -> None:
        assert found is not None
        change = services.change_minutes if editing else services.ask_correction
        change(viewer, found, form.cleaned_data["text"], at)

    if request.method == "POST" and found is not None and send(form, act):
        return gone("minutes", pk)
    marks = found.marks.select_related("by").order_by("pk") if found else []
    given = {
        "meeting": meeting, "minutes": found, "runs": runs, "form": form, "marks": marks,
        "window": found is not None and at <= found.corrections_until, "ask": TextForm(auto_id="ask_%s"),
        "signed": any(m.kind == "signature" for m in marks),
    }  # fmt: skip
    return render(request, "decisions/meeting/minutes.html", given, status=422 if form.errors else 200)


@policy("decisions.get_meeting_for")
@require_POST
def minutes_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One button: draft, sign, close, accept a correction or not."""
    viewer, at = viewer_of(request), clock.now()
    meeting = reads.get_meeting_for(viewer, pk, at)
    found = Minutes.objects.filter(meeting=meeting).first()
    if verb == "draft" and found is None:
        attempt(request, lambda: services.draft_minutes(viewer, meeting, at), _("已起草，请核对。"))
    elif found is not None and verb == "sign":
        attempt(request, lambda: services.sign_minutes(viewer, found, at), _("已签名。"))
    elif found is not None and verb == "close":
        attempt(request, lambda: services.close_minutes(viewer, found, at), _("会议记录已定稿。"))
    elif found is not None and verb in ("accept", "decline"):
        number = request.POST.get("mark", "")
        mark = MinutesMark.objects.filter(minutes=found, pk=int(number) if number.isdigit() else 0).first()
        if mark is not None:
            attempt(request, lambda: services.answer_correction(viewer, mark, verb == "accept", at), _("已答复。"))
    return gone("minutes", pk)
