"""Forms of the acts on a commitment: shape and wording only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yishi.core.forms import ActForm, day

MOST_PHOTOS = 9


class PicturesInput(forms.ClearableFileInput):
    """A file input that takes several pictures."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Up to nine pictures."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", PicturesInput(attrs={"accept": "image/*"}))
        super().__init__(required=False, **given)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each picture checked as a file of its own."""
        chosen = [f for f in (data if isinstance(data, list | tuple) else [data]) if f]
        if len(chosen) > MOST_PHOTOS:
            raise forms.ValidationError(_("一次最多 9 张照片。"))
        return [super(PicturesField, self).clean(f, initial) for f in chosen]


def _prose(label: Any, longest: int, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, widget=forms.Textarea(attrs={"rows": 4}))


class ProgressForm(ActForm):
    """How far it is, with which money, pictures and receipts."""

    words = _prose(_("做了什么"), 2000)
    percent = forms.IntegerField(label=_("进度（%）"), min_value=0, max_value=100)
    spent = forms.DecimalField(label=_("这次用了多少钱（元）"), min_value=0, max_digits=14, decimal_places=2, initial=0)
    photos = PicturesField(label=_("照片"))
    receipts = PicturesField(label=_("票据照片"), help_text=_("只有交办、承办和验收的人能看。"))


class DelayForm(ActForm):
    """A later day, and why."""

    new_due_on = day(_("新的完成日期"))
    reason = _prose(_("为什么延期"), 500)


class DoneForm(ActForm):
    """It is done: what, with pictures."""

    words = _prose(_("做成了什么"), 2000)
    photos = PicturesField(label=_("完工照片"))


class AcceptForm(ActForm):
    """What the acceptor saw."""

    words = _prose(_("验收意见"), 2000, required=False)


class ReasonForm(ActForm):
    """A reason and nothing else."""

    reason = _prose(_("理由"), 500)
