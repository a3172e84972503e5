"""Sorting: accept, decline, correct, nature, and the appeal over a matter's size."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yishi.matters import forms_acts as forms
from yishi.matters import services
from yishi.matters.models import Matter
from yishi.matters.views import reads
from yishi.matters.views.acts import Act
from yishi.network.viewers import Viewer


def _suggested(viewer: Viewer, matter: Matter) -> dict[str, Any]:
    """What the rules suggest for a matter, as a beginning of the form."""
    return {"visibility": Matter.Visibility.PUBLIC, **reads.suggestions_for(matter).as_initial()}


def _categories(viewer: Viewer, matter: Matter) -> dict[str, Any]:
    return {"category_id": [("", _("暂不分类")), *reads.category_choices(matter.town_id)]}


def _as_it_stands(viewer: Viewer, matter: Matter) -> dict[str, Any]:
    return {"title": matter.title, "text": matter.text, "place": matter.place}


ACTS = (
    Act(
        slug="accept", on="matter", may="accept_matter", form=forms.AcceptForm, icon="clipboard-check",
        title=pgettext_lazy("act", "受理和分类"), button=pgettext_lazy("act", "受理"), done=_("已受理。反映人会看到大小和理由。"),
        lead=_("先问：这件事该由谁决定。建议和理由在旁边，由您定。"),
        start=_suggested, choices=_categories, beside="matters/_suggestion.html",
        help=lambda viewer, matter: {"suggestion": reads.suggestions_for(matter)},
        run=lambda viewer, matter, given, at: services.accept_matter(viewer, matter, **given, at=at),
    ),
    Act(
        slug="decline", on="matter", may="decline_matter", form=forms.DeclineForm, icon="circle-x",
        title=pgettext_lazy("act", "不予受理"), button=pgettext_lazy("act", "不予受理"), done=_("已告知不予受理的理由和去处。"),
        lead=_("写清理由、依据和可以找谁。"),
        run=lambda viewer, matter, given, at: services.decline_matter(viewer, matter, **given, at=at),
    ),
    Act(
        slug="correct", on="matter", may="correct_matter", form=forms.CorrectForm, icon="pencil",
        title=pgettext_lazy("act", "更正"), button=pgettext_lazy("act", "更正"), done=_("已更正。原文留在记录里。"), start=_as_it_stands,
        run=lambda viewer, matter, given, at: services.correct_matter(viewer, matter, **given, at=at),
    ),
    Act(
        slug="nature", on="report", may="set_nature", form=forms.NatureForm, icon="tag",
        title=pgettext_lazy("act", "改类型"), button=pgettext_lazy("act", "改类型"), done=_("类型已改，时限从收到那天重新计算。"),
        start=lambda viewer, report: {"nature": report.nature},
        run=lambda viewer, report, given, at: services.set_nature(viewer, report, **given, at=at),
    ),
    Act(
        slug="appeal", on="matter", may="appeal_size", form=forms.AppealForm, icon="scale",
        title=pgettext_lazy("act", "对大小有不同意见"), button=pgettext_lazy("act", "提交申诉"), done=_("申诉已提交，会有人答复您。"),
        lead=_("大事由议事厅议，难事多方商量，小事直接办。您可以申诉一次，写明理由。"),
        run=lambda viewer, matter, given, at: services.appeal_size(viewer, matter, **given, at=at),
    ),
    Act(
        slug="answer-appeal", on="appeal", may="answer_size_appeal", form=forms.AnswerAppealForm, icon="scale",
        title=pgettext_lazy("act", "答复申诉"), button=pgettext_lazy("act", "答复"), done=_("申诉已答复。"), beside="matters/_appeal.html",
        run=lambda viewer, appeal, given, at: services.answer_size_appeal(viewer, appeal, **given, at=at),
    ),
)  # fmt: skip
