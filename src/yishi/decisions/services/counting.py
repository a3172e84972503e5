"""Counting: the paper keyed by two different people who must agree, then the procedure reckons the outcome."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, BallotBox, PaperCount, Result
from yishi.decisions.permissions.counting import may_count_ballots
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.meetings import held_meeting
from yishi.decisions.tallied import label
from yishi.decisions.voting import kinds
from yishi.decisions.voting.booths import awaited
from yishi.decisions.voting.tallying import (
    APART,
    FIELDS,
    Totals,
    counts_for,
    differences,
    expected,
    totals_of,
    two_ways,
)
from yishi.engines.procedure import Case, report
from yishi.engines.tally import reconcile
from yishi.network.viewers import Viewer, actor_of

LARGEST = 10_000_000
State, Item = BallotBox.State, AgendaItem.State


@dataclass(frozen=True, slots=True)
class CountInput:
    """One person's count of the paper box; all 0 where there was no paper. ``votes`` by mark, blank, double, repeated."""

    votes: Mapping[str, int]
    issued: int = 0
    returned: int = 0
    unreturned: int = 0
    valid: int = 0
    invalid: int = 0


def key_count(viewer: Viewer, box: BallotBox, given: CountInput, at: dt.datetime) -> PaperCount:
    """Key one's own count of the paper box; until the outcome is reckoned one may key it again.

    Raises:
        Refusal: who may not count; the box is not closed; a third person where two have keyed.
        ValidationError: numbers that do not add up, or differ from the papers on record.
    """
    _reconciled(box, given)
    with transaction.atomic():
        row = (
            BallotBox.objects.select_for_update(of=("self",))
            .select_related("item__meeting", "item__decision")
            .get(pk=box.pk)
        )
        require(may_count_ballots(viewer, row, at))
        if row.state != State.CLOSED:
            raise Refusal(no(_("要先停止投票，并且还没有计出结果，才能录入清点数。")))
        _as_recorded(row, given)
        others = row.paper_counts.exclude(by_id=viewer.person_id).count()
        if others >= 2:
            raise Refusal(no(_("已有两人录入；如要换人，请由其中一人改正自己的录入。")))
        values = {name: getattr(given, name) for name in FIELDS} | {"votes": dict(given.votes), "at": at}
        count, _made = PaperCount.objects.update_or_create(box=row, by_id=actor_of(viewer), defaults=values)
        audit.record("decisions.paper_counted", row, at=at, actor_id=viewer.person_id, town_id=row.item.meeting.town_id)
    return count


def _reconciled(box: BallotBox, given: CountInput) -> None:
    numbers = [getattr(given, name) for name in FIELDS] + list(given.votes.values())
    if any(type(n) is not int or not 0 <= n <= LARGEST for n in numbers):
        raise ValidationError(_("请填不小于 0 的整数。"))
    unknown = set(given.votes) - {*box.choices, *APART}
    if unknown:
        raise ValidationError(_("票上没有这些选项。"))
    wrong = reconcile(given.issued, given.returned, given.unreturned, given.valid, given.invalid)
    faults = [rules.spoken(text) for text in wrong] + _marks_add_up(box, given)
    if faults:
        raise ValidationError(faults)


def _marks_add_up(box: BallotBox, given: CountInput) -> list[str]:
    marks = sum(given.votes.get(c, 0) for c in box.choices)
    apart = sum(given.votes.get(c, 0) for c in APART)
    if box.seats:
        most = given.valid * box.seats
        return (
            [_("得票合计 %(n)s 多于有效票所能投出的 %(most)s 票") % {"n": marks, "most": most}] if marks > most else []
        )
    out = []
    if marks != given.valid:
        out.append(_("各选项合计 %(n)s ≠ 有效 %(valid)s") % {"n": marks, "valid": given.valid})
    if apart != given.invalid:
        out.append(_("空白、重复勾选等合计 %(n)s ≠ 无效 %(invalid)s") % {"n": apart, "invalid": given.invalid})
    return out


def _as_recorded(box: BallotBox, given: CountInput) -> None:
    """Hand counts of a signed vote stand by themselves; papers must be as many as the record says."""
    if not (box.secret or box.online or box.papers.exists()):
        return
    known = expected(box)
    mine = {name: getattr(given, name) for name in FIELDS} | dict(given.votes)
    wrong = [(n, v, mine.get(n, 0)) for n, v in known.items() if mine.get(n, 0) != v]
    if wrong:
        lines = [
            _("“%(name)s”登记为 %(known)s，录入为 %(mine)s") % {"name": label(name), "known": v, "mine": m}
            for name, v, m in wrong
        ]  # fmt: skip
        raise ValidationError([*lines, _("请核对票和存根；确有出入的先改正登记。")])


def count_ballots(viewer: Viewer, item: AgendaItem, at: dt.datetime) -> Result:
    """Reckon the outcome from what two people keyed alike and what lies in the box.

    Raises:
        Refusal: who may not count; not yet two counts, or they differ; a sealed offline booth is still to come; the
            engine's reason.
    """
    with held_meeting(item.meeting) as meeting:
        box = BallotBox.objects.select_for_update(of=("self",)).select_related("roll").get(item=item)
        box.item = meeting.items.select_related("decision").get(pk=item.pk)
        require(may_count_ballots(viewer, box, at))
        first, second = two_counts(box)
        if viewer.person_id not in (first.by_id, second.by_id):
            raise Refusal(no(_("由录入清点数的两人之一计出结果。")))
        _all_booths_in(box)
        with held(item.decision) as decision:
            before = rules.case_of(decision)
            data = _event_of(box, before, first, second)
            case = append(viewer, decision, "counted", at, data)
            result = _result_of(box.item, case, first, second, at)
        box.state = State.COUNTED
        box.save(update_fields=["state"])
        needs_certifying = case.phase in ("counted", "void")
        box.item.state = Item.COUNTED if needs_certifying else Item.DONE
        box.item.save(update_fields=["state"])
    return result


def _all_booths_in(box: BallotBox) -> None:
    waiting = list(awaited(box))
    if waiting:
        words = "、".join(_("“%(label)s”（封箱 %(n)s 张）") % {"label": b.label, "n": b.ballots} for b in waiting)
        raise Refusal(
            no(
                _("离线票箱%(booths)s还没有交票，不能计票。") % {"booths": words},
                what_now=_("请联网交票；设备遗失或损坏的，由主持或监督的人写明理由核销。"),
            )
        )


def two_counts(box: BallotBox) -> tuple[PaperCount, PaperCount]:
    """The two counts of a closed box, which agree.

    Raises:
        Refusal: fewer than two, or they differ (each field named; of a secret vote on two ways without its numbers).
    """
    if box.state != State.CLOSED:
        raise Refusal(no(_("要先停止投票，而且只计一次；更正须走“重新计票”。")))
    counts = list(box.paper_counts.order_by("pk"))
    if len(counts) != 2:
        raise Refusal(no(_("须由两人分别录入清点数，现在有 %(n)s 人。") % {"n": len(counts)}))
    differing = differences(counts[0], counts[1])
    if differing:
        words = "；".join(label(n) if two_ways(box) else f"{label(n)} {a} ≠ {b}" for n, a, b in differing)
        raise Refusal(no(_("两人录入不一致：%(words)s") % {"words": words}, what_now=_("请一起重新清点，各自改正。")))
    return counts[0], counts[1]


def _event_of(box: BallotBox, case: Case, first: PaperCount, second: PaperCount) -> dict[str, Any]:
    totals = totals_of(box, first)
    counters = [rules.ref(first.by_id), rules.ref(second.by_id)]
    if case.step.kind == "poll":
        return {"counts": _poll_counts(case, totals), "votes": dict(totals.votes), "counters": counters}
    sitting = case.sit()
    counts = counts_for(box, sitting.pack, sitting.mode, totals, sitting.participating)
    counts |= {"late": box.late, "wrong_roll": box.wrong_roll}
    return {"counts": kinds.written(counts), "counters": counters}


def _poll_counts(case: Case, totals: Totals) -> dict[str, int]:
    """Who took a paper and did not hand it in has not voted."""
    counts = dict(totals.box)
    name = "ballots_cast" if case.phase == "runoff" else "voters_who_voted"
    return counts | {name: counts["returned"]}


def _result_of(item: AgendaItem, case: Case, first: PaperCount, second: PaperCount, at: dt.datetime) -> Result:
    found = report(case)["results"][-1]
    return Result.objects.create(
        item=item, number=item.results.count() + 1, pack=found["pack"], outcome=found["outcome"], report=found,
        counts=found["counts"], counted_at=at, first_counter_id=first.by_id, second_counter_id=second.by_id,
    )  # fmt: skip
