"""Shape and wording of what is asked about the network."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yishi.core import clock
from yishi.network.models import Area, Edge, Organisation, Post

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class HoldersFilter(forms.Form):
    """Narrowing the list of who holds what."""

    q = forms.CharField(label=_("搜索"), required=False, max_length=60)
    on = forms.DateField(label=_("哪一天"), required=False, widget=DATE)
    duty = forms.ChoiceField(label=_("职责"), required=False, choices=[("", _("全部")), *Post.Duty.choices])
    kind = forms.ChoiceField(label=_("组织类别"), required=False, choices=[("", _("全部")), *Organisation.Kind.choices])
    community: forms.ModelChoiceField[Area] = forms.ModelChoiceField(
        label=_("社区"), required=False, queryset=Area.objects.none(), empty_label=_("全部")
    )

    def __init__(self, *args: Any, town: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["community"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Area.objects.filter(town=town, kind=Area.Kind.COMMUNITY).order_by("code", "name")


class PersonForm(forms.Form):
    """Who: someone found on the roll, or someone new by name."""

    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("姓名（名册上没有时填）"), max_length=60, required=False)
    phone = forms.CharField(label=_("手机号"), max_length=20, required=False)
    since = forms.DateField(label=_("任职日期"), widget=DATE, initial=clock.today)


class TransferForm(PersonForm):
    """Who takes over, from when, and why."""

    because = forms.CharField(label=_("交接原因"), max_length=60, help_text=_("例如：换届、调动、辞职。"))


class EndForm(forms.Form):
    """The last day in office, and why."""

    until = forms.DateField(label=_("离任日期（在任最后一天）"), widget=DATE, initial=clock.today)
    because = forms.CharField(label=_("离任原因"), max_length=60, help_text=_("例如：换届、调动、辞职。"))


class PostForm(forms.Form):
    """A new post."""

    title = forms.CharField(label=_("职务名称"), max_length=60)
    duty = forms.ChoiceField(label=_("职责"), choices=Post.Duty.choices)
    seats = forms.IntegerField(label=_("职数"), min_value=1, max_value=200, initial=1)


class OrganisationForm(forms.Form):
    """A new organisation."""

    kind = forms.ChoiceField(label=_("组织类别"), choices=Organisation.Kind.choices)
    name = forms.CharField(label=_("组织名称"), max_length=80)
    name_en = forms.CharField(label=_("英文名"), max_length=120, required=False)
    opened_on = forms.DateField(label=_("成立日期"), widget=DATE, initial=clock.today)


class TieForm(forms.Form):
    """A tie to another organisation."""

    kind = forms.ChoiceField(label=_("关系"), choices=Edge.Kind.choices)
    parent: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label=_("与哪个组织"), queryset=Organisation.objects.none()
    )
    since = forms.DateField(label=_("从哪天起"), widget=DATE, initial=clock.today)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        near = Organisation.objects.filter(town=organisation.town, closed_on=None).exclude(pk=organisation.pk)
        field.queryset = near.order_by("area__path", "name")


class DayForm(forms.Form):
    """A day on which something ends."""

    on = forms.DateField(label=_("哪一天"), widget=DATE, initial=clock.today)


class ImportForm(forms.Form):
    """The Excel file."""

    file = forms.FileField(
        label=_("Excel 文件"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods"}),
        help_text=_("先预览，不会改动任何数据。"),
    )  # fmt: skip
