"""The forms of imports: a file, its columns, and the period of what goes back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yishi.core.forms import day
from yishi.matters.imports.columns import LABELS, REQUIRED

KINDS = [
    ("", _("自动识别")), ("hotline", _("12345 热线工单")), ("hot", _("网上留言")), ("paper", _("纸条登记")),
]  # fmt: skip


class UploadForm(forms.Form):
    """A list to be taken in."""

    file = forms.FileField(
        label=_("文件"), help_text=_("Excel（.xlsx、.xls）或 CSV，最多 20 MB。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.gz"}),
    )  # fmt: skip
    layout = forms.ChoiceField(label=_("是什么"), choices=KINDS, required=False)


class ColumnsForm(forms.Form):
    """Which column holds what; guessed by name, to be confirmed."""

    public = forms.BooleanField(
        label=_("这些内容原来就是公开的，导入后向所有人公开"), required=False,
        help_text=_("不勾选时，只有经办人员可见，受理时再决定是否公开。"),
    )  # fmt: skip
    community = forms.ChoiceField(label=_("归到社区"), required=False, help_text=_("表中写了社区的，以表为准。"))

    def __init__(
        self, *args: Any, header: Iterable[str], guessed: dict[str, str], communities: Iterable[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        columns = [("", _("没有这一列")), *((name, name) for name in header if name)]
        self.fields["community"].choices = [  # type: ignore[attr-defined]
            ("", _("不指定")), *((str(c.pk), c.name) for c in communities),
        ]  # fmt: skip
        for name, label in LABELS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=label, choices=columns, required=name in REQUIRED, initial=guessed.get(name, "")
            )

    @property
    def columns(self) -> list[forms.BoundField]:
        """The fields that name columns."""
        return [self[f"column_{name}"] for name in LABELS]

    @property
    def mapping(self) -> dict[str, str]:
        """Field → column, as confirmed."""
        chosen = {name: self.cleaned_data.get(f"column_{name}", "") for name in LABELS}
        return {name: column for name, column in chosen.items() if column}


class ReturnForm(forms.Form):
    """The period of the answers that go back."""

    since = day(_("从"))
    until = day(_("到"))
    kind = forms.ChoiceField(label=_("格式"), choices=[("xlsx", "Excel"), ("csv", "CSV")])
