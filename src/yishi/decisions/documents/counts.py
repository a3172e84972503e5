"""The sheet on which two people count the ballots; of an election one for each round."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from yishi.core.papers import Block, Break, Fields, Heading, Keep, Paper, Paragraph, Sign, Table
from yishi.decisions.documents.facts import Facts
from yishi.decisions.documents.rounds import Round, candidates, rounds
from yishi.decisions.models import BallotBox
from yishi.decisions.tallied import label
from yishi.decisions.voting import booths
from yishi.decisions.voting.sealing import shown_code
from yishi.network.viewers import Viewer

BOX = ("issued", "returned", "unreturned", "valid", "invalid")
MARKS = ("yes", "no", "abstain", "blank", "double")
Rows = list[list[str]]


def count_sheet(facts: Facts, viewer: Viewer) -> Paper | None:
    """The sheet for two counters and the watchers; filled in where the count is done."""
    if facts.item is None or facts.decision.secrecy == "hands":
        return None
    blocks: list[Block] = []
    held = rounds(facts)
    for one in held:
        if one.number:
            blocks.append(Break())
        blocks += _sheet(facts, one.box, _polled(facts, one), one.title)
    if not held:
        counts = dict(facts.result.counts) if facts.result else {}
        blocks = _sheet(facts, facts.box, _counted(counts, (*BOX, *MARKS)), "")
    return Paper(_("计票单"), blocks, number=facts.decision.reference, digest=facts.digest)


def _counted(counts: Mapping[str, Any], names: tuple[str, ...]) -> Rows:
    return [[label(name), str(counts.get(name, "")), "", ""] for name in names]


def _polled(facts: Facts, one: Round) -> Rows:
    """The box, then every candidate with the votes and who is elected."""
    counts = dict(one.result.counts) if one.result else {}
    by_name = {one.names.get(code, code): (n, code in one.elected) for code, n in one.votes.items()}
    rows = _counted(counts, BOX)
    for name in candidates(facts, one.box):
        votes, elected = by_name.get(name, (None, False))
        shown = "" if votes is None else f"{votes}{_('（当选）') if elected else ''}"
        rows.append([name, shown, "", ""])
    return rows


def _sheet(facts: Facts, box: BallotBox | None, rows: Rows, title: str) -> list[Block]:
    assert facts.item is not None
    signing = Table([_("计票人"), _("计票人"), _("监票人"), _("监票人")], [["", "", "", ""]], (), 14)
    return [
        *([Heading(title)] if title else []),
        Fields([(_("事项"), facts.decision.title), (_("会议"), facts.item.meeting.title)]),
        Table([_("项目"), _("结果"), _("第一次清点"), _("第二次清点")], rows, (3, 2, 3, 3), 9.5),
        *_booths(box),
        Keep([
            Paragraph(_("发出 = 收回 + 未收回；收回 = 有效 + 无效。两人分别清点，一致后签名。"), flush=True), signing,
            Sign([_("年　　月　　日")]),
        ]),
    ]  # fmt: skip


def _booths(box: BallotBox | None) -> Iterator[Block]:
    """The offline booths: sealed, taken, in conflict, written off with the reason."""
    found = booths.booths_of(box) if box else []
    if not found:
        return
    rows = [
        [
            f"{b.number} {b.label}", str(b.ballots) if b.sealed_at else "", shown_code(b.code) if b.ballots else "",
            str(booths.taken(b)), str(booths.conflicts(b)), booths.standing_words(b),
        ]
        for b in found
    ]  # fmt: skip
    heads = [_("离线票箱"), _("封箱张数"), _("校验码"), _("计入"), _("冲突"), _("情况")]
    yield Table(heads, rows, (3, 2, 4, 2, 2, 4), 9)
