"""A posting and its register of objections as printed papers: A4, A4 in large print, A3 for the board; Word too."""

import datetime as dt
import io
from functools import lru_cache

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from yishi.core.papers import Block, Fields, Paper, Proof, Sign, Size, Table
from yishi.core.papers.blocks import paragraphs
from yishi.network.viewers import Viewer
from yishi.publication.models import Posting
from yishi.publication.rules import said
from yishi.publication.selectors.one import objections_of

SIZES: tuple[Size, ...] = ("a4", "large", "a3")


def posting_paper(posting: Posting, size: Size = "a4") -> Paper:
    """The posting as it hangs: text, who, until when, how to object, the code of its proof.

    The text is always the posted one; the words around it are in the reader's language.
    """
    english = (translation.get_language() or "").startswith("en") and bool(posting.text_en)
    title, text = (posting.title_en or posting.title, posting.text_en) if english else (posting.title, posting.text)
    day = posting.posted_on
    blocks: list[Block] = [
        *paragraphs(text), Fields(_facts(posting)),
        Sign([posting.organisation.shown, day_in_words(day) if day else _("（张贴当天填写日期）")],
             proof_block(posting.code_shown)),
    ]  # fmt: skip
    return Paper(
        title, blocks, kicker=str(posting.get_kind_display()), number=posting.reference,
        digest=posting.motion_digest or posting.digest, size=size, language="en" if english else "zh",
    )  # fmt: skip


def _facts(posting: Posting) -> list[tuple[str, str]]:
    rows = []
    if posting.ends_on:
        rows.append((_("张贴至"), _("%(day)s 起方可撤下") % {"day": day_in_words(posting.ends_on)}))
    else:
        rows.append((_("张贴几日"), _("满 %(n)s 个整日") % {"n": posting.days}))
    clause = said(posting.clause)
    if clause:
        rows.append((_("依据"), clause if posting.verified else f"{clause}（{_('未核定')}）"))
    if posting.kind != Posting.Kind.ANNOUNCEMENT:
        where = f"{settings.SITE_URL}{reverse('publication:object', args=[posting.reference])}"
        rows.append((_("提异议"), "；".join(w for w in (posting.phone, where) if w)))
    return rows


def register_paper(viewer: Viewer, posting: Posting) -> Paper:
    """The register of objections, with empty lines for those made on paper. Names are as they are shown in public."""
    head = [_("序号"), _("谁"), _("对哪一条"), _("事实和理由"), _("要求"), _("结论和理由"), _("日期")]
    rows = [
        [str(o.objection.number), o.objection.shown_as, o.clause, o.fact, o.demand,
         f"{o.objection.get_ruling_display()} {o.objection.reason}".strip(), f"{o.objection.at:%Y-%m-%d}"]
        for o in objections_of(viewer, posting)
    ]  # fmt: skip
    rows += [[""] * len(head) for _n in range(max(3, 8 - len(rows)))]
    return Paper(
        _("异议登记表"), [Fields([(_("材料"), f"{posting.reference} {posting.title}")]),
                     Table(head, rows, (1, 2, 3, 5, 3, 5, 2), 16)],
        number=posting.reference, digest=posting.motion_digest or posting.digest, landscape=True,
    )  # fmt: skip


def day_in_words(day: dt.date) -> str:
    """``2026年7月1日`` / ``1 July 2026``."""
    return date_format(day, "Y年n月j日" if (translation.get_language() or "").startswith("zh") else "j F Y")


def proof_block(code_shown: str) -> Proof:
    """The code, and the QR that leads to its proof."""
    url = f"{settings.SITE_URL}/proof/{code_shown}"
    words = _("扫码或输入校验码，可以核对这份材料登记在公开的账本里。")
    return Proof(f"{_('校验码')} {code_shown}", url, words, qr_drawing(url))


@lru_cache(maxsize=512)
def qr_drawing(url: str) -> str:
    """A QR code as a drawing of its own (SVG)."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=2, scale=4, dark="#000", light="#fff")
    return out.getvalue().decode()
