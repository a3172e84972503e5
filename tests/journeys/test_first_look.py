"""The pages that everyone sees first, in both languages, on a phone and a desk, large and without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.journeys.conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["/", "/matters/", "/matters/new", "/matters/map", "/town/", "/account/login/", "/network/", "/about"]


@pytest.mark.parametrize("path", PAGES)
def test_first_pages(path: str, town: object, open_page: Callable[..., Any], look: Callable[..., None]) -> None:
    for name, options in (
        ("zh-phone", {"size": PHONE}), ("en-desk", {"size": DESK, "language": "en"}),
        ("care-phone", {"size": PHONE, "care": True}),
    ):  # fmt: skip
        page = open_page(**options)
        answer = page.goto(path)
        assert answer.status == 200
        look(page, name)
