"""How often someone without an account may send: counted by address, in memory, kept nowhere else."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, no

MOST_AN_HOUR = 10
HOUR = 3600


def address_of(request: HttpRequest) -> str:
    """The sender's address: behind trusted proxies, the one that the nearest of them saw."""
    hops = int(settings.ENV.trusted_proxies)
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if hops and len(seen) >= hops:
        return seen[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))


def may_send(request: HttpRequest) -> Verdict:
    """Ten reports an hour from one address without an account; counts this one."""
    if not settings.ENV.rate_limits or request.user.is_authenticated:
        return YES
    key = "raise:" + hashlib.sha256(f"{settings.SECRET_KEY}{address_of(request)}".encode()).hexdigest()
    cache.add(key, 0, HOUR)
    if cache.incr(key) <= MOST_AN_HOUR:
        return YES
    return no(
        _("这个网络一小时内已经提交了 %(n)s 件。") % {"n": MOST_AN_HOUR},
        what_now=_("请过一会儿再提交，或登录后提交，或打电话、到社区服务中心；写好的内容都还在这一页。"),
    )
