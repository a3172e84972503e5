"""Each refusal and warning that the golden cases do not reach, in histories of a few events."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.procedure.case import Case, open_case
from yishi.engines.procedure.checks import check
from yishi.engines.procedure.events import KINDS, EventError, read_event, read_history
from yishi.engines.procedure.floors import floor, read_local
from yishi.engines.procedure.history import allowed, feed, replay
from yishi.engines.procedure.packs import load_pack
from yishi.engines.procedure.reports import report
from yishi.engines.procedure.steps import load_procedure

ROWS = list[dict[str, Any]]
MEMBERS: ROWS = [
    {"at": "2026-03-02", "kind": "done", "papers": ["text"]},
    {"at": "2026-03-03", "kind": "done", "papers": ["opinion"]},
]


def told(procedure: str, rows: ROWS, **decision: Any) -> tuple[list[str], list[str], Case]:
    """Codes of refusals and of warnings, and the case."""
    table = {"decision": {"procedure": procedure, **decision}, "events": rows}
    case, refusals = replay(*read_history(table))
    return [r.note.code for r in refusals], [note.code for note in case.notes], case


def test_no_law_no_body_no_overlay() -> None:
    notice = {"at": "2025-04-01", "kind": "notice_posted", "proof": "照片", "meeting_on": "2025-05-01"}
    early = [{**row, "at": row["at"].replace("2026", "2025")} for row in MEMBERS]
    assert told("members_assembly", [*early, notice], resolve="REO-MA")[0] == ["no_law"]
    assert told("members_assembly", [*MEMBERS, {**notice, "at": "2026-04-01"}])[0] == ["no_body"]
    row = {"at": "2026-03-02", "kind": "meeting_opened", "roll": {"voting_members": 47}}
    refused, warned, _ = told("party_meeting", [MEMBERS[0], row], overlays=["PARTY-4YI"])
    assert (refused, warned) == ([], [])


def test_the_item_and_not_the_clerk_chooses_the_owners_threshold() -> None:
    assert told("owners_vote", OWNERS, resolve="OWN-12")[0][0] == "no_body"
    case = told("owners_vote", OWNERS[:3], resolve="OWN-12", item="8")[2]
    assert case.sit().pack.id == "OWN-34"


def test_a_notice_names_its_day() -> None:
    rows = [
        *MEMBERS,
        {"at": "2026-03-04", "kind": "notice_posted", "proof": "照片", "states": ["time", "place", "matters"]},
    ]
    assert told("members_assembly", rows, resolve="REO-MA")[0] == ["no_day"]


def test_petitions_without_a_law_or_with_too_few_numbers() -> None:
    row = {"at": "2025-01-02", "kind": "petition_received", "supporters": {}}
    assert told("recall", [row])[0] == ["no_law"]
    assert told("recall", [{**row, "at": "2026-03-02"}])[0] == ["missing"]
    assert told("council", [{**row, "at": "2026-03-02"}])[0] == ["no_petition_here"]


def test_proxies_need_a_charter_or_the_right_form() -> None:
    notice = {
        "at": "2026-03-04",
        "kind": "notice_posted",
        "proof": "照片",
        "meeting_on": "2026-03-20",
        "roll": {"members_full_capacity": 30},
        "states": ["time", "place", "matters"],
    }
    proxy = {"at": "2026-03-05", "kind": "proxy_given", "principal": "甲", "agent": "乙"}
    same = {"same_household": True, "same_organisation": True, "full_capacity": True}
    rows = [*MEMBERS, notice, {**proxy, "agent": "甲"}, {**proxy, **same}, {**proxy, **same, "written": True}]
    signed = {"at": "2026-03-20", "kind": "signed_in", "person": "甲", "channel": "proxy"}
    opened = {"at": "2026-03-20", "kind": "meeting_opened"}
    refused, _, case = told("members_assembly", [*rows, opened, signed], resolve="REO-MA")
    assert refused == ["proxy_form", "proxy_written"]
    assert case.sit().present == {"甲": "proxy"}
    reps = {**notice, "roll": {"reps_all": 31}}
    charter = told("members_representatives", [*MEMBERS, reps, {**proxy, "written": True}], charter_allows_proxy=True)
    assert charter[0] == []


def test_a_body_of_the_wrong_make_up_is_not_certified() -> None:
    rows = [
        *MEMBERS,
        {
            "at": "2026-03-04",
            "kind": "notice_posted",
            "proof": "照片",
            "meeting_on": "2026-03-05",
            "roll": {"reps_all": 20},
        },
        {"at": "2026-03-05", "kind": "meeting_opened"},
        {"at": "2026-03-05", "kind": "ballot_opened"},
        {"at": "2026-03-05", "kind": "attendance_counted", "counts": {"present": 20}},
        {"at": "2026-03-05", "kind": "ballot_opened"},
        {"at": "2026-03-05", "kind": "ballot_closed"},
        {"at": "2026-03-05", "kind": "counted", "counters": ["一", "二"], "counts": {"yes": 20}},
        {"at": "2026-03-05", "kind": "certified", "by": "三"},
        {"at": "2026-03-05", "kind": "recorded_as_advice"},
    ]
    refused, warned, case = told("members_representatives", rows)
    assert refused == ["no_quorum", "composition"]
    assert "composition" in warned
    assert case.status == "advice"


def test_remedies_say_until_when_a_decision_can_be_attacked() -> None:
    rows = [
        {"at": "2026-03-02", "kind": "done", "papers": ["text"], "hash": "a1"},
        {"at": "2026-03-03", "kind": "done", "papers": ["opinion"]},
        {
            "at": "2026-03-04",
            "kind": "notice_posted",
            "proof": "照片",
            "meeting_on": "2026-03-20",
            "roll": {"members_full_capacity": 3},
            "states": ["time", "place", "matters"],
        },
        {"at": "2026-03-20", "kind": "meeting_opened"},
        {"at": "2026-03-20", "kind": "attendance_counted", "counts": {"present_incl_online_and_proxy": 3}},
        {"at": "2026-03-20", "kind": "ballot_opened"},
        {"at": "2026-03-20", "kind": "ballot_closed"},
        {"at": "2026-03-20", "kind": "counted", "counters": ["一", "二"], "counts": {"yes": 3}},
        {"at": "2026-03-21", "kind": "certified", "by": "三"},
    ]
    answer = report(told("members_assembly", rows, resolve="REO-MA")[2])
    dates = [(one["nominal"], one["due"]) for one in answer["remedies"]]
    assert dates == [("2027-03-21", None), ("2031-03-21", None)]
    assert answer["remedies"][0]["clause"]["zh"] == "农村集体经济组织法第57、60条"
    assert answer["text_hash"] == "a1"
    earlier = report(told("owners_vote", OWNERS, item="4")[2])
    assert [(one["nominal"], one["due"]) for one in earlier["remedies"]] == [("2026-05-11", "2026-05-11")]


OWNERS: ROWS = [
    {"at": "2025-04-07", "kind": "done", "papers": ["text"]},
    {"at": "2025-04-08", "kind": "done", "papers": ["letter"]},
    {
        "at": "2025-04-09",
        "kind": "notice_posted",
        "proof": "照片",
        "meeting_on": "2025-04-24",
        "roll": {"area_all": "128400.00", "heads_all": 1193},
    },
    {"at": "2025-04-24", "kind": "meeting_opened"},
    {"at": "2025-04-24", "kind": "ballot_opened"},
    {"at": "2025-05-10", "kind": "ballot_closed"},
    {
        "at": "2025-05-10",
        "kind": "counted",
        "counters": ["一", "二"],
        "counts": {
            "area_participating": "93480.00",
            "heads_participating": 860,
            "area_yes": "46740.01",
            "heads_yes": 431,
        },
    },
    {"at": "2025-05-11", "kind": "certified", "by": "三"},
]


def test_money_and_acceptance() -> None:
    case = open_case(read_history({"decision": {"procedure": "four_deliberations"}})[0], _four())
    case.index = [step.id for step in case.procedure.steps].index("implement")
    rows = [
        {"at": "2026-03-01", "kind": "paid", "amount": "1.00"},
        {"at": "2026-03-01", "kind": "contracted"},
        {"at": "2026-03-01", "kind": "contracted", "amount": "100.00"},
        {"at": "2026-03-01", "kind": "paid", "amount": 101},
        {"at": "2026-03-01", "kind": "paid", "amount": "100.00"},
        {"at": "2026-03-01", "kind": "final_account", "amount": "100.00"},
        {"at": "2026-03-01", "kind": "accepted", "by": "甲", "doer": "甲"},
        {"at": "2026-03-01", "kind": "accepted", "by": "甲", "doer": "乙"},
        {"at": "2026-03-01", "kind": "final_account", "amount": "99.99"},
    ]
    notes = [feed(case, read_event(row)) for row in rows]
    assert [note.code if note else None for note in notes] == [
        *("beyond_contract", "amount", None, "beyond_contract", None),
        *("not_accepted", "own_work", None, "account_differs"),
    ]
    free = open_case(case.decision, _four())
    free.index = case.index
    assert feed(free, read_event(rows[7])) is None
    assert free.step.id == "outcome_disclosure"


def test_a_budget_waits_for_its_account_be_it_of_nothing() -> None:
    case = open_case(read_history({"decision": {"procedure": "four_deliberations"}})[0], _four())
    case.index = [step.id for step in case.procedure.steps].index("implement")
    accepted = {"at": "2026-03-01", "kind": "accepted", "by": "甲", "doer": "乙", "budget": True}
    account = {"at": "2026-03-02", "kind": "final_account", "amount": "0"}
    assert feed(case, read_event(accepted)) is None
    assert case.step.id == "implement"
    note = feed(case, read_event(account | {"amount": "0.01"}))
    assert note is not None and note.code == "account_differs"
    assert feed(case, read_event(account)) is None
    assert case.step.id == "outcome_disclosure"
    for amount in ("-1", "0.001", "nan", "-0.01"):
        with pytest.raises(EventError, match="amount"):
            read_event(account | {"amount": amount})
    with pytest.raises(EventError, match="positive"):
        read_event(account | {"kind": "contracted"})


def _four() -> Any:
    return load_procedure("four_deliberations")


def test_no_statutory_posting_before_the_law_and_a_default_where_none_is_verified() -> None:
    case = open_case(read_history({"decision": {"procedure": "assembly"}})[0], load_procedure("assembly"))
    case.index = len(case.procedure.steps) - 1
    assert feed(case, read_event({"at": "2025-03-03", "kind": "posted", "photo": True})) is None
    assert feed(case, read_event({"at": "2025-03-03", "kind": "posting_ended", "photo": True})) is not None
    assert feed(case, read_event({"at": "2025-03-04", "kind": "posting_ended", "photo": True})) is None
    assert [note.code for note in case.notes] == ["no_posting_law"]
    other = open_case(read_history({"decision": {"procedure": "owners_vote"}})[0], load_procedure("owners_vote"))
    other.index = len(other.procedure.steps) - 1
    assert feed(other, read_event({"at": "2026-03-03", "kind": "posted", "photo": True})) is None
    assert other.notes[0].code == "unverified"


ELECTION: ROWS = [
    {"at": "2026-03-01", "kind": "done", "papers": ["minutes"]},
    {"at": "2026-03-05", "kind": "done", "papers": ["text"]},
]


def test_an_election_whose_calendar_is_not_published_waits() -> None:
    rows = [
        *ELECTION,
        {"at": "2026-12-20", "kind": "roll_posted", "election_on": "2027-02-01"},
        {"at": "2026-12-28", "kind": "roll_posted", "registered": 90, "election_on": "2027-02-01"},
        {"at": "2026-12-30", "kind": "roll_settled"},
    ]
    refused, _, case = told("village_election", rows, seats=1)
    assert refused == ["roll_missing", "calendar"]
    assert [one.not_before for one in allowed(case) if one.kind == "roll_settled"] == [None]


def test_late_handover_in_a_year_without_a_calendar_is_noted() -> None:
    case = open_case(
        read_history({"decision": {"procedure": "village_election"}})[0], load_procedure("village_election")
    )
    case.index = len(case.procedure.steps) - 1
    case.records["poll"].on = date(2026, 12, 28)
    assert feed(case, read_event({"at": "2026-12-30", "kind": "done", "papers": ["handover_list"]})) is None
    assert [note.code for note in case.notes] == ["calendar"]


def test_election_forms() -> None:
    posted = [
        *ELECTION,
        {"at": "2026-04-01", "kind": "roll_posted", "registered": 90, "election_on": "2026-04-26"},
        {"at": "2026-04-08", "kind": "roll_settled"},
        {"at": "2026-04-09", "kind": "done", "papers": ["nominations"]},
        {"at": "2026-04-10", "kind": "reviewed", "result": "pass"},
    ]
    names = {"at": "2026-04-11", "kind": "candidates_posted", "names": ["甲", "乙"]}
    proxy = {"at": "2026-04-20", "kind": "proxy_given", "principal": "丙", "agent": "丁"}
    poll = {"at": "2026-04-26", "kind": "poll_opened"}
    counted = {"at": "2026-04-26", "kind": "counted", "counters": ["一", "二"], "votes": {"甲": 5}}
    refused, _, case = told(
        "village_election",
        [
            *posted,
            {**names, "names": ["甲", "甲"]},
            names,
            {**proxy, "principal": ""},
            proxy,
            {**proxy, "written": True},
            poll,
            {**counted, "counts": {"voters_who_voted": 91}},
        ],
        seats=1,
    )
    assert refused == ["seats", "proxy_form", "proxy_written", "proxy_grantee", "more_than_whole"]
    assert case.phase == "open"
    electronic = told("village_election", [*posted, names, poll], seats=1, electronic=True)
    assert electronic[0] == ["electronic"]


def test_unknown_and_negative_numbers_and_a_plain_number_as_whole() -> None:
    pack = load_pack("REO-MA")
    assert [n.code for n in check(pack, {"x": 1, "yes": -1}).refusals] == ["unknown_quantity", "negative"]
    assert not floor(load_pack("REO-MRA"), read_local("reps=gt:20:reps_all")).accepted


def test_a_case_tells_its_time_in_china_whatever_the_zone() -> None:
    event = read_event({"at": datetime(2026, 3, 1, 17, tzinfo=UTC), "kind": "done"})
    assert event.on == date(2026, 3, 2)
    assert read_event({"at": "2026-03-01T23:00:00", "kind": "done"}).on == date(2026, 3, 1)
    assert read_event({"at": date(2026, 3, 1), "kind": "done"}).on == date(2026, 3, 1)


GOOD = {"decision": {"procedure": "council"}, "events": []}


@pytest.mark.parametrize(
    "row",
    [
        *[1, {}, {"at": "x", "kind": "done"}, {"at": "2026-01-01"}, {"at": "2026-01-01", "kind": "dance"}],
        {"at": "2026-01-01", "kind": "done", "paper": []},
        {"at": "2026-01-01", "kind": "done", "papers": "text"},
        {"at": "2026-01-01", "kind": "done", "papers": [1]},
        {"at": "2026-01-01", "kind": "done", "by": "x" * 10_001},
        {"at": "2026-01-01", "kind": "posted", "photo": "yes"},
        {"at": "2026-01-01", "kind": "roll_posted", "registered": 1.5},
        {"at": "2026-01-01", "kind": "roll_posted", "election_on": 5},
        {"at": "2026-01-01", "kind": "roll_posted", "election_on": "x"},
        {"at": "2026-01-01", "kind": "counted", "counts": 1},
        {"at": "2026-01-01", "kind": "counted", "counts": {"oui": 1}},
        {"at": "2026-01-01", "kind": "counted", "counts": {"yes": 1.5}},
        {"at": "2026-01-01", "kind": "counted", "counts": {"area_yes": "1.005"}},
        {"at": "2026-01-01", "kind": "counted", "counts": {"no": -1}},
        {"at": "2026-01-01", "kind": "counted", "votes": [1]},
        {"at": "2026-01-01", "kind": "paid", "amount": "abc"},
        {"at": "2026-01-01", "kind": "paid", "amount": "-1"},
        {"at": "2026-01-01", "kind": "paid", "amount": "NaN"},
        {"at": "2026-01-01", "kind": "paid", "amount": "1.005"},
        {"at": 20260101, "kind": "done"},
        {"at": "2026-01-01", "kind": ["done"]},
        {"at": "0001-01-01T00:00:00+23:00", "kind": "done"},
    ],
)
def test_an_event_with_a_mistake_is_refused(row: Any) -> None:
    with pytest.raises(EventError):
        read_history({**GOOD, "events": [row]})


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"decision": 1},
        {"decision": {}},
        {"decision": {"procedure": "council"}, "events": 1},
        {"decision": {"procedure": "council", "local": 1}},
        {"decision": {"procedure": "council", "seats": -1}},
        {"decision": {"procedure": "council"}, "more": 1},
    ],
)
def test_a_header_with_a_mistake_is_refused(table: Any) -> None:
    with pytest.raises(EventError):
        read_history(table)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = sorted({key for _, readers in KINDS.values() for key in readers})


@given(
    st.lists(
        st.dictionaries(st.sampled_from([*KEYS, "x"]), values, max_size=4).flatmap(
            lambda data: st.builds(
                lambda at, kind: {**data, "at": at, "kind": kind},
                st.dates(date(2025, 1, 1), date(2026, 12, 1)) | values,
                st.sampled_from([*KINDS, "dance"]),
            )
        ),
        max_size=6,
    ),
    st.sampled_from(["council", "owners_vote", "village_election", "covenant"]),
)
def test_any_events_are_replayed_or_refused(rows: ROWS, procedure: str) -> None:
    try:
        decision, events = read_history({"decision": {"procedure": procedure, "seats": 1}, "events": rows})
    except EventError as refusal:
        told_what = str(refusal)
    else:
        case, refusals = replay(decision, events)
        told_what = str(report(case, refusals))
    assert re.search(r"\w", told_what)
