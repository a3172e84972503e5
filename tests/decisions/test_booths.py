"""Offline booths: registered before they collect, sealed before the close, taken in after it exactly as sealed."""

import io
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from tests.decisions.halls import Hall, Tablet, moment
from tests.decisions.test_members_assembly import DAY, NOTICE, hall, members  # noqa: F401
from tests.decisions.test_representatives import hall as secret_hall  # noqa: F401

from yishi.core.verdicts import Refusal
from yishi.decisions.bundles import anchored_files
from yishi.decisions.documents.counts import count_sheet
from yishi.decisions.documents.facts import facts_of
from yishi.decisions.models import BoothBatch, SignedBallot
from yishi.decisions.services import ballots, booth, counting, meetings, minutes
from yishi.decisions.services.anchoring import export_bundle
from yishi.decisions.voting import sealing
from yishi.engines.bundle import read_zip, verify_bundle
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db(transaction=True)
LATER = moment(DAY, 19)
Pages = Callable[[Viewer], Client]


@pytest.fixture
def voting(hall: Hall) -> Hall:  # noqa: F811
    """Thirty members, twenty-six there, a signed vote open."""
    hall.noticed(NOTICE, DAY)
    hall.opened(DAY)
    hall.signed_in("1-26", DAY)
    hall.voting(DAY)
    return hall


def loaded(hall: Hall, count: int = 6, **more: Any) -> Tablet:  # noqa: F811
    """A tablet with the ballots of the first so many lines."""
    tablet = Tablet(hall, moment(DAY, 11), **more)
    for number in range(1, count + 1):
        tablet.collect(number, "yes")
    return tablet


def refused(act: Callable[[], Any], words: str) -> str:
    with pytest.raises(Refusal, match=words) as found:
        act()
    return str(found.value.verdict.what_now)


def counted_twice(hall: Hall) -> None:  # noqa: F811
    for counter in hall.counters:
        counting.key_count(counter, hall.box, counting.CountInput({}), LATER)


def told(hall: Hall) -> str:  # noqa: F811
    """Everything that the count sheet says."""
    sheet = count_sheet(facts_of(hall.decision), hall.convener)
    assert sheet is not None
    return str(sheet.blocks)


def test_what_was_sealed_is_taken_after_the_close(voting: Hall, client_for: Pages) -> None:
    here = voting
    tablet = loaded(here)
    tablet.seal(moment(DAY, 12))
    here.web(1, "no", DAY, 13)
    for number in range(7, 27):
        here.web(number, "yes", DAY, 13)
    here.closed(DAY)
    assert not any(name.startswith(("ballots/", "commitments/")) for name, _data in anchored_files(here.decision))
    counted_twice(here)
    said = refused(
        lambda: counting.count_ballots(here.counters[0], here.item, LATER), "“3号楼流动票箱”（封箱 6 张）还没有交票"
    )
    assert "核销" in said
    batch = tablet.hand_in(LATER)
    assert (batch.taken, batch.sealed, tablet.row.standing) == (5, True, "received")
    line = here.line(1)
    assert [(c["code"], c["first"]) for c in batch.conflicts] == [(line.code, "web")]
    assert SignedBallot.objects.get(box=here.box, entry=line).marks == ["no"]
    assert tablet.hand_in(LATER).pk == batch.pk and BoothBatch.objects.count() == 1
    page = client_for(here.convener).get(f"/decisions/boxes/{here.box.pk}/booths").content.decode()
    assert f"{line.number} {line.label}" in page and "已由“网上”先登记" in page and "收票早也不算先" in page
    result = counting.count_ballots(here.counters[0], here.item, LATER)
    assert (result.counts["yes"], result.counts["no"], result.counts["returned"]) == (25, 1, 26)
    here.certified(DAY)
    meetings.end_meeting(here.convener, here.meeting, moment(DAY, 22))
    text = minutes.draft_minutes(here.convener, here.meeting, moment(DAY, 23)).text
    shown = sealing.shown_code(tablet.row.code)
    assert f"离线票箱“3号楼流动票箱”（交给 何洁）：截止前封箱 6 张，校验码 {shown}；计入 5 张，冲突 1 张" in text
    assert shown in told(here) and "已交清" in told(here)
    page = client_for(here.certifier).get(f"/decisions/items/{here.item.pk}/result").content.decode()
    assert "3号楼流动票箱" in page and "计入 5 张" in page and "何洁" not in page.split("<main")[1]
    report = verify_bundle(read_zip(io.BytesIO(export_bundle(here.decision, moment("2026-03-17")))))
    assert report.ok, [check for check in report.checks if not check.ok]


def test_nothing_else_is_taken_after_the_close(voting: Hall) -> None:
    tablet, bare = loaded(voting), loaded(voting, label="6号楼")
    tablet.seal(moment(DAY, 12))
    ballots.close_ballot(voting.convener, voting.item, moment(DAY, 18), [bare.id])
    assert "监督委员会" in refused(lambda: bare.hand_in(LATER), "没有在截止前封箱，没有收")
    assert "仍留在设备上" in refused(lambda: bare.seal(LATER), "不能再封箱")
    sealed, more = list(tablet.ballots), booth.BoothBallot(voting.line(9).code, ("yes",), uuid.uuid4())
    changed = replace(sealed[0], marks=("no",))
    for other in ([*sealed, more], sealed[1:], [changed, *sealed[1:]], [*sealed[1:], more], []):
        tablet.ballots = other
        assert "仍留在设备上" in refused(lambda: tablet.hand_in(LATER), r"不是封箱登记的那一批（6 张）")
    tablet.ballots, right = sealed[::-1], tablet.batch
    tablet.batch = uuid.uuid4()
    refused(lambda: tablet.hand_in(LATER), "不是封箱登记的那一批")
    stranger = booth.Batch(uuid.uuid4(), uuid.uuid4(), sealed)
    refused(lambda: booth.take_batch(voting.convener, voting.box, stranger, LATER), "没有登记为")
    assert not BoothBatch.objects.exists() and not SignedBallot.objects.filter(box=voting.box).exists()
    tablet.batch = right
    assert tablet.hand_in(LATER).taken == 6


def test_only_who_runs_the_vote_registers_seals_and_hands_in(voting: Hall, alice: Viewer) -> None:
    tablet = loaded(voting)
    given = booth.Batch(tablet.key, tablet.batch, tablet.ballots)
    at, box = moment(DAY, 12), voting.box
    for act in (
        lambda who: booth.register_booth(who, box, booth.BoothInput("a" * 64, "假票箱", who.person_id), at),
        lambda who: booth.seal_booth(who, tablet.row, tablet.screen, at),
        lambda who: booth.take_batch(who, box, given, at),
        lambda who: booth.write_off_booth(who, tablet.row, "丢了", at),
    ):
        with pytest.raises(Refusal) as found:
            act(alice)
        assert found.value.verdict.hidden
    assert tablet.row.standing == "collecting" and box.booths.count() == 1


def test_a_secret_vote_has_no_booth(secret_hall: Hall) -> None:  # noqa: F811
    secret_hall.noticed("2026-02-04", "2026-02-06")
    secret_hall.opened("2026-02-06")
    secret_hall.signed_in("1-27", "2026-02-06")
    secret_hall.voting("2026-02-06")
    refused(lambda: Tablet(secret_hall, moment("2026-02-06", 11)), "无记名投票")


def test_a_booth_is_registered_once_and_before_the_close(voting: Hall) -> None:
    tablet = loaded(voting)
    with pytest.raises(ValidationError, match="换一个名称"):
        loaded(voting)
    with pytest.raises(ValidationError, match="已经登记"):
        Tablet(voting, moment(DAY, 11), label="别的", key=tablet.key)
    ballots.close_ballot(voting.convener, voting.item, moment(DAY, 18), [tablet.id])
    refused(lambda: Tablet(voting, LATER, label="晚到"), "不能再登记")


def test_a_slip_of_the_tongue_is_noticed_while_it_is_keyed(voting: Hall) -> None:
    at = moment(DAY, 12)
    fixed = uuid.UUID("6f1f2f0a-9f0e-4b52-9d1e-0a5b7c3f7a11")
    first, second = (loaded(voting, label=n, key=uuid.uuid5(fixed, n), batch=fixed) for n in ("甲", "乙"))
    for tablet in (first, second):
        tablet.ballots = [replace(b, key=uuid.uuid5(fixed, b.code)) for b in tablet.ballots]
    screen = first.screen
    swapped = screen.code[1] + screen.code[0] + screen.code[2:]
    for wrong in (replace(screen, count=7), replace(screen, code=swapped), replace(screen, code=screen.code[:-1])):
        with pytest.raises(ValidationError, match="逐字核对"):
            booth.seal_booth(voting.convener, first.row, wrong, at)
    with pytest.raises(ValidationError, match="哪一个票箱"):
        booth.seal_booth(voting.convener, second.row, screen, at)
    aloud = sealing.shown_code(screen.code).lower().replace("o", "0").replace("i", "1")
    assert booth.seal_booth(voting.convener, first.row, replace(screen, code=aloud), at).code == screen.code
    assert first.seal(at).standing == "sealed"
    first.collect(9, "yes")
    refused(lambda: first.seal(at), "已经封箱")
    assert len({s.screen.code[:24] for s in (first, second)}) == 2


def test_by_parts_before_the_close(voting: Hall) -> None:
    tablet = loaded(voting, 3)
    key = tablet.batch
    tablet.hand_in(moment(DAY, 12), last=False)
    tablet.collect(4, "no")
    with pytest.raises(ValidationError, match="编号已用在另一批"):
        booth.take_batch(voting.convener, voting.box, booth.Batch(tablet.key, key, tablet.ballots), moment(DAY, 12))
    tablet.hand_in(moment(DAY, 13), last=False)
    tablet.collect(5, "yes")
    tablet.seal(moment(DAY, 14))
    part = booth.Batch(tablet.key, uuid.uuid4(), tablet.ballots[:0])
    refused(lambda: booth.take_batch(voting.convener, voting.box, part, moment(DAY, 14)), "不是封箱登记")
    voting.closed(DAY)
    tablet.hand_in(LATER)
    assert SignedBallot.objects.filter(box=voting.box).count() == 5 and tablet.row.standing == "received"


def test_an_empty_booth_is_sealed_with_nothing_to_hand_in(voting: Hall) -> None:
    tablet = loaded(voting, 0)
    assert tablet.seal(moment(DAY, 14)).standing == "received"
    voting.closed(DAY)


def test_closing_names_every_booth_that_is_left_behind(voting: Hall, client_for: Pages) -> None:
    tablet, other = loaded(voting), loaded(voting, label="6号楼")
    tablet.seal(moment(DAY, 14))
    said = refused(lambda: voting.closed(DAY), "没有封箱：6号楼。停止投票以后不能再封箱")
    assert "不等这个票箱" in said
    refused(lambda: ballots.close_ballot(voting.convener, voting.item, LATER, [tablet.id]), "6号楼")
    page = client_for(voting.convener).get(f"/decisions/meetings/{voting.meeting.pk}/host").content.decode()
    assert "不等“6号楼”" in page and "不等“3号楼流动票箱”" not in page
    where = f"/decisions/items/{voting.item.pk}/do/close-ballot"
    client_for(voting.convener).post(where, {})
    assert voting.box.state == "open"
    client_for(voting.convener).post(where, {"leaving": [other.id]})
    assert voting.box.state == "closed"
    assert "停止投票时没有封箱，不再收" in told(voting)
    refused(lambda: booth.write_off_booth(voting.certifier, other.row, "丢了", LATER), "没有等它")


def test_a_lost_tablet_is_written_off_with_its_reason(voting: Hall, alice: Viewer, client_for: Pages) -> None:
    here = voting
    tablet = loaded(here, holder=here.certifier)
    tablet.seal(moment(DAY, 14))
    for number in range(7, 27):
        here.web(number, "yes", DAY, 13)
    here.closed(DAY)
    refused(lambda: booth.write_off_booth(here.certifier, tablet.row, "掉进河里。", LATER), "票箱交给了您")
    with pytest.raises(ValidationError):
        booth.write_off_booth(here.convener, tablet.row, " ", LATER)
    booth.write_off_booth(here.convener, tablet.row, "找过了，没有。", LATER)
    counted_twice(here)
    assert tablet.hand_in(LATER).taken == 6 and tablet.row.standing == "received"  # found before the count
    assert counting.count_ballots(here.counters[0], here.item, LATER).counts["yes"] == 26


def test_what_was_written_off_shows_with_the_result(voting: Hall, client_for: Pages) -> None:
    here = voting
    tablet = loaded(here)
    tablet.seal(moment(DAY, 14))
    for number in range(7, 27):
        here.web(number, "yes", DAY, 13)
    here.closed(DAY)
    counted_twice(here)
    desk = client_for(here.certifier)
    where = f"/decisions/boxes/{here.box.pk}/booths"
    assert "遗失、损坏或没有用" in desk.get(where).content.decode()
    assert "还在等这些离线票箱" in desk.get(f"/decisions/boxes/{here.box.pk}/count").content.decode()
    assert desk.post(f"{where}/1/write-off", {"reason": "设备掉进河里，打捞不到。"}).status_code == 303
    assert tablet.row.standing == "written_off"
    assert counting.count_ballots(here.counters[0], here.item, LATER).counts["yes"] == 20
    assert "监督委员会" in refused(lambda: tablet.hand_in(LATER), "已经计票")
    assert "已核销：设备掉进河里" in told(here)
    page = client_for(here.counters[0]).get(f"/decisions/items/{here.item.pk}/result").content.decode()
    assert "已核销：设备掉进河里，打捞不到。" in page
    meetings.end_meeting(here.convener, here.meeting, moment(DAY, 22))
    text = minutes.draft_minutes(here.convener, here.meeting, moment(DAY, 23)).text
    assert "没有计入的票；已核销，没有交票：设备掉进河里" in text


def test_the_tablets_page_and_what_it_sends(voting: Hall, client_for: Pages, alice: Viewer) -> None:
    site, where = client_for(voting.convener), f"/decisions/boxes/{voting.box.pk}/booth"
    key, device = uuid.uuid4(), ""
    wrong = site.post(where, {"label": "3号楼", "who": "查无此人", "device": sealing.device_of(key)})
    assert wrong.status_code == 422 and "没有找到这个人" in wrong.content.decode()
    assert (
        site.post(where, {"label": "3号楼", "who": voting.certifier.name, "device": sealing.device_of(key)}).status_code
        == 303
    )
    device = voting.box.booths.get().device
    assert (
        f'"device": "{device}"' in site.get(where).content.decode() and str(key) not in site.get(where).content.decode()
    )
    one, batch = uuid.uuid4(), uuid.uuid4()
    rows = f'[["{voting.line(1).code}", ["yes"], "{one}"]]'
    sent = {"device": str(key), "key": str(batch), "ballots": rows}
    code = sealing.code_of(
        device, sealing.digest_of(device, batch, [booth.BoothBallot(voting.line(1).code, ("yes",), one)]), 1
    )
    bad = site.post(f"{where}/seal", {"device": device, "count": "2", "code": code})
    assert bad.status_code == 409 and "逐字核对" in bad.content.decode()
    assert site.post(f"{where}/seal", {"device": "x", "count": "1", "code": code}).status_code == 409
    assert site.post(f"{where}/seal", {"device": device, "count": "1", "code": code}).json() == {"sealed": code}
    assert voting.box.booths.get().sealed_how == "online"
    voting.closed(DAY)
    answer = site.post(f"{where}/send", sent)
    assert answer.json() == {"key": str(batch), "taken": 1, "conflicts": 0, "sealed": True}
    late = site.post(f"{where}/send", sent | {"key": str(uuid.uuid4())})
    assert late.status_code == 409 and "仍留在设备上" in late.content.decode()
    for place in ("", "s"):
        assert client_for(alice).get(f"{where}{place}").status_code == 404
    assert client_for(voting.certifier).post(f"{where}/send", sent).status_code == 403
    page = site.get(f"{where}s").content.decode()
    assert re.search(r"封箱 1 张", page) and sealing.shown_code(code) in page


def at_once(acts: list[Callable[[], Any]]) -> list[str]:
    gate, ends = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            act()
            ends.append("done")
        except Refusal as refusal:
            ends.append(str(refusal.verdict.reason))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_sealing_while_the_vote_is_closed(voting: Hall) -> None:
    """Either the seal came first and its ballots are taken, or the close did and found the booth unsealed: never both."""
    tablet = loaded(voting)
    leave = [tablet.id]
    at = moment(DAY, 18)
    at_once([lambda: tablet.seal(at), lambda: ballots.close_ballot(voting.convener, voting.item, at, leave)])
    assert voting.box.state == "closed"
    if tablet.row.sealed_at:
        assert tablet.hand_in(LATER).taken == 6
    else:
        refused(lambda: tablet.hand_in(LATER), "没有在截止前封箱")


def test_handed_in_many_times_at_once_while_it_is_counted(voting: Hall) -> None:
    tablet = loaded(voting)
    tablet.seal(moment(DAY, 14))
    for number in range(7, 27):
        voting.web(number, "yes", DAY, 13)
    voting.closed(DAY)
    counted_twice(voting)
    count = lambda: counting.count_ballots(voting.counters[0], voting.item, LATER)  # noqa: E731
    ends = at_once([lambda: tablet.hand_in(LATER)] * 4 + [count])
    assert ends.count("done") in (4, 5) and BoothBatch.objects.get().taken == 6
    if voting.box.state == "closed":
        count()
    assert voting.item.results.get().counts["yes"] == 26
