"""Every page of a vote, from the draft of the roll to the seal, by the people whose office it is; nobody else."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from tests.decisions.halls import MakePerson, decision_at, moment
from tests.people_fixtures import viewer_of_person

from yishi.core import clock
from yishi.decisions.models import AgendaItem, BallotBox, Decision, Meeting, SignedBallot
from yishi.network.models import Term
from yishi.network.viewers import Duty, Viewer


class Site:
    """Those who vote and those who run it, with their clients; the clock is moved by hand."""

    def __init__(self, town: Any, make: MakePerson, client_for: Callable[[Viewer], Client], secrecy: str) -> None:
        cooperative = town.cooperative
        self.reps = [
            make(f"代表{n:02d}", office=(cooperative, Duty.REPRESENTATIVE, f"代表{n:02d}")) for n in range(1, 31)
        ]
        self.convener = make("何书记", office=(town.cooperative_branch, Duty.SECRETARY, "书记"))
        self.counters = [make(n, office=(cooperative, Duty.COMMITTEE_MEMBER, n)) for n in ("计票甲", "计票乙")]
        self.supervisor = make("冯监事", office=(cooperative, Duty.SUPERVISOR, "监事"))
        self.proposer = make("谢社长", office=(cooperative, Duty.PRESIDENT, "社长"))
        self.client_for = client_for
        self.clients: dict[int | None, Client] = {}
        self.decision = decision_at(
            self.proposer, cooperative, "members_representatives",
            [("2026-09-20", "done", {"papers": ["text"]}), ("2026-09-21", "done", {"papers": ["opinion"]})],
            secrecy=secrecy, item="7",
        )  # fmt: skip

    def client(self, viewer: Viewer) -> Client:
        if viewer.user_id not in self.clients:
            self.clients[viewer.user_id] = self.client_for(viewer)
        return self.clients[viewer.user_id]

    def get(self, viewer: Viewer, name: str, *args: Any, status: int = 200) -> str:
        answer = self.client(viewer).get(reverse(f"decisions:{name}", args=args))
        assert answer.status_code == status, (name, answer.status_code, answer.content.decode()[:600])
        return answer.content.decode()

    def post(self, viewer: Viewer, name: str, *args: Any, status: int = 303, **data: Any) -> Any:
        answer = self.client(viewer).post(reverse(f"decisions:{name}", args=args), data)
        assert answer.status_code == status, (
            name,
            answer.status_code,
            re.sub(r"<[^>]+>", " ", answer.content.decode())[:3000],
        )
        return answer


@pytest.fixture
def site(request: Any, town: Any, make_person: MakePerson, client_for: Callable[[Viewer], Client]) -> Site:
    return Site(town, make_person, client_for, getattr(request, "param", "signed"))


def convened(site: Site) -> Meeting:
    site.get(site.convener, "meetings")
    site.get(site.convener, "convene")
    site.post(
        site.convener, "convene", decisions=[site.decision.pk], title="成员代表大会", place="祠堂",
        meets_at="2026-10-10T09:00",
    )  # fmt: skip
    meeting = Meeting.objects.get()
    for name in (
        "meeting",
        "meeting_notice",
        "meeting_deliveries",
        "meeting_proxies",
        "meeting_host",
        "meeting_door",
        "meeting_screen",
        "minutes",
    ):
        site.get(site.convener, name, meeting.pk)
    return meeting


def noticed(site: Site) -> Meeting:
    meeting = convened(site)
    item = meeting.items.get()
    refused = site.post(site.convener, "meeting_notice", meeting.pk, states=["time", "place", "matters"], status=422)
    assert "还没有对应的名册" in refused.content.decode()
    site.post(site.convener, "roll_draw", item.pk)
    assert "代表01" in site.get(site.convener, "item_roll", item.pk)
    site.post(site.convener, "meeting_notice", meeting.pk, states=["time", "place", "matters"])
    site.post(site.convener, "meeting_deliveries", meeting.pk, way="board", words="祠堂公示栏")
    page = site.get(site.convener, "item_roll", item.pk)
    assert "30" in page and item.decision.title in page
    assert site.client(site.convener).get(reverse("decisions:sign_in_book", args=[item.pk])).status_code == 200
    return meeting


def voting(site: Site) -> tuple[Meeting, AgendaItem, BallotBox]:
    meeting = noticed(site)
    with clock.standing_at(moment("2026-10-10", 9)):
        site.post(site.convener, "meeting_begin", meeting.pk)
        item = meeting.items.get()
        site.post(site.convener, "item_act", item.pk, "take-up")
        for rep in site.reps[:3]:
            site.get(rep, "attend", meeting.sign_in_code)
            site.post(rep, "attend_sign_in", meeting.sign_in_code)
        site.post(site.convener, "meeting_door", meeting.pk, numbers="1-27")
        site.post(site.convener, "item_act", item.pk, "open-ballot")
        item.refresh_from_db()
        assert item.state == "voting", site.get(site.convener, "meeting_host", meeting.pk)
        site.get(site.convener, "meeting_screen", meeting.pk)
        return meeting, item, item.box


@pytest.mark.parametrize("site", ["signed", "secret"], indirect=True)
def test_from_notice_to_seal(site: Site) -> None:
    meeting, item, box = voting(site)
    with clock.standing_at(moment("2026-10-10", 10)):
        receipts = []
        for rep in site.reps[:25]:
            site.get(rep, "voted", box.pk, status=303)  # nothing is said to be recorded before it is
            page = site.get(rep, "vote", box.pk)
            key = re.search(r'name="key" value="([^"]+)"', page)
            entry = re.search(r'name="entry" value="([^"]+)"', page)
            assert key and entry, page
            answer = site.post(
                rep, "vote", box.pk, key=key[1], entry=entry[1], mark="yes", status=200 if box.secret else 303
            )
            if box.secret:
                receipts.append(answer.content.decode())
                assert "receipt-number" not in site.get(rep, "voted", box.pk)
                kept = " ".join(str(row.get_decoded()) for row in Session.objects.all())
                assert key[1] not in kept and "receipt" not in kept
                sent = {"key": key[1], "entry": entry[1], "mark": "yes"}
                assert "receipt-number" in site.post(rep, "vote", box.pk, status=200, **sent).content.decode()
            else:
                assert key[1] not in answer["Location"]
                assert "已经登记" in site.client(rep).get(answer["Location"]).content.decode()
        late = site.post(
            site.reps[0],
            "vote",
            box.pk,
            key="6f1f2f0a-9f0e-4b52-9d1e-0a5b7c3f7a12",
            entry=entry[1],
            mark="no",
            status=422,
        )
        assert "已经投过票" in late.content.decode() or "名册" in late.content.decode()
        site.get(site.convener, "box_papers", box.pk)
        site.post(site.convener, "box_papers", box.pk, numbers="26")
        if not box.secret:
            site.post(site.convener, "box_papers", box.pk, serial=1, marks=["no"])
            site.get(site.convener, "box_booth", box.pk)
            site.post(site.convener, "ballot_revoke", box.pk, number="26")
            assert SignedBallot.objects.exclude(revoked_at=None).count() == 1
        site.get(site.reps[0], "receipts", box.pk, status=200 if box.secret else 404)
        site.post(site.convener, "item_act", item.pk, "close-ballot")
        keyed = "计票以前还可以录入" in site.get(site.convener, "box_papers", box.pk)
        assert keyed is not box.secret
        site.get(site.convener, "box_count", box.pk, status=403)
        count(site, box)
        site.get(site.convener, "item_result", item.pk)
        assert "确认结果" in site.get(site.supervisor, "item_result", item.pk)
        site.post(site.supervisor, "item_certify", item.pk)
        page = site.get(site.reps[3], "item_result", item.pk)
        assert "校验码" in page and "需 20 = ⌈30×2/3⌉" in page
        site.get(site.convener, "item_recount", item.pk, status=403)
        site.get(site.counters[0], "item_recount", item.pk)
        site.post(site.convener, "meeting_end", meeting.pk)
        ended(site, meeting)
    if box.secret:
        code = re.search(r"<strong>([A-Z2-7 ]{30,32})</strong>", receipts[4])
        assert code
        found = site.post(site.reps[9], "receipts", box.pk, receipt=code[1].lower(), status=200).content.decode()
        assert "已计入" in found and "赞成" not in found
        assert (
            "没有这个回执号" in site.post(site.reps[9], "receipts", box.pk, receipt="ABC", status=200).content.decode()
        )
        Decision.objects.update(visibility="inside")
        for name in ("receipts", "receipt_list"):
            assert Client().get(reverse(f"decisions:{name}", args=[box.pk])).status_code == 404
    assert Decision.objects.get().certified


def count(site: Site, box: BallotBox) -> None:
    numbers = {"n_issued": 1, "n_returned": 1, "n_unreturned": 0, "n_valid": 1, "n_invalid": 0, "n_yes": 0, "n_no": 1, "n_abstain": 0, "n_blank": 0, "n_double": 0, "n_repeated": 0}  # fmt: skip
    if not box.secret:
        numbers |= {"n_valid": 0, "n_invalid": 1, "n_no": 0, "n_repeated": 1}
    first, second = site.counters
    site.post(first, "box_count", box.pk, **numbers)
    assert "已录入" in site.get(second, "box_count", box.pk)
    if box.secret:
        site.post(second, "box_count", box.pk, **(numbers | {"n_no": 0, "n_yes": 1}))
        page = site.get(second, "box_count", box.pk)
        assert "两人录入不一致" in page
        site.post(second, "box_reckon", box.pk)
        assert "两人录入不一致" in site.get(second, "box_count", box.pk)
    site.post(second, "box_count", box.pk, **numbers)
    site.post(second, "box_reckon", box.pk)


def ended(site: Site, meeting: Meeting) -> None:
    site.post(site.convener, "minutes_act", meeting.pk, "draft")
    page = site.get(site.convener, "minutes", meeting.pk)
    assert "需 20" in page and "成员代表大会 会议记录" in page
    site.post(site.reps[2], "minutes", meeting.pk, text="第三位代表提前离会", correction="1")
    mark = meeting.minutes.marks.get()
    site.post(site.convener, "minutes_act", meeting.pk, "accept", mark=mark.pk)
    with clock.standing_at(moment("2026-10-15")):
        site.post(site.convener, "minutes_act", meeting.pk, "sign")
        site.post(site.convener, "minutes_act", meeting.pk, "close")
    meeting.minutes.refresh_from_db()
    assert meeting.minutes.closed_at and "更正：第三位代表提前离会" in meeting.minutes.text


def test_nobody_else_sees_or_acts(site: Site, alice: Viewer, officer: Viewer, anonymous: Viewer) -> None:
    meeting, item, box = voting(site)
    pages = [("meeting", meeting.pk), ("meeting_host", meeting.pk), ("meeting_door", meeting.pk), ("meeting_screen", meeting.pk), ("minutes", meeting.pk), ("item_roll", item.pk), ("item_result", item.pk), ("vote", box.pk), ("box_papers", box.pk), ("box_booth", box.pk), ("box_count", box.pk), ("item_recount", item.pk), ("meeting_proxies", meeting.pk)]  # fmt: skip
    for who in (alice, officer):
        for name, pk in pages:
            site.get(who, name, pk, status=404)
    for name, pk in (
        ("meeting_host", meeting.pk),
        ("meeting_door", meeting.pk),
        ("box_papers", box.pk),
        ("meeting_notice", meeting.pk),
    ):
        site.get(site.reps[0], name, pk, status=403)
    for verb in ("open-ballot", "close-ballot", "adjourn"):
        site.post(site.reps[0], "item_act", item.pk, verb, status=403)
    assert site.client(anonymous).get(reverse("decisions:vote", args=[box.pk])).status_code in (302, 403, 404)
    with clock.standing_at(moment("2026-10-10", 10)):
        assert "不在这次会议的名册上" in site.get(alice, "attend", meeting.sign_in_code)
        site.get(site.reps[0], "attend", "NOSUCHCODE", status=404)


def test_a_form_of_anyone_writes_and_counts_nothing(site: Site, alice: Viewer, anonymous: Viewer) -> None:
    _meeting, _item, box = voting(site)
    form = {"key": "6f1f2f0a-9f0e-4b52-9d1e-0a5b7c3f7a13", "entry": box.roll.entries.get(number=1).pk, "mark": "yes"}
    with clock.standing_at(moment("2026-10-10", 10)):
        for entry in (form["entry"], 10**30):
            for viewer in (alice, anonymous):
                sent = form | {"entry": entry}
                assert site.client(viewer).post(reverse("decisions:vote", args=[box.pk]), sent).status_code == 404
        for wrong in ({"entry": 10**30}, {"entry": "x"}, {"mark": "all"}, {"key": "none"}):
            site.post(site.reps[0], "vote", box.pk, status=422, **(form | wrong))
    box.refresh_from_db()
    assert not box.signed.exists() and not box.refused.exists()


def test_a_stranger_to_the_roll_is_counted_apart(site: Site) -> None:
    _meeting, _item, box = voting(site)
    with clock.standing_at(moment("2026-10-10", 10)):
        rep = site.reps[0]
        other = site.get(site.reps[1], "vote", box.pk)
        entry = re.search(r'name="entry" value="([^"]+)"', other)
        assert entry
        site.post(
            rep, "vote", box.pk, key="6f1f2f0a-9f0e-4b52-9d1e-0a5b7c3f7a13", entry=entry[1], mark="no", status=422
        )
        for last in range(4, 8):
            key = f"6f1f2f0a-9f0e-4b52-9d1e-0a5b7c3f7a1{last}"
            site.post(rep, "vote", box.pk, key=key, entry=entry[1], mark="no", status=422)
        box.refresh_from_db()
        assert box.wrong_roll == 1 and not SignedBallot.objects.exists()


def test_pages_cost_the_same_however_many_come(site: Site, django_assert_max_num_queries: Any) -> None:
    meeting, _item, box = voting(site)
    with clock.standing_at(moment("2026-10-10", 10)):
        for name, pk, most in (
            ("meeting", meeting.pk, 40),
            ("meeting_screen", meeting.pk, 26),
            ("meeting_door", meeting.pk, 30),
            ("vote", box.pk, 26),
            ("meetings", None, 20),
        ):
            client = site.client(site.convener if name in ("meeting", "meeting_door", "meetings") else site.reps[0])
            with django_assert_max_num_queries(most):
                client.get(reverse(f"decisions:{name}", args=[pk] if pk else []))


def test_terms_that_ended_have_no_vote(site: Site) -> None:
    Term.objects.filter(person_id=site.reps[5].person_id).update(until=dt.date(2026, 9, 1))
    meeting = noticed(site)
    roll = meeting.items.get().roll
    assert roll is not None and roll.counts == {"reps_all": 29}
    assert viewer_of_person(site.reps[5].person_id or 0).offices == ()
    site.get(site.reps[5], "meeting", meeting.pk, status=404)
