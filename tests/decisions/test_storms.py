"""Many at once: one person over all channels is one ballot; closing loses and adds nothing."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from tests.decisions.halls import Hall, MakePerson, Tablet, as_viewer, decision_at, in_office, made, moment, people

from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.decisions.models import (
    BallotBox,
    BoothBatch,
    BoxReceipt,
    MarkedVoter,
    PaperBallot,
    SecretBallot,
    SignedBallot,
)
from yishi.decisions.services import ballots, booth, paper
from yishi.decisions.views.booths import read_batch
from yishi.network.viewers import Duty, Viewer

pytestmark = pytest.mark.django_db(transaction=True)
NOTICE, DAY = "2026-03-05", "2026-03-15"


def at_once(acts: list[Callable[[], Any]]) -> Counter[str]:
    """Run each act in its own thread, all let go together; how each ended."""
    gate = threading.Barrier(len(acts))
    ends: list[str] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            act()
            ends.append("done")
        except Refusal:
            ends.append("refused")
        except Exception as error:
            ends.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(ends)


@pytest.fixture
def hall(town: Any, president: Viewer, supervisor: Viewer, make_person: MakePerson) -> Hall:
    """Thirty members, all there, a signed vote open."""
    made(people(town.area, 30), "member", town.baijiexi, town.cooperative)
    decision = decision_at(
        president, town.cooperative, "members_assembly",
        [("2026-03-02", "done", {"papers": ["text"]}), ("2026-03-04", "done", {"papers": ["opinion"]})],
        resolve="REO-MA",
    )  # fmt: skip
    convener = make_person("何洁", office=(town.cooperative_branch, Duty.SECRETARY, "书记"))
    found = Hall(convener, (convener, convener), supervisor, decision)
    found.noticed(NOTICE, DAY)
    found.opened(DAY)
    found.signed_in("1-30", DAY)
    found.voting(DAY)
    return found


def channels(hall: Hall, number: int, times: int) -> list[Callable[[], Any]]:
    """Attempts by one line: the phone, a helper, the booth, and the paper that was taken."""
    at, box, line = moment(DAY, 11), hall.box, hall.line(number)
    voter = as_viewer(line.person, at)  # type: ignore[arg-type]
    helper = Viewer(
        at=at, user_id=1, person_id=hall.certifier.person_id, town_id=voter.town_id, helping_id=line.person_id
    )  # fmt: skip
    serial = paper.issue_papers(hall.convener, box, str(number), True, at)[0].serial

    def web() -> None:
        ballots.cast_ballot(voter, box, line.pk, ["yes"], uuid.uuid4(), at)

    def helped() -> None:
        ballots.cast_ballot(helper, box, line.pk, ["no"], uuid.uuid4(), at)

    tablet = Tablet(hall, at)

    def in_booth() -> None:
        one = booth.BoothBallot(line.code, ("abstain",), uuid.uuid4())
        if booth.take_batch(hall.convener, box, booth.Batch(tablet.key, uuid.uuid4(), [one]), at).conflicts:
            raise Refusal(hidden())

    def on_paper() -> None:
        if paper.key_paper(hall.convener, box, serial, ["yes"], at) == "repeated":
            raise Refusal(hidden())

    return [act for _ in range(times) for act in (web, helped, in_booth, on_paper)]


def hidden() -> Any:
    from yishi.core.verdicts import hidden as verdict

    return verdict()


def test_one_person_over_all_channels_is_one_ballot(hall: Hall) -> None:
    ends = at_once(channels(hall, 7, 12))
    assert ends["done"] == 1 and ends["done"] + ends["refused"] == 48, ends
    assert SignedBallot.objects.filter(entry=hall.line(7)).count() == 1
    assert audit.check_chain(audit.chain(hall.line(7))) == 1
    assert BoothBatch.objects.count() == 12 and PaperBallot.objects.count() == 1


def test_the_same_ballot_sent_at_once_is_one(hall: Hall) -> None:
    at, box, line, key = moment(DAY, 11), hall.box, hall.line(3), uuid.uuid4()
    voter = as_viewer(line.person, at)  # type: ignore[arg-type]
    ends = at_once([lambda: ballots.cast_ballot(voter, box, line.pk, ["yes"], key, at)] * 24)
    assert ends == {"done": 24}
    assert SignedBallot.objects.filter(box=box).count() == 1


def test_closing_while_people_vote(hall: Hall) -> None:
    at, box = moment(DAY, 11), hall.box
    acts: list[Callable[[], Any]] = []
    for n in range(1, 31):
        line = hall.line(n)
        voter = as_viewer(line.person, at)  # type: ignore[arg-type]
        acts.append(lambda v=voter, e=line: ballots.cast_ballot(v, box, e.pk, ["yes"], uuid.uuid4(), at))  # type: ignore[misc]
    acts.insert(15, lambda: ballots.close_ballot(hall.convener, hall.item, at))
    ends = at_once(acts)
    assert ends["done"] + ends["refused"] == 31, ends
    box.refresh_from_db()
    assert box.state == "closed"
    assert SignedBallot.objects.filter(box=box).count() == ends["done"] - 1
    assert box.late == ends["refused"]


def test_a_secret_box_closed_while_people_vote(
    town: Any, president: Viewer, supervisor: Viewer, make_person: MakePerson
) -> None:
    in_office(people(town.area, 31), town.cooperative, Duty.REPRESENTATIVE, "成员代表")
    decision = decision_at(
        president, town.cooperative, "members_representatives",
        [("2026-03-02", "done", {"papers": ["text"]}), ("2026-03-03", "done", {"papers": ["opinion"]})],
        secrecy="secret", item="7",
    )  # fmt: skip
    convener = make_person("何洁", office=(town.cooperative_branch, Duty.SECRETARY, "书记"))
    hall = Hall(convener, (convener, convener), supervisor, decision)
    hall.noticed(NOTICE, DAY)
    hall.opened(DAY)
    hall.signed_in("1-31", DAY)
    hall.voting(DAY)
    at, box, line = moment(DAY, 11), hall.box, hall.line(1)
    same = as_viewer(line.person, at)  # type: ignore[arg-type]
    acts: list[Callable[[], Any]] = [lambda: ballots.cast_ballot(same, box, line.pk, ["no"], uuid.uuid4(), at)] * 8
    for n in range(2, 32):
        one = hall.line(n)
        voter = as_viewer(one.person, at)  # type: ignore[arg-type]
        acts.append(lambda v=voter, e=one: ballots.cast_ballot(v, box, e.pk, ["yes"], uuid.uuid4(), at))  # type: ignore[misc]
    acts.insert(20, lambda: ballots.close_ballot(convener, hall.item, at))
    ends = at_once(acts)
    cast = ends["done"] - 1
    assert ends["done"] + ends["refused"] == 39, ends
    assert MarkedVoter.objects.count() == SecretBallot.objects.count() == BoxReceipt.objects.count() == cast


def test_the_same_batch_sent_twice_at_once_is_one(hall: Hall) -> None:
    at = moment(DAY, 11)
    tablet = Tablet(hall, at)
    for n in range(1, 6):
        tablet.collect(n, "yes")
    ends = at_once([lambda: tablet.hand_in(at)] * 4)
    assert ends == Counter({"done": 4})
    assert BoothBatch.objects.get().taken == SignedBallot.objects.count() == 5


@pytest.mark.parametrize("text", ["[" * 100_000, "[[[[", "{}", "[1]", '[["a",["yes"],{}]]', "1" * 5000])
def test_a_batch_that_nobody_wrote_is_answered(text: str) -> None:
    with pytest.raises(ValidationError, match="读不懂"):
        read_batch({"device": str(uuid.uuid4()), "key": str(uuid.uuid4()), "ballots": text})


def test_who_tries_late_again_and_again_is_counted_once(hall: Hall) -> None:
    hall.web(1, "yes", DAY)
    hall.closed(DAY)
    for number, times in ((2, 5), (3, 1)):
        for _ in range(times):
            with pytest.raises(Refusal, match="截止"):
                hall.web(number, "yes", DAY, hour=19)
    assert hall.box.late == 2
    BallotBox.objects.filter(pk=hall.box.pk).update(state=BallotBox.State.COUNTED)
    with pytest.raises(Refusal, match="截止"):
        hall.web(4, "yes", DAY, hour=20)
    assert hall.box.late == 2
