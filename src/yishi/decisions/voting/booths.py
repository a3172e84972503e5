"""Offline booths as closing, counting and the papers see them: what is still to be sealed, what is waited for, what came."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yishi.decisions.models import BallotBox, Booth
from yishi.decisions.voting.sealing import shown_code


def unsealed(box: BallotBox) -> QuerySet[Booth]:
    """Booths that may still hold ballots which nothing fixes: after the close these are not taken."""
    return box.booths.filter(sealed_at=None, written_off_at=None).order_by("number")


def awaited(box: BallotBox) -> QuerySet[Booth]:
    """Booths sealed and neither handed in nor written off: the count waits for them."""
    return box.booths.filter(received_at=None, written_off_at=None).exclude(sealed_at=None).order_by("number")


def booths_of(box: BallotBox) -> list[Booth]:
    """Every booth with its batches; two queries."""
    return list(box.booths.select_related("given_to", "box").prefetch_related("batches").order_by("number"))


def taken(booth: Booth) -> int:
    """How many of its ballots are in the box."""
    return sum(batch.taken for batch in booth.batches.all())


def conflicts(booth: Booth) -> int:
    """How many of its ballots were not taken."""
    return sum(len(batch.conflicts) for batch in booth.batches.all())


def lines_of(booths: Iterable[Booth]) -> list[str]:
    """The booths in the minutes, in Chinese."""
    return [f"离线票箱“{b.label}”（交给 {b.given_to.name}）：{'；'.join(_story(b))}" for b in booths]


def _story(booth: Booth) -> list[str]:
    came, clashed = taken(booth), conflicts(booth)
    out = []
    if booth.sealed_at is not None:
        out.append(f"截止前封箱 {booth.ballots} 张" + (f"，校验码 {shown_code(booth.code)}" if booth.ballots else ""))
    out.append(f"计入 {came} 张，冲突 {clashed} 张" if came or clashed else "没有计入的票")
    if booth.standing == "written_off":
        out.append(f"已核销，没有交票：{booth.written_off_why}")
    elif booth.standing == "collecting":
        out.append("停止投票时没有封箱，此后交来的票不收")
    elif booth.standing == "sealed":
        out.append("还没有交票")
    return out


def standing_words(booth: Booth) -> str:
    """Where a booth stands, in words; one that is written off with the reason."""
    if booth.standing == "written_off":
        return _("已核销：%(why)s") % {"why": booth.written_off_why}
    open_box = booth.box.state == BallotBox.State.OPEN
    return {
        "received": _("已交清") if booth.ballots else _("已封箱，没有未交的票"),
        "sealed": _("已封箱，还没有交"),
        "collecting": _("收票中") if open_box else _("停止投票时没有封箱，不再收"),
    }[booth.standing]
