"""Duplicates: one matter into another, side by side first; and apart again."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yishi.core.verdicts import Refusal
from yishi.matters import forms_acts as forms
from yishi.matters import selectors, services
from yishi.matters.models import Matter
from yishi.matters.views.acts import Act
from yishi.network.viewers import Viewer


def _candidates(viewer: Viewer, matter: Matter) -> dict[str, Any]:
    """Matters that may be the same, the matter itself left out."""
    found = selectors.similar_to(f"{matter.title} {matter.text}", matter.place, matter.town_id, viewer)
    return {"candidates": [m for m in found if m.pk != matter.pk][:6]}


def _merge(viewer: Viewer, matter: Matter, given: dict[str, Any], at: Any) -> Any:
    try:
        into = selectors.get_matter_for(viewer, given["into"].strip().upper())
    except Refusal:
        raise ValidationError({"into": gettext("没有找到编号 %(ref)s，请核对。") % {"ref": given["into"]}}) from None
    return services.merge_matter(viewer, matter, into, given["reason"], at)


ACTS = (
    Act(
        slug="merge", on="matter", may="merge_matter", form=forms.MergeForm, icon="git-merge",
        title=pgettext_lazy("act", "并入另一件"), button=pgettext_lazy("act", "并入"), done=_("已并入。每位反映人的时限和答复都还在。"),
        lead=_("同一件事才并；并错了可以随时拆开，什么都不会丢。"), help=_candidates, beside="matters/_candidates.html",
        run=_merge,
    ),
    Act(
        slug="split", on="merge", may="split_matter", form=forms.ReasonForm, icon="git-fork",
        title=pgettext_lazy("act", "拆开"), button=pgettext_lazy("act", "拆开"), done=_("已拆开，两件事各自恢复。"),
        run=lambda viewer, merge, given, at: services.split_matter(viewer, merge, **given, at=at),
    ),
)  # fmt: skip
