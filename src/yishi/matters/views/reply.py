"""The reporter: contact, more time, reply, telling, judgement."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yishi.engines.triage.replies import check_reply
from yishi.matters import forms_acts as forms
from yishi.matters import services
from yishi.matters.models import Matter, Report
from yishi.matters.views.acts import Act
from yishi.network.viewers import Viewer


def _own_words(viewer: Viewer, report: Report) -> dict[str, Any]:
    return {
        "question": report.text or report.matter.text,
        "checks": _checks(report.text or report.matter.text, report.reply),
    }


def _matter_words(viewer: Viewer, matter: Matter) -> dict[str, Any]:
    return {"question": matter.text, "checks": _checks(matter.text, "")}


def _checks(question: str, reply: str) -> list[Any]:
    """The reading list of a reply; empty until there is something to read."""
    return check_reply(question, reply) if reply.strip() else []


ACTS = (
    Act(
        slug="contact", on="report", may="contact_reporter", form=forms.ContactForm, icon="phone",
        title=pgettext_lazy("act", "联系反映人"), button=pgettext_lazy("act", "记下已联系"), done=_("已记下联系时间。"),
        run=lambda viewer, report, given, at: services.contact_reporter(viewer, report, **given, at=at),
    ),
    Act(
        slug="extend", on="report", may="extend_report", form=forms.ExtendForm, icon="calendar-plus",
        title=pgettext_lazy("act", "延期"), button=pgettext_lazy("act", "延期"), done=_("已延期，理由会告诉反映人。"),
        lead=_("只能延一次，写明理由。"), beside="matters/_clock_of.html",
        run=lambda viewer, report, given, at: services.extend_report(viewer, report, **given, at=at),
    ),
    Act(
        slug="reply", on="report", may="reply_to_report", form=forms.ReplyForm, icon="message",
        title=pgettext_lazy("act", "答复反映人"), button=pgettext_lazy("act", "答复"), done=_("已答复。还要告知反映人。"),
        start=lambda viewer, report: {"reply": report.reply}, help=_own_words, beside="matters/_reply_checks.html",
        run=lambda viewer, report, given, at: services.reply_to_report(viewer, report, **given, at=at),
    ),
    Act(
        slug="reply-all", on="matter", may="reply_to_all", form=forms.ReplyForm, icon="messages",
        title=pgettext_lazy("act", "答复所有反映人"), button=pgettext_lazy("act", "答复所有人"), done=_("已答复所有反映人。还要逐一告知。"),
        help=_matter_words, beside="matters/_reply_checks.html",
        run=lambda viewer, matter, given, at: services.reply_to_all(viewer, matter, **given, at=at),
    ),
    Act(
        slug="tell", on="report", may="tell_reporter", form=forms.TellForm, icon="bell-ringing",
        title=pgettext_lazy("act", "告知反映人"), button=pgettext_lazy("act", "记下已告知"), done=_("已记下怎么告知的。"),
        run=lambda viewer, report, given, at: services.tell_reporter(viewer, report, **given, at=at),
    ),
    Act(
        slug="visit-back", on="report", may="visit_back", form=forms.VisitBackForm, icon="phone-check",
        title=pgettext_lazy("act", "回访"), button=pgettext_lazy("act", "记下回访"), done=_("回访已记下。"),
        lead=_("照反映人的原话记。不满意就会重新办理，请复核。"),
        run=lambda viewer, report, given, at: services.visit_back(viewer, report, **given, at=at),
    ),
    Act(
        slug="judge", on="report", may="judge_report", form=forms.JudgeForm, icon="star",
        title=pgettext_lazy("act", "评价办理结果"), button=pgettext_lazy("act", "提交评价"), done=_("谢谢您的评价。"),
        lead=_("不满意，这件事会重新办理并复核。"), beside="matters/_reply_of.html",
        run=lambda viewer, report, given, at: services.judge_report(viewer, report, **given, at=at),
    ),
    Act(
        slug="withdraw", on="report", may="withdraw_report", form=forms.ReasonForm, icon="trash",
        title=pgettext_lazy("act", "撤回我的反映"), button=pgettext_lazy("act", "撤回"), done=_("已撤回。"),
        lead=_("只撤回您的这一条；别人的反映不受影响。"),
        run=lambda viewer, report, given, at: services.withdraw_report(viewer, report, **given, at=at),
    ),
)  # fmt: skip
