"""Organisations: set up, tied, closed; history is kept."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.verdicts import require
from yishi.network import findable, permissions
from yishi.network.importing.columns import PARTY_KINDS
from yishi.network.models import Area, Edge, Organisation
from yishi.network.viewers import Viewer


def locked(organisation_id: int) -> Organisation:
    """The organisation, locked for an act on it."""
    return Organisation.objects.select_for_update(of=("self",)).select_related("area").get(pk=organisation_id)


@transaction.atomic
def add_organisation(
    viewer: Viewer, area: Area, kind: str, name: str, opened_on: dt.date, at: dt.datetime, *, name_en: str = ""
) -> Organisation:
    """Set up an organisation in an area. Its tree (Party or civil) follows from its kind.

    Raises:
        ValidationError: no name, or one of that kind and name is there already.
        Refusal: the viewer is not an organisation officer of the town.
    """
    require(permissions.may_manage_network(viewer, area.town_id or 0, at))
    called = " ".join(name.split())[:80]
    if not called or kind not in Organisation.Kind.values:
        raise ValidationError(_("请填写组织名称和类别。"))
    if Organisation.objects.filter(area=area, kind=kind, name=called).exists():
        raise ValidationError(_("这个区域已有同名组织。"))
    made = Organisation.objects.create(
        town_id=area.town_id or 0, area=area, kind=kind, name=called, name_en=name_en.strip()[:120],
        tree="party" if kind in PARTY_KINDS else "civil", opened_on=opened_on,
    )  # fmt: skip
    findable.index(made)
    _record("network.organisation_added", viewer, made, at)
    return made


@transaction.atomic
def close_organisation(viewer: Viewer, organisation: Organisation, on: dt.date, at: dt.datetime) -> Organisation:
    """Close an organisation from a day on; its posts, terms and ties stay as history.

    Raises:
        ValidationError: the day lies before its founding.
        Refusal: people are still in office there, or the viewer may not.
    """
    held = locked(organisation.pk)
    require(permissions.may_close_organisation(viewer, held, at))
    if held.opened_on and on < held.opened_on:
        raise ValidationError(_("撤销日期早于成立日期。"))
    held.closed_on = on
    held.save(update_fields=["closed_on"])
    Edge.objects.filter(child=held, until=None, since__lte=on).update(until=on)
    Edge.objects.filter(parent=held, until=None, since__lte=on).update(until=on)
    _record("network.organisation_closed", viewer, held, at)
    return held


@transaction.atomic
def tie_organisations(
    viewer: Viewer, child: Organisation, parent: Organisation, kind: str, since: dt.date, at: dt.datetime
) -> Edge:
    """Tie two organisations from a day on: one under, serving, or joint with the other.

    Raises:
        ValidationError: the same organisation twice, an unknown kind, or tied so already.
        Refusal: the viewer is not an organisation officer of the town.
    """
    held = locked(child.pk)
    require(permissions.may_manage_network(viewer, held.town_id, at))
    if held.pk == parent.pk or kind not in Edge.Kind.values or parent.town_id != held.town_id:
        raise ValidationError(_("请选择本镇的另一个组织和关系。"))
    if Edge.objects.filter(child=held, parent=parent, kind=kind, until=None).exists():
        raise ValidationError(_("这个关系已经登记。"))
    edge = Edge.objects.create(child=held, parent=parent, kind=kind, since=since)
    _record("network.edge_added", viewer, held, at, kind=kind, parent=parent.pk, edge=edge.pk)
    return edge


@transaction.atomic
def end_edge(viewer: Viewer, edge: Edge, until: dt.date, at: dt.datetime) -> Edge:
    """End a tie on a day.

    Raises:
        ValidationError: it has ended, or the day lies before its beginning.
        Refusal: the viewer is not an organisation officer of the town.
    """
    child = locked(edge.child_id)
    require(permissions.may_manage_network(viewer, child.town_id, at))
    held = Edge.objects.get(pk=edge.pk)
    if held.until is not None or until < held.since:
        raise ValidationError(_("这个关系已结束，或结束日期早于开始。"))
    held.until = until
    held.save(update_fields=["until"])
    _record("network.edge_ended", viewer, child, at, edge=held.pk)
    return held


def _record(verb: str, viewer: Viewer, organisation: Organisation, at: dt.datetime, **data: Any) -> None:
    audit.record(verb, organisation, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id, **data)
