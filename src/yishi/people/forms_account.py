"""Signing in and signing up: allauth's forms in our words, asking only what is needed."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def _without_placeholders(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """Phone or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("手机号或邮箱")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].label = _("密码")
        self.fields["remember"].label = _("在这台设备上保持登录")
        _without_placeholders(self)


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """A name to be called by, a phone number or an e-mail address, a password."""

    name = forms.CharField(
        label=gettext_lazy("怎么称呼您"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["name", "phone", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("手机号")
        self.fields["phone"].help_text = _("手机号和邮箱填一样就可以。")
        self.fields["email"].label = _("邮箱")
        self.fields["password1"].label = _("密码")
        self.fields["password1"].help_text = _("至少 8 个字，不要用太常见的。")
        _without_placeholders(self)

    def clean(self) -> dict[str, Any]:
        """Phone or e-mail: one of them."""
        cleaned: dict[str, Any] = super().clean()
        if not self.errors and not cleaned.get("phone") and not cleaned.get("email"):
            self.add_error("phone", _("请填手机号或邮箱，二者填一即可。"))
        return cleaned
