"""Home, the switches of language, large print and theme, and what makes the site installable."""

import hashlib
import json
from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from yishi.core.policies import policy
from yishi.web.sprite import built

YEAR = 365 * 24 * 3600
CARE_MODES = {"on": "1", "off": "0"}
THEMES = ("light", "dark", "auto")
SHELL_ASSETS = ("app.css", "app.js", "icons.svg", "mark.svg", "mark-192.png")


@policy("public")
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is for and who answers for it."""
    return render(request, "web/about.html")


@policy("public")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How the site can be read and used, and where to say that it cannot."""
    return render(request, "web/accessibility.html")


@policy("public")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about a person, who sees it, how it is erased."""
    return render(request, "web/privacy.html")


@policy("public")
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that stands in where the network is away."""
    return render(request, "web/offline.html")


@policy("public")
@require_safe
def language_switch(request: HttpRequest, code: str) -> HttpResponse:
    """Read on in another language."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return _remember(_back(request), settings.LANGUAGE_COOKIE_NAME, code)


@policy("public")
@require_safe
def care_switch(request: HttpRequest, mode: str) -> HttpResponse:
    """Large print on or off."""
    if mode not in CARE_MODES:
        raise Http404
    return _remember(_back(request), "care", CARE_MODES[mode])


@policy("public")
@require_safe
def theme_switch(request: HttpRequest, name: str) -> HttpResponse:
    """Light, dark, or as the device says."""
    if name not in THEMES:
        raise Http404
    return _remember(_back(request), "theme", name)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Back to ``next``, when it is an address of this very site."""
    target = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else "/")


def _remember(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    response["Cache-Control"] = "no-store"
    return response


@policy("public")
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest: name, colours and icons, in the reader's language."""
    chinese = request.GET.get("lang", getattr(request, "LANGUAGE_CODE", "zh-hans")) != "en"
    with override("zh-hans" if chinese else "en"):
        body = {
            "id": "/",
            "name": _("议事"),
            "short_name": _("议事"),
            "description": _("街坊的事，件件有着落：反映、商议、办理、公示、评价，步步看得见。"),
            "lang": "zh-Hans" if chinese else "en",
            "start_url": reverse("home"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#f6f1e7",
            "theme_color": "#b3301d",
            "icons": [
                {"src": built("mark.svg"), "sizes": "any", "type": "image/svg+xml"},
                {"src": built("mark-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": built("mark-512.png"), "sizes": "512x512", "type": "image/png"},
                {"src": built("mark-maskable.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
            ],
        }
    return JsonResponse(body, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@policy("public")
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The mark, for browsers that ask at the old address."""
    return HttpResponseRedirect(built("mark-32.png"))


@policy("public")
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, told which built files make up the shell of this very release."""
    shell = [built(name) for name in SHELL_ASSETS]
    code = _worker_code(settings.DEBUG)
    version = hashlib.sha256("\n".join([*shell, code]).encode()).hexdigest()[:16]
    told = {"version": version, "shell": shell, "offline": reverse("offline"), "static": settings.STATIC_URL}
    body = f"self.YISHI = {json.dumps(told)};\n{code}"
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


@lru_cache(maxsize=2)
def _worker_code(debug: bool) -> str:
    """The built worker; empty, which is a worker that does nothing, where nothing is built."""
    if not debug and staticfiles_storage.exists("built/sw.js"):
        with staticfiles_storage.open("built/sw.js") as file:
            return bytes(file.read()).decode()
    found = finders.find("built/sw.js")
    if not found:
        return ""
    with open(str(found), encoding="utf-8") as file:
        return file.read()
