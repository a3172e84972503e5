"""The course of each kind of decision: days from its beginning, event, particulars. Cut where a story stands."""

import datetime as dt
from typing import Any

Course = list[tuple[str, int, str, dict[str, Any]]]  # name of the stage reached, day, kind, data
BOX = {"issued": 29, "returned": 29, "unreturned": 0, "valid": 29, "invalid": 0}
STATES = ["time", "place", "matters"]


def day_of(start: dt.date, days: int) -> str:
    """A day of the course, as events write it."""
    return (start + dt.timedelta(days=days)).isoformat()


def four(start: dt.date, yes: int, legality: bool, counters: list[str], certifier: str) -> Course:
    """四议两公开, from the motion to the filing. Stages: see the first of each row."""
    counts = {"yes": yes, "no": 29 - yes - 2, "abstain": 2, **BOX}
    review: Course = [("reviewed-by-town", 15, "reviewed", {"result": "pass", "by": "town"})] if legality else []
    return [
        ("drafted", 0, "done", {}),
        ("proposing", 2, "meeting_opened", {"roll": {"body": 5}}),
        ("proposed", 2, "counted", {"counts": {"present": 5, "yes": 5, "no": 0}}),
        ("consulting", 5, "meeting_opened", {}),
        ("consulted", 5, "counted", {"counts": {"present": 9, "yes": 8, "no": 1}}),
        ("reviewing", 12, "meeting_opened", {"roll": {"voting_members": 47}}),
        ("reviewing", 12, "attendance_counted", {"counts": {"present_voting": 38}}),
        ("reviewed", 12, "counted", {"counts": {"yes": 26, "no": 8, "abstain": 4}}),
        *review,
        ("noticed", 17, "notice_posted", {"meeting_on": day_of(start, 27), "roll": {"reps_all": 31}, "states": STATES, "proof": "photo"}),
        ("opened", 27, "meeting_opened", {}),
        ("opened", 27, "attendance_counted", {"counts": {"present": 29}}),
        ("voting", 27, "ballot_opened", {}),
        ("closed", 27, "ballot_closed", {}),
        ("counted", 27, "counted", {"counters": counters, "counts": counts}),
        ("failed" if yes < 21 else "certified", 28, "certified", {"by": certifier}),
        ("posted", 29, "posted", {"place": "公示栏", "photo": True}),
        ("disclosed", 46, "posting_ended", {"photo": True}),
        ("contracted", 48, "contracted", {}),
        ("paid", 70, "paid", {}),
        ("accepted", 72, "accepted", {}),
        ("account", 74, "final_account", {}),
        ("disclosing", 75, "posted", {"place": "公示栏", "photo": True}),
        ("settled", 92, "posting_ended", {"photo": True}),
    ]  # fmt: skip


def members(start: dt.date, counters: list[str], certifier: str) -> Course:
    """A members' assembly that fails by one: 331 of 498."""
    box = {"issued": 350, "returned": 350, "unreturned": 0, "valid": 350, "invalid": 0}
    return [
        ("drafted", 0, "done", {}), ("studied", 3, "done", {}),
        ("noticed", 5, "notice_posted", {"meeting_on": day_of(start, 16), "roll": {"members_full_capacity": 498}, "states": STATES, "proof": "photo"}),
        ("opened", 16, "meeting_opened", {}),
        ("opened", 16, "attendance_counted", {"counts": {"present_incl_online_and_proxy": 350}}),
        ("voting", 16, "ballot_opened", {}), ("closed", 16, "ballot_closed", {}),
        ("counted", 16, "counted", {"counters": counters, "counts": {"yes": 331, "no": 14, "abstain": 5, **box}}),
        ("failed", 17, "certified", {"by": certifier}),
    ]  # fmt: skip


def owners(start: dt.date, counters: list[str], certifier: str) -> Course:
    """The charging shed of scenario 11: heads enough, area 130 m² short."""
    counts = {
        "area_participating": "93480.00", "heads_participating": 860, "area_yes": "69980.00", "heads_yes": 652,
        "no": 188, "abstain": 20,
    }  # fmt: skip
    return [
        ("drafted", 0, "done", {}), ("told", 1, "done", {}),
        ("noticed", 2, "notice_posted", {"meeting_on": day_of(start, 17), "roll": {"area_all": "128400.00", "heads_all": 1193}, "proof": "photo"}),
        ("opened", 17, "meeting_opened", {}), ("voting", 17, "ballot_opened", {}), ("closed", 30, "ballot_closed", {}),
        ("counted", 30, "counted", {"counters": counters, "counts": counts}),
        ("failed", 31, "certified", {"by": certifier}),
    ]  # fmt: skip


def election(start: dt.date, candidates: list[str], counters: list[str], certifier: str) -> Course:
    """An election with a run-off: one elected at once, one by a third of the ballots and no more."""
    a, b, c = candidates
    return [
        ("formed", 0, "done", {}), ("planned", 4, "done", {}),
        ("roll", 20, "roll_posted", {"registered": 2135, "election_on": day_of(start, 45)}),
        ("roll", 28, "roll_settled", {"registered": 2135}),
        ("nominated", 30, "done", {}), ("vetted", 33, "reviewed", {"result": "pass", "by": "town"}),
        ("candidates", 35, "candidates_posted", {"names": candidates}),
        ("poll", 45, "poll_opened", {}),
        ("counted", 45, "counted", {"counters": counters, "counts": {"voters_who_voted": 1068, "issued": 1068, "returned": 1066, "unreturned": 2, "valid": 1060, "invalid": 6}, "votes": {a: 535, b: 534, c: 400}}),
        ("runoff", 46, "runoff_opened", {"names": [b, c]}),
        ("counted", 47, "counted", {"counters": counters, "counts": {"ballots_cast": 1021}, "votes": {b: 341, c: 300}}),
        ("certified", 48, "certified", {"by": certifier}),
        ("handed-over", 55, "done", {}),
    ]  # fmt: skip


def until(course: Course, stage: str) -> Course:
    """The course up to and with the last event of a stage; none for ``nothing``."""
    last = max((i for i, row in enumerate(course) if row[0] == stage), default=-1)
    return course[: last + 1]
