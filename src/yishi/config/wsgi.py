"""The application that the web server runs: Django behind the pages it may keep."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yishi.config.settings")
_django = get_wsgi_application()

from yishi.core.pagecache import CachedApplication  # noqa: E402  (settings must be ready)

application = CachedApplication(_django)
