"""Beside a matter: the decisions that it was brought to, and for its officers where to bring it to one."""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from yishi.decisions import selectors
from yishi.decisions.models import Decision
from yishi.decisions.permissions.facts import IN_CHARGE
from yishi.matters.rules.related import Related
from yishi.network.viewers import Viewer

TONES = {Decision.Status.SETTLED: "settled", Decision.Status.ANNULLED: "overdue"}


def beside(viewer: Viewer, matter: object) -> list[Related]:
    """The links of a matter; one query."""
    pk, reference = matter.pk, matter.reference  # type: ignore[attr-defined]
    found = [_link(d) for d in selectors.of_matter(viewer, pk)]
    if viewer.holding(IN_CHARGE) and matter.is_open:  # type: ignore[attr-defined]
        url = f"{reverse('decisions:new')}?matter={reference}"
        found.append(Related(_("把这件事提交决定"), url, _("由会议、成员或业主决定的事")))
    return found


def _link(d: Decision) -> Related:
    tone = TONES.get(Decision.Status(d.status), "plain")
    url = reverse("decisions:decision", args=[d.reference])
    return Related(d.title, url, d.reference, capfirst(d.get_status_display()), tone)
