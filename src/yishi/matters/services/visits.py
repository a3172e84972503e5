"""The visit diary: notes that stay their author's own, and leads that become matters in one tap."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yishi.core import audit, clock
from yishi.core.verdicts import Refusal, hidden, require
from yishi.matters.models import Lead, Report, Visit
from yishi.matters.permissions import visits as permissions
from yishi.matters.services.raising import RaiseInput, raise_matter
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

LEAD_KEYS = uuid.UUID("5b0f6a9e-41f5-4a6c-9d0b-6a2f6c1b7c11")  # a lead's report has a key made of its number


@dataclass(frozen=True, slots=True)
class LeadInput:
    """Something heard: a problem, a resource, a willing person."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class VisitInput:
    """A visit as it was written down, perhaps without network."""

    key: uuid.UUID
    visited_on: dt.date
    community_id: int | None = None
    household_id: int | None = None
    place: str = ""
    note: str = ""
    shared: bool = False
    leads: Sequence[LeadInput] = field(default=())


def _record(verb: str, viewer: Viewer, visit: Visit, at: dt.datetime, **refs: int) -> None:
    audit.record(f"matters.{verb}", visit, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id, **refs)


def write_visit(viewer: Viewer, data: VisitInput, at: dt.datetime) -> Visit:
    """Write a visit down; the same key again gives the first.

    Raises:
        ValidationError: a day in the future, or neither a note nor a lead.
        Refusal: the viewer visits for no organisation.
    """
    if (known := _known(viewer, data)) is not None:
        return known
    try:
        with transaction.atomic():
            return _known(viewer, data) or _write(viewer, data, at)
    except IntegrityError:
        if (known := _known(viewer, data)) is not None:
            return known
        raise


def _known(viewer: Viewer, data: VisitInput) -> Visit | None:
    found = Visit.objects.filter(key=data.key).first()
    if found is not None and found.by_id != viewer.person_id:
        raise Refusal(hidden())
    return found


def _write(viewer: Viewer, data: VisitInput, at: dt.datetime) -> Visit:
    require(permissions.may_write_visit(viewer, at))
    assert viewer.person_id is not None
    assert viewer.town_id is not None
    if data.visited_on > clock.local_day(at):
        raise ValidationError({"visited_on": _("走访日期不能晚于今天。")})
    leads = [lead for lead in data.leads if lead.words.strip()]
    if not data.note.strip() and not leads:
        raise ValidationError({"note": _("请写几个字，或记一条线索。")})
    community = _community(viewer, data)
    visit = Visit.objects.create(
        town_id=viewer.town_id, community_id=community, key=data.key, by_id=viewer.person_id,
        household_id=data.household_id, place=data.place.strip()[:200], visited_on=data.visited_on,
        note=data.note.strip(), shared=data.shared, at=at,
    )  # fmt: skip
    for lead in leads:
        kind = lead.kind if lead.kind in Lead.Kind.values else Lead.Kind.ISSUE
        Lead.objects.create(visit=visit, kind=kind, words=lead.words.strip()[:500])
    _record("visit_written", viewer, visit, at, leads=len(leads))
    return visit


def _community(viewer: Viewer, data: VisitInput) -> int:
    """The community named, else that of the viewer's own office."""
    if data.community_id is not None:
        if not network.communities(viewer.town_id or 0).filter(pk=data.community_id).exists():
            raise ValidationError({"community_id": _("没有这个社区。")})
        return data.community_id
    for office in viewer.offices:
        found = network.community_of(office.area_id)
        if found is not None:
            return found.pk
    raise ValidationError({"community_id": _("请选择社区。")})


@transaction.atomic
def change_visit(viewer: Viewer, visit: Visit, *, note: str, shared: bool, at: dt.datetime) -> Visit:
    """Mend one's own note, or share it with the colleagues of the community.

    Raises:
        Refusal: it is not the viewer's own.
    """
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    require(permissions.may_change_visit(viewer, visit, at))
    visit.note, visit.shared = note.strip(), shared
    visit.save(update_fields=["note", "shared"])
    _record("visit_changed", viewer, visit, at, shared=shared)
    return visit


@transaction.atomic
def lead_to_matter(viewer: Viewer, lead: Lead, at: dt.datetime) -> Report:
    """Make a lead a matter, in one tap; a second tap gives the same report.

    Raises:
        ValidationError: the lead was dropped.
        Refusal: it stands in somebody else's diary.
    """
    lead = Lead.objects.select_for_update(of=("self",)).select_related("visit", "report").get(pk=lead.pk)
    require(permissions.may_change_visit(viewer, lead.visit, at))
    if lead.report is not None:
        return lead.report
    if lead.dropped_because:
        raise ValidationError(_("这条线索已作罢。"))
    visit = lead.visit
    lead.report = raise_matter(
        viewer,
        RaiseInput(
            key=uuid.uuid5(LEAD_KEYS, str(lead.pk)), title=lead.words[:40], text=lead.words, nature="",
            channel=Report.Channel.VISIT, place=visit.place, community_id=visit.community_id,
        ),
        at,
    )  # fmt: skip
    lead.save(update_fields=["report"])
    _record("lead_raised", viewer, visit, at, report=lead.report.pk)
    return lead.report


@transaction.atomic
def drop_lead(viewer: Viewer, lead: Lead, reason: str, at: dt.datetime) -> Lead:
    """Leave a lead, with a reason.

    Raises:
        ValidationError: no reason, or it is a matter already.
        Refusal: it stands in somebody else's diary.
    """
    lead = Lead.objects.select_for_update(of=("self",)).select_related("visit").get(pk=lead.pk)
    require(permissions.may_change_visit(viewer, lead.visit, at))
    if lead.report_id is not None:
        raise ValidationError(_("这条线索已转为事项。"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写几个字说明。")})
    lead.dropped_because = reason.strip()[:200]
    lead.save(update_fields=["dropped_because"])
    _record("lead_dropped", viewer, lead.visit, at)
    return lead
