"""Where the built assets lie."""

from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage


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
