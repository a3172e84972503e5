"""Who reported: shown to the handler alone, after a reason, every look on record. And the hints for a reply."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yishi.core import clock
from yishi.core.acts import page
from yishi.core.policies import policy
from yishi.core.verdicts import require
from yishi.engines.triage.replies import check_reply
from yishi.matters import permissions, selectors, services
from yishi.matters.forms_acts import RevealForm
from yishi.matters.views.acts import Act
from yishi.network.viewers import Viewer

REVEAL = Act(
    slug="reveal", on="report", may="view_contact", form=RevealForm, icon="eye", title=pgettext_lazy("act", "查看联系方式"),
    button=pgettext_lazy("act", "查看并留记录"), done="", lead=_("只有经办人能看。写下理由，这次查看会留在记录里。"),
    run=lambda viewer, report, given, at: None,
)  # fmt: skip


@policy("matters.may_view_contact")
@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Ask why, then show; nothing is shown without a reason, and nothing is kept in the page's address."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    matter = selectors.get_matter_for(viewer, reference)
    report = get_object_or_404(matter.reports.all(), pk=pk)
    report.matter = matter
    require(permissions.may_view_contact(viewer, report, clock.now()))
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        contact = services.view_contact(viewer, report, why, clock.now())
        template = "matters/_revealed.html" if getattr(request, "htmx", False) else "matters/contact.html"
        return render(request, template, {"matter": matter, "report": report, "contact": contact, "why": why})
    return page(request, REVEAL, matter, report, form)


@policy("matters.get_matter_for")
@require_POST
def reply_checks(request: HttpRequest, reference: str) -> HttpResponse:
    """The reading list of a reply while it is being written."""
    matter = selectors.get_matter_for(request.viewer, reference)  # type: ignore[attr-defined]
    reply = request.POST.get("reply", "")[:4000]
    checks = check_reply(matter.text, reply) if reply.strip() else []
    return render(request, "matters/_checks.html", {"checks": checks})
