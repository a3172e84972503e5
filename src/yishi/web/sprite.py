"""Where the built assets lie, and the icons among them."""

from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString


def built(name: str) -> str:
    """The address of a built asset, with its content hash where the storage knows one.

    An asset that has not been built yet gets its plain address, so that a page
    still renders on a machine without Node.
    """
    return _address(name, settings.DEBUG)


@lru_cache(maxsize=64)
def _address(name: str, debug: bool) -> str:
    try:
        return staticfiles_storage.url(f"built/{name}")
    except ValueError:
        return f"{settings.STATIC_URL}built/{name}"


def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """An icon of the sprite; silent beside a word, named by ``label`` where it stands alone."""
    return _drawn(name, str(label), extra, built("icons.svg"))


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str, extra: str, sprite: str) -> SafeString:
    role = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" width="20" height="20" {} focusable="false"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        role,
        sprite,
        name,
    )
