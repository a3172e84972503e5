"""Pages of the inbox: messages, what I follow, how I want to be told."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden
from yishi.inbox import selectors, services
from yishi.network.viewers import Viewer

PAGE = 30
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


class PreferenceForm(forms.Form):
    """How to be told besides in the application."""

    by_email = forms.BooleanField(label=gettext_lazy("用邮件告诉我"), required=False)
    by_sms = forms.BooleanField(
        label=gettext_lazy("用短信告诉我"), required=False, help_text=gettext_lazy("需要已确认的手机号。")
    )
    language = forms.ChoiceField(label=gettext_lazy("邮件和短信用哪种文字"), choices=LANGUAGES)


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def _back(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(name), status=303)


@policy("signed_in")
@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """My messages, newest first."""
    unread_only = request.GET.get("show") == "unread"
    found = selectors.messages_for(_viewer(request), unread_only=unread_only)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "inbox/inbox.html", {"page": page, "unread_only": unread_only})


@policy("signed_in")
@require_POST
@login_required
def open_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark a message as read and go where it leads."""
    note = selectors.messages_for(_viewer(request)).filter(pk=message_id).first()
    if note is None:
        raise Refusal(hidden())
    services.mark_read(_viewer(request), [note.pk], clock.now())
    return HttpResponseRedirect(note.url, status=303)


@policy("signed_in")
@require_POST
@login_required
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark the ticked messages as read, or all."""
    ticked: list[int] | None = [int(pk) for pk in request.POST.getlist("message") if pk.isdigit()]
    if "all" in request.POST:
        ticked = None
    count = services.mark_read(_viewer(request), ticked, clock.now())
    messages.success(request, _("已标记 %(count)d 条为已读。") % {"count": count})
    return _back("inbox:inbox")


@policy("signed_in")
@require_safe
@login_required
def follows(request: HttpRequest) -> HttpResponse:
    """What I follow, by its latest message."""
    return render(request, "inbox/follows.html", {"follows": selectors.follows_of(_viewer(request))})


@policy("signed_in")
@require_POST
@login_required
def unfollow(request: HttpRequest, follow_id: int) -> HttpResponse:
    """Hear no more of something I follow."""
    services.unfollow_by_id(_viewer(request), follow_id, clock.now())
    messages.success(request, _("已取消关注。"))
    return _back("inbox:follows")


@policy("signed_in")
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """How I want to be told."""
    viewer = _viewer(request)
    held = selectors.preference_of(viewer.person_id or 0)
    initial: dict[str, Any] = {"by_email": held.by_email, "by_sms": held.by_sms, "language": held.language}
    form = PreferenceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.set_preference(viewer, **form.cleaned_data, at=clock.now())
        messages.success(request, _("已保存。"))
        return _back("inbox:preferences")
    return render(request, "inbox/preferences.html", {"form": form})
