"""Meetings: convened, noticed with proof, opened on their day, taken through their items, ended."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit, clock, files
from yishi.core.given import words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, Decision, Meeting, NoticeDelivery, Petition, Roll, RollEntry
from yishi.decisions.permissions.facts import convening_office
from yishi.decisions.permissions.voting import may_convene_meeting, may_run_meeting
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.rolls import draft_roll, draw_draft, freeze_roll, voter_roll
from yishi.decisions.voting import kinds
from yishi.decisions.voting.agenda import (
    at_its_hour,
    everyone_told,
    items_of,
    left_on,
    merged_with_the_one_before,
    told_to_all,
)
from yishi.engines.procedure import Case, Pack
from yishi.engines.procedure.case import next_step, skip
from yishi.network.viewers import Viewer, actor_of

State, Item = Meeting.State, AgendaItem.State
MEETING_PHASES = ("start", "noticed")


@dataclass(frozen=True, slots=True)
class MeetingInput:
    """A meeting as it is convened. ``votes_until`` is for a vote that runs on after the opening day; ``merged`` takes
    the step after it in the same meeting, where one person heads both bodies."""

    title: str
    place: str
    meets_at: dt.datetime
    decisions: Sequence[Decision]
    mode: str = ""
    votes_until: dt.datetime | None = None
    host_id: int | None = None
    recorder_id: int | None = None
    merged: bool = False


@contextmanager
def held_meeting(meeting: Meeting) -> Iterator[Meeting]:
    """The meeting as it is now, nobody else changing it until the act is done."""
    with transaction.atomic():
        rows = Meeting.objects.select_for_update(of=("self",), no_key=True)
        yield rows.select_related("organisation", "town").get(pk=meeting.pk)


def convene(viewer: Viewer, given: MeetingInput, at: dt.datetime) -> Meeting:
    """Convene a meeting on one or several decisions, each at a step that meets.

    Raises:
        Refusal: who may not convene; a decision that is not at a meeting, or in another meeting already.
        ValidationError: no title, a day that is past, nothing on the agenda.
    """
    title = words_of(given.title, "title", 120)
    if not given.decisions:
        raise ValidationError({"decisions": _("请选择要表决的事项。")})
    if clock.local_day(given.meets_at) < clock.local_day(at):
        raise ValidationError({"meets_at": _("开会时间已经过去，请改到今天或以后。")})
    if given.votes_until is not None and given.votes_until <= given.meets_at:
        raise ValidationError({"votes_until": _("投票截止应在开始之后。")})
    _one_circle(given.decisions)
    with transaction.atomic():
        meeting: Meeting | None = None
        for decision in sorted(given.decisions, key=lambda d: d.pk):
            with held(decision) as found:
                require(may_convene_meeting(viewer, found, at))
                case = rules.case_of(found)
                _ready_to_meet(found, case)
                office = convening_office(viewer, found)
                assert office is not None
                meeting = meeting or _new_meeting(viewer, given, title, found, office.organisation_id)
                for step in (case.step.id, *([_merged_step(case)] if given.merged else [])):
                    number = meeting.items.count() + 1
                    AgendaItem.objects.create(meeting=meeting, number=number, decision=found, step=step)
        assert meeting is not None
        audit.record(
            "decisions.meeting_convened", meeting, at=at, actor_id=actor_of(viewer), items=len(given.decisions)
        )
    return meeting


def _one_circle(decisions: Sequence[Decision]) -> None:
    """What is inside an organisation meets by itself: whoever is called to one item may see every other."""
    circles = {0 if d.is_public else d.organisation_id for d in decisions}
    if len(circles) > 1:
        raise ValidationError({"decisions": _("仅本组织成员可见的事项，不能与其他事项列入同一次会议：请分别召集。")})


def _binding(decision: Decision) -> Petition | None:
    """The petition that obliges to convene it."""
    return decision.petitions.exclude(received_at=None).order_by("-received_at").first()


def _new_meeting(viewer: Viewer, given: MeetingInput, title: str, decision: Decision, organisation: int) -> Meeting:
    return Meeting.objects.create(
        town_id=decision.town_id, organisation_id=organisation, title=title, place=given.place.strip()[:120],
        meets_at=given.meets_at, votes_until=given.votes_until, mode=given.mode, by_petition=_binding(decision),
        convened_by_id=actor_of(viewer), host_id=given.host_id or viewer.person_id,
        recorder_id=given.recorder_id, sign_in_code=clock.new_code(10),
    )  # fmt: skip


def _merged_step(case: Case) -> str:
    if not (case.step.may_merge_with_next and case.decision.same_head):
        raise Refusal(no(_("只有书记、主任由一人担任时，提议和商议才可合并召开。"), rules.spoken(case.step.clause)))
    return case.procedure.steps[next_step(case)].id


def _ready_to_meet(decision: Decision, case: Case) -> None:
    step = case.step
    if step.kind not in ("meeting", "poll") or case.phase not in (*MEETING_PHASES, "posted"):
        raise Refusal(
            no(
                _("“%(title)s”现在是“%(step)s”，还不到开会表决的时候。")
                % {"title": decision.title, "step": rules.spoken(step.title)},
                rules.spoken(step.clause),
            )
        )
    busy = AgendaItem.objects.filter(decision=decision, step=step.id).exclude(state=Item.DONE)
    busy = busy.exclude(meeting__state__in=[State.CANCELLED, State.CLOSED])
    if busy.exists():
        raise Refusal(no(_("“%(title)s”已列入另一次会议；要改期请先取消那次会议。") % {"title": decision.title}))


@dataclass(frozen=True, slots=True)
class NoticeInput:
    """What the notice states. ``states`` of time, place, matters; ``participating`` of blank, double."""

    proof: str = ""
    states: tuple[str, ...] = ("time", "place", "matters")
    participating: tuple[str, ...] = ()
    special_circumstances: bool = False


def give_notice(viewer: Viewer, meeting: Meeting, given: NoticeInput, at: dt.datetime) -> Meeting:
    """Give notice of every item: pack, roll and text are fixed now; refused with the clause when it is too short.

    Raises:
        Refusal: who may not run it; no roll; the engine's reason.
    """
    with held_meeting(meeting) as found:
        require(may_run_meeting(viewer, found, at))
        if found.state != State.DRAFT:
            raise Refusal(no(_("通知已经发出；要改期请取消后重新召集。")))
        for item in left_on(found):
            _notice_of(viewer, found, item, given, at)
        found.state, found.noticed_at = State.NOTICED, at
        found.save(update_fields=["state", "noticed_at"])
        audit.record("decisions.meeting_noticed", found, at=at, actor_id=actor_of(viewer))
    return found


def _notice_of(viewer: Viewer, meeting: Meeting, item: AgendaItem, given: NoticeInput, at: dt.datetime) -> None:
    with held(item.decision) as decision:
        case = rules.case_of(decision)
        if case.step.kind == "poll":
            item.roll = voter_roll(decision)
            item.save(update_fields=["roll"])
            return
        merged = merged_with_the_one_before(item, case.step.id)
        if merged:
            skip(case)
            draw_draft(decision, case, meeting.mode, clock.local_day(at))
        if case.step.id != item.step or case.phase not in MEETING_PHASES:
            raise Refusal(no(_("“%(title)s”已不在这一步，不能发会议通知。") % {"title": decision.title}))
        pack = kinds.pack_of(case, clock.local_day(at))
        _fix(viewer, meeting, item, decision, pack, at)
        if case.step.notice and not merged:
            append(viewer, decision, "notice_posted", at, _noticed(meeting, item, pack, given))


def _fix(viewer: Viewer, meeting: Meeting, item: AgendaItem, decision: Decision, pack: Pack, at: dt.datetime) -> None:
    """Roll and text of an item, fixed when its people are told."""
    roll = draft_roll(decision, item.step)
    if roll is None or roll.kind != kinds.kind_for(pack, meeting.mode):
        raise Refusal(
            no(
                _("“%(title)s”还没有对应的名册。") % {"title": decision.title},
                what_now=_("请先生成或导入名册，再发通知。"),
            )
        )
    freeze_roll(viewer, roll, at)
    item.roll, item.motion_digest = roll, decision.versions.latest("number").digest
    item.save(update_fields=["roll", "motion_digest"])


def _noticed(meeting: Meeting, item: AgendaItem, pack: Pack, given: NoticeInput) -> dict[str, Any]:
    assert item.roll is not None
    data = {
        "meeting_on": clock.local_day(meeting.meets_at).isoformat(), "roll": _whole(item.roll),
        "states": list(given.states), "hash": item.motion_digest, "mode": meeting.mode if kinds.modes_of(pack) else "",
        "participating": list(given.participating), "special_circumstances": given.special_circumstances,
        "proof": given.proof.strip(),
    }  # fmt: skip
    return {k: v for k, v in data.items() if v not in ("", False)}


def _whole(roll: Roll) -> dict[str, int | str]:
    return kinds.written(roll.counts)


@dataclass(frozen=True, slots=True)
class DeliveryInput:
    """One proof that the notice was given: to all (no line of the roll) or to one."""

    way: str
    words: str = ""
    entry: RollEntry | None = None
    photo: BinaryIO | None = field(default=None, compare=False)


def record_delivery(viewer: Viewer, meeting: Meeting, given: DeliveryInput, at: dt.datetime) -> NoticeDelivery:
    """Record how, when and by whom the notice was delivered. What proves it to the procedure is a delivery to all
    with a photo or words, or one to every line of the roll.

    Raises:
        Refusal: who may not run it; no notice yet.
        ValidationError: an unknown way, a photo that is none.
    """
    if given.way not in NoticeDelivery.Way.values:
        raise ValidationError({"way": _("请选择送达方式。")})
    with held_meeting(meeting) as found:
        require(may_run_meeting(viewer, found, at))
        if found.noticed_at is None:
            raise Refusal(no(_("请先发出通知，再登记送达。")))
        delivery = NoticeDelivery.objects.create(
            meeting=found, entry=given.entry, way=given.way, words=given.words.strip()[:200], at=at,
            by_id=actor_of(viewer),
        )  # fmt: skip
        if given.photo is not None:
            kept = files.store_photo(
                delivery, given.photo, at=at, public=False, town_id=found.town_id, role="notice_proof"
            )
            delivery.digest = kept.sha256
            delivery.save(update_fields=["digest"])
        if found.state == State.NOTICED:
            _tell_proof(viewer, found, delivery, at)
        audit.record(
            "decisions.notice_delivered", delivery, at=at, actor_id=viewer.person_id, town_id=found.town_id,
            way=given.way,
        )  # fmt: skip
    return delivery


def _tell_proof(viewer: Viewer, meeting: Meeting, delivery: NoticeDelivery, at: dt.datetime) -> None:
    proof = f"delivery {delivery.pk}: {delivery.way} {delivery.digest[:16]}".strip()
    for item in items_of(meeting):
        with held(item.decision) as decision:
            case = rules.case_of(decision)
            unproved = case.phase == "noticed" and case.sitting is not None and not case.sitting.proof
            if unproved and (told_to_all(delivery) or everyone_told(meeting, item)):
                append(viewer, decision, "notice_proved", at, {"proof": proof, "by": rules.ref(viewer.person_id)})


def open_meeting(viewer: Viewer, meeting: Meeting, at: dt.datetime) -> Meeting:
    """Begin the meeting, on the day that the notice names and with proof of it.

    Raises:
        Refusal: who may not run it; before its hour or on another day; the engine's reason (no proof).
    """
    with held_meeting(meeting) as found:
        require(may_run_meeting(viewer, found, at))
        if found.state != State.NOTICED:
            raise Refusal(no(_("会议不在待开状态。")))
        at_its_hour(found, at)
        for item in left_on(found):
            _begin(viewer, found, item, at)
        found.state, found.opened_at = State.OPEN, at
        found.save(update_fields=["state", "opened_at"])
        audit.record("decisions.meeting_begun", found, at=at, actor_id=actor_of(viewer))
    return found


def _begin(viewer: Viewer, meeting: Meeting, item: AgendaItem, at: dt.datetime) -> None:
    """Tell the procedure; a step that the law gives no notice fixes its whole now."""
    with held(item.decision) as decision:
        case = rules.case_of(decision)
        if case.step.kind != "meeting" or merged_with_the_one_before(item, case.step.id):
            return
        data: dict[str, Any] = {}
        if not case.step.notice:
            assert item.roll is not None
            data["roll"] = _whole(item.roll)
            if meeting.items.filter(decision=decision, number__gt=item.number).exists():
                data["merged"] = True
            if kinds.modes_of(kinds.pack_of(case, clock.local_day(at))):
                data["mode"] = meeting.mode
        append(viewer, decision, "meeting_opened", at, data)


def take_up_item(viewer: Viewer, item: AgendaItem, at: dt.datetime) -> AgendaItem:
    """Turn to an item: the projector shows it.

    Raises:
        Refusal: who may not run it; the meeting is not open; the item is past.
    """
    with held_meeting(item.meeting) as meeting:
        require(may_run_meeting(viewer, meeting, at))
        found = meeting.items.select_related("decision").get(pk=item.pk)
        if meeting.state != State.OPEN or found.state != Item.WAITING:
            raise Refusal(no(_("这一项现在不能开始审议。")))
        found.state, found.opened_at = Item.OPEN, at
        found.save(update_fields=["state", "opened_at"])
        audit.record("decisions.item_taken_up", meeting, at=at, actor_id=actor_of(viewer), number=found.number)
    return found


def adjourn_item(viewer: Viewer, item: AgendaItem, reason: str, at: dt.datetime) -> AgendaItem:
    """Break an item off before its vote; it needs a new notice, and no lower line the second time.

    An election's poll that was never opened is not adjourned by the law: it leaves the agenda, so that the meeting
    can end and another election day be set (:func:`.elections.postpone_poll`).

    Raises:
        Refusal: who may not run it; the vote has begun.
        ValidationError: no reason.
    """
    reason = words_of(reason, "reason", 200)
    with held_meeting(item.meeting) as meeting:
        require(may_run_meeting(viewer, meeting, at))
        found = meeting.items.get(pk=item.pk)
        with held(found.decision) as decision:
            if decision.step != found.step:
                raise Refusal(no(_("还没有轮到这一项，不用休会。")))
            if rules.case_of(decision).step.kind == "poll":
                _not_polled(viewer, found, at)
            else:
                append(viewer, decision, "adjourned", at, {"reason": reason})
                found.left = AgendaItem.Left.ADJOURNED
        found.state, found.left_words = Item.DONE, reason
        found.save(update_fields=["state", "left", "left_words"])
    return found


def _not_polled(viewer: Viewer, item: AgendaItem, at: dt.datetime) -> None:
    if item.state not in (Item.WAITING, Item.OPEN):
        raise Refusal(no(_("投票已经开始，不能休会：请停止投票并计票。")))
    item.left = AgendaItem.Left.NOT_POLLED
    audit.record("decisions.poll_left", item.meeting, at=at, actor_id=actor_of(viewer), number=item.number)


def end_meeting(viewer: Viewer, meeting: Meeting, at: dt.datetime) -> Meeting:
    """End the meeting: everyone still there leaves; items that nobody took up must be adjourned first.

    Raises:
        Refusal: who may not run it; an item is still waiting or being voted on.
    """
    with held_meeting(meeting) as found:
        require(may_run_meeting(viewer, found, at))
        if found.state != State.OPEN:
            raise Refusal(no(_("会议没有在进行。")))
        _drop_overtaken(found)
        if found.items.filter(state__in=[Item.WAITING, Item.OPEN, Item.VOTING]).exists():
            raise Refusal(no(_("还有议程没有表决完：请停止投票，或对未审议的议程宣布休会。")))
        found.attendance.filter(left_at=None).update(left_at=at)
        found.state, found.closed_at = State.CLOSED, at
        found.save(update_fields=["state", "closed_at"])
        audit.record("decisions.meeting_ended", found, at=at, actor_id=actor_of(viewer))
    return found


def _drop_overtaken(meeting: Meeting) -> None:
    """An item that was to follow on another which failed or was adjourned is not taken up any more."""
    for item in items_of(meeting):
        waiting = item.state in (Item.WAITING, Item.OPEN)
        if waiting and item.decision.step != item.step and not merged_with_the_one_before(item, item.decision.step):
            AgendaItem.objects.filter(pk=item.pk).update(state=Item.DONE, left=AgendaItem.Left.OVERTAKEN)


def cancel_meeting(viewer: Viewer, meeting: Meeting, at: dt.datetime) -> Meeting:
    """Cancel a meeting that has not been opened; another day needs a new notice.

    Raises:
        Refusal: who may not run it; it has been opened.
    """
    with held_meeting(meeting) as found:
        require(may_run_meeting(viewer, found, at))
        if found.state not in (State.DRAFT, State.NOTICED):
            raise Refusal(no(_("会议已经开始，不能取消：可以对议程宣布休会。")))
        found.state = State.CANCELLED
        found.save(update_fields=["state"])
        audit.record("decisions.meeting_cancelled", found, at=at, actor_id=actor_of(viewer))
    return found
