"""Ballots with serial and stub, and the sheet on which two people count them.

A signed ballot bears the number of its line on the roll; a secret one bears nothing that leads to a
voter, its serial stands on the stub alone.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yishi.core.papers import Block, Boxes, Break, Cut, Fields, Paper, Paragraph, Sign, Table
from yishi.decisions.documents.before import when
from yishi.decisions.documents.facts import Facts
from yishi.decisions.models import RollEntry
from yishi.decisions.voting import booths
from yishi.decisions.voting.sealing import shown_code
from yishi.decisions.voting.strokes import by_strokes
from yishi.network.viewers import Viewer

MOST = 3000


def ballots(facts: Facts, viewer: Viewer) -> Paper | None:
    """One ballot a page (A5) for each line of the roll: stub above, ballot below; none where hands are raised."""
    item, lines = facts.item, facts.lines()
    if item is None or not lines or facts.decision.secrecy == "hands" or len(lines) > MOST:
        return None
    secret = facts.decision.secrecy == "secret"
    names = candidates(facts)
    blocks: list[Block] = []
    for serial, line in enumerate(lines, 1):
        if serial > 1:
            blocks.append(Break())
        blocks += _ballot(facts, serial, line, names, secret=secret)
    return Paper("", blocks, number=facts.decision.reference, digest=facts.digest, size="a5")


def _ballot(facts: Facts, serial: int, line: RollEntry, names: list[str], *, secret: bool) -> Iterator[Block]:
    meeting = facts.meeting
    assert meeting is not None
    yield Fields([(_("存根编号"), f"{serial:05d}"), (_("名册"), f"{line.number} {line.household} {line.label}".strip()),
                  (_("领票人签名"), "")])  # fmt: skip
    yield Cut(_("沿此线撕下，存根留存"))
    yield Paragraph(_("选票") if names else _("表决票"), flush=True, strong=True)
    rows = [(_("会议"), meeting.title), (_("事项"), facts.decision.title)]
    if not secret:
        rows = [(_("编号"), f"{serial:05d}"), (_("名册序号"), f"{line.number} {line.household}".strip()), *rows]
    if meeting.votes_until:
        rows.append((_("投票截止"), when(meeting.votes_until)))
    yield Fields(rows)
    yield Boxes([*names, _("另选人：＿＿＿＿＿＿")] if names else [_("赞成"), _("反对"), _("弃权")])
    yield Paragraph(_rule(facts, names), flush=True)
    if not secret:
        yield Fields([(_("签名"), "")])


def _rule(facts: Facts, names: list[str]) -> str:
    if names:
        seats = facts.box.seats if facts.box and facts.box.seats else int(facts.decision.settings.get("seats", 1))
        return _("应选 %(n)s 名，在名字前的方框里画“○”；所选多于应选名额的，整张作废。") % {"n": seats}
    return _("只选一项，在方框里画“√”；选两项以上或不选的，按废票或空白票另计。")


def candidates(facts: Facts) -> list[str]:
    """The names on the ballot of an election, in the order of strokes; empty for a motion."""
    references = list(facts.box.choices) if facts.box and facts.box.seats else list(facts.case.poll.candidates)
    if not references:
        return []
    persons = {int(r[1:]) for r in references if r[:1] == "p" and r[1:].isdigit()}
    found = RollEntry.objects.filter(roll__decision=facts.decision, person_id__in=persons)
    known = {f"p{person}": label for person, label in found.values_list("person_id", "label")}
    return sorted((known.get(r, r) for r in references), key=by_strokes)


def count_sheet(facts: Facts, viewer: Viewer) -> Paper | None:
    """The sheet for two counters and the watchers; filled in where the count is done."""
    if facts.item is None or facts.decision.secrecy == "hands":
        return None
    counts = dict(facts.result.counts) if facts.result else {}
    names = candidates(facts)
    heads = [
        (_("发出"), "issued"),
        (_("收回"), "returned"),
        (_("未收回"), "unreturned"),
        (_("有效"), "valid"),
        (_("无效"), "invalid"),
    ]
    kinds = (
        []
        if names
        else [
            (_("赞成"), "yes"),
            (_("反对"), "no"),
            (_("弃权"), "abstain"),
            (_("空白"), "blank"),
            (_("重复勾选"), "double"),
        ]
    )
    rows = [[label, str(counts.get(key, "")), "", ""] for label, key in [*heads, *kinds]] + [
        [n, "", "", ""] for n in names
    ]
    blocks: list[Block] = [
        Fields([(_("事项"), facts.decision.title), (_("会议"), facts.item.meeting.title)]),
        Table([_("项目"), _("结果"), _("第一次清点"), _("第二次清点")], rows, (3, 2, 3, 3), 11),
        *_booths(facts),
        Paragraph(_("发出 = 收回 + 未收回；收回 = 有效 + 无效。两人分别清点，一致后签名。"), flush=True),
        Fields([(_("计票人"), ""), (_("计票人"), ""), (_("监票人"), ""), (_("监票人"), "")]), Sign([_("年　　月　　日")]),
    ]  # fmt: skip
    return Paper(_("计票单"), blocks, number=facts.decision.reference, digest=facts.digest)


def _booths(facts: Facts) -> Iterator[Block]:
    """The offline booths: sealed, taken, in conflict, written off with the reason."""
    found = booths.booths_of(facts.box) if facts.box else []
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
