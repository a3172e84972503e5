"""Shape and wording of what is asked about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yishi.people import places
from yishi.people.models import Consent
from yishi.people.scopes import SCOPES


class ProfileForm(forms.Form):
    """One's name, and how one is called in public."""

    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    shown_as = forms.CharField(
        label=_("对外怎么称呼您"), max_length=40, required=False,
        help_text=_("例如“何女士”“3 号楼居民”。不填就用姓氏加称谓，从不公开全名。"),
    )  # fmt: skip

    def __init__(self, *args: Any, fixed_name: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed_name:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _("已与名册核对。名册有误时，请带证件到社区居委会更正。")


class VerificationForm(forms.Form):
    """What an officer needs to find someone on the household roll."""

    community: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("居住的社区"), queryset=None, empty_label=_("请选择")
    )
    name = forms.CharField(label=_("姓名（与户口簿一致）"), max_length=60)
    household_number = forms.CharField(label=_("户号"), max_length=30, required=False)
    address = forms.CharField(label=_("住址"), max_length=200, required=False, help_text=_("户号和住址填一样就可以。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["community"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places.communities()


class InvitationForm(forms.Form):
    """How long a code holds, and for how many members."""

    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=90, initial=14)
    uses = forms.IntegerField(label=_("可用人数"), min_value=1, max_value=12, initial=4)


class JoinForm(forms.Form):
    """The code on the paper that the community gave out."""

    code = forms.CharField(
        label=_("邀请码"), max_length=40, help_text=_("社区发给您家的 12 位字母和数字，大小写都可以。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip


class ClaimForm(forms.Form):
    """The claim that an office holder was handed."""

    claim = forms.CharField(widget=forms.HiddenInput, max_length=300)


class HelpingForm(forms.Form):
    """Whom one helps, and how they agreed."""

    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("姓名或称呼"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("电话"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    manner = forms.ChoiceField(
        label=_("对方怎样同意的"), widget=forms.RadioSelect, initial=Consent.Manner.SPOKEN,
        choices=[(Consent.Manner.SPOKEN, _("口头：本人在场或在电话里")), (Consent.Manner.WRITTEN, _("书面：有签名或指印"))],
    )  # fmt: skip
    note = forms.CharField(
        label=_("备注"), max_length=200, required=False, help_text=_("例如：在服务大厅、由女儿陪同。")
    )


class TokenForm(forms.Form):
    """What a token is for, what it may do, how long it lives."""

    name = forms.CharField(label=_("用途"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=_("权限"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=366, initial=90)
