"""Ballots with serial and stub.

A signed ballot bears the number of its line on the roll. What a voter tears off of a secret one is the same for
everyone, to the last mark: the serial stands on the stub alone, and no page bears a number.
"""

from django.utils.translation import gettext as _

from yishi.core.papers import Block, Boxes, Cut, Fields, Paper, Paragraph, Sheets, Slip
from yishi.decisions.documents.attending import until_when
from yishi.decisions.documents.facts import Facts
from yishi.decisions.documents.rounds import candidates
from yishi.decisions.models import RollEntry
from yishi.decisions.voting.rounds import is_runoff
from yishi.network.viewers import Viewer

MOST = 3000
LONGEST = 120
"""Characters of the motion on a ballot; of a longer one the beginning, and where to read the whole."""


def ballots(facts: Facts, viewer: Viewer) -> Paper | None:
    """One ballot a sheet (A5) for each line of the roll: stub above, ballot below; none where hands are raised."""
    lines = facts.lines()
    if facts.item is None or not lines or facts.decision.secrecy == "hands" or len(lines) > MOST:
        return None
    return _paper(facts, [_slip(facts, f"{n:05d}", line) for n, line in enumerate(lines, 1)])


def one_ballot(facts: Facts, viewer: Viewer) -> Paper | None:
    """A single ballot with an empty stub, to be changed and printed elsewhere."""
    if ballots(facts, viewer) is None:
        return None
    return _paper(facts, [_slip(facts, "", None)])


def _paper(facts: Facts, slips: list[Slip]) -> Paper:
    sheets = Sheets(slips, Cut(_("沿此线撕下，存根留存")), _body(facts))
    return Paper("", [sheets], number=facts.decision.reference, digest=facts.digest, size="a5")


def _slip(facts: Facts, serial: str, line: RollEntry | None) -> Slip:
    """The stub, and on a signed ballot whose it is; without a line it is left to be filled in."""
    place = f"{line.number} {line.household}".strip() if line else ""
    whole = f"{place} {line.label}".strip()[:60] if line else ""
    stub = [Fields([(_("存根编号"), serial), (_("名册"), whole), (_("领票人签名"), "")])]
    own = [] if facts.decision.secrecy == "secret" else [Fields([(_("编号"), serial), (_("名册序号"), place)])]
    return Slip(stub, own)


def _body(facts: Facts) -> list[Block]:
    meeting, names = facts.meeting, candidates(facts)
    assert meeting is not None
    runoff = bool(names) and facts.item is not None and is_runoff(facts.item)
    title = _("选票（另行选举）") if runoff else _("选票") if names else _("表决票")
    blocks: list[Block] = [
        Paragraph(title, flush=True, strong=True),
        Fields([(_("会议"), meeting.title), (_("事项"), facts.decision.title), *_motion(facts),
                (_("投票截止"), until_when(facts))]),
        Boxes(_choices(names, runoff)), Paragraph(_rule(facts, names), flush=True),
    ]  # fmt: skip
    return blocks if facts.decision.secrecy == "secret" else [*blocks, Fields([(_("签名"), "")])]


def _choices(names: list[str], runoff: bool) -> list[str]:
    """A run-off has its candidates only; in the first poll one may write in another's name."""
    if not names:
        return [_("赞成"), _("反对"), _("弃权")]
    return names if runoff else [*names, _("另选人：＿＿＿＿＿＿")]


def _motion(facts: Facts) -> list[tuple[str, str]]:
    """What is voted on, whole where it is short; where to read it, and by which value to know it."""
    text = " ".join(facts.text.split())
    head, shown = (_("方案"), text) if len(text) <= LONGEST else (_("方案摘要"), text[: LONGEST - 10] + "……")
    return [(head, shown), (_("全文"), _("见会议通知和 %(url)s，校验值印在票底") % {"url": facts.page})]


def _rule(facts: Facts, names: list[str]) -> str:
    if names:
        seats = facts.box.seats if facts.box and facts.box.seats else int(facts.decision.settings.get("seats", 1))
        return _("应选 %(n)s 名，在名字前的方框里画“○”；所选多于应选名额的，整张作废。") % {"n": seats}
    return _("只选一项，在方框里画“√”；选两项以上或不选的，按废票或空白票另计。")
