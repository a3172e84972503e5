"""Papers before the vote: the notice, the proxy form, the sign-in book."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yishi.core.papers import Block, Fields, Heading, Paper, Paragraph, Sign, Table
from yishi.core.papers.blocks import paragraphs
from yishi.decisions import rules
from yishi.decisions.documents.attending import how, proxy_rule, roll_words
from yishi.decisions.documents.facts import Facts, page_proof, when
from yishi.decisions.models import Meeting
from yishi.network.viewers import Viewer
from yishi.publication.selectors.papers import day_in_words

PROXY_LAW = "民法典第165条"


def law_of(facts: Facts) -> str:
    """The pack by which the item is decided, with its clause."""
    pack = facts.pack
    return f"{rules.spoken(pack.clause)}（{pack.id}）" if pack else ""


def notice(facts: Facts, viewer: Viewer) -> Paper | None:
    """The notice of the meeting: time, place, matters with their full text, the roll, how to attend, authorise, object."""
    meeting, item = facts.meeting, facts.item
    if meeting is None or item is None:
        return None
    rows = [
        (_("时间"), when(meeting.meets_at)), (_("地点"), meeting.place), (_("事项"), facts.decision.title),
        (_("依据"), law_of(facts)),
        (_("名册"), roll_words(facts)),
        (_("怎么投票"), str(facts.decision.get_secrecy_display())),
    ]  # fmt: skip
    if facts.decision.procedure == "village_election":
        rows.append(
            (
                _("查对选民名单"),
                f"{settings.SITE_URL}{reverse('decisions:posted_roll', args=[facts.decision.reference])}",
            )
        )
    if meeting.votes_until:
        rows.insert(1, (_("投票截止"), when(meeting.votes_until)))
    blocks: list[Block] = [
        Paragraph(_("兹定于下列时间召开%(title)s，请按时参加。") % {"title": meeting.title}),
        Fields([r for r in rows if r[1]]), Heading(_("方案全文")), *paragraphs(facts.text), Heading(_("怎么参加")),
        *(Paragraph(words) for words in how(facts)),
        Paragraph(_("对名册或事项有异议的，请在会前向召集的组织提出，也可以在下面的网页上提意见。")),
        Sign([meeting.organisation.shown, day_in_words(_day(meeting))], page_proof(facts, _("扫码看全部材料和进展。"))),
    ]  # fmt: skip
    title = _("关于召开%(title)s的通知") % {"title": meeting.title}
    return Paper(title, blocks, number=facts.decision.reference, digest=facts.digest)


def _day(meeting: Meeting) -> dt.date:
    return timezone.localtime(meeting.noticed_at or meeting.meets_at).date()


def proxy_form(facts: Facts, viewer: Viewer) -> Paper | None:
    """A blank written authority (Civil Code 165); none where the rules of the body do not let one send another."""
    meeting, rule = facts.meeting, proxy_rule(facts)
    if meeting is None or not rule:
        return None
    blank = ""
    blocks: list[Block] = [
        Fields([(_("委托人（名册序号）"), blank), (_("受托人"), blank), (_("双方关系"), blank)]),
        Paragraph(_("本人委托上列受托人代为参加%(title)s，并就下列事项表决。") % {"title": meeting.title}),
        Fields([
            (_("事项"), facts.decision.title), (_("会议时间"), when(meeting.meets_at)), (_("权限"), blank),
            (_("期限"), _("本次会议结束为止")),
        ]),
        Paragraph(rule), Paragraph(_("没有写明权限的，仅代为表决本事项。")),
        Fields([(_("委托人签名（指印）"), blank), (_("受托人签名"), blank), (_("日期"), blank)]),
        Paragraph(_("依据：%(law)s。") % {"law": PROXY_LAW}, flush=True),
    ]  # fmt: skip
    return Paper(_("委托书"), blocks, number=facts.decision.reference, digest=facts.digest)


def sign_in_book(facts: Facts, viewer: Viewer) -> Paper | None:
    """The roll as a book to sign in: number, household, name as posted, way, signature or thumbprint, in and out."""
    meeting, lines = facts.meeting, facts.lines()
    if meeting is None or not lines:
        return None
    head = [_("序号"), _("户号"), _("姓名"), _("方式"), _("签名或指印"), _("签到"), _("离场")]
    rows = [[str(e.number), e.household, e.label, "", "", "", ""] for e in lines]
    blocks: list[Block] = [
        Fields([(_("会议"), meeting.title), (_("时间"), when(meeting.meets_at)), (_("地点"), meeting.place)]),
        Table(head, rows, (2, 4, 4, 2, 5, 3, 3), 11),
        Paragraph(_("方式：本人、委托（写受托人）、代办。中途离场的，请写明时间。"), flush=True),
    ]  # fmt: skip
    return Paper(_("签到册"), blocks, number=facts.decision.reference, digest=facts.digest)
