"""Elections of a committee: the roll posted and settled, candidates in the order of strokes, a run-off."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, BallotBox, Decision, Meeting, Roll, RollEntry
from yishi.decisions.permissions.voting import may_convene_meeting, may_run_meeting
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.meetings import held_meeting
from yishi.decisions.services.rolls import draft_roll, freeze_roll, voter_roll
from yishi.decisions.voting.commitments import root_of
from yishi.decisions.voting.strokes import by_strokes
from yishi.engines.tally import runoff_candidates
from yishi.network.viewers import Viewer


def post_voter_roll(viewer: Viewer, decision: Decision, election_on: dt.date, at: dt.datetime) -> Roll:
    """Freeze the voters' roll and post it, so many days before election day as the law asks.

    Raises:
        Refusal: who may not; no roll drawn today; the engine's reason.
    """
    with held(decision) as found:
        require(may_convene_meeting(viewer, found, at))
        roll = draft_roll(found, rules.case_of(found).step.id)
        if roll is None:
            raise Refusal(no(_("还没有选民名单：请先生成或导入。")))
        freeze_roll(viewer, roll, at)
        roll.board_code = clock.new_code(12)
        roll.save(update_fields=["board_code"])
        append(
            viewer, found, "roll_posted", at,
            {"registered": roll.entries.filter(struck=False).count(), "election_on": election_on.isoformat()},
        )  # fmt: skip
    return roll


def settle_roll(viewer: Viewer, decision: Decision, at: dt.datetime) -> int:
    """Settle the roll after the days for objections; returns how many are registered.

    Raises:
        Refusal: who may not; objections are open or their days run.
    """
    with held(decision) as found:
        require(may_convene_meeting(viewer, found, at))
        roll = voter_roll(found)
        registered = roll.entries.filter(struck=False).count() if roll else 0
        if roll is not None and roll.changes.exists():
            roll.root = root_of(list(roll.entries.order_by("number")))
            roll.save(update_fields=["root"])
        append(viewer, found, "roll_settled", at, {"registered": registered})
    return registered


def post_candidates(viewer: Viewer, decision: Decision, entries: Sequence[RollEntry], at: dt.datetime) -> list[str]:
    """Post the candidates, more than there are seats, in the order of the strokes of their names.

    Raises:
        Refusal: who may not; a candidate who is not on the roll or has no record; the engine's reason.
    """
    with held(decision) as found:
        require(may_convene_meeting(viewer, found, at))
        roll = voter_roll(found)
        if roll is None or any(e.roll_id != roll.pk or e.struck or e.person_id is None for e in entries):
            raise Refusal(no(_("候选人须在已公布的选民名单上，并在住户名册中有登记。")))
        ordered = [rules.ref(e.person_id) for e in sorted(entries, key=lambda e: by_strokes(e.label))]
        append(viewer, found, "candidates_posted", at, {"names": ordered})
    return ordered


def postpone_poll(viewer: Viewer, decision: Decision, election_on: dt.date, at: dt.datetime) -> None:
    """Set another election day, as before the poll or after one that was void.

    Raises:
        Refusal: who may not; a meeting still stands on the old day; the engine's reason.
    """
    with held(decision) as found:
        require(may_convene_meeting(viewer, found, at))
        ended = (Meeting.State.CANCELLED, Meeting.State.CLOSED)
        if found.items.filter(step=found.step).exclude(meeting__state__in=ended).exists():
            raise Refusal(no(_("原定的选举大会还没有取消或结束。"), what_now=_("请先取消原定的会议，再另定选举日。")))
        append(viewer, found, "poll_postponed", at, {"election_on": election_on.isoformat()})


def open_runoff(viewer: Viewer, item: AgendaItem, at: dt.datetime) -> BallotBox:
    """Open the run-off among those whom the law names, in the same meeting and on the same roll.

    Raises:
        Refusal: who may not; no seat is open; the engine's reason.
    """
    with held_meeting(item.meeting) as meeting:
        require(may_run_meeting(viewer, meeting, at))
        with held(item.decision) as decision:
            names = due_for_runoff(decision)
            append(viewer, decision, "runoff_opened", at, {"names": names})
            seats = rules.case_of(decision).poll.open_seats
        number = meeting.items.count() + 1
        again = AgendaItem.objects.create(
            meeting=meeting, number=number, decision=decision, step=item.step, roll_id=item.roll_id,
            motion_digest=item.motion_digest, state=AgendaItem.State.VOTING, opened_at=at,
        )  # fmt: skip
        assert again.roll is not None
        return BallotBox.objects.create(
            item=again, roll=again.roll, secret=True, online=False, choices=names, seats=seats,
            motion_digest=item.motion_digest, opened_at=at,
        )  # fmt: skip


def due_for_runoff(decision: Decision) -> list[str]:
    """Who stands again: those level, or the highest not elected, one more than there are seats.

    Raises:
        Refusal: there has been no count.
    """
    poll = rules.case_of(decision).poll
    if poll.contest is None:
        raise Refusal(no(_("还没有计票结果，不能另行选举。")))
    return list(runoff_candidates(poll.contest, poll.votes))
