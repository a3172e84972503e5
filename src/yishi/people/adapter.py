"""How accounts sign in: allauth's hooks for phone numbers, names and text messages."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import CharField, Form, TextInput
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.core import clock
from yishi.people import identity
from yishi.people.models import User
from yishi.people.services import open_record


class PhoneField(CharField):
    """A phone number as people write it, read into E.164."""

    def clean(self, value: Any) -> str:
        """The number in E.164, or nothing."""
        text = str(super().clean(value) or "")
        if not text:
            return ""
        try:
            return identity.read_phone(text)
        except identity.BadNumber as error:
            raise ValidationError(_("请填 11 位手机号，或以 + 和国家代码开头的号码。")) from error


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Phone or e-mail, whichever was given; a record of the town for each new account."""

    def phone_form_field(self, **kwargs: Any) -> CharField:
        """The field by which a phone number is asked."""
        kwargs["label"] = gettext_lazy("手机号")
        kwargs.setdefault("widget", TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}))
        return PhoneField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """The account's phone and whether it was confirmed."""
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """Keep a phone number with the account."""
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        """The code sent to that number came back."""
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """The account of a number, however it is written."""
        try:
            return User.objects.filter(phone=identity.read_phone(phone)).first()
        except identity.BadNumber:
            return None

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Send the code by the installation's gateway."""
        import_string(settings.SMS_BACKEND)().send(phone, _("验证码 %(code)s，15 分钟内有效。") % {"code": code})

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Tell the number's owner that an account is there already."""
        import_string(settings.SMS_BACKEND)().send(phone, _("这个手机号已经有账号，请直接登录。"))

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There are no user names; what stands empty is kept as nothing, so that it may be empty for many."""
        user.email = user.email or None
        user.created_at = user.created_at or clock.now()

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        """Save the account, and open the person's record in the town."""
        saved: User = super().save_user(request, user, form, commit=commit)
        if commit:
            open_record(saved, form.cleaned_data.get("name", ""), clock.now())
        return saved


def display_of(user: User) -> str:
    """How an account is named to its owner."""
    if user.person_id and user.person is not None:
        return user.person.name
    return user.email or identity.masked_phone(user.phone or "")
