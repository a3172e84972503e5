"""The span of days, and the community, that the figures speak of."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yishi.core.forms import day


class PeriodForm(forms.Form):
    """From when to when, and where; what makes no sense is left out."""

    since = day(_("从"), required=False)
    until = day(_("到"), required=False)
    community = forms.TypedChoiceField(label=_("社区"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, communities: Any = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["community"].choices = [("", _("全镇")), *communities]  # type: ignore[attr-defined]
