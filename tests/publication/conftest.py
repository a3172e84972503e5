"""Who posts, who supervises, pictures, and a posting of the month's accounts."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from yishi.core import clock
from yishi.network.viewers import Duty, Kind, Viewer
from yishi.publication import services
from yishi.publication.models import Posting
from yishi.publication.services import PostingInput

ZONE = ZoneInfo("Asia/Shanghai")
TEXT = "2026 年 6 月收入 120000.00 元，支出 83500.50 元，余额见附表。"


def picture() -> io.BytesIO:
    """A photo of a board."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "darkred").save(out, "PNG")
    out.seek(0)
    return out


def moment(month: int, day: int, hour: int = 9, year: int = 2026) -> dt.datetime:
    """A moment of the year of the tests."""
    return dt.datetime(year, month, day, hour, tzinfo=ZONE)


@pytest.fixture
def supervisor(town: Any, make_person: Callable[..., Viewer]) -> Viewer:
    """Of the supervision committee of 大圩."""
    committee = town.dawei_committee.__class__.objects.create(
        town=town.area, area=town.dawei, kind=Kind.SUPERVISION_COMMITTEE, tree="civil", name="大圩居务监督委员会"
    )
    return make_person("卢志明", office=(committee, Duty.SUPERVISOR, "监督员"))


@pytest.fixture
def prepared(officer: Viewer, town: Any) -> Posting:
    """The accounts of June, not yet on the board."""
    with clock.standing_at(moment(7, 1, 8)):
        return services.prepare_posting(officer, accounts(town), moment(7, 1, 8))


@pytest.fixture
def up(officer: Viewer, prepared: Posting) -> Posting:
    """The accounts of June, posted on 1 July, to be looked at on 10 July."""
    with clock.standing_at(moment(7, 1)):
        return services.open_posting(
            officer, prepared, picture(), moment(7, 1), places=["大圩社区公示栏"], check_on=dt.date(2026, 7, 10)
        )


def accounts(town: Any, **given: Any) -> PostingInput:
    """The accounts of June."""
    facts = {
        "organisation_id": town.dawei_committee.pk, "item": "committee_accounts", "title": "2026 年 6 月财务收支",
        "text": TEXT, "phone": "0757-85550000",
    }  # fmt: skip
    return PostingInput(**(facts | given))
