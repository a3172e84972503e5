"""Who may follow and be told."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from yishi.core.verdicts import YES, Verdict, no
from yishi.network.viewers import Viewer


def may_follow(viewer: Viewer, at: dt.datetime) -> Verdict:
    """Anyone who is signed in as a person."""
    if viewer.person_id is not None:
        return YES
    return no(_("关注和接收消息需要先登录。"), what_now=_("请登录或注册，再点一次关注。"))
