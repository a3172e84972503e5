"""What is said to whom after each kind of step. Titles are source strings; nothing personal is in them."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from yishi.core import clock
from yishi.matters.models import Assignment, Matter, Step
from yishi.matters.permissions import ACTIVE, COMMUNITY_DESK, DESK_DUTIES, DOING_DUTIES, TOWN_DESK
from yishi.network import selectors as network
from yishi.network.viewers import Duty

Kind = Step.Kind


@dataclass(frozen=True, slots=True)
class Notice:
    """The titles of a step: for reporters and followers, and for the officers whose turn it is."""

    title: str = ""
    officer_title: str = ""
    to_reporters: bool = False
    to_followers: bool = False


NOTICES: dict[str, Notice] = {
    Kind.RAISED: Notice(officer_title=_("有新的反映等待受理")),
    Kind.JOINED: Notice(officer_title=_("又有人反映您在办的事")),
    Kind.ACCEPTED: Notice(_("您反映的事已受理，大小和理由已写明"), "", True),
    Kind.DECLINED: Notice(_("您反映的事不予受理，理由和去处已写明"), "", True),
    Kind.ASSIGNED: Notice(_("您反映的事已派单"), _("有新的派单等待签收"), True),
    Kind.SIGNED: Notice(_("主办单位已签收您反映的事"), "", True),
    Kind.RETURN_ASKED: Notice(officer_title=_("有退单申请等待裁定")),
    Kind.RULED: Notice(officer_title=_("退单申请已经裁定")),
    Kind.NOTE: Notice(_("办理有了新进展"), "", False, True),
    Kind.EXTENDED: Notice(_("您反映的事延期办理，理由已写明"), "", True),
    Kind.SUSPENDED: Notice(_("这件事已挂账，条件、计划和复核日期已写明"), "", True, True),
    Kind.RESUMED: Notice(_("这件事恢复办理"), "", True, True),
    Kind.REPLIED: Notice(_("您反映的事有了答复，请看看并评价"), "", True),
    Kind.SORTED: Notice(_("您反映的事的分类有变化"), "", True),
    Kind.REOPENED: Notice("", _("反映人不满意，请重新核查")),
    Kind.SETTLED: Notice(_("这件事已办结"), "", True, True),
    Kind.MERGED: Notice(_("您反映的事与另一件相同的事合并办理，您的时限和答复不变"), "", True),
    Kind.SPLIT: Notice(_("您反映的事已拆分出来单独办理，您的时限和答复不变"), "", True),
    Kind.CORRECTED: Notice(_("事项内容有更正"), "", True, True),
}


def officers_next(matter: Matter, kind: str) -> set[int]:
    """Who has to act after a step of this kind: persons in office today."""
    if kind == Kind.RAISED:
        return _desk_people(matter)
    if kind in (Kind.RETURN_ASKED,):
        return _people(matter.town_id, TOWN_DESK, DESK_DUTIES, "")
    if kind in (Kind.ASSIGNED, Kind.RULED):
        return _holders([a.organisation_id for a in _active(matter) if a.state == Assignment.State.SENT])
    if kind in (Kind.JOINED, Kind.REOPENED):
        return {a.handler_id for a in _active(matter) if a.handler_id is not None}
    return set()


def _active(matter: Matter) -> list[Assignment]:
    return list(Assignment.objects.filter(matter=matter, state__in=ACTIVE))


def _desk_people(matter: Matter) -> set[int]:
    """The matter's hall when sealed, its community's desk, else the town's."""
    if matter.sealed:
        return _holders([matter.hall_id] if matter.hall_id else [], DESK_DUTIES | {Duty.HOST})
    if matter.community is not None:
        return _people(matter.town_id, COMMUNITY_DESK, DESK_DUTIES, matter.community.path)
    return _people(matter.town_id, TOWN_DESK, DESK_DUTIES, "")


def _people(town_id: int, kinds: frozenset[str], duties: frozenset[str], path: str) -> set[int]:
    found = network.organisations(town_id, kinds, path)
    return _holders(list(found.values_list("pk", flat=True)), duties)


def _holders(organisation_ids: list[int], duties: frozenset[str] = DOING_DUTIES) -> set[int]:
    return network.people_in_office(organisation_ids, duties, clock.today())
