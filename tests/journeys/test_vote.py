"""A vote in the hall: signed in by code, voted on a phone, seen on the screen, closed, counted by two, certified."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.decisions.halls import decision_at, in_office, made, moment, people
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_offline import until_kept, wait_for
from tests.people_fixtures import MOMENT

from yishi.decisions.models import BallotBox, Booth, Decision, Meeting, Result, Roll, SecretBallot, SignedBallot
from yishi.decisions.services import attendance, ballots, meetings, paper, rolls, voter_rolls
from yishi.network.models import Organisation
from yishi.network.viewers import Duty, Kind, Standing, Viewer
from yishi.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


class Hall:
    """Twenty-eight representatives on paper and two with phones; those who run, count and certify."""

    def __init__(self, town: Any, make: Callable[..., Viewer], secrecy: str) -> None:
        own = town.cooperative
        in_office(people(town.area, 28, prefix="代表"), own, Duty.REPRESENTATIVE, "成员代表")
        self.voters = [make(n, office=(own, Duty.REPRESENTATIVE, n)) for n in ("阿珍", "阿强")]
        self.convener = make("何书记", office=(town.cooperative_branch, Duty.SECRETARY, "书记"))
        self.counters = [make(n, office=(own, Duty.COMMITTEE_MEMBER, n)) for n in ("计票甲", "计票乙")]
        self.supervisor = make("冯监事", office=(own, Duty.SUPERVISOR, "监事"))
        proposer = make("谢社长", office=(own, Duty.PRESIDENT, "社长"))
        self.decision = decision_at(
            proposer, own, "members_representatives",
            [("2026-09-20", "done", {"papers": ["text"]}), ("2026-09-21", "done", {"papers": ["opinion"]})],
            secrecy=secrecy, item="7",
        )  # fmt: skip
        rolls.draw_roll(self.convener, self.decision, "", MOMENT)
        given = meetings.MeetingInput("成员代表大会", "祠堂", MOMENT, [self.decision])
        self.meeting = meetings.convene(self.convener, given, MOMENT)
        self.recorded = False

    def noticed(self) -> "Hall":
        meetings.give_notice(self.convener, self.meeting, meetings.NoticeInput("公示栏照片"), MOMENT)
        self.meeting.refresh_from_db()
        return self

    def opened(self) -> "Hall":
        meetings.open_meeting(self.convener, self.noticed().meeting, MOMENT)
        item = self.meeting.items.select_related("roll", "meeting").get()
        attendance.sign_in_numbers(self.convener, item, "1-24", MOMENT)
        return self

    def voting(self) -> BallotBox:
        return ballots.open_ballot(self.convener, self.opened().meeting.items.get(), MOMENT)


@pytest.fixture
def hall(request: Any, town: Any, make_person: Callable[..., Viewer]) -> Hall:
    return Hall(town, make_person, getattr(request, "param", "secret"))


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    agree = page.locator("dialog[open] button[value=yes], dialog[open] .btn-primary")
    if agree.count():
        agree.first.click()
    page.wait_for_load_state()


def test_from_the_door_to_the_seal(open_page: Any, look: Any, hall: Hall) -> None:
    hall.opened()
    screen = open_page(hall.convener, size=DESK)
    screen.goto(f"/decisions/meetings/{hall.meeting.pk}/screen")
    screen.get_by_text("现有 24").first.wait_for()
    look(screen, "screen-before")
    phone = open_page(hall.voters[0], size=PHONE)
    phone.goto(f"/decisions/at/{Meeting.objects.get().sign_in_code}")
    press(phone, "签到")
    screen.get_by_text("现有 25").first.wait_for()
    host = open_page(hall.convener, size=PHONE)
    host.goto(f"/decisions/meetings/{hall.meeting.pk}/host")
    look(host, "host")
    press(host, "开始表决")
    screen.get_by_text("正在投票").wait_for()
    phone.reload()
    look(phone, "attend")
    phone.get_by_role("link", name="投票", exact=True).first.click()
    look(phone, "vote")
    phone.get_by_label("赞成").check()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="投出这张票").click()
    phone.get_by_text("没有网络，还没有送出").wait_for()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="投出这张票").click()
    phone.get_by_role("heading", name="票已投入票箱").wait_for()
    assert phone.get_by_text("没有网络，还没有送出").count() == 0
    assert phone.evaluate("document.activeElement.tagName") == "H1" and phone.title().startswith("已投票")
    look(phone, "receipt")
    receipt = phone.locator(".receipt-number strong").inner_text()
    assert len(receipt.replace(" ", "")) == 26
    screen.locator(".screen-number strong", has_text="1").wait_for()
    look(screen, "screen-voting")
    box = BallotBox.objects.select_related("roll").get()
    mine = box.roll.entries.get(person_id=hall.voters[0].person_id)
    others = [e.number for e in box.roll.entries.exclude(pk=mine.pk).order_by("number")[:24] if e.number <= 24]
    paper.issue_papers(hall.convener, box, ",".join(map(str, others)), False, MOMENT)
    host.reload()
    press(host, "停止投票")
    count_and_certify(open_page, look, hall, box, len(others))
    screen.get_by_text("校验码").wait_for()
    look(screen, "screen-result")
    phone.goto(f"/decisions/boxes/{box.pk}/receipts")
    phone.get_by_label("回执号").fill(receipt)
    press(phone, "查找")
    phone.get_by_text("已计入").first.wait_for()
    look(phone, "found")
    assert Decision.objects.get().certified and SecretBallot.objects.count() == 1


def count_and_certify(open_page: Any, look: Any, hall: Hall, box: BallotBox, papers: int) -> None:
    for who in hall.counters:
        page = open_page(who, size=DESK)
        page.goto(f"/decisions/boxes/{box.pk}/count")
        for label, value in (("收回", papers), ("有效", papers), ("赞成", papers)):
            page.get_by_label(label, exact=True).fill(str(value))
        look(page, f"count-{who.name}")
        press(page, "录入")
    look(page, "agreed")
    press(page, "计出结果")
    judge = open_page(hall.supervisor, size=DESK)
    judge.goto(f"/decisions/items/{box.item_id}/result")
    look(judge, "to-certify")
    press(judge, "确认结果")
    look(judge, "certified")
    judge.goto(f"/decisions/items/{box.item_id}/recount")
    look(judge, "recount")


@pytest.mark.parametrize("hall", ["signed", "secret"], indirect=True)
def test_a_ballot_and_its_answer_in_english_and_in_large_print(open_page: Any, look: Any, hall: Hall) -> None:
    hall.opened()
    for voter in hall.voters:
        attendance.sign_in(voter, hall.meeting, "qr", MOMENT)
    box = ballots.open_ballot(hall.convener, hall.meeting.items.get(), MOMENT)
    for voter, size, care in zip(hall.voters, (PHONE, DESK), (True, False), strict=True):
        page = open_page(voter, size=size, language="en", care=care)
        page.goto(f"/decisions/boxes/{box.pk}/vote")
        look(page, f"vote-{care}")
        page.locator("input[name=mark]").first.check()
        page.locator("form.ballot button[type=submit]").click()
        page.locator("#ballot a.btn-primary").wait_for()
        look(page, f"voted-{care}")
    ballots.close_ballot(hall.convener, box.item, MOMENT)
    desk = open_page(hall.convener, size=PHONE, language="en", care=True)
    desk.goto(f"/decisions/boxes/{box.pk}/papers")
    look(desk, "papers")


@pytest.mark.parametrize("hall", ["signed"], indirect=True)
def test_without_scripts_by_keyboard(open_page: Any, hall: Hall) -> None:
    hall.opened()
    code = Meeting.objects.get().sign_in_code
    phone = open_page(hall.voters[1], size=PHONE, javascript=False)
    phone.goto(f"/decisions/at/{code}")
    phone.get_by_role("button", name="签到", exact=True).press("Enter")
    host = open_page(hall.convener, size=DESK, javascript=False)
    host.goto(f"/decisions/meetings/{hall.meeting.pk}/host")
    host.get_by_role("button", name="开始表决").press("Enter")
    host.get_by_role("button", name="停止投票").wait_for()
    phone.goto(f"/decisions/at/{code}")
    phone.get_by_role("link", name="投票", exact=True).first.press("Enter")
    phone.get_by_label("弃权").press("Space")
    phone.get_by_role("button", name="投出这张票").press("Enter")
    phone.get_by_role("heading", name="票已投入票箱").wait_for()
    assert SignedBallot.objects.get().marks == ["abstain"]


def registered(page: Any, box: BallotBox, name: str) -> None:
    """A tablet at its page, registered as a booth and kept for work without network."""
    page.goto(f"/decisions/boxes/{box.pk}/booth")
    page.get_by_label("票箱名称").fill(name)
    page.get_by_label("交给谁").fill("冯监事")
    press(page, "登记这台设备")
    page.locator("[data-booth-collect]:not([hidden])").wait_for()
    until_kept(page, f"/decisions/boxes/{box.pk}/booth")
    kept = "caches.open('kept').then(c => c.match(location.pathname)).then(r => r.text())"
    wait_for(lambda: page.evaluate(f"{kept}.then(text => text.includes('collecting'))"), page)


def collect(page: Any, *votes: tuple[int, str]) -> None:
    """Ballots put into the booth one after the other."""
    for number, mark in votes:
        page.get_by_label("姓名、户号或序号").fill(str(number))
        page.locator("[data-booth-found]").get_by_role("button", name="投票").first.click()
        page.locator("[data-booth-ballot]").get_by_label(mark).check()
        press(page, "投入票箱")
        page.locator("[data-booth-ballot][hidden]").wait_for(state="attached")


@pytest.mark.parametrize("hall", ["signed"], indirect=True)
def test_a_booth_sealed_without_network_is_taken_after_the_close(open_page: Any, look: Any, hall: Hall) -> None:
    """Offline, sealed, its code read to the desk; the vote closed; online, handed in, its conflict listed; counted."""
    box = hall.voting()
    tablet = open_page(hall.convener, size=PHONE)
    tablet.goto(f"/decisions/boxes/{box.pk}/booth")
    look(tablet, "booth-register")
    registered(tablet, box, "3号楼流动票箱")
    look(tablet, "booth")
    tablet.context.set_offline(True)
    tablet.reload()
    collect(tablet, (3, "赞成"), (4, "反对"))
    press(tablet, "交票")
    tablet.get_by_text("还没有交上").wait_for()
    assert SignedBallot.objects.count() == 0
    press(tablet, "收完了，封箱")
    tablet.locator("[data-booth-untold]:not([hidden])").wait_for()
    code = "".join(tablet.locator("[data-booth-code] span").all_inner_texts())
    assert len(code) == 26 and tablet.locator("[data-booth-sealed-count]").inner_text() == "2"
    tablet.reload()
    assert "".join(tablet.locator("[data-booth-code] span").all_inner_texts()) == code
    assert not tablet.get_by_label("姓名、户号或序号").is_visible()
    look(tablet, "booth-sealed")
    third = box.roll.entries.get(number=3)
    serial = paper.issue_papers(hall.convener, box, "3", False, MOMENT)[0].serial
    paper.key_paper(hall.convener, box, serial, ["no"], MOMENT)
    closed_by_the_host(open_page, look, hall, box, code)
    tablet.context.set_offline(False)
    press(tablet, "交票")
    tablet.get_by_text("收 1 张").wait_for()
    tablet.get_by_text("的票已经交清").wait_for()
    tablet.get_by_text(f"3 {third.label}", exact=True).wait_for()
    tablet.get_by_text("已由“纸质票”先登记").wait_for()
    look(tablet, "booth-after")
    assert SignedBallot.objects.get(entry=third).marks == ["no"] and SignedBallot.objects.count() == 2
    assert tablet.evaluate(f"indexedDB.databases().then(() => document.body.innerText.includes('{code}'))") is False
    counted_with_the_booth(open_page, look, hall, box)


def closed_by_the_host(open_page: Any, look: Any, hall: Hall, box: BallotBox, code: str) -> None:
    """The host is warned, the desk keys number and code from the telephone, the count waits for the tablet."""
    host = open_page(hall.convener, size=PHONE)
    host.goto(f"/decisions/meetings/{hall.meeting.pk}/host")
    host.get_by_text("这些离线票箱还没有封箱").wait_for()
    look(host, "host-unsealed")
    press(host, "停止投票")
    host.get_by_text("还有离线票箱没有封箱：3号楼流动票箱").first.wait_for()
    host.get_by_role("link", name="登记封箱").click()
    host.get_by_text("登记封箱").first.click()
    host.get_by_label("张数", exact=True).fill("2")
    host.get_by_label("校验码", exact=True).fill(code[:-1] + ("A" if code[-1] != "A" else "B"))
    look(host, "desk-seal")
    host.locator("details[open] button").first.click()
    host.get_by_text("逐字核对").first.wait_for()
    host.get_by_label("校验码", exact=True).fill(" ".join(code.lower()))
    host.locator("details[open] button").first.click()
    host.get_by_text("已登记封箱").first.wait_for()
    look(host, "desk-sealed")
    host.goto(f"/decisions/meetings/{hall.meeting.pk}/host")
    press(host, "停止投票")
    host.get_by_text("还在等这些离线票箱交票").wait_for()
    look(host, "host-waits")


def counted_with_the_booth(open_page: Any, look: Any, hall: Hall, box: BallotBox) -> None:
    for who in hall.counters:
        page = open_page(who, size=DESK)
        page.goto(f"/decisions/boxes/{box.pk}/count")
        for label, value in (("收回", 1), ("有效", 1), ("反对", 1)):
            page.get_by_label(label, exact=True).fill(str(value))
        press(page, "录入")
    press(page, "计出结果")
    page.get_by_text("计入 1 张").wait_for()
    look(page, "result-with-booth")
    result = Result.objects.get()
    assert (result.counts["returned"], result.counts["no"]) == (2, 2)


@pytest.mark.parametrize(("language", "care"), [("zh-hans", True), ("en", False)])
@pytest.mark.parametrize("hall", ["signed"], indirect=True)
def test_a_booth_with_network_by_parts(open_page: Any, look: Any, hall: Hall, language: str, care: bool) -> None:
    """Handed in by parts, then sealed: the tablet records its seal itself; an answer that is no answer keeps the ballots."""
    box = hall.voting()
    tablet = open_page(hall.convener, size=PHONE)
    registered(tablet, box, "6号楼")
    collect(tablet, (3, "赞成"), (4, "反对"))
    portal = "**/booth/send"
    tablet.route(
        portal, lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Welcome to Wi-Fi</p>")
    )
    press(tablet, "交票")
    tablet.get_by_text("还没有交上").wait_for()
    collect(tablet, (5, "弃权"))
    tablet.unroute(portal)
    press(tablet, "交票")
    tablet.get_by_text("收 2 张").wait_for()
    tablet.locator("[data-booth-collect]:not([hidden])").wait_for()
    assert tablet.locator("[data-booth-count]").inner_text() == "1" and SignedBallot.objects.count() == 2
    press(tablet, "收完了，封箱")
    tablet.locator("[data-booth-told]:not([hidden])").wait_for()
    assert (Booth.objects.get().sealed_how, Booth.objects.get().ballots) == ("online", 1)
    root = tablet.url.split("/decisions")[0]
    worn = {"django_language": language, "care": "1" if care else "0"}
    tablet.context.add_cookies([{"name": n, "value": v, "url": root} for n, v in worn.items()])
    tablet.reload()
    tablet.locator("[data-booth-told]:not([hidden])").wait_for()
    look(tablet, "sealed")
    tablet.locator("[data-booth-sealed] [data-booth-send] button").click()
    tablet.locator("[data-booth-register]:not([hidden])").wait_for()
    look(tablet, "handed-in")
    assert SignedBallot.objects.count() == 3 and Booth.objects.get().standing == "received"
    tablet.goto(f"/decisions/boxes/{box.pk}/booths")
    look(tablet, "desk")


PAGES = ("meetings", "meetings/{m}", "meetings/{m}/deliveries", "meetings/{m}/proxies", "meetings/{m}/host", "meetings/{m}/door", "meetings/{m}/screen", "meetings/{m}/minutes", "items/{i}/roll", "items/{i}/recusals", "items/{i}/result", "boxes/{b}/papers", "boxes/{b}/booth", "boxes/{b}/booths", "boxes/{b}/vote", "boxes/{b}/count")  # fmt: skip

OPENED_ON_THE_WAY = {
    "attend",
    "voted",
    "receipts",
    "convene",
    "meeting_notice",
    "item_recount",
    "election",
    "posted_roll",
    "roll_by_code",
}


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESK)])
@pytest.mark.parametrize("hall", ["signed"], indirect=True)
def test_every_page_of_a_vote(open_page: Any, look: Any, hall: Hall, language: str, size: dict[str, int]) -> None:
    draft = open_page(hall.convener, size=size, language=language)
    item = hall.meeting.items.get()
    for place in (
        f"meetings/{hall.meeting.pk}",
        f"meetings/{hall.meeting.pk}/notice",
        f"items/{item.pk}/roll",
        "meetings/new",
    ):
        draft.goto(f"/decisions/{place}")
        look(draft, place.replace("/", "-") + "-draft")
    box = hall.voting()
    ids = {"m": hall.meeting.pk, "i": box.item_id, "b": box.pk}
    voter = open_page(hall.voters[0], size=size, language=language)
    attendance.sign_in(hall.voters[0], hall.meeting, "qr", moment("2026-09-28"))
    for place in PAGES:
        page = voter if place.endswith(("/vote", "/result", "/count")) else draft
        page.goto(f"/decisions/{place.format(**ids)}")
        look(page, place.replace("/", "-").format(**ids))


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESK)])
def test_the_page_of_an_election(
    open_page: Any, look: Any, town: Any, make_person: Any, language: str, size: dict[str, int]
) -> None:
    """The roll is drawn and posted for a day at least twenty days away; a nearer one is refused with its clause."""
    village = Organisation.objects.create(
        town=town.area, area=town.huangqi, kind=Kind.VILLAGERS_COMMITTEE, tree="civil", name="黄岐村民委员会"
    )
    made(people(town.area, 12), "villager", town.huangqi, size=5)
    convener = make_person("选委会主任", office=(village, Duty.DIRECTOR, "选举委员会主任"))
    decision = decision_at(
        convener, village, "village_election",
        [("2026-03-01", "done", {"papers": ["minutes"]}), ("2026-03-05", "done", {"papers": ["text"]})],
        secrecy="secret", seats=2,
    )  # fmt: skip
    page = open_page(convener, size=size, language=language)
    page.goto(f"/decisions/elections/{decision.reference}")
    look(page, "to-draw")
    page.locator("button[value=draw]").click()
    page.locator("button[value=post]").wait_for()
    look(page, "to-post")
    page.locator("[name=election_on]").fill("2026-10-05")
    page.locator("button[value=post]").click()
    page.get_by_text("20 日" if language == "zh-hans" else "20 days").first.wait_for()
    page.locator("[name=election_on]").fill("2026-11-20")
    page.locator("button[value=post]").click()
    page.locator("button[value=post]").wait_for(state="detached")
    look(page, "posted")
    villager = make_person("植秀琼")
    made([Person.objects.get(pk=villager.person_id)], "villager", town.huangqi)
    asking = open_page(villager, size=size, language=language)
    asking.goto(f"/decisions/elections/{decision.reference}/roll")
    look(asking, "to-object")
    passing = open_page(size=size, language=language, javascript=False)
    passing.goto(f"/decisions/voters/{Roll.objects.get().board_code}")
    assert passing.locator("tbody tr").count() == 12
    voter = Person.objects.filter(name__startswith="街坊").earliest("pk")
    place = Standing("villager", town.huangqi.pk, town.huangqi.path, None, None)
    viewer = Viewer(at=MOMENT, person_id=voter.pk, town_id=town.area.pk, standings=(place,))
    voter_rolls.object_to_roll(viewer, decision, "第 7 号已迁出本村，不应在名单上。", MOMENT)
    page.reload()
    look(page, "objected")
    page.locator("[name=upheld][value=yes]").check()
    page.locator("[name=reason]").first.fill("经查属实。")
    page.locator("button[value=rule]").click()
    page.locator("button[value=rule]").wait_for(state="detached")
    page.locator("summary").last.click()
    page.locator("[name=number]").fill("7")
    page.locator("[name=words]").fill("第 1 号申诉成立")
    page.locator("button[value=mend]").click()
    page.get_by_text("第 1 号申诉成立").wait_for()
    look(page, "mended")
