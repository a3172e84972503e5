"""Objections: made online or entered for someone, each with a clock, answered with a ruling and its reason."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.given import words_of
from yishi.core.masking import masked_for_board
from yishi.core.verdicts import Refusal, no, require
from yishi.engines.calendar import CalendarUnpublished
from yishi.network.viewers import Viewer
from yishi.people import selectors as people
from yishi.publication import permissions
from yishi.publication.models import Objection, Posting
from yishi.publication.rules import answer_due
from yishi.publication.services._acts import carry, finish, held

Channel, Ruling = Objection.Channel, Objection.Ruling


@dataclass(frozen=True, slots=True)
class ObjectionInput:
    """What someone objects. ``key`` is chosen by the sender; name and contact are for one without an account here."""

    key: uuid.UUID
    clause: str
    fact: str
    demand: str
    channel: str = Channel.WEB
    name: str = ""
    contact: str = ""
    shown_as: str = ""


def object_to_posting(viewer: Viewer, posting: Posting, given: ObjectionInput, at: dt.datetime) -> Objection:
    """Object: it holds the posting until it is answered. The same key again gives the first.

    Raises:
        ValidationError: something is missing, each field named.
        Refusal: not while it hangs, an announcement, nobody signed in; entering for someone is for those who post it;
            or the subject says no.
    """
    clause, fact = words_of(given.clause, "clause", 200), words_of(given.fact, "fact", 4000)
    demand = words_of(given.demand, "demand", 500)
    for_other = given.channel != Channel.WEB
    with held(posting) as fresh:
        if (there := Objection.objects.filter(key=given.key).first()) is not None:
            own = viewer.person_id is not None and viewer.person_id in (there.person_id, there.entered_by_id)
            if there.posting_id != fresh.pk or not own:
                raise ValidationError(_("这个编号已经用过，请重新打开页面再提交。"))
            return there
        may = permissions.may_enter_objection if for_other else permissions.may_object_to_posting
        require(may(viewer, fresh, at))
        if for_other and not given.name.strip():
            raise ValidationError({"name": _("请登记提出人的姓名。")})
        number = (fresh.objections.aggregate(last=Max("number"))["last"] or 0) + 1
        made = Objection.objects.create(
            posting=fresh, number=number, key=given.key, person_id=None if for_other else viewer.for_id,
            name=given.name.strip()[:60] if for_other else "", contact=given.contact.strip()[:120],
            shown_as=_shown_as(viewer, given, for_other=for_other), clause=clause, fact=fact, demand=demand,
            channel=given.channel, entered_by_id=viewer.person_id if for_other or viewer.helping_id else None, at=at,
            due_on=_due(at),
        )  # fmt: skip
        carry(viewer, fresh, "objected", at, id=objection_code(made))
        finish(viewer, fresh, "objected", at, objection_id=made.pk, number=number)
        return made


def objection_code(objection: Objection) -> str:
    """How an objection is named in a procedure's events: no person in it."""
    return f"{objection.posting.reference}-{objection.number}"


def _due(at: dt.datetime) -> dt.date:
    try:
        return answer_due(clock.local_day(at))[0].due
    except CalendarUnpublished as error:
        raise Refusal(no(_("答复期限落在尚未公布节假日安排的年份，暂时不能登记。"))) from error


def _shown_as(viewer: Viewer, given: ObjectionInput, *, for_other: bool) -> str:
    """As they choose, else the public form of their name; never a number or an address."""
    chosen, _n = masked_for_board(given.shown_as.strip()[:40])
    if chosen:
        return chosen
    if for_other or viewer.for_id is None:
        return _("一位居民")
    return people.shown_name(people.person(viewer.for_id))


def answer_objection(
    viewer: Viewer, objection: Objection, ruling: str, reason: str, at: dt.datetime
) -> Objection:  # fmt: skip
    """Answer with a ruling and its reason. One that is upheld takes the posting down, to be corrected.

    Raises:
        ValidationError: no ruling, no reason.
        Refusal: answered already, one's own, not by this viewer.
    """
    if ruling not in Ruling.values:
        raise ValidationError({"ruling": _("请选择：成立、部分成立或不成立。")})
    reason = words_of(reason, "reason", 4000)
    with held(objection.posting) as posting:
        fresh = Objection.objects.select_for_update(no_key=True).get(pk=objection.pk)
        fresh.posting = posting
        require(permissions.may_answer_objection(viewer, fresh, at))
        fresh.ruling, fresh.reason = ruling, masked_for_board(reason)[0]
        fresh.answered_at, fresh.answered_by_id = at, viewer.person_id
        fresh.save()
        upheld = ruling == Ruling.UPHELD
        if posting.hangs:  # one that came down meanwhile is answered all the same; its subject has moved on
            carry(viewer, posting, "answered", at, id=objection_code(fresh), upheld=upheld)
        if upheld and posting.hangs:
            posting.state, posting.ended_on = Posting.State.CORRECTED, clock.local_day(at)
        finish(viewer, posting, "answered", at, objection_id=fresh.pk, number=fresh.number, upheld=upheld)
        return fresh
