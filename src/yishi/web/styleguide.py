"""Every component in all its states on one page; only while developing."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yishi.core.policies import policy

TODAY = dt.date(2026, 9, 28)
STEP_TIMES = [dt.datetime(2026, 9, day, 9, 5) for day in (8, 10, 16)]  # noqa: DTZ001 (shown as written)


class SampleForm(forms.Form):
    """A form with one field of each kind."""

    title = forms.CharField(label=gettext_lazy("一句话说是什么事"), max_length=40)
    text = forms.CharField(
        label=gettext_lazy("说说经过"),
        widget=forms.Textarea,
        help_text=gettext_lazy("时间、地点、怎么了。照片可以代替文字。"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=[("", "—"), ("road", gettext_lazy("道路")), ("noise", gettext_lazy("噪声"))]
    )
    contact = forms.ChoiceField(
        label=gettext_lazy("怎样答复您"),
        widget=forms.RadioSelect,
        choices=[("call", gettext_lazy("打电话")), ("text", gettext_lazy("发短信"))],
        required=False,
    )
    photos = forms.FileField(
        label=gettext_lazy("照片"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    voice = forms.FileField(label=gettext_lazy("录一段话"), required=False)
    shown = forms.BooleanField(label=gettext_lazy("可以公开处理过程"), required=False)


class SampleFilter(forms.Form):
    """A filter bar."""

    q = forms.CharField(label=gettext_lazy("找什么"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False, choices=[("", gettext_lazy("全部"))])


def _steps() -> list[dict[str, Any]]:
    first, second, third = STEP_TIMES
    return [
        {
            "title": _("收到反映"),
            "at": first,
            "who": _("3 号楼居民"),
            "state": "done",
            "text": _("路灯不亮，晚上老人容易摔。"),
        },
        {
            "title": _("分给社区"),
            "at": second,
            "who": _("社区网格员"),
            "state": "done",
            "clause": _("属于社区公共设施维护"),
        },
        {
            "title": _("正在修理"),
            "at": third,
            "who": _("物业服务企业"),
            "state": "here",
            "text": _("材料已到，周三换灯。"),
        },
        {"title": _("告诉反映人，请评价"), "at": dt.date(2026, 9, 30), "state": "next"},
    ]


def _rows() -> list[dict[str, Any]]:
    return [
        {"title": _("路灯不亮"), "place": _("南街 12 号"), "left": 6, "tone": "plain", "label": _("办理中")},
        {"title": _("加装电梯意见不一"), "place": _("新苑 3 号楼"), "left": 1, "tone": "soon", "label": _("快到期")},
        {"title": _("下水道堵塞"), "place": _("西巷口"), "left": -3, "tone": "overdue", "label": _("已逾期")},
        {"title": _("健身器材松动"), "place": _("文化公园"), "left": None, "tone": "settled", "label": _("已办结")},
    ]


@policy("public")
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page of all components.

    Raises:
        Http404: where debugging is off.
    """
    if not settings.DEBUG:
        raise Http404
    messages.success(request, _("已收到，编号 20260928-017。"))
    messages.warning(request, _("还有一张照片没有传上去。"))
    context = {
        "today": TODAY,
        "steps": _steps(),
        "rows": _rows(),
        "form": SampleForm(),
        "wrong": SampleForm({"wrong-title": _("路灯不亮"), "wrong-contact": "call"}, prefix="wrong"),
        "filter": SampleFilter(request.GET or None, prefix="f"),
        "page_of": Paginator(range(214), 20).get_page(request.GET.get("page", 3)),
        "tones": ["act", "settled", "soon", "overdue", "plain"],
        "due": {"far": dt.date(2026, 10, 12), "near": dt.date(2026, 9, 29), "past": dt.date(2026, 9, 23)},
        "trail": [{"label": _("首页"), "url": "/"}, {"label": _("事项"), "url": "#"}, {"label": _("路灯不亮")}],
        "tab_list": [
            {"label": _("待我处理"), "url": "#", "current": True, "count": 12},
            {"label": _("等别人"), "url": "#", "count": 5},
            {"label": _("已办结"), "url": "#"},
        ],
        "step_list": [
            {"label": _("说事"), "state": "done"},
            {"label": _("地点"), "state": "here"},
            {"label": _("提交"), "state": "next"},
        ],
        "facts": [(_("编号"), "20260928-017"), (_("地点"), _("南街 12 号")), (_("承办"), _("物业服务企业"))],
    }
    return render(request, "web/styleguide.html", context)
