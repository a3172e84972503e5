"""The other floor: a bare view within Yishi's own site, for somebody signed in, that inserts one row.

Settings for ``yishi serve`` (``DJANGO_SETTINGS_MODULE=benchmarks.bare.within``): the same middleware,
sessions, accounts and database as every page of Yishi, and one more address.
"""

from yishi.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare.within_urls"
