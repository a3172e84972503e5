"""The posted roll of voters: read by the place's people, or by the QR on the paper; objected to from it; never on the open web."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.decisions.halls import decision_at, moment
from tests.decisions.test_documents import plain
from tests.decisions.test_voter_roll import (  # noqa: F401
    convener,
    election,
    objection,
    to_the_poll,
    villager,
    voters,
)

from yishi.core import clock, papers
from yishi.decisions import permissions
from yishi.decisions.documents import DOCUMENTS, get_document
from yishi.decisions.models import Decision, Roll, RollEntry, RollObjection
from yishi.decisions.services import voter_rolls
from yishi.decisions.services.rolls import voter_roll
from yishi.network.models import Organisation
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Viewer], Client]


@pytest.fixture
def roll(election: Decision) -> Roll:  # noqa: F811
    """The posted roll; someone typed a phone number into a name and a door into a household."""
    found = voter_roll(election)
    assert found is not None
    RollEntry.objects.filter(roll=found, number=3).update(label="黄大文 13800138000", household="HQ-3 二单元 502 房")
    return found


def url(decision: Decision) -> str:
    return f"/decisions/elections/{decision.reference}/roll"


def test_who_reads_it(
    roll: Roll, election: Decision, client: Client, client_for: ClientFor, villager: Viewer, convener: Viewer,  # noqa: F811
    alice: Viewer, town_officer: Viewer,
) -> None:  # fmt: skip
    with clock.standing_at(moment("2026-04-03")):
        asked = client.get(url(election))
        assert asked.status_code == 302 and asked["Location"].endswith(f"next={url(election)}")
        for viewer in (villager, convener, town_officer):
            page = client_for(viewer).get(url(election))
            assert page.status_code == 200 and "noindex" in page["X-Robots-Tag"] and "no-store" in page["Cache-Control"]
            text = page.content.decode()
            assert "黄大文 138****8000" in text and "13800138000" not in text and "502" not in text
        refused = client_for(alice).get(url(election))
        assert refused.status_code == 403 and "黄大文" not in refused.content.decode()
        public = client.get(f"/decisions/{election.reference}").content.decode()
        assert url(election) in public and "黄大文" not in public
        assert url(election) not in client_for(alice).get(f"/decisions/{election.reference}").content.decode()


def test_the_code_on_the_paper(roll: Roll, election: Decision, client: Client, client_for: ClientFor, villager: Viewer, convener: Viewer) -> None:  # fmt: skip # noqa: F811
    assert roll.board_code and len(roll.board_code) == 12
    place = f"/decisions/voters/{roll.board_code}"
    with clock.standing_at(moment("2026-04-03")):
        page = client.get(place, {"q": "黄大文"})
        assert page.status_code == 200 and "黄大文" in page.content.decode() and "noindex" in page["X-Robots-Tag"]
        assert "<textarea" not in page.content.decode() and "请登录后提出" in page.content.decode()
        assert client.post(place, {}).status_code == 405
        assert client.get("/decisions/voters/ABCDEFGHJKLM").status_code == 404
        assert client_for(villager).get(place)["Location"] == url(election)
    to_the_poll(election, convener)
    assert client.get(place).status_code == 200
    Decision.objects.filter(pk=election.pk).update(step="handover", phase="")
    assert client.get(place).status_code == 404
    assert client_for(villager).get(url(election)).status_code == 403


def test_a_line_and_a_missing_one_are_objected_to(
    roll: Roll, election: Decision, client_for: ClientFor, villager: Viewer, convener: Viewer, town_officer: Viewer  # noqa: F811
) -> None:  # fmt: skip
    mine, place = client_for(villager), url(election)
    with clock.standing_at(moment("2026-04-03")):
        assert "名单上没有找到" in mine.get(place, {"q": "林漏登"}).content.decode()
        assert 'value="7"' in mine.get(place, {"line": "7"}).content.decode()
        for wrong in ({"what": "wrong", "words": "写错了"}, {"what": "not_here", "number": 900, "words": "没有这个号"}):
            assert mine.post(place, wrong).status_code == 422
        assert RollObjection.objects.count() == 0
        assert mine.post(place, {"what": "missing", "words": "林漏登，1980 年生。"}).status_code == 303
        assert mine.post(place, {"what": "not_here", "number": 7, "words": "已迁出。"}).status_code == 303
        told = list(RollObjection.objects.order_by("number").values_list("words", flat=True))
        assert told == ["名单上漏了人：林漏登，1980 年生。", "第 7 号 这个人不应在名单上：已迁出。"]
        first = RollObjection.objects.get(number=1)
        voter_rolls.rule_on_objection(convener, first, True, "经查属实，电话 13900139000。", moment("2026-04-03"))
        own, other = mine.get(place).content.decode(), client_for(town_officer).get(place).content.decode()
        assert "林漏登，1980" in own and "林漏登，1980" not in other
        for page in (own, other):
            assert "经查属实，电话 139****9000。" in page and "成立，更正名单" in page and "等待答复" in page
        assert client_for(town_officer).post(place, {"what": "missing", "words": "漏了。"}).status_code in (403, 422)
    assert RollObjection.objects.count() == 2


def test_days_with_their_clause(roll: Roll, election: Decision, client_for: ClientFor, villager: Viewer) -> None:  # noqa: F811
    mine = client_for(villager)
    with clock.standing_at(moment("2026-04-03")):
        page = mine.get(url(election)).content.decode()
        assert "以前提出申诉" in page and "村民委员会组织法" in page
    with clock.standing_at(moment("2026-04-20")):
        assert "已满" in mine.get(url(election)).content.decode()


def test_printed_for_the_board(roll: Roll, election: Decision, convener: Viewer, client: Client) -> None:  # noqa: F811
    for slug in ("voter-roll", "voter-roll-a3"):
        assert (
            DOCUMENTS[slug].inside
            and client.get(f"/decisions/{election.reference}/papers/{slug}.pdf").status_code == 404
        )
        made = get_document(election, convener, slug)
        assert made is not None
        text = plain("".join(p.extract_text() for p in PdfReader(io.BytesIO(papers.pdf(made))).pages))
        assert "选民名单" in text and "黄大文138****8000" in text and "13800138000" not in text
        assert roll.board_code in text and "申诉" in text
    notice = get_document(election, convener, "notice")
    assert notice is None


def test_only_an_election_has_one(village: Organisation, convener: Viewer, villager: Viewer) -> None:  # noqa: F811
    other = decision_at(convener, village, "assembly", [("2026-03-01", "done", {"papers": ["text"]})])
    assert not permissions.may_read_voter_roll(villager, other, moment("2026-04-03"))
    assert get_document(other, convener, "voter-roll") is None
