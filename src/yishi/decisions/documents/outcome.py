"""Papers after the vote: minutes, the resolution with its arithmetic, what hangs on the board, the register of objections."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from yishi.core.papers import Block, Fields, Heading, Keep, Paper, Paragraph, Proof, Sign
from yishi.core.papers.blocks import paragraphs
from yishi.decisions import rules
from yishi.decisions.documents.facts import Facts
from yishi.decisions.documents.rounds import everyone_elected, rounds, told
from yishi.decisions.models import Result
from yishi.decisions.tallied import ballot_lines, needed, roll_numbers
from yishi.network.viewers import Viewer
from yishi.publication.selectors import for_subject
from yishi.publication.selectors.papers import day_in_words, posting_paper, qr_drawing, register_paper

if TYPE_CHECKING:
    from yishi.publication.models import Posting

KIND = "decisions.decision"


def minutes(facts: Facts, viewer: Viewer) -> Paper | None:
    """The minutes as they stand, with places to sign."""
    found = getattr(facts.meeting, "minutes", None) if facts.meeting else None
    if found is None:
        return None
    proved = [Fields([(_("记录校验值"), found.digest)])] if found.digest else []
    blocks: list[Block] = [
        *paragraphs(found.text),
        Keep(
            [
                Fields([(_("主持人签名"), ""), (_("记录人签名"), ""), (_("参加人代表签名"), ""), (_("日期"), "")]),
                *proved,
            ]
        ),
    ]
    return Paper(_("会议记录"), blocks, number=facts.decision.reference, digest=facts.digest)


def resolution(facts: Facts, viewer: Viewer) -> Paper | None:
    """The certified result with its arithmetic, the full text, and the code of its proof; of an election every round."""
    result = facts.result
    if result is None or result.certified_at is None or not result.check_code:
        return None
    url = f"{settings.SITE_URL}/proof/{result.check_code}"
    proof = Proof(
        f"{_('校验码')} {result.check_code}",
        url,
        _("扫码或输入校验码，可以核对这份材料登记在公开的账本里。"),
        qr_drawing(url),
    )
    blocks: list[Block] = [
        Paragraph(_("%(who)s于 %(day)s 就下列事项表决，结果经核对确认。") % {
            "who": facts.decision.organisation.shown, "day": day_in_words(timezone.localtime(result.counted_at).date()),
        }),
        Heading(_("事项")), *paragraphs(facts.text), Heading(_("结果")), *_result(facts, result),
        Sign([facts.decision.organisation.shown, day_in_words(timezone.localtime(result.certified_at).date())], proof),
    ]  # fmt: skip
    title = _("关于%(title)s的决议") % {"title": facts.decision.title}
    return Paper(title, blocks, number=facts.decision.reference, digest=facts.digest)


def _result(facts: Facts, result: Result) -> Iterator[Block]:
    """The outcome in words, then its numbers and what was needed."""
    if held := rounds(facts):
        yield Paragraph(everyone_elected(held), strong=True)
        yield from told(held)
        return
    yield Paragraph(rules.spoken(result.report.get("text")) or result.outcome, strong=True)
    counted = next((r for r in reversed(facts.case.results) if facts.item and r.step == facts.item.step), None)
    if counted:
        yield Fields([*roll_numbers(counted), *ballot_lines(counted)])
        yield from (Paragraph(words) for words in needed(counted))


def _last_posting(facts: Facts, viewer: Viewer) -> "Posting | None":
    return next(reversed(for_subject(viewer, KIND, facts.decision.pk)), None)


def posting(facts: Facts, viewer: Viewer) -> Paper | None:
    """The last posting of the decision, on A4."""
    found = _last_posting(facts, viewer)
    return posting_paper(found) if found else None


def posting_for_board(facts: Facts, viewer: Viewer) -> Paper | None:
    """The last posting of the decision, on A3 for the board."""
    found = _last_posting(facts, viewer)
    return posting_paper(found, "a3") if found else None


def objections(facts: Facts, viewer: Viewer) -> Paper | None:
    """The register of objections to the last posting."""
    found = _last_posting(facts, viewer)
    return register_paper(viewer, found) if found else None
