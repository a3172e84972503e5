"""Sorting: accepting or declining, size and its appeal, nature, corrections."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit, clock
from yishi.core.given import words_of
from yishi.core.masking import masked
from yishi.core.models import StoredFile
from yishi.core.verdicts import Refusal, no, require
from yishi.matters import permissions
from yishi.matters.models import Category, Matter, Report, SizeAppeal, Step
from yishi.matters.rules import clocks
from yishi.matters.services._acts import end_assignments, finish, held, held_report, reindex
from yishi.network import selectors as network
from yishi.network.viewers import Viewer, actor_of


def accept_matter(
    viewer: Viewer, matter: Matter, category_id: int | None, size: str, size_reason: str, decider: str,
    decider_reason: str, visibility: str, at: dt.datetime,
) -> Matter:  # fmt: skip
    """Accept and sort: category, size and whose decision it is, each with its reason; who may see it.

    Raises:
        ValidationError: an unknown choice, or a reason is missing.
        Refusal: not at the desk, not waiting to be accepted, or a sealed matter made public.
    """
    with held(matter) as fresh:
        require(permissions.may_accept_matter(viewer, fresh, at))
        _check_choices(fresh, category_id, size, decider, visibility)
        if fresh.sealed and visibility == Matter.Visibility.PUBLIC:
            raise Refusal(no(_("这是敏感议事厅的事项，不能公开。")))
        fresh.category_id, fresh.size, fresh.decider, fresh.visibility = category_id, size, decider, visibility
        fresh.size_reason = words_of(size_reason, "size_reason", 300)
        fresh.decider_reason = words_of(decider_reason, "decider_reason", 300)
        fresh.stage = Matter.Stage.ACCEPTED
        finish(
            viewer, fresh, "accepted", Step.Kind.ACCEPTED, at, words=fresh.size_reason, detail=size, size=size,
            decider=decider,
        )  # fmt: skip
        show_as_visible(fresh)
        return fresh


def _check_choices(matter: Matter, category_id: int | None, size: str, decider: str, visibility: str) -> None:
    faults = {}
    if category_id is not None and not Category.objects.filter(pk=category_id, town_id=matter.town_id).exists():
        faults["category_id"] = _("没有这个类别。")
    for name, value, choices in (
        ("size", size, Matter.Size.values), ("decider", decider, Matter.Decider.values),
        ("visibility", visibility, Matter.Visibility.values),
    ):  # fmt: skip
        if value not in choices:
            faults[name] = _("请选择一项。")
    if faults:
        raise ValidationError(faults)


def show_as_visible(matter: Matter) -> None:
    """Photos and search follow who may see the matter."""
    reports = Report.objects.filter(matter=matter).values("pk")
    StoredFile.objects.filter(subject_kind="matters.report", subject_id__in=reports, kind=StoredFile.Kind.PHOTO).update(
        public=matter.is_public
    )
    reindex(matter)


def decline_matter(
    viewer: Viewer, matter: Matter, reason: str, where_to_go: str, clause: str, at: dt.datetime
) -> Matter:
    """Do not take it on: why, by which rule, and where to go instead. Every reporter reads it as their reply.

    Raises:
        ValidationError: reason or way is missing.
        Refusal: not at the desk, or work has begun.
    """
    reason, way = words_of(reason, "reason", 300), words_of(where_to_go, "where_to_go", 300)
    with held(matter) as fresh:
        require(permissions.may_decline_matter(viewer, fresh, at))
        end_assignments(fresh, at)
        reply = f"{reason}\n{way}" + (f"\n{clause.strip()}" if clause.strip() else "")
        Report.objects.filter(matter=fresh, state=Report.State.OPEN).update(
            state=Report.State.CLOSED, reply=reply, replied_at=at, replied_by_id=viewer.person_id
        )
        fresh.stage = Matter.Stage.DECLINED
        fresh.result = ""
        finish(viewer, fresh, "declined", Step.Kind.DECLINED, at, words=f"{reason} {way}", clause=clause.strip()[:200])
        return fresh


def correct_matter(
    viewer: Viewer, matter: Matter, reason: str, at: dt.datetime, *, title: str | None = None,
    text: str | None = None, place: str | None = None, latitude: float | None = None,
    longitude: float | None = None, community_id: int | None = None, category_id: int | None = None,
) -> Matter:  # fmt: skip
    """Correct what the public page says; the reporter's own words stay as they were told.

    Raises:
        ValidationError: nothing to correct, no reason, or an unknown community or category.
        Refusal: neither desk nor lead, or ended.
    """
    reason = words_of(reason, "reason", 300)
    with held(matter) as fresh:
        require(permissions.may_correct_matter(viewer, fresh, at))
        before = audit.digest_of("\n".join((fresh.title, fresh.text, fresh.place)))
        changed = _corrected(
            fresh, title=title, text=text, place=place, latitude=latitude, longitude=longitude,
            community_id=community_id, category_id=category_id,
        )  # fmt: skip
        if not changed:
            raise ValidationError(_("没有要更正的内容。"))
        finish(
            viewer, fresh, "corrected", Step.Kind.CORRECTED, at, words=reason, fields=",".join(changed), before=before
        )
        reindex(fresh)
        return fresh


def _corrected(matter: Matter, **given: str | float | None) -> list[str]:
    """Set what is given and differs; the names of what changed."""
    community, category = given["community_id"], given["category_id"]
    if community is not None and not network.communities(matter.town_id).filter(pk=int(community)).exists():
        raise ValidationError({"community_id": _("没有这个社区。")})
    if category is not None and not Category.objects.filter(pk=int(category), town_id=matter.town_id).exists():
        raise ValidationError({"category_id": _("没有这个类别。")})
    changed = []
    for name, raw in given.items():
        value = masked(raw.strip()) if isinstance(raw, str) else raw
        if value is None or value == getattr(matter, name) or (name in ("title", "text") and not value):
            continue
        setattr(matter, name, value[:120] if name == "title" and isinstance(value, str) else value)
        changed.append(name)
    return changed


def set_nature(viewer: Viewer, report: Report, nature: str, reason: str, at: dt.datetime) -> Report:
    """Change what a report is; its clock is computed anew from the day of receipt.

    Raises:
        ValidationError: unknown nature or no reason.
        Refusal: not at the desk, answered already, or a year without a published calendar.
    """
    reason = words_of(reason, "reason", 300)
    if nature not in Report.Nature.values:
        raise ValidationError({"nature": _("没有这个类型。")})
    with held_report(report) as fresh:
        require(permissions.may_set_nature(viewer, fresh, at))
        old = fresh.nature
        fresh.nature = nature
        fresh.clock_pack, fresh.clock_rule = clocks.clock_of(nature)
        fresh.due_on = clocks.due(fresh.clock_pack, fresh.clock_rule, clock.local_day(fresh.received_at)).due
        fresh.save(update_fields=["nature", "clock_pack", "clock_rule", "due_on"])
        if fresh.first_matter_id == fresh.matter_id and fresh.matter.nature == old:
            fresh.matter.nature = nature
        finish(
            viewer, fresh.matter, "nature_set", Step.Kind.SORTED, at, report=fresh, words=reason, detail=nature,
            old=old, new=nature, due=fresh.due_on.isoformat(),
        )  # fmt: skip
        return fresh


def appeal_size(viewer: Viewer, matter: Matter, asked_size: str, reason: str, at: dt.datetime) -> SizeAppeal:
    """The proposer asks for another size, once.

    Raises:
        ValidationError: unknown or unchanged size, no reason.
        Refusal: not a reporter, or appealed already.
    """
    reason = words_of(reason, "reason", 500)
    with held(matter) as fresh:
        require(permissions.may_appeal_size(viewer, fresh, at))
        if asked_size not in Matter.Size.values or asked_size == fresh.size:
            raise ValidationError({"asked_size": _("请选择与现在不同的大小。")})
        appeal = SizeAppeal.objects.create(
            matter=fresh, by_id=viewer.for_id or actor_of(viewer), asked_size=asked_size, reason=reason, at=at
        )
        finish(
            viewer, fresh, "size_appealed", Step.Kind.SORTED, at, words=reason, detail="appealed", public=False,
            appeal=appeal.pk, asked=asked_size,
        )  # fmt: skip
        return appeal


def answer_size_appeal(viewer: Viewer, appeal: SizeAppeal, accept: bool, answer: str, at: dt.datetime) -> SizeAppeal:
    """Answer a size appeal with a reason; accepting it sets the size.

    Raises:
        ValidationError: no answer.
        Refusal: not at the desk, or answered already.
    """
    answer = words_of(answer, "answer", 500)
    with transaction.atomic(), held(appeal.matter) as matter:
        fresh = SizeAppeal.objects.get(pk=appeal.pk)
        fresh.matter = matter
        require(permissions.may_answer_size_appeal(viewer, fresh, at))
        state = SizeAppeal.State
        fresh.state = state.ACCEPTED if accept else state.REFUSED
        fresh.answer, fresh.answered_by_id, fresh.answered_at = answer, viewer.person_id, at
        fresh.save()
        if accept:
            matter.size, matter.size_reason = fresh.asked_size, answer[:300]
        finish(
            viewer, matter, "size_answered", Step.Kind.SORTED, at, words=answer, detail=f"appeal_{fresh.state}",
            appeal=fresh.pk, accepted=accept,
        )  # fmt: skip
        return fresh
