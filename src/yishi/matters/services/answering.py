"""Answering: reply, telling, the reporter's judgement, and the second handling it may ask for."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.given import words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.matters import permissions
from yishi.matters.models import Matter, Report, ReporterContact, Step, VisitBack
from yishi.matters.rules import clocks
from yishi.matters.rules.words import data, said
from yishi.matters.selectors.reporters import has_account
from yishi.matters.selectors.settling import WAITING
from yishi.matters.services._acts import finish, held, held_report
from yishi.network.viewers import Viewer

State, Told = Report.State, Report.Told
Satisfaction = VisitBack.Satisfaction
LONGEST_REPLY = 4000


def reply_to_report(viewer: Viewer, report: Report, reply: str, at: dt.datetime) -> Report:
    """Answer one reporter. A re-opened report is answered only after a new look at the place.

    Raises:
        ValidationError: no reply.
        Refusal: not working on it, told already, or not yet looked at again.
    """
    reply = words_of(reply, "reply", LONGEST_REPLY)
    with held_report(report) as fresh:
        require(permissions.may_reply_to_report(viewer, fresh, at))
        _require_new_look(fresh)
        _write_reply(viewer, fresh, reply, at)
        finish(viewer, fresh.matter, "replied", Step.Kind.REPLIED, at, report=fresh)
        return fresh


def reply_to_all(viewer: Viewer, matter: Matter, reply: str, at: dt.datetime) -> list[Report]:
    """Give every reporter who waits the same answer; each report keeps its own copy.

    Raises:
        ValidationError: no reply.
        Refusal: not working on it, or nobody waits.
    """
    reply = words_of(reply, "reply", LONGEST_REPLY)
    with held(matter) as fresh:
        require(permissions.may_reply_to_all(viewer, fresh, at))
        waiting = list(Report.objects.filter(matter=fresh, state__in=WAITING, withdrawn_at=None).order_by("pk"))
        if not waiting:
            raise Refusal(no(_("没有等待答复的反映。")))
        for report in waiting:
            report.matter = fresh
            _require_new_look(report)
            _write_reply(viewer, report, reply, at)
        finish(viewer, fresh, "replied_to_all", Step.Kind.REPLIED, at, reports=len(waiting))
        return waiting


def _write_reply(viewer: Viewer, report: Report, reply: str, at: dt.datetime) -> None:
    report.reply, report.replied_at, report.replied_by_id = reply, at, viewer.person_id
    report.state = State.REPLIED
    report.save(update_fields=["reply", "replied_at", "replied_by", "state"])


def _require_new_look(report: Report) -> None:
    """After "not satisfied": someone went again, spoke or looked, and wrote it down."""
    if report.state != State.REOPENED:
        return
    looked = Step.objects.filter(
        matter=report.matter, kind__in=[Step.Kind.NOTE, Step.Kind.CONTACTED], at__gte=report.reopened_at
    ).exists()
    if not looked:
        raise Refusal(
            no(
                _("反映人不满意，要先重新核查，再作答复。"), said(data("handling")["redo"]["clause"]),
                _("请到现场核查或联系反映人，写一条办理情况。"),
            )
        )  # fmt: skip


def tell_reporter(viewer: Viewer, report: Report, how: str, at: dt.datetime) -> Report:
    """Record how the reporter learned of the reply. Telling again in another way is recorded too.

    Raises:
        ValidationError: a way that this reporter cannot be reached by.
        Refusal: no reply yet, or not working on it.
    """
    with held_report(report) as fresh:
        require(permissions.may_tell_reporter(viewer, fresh, at))
        _check_way(fresh, how)
        fresh.state, fresh.told_how, fresh.told_at = State.TOLD, how, at
        if how == Told.UNREACHABLE:
            ReporterContact.objects.filter(report=fresh).update(reachable=False)
        elif fresh.contacted_at is None:
            fresh.contacted_at = at
        fresh.save(update_fields=["state", "told_how", "told_at", "contacted_at"])
        finish(viewer, fresh.matter, "told", Step.Kind.TOLD, at, report=fresh, detail=how, how=how)
        return fresh


def _check_way(report: Report, how: str) -> None:
    if how not in Told.values:
        raise ValidationError({"how": _("请选择告知的方式。")})
    if how == Told.IN_APP and not has_account(report):
        raise ValidationError({"how": _("反映人没有账号，请用电话、当面或书面告知。")})
    if how == Told.UNREACHABLE and has_account(report):
        raise ValidationError({"how": _("反映人有账号，可以站内告知。")})
    if how == Told.HOTLINE and report.channel not in permissions.FEED_CHANNELS:
        raise ValidationError({"how": _("这条反映不是热线转来的。")})


def judge_report(
    viewer: Viewer, report: Report, solved: bool | None, satisfaction: str, words: str, at: dt.datetime
) -> VisitBack:
    """The reporter judges online. Reading the answer is being told.

    Raises:
        ValidationError: an unknown answer.
        Refusal: not their own report, not answered, or judged already.
    """
    if satisfaction == Satisfaction.NO_ANSWER:
        raise ValidationError({"satisfaction": _("请选择一项。")})
    with held_report(report) as fresh:
        require(permissions.may_judge_report(viewer, fresh, at))
        if not fresh.told_how:
            fresh.told_how, fresh.told_at = Told.IN_APP, at
            fresh.contacted_at = fresh.contacted_at or at
        return _judged(viewer, fresh, solved, satisfaction, words, at, online=True)


def visit_back(
    viewer: Viewer, report: Report, solved: bool | None, satisfaction: str, words: str, at: dt.datetime,
    excluded_because: str = "",
) -> VisitBack:  # fmt: skip
    """回访: an officer who did not handle it asks. Left out of the rates only with a reason.

    Raises:
        ValidationError: an unknown answer, or solved was not asked.
        Refusal: not at the desk, the handler themselves, not told, or judged already.
    """
    if satisfaction != Satisfaction.NO_ANSWER and solved is None:
        raise ValidationError({"solved": _("接通了就请问一句：解决了没有。")})
    with held_report(report) as fresh:
        require(permissions.may_visit_back(viewer, fresh, at))
        return _judged(viewer, fresh, solved, satisfaction, words, at, because=excluded_because)


def _judged(
    viewer: Viewer, report: Report, solved: bool | None, satisfaction: str, words: str, at: dt.datetime,
    *, online: bool = False, because: str = "",
) -> VisitBack:  # fmt: skip
    if satisfaction not in Satisfaction.values:
        raise ValidationError({"satisfaction": _("请选择一项。")})
    found = VisitBack.objects.create(
        report=report, at=at, by_id=viewer.person_id, online=online, solved=solved, satisfaction=satisfaction,
        words=words.strip()[:500], counted=not because.strip(), excluded_because=because.strip()[:200],
    )  # fmt: skip
    kind = Step.Kind.JUDGED
    if satisfaction != Satisfaction.NO_ANSWER:
        again = satisfaction == Satisfaction.UNSATISFIED and report.reopened < clocks.redo_times()
        kind = _reopened(report, at) if again else kind
        report.state = State.REOPENED if again else State.JUDGED
    report.save()
    finish(
        viewer, report.matter, "judged", kind, at, report=report, detail=satisfaction, visit_back=found.pk,
        satisfaction=satisfaction, solved=solved,
    )  # fmt: skip
    return found


def _reopened(report: Report, at: dt.datetime) -> Step.Kind:
    """Not satisfied: the report opens again with a clock of its own, and must be told again."""
    report.reopened += 1
    report.reopened_at = at
    report.due_on = clocks.limit("redo", clock.local_day(at)).due
    report.told_how, report.told_at = "", None
    if report.matter.stage == Matter.Stage.SETTLED:
        report.matter.stage, report.matter.settled_at = Matter.Stage.ANSWERED, None
    return Step.Kind.REOPENED
