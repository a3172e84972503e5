"""Fields that every app's forms are made of, and what is found wrong put back where it was typed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def prose(
    label: Any, help_text: Any = "", *, rows: int = 3, longest: int = 300, required: bool = True
) -> forms.CharField:
    """A field for some sentences, with a count of what is left."""
    area = forms.Textarea(attrs={"rows": rows, "data-count": str(longest)})
    return forms.CharField(label=label, help_text=help_text, max_length=longest, required=required, widget=area)


def line(label: Any, help_text: Any = "", *, longest: int = 120, required: bool = True) -> forms.CharField:
    """A field for one line."""
    return forms.CharField(label=label, help_text=help_text, max_length=longest, required=required)


def day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A field for a day."""
    box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=box)


class ActForm(forms.Form):
    """A form that knows the choices that come with what it acts on."""

    def __init__(self, *args: Any, choices: dict[str, Any] | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        self.build(choices or {})

    def build(self, choices: dict[str, Any]) -> None:
        """Fill the choices in; a form that grows fields does it here."""
        for name, options in choices.items():
            if name in self.fields:
                self.fields[name].choices = options  # type: ignore[attr-defined]


class SureForm(ActForm):
    """An act that needs nothing but the button."""


WORDS: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.Field, {"required": _("请填写。")}),
    (forms.ChoiceField, {"required": _("请选一项。"), "invalid_choice": _("请从列出的选项里选一项。")}),
    (forms.MultipleChoiceField, {"required": _("请至少选一项。"), "invalid_choice": _("请从列出的选项里选。")}),
    (forms.FileField, {"required": _("请选一个文件。")}),
    (forms.BooleanField, {"required": _("请勾选。")}),
    (forms.IntegerField, {"invalid": _("请填整数。")}),
    (forms.DateField, {"invalid": _("请填日期，例如 2026-05-01。")}),
    (forms.DateTimeField, {"invalid": _("请填日期和时间。")}),
)


def plain_words() -> None:
    """What every form says of a field that was left out or cannot be read: plain words in place of Django's."""
    for kind, words in WORDS:
        kind.default_error_messages = {**kind.__dict__.get("default_error_messages", {}), **words}


def put_back(form: forms.BaseForm, error: ValidationError) -> None:
    """What the rules found wrong, beside the field it concerns; over the form where it concerns none of its fields."""
    faults = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, found in faults.items():
        form.add_error(name if name in form.fields else None, ValidationError(found))


def attempt(form: forms.BaseForm, act: Callable[[dict[str, Any]], Any]) -> Any:
    """Do ``act`` with what a valid form says; what is wrong goes back into it, and None is returned."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except ValidationError as error:
        put_back(form, error)
        return None
