"""Who may do what in a vote: every persona at every stage, from facts alone."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.decisions.halls import Hall, MakePerson, as_viewer, decision_at, in_office, moment, people

from yishi.core.verdicts import Verdict
from yishi.decisions import permissions
from yishi.decisions.services import counting
from yishi.network.viewers import Duty, Viewer, nobody

NOTICE, DAY = "2026-02-04", "2026-02-06"
ACTS = ("convene", "see", "run", "count", "certify", "recount")
# who: what they may do before the notice · while voting · when closed · when counted (c s r n z R as in ACTS)
MATRIX = {
    "convener": ("csr---", "csrn--", "csr---", "csr---"),
    "proposer": ("csr---", "csr---", "csr---", "csr---"),
    "counter": ("csrn--", "csrn--", "csrn--", "csrn-R"),
    "supervisor": ("-s-nz-", "-s-nz-", "-s-nz-", "-s-nzR"),
    "town": ("-s-nz-", "-s-nz-", "-s-nz-", "-s-nzR"),
    "representative": ("------", "-s-n--", "-s-n--", "-s-n--"),
    "community": ("csrn--", "csrn--", "csrn--", "csrn-R"),
    "neighbour": ("------", "------", "------", "------"),
    "nobody": ("------", "------", "------", "------"),
}


@pytest.fixture
def hall(town: Any, president: Viewer, supervisor: Viewer, make_person: MakePerson) -> Hall:
    in_office(people(town.area, 31), town.cooperative, Duty.REPRESENTATIVE, "成员代表")
    decision = decision_at(
        president, town.cooperative, "members_representatives",
        [("2026-02-02", "done", {"papers": ["text"]}), ("2026-02-03", "done", {"papers": ["opinion"]})],
        secrecy="signed", item="7",
    )  # fmt: skip
    counters = tuple(make_person(n, office=(town.cooperative, Duty.COMMITTEE_MEMBER, n)) for n in ("计票甲", "计票乙"))
    convener = make_person("何洁", office=(town.cooperative_branch, Duty.SECRETARY, "书记"))
    return Hall(convener, counters, supervisor, decision)  # type: ignore[arg-type]


def allowed(hall: Hall, viewer: Viewer) -> str:
    """The acts that a viewer may do now, by their letters."""
    item, at = hall.item, moment(DAY)
    box = getattr(item, "box", None)
    if box is not None:
        box = hall.box
    verdicts: list[Verdict] = [
        permissions.may_convene_meeting(viewer, hall.decision, at),
        permissions.may_see_meeting(viewer, hall.meeting, at),
        permissions.may_run_meeting(viewer, hall.meeting, at),
        permissions.may_count_ballots(viewer, box, at),
        permissions.may_certify_result(viewer, item, at),
        permissions.may_recount_ballots(viewer, item, at),
    ]
    for verdict in verdicts:
        assert verdict or verdict.hidden or verdict.reason
    return "".join(letter if verdict else "-" for letter, verdict in zip("csrnzR", verdicts, strict=True))


def test_every_persona_at_every_stage(
    hall: Hall, town: Any, president: Viewer, town_officer: Viewer, other_officer: Viewer, alice: Viewer,
    make_person: Callable[..., Viewer],
) -> None:  # fmt: skip
    hall.convened(NOTICE, DAY)
    entry = None
    who: dict[str, Viewer] = {
        "convener": hall.convener, "proposer": president, "counter": hall.counters[0], "supervisor": hall.certifier,
        "town": town_officer, "community": other_officer, "neighbour": alice, "nobody": nobody(moment(DAY)),
    }  # fmt: skip

    def check(stage: int) -> None:
        for name, viewer in who.items():
            want = MATRIX[name][stage]
            if stage == 0:
                want = want.replace("n", "-")
            assert allowed(hall, viewer) == want, (name, stage)

    check(0)
    from yishi.decisions.services import meetings

    meetings.give_notice(hall.convener, hall.meeting, meetings.NoticeInput("照片"), moment(NOTICE, 11))
    hall.meeting.refresh_from_db()
    hall.opened(DAY)
    hall.signed_in("1-31", DAY)
    hall.voting(DAY)
    entry = hall.line(1)
    assert entry.person is not None
    who["representative"] = as_viewer(entry.person, moment(DAY))
    check(1)
    hall.on_paper({"1-25": ["yes"]}, DAY)
    hall.closed(DAY)
    assert not permissions.may_count_ballots(hall.convener, hall.box, moment(DAY))
    check(2)
    hall.counted(DAY, counting.CountInput({"yes": 25}, 25, 25, 0, 25, 0))
    check(3)
    helped = Viewer(
        at=moment(DAY), user_id=1, person_id=hall.counters[0].person_id, offices=hall.counters[0].offices, helping_id=1
    )
    assert "代办" in str(permissions.may_count_ballots(helped, hall.box, moment(DAY)).reason)
