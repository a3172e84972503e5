"""The papers of a decision: text selectable, so many pages, the motion's digest on each; from one button as a pack."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from docx import Document as WordFile
from pypdf import PdfReader
from tests.decisions.halls import Hall, as_viewer, moment
from tests.decisions.test_members_assembly import DAY, hall, members, small  # noqa: F401
from tests.publication.conftest import picture

from yishi.core import audit, clock, papers
from yishi.core.papers import Paper
from yishi.decisions.documents import DOCUMENTS, available, get_document, pack_of
from yishi.decisions.documents.facts import Facts, facts_of
from yishi.decisions.documents.rounds import candidates
from yishi.decisions.models import SignedBallot
from yishi.decisions.permissions.papers import may_take_bundle, may_take_papers
from yishi.decisions.services import meetings, minutes
from yishi.decisions.services.counting import CountInput
from yishi.engines.procedure import pack_in_force
from yishi.network.viewers import Viewer
from yishi.publication import services as publication

DAY_OF_LAW = dt.date(2026, 3, 1)
pytestmark = pytest.mark.django_db
ALL_YES = CountInput({"yes": 24, "no": 0, "abstain": 0, "blank": 0, "double": 0, "repeated": 0}, 24, 24, 0, 24, 0)


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def read(paper: Paper) -> tuple[str, int]:
    """All text of the PDF without spaces, and how many pages."""
    reader = PdfReader(io.BytesIO(papers.pdf(paper)))
    return plain("".join(page.extract_text() for page in reader.pages)), len(reader.pages)


@pytest.fixture
def done(hall: Hall) -> Hall:  # noqa: F811
    """A members' assembly of thirty, certified, minuted and posted."""
    small(hall)
    hall.closed(DAY)
    hall.counted(DAY, ALL_YES)
    hall.certified(DAY)
    meetings.end_meeting(hall.convener, hall.meeting, moment(DAY, 21))
    minutes.draft_minutes(hall.convener, hall.meeting, moment(DAY, 22))
    with clock.standing_at(moment("2026-03-16")):
        posting = publication.prepare_for_subject(
            hall.certifier, "decisions.decision", hall.decision.pk, moment("2026-03-16")
        )
        publication.open_posting(hall.certifier, posting, picture(), moment("2026-03-16"), places=["祠堂"])
    return hall


EXPECTED = {
    "notice": (
        1,
        (
            "关于召开成员大会的通知",
            "祠堂前",
            "农村集体经济组织法",
            "旧厂房",
            "成员名册，30人",
            "在线签到",
            "书面委托本组织同一户内具有完全民事行为能力的其他成员代为参加（农村集体经济组织法第27条）",
        ),
    ),
    "proxy": (1, ("委托书", "民法典第165条", "受托人", "同一户内")),
    "sign-in": (3, ("签到册", "街坊0001", "街坊0030", "签名或指印")),
    "ballots": (
        30,
        (
            "存根编号",
            "00030",
            "赞成",
            "反对",
            "弃权",
            "沿此线撕下",
            "年租金三十二万元",
            "/decisions/26",
            "投票截止",
        ),
    ),
    "count": (1, ("计票单", "发出", "24", "监票人", "年月日")),
    "minutes": (2, ("会议记录", "主持人签名")),
    "resolution": (1, ("关于旧厂房租赁方案的决议", "收回24", "赞成24", "反对0", "弃权0", "需20=⌈30×2/3⌉", "校验码")),
    "posting": (2, ("决议公开", "校验码")),
    "posting-a3": (1, ("决议公开", "校验码")),
    "objections": (1, ("异议登记表",)),
}


ELECTIONS = {"voter-roll", "voter-roll-a3"}  # papers that this assembly does not have; see test_posted_roll


@pytest.mark.parametrize("slug", [slug for slug in DOCUMENTS if slug not in ELECTIONS])
def test_each_paper_has_its_text_its_pages_and_the_digest(done: Hall, slug: str) -> None:
    made = get_document(done.decision, done.certifier, slug)
    assert made is not None
    said, pages = read(made)
    most, words = EXPECTED[slug]
    digest = done.decision.versions.get().digest
    assert pages <= most
    assert [w for w in words if plain(w) not in said] == []
    assert said.count(digest) == pages
    written = get_document(done.decision, done.certifier, slug, word=True)
    assert written is not None
    word = WordFile(io.BytesIO(papers.word(written)))
    assert digest in word.sections[0].footer.paragraphs[0].text


def test_sign_in_book_holds_no_phone_no_identity_and_ballots_of_a_secret_vote_no_voter(done: Hall) -> None:
    person = done.line(1).person
    assert person is not None
    person.phone, person.id_last4 = "+8613912345678", "1234"
    person.save()
    made = get_document(done.decision, done.certifier, "sign-in")
    assert made is not None and "13912345678" not in read(made)[0]
    done.decision.secrecy = "secret"
    done.decision.save()
    secret = get_document(done.decision, done.certifier, "ballots")
    assert secret is not None
    sheets = [page.extract_text().split("沿此线撕下") for page in PdfReader(io.BytesIO(papers.pdf(secret))).pages]
    assert len(sheets) == 30 and len({stub for stub, _ballot in sheets}) == 30
    stub, ballot = map(plain, sheets[0])
    assert "街坊0001" in stub and "00001" in stub
    assert {plain(half) for _stub, half in sheets} == {ballot}, "a voter's half differs from the others"
    assert "街坊0001" not in ballot and "00001" not in ballot and "第1页" not in ballot
    done.decision.secrecy = "hands"
    done.decision.save()
    assert get_document(done.decision, done.certifier, "ballots") is None


def test_before_there_is_anything_there_are_no_papers(hall: Hall) -> None:  # noqa: F811
    assert list(available(hall.decision, hall.certifier, inside=True)) == []
    assert get_document(hall.decision, hall.certifier, "nothing") is None


def test_the_pack_holds_everything_and_the_public_part_no_roll(done: Hall) -> None:
    whole = zipfile.ZipFile(io.BytesIO(pack_of(done.decision, done.certifier, inside=True)))
    names = whole.namelist()
    assert len(names) == 2 * (len(DOCUMENTS) - len(ELECTIONS))
    assert "01-notice.pdf" in names and "03-sign-in.docx" in names and "04-ballots-blank.docx" in names
    blank = WordFile(io.BytesIO(whole.read("04-ballots-blank.docx")))
    assert sum("表决票" in p.text for p in blank.paragraphs) == 1
    assert not [p.text for p in blank.paragraphs if "街坊0" in p.text or "00001" in p.text]
    assert not [name for name in names if "voter-roll" in name]
    assert whole.testzip() is None
    open_part = {d.slug for d, _paper in available(done.decision, done.certifier, inside=False)}
    assert open_part == {d.slug for d in DOCUMENTS.values() if not d.inside}


def test_names_on_an_elections_ballot_stand_in_the_order_of_strokes(done: Hall) -> None:
    from yishi.decisions.voting.strokes import by_strokes

    labels = ["丁一", "黄河", "王五"]
    lines = [done.line(n) for n in (1, 2, 3)]
    for line, label in zip(lines, labels, strict=True):
        line.label = label
        line.save()
    box = done.box
    box.choices, box.seats = [f"p{line.person_id}" for line in lines], 2
    box.save()
    found = candidates(facts_of(done.decision))
    assert found == sorted(labels, key=by_strokes) and found[0] == "丁一"
    made = get_document(done.decision, done.certifier, "ballots")
    assert made is not None and "应选2名" in read(made)[0]


def test_pages(done: Hall, bob: Viewer, client_for: Callable[[Viewer], Client], anonymous: Viewer) -> None:
    page = f"/decisions/{done.decision.reference}/papers"
    clerk, public = client_for(done.certifier), client_for(anonymous)
    offered = clerk.get(page).content.decode()
    assert "签到册" in offered and "一张空白票的样张" in offered
    assert [
        slug for slug, d in DOCUMENTS.items() if d.inside and slug not in ELECTIONS and f'"{slug}.docx"' not in offered
    ] == []
    shown = public.get(page).content.decode()
    assert "签到册" not in shown and "决议" in shown
    assert public.get(f"{page}/resolution.pdf").content[:4] == b"%PDF"
    assert public.get(f"{page}/resolution.docx").content[:2] == b"PK"
    for hidden in ("sign-in.pdf", "ballots.pdf", "minutes.docx", "nothing.pdf"):
        assert public.get(f"{page}/{hidden}").status_code == 404
    assert client_for(bob).post(page, {"what": "pack", "reason": "想看看"}).status_code == 403
    assert clerk.post(page, {"what": "sign-in", "reason": " "}).status_code == 302
    assert clerk.post(page, {"what": "sign-in", "reason": "开会用"}).content[:4] == b"%PDF"
    assert clerk.post(page, {"what": "pack", "reason": "开会用"}).content[:2] == b"PK"
    for slug in ("sign-in", "ballots"):
        assert clerk.post(page, {"what": f"{slug}.docx", "reason": "开会用"}).content[:2] == b"PK"
    assert "data-making" in offered
    for token, told in (("k3x9", "k3x9"), ("<b>", None)):
        came = clerk.post(page, {"what": "count", "reason": "开会用", "made": token})
        assert (came.cookies["made"].value if "made" in came.cookies else None) == told
    assert clerk.post(page, {"what": "sign-in.exe", "reason": "开会用"}).status_code == 404
    verbs = [e.verb for e in audit.chain(done.decision)]
    assert verbs.count("decisions.papers_taken") == 6
    assert "开会用" not in str([e.data for e in audit.chain(done.decision)])


PROXIES = {  # the pack, whether the charter lets one send another, what the notice says of it
    ("REO-MRA", False): "", ("REO-BD", False): "", ("PARTY-GM", False): "", ("OWN-12", False): "", ("VA", False): "",
    ("REO-MRA", True): "章程允许委托：不能到会的，可以按章程书面委托他人代为参加（农村集体经济组织法第28条）。",
    ("REO-34", False): "同一户内具有完全民事行为能力的其他成员代为参加（农村集体经济组织法第27条）。",
    ("VEL", False): "书面委托本村有选举权的村民代为投票（村民委员会组织法（2026年施行）第16、17、18条）。"
    "每人最多接受3人的委托。候选人不得接受委托。委托投票的名单张榜公布。",
}  # fmt: skip


def test_notice_offers_a_proxy_only_where_the_rules_of_the_body_do(done: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    for (family, by_charter), words in PROXIES.items():
        pack = pack_in_force(family, DAY_OF_LAW)
        monkeypatch.setattr(Facts, "pack", property(lambda _self, pack=pack: pack))
        done.decision.settings = {**done.decision.settings, "charter_allows_proxy": by_charter}
        notice, form = (get_document(done.decision, done.certifier, slug) for slug in ("notice", "proxy"))
        assert notice is not None
        said = read(notice)[0]
        assert (plain(words) in said and "委托书随本通知附送" in said) if words else "委托" not in said, family
        assert (form is not None) is bool(words), family
        assert form is None or plain(words) in read(form)[0]
        assert "请本人到会签到。" in said and "在线签到" not in said, family


def test_disclosing_and_the_bundle_from_the_decisions_page(
    hall: Hall,  # noqa: F811
    client_for: Callable[[Viewer], Client],
    bob: Viewer,
    anonymous: Viewer,
) -> None:
    small(hall)
    hall.closed(DAY)
    hall.counted(DAY, ALL_YES)
    page = f"/decisions/{hall.decision.reference}"
    clerk: Any = client_for(hall.certifier)
    assert clerk.get(f"{page}/bundle.zip").status_code == 403
    hall.certified(DAY)
    with clock.standing_at(moment("2026-03-16")):
        assert "拟公示材料" in clerk.get(page).content.decode()
        assert client_for(bob).post(f"{page}/disclose").status_code == 403
        answer = clerk.post(f"{page}/disclose")
        assert answer.status_code == 302 and answer["Location"].startswith("/notices/G")
    ends_with_who_takes_the_bundle(hall, page, client_for, bob, anonymous)


def ends_with_who_takes_the_bundle(sitting: Hall, page: str, client_for: Any, bob: Viewer, anonymous: Viewer) -> None:
    """A bundle of signed ballots names owners in effect: those on the roll and in office take it, on record; anyone
    has the public edition, or none where the vote was closed without commitments."""
    voter = sitting.line(1).person
    for viewer in (anonymous, bob, sitting.certifier):
        answer = client_for(viewer).get(f"{page}/bundle.zip")
        assert answer.status_code == 200 and "-public.zip" in answer["Content-Disposition"]
    SignedBallot.objects.filter(box=sitting.box).update(salt="")
    for viewer in (anonymous, bob, sitting.certifier):
        answer = client_for(viewer).get(f"{page}/bundle.zip")
        assert answer.status_code == 403 and "每一户的票" in answer.content.decode()
    wanted = {"what": "bundle", "reason": "自己重算"}
    assert client_for(anonymous).post(f"{page}/papers", wanted).status_code == 403
    assert client_for(bob).post(f"{page}/papers", wanted).status_code == 403
    assert "完整的决策包" in client_for(sitting.certifier).get(f"{page}/papers").content.decode()
    assert "取用完整的决策包" not in client_for(bob).get(f"{page}/papers").content.decode()
    assert client_for(sitting.certifier).post(f"{page}/papers", wanted | {"reason": ""}).status_code == 302
    assert client_for(sitting.certifier).post(f"{page}/papers", wanted).content[:2] == b"PK"
    at = moment("2026-03-16")
    assert may_take_bundle(as_viewer(voter, at), sitting.decision, at)
    assert not may_take_papers(as_viewer(voter, at), sitting.decision, at)
    assert not may_take_bundle(replace(as_viewer(voter, at), helping_id=bob.person_id), sitting.decision, at)
    assert audit.chain(sitting.decision)[-1].verb == "decisions.papers_taken"
