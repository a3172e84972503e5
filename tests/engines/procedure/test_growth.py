"""A history of thousands of votes is replayed in time that grows as it does: comparisons are counted, not seconds."""

from typing import Any

from yishi.engines.procedure import read_history, replay


class Counted(str):
    """A person's reference that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def comparisons(voters: int) -> int:
    """How many comparisons of persons a members' assembly takes in which everyone signs in and votes."""
    people, day = [Counted(f"m{i:06d}") for i in range(voters)], "2026-03-15"
    events: list[dict[str, Any]] = [
        {"at": "2026-03-02", "kind": "done", "papers": ["text"]},
        {"at": "2026-03-04", "kind": "done", "papers": ["opinion"]},
        {"at": "2026-03-05", "kind": "notice_posted", "proof": "照片", "meeting_on": day,
         "roll": {"members_full_capacity": voters}, "states": ["time", "place", "matters"]},
        {"at": day, "kind": "meeting_opened"},
        *({"at": day, "kind": "signed_in", "person": one} for one in people),
        {"at": day, "kind": "ballot_opened"},
        *({"at": day, "kind": "cast", "person": one, "marks": ["yes"]} for one in people),
        {"at": day, "kind": "cast", "person": people[0], "marks": ["no"]},
        {"at": day, "kind": "ballot_closed"},
        {"at": day, "kind": "counted", "counters": ["p5", "p6"], "counts": {"yes": voters}},
    ]  # fmt: skip
    table = {"decision": {"procedure": "members_assembly", "resolve": "REO-MA", "proposer": "p1"}, "events": events}
    decision, history = read_history(table)
    Counted.compared = 0
    case, refusals = replay(decision, history)
    assert [one.note.code for one in refusals] == ["voted_already"]
    assert case.results[-1].counts["yes"] == voters
    return Counted.compared


def test_replaying_votes_one_by_one_grows_as_their_number() -> None:
    few, many = comparisons(500), comparisons(2_000)
    assert many <= 5 * few <= 50 * 500
