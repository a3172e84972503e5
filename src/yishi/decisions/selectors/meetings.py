"""Reads of meetings: the only loaders, the number lines, who is there; fixed query counts."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yishi.core import files
from yishi.core.models import StoredFile
from yishi.core.verdicts import Refusal, hidden, require
from yishi.decisions import rules
from yishi.decisions.models import (
    AgendaItem,
    Attendance,
    BallotBox,
    Decision,
    Meeting,
    NoticeDelivery,
    RecountKeying,
    Result,
    RollEntry,
    lines_through,
)
from yishi.decisions.permissions import facts
from yishi.decisions.permissions import voting as permissions
from yishi.decisions.selectors.lists import visible
from yishi.decisions.services.attendance import lines_of_person, there_for
from yishi.decisions.voting import kinds
from yishi.decisions.voting.tallying import signed_tally, voted
from yishi.engines.procedure import Case, check
from yishi.engines.procedure.meeting import presence_name
from yishi.engines.tally import owners_values
from yishi.network.viewers import Viewer


@dataclass(frozen=True, slots=True)
class NumberLine:
    """Have against need of a whole, with the sentence that reckons it; ``area``: hundredths of m²."""

    have: int
    need: int
    whole: int
    words: str
    area: bool = False

    @property
    def met(self) -> bool:
        return self.have >= self.need


def get_meeting_for(viewer: Viewer, pk: int, at: dt.datetime) -> Meeting:
    """A meeting that the viewer runs, supervises, or is on a roll of.

    Raises:
        Refusal: hidden, for everyone else.
    """
    found = Meeting.objects.select_related("organisation__area", "town", "host", "recorder", "convened_by")
    meeting = found.filter(pk=pk).first()
    require(permissions.may_see_meeting(viewer, meeting, at))
    assert meeting is not None
    return meeting


def get_meeting_by_code_for(viewer: Viewer, code: str) -> Meeting:
    """The meeting of a code at the door; whoever stands there may try to sign in.

    Raises:
        Refusal: hidden, for a code that is none or of a meeting that is over.
    """
    meeting = Meeting.objects.select_related("organisation", "town").filter(sign_in_code=code.upper()).first()
    if meeting is None or meeting.state in (Meeting.State.DRAFT, Meeting.State.CANCELLED):
        raise Refusal(hidden())
    if meeting.items.exclude(decision__visibility=Decision.Visibility.PUBLIC).exists():
        require(permissions.may_see_meeting(viewer, meeting, viewer.at))
    return meeting


def get_item_for(viewer: Viewer, pk: int, at: dt.datetime) -> AgendaItem:
    """An agenda item of a meeting that the viewer may see.

    Raises:
        Refusal: hidden, for everyone else.
    """
    found = AgendaItem.objects.select_related(
        "meeting__organisation", "decision__area", "decision__organisation", "roll", "box"
    )
    item = found.filter(pk=pk).first()
    require(permissions.may_see_meeting(viewer, item.meeting if item else None, at))
    assert item is not None
    return item


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """The agenda in order, each with decision, roll and box."""
    rows = meeting.items.select_related("decision__area", "decision__organisation", "roll", "box")
    return list(rows.order_by("number"))


def meetings_for(viewer: Viewer) -> QuerySet[Meeting]:
    """Meetings that the viewer runs or may come to, the nearest days first; none on what they may not see."""
    if viewer.person_id is None:
        return Meeting.objects.none()
    offices = [o.organisation_id for o in viewer.holding(facts.IN_CHARGE)]
    assert viewer.for_id is not None
    rolls = RollEntry.objects.filter(pk__in=lines_through(viewer.for_id)).values("roll_id")
    on_roll = AgendaItem.objects.filter(meeting=OuterRef("pk"), roll__in=rolls)
    run = Q(organisation_id__in=offices) | Q(convened_by_id=viewer.person_id) | Q(host_id=viewer.person_id)
    run |= Q(recorder_id=viewer.person_id)
    unseen = AgendaItem.objects.filter(meeting=OuterRef("pk")).exclude(
        decision__in=Decision.objects.filter(visible(viewer)).values("pk")
    )
    open_to_all = ~Q(state__in=[Meeting.State.DRAFT, Meeting.State.CANCELLED])
    if not viewer.helping_id:
        unseen = unseen.exclude(roll__in=rolls)
    found = Meeting.objects.filter(run | (Exists(on_roll) & open_to_all)).exclude(Exists(unseen))
    counted = found.select_related("organisation").annotate(item_count=Count("items", distinct=True))
    return counted.order_by("-meets_at", "-pk")


def ready_decisions(viewer: Viewer, at: dt.datetime) -> list[Decision]:
    """Decisions that stand before a meeting which the viewer may convene, and that no meeting has yet."""
    items = AgendaItem.objects.filter(decision=OuterRef("pk"), step=OuterRef("step"))
    busy = items.exclude(state=AgendaItem.State.DONE).exclude(
        meeting__state__in=[Meeting.State.CANCELLED, Meeting.State.CLOSED]
    )
    rows = Decision.objects.filter(town_id=viewer.town_id or 0, status=Decision.Status.RUNNING).exclude(Exists(busy))
    waiting = rows.filter(phase__in=["start", "noticed", "posted"]).select_related("organisation", "area")
    return [
        d
        for d in waiting.order_by("-changed_at", "-pk")[:200]
        if (step := rules.step_of(d)) is not None
        and step.kind in ("meeting", "poll")
        and permissions.may_convene_meeting(viewer, d, at)
    ]  # fmt: skip


def quorum_lines(item: AgendaItem, case: Case) -> list[NumberLine]:
    """How many must be there (or take part) and how many are: live, exact, by the pack of the record date.

    Where the law sets no quorum of its own, the pass mark says how many are needed at least.
    """
    sitting = case.sitting
    if sitting is None or item.roll is None:
        return []
    values = dict(sitting.roll)
    box = getattr(item, "box", None)
    if case.step.quorum_at == "count":
        values |= _participation(box, sitting.participating) if box else {}
        values = {
            "area_participating": 0,
            "heads_participating": 0,
            "voters_who_voted": voted(box) if box else 0,
        } | values
        known = {c.have for c in kinds.conditions_of(sitting.pack, sitting.mode)} | set(sitting.roll)
        values = {k: v for k, v in values.items() if k in known}
        return _lines(sitting.pack, values, sitting.mode, ("quorum", "valid"))
    present = item.present if item.present is not None else there_for(item)
    aside = item.recusals.count()
    values[presence_name(sitting)] = max(0, present - aside)
    lines = _lines(sitting.pack, values, sitting.mode, ("quorum",))
    return lines or _implied(case, max(0, present - aside))


def _participation(box: BallotBox, participating: tuple[str, ...]) -> dict[str, int]:
    if box.roll.kind not in kinds.OWNERS:
        return {}
    values = owners_values(signed_tally(box), participating)
    return {k: v for k, v in values.items() if k.endswith("_participating")}


def _implied(case: Case, present: int) -> list[NumberLine]:
    """A pass mark of a fixed whole is the least that must be there."""
    sitting = case.sit()
    out = []
    for c in kinds.conditions_of(sitting.pack, sitting.mode, ("pass",)):
        if c.base in sitting.roll:
            whole = sitting.roll[c.base]
            words = f"{c.need(whole)} = {c.formula(str(whole))} · {rules.spoken(sitting.pack.clause)}"
            out.append(NumberLine(present, c.need(whole), whole, words))
    return out


def _lines(pack: object, values: dict[str, int], mode: str, names: tuple[str, ...]) -> list[NumberLine]:
    answer = check(pack, values, None, mode)  # type: ignore[arg-type]
    found = [answer.verdicts[n] for n in names if n in answer.verdicts]
    return [
        NumberLine(line.have, line.need, line.base, rules.spoken(line.text), kinds.is_area(line.name))
        for verdict in found
        for line in verdict.lines
    ]


def result_lines(result: Result) -> list[NumberLine]:
    """The lines of a result as they were reckoned, in the language of the page."""
    return [
        NumberLine(
            line["have"], line["need"], line["base"], rules.spoken(line["text"]), kinds.is_area(line["name"])
        )
        for verdict in result.report.get("verdicts", ())
        for line in verdict["lines"]
        if line["base"] > 1
    ]  # fmt: skip


def current_item(meeting: Meeting, items: list[AgendaItem]) -> AgendaItem | None:
    """The item that the meeting is at: being voted on or discussed, else the last that was; else the first."""
    for states in (("voting",), ("open",), ("closed", "counted")):
        found = [i for i in items if i.state in states]
        if found:
            return found[-1]
    done = [i for i in items if i.state == "done"]
    waiting = [i for i in items if i.state == "waiting"]
    return waiting[0] if waiting and meeting.state != "closed" else done[-1] if done else None


def here_now(meeting: Meeting) -> QuerySet[Attendance]:
    """Who is there now, by their place on the roll."""
    rows = meeting.attendance.filter(left_at=None).select_related("entry__roll")
    return rows.order_by("entry__roll_id", "entry__number")


def own_lines(viewer: Viewer, meeting: Meeting) -> list[RollEntry]:
    """The lines through which the viewer, or whom they help, votes at the meeting."""
    return lines_of_person(meeting, viewer.for_id) if viewer.for_id else []


def is_here(meeting: Meeting, lines: list[RollEntry]) -> bool:
    """Whether any of these lines is signed in."""
    return meeting.attendance.filter(entry__in=lines, left_at=None).exists()


def may_open_proof(viewer: Viewer, file: StoredFile) -> bool:
    """Photos of a notice: those who run or supervise its meeting."""
    delivery = NoticeDelivery.objects.select_related("meeting").filter(pk=file.subject_id).first()
    if delivery is None:
        return False
    items = permissions.agenda_of(delivery.meeting)
    return permissions.runs(viewer, delivery.meeting) or any(facts.supervises(viewer, i.decision) for i in items)


def may_open_ruling(viewer: Viewer, file: StoredFile) -> bool:
    """The paper of an order or a judgment: those who run or supervise the vote."""
    keying = RecountKeying.objects.select_related("result__item__meeting", "result__item__decision__area")
    found = keying.filter(pk=file.subject_id).first()
    if found is None:
        return False
    item = found.result.item
    return permissions.runs(viewer, item.meeting) or facts.supervises(viewer, item.decision)


def proofs_of(deliveries: list[NoticeDelivery]) -> dict[int, str]:
    """Where the photo of each delivery is served; one query."""
    rows = StoredFile.objects.filter(subject_kind="decisions.noticedelivery", subject_id__in=[d.pk for d in deliveries])
    return {row.subject_id: files.url_of(row) for row in rows}
