"""The roll of an election's voters for the board: names and household numbers, until when to object, and the QR to check it."""

from itertools import chain

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from yishi.core.papers import Block, Paper, Paragraph, Proof, Sign, Size, Table
from yishi.decisions.documents.facts import Facts
from yishi.decisions.permissions import voter_roll_hangs
from yishi.decisions.selectors.rolls import RollLine, days_of, entries_of, posted_line
from yishi.decisions.services.rolls import voter_roll
from yishi.network.viewers import Viewer
from yishi.publication.selectors.papers import day_in_words, qr_drawing

BESIDE = 2
"""How many columns of names stand beside each other: a number of four digits and a name of four characters fit on one line."""


def voter_roll_paper(facts: Facts, viewer: Viewer) -> Paper | None:
    """The posted roll on A4."""
    return _paper(facts, "a4")


def voter_roll_for_board(facts: Facts, viewer: Viewer) -> Paper | None:
    """The posted roll on A3, in letters that are read from a step away."""
    return _paper(facts, "a3")


def _paper(facts: Facts, size: Size) -> Paper | None:
    decision = facts.decision
    roll = voter_roll(decision) if voter_roll_hangs(decision) else None
    if roll is None or not roll.board_code:
        return None
    lines = [posted_line(e) for e in entries_of(roll) if not e.struck]
    days = days_of(decision)
    url = f"{settings.SITE_URL}{reverse('decisions:roll_by_code', args=[roll.board_code])}"
    told = [_("本名单共 %(n)s 人。") % {"n": len(lines)}]
    if days.election_on:
        told.append(_("选举日：%(day)s。") % {"day": day_in_words(days.election_on)})
    if days.objections_until:
        told.append(_("对名单有异议的，请在 %(day)s（含当天）以前向选举委员会提出申诉（%(clause)s）。") % {
            "day": day_in_words(days.objections_until), "clause": days.clause,
        })  # fmt: skip
    head = (_("序号"), _("姓名"), _("户号")) * BESIDE
    blocks: list[Block] = [
        Paragraph("".join(told)),
        Proof(capfirst(_("选民名单")), url, _("本村（社区）的人扫码可以按姓名查找；登录后可以提出申诉。请勿转发到网上。"), qr_drawing(url)),
        Table(head, _rows(lines), (2, 4, 4) * BESIDE),
        Sign([decision.organisation.shown, day_in_words(days.posted_on) if days.posted_on else ""]),
    ]  # fmt: skip
    return Paper(
        capfirst(_("选民名单")), blocks, kicker=decision.title, number=decision.reference, digest=roll.root, size=size
    )


def _rows(lines: list[RollLine]) -> list[tuple[str, ...]]:
    """Lines from left to right, then down."""
    cells = [(str(line.number), line.name, line.household) for line in lines]
    cells += [("", "", "")] * (-len(cells) % BESIDE)
    return [tuple(chain(*cells[i : i + BESIDE])) for i in range(0, len(cells), BESIDE)]
