"""Forms by which a matter is raised: the resident's page and the desk of a helper or an officer."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yishi.matters.models import Report

MOST_PHOTOS = 9
LONGEST_TITLE = 40
_ENDS = "。！？!?；;\n，,"


class PhotosInput(forms.ClearableFileInput):
    """A file input that takes several photos."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to nine photos; the camera opens first on a phone."""

    widget = PhotosInput

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", PhotosInput(attrs={"accept": "image/*", "data-photos": str(MOST_PHOTOS)}))
        super().__init__(**given)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file checked as a file of its own; how many there may be."""
        files = [f for f in (data if isinstance(data, list | tuple) else [data]) if f]
        if len(files) > MOST_PHOTOS:
            raise ValidationError(_("一次最多 9 张照片，您选了 %(n)s 张。"), params={"n": len(files)})
        if self.required and not files:
            raise ValidationError(self.error_messages["required"])
        return [super(PhotosField, self).clean(f, initial) for f in files]


def title_of(text: str) -> str:
    """A title from the first words of a message: up to its first stop, at most 40 characters."""
    first = text.strip()
    for mark in _ENDS:
        first = first.split(mark, 1)[0].strip() or first
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"


class WhatAndWhere(forms.Form):
    """The words, the photos and the place: all that is asked of anyone."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    join = forms.CharField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("发生了什么"),
        help_text=_("在哪里、什么时候、什么样子，想怎么解决。说普通话、白话都可以，想到什么写什么。"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "data-count": "4000", "autocomplete": "off"}),
        error_messages={"required": _("请写几个字，说说发生了什么；不方便打字，可以打电话或到社区服务中心。")},
    )
    photos = PhotosField(label=_("照片"), help_text=_("最多 9 张。照片里的位置信息会自动去掉。"), required=False)
    place = forms.CharField(
        label=_("在哪里"),
        help_text=_("写路名、楼号或附近的店铺，例如：永东街 18 号门前。"),
        max_length=200,
        required=False,
    )
    latitude = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    community = forms.TypedChoiceField(label=_("社区"), required=False, coerce=int, empty_value=None)
    voice = forms.FileField(
        label=_("语音"),
        help_text=_("可以录一段话代替打字，只有经办人能听。"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "audio/*", "capture": "user"}),
    )

    hall = forms.TypedChoiceField(
        label=_("不想公开？只交给"),
        help_text=_("家里的事、不便让人知道的事，可以只交给一个议事厅：别的人看不到，也不进任何列表、地图和统计。"),
        required=False,
        coerce=int,
        empty_value=None,
    )

    def __init__(self, *args: Any, communities: Any = (), halls: Any = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["hall"].choices = [("", _("不用，按平常的办")), *halls]  # type: ignore[attr-defined]
        choices = [("", _("不确定，请工作人员判断")), *((c.pk, c.name) for c in communities)]
        self.fields["community"].choices = choices  # type: ignore[attr-defined]
        joining = self.data.get("join") or self.initial.get("join") or self.data.get("join_reference")
        if joining or self.files.get("voice"):
            self.fields["text"].required = False
        if joining or not halls:
            del self.fields["hall"]

    def clean(self) -> dict[str, Any]:
        """A map position is both numbers or none."""
        found = super().clean() or {}
        if (found.get("latitude") is None) != (found.get("longitude") is None):
            found["latitude"] = found["longitude"] = None
        return found


class RaiseForm(WhatAndWhere):
    """What a resident, or someone without an account, fills in."""

    contact_name = forms.CharField(label=_("怎么称呼您"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=_("电话"),
        help_text=_("留了电话，才能把结果告诉您。"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    consent = forms.BooleanField(
        label=_("同意经办人为办理这件事看到我的称呼和电话"),
        help_text=_("只有经办人能看，每次查看都留记录；公开页面不会出现；您可以随时要求删除。"),
        required=False,
    )

    def __init__(self, *args: Any, anonymous: bool = True, **given: Any) -> None:
        super().__init__(*args, **given)
        if not anonymous:
            for name in ("contact_name", "contact_phone", "consent"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A contact is kept only with consent."""
        found = super().clean()
        if (found.get("contact_name") or found.get("contact_phone")) and not found.get("consent"):
            self.add_error("consent", _("要留称呼或电话，请先勾选同意；不留也可以提交。"))
        return found


class DeskForm(WhatAndWhere):
    """What an officer enters for a caller, a walk-in or a paper slip."""

    CHANNELS = (Report.Channel.PHONE, Report.Channel.WALK_IN, Report.Channel.PAPER)
    field_order = ("channel", "text", "nature", "place", "community")

    channel = forms.ChoiceField(
        label=_("怎么来的"),
        choices=[(c.value, c.label) for c in CHANNELS],
        widget=forms.RadioSelect,
        initial=Report.Channel.PHONE,
    )
    nature = forms.ChoiceField(
        label=_("类型"),
        help_text=_("决定办理时限：咨询 2 个、求助和建议 10 个、投诉和举报 15 个工作日。"),
        choices=[("", _("按内容自动判断")), *Report.Nature.choices],
        required=False,
    )
    contact_name = forms.CharField(label=_("反映人姓名"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=_("反映人电话"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    contact_address = forms.CharField(label=_("反映人住址"), max_length=200, required=False)
    shown_as = forms.CharField(
        label=_("对外称呼"), help_text=_("例如：张先生、3 号楼居民。不填就只写“居民”。"), max_length=40, required=False
    )
    spoken_consent = forms.BooleanField(
        label=_("已向反映人说明用途，并得到口头同意"),
        help_text=_("说明：姓名和电话只给经办人用来联系和答复，每次查看都留记录。"),
        required=False,
    )
    consent_note = forms.CharField(
        label=_("同意的记录"), help_text=_("谁、什么时候、怎么说的。"), max_length=200, required=False
    )

    def clean(self) -> dict[str, Any]:
        """A name or a number is kept only with consent; paper counts as written."""
        found = super().clean()
        named = any(found.get(k) for k in ("contact_name", "contact_phone", "contact_address"))
        if named and not found.get("spoken_consent"):
            self.add_error("spoken_consent", _("记录姓名、电话或住址前，请先得到反映人的同意并勾选。"))
        return found
