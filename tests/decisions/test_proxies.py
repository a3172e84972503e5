"""A proxy is good for the items whose rules accept it, ends when it is taken back, and leaves with its holder."""

import uuid
from typing import Any

import pytest
from tests.decisions.halls import Hall, as_viewer, decision_at, in_office, moment
from tests.decisions.test_members_assembly import DAY, NOTICE, hall, members  # noqa: F401

from yishi.core.verdicts import Refusal
from yishi.decisions import rules
from yishi.decisions.models import Attendance, Decision, Proxy, RollEntry
from yishi.decisions.selectors.ballots import turns_of
from yishi.decisions.services import attendance, ballots, meetings, proxies, rolls
from yishi.network.viewers import Duty, Viewer
from yishi.people.models import Person

DONE: list[tuple[str, str, dict[str, Any]]] = [
    ("2026-03-02", "done", {"papers": ["text"]}), ("2026-03-04", "done", {"papers": ["opinion"]}),
]  # fmt: skip


def convened(hall: Hall, second: Decision) -> list[Person]:  # noqa: F811
    """Both decisions on one agenda, noticed with proof; the first three members, of one household."""
    at, both = moment(NOTICE), [hall.decision, second]
    for decision in both:
        rolls.draw_roll(hall.convener, decision, "", at)
    given = meetings.MeetingInput("成员大会", "祠堂", moment(DAY, 9), both)
    hall.meeting = meetings.convene(hall.convener, given, at)
    meetings.give_notice(hall.convener, hall.meeting, meetings.NoticeInput(proof="照片"), at)
    return [e.person for e in hall.item.roll.entries.order_by("number")[:3] if e.person]  # type: ignore[union-attr]


def line(hall: Hall, number: int, person: Person) -> RollEntry:  # noqa: F811
    """A person's line on the roll of an item."""
    return RollEntry.objects.get(roll__items__meeting=hall.meeting, roll__items__number=number, person=person)


def given_to(hall: Hall, principal: Person, agent: Person) -> Proxy:  # noqa: F811
    """A written proxy between two of the household."""
    told = proxies.ProxyInput(line(hall, 1, principal), line(hall, 1, agent), "家人")
    return proxies.record_proxy(hall.convener, hall.meeting, told, moment("2026-03-10"))


def test_it_is_good_for_no_item_whose_rules_refuse_it(hall: Hall, town: Any, president: Viewer) -> None:  # noqa: F811
    first = list(Person.objects.filter(capacities__kind="member").order_by("pk")[:9])
    in_office(first, town.cooperative, Duty.REPRESENTATIVE, "成员代表")
    second = decision_at(president, town.cooperative, "members_representatives", DONE, item="7")
    convened(hall, second)
    principal, agent = first[0], first[1]
    proxy = given_to(hall, principal, agent)
    assert [item.number for item in proxy.items.all()] == [1]
    hall.opened(DAY)
    as_agent = as_viewer(agent, moment(DAY, 9))
    attendance.sign_in(as_agent, hall.meeting, "qr", moment(DAY, 9))
    here = Attendance.objects.filter(meeting=hall.meeting, left_at=None)
    assert set(here.values_list("entry_id", flat=True)) == {
        line(hall, 1, principal).pk, line(hall, 1, agent).pk, line(hall, 2, agent).pk,
    }  # fmt: skip
    others = ",".join(str(line(hall, 2, p).number) for p in first[2:8])
    item = hall.meeting.items.get(number=2)
    attendance.sign_in_numbers(hall.convener, item, others, moment(DAY, 9))
    box = ballots.open_ballot(hall.convener, item, moment(DAY, 10))
    assert [turn.by_proxy for turn in turns_of(as_agent, box)] == [False]
    with pytest.raises(Refusal, match="不在这次表决的名册上"):
        key = uuid.uuid4()
        ballots.cast_ballot(as_agent, box, line(hall, 2, principal).pk, ["yes"], key, moment(DAY, 11))


def test_taken_back_it_is_told_and_another_may_be_given(hall: Hall, town: Any, president: Viewer) -> None:  # noqa: F811
    second = decision_at(president, town.cooperative, "members_assembly", DONE, resolve="REO-MA")
    principal, agent, other = convened(hall, second)
    proxy = given_to(hall, principal, agent)
    assert proxy.items.count() == 2
    proxies.revoke_proxy(hall.convener, proxy, moment("2026-03-11"))
    assert hall.decision.events.filter(kind="proxy_revoked").count() == 1
    assert rules.case_of(second).sit().proxies == {}
    told = proxies.ProxyInput(line(hall, 1, principal), line(hall, 1, other), "家人")
    again = proxies.record_proxy(hall.convener, hall.meeting, told, moment("2026-03-12"))
    assert rules.case_of(hall.decision).sit().proxies == {f"p{principal.pk}": f"p{other.pk}"}
    assert again.items.count() == 2


def test_who_is_represented_leaves_every_item_with_the_agent(hall: Hall, town: Any, president: Viewer) -> None:  # noqa: F811
    second = decision_at(president, town.cooperative, "members_assembly", DONE, resolve="REO-MA")
    principal, agent, _other = convened(hall, second)
    given_to(hall, principal, agent)
    hall.opened(DAY)
    attendance.sign_in(as_viewer(agent, moment(DAY, 9)), hall.meeting, "qr", moment(DAY, 9))
    here = Attendance.objects.filter(meeting=hall.meeting, left_at=None)
    assert here.count() == 4
    attendance.leave(hall.convener, hall.meeting, line(hall, 1, agent), moment(DAY, 10))
    assert here.count() == 0
