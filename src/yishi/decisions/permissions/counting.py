"""Who counts, certifies and replaces a result: closing, counting and certifying are three people's acts."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.decisions.models import AgendaItem, BallotBox, Decision, Result
from yishi.decisions.models.ballot import Channel
from yishi.decisions.permissions.facts import is_concerned, supervises
from yishi.decisions.permissions.voting import holds_line, open_to, runs
from yishi.decisions.rules import ref
from yishi.network.viewers import Viewer


def may_count_ballots(viewer: Viewer, box: BallotBox | None, at: dt.datetime) -> Verdict:
    """Officers, supervisors and right-holders as witnesses; not who closed the box, proposed, or stands."""
    if box is None:
        return hidden()
    item = box.item
    decision = item.decision
    if not (
        runs(viewer, item.meeting)
        or supervises(viewer, decision)
        or (holds_line(viewer, box.roll_id) and open_to(viewer, item))
    ):
        return hidden()
    return _may_be_counter(viewer, box, decision)


def _may_be_counter(viewer: Viewer, box: BallotBox, decision: Decision) -> Verdict:
    if viewer.helping_id:
        return no(_("计票须本人操作，请先结束代办。"))
    if is_concerned(viewer, decision):
        return no(_("这件事关系到您本人，您不能经办。"))
    if box.signed.filter(by_id=viewer.person_id, channel=Channel.PHONE).exists():
        return no(_("为别人代投过这次表决的人不能计票。"))
    if viewer.person_id == box.closed_by_id:
        return no(_("停止投票的人不能计票：请由另外两人计票。"))
    if viewer.person_id == decision.proposer_id or ref(viewer.person_id) in box.choices:
        return no(_("提议人和候选人不能计票。"))
    return YES


def may_certify_result(viewer: Viewer, item: AgendaItem | None, at: dt.datetime) -> Verdict:
    """The organisation's supervisors or the town; never the closer, a counter, the proposer or a candidate."""
    if item is None:
        return hidden()
    if not supervises(viewer, item.decision):
        return no(_("结果由监督委员会（监事）或镇街确认。")) if runs(viewer, item.meeting) else hidden()
    if viewer.helping_id:
        return no(_("确认结果须本人操作，请先结束代办。"))
    if viewer.person_id in _handled(item):
        return no(_("停止投票、计票和确认须是不同的人。"))
    return newest(item)


def _handled(item: AgendaItem) -> set[Any]:
    """Who closed or counted the item, or a round before it that is sealed with it."""
    rounds = Result.objects.filter(
        Q(item=item) | Q(item__decision=item.decision_id, item__step=item.step, certified_at=None)
    )
    people = rounds.values_list("first_counter_id", "second_counter_id", "item__box__closed_by_id")
    own = BallotBox.objects.filter(item=item).values_list("closed_by_id")
    return {person for row in (*people, *own) for person in row} - {None}


def newest(item: AgendaItem) -> Verdict:
    """Only the last count of a decision is certified or counted again: it is the one that the procedure acts on."""
    last = Result.objects.filter(item__decision=item.decision_id).order_by("-counted_at", "-pk").first()
    if last is not None and last.item_id != item.pk:
        return no(_("这一项之后又计过票：只能确认或重新计算最近一次的结果。"), what_now=_("请打开最近一次计票的页面。"))
    return YES


def may_recount_ballots(viewer: Viewer, item: AgendaItem | None, at: dt.datetime) -> Verdict:
    """Those who run or supervise the vote key a recount; barred is who may not count either."""
    if item is None or not (supervises(viewer, item.decision) or runs(viewer, item.meeting)):
        return hidden()
    box = BallotBox.objects.filter(item=item).first()
    if box is None or not item.results.exists():
        return no(_("还没有计票结果。"))
    counter = _may_be_counter(viewer, box, item.decision)
    return newest(item) if counter else counter


def may_enter_ruling(viewer: Viewer, item: AgendaItem, at: dt.datetime) -> Verdict:
    """An order of the town or a judgment is entered by supervisors or the town, with its paper."""
    counter = may_recount_ballots(viewer, item, at)
    if counter and not supervises(viewer, item.decision):
        return no(_("责令改正和法院裁判由监督委员会（监事）或镇街凭文书登记。"))
    return counter
