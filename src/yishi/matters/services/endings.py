"""Endings: settled, or taken back by the last who reported it."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.given import words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.matters import permissions
from yishi.matters.models import Matter, Report, Step
from yishi.matters.selectors.settling import doers_of, in_the_way, judged_well, open_commitments
from yishi.matters.services._acts import end_assignments, finish, held, held_report, reindex
from yishi.network.viewers import Viewer


def settle_matter(viewer: Viewer, matter: Matter, result: str, at: dt.datetime) -> Matter:
    """办结: everyone reachable was told, every commitment was accepted, nobody waits for a second handling.

    Those who did the work settle it only on the reporters' own word; otherwise another officer does.

    Raises:
        ValidationError: no result.
        Refusal: something stands in the way; each thing is named.
    """
    result = words_of(result, "result", 2000)
    with held(matter) as fresh:
        require(permissions.may_settle_matter(viewer, fresh, at))
        if blocks := in_the_way(fresh):
            raise Refusal(no(" ".join(blocks), what_now=_("请先办完这些，再办结。")))
        if viewer.person_id in doers_of(fresh) and not judged_well(fresh):
            raise Refusal(
                no(
                    _("经办人不能自己办结自己办的事。"),
                    what_now=_("请由其他工作人员核对后办结；反映人都评价满意的，经办人可以办结。"),
                )
            )
        Report.objects.filter(matter=fresh, withdrawn_at=None).exclude(state=Report.State.JUDGED).update(
            state=Report.State.CLOSED
        )
        fresh.stage, fresh.settled_at, fresh.result = Matter.Stage.SETTLED, at, result
        finish(viewer, fresh, "settled", Step.Kind.SETTLED, at, words=result)
        reindex(fresh)
        return fresh


def withdraw_report(viewer: Viewer, report: Report, reason: str, at: dt.datetime) -> Report:
    """The reporter takes a report back while it is unanswered; the matter ends when nobody is left.

    Raises:
        ValidationError: no reason.
        Refusal: not theirs, or answered already.
    """
    reason = words_of(reason, "reason", 300)
    with held_report(report) as fresh:
        require(permissions.may_withdraw_report(viewer, fresh, at))
        fresh.state, fresh.withdrawn_at = Report.State.CLOSED, at
        fresh.save(update_fields=["state", "withdrawn_at"])
        end_if_empty(fresh.matter, at)
        finish(viewer, fresh.matter, "withdrawn", Step.Kind.WITHDRAWN, at, report=fresh, words=reason, public=False)
        return fresh


def end_if_empty(matter: Matter, at: dt.datetime) -> None:
    """A matter that nobody reports any more ends, unless someone has promised to do it."""
    alone = not Report.objects.filter(matter=matter, withdrawn_at=None).exists()
    if alone and matter.is_open and not open_commitments(matter):
        matter.stage = Matter.Stage.WITHDRAWN
        end_assignments(matter, at)
