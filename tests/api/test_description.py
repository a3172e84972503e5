"""Every operation does what the description says, whatever it is sent (schemathesis)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method

from yishi.config.wsgi import application
from yishi.network.viewers import Viewer
from yishi.people.scopes import SCOPES
from yishi.people.services.tokens import issue_token

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
# A well-formed request may still be refused in substance (a community that is not there), and every path
# answers HEAD and OPTIONS; everything else is checked.
LEFT_OUT = [positive_data_acceptance, unsupported_method]
ROUGH = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The test's own transaction is not closed after each request, as the test client does it too."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(town_officer: Viewer, town: Any) -> str:
    _, secret = issue_token(town_officer, "测试", SCOPES, 300, dt.datetime.now(dt.UTC))
    return f"Bearer {secret}"


@schema.parametrize()
@ROUGH
def test_an_officers_program(case: Any, token: str) -> None:
    case.call_and_validate(headers={"Authorization": token}, excluded_checks=LEFT_OUT)


@schema.parametrize()
@ROUGH
def test_a_program_without_a_token(case: Any, town: Any) -> None:
    case.call_and_validate(excluded_checks=LEFT_OUT)
