"""A covenant's clauses that law does not bear are shown where it is read and where it is reviewed (scenario 17)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.decisions.stages import Hands, proposal

from yishi.decisions import services
from yishi.decisions.models import Decision
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db
FINE = "第五条 爱护公物。\n第六条 宠物罚款 200 元。"
MENDED = "第五条 爱护公物。\n第六条 遛狗牵绳，粪便随手清理。"


@pytest.fixture
def covenant(hands: Hands, town: Any, officer: Viewer, secretary: Viewer) -> Decision:
    """A draft covenant of 大圩, with the fine."""
    given = proposal(town.dawei_committee, "covenant", title="大圩居民公约", text=FINE)
    return services.start_decision(secretary, given, hands.at)


def shown(client: Client, decision: Decision) -> str:
    return client.get(reverse("decisions:decision", args=[decision.reference])).content.decode()


def test_scenario_17_the_fine_is_flagged_and_the_next_version_is_clean(
    covenant: Decision, secretary: Viewer, at: dt.datetime
) -> None:
    page = shown(Client(), covenant)
    assert "村规民约不能设定罚款" in page and "第31条" in page and "宠物罚款 200 元" in page
    client = Client()
    client.cookies["django_language"] = "en"
    assert "a covenant cannot impose fines" in shown(client, covenant).lower()
    services.change_motion(secretary, covenant, MENDED, "", "text", True, "罚款没有法律依据，删去。", at)
    assert "不能设定罚款" not in shown(Client(), covenant)
    old = Client().get(reverse("decisions:version", args=[covenant.reference, 1])).content.decode()
    assert "宠物罚款 200 元" in old


def test_other_decisions_are_not_read_for_clauses(hands: Hands, town: Any) -> None:
    given = proposal(town.cooperative, text="逾期交租的罚款按合同办。", facts={"amount": Decimal(180000)})
    made = services.start_decision(hands.proposer, given, hands.at)
    assert "不能设定罚款" not in shown(Client(), made)


def test_the_reviewer_reads_the_draft_and_the_flags_beside_the_form(
    covenant: Decision, hands: Hands, secretary: Viewer, town_officer: Viewer, client_for: Any
) -> None:
    services.do_step(secretary, covenant, {}, hands.at)
    hands.proposer = secretary
    hands.event(covenant, "posted", "2026-09-29", place="公示栏", photo=True)
    hands.event(covenant, "posting_ended", "2026-10-20", photo=True)
    page = client_for(town_officer).get(reverse("decisions:review", args=[covenant.reference])).content.decode()
    assert "宠物罚款 200 元" in page and "村规民约不能设定罚款" in page
