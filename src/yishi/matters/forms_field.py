"""Forms for work in the field: a walk along a lane, a plan, a visit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yishi.core import clock
from yishi.core.forms import day
from yishi.matters.forms_raise import PhotosField
from yishi.matters.models import Lane, Lead
from yishi.matters.services.patrol import AnswerInput

FINE = (("fine", _("没问题")), ("problem", _("有问题")))


class WalkForm(forms.Form):
    """The checklist of a lane: each question fine, or with words and photos."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    walked_at = forms.DateTimeField(
        label=_("巡查时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    note = forms.CharField(label=_("备注"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, lane: Lane, **given: Any) -> None:
        super().__init__(*args, **given)
        self.questions: list[str] = list(lane.plan.checklist)
        for number, question in enumerate(self.questions, 1):
            self.fields[f"fine_{number}"] = forms.ChoiceField(
                label=question, choices=FINE, initial="fine", widget=forms.RadioSelect
            )
            self.fields[f"words_{number}"] = forms.CharField(
                label=_("看到了什么"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
            )
            self.fields[f"photos_{number}"] = PhotosField(label=_("照片"), required=False)
            self.fields[f"report_key_{number}"] = forms.UUIDField(widget=forms.HiddenInput, initial=clock.new_key)

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Each question with its words and photos, as fields of the page."""
        numbers = range(1, len(self.questions) + 1)
        return [(self[f"fine_{n}"], self[f"words_{n}"], self[f"photos_{n}"]) for n in numbers]

    def clean(self) -> dict[str, Any]:
        """A problem needs words."""
        given: dict[str, Any] = super().clean() or {}
        for number in range(1, len(self.questions) + 1):
            if given.get(f"fine_{number}") == "problem" and not given.get(f"words_{number}", "").strip():
                self.add_error(f"words_{number}", _("请写几个字，说说看到了什么。"))
        return given

    def answers(self) -> list[AnswerInput]:
        """The answers as the command takes them."""
        given = self.cleaned_data
        return [
            AnswerInput(
                number=n, fine=given[f"fine_{n}"] == "fine", words=given[f"words_{n}"],
                report_key=given[f"report_key_{n}"], photos=given[f"photos_{n}"],
            )
            for n in range(1, len(self.questions) + 1)
        ]  # fmt: skip


class PlanForm(forms.Form):
    """A plan: its hall, its name, its questions, one a line."""

    hall = forms.TypedChoiceField(label=_("议事厅"), coerce=int)
    name = forms.CharField(label=_("计划名称"), max_length=60)
    since = day(_("从哪天起"))
    checklist = forms.CharField(
        label=_("检查项"), help_text=_("一行写一项，例如：下水道是否通畅"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip

    def __init__(self, *args: Any, halls: list[tuple[int, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["hall"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = halls


class LaneForm(forms.Form):
    """A lane of a plan."""

    number = forms.IntegerField(label=_("编号"), min_value=1, max_value=999)
    name = forms.CharField(label=_("街巷"), max_length=60)


class VisitForm(forms.Form):
    """A visit: where, when, a note of one's own, and leads, one a line."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    visited_on = day(_("走访日期"))
    place = forms.CharField(label=_("地点"), required=False, max_length=200)
    note = forms.CharField(
        label=_("笔记"), required=False, max_length=4000, help_text=_("只有您自己能看，除非您选择共享。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    issues = forms.CharField(
        label=_("问题线索"), required=False, max_length=4000, help_text=_("一行一条，之后一键转为事项。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    others = forms.CharField(
        label=_("资源和热心人"), required=False, max_length=2000, help_text=_("一行一条。请先征得本人同意。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    shared = forms.BooleanField(label=_("与本社区工作人员共享"), required=False)

    def leads(self) -> list[tuple[str, str]]:
        """Kind and words of each lead."""
        given = self.cleaned_data
        issues = [(Lead.Kind.ISSUE.value, line) for line in given["issues"].splitlines()]
        return issues + [(Lead.Kind.ASSET.value, line) for line in given["others"].splitlines()]


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class NoteForm(forms.Form):
    """One's own note, mended or shared."""

    note = forms.CharField(label=_("笔记"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    shared = forms.BooleanField(label=_("与本社区工作人员共享"), required=False)
