"""Scenario 10: 31 representatives, 27 present: 20 in favour fail (21 of 31, not 18 of 27), 21 pass."""

from typing import Any

import pytest
from tests.decisions.halls import Hall, MakePerson, decision_at, in_office, moment, people

from yishi.core.verdicts import Refusal
from yishi.decisions.models import BoxReceipt, MarkedVoter, SecretBallot
from yishi.decisions.services import counting, proxies
from yishi.network.viewers import Duty, Viewer

NOTICE, DAY = "2026-02-04", "2026-02-06"


@pytest.fixture
def hall(town: Any, president: Viewer, supervisor: Viewer, make_person: MakePerson) -> Hall:
    """Thirty-one representatives in office; the distribution plan of the year, by secret vote."""
    in_office(people(town.area, 31), town.cooperative, Duty.REPRESENTATIVE, "成员代表")
    decision = decision_at(
        president, town.cooperative, "members_representatives",
        [("2026-02-02", "done", {"papers": ["text"]}), ("2026-02-03", "done", {"papers": ["opinion"]})],
        secrecy="secret", item="7",
    )  # fmt: skip
    counters = tuple(make_person(n, office=(town.cooperative, Duty.COMMITTEE_MEMBER, n)) for n in ("计票甲", "计票乙"))
    convener = make_person("何洁", office=(town.cooperative_branch, Duty.SECRETARY, "书记"))
    return Hall(convener, counters, supervisor, decision)  # type: ignore[arg-type]


@pytest.mark.parametrize(("yes", "outcome"), [(20, "not_passed"), (21, "passed")])
def test_21_of_31(hall: Hall, yes: int, outcome: str) -> None:
    hall.noticed(NOTICE, DAY)
    assert hall.item.roll is not None and hall.item.roll.counts == {"reps_all": 31}
    hall.opened(DAY)
    with pytest.raises(Refusal, match="不能委托他人表决"):
        given = proxies.ProxyInput(hall.line(30), hall.line(1))
        proxies.record_proxy(hall.convener, hall.meeting, given, moment(DAY, 9))
    hall.signed_in("1-27", DAY)
    hall.voting(DAY)
    receipts = {hall.web(n, "yes" if n <= yes else "no", DAY).receipt for n in range(1, 28)}
    assert len(receipts) == 27 and all(len(r) == 26 for r in receipts)
    with pytest.raises(Refusal, match="已经投过票"):
        hall.web(1, "no", DAY)
    with pytest.raises(Refusal, match="还没有签到"):
        hall.web(28, "yes", DAY)
    hall.closed(DAY)
    assert set(BoxReceipt.objects.filter(box=hall.box).values_list("receipt", flat=True)) == receipts
    assert MarkedVoter.objects.filter(box=hall.box).count() == SecretBallot.objects.filter(box=hall.box).count() == 27
    result = hall.counted(DAY, counting.CountInput({}))
    assert result.outcome == outcome and result.counts["yes"] == yes
    said = " ".join(v["text"]["zh"] for v in result.report["verdicts"])
    assert f"需 21 = ⌈31×2/3⌉，农村集体经济组织法第28条；实得 {yes}" in said
    hall.certified("2026-02-07")
    hall.decision.refresh_from_db()
    assert hall.decision.certified == (outcome == "passed")
