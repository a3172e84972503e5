"""How many questions a page asks of the database, besides who is looking (session, account, offices, capacities)."""

import uuid

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yishi.core import generations

WHO = (
    'FROM "django_session"',
    'FROM "people_user"',
    'FROM "network_term"',
    'FROM "people_capacity"',
    "SELECT 'office'",
)


def questions(client: Client, address: str) -> int:
    """The page's own questions when it is made anew (no kept page), the town's facts being known."""
    _asked(client, address)
    return min(_asked(client, address) for _ in range(3))  # what is kept for seconds may run out between two


def cold_questions(client: Client, address: str) -> int:
    """The page's own questions right after an act somewhere, when nothing is known of the town."""
    _asked(client, address)  # the session and its cookies
    return min(_after_an_act(client, address) for _ in range(3))  # an act amid the page makes it ask twice


def _after_an_act(client: Client, address: str) -> int:
    generations.move()
    return _asked(client, address)


def _asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"{address}?anew={uuid.uuid4()}").status_code == 200
    return sum(not any(table in q["sql"] for table in WHO) for q in asked.captured_queries)
