"""Raising a matter, or joining one that others have raised: once for each key, whatever the channel."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yishi.core import clock, files
from yishi.core.masking import masked
from yishi.core.verdicts import Refusal, hidden, require
from yishi.engines.triage.kinds import kind_of
from yishi.matters import permissions
from yishi.matters.models import Category, Matter, Report, ReporterContact, Step
from yishi.matters.rules import clocks, routing
from yishi.matters.services._acts import finish, held_root, reindex
from yishi.matters.services._references import save_numbered
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

MOST_PHOTOS = 9
Channel = Report.Channel


@dataclass(frozen=True, slots=True)
class ContactInput:
    """Name and contact of someone without a record here; ``shown_as`` is how the public page calls them."""

    name: str = ""
    phone: str = ""
    address: str = ""
    shown_as: str = ""
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class RaiseInput:
    """What someone tells. ``key`` is chosen by the sender; an empty ``nature`` is proposed from the words."""

    key: uuid.UUID
    title: str
    text: str
    nature: str = ""
    channel: str = Channel.WEB
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    community_id: int | None = None
    category_id: int | None = None
    contact: ContactInput | None = None
    reporter_id: int | None = None
    consent_id: int | None = None
    photos: Sequence[BinaryIO] = ()
    voice: BinaryIO | None = None
    join_reference: str | None = None
    hall_id: int | None = None
    external_number: str = ""
    batch_id: int | None = None
    received_at: dt.datetime | None = None


def raise_matter(viewer: Viewer, data: RaiseInput, at: dt.datetime) -> Report:
    """Record a report and the matter it opens or joins. The same key again gives the first report.

    Raises:
        ValidationError: something is missing or malformed; each field is named.
        Refusal: not allowed, or its due day lies in a year without a published calendar.
    """
    if (known := known_report(viewer, data)) is not None:
        return known
    require(permissions.may_raise_matter(viewer, data.channel, at))
    try:
        with transaction.atomic():
            return known_report(viewer, data) or _raise(viewer, _checked(viewer, data, at), at)
    except IntegrityError:  # the same key or outside number came at the same moment
        if (known := known_report(viewer, data)) is not None:
            return known
        raise


def known_report(viewer: Viewer, data: RaiseInput) -> Report | None:
    """The report that was raised with this key already.

    Raises:
        Refusal: hidden, where it is somebody else's.
    """
    found = Report.objects.select_related("matter").filter(key=data.key).first()
    if found is not None and viewer.person_id not in (found.reporter_id, found.entered_by_id):
        raise Refusal(hidden())
    return found


def _raise(viewer: Viewer, data: RaiseInput, at: dt.datetime) -> Report:
    if not data.join_reference:
        return _opened(viewer, data, at)
    named = _joinable(viewer, data.join_reference)
    with held_root(named) as matter:
        if not matter.is_open:
            raise ValidationError({"join_reference": _("那件事已经办结，请另行反映。")})
        report = _report(viewer, data, matter, named, at)
        finish(
            viewer, matter, "joined", Step.Kind.JOINED, at, report=report, detail=report.channel,
            quiet=data.batch_id is not None,
        )  # fmt: skip
        return report


def _joinable(viewer: Viewer, reference: str) -> Matter:
    named = Matter.objects.select_related("community", "merged_into__community").filter(reference=reference).first()
    if named is None or not permissions.may_see_matter(viewer, named):
        raise ValidationError({"join_reference": _("没有找到编号为 %(number)s 的事项。") % {"number": reference}})
    return named


def _opened(viewer: Viewer, data: RaiseInput, at: dt.datetime) -> Report:
    received = data.received_at or at
    whole = f"{data.title}\n{data.text}"
    hall = _hall(viewer, data)
    public = data.channel == Channel.MESSAGE_BOARD and data.batch_id is not None and not hall[1]
    matter = Matter(
        town_id=_town(viewer, data), title=masked(data.title)[:120],
        text=masked(data.text), category_id=data.category_id, community_id=data.community_id,
        place=masked(data.place), latitude=data.latitude, longitude=data.longitude, hall_id=hall[0], sealed=hall[1],
        urgent=routing.emergency_number(whole), channel=data.channel, nature=data.nature, raised_at=received,
        changed_at=at,
        visibility=Matter.Visibility.PUBLIC if public else Matter.Visibility.HANDLERS,
    )  # fmt: skip
    save_numbered([matter])
    report = _report(viewer, data, matter, matter, at)
    finish(
        viewer, matter, "raised", Step.Kind.RAISED, at, report=report, detail=data.channel,
        quiet=data.batch_id is not None,
    )  # fmt: skip
    reindex(matter)
    return report


def _report(viewer: Viewer, data: RaiseInput, matter: Matter, named: Matter, at: dt.datetime) -> Report:
    received = data.received_at or at
    pack, rule = clocks.clock_of(data.nature)
    desk = data.channel in permissions.STAFF_CHANNELS | permissions.FEED_CHANNELS
    other = desk or data.reporter_id is not None
    led = matter.lead_id is not None
    report = Report.objects.create(
        town_id=matter.town_id, matter=matter, first_matter=named, key=data.key, channel=data.channel,
        nature=data.nature, text=data.text, reporter_id=data.reporter_id if other else viewer.for_id,
        entered_by_id=viewer.person_id if desk or viewer.helping_id else None, consent_id=data.consent_id,
        external_number=data.external_number, batch_id=data.batch_id, received_at=received, clock_pack=pack,
        clock_rule=rule, due_on=clocks.due(pack, rule, clock.local_day(received)).due,
        dispatched_at=at if led else None, contact_by=clocks.limit("contact", clock.local_day(at)).due if led else None,
    )  # fmt: skip
    c = data.contact
    if c is not None and (c.name or c.phone or c.address or c.shown_as):
        ReporterContact.objects.create(
            report=report, name=c.name.strip()[:60], phone=c.phone.strip()[:30], address=c.address.strip()[:200],
            shown_as=c.shown_as.strip()[:40], reachable=c.reachable,
        )  # fmt: skip
    for photo in data.photos:
        files.store_photo(report, photo, at=at, public=matter.is_public, town_id=matter.town_id)
    if data.voice is not None:
        files.store_voice(report, data.voice, at=at, town_id=matter.town_id)
    return report


# --- checks ----------------------------------------------------------------------------------


def _checked(viewer: Viewer, data: RaiseInput, at: dt.datetime) -> RaiseInput:
    """The input, complete; every fault named at once."""
    faults: dict[str, str] = {}
    text, title = data.text.strip(), data.title.strip()
    if not text and not data.join_reference:
        faults["text"] = _("请写几个字，说说发生了什么。")
    if len(text) > 20_000:
        faults["text"] = _("太长了：最多 20000 字。")
    if data.channel not in Channel.values:
        faults["channel"] = _("没有这个渠道。")
    nature = data.nature or kind_of(f"{title}\n{text}").label
    if nature not in Report.Nature.values:
        faults["nature"] = _("没有这个类型。")
    if len(data.photos) > MOST_PHOTOS:
        faults["photos"] = _("一次最多 9 张照片。")
    if data.received_at is not None and data.received_at > at:
        faults["received_at"] = _("收到的时间不能晚于现在。")
    faults |= _place_faults(data) | _person_faults(viewer, data)
    if faults:
        raise ValidationError(faults)
    community = _community(viewer, data)
    return replace(data, title=title or text[:40], text=text, nature=nature, community_id=community)


def _place_faults(data: RaiseInput) -> dict[str, str]:
    faults = {}
    if (data.latitude is None) != (data.longitude is None):
        faults["latitude"] = _("经度和纬度要一起给出。")
    elif data.latitude is not None and not (-90 <= data.latitude <= 90 and -180 <= (data.longitude or 0) <= 180):
        faults["latitude"] = _("经纬度超出范围。")
    if len(data.place) > 200:
        faults["place"] = _("地点最多 200 字。")
    return faults


def _person_faults(viewer: Viewer, data: RaiseInput) -> dict[str, str]:
    """Who it is about: an officer names others, and only with their consent on record."""
    c = data.contact
    named = data.reporter_id is not None or (c is not None and (c.name or c.phone or c.address))
    if data.reporter_id not in (None, viewer.for_id) and not viewer.is_officer:
        return {"reporter_id": _("代人反映要由在任工作人员来做，或使用“代办”。")}
    if named and data.channel in permissions.STAFF_CHANNELS and data.consent_id is None:
        return {"consent_id": _("记录姓名或联系方式前，请先得到反映人的同意并记录。")}
    return {}


def _town(viewer: Viewer, data: RaiseInput) -> int:
    if data.category_id is not None:
        return Category.objects.values_list("town_id", flat=True).get(pk=data.category_id)
    return viewer.town_id or network.the_town().pk


def _hall(viewer: Viewer, data: RaiseInput) -> tuple[int | None, bool]:
    """The hall's id and whether its matters are sealed."""
    if data.hall_id is None:
        return None, False
    hall = network.organisations(_town(viewer, data)).filter(pk=data.hall_id).first()
    if hall is None:
        raise ValidationError({"hall_id": _("没有这个议事厅。")})
    return hall.pk, hall.sensitive


def _community(viewer: Viewer, data: RaiseInput) -> int | None:
    """The community named, else the nearest to the place, else the reporter's own.

    Raises:
        ValidationError: the area or category named is not one of the town's.
    """
    if data.category_id is not None and not Category.objects.filter(pk=data.category_id, closed=False).exists():
        raise ValidationError({"category_id": _("没有这个类别。")})
    if data.community_id is not None:
        if not network.communities(_town(viewer, data)).filter(pk=data.community_id).exists():
            raise ValidationError({"community_id": _("没有这个社区。")})
        return data.community_id
    if data.latitude is not None and data.longitude is not None:
        near = network.area_by_place(data.latitude, data.longitude)
        return near.pk if near else None
    home = next((s.area_id for s in viewer.standings if s.area_id is not None), None)
    found = network.community_of(home) if home is not None and data.channel == Channel.WEB else None
    return found.pk if found else None
