"""Routing: to whom a matter is given, who signs for it, what is returned and what is ruled."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.given import words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.matters import permissions
from yishi.matters.models import Assignment, Matter, Report, Step
from yishi.matters.rules import clocks, routing
from yishi.matters.rules.words import said
from yishi.matters.services._acts import finish, held, lead_now
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

Role, State, Stage = Assignment.Role, Assignment.State, Matter.Stage


def assign_matter(
    viewer: Viewer, matter: Matter, organisation_id: int, role: str, reason: str, at: dt.datetime
) -> Assignment:
    """Give the matter to an organisation to lead or to assist. An unsigned lead is called back by a new one.

    Raises:
        ValidationError: unknown organisation or role.
        Refusal: not at the desk; the organisation may not lead what this body decides; it is led already.
    """
    if role not in Role.values:
        raise ValidationError({"role": _("请选择主办或协办。")})
    with held(matter) as fresh:
        require(permissions.may_assign_matter(viewer, fresh, at))
        _check_organisation(fresh, organisation_id, role)
        if role == Role.LEAD:
            _clear_the_way(fresh, organisation_id, at)
        return _given(viewer, fresh, organisation_id, role, reason.strip()[:300], at)


def _check_organisation(matter: Matter, organisation_id: int, role: str) -> None:
    found = network.organisations(matter.town_id).filter(pk=organisation_id).first()
    if found is None:
        raise ValidationError({"organisation_id": _("没有这个单位，或它已经撤销。")})
    if role == Role.LEAD:
        require(routing.may_lead(matter.decider, found.kind))
    active = Assignment.objects.filter(matter=matter, organisation_id=organisation_id, state__in=permissions.ACTIVE)
    if active.exists():
        raise ValidationError({"organisation_id": _("这个单位已经在办这件事。")})


def _clear_the_way(matter: Matter, organisation_id: int, at: dt.datetime) -> None:
    """End an unsigned lead.

    Raises:
        Refusal: the lead has signed or asked to return; or this one returned it with leave before.
    """
    lead = lead_now(matter)
    if lead is not None and lead.state != State.SENT:
        raise Refusal(
            no(
                _("已有主办单位签收，不能直接改派。"),
                what_now=_("请由主办单位申请退单、受理人裁定；也可以先增加协办单位。"),
            )
        )
    returned = Assignment.objects.filter(matter=matter, organisation_id=organisation_id, state=State.RETURNED)
    if returned.exists():
        raise Refusal(no(_("已经同意这个单位退单，不能再派给它主办。"), what_now=_("请派给其他单位。")))
    if lead is not None:
        lead.state, lead.ended_at = State.ENDED, at
        lead.save(update_fields=["state", "ended_at"])


def _given(
    viewer: Viewer, matter: Matter, organisation_id: int, role: str, reason: str, at: dt.datetime,
    *, by_ruling: bool = False, verb: str = "assigned", kind: str = Step.Kind.ASSIGNED, **refs: Any,
) -> Assignment:  # fmt: skip
    assignment = Assignment.objects.create(
        matter=matter, organisation_id=organisation_id, role=role, sent_at=at, sent_by_id=viewer.person_id,
        reason=reason, by_ruling=by_ruling,
    )  # fmt: skip
    if role == Role.LEAD:
        matter.lead_id = organisation_id
        matter.stage = Stage.ASSIGNED
        start_contact_clock(matter, at)
    finish(
        viewer, matter, verb, kind, at, words=reason, detail=role, organisation_id=organisation_id,
        assignment=assignment.pk, organisation=organisation_id, **refs,
    )  # fmt: skip
    return assignment


def start_contact_clock(matter: Matter, at: dt.datetime) -> None:
    """Reports that had no lead before: dispatched now, to be contacted within the house's limit."""
    fresh = Report.objects.filter(matter=matter, dispatched_at=None, withdrawn_at=None)
    fresh.update(dispatched_at=at, contact_by=clocks.limit("contact", clock.local_day(at)).due)


@contextmanager
def _held_assignment(assignment: Assignment) -> Iterator[Assignment]:
    with held(assignment.matter) as matter:
        fresh = Assignment.objects.get(pk=assignment.pk)
        fresh.matter = matter
        yield fresh


def sign_assignment(
    viewer: Viewer, assignment: Assignment, at: dt.datetime, handler_id: int | None = None
) -> Assignment:
    """Sign for it. The handler (the one who signs, unless a colleague is named) alone sees who reported.

    Raises:
        ValidationError: the named handler holds no office there today.
        Refusal: not of that organisation, or signed already.
    """
    with _held_assignment(assignment) as fresh:
        require(permissions.may_sign_assignment(viewer, fresh, at))
        handler = handler_id or viewer.person_id
        if handler != viewer.person_id:
            held_posts = network.offices_of(handler or 0, clock.local_day(at))
            if not any(o.organisation_id == fresh.organisation_id for o in held_posts):
                raise ValidationError({"handler_id": _("经办人要是本单位在任人员。")})
        fresh.state, fresh.handler_id, fresh.signed_at = State.SIGNED, handler, at
        fresh.save(update_fields=["state", "handler", "signed_at"])
        if fresh.role == Role.LEAD and fresh.matter.stage == Stage.ASSIGNED:
            fresh.matter.stage = Stage.DOING
        finish(
            viewer, fresh.matter, "signed", Step.Kind.SIGNED, at, detail=fresh.role,
            organisation_id=fresh.organisation_id, assignment=fresh.pk, handler=handler,
        )  # fmt: skip
        return fresh


def ask_return(viewer: Viewer, assignment: Assignment, reason: str, clause: str, at: dt.datetime) -> Assignment:
    """Ask to give it back: once, with reason and law, within the house's limit; until ruled, the duty stays.

    Raises:
        ValidationError: reason or clause is missing.
        Refusal: asked before, ruled already, or too late.
    """
    reason, clause = words_of(reason, "reason", 300), words_of(clause, "clause", 200)
    with _held_assignment(assignment) as fresh:
        require(permissions.may_ask_return(viewer, fresh, at))
        last = clocks.limit("return", clock.local_day(fresh.sent_at))
        if clock.local_day(at) > last.due:
            raise Refusal(
                no(
                    _("申请退单的期限是 %(last)s，已经过了。") % {"last": last.due}, said(last.clause),
                    _("请先办理；需要别的单位参与，可以请受理人增加协办单位。"),
                )
            )  # fmt: skip
        fresh.state, fresh.return_asked_at = State.RETURN_ASKED, at
        fresh.return_reason, fresh.return_clause = reason, clause
        fresh.save(update_fields=["state", "return_asked_at", "return_reason", "return_clause"])
        finish(
            viewer, fresh.matter, "return_asked", Step.Kind.RETURN_ASKED, at, words=reason, clause=clause,
            organisation_id=fresh.organisation_id, assignment=fresh.pk,
        )  # fmt: skip
        return fresh


def rule_on_return(
    viewer: Viewer, assignment: Assignment, grant: bool, ruling: str, to_organisation_id: int | None, at: dt.datetime
) -> Assignment:
    """Rule on a return: refused, it stays and cannot be returned again; granted, it goes to another organisation
    by ruling, or back to the desk as first receiver.

    Returns the assignment that holds after the ruling (the old one where nobody new was named).

    Raises:
        ValidationError: no ruling, or the other organisation is unknown.
        Refusal: not at the desk, of the same organisation, or the other may not lead.
    """
    ruling = words_of(ruling, "ruling", 300)
    with _held_assignment(assignment) as fresh:
        require(permissions.may_rule_on_return(viewer, fresh, at))
        fresh.ruled_at, fresh.ruled_by_id, fresh.ruling = at, viewer.person_id, ruling
        if not grant:
            fresh.state, fresh.by_ruling = State.SIGNED if fresh.signed_at else State.SENT, True
            fresh.save()
            _ruled(viewer, fresh, "refused", ruling, at)
            return fresh
        fresh.state, fresh.ended_at = State.RETURNED, at
        fresh.save()
        return _passed_on(viewer, fresh, to_organisation_id, ruling, at)


def _passed_on(
    viewer: Viewer, old: Assignment, to_organisation_id: int | None, ruling: str, at: dt.datetime
) -> Assignment:
    matter = old.matter
    if to_organisation_id is not None:
        _check_organisation(matter, to_organisation_id, old.role)
        return _given(
            viewer, matter, to_organisation_id, old.role, ruling, at, by_ruling=True, verb="return_ruled",
            kind=Step.Kind.RULED, returned=old.pk,
        )  # fmt: skip
    if old.role == Role.LEAD:
        matter.lead_id, matter.stage = None, Stage.ACCEPTED
    _ruled(viewer, old, "granted", ruling, at)
    return old


def _ruled(viewer: Viewer, assignment: Assignment, outcome: str, ruling: str, at: dt.datetime) -> None:
    finish(
        viewer, assignment.matter, "return_ruled", Step.Kind.RULED, at, words=ruling, detail=outcome,
        organisation_id=assignment.organisation_id, returned=assignment.pk, organisation=assignment.organisation_id,
    )  # fmt: skip
