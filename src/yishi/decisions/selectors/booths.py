"""Reads of offline booths: where each stands, what it handed in, which lines had voted already and where."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yishi.core.verdicts import Refusal, hidden, require
from yishi.decisions.models import BallotBox, Booth, BoothBatch, RollEntry
from yishi.decisions.models.ballot import Channel
from yishi.decisions.permissions.booths import may_see_booths, may_write_off_booth
from yishi.decisions.selectors.ballots import choice_words, get_box_for
from yishi.decisions.voting import booths
from yishi.decisions.voting.sealing import shown_code
from yishi.network.viewers import Viewer

TONES = {"received": "settled", "written_off": "plain", "sealed": "soon", "collecting": "act"}


@dataclass(frozen=True, slots=True)
class ShownBatch:
    """What was handed in at once, with every line that was not taken and why."""

    batch: BoothBatch
    conflicts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownBooth:
    """A booth as the pages show it."""

    booth: Booth
    words: str
    tone: str
    code: str
    taken: int
    clashed: int
    batches: list[ShownBatch]
    may_seal: bool
    may_write_off: bool


def get_booths_box_for(viewer: Viewer, pk: int, at: dt.datetime) -> BallotBox:
    """A box whose offline booths the viewer may see.

    Raises:
        Refusal: who neither runs nor supervises the vote; hidden where it has no booths, being secret.
    """
    box = get_box_for(viewer, pk, at)
    require(may_see_booths(viewer, box, at))
    if box.secret:
        raise Refusal(hidden())
    return box


def shown_booths(box: BallotBox, viewer: Viewer | None = None, at: dt.datetime | None = None) -> list[ShownBooth]:
    """The booths of a box in order; for a viewer with what they may do now."""
    found = booths.booths_of(box)
    codes = {c["code"] for b in found for batch in b.batches.all() for c in batch.conflicts}
    names = {
        e.code: f"{e.number} {e.label}" for e in RollEntry.objects.filter(roll_id=box.roll_id, code__in=codes)
    }  # fmt: skip
    return [_shown(booth, box, names, viewer, at) for booth in found]


def _shown(
    booth: Booth, box: BallotBox, names: dict[str, str], viewer: Viewer | None, at: dt.datetime | None
) -> ShownBooth:
    booth.box = box
    standing = booth.standing
    left_out = standing == "collecting" and box.state != BallotBox.State.OPEN
    open_to = viewer is not None and at is not None and standing in ("collecting", "sealed") and not left_out
    return ShownBooth(
        booth, booths.standing_words(booth), "overdue" if left_out else TONES[standing],
        shown_code(booth.code) if booth.ballots else "", booths.taken(booth), booths.conflicts(booth),
        [ShownBatch(b, conflict_words(b, names)) for b in sorted(booth.batches.all(), key=lambda b: -b.pk)],
        bool(open_to and standing == "collecting" and at is not None and not box.is_over(at)),
        bool(open_to and viewer is not None and at is not None and may_write_off_booth(viewer, booth, at)),
    )  # fmt: skip


def conflict_words(batch: BoothBatch, names: dict[str, str]) -> list[tuple[str, str]]:
    """Every line that was not taken: who, and why. Of two ballots the first recorded stands, whichever was cast first."""
    channels = dict(Channel.choices)
    out = []
    for one in batch.conflicts:
        first = one.get("first", "")
        words = one["why"]
        if first:
            words = _(
                "此人的票已由“%(channel)s”先登记。一人一票，先登记的有效：离线票箱的票交到时才登记，收票早也不算先。"
            ) % {"channel": channels.get(first, first)}
        out.append((names.get(one["code"], one["code"]), str(words)))
    return out


def facts_of(box: BallotBox, at: dt.datetime) -> dict[str, Any]:
    """What the tablet's page needs without network: choices, lines, who has voted, which booths are known."""
    rows = RollEntry.objects.filter(roll_id=box.roll_id, struck=False).order_by("number")
    known = set(box.signed.filter(revoked_at=None).values_list("entry__code", flat=True))
    return {
        "box": box.pk, "open": not box.is_over(at), "until": box.closes_at.isoformat() if box.closes_at else "",
        "choices": choice_words(box), "voted": sorted(known),
        "lines": [{"code": e.code, "n": e.number, "label": e.label, "household": e.household} for e in rows],
        "booths": [
            {"device": b.device, "label": b.label, "code": b.code, "count": b.ballots, "standing": b.standing}
            for b in box.booths.order_by("number")
        ],
    }  # fmt: skip
