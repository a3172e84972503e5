"""The acts on a motion: change, study, review, comments, petitions, money. Wording and forms; the doing is in services."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yishi.commitments import services as commitments
from yishi.core import clock
from yishi.core.forms import SureForm
from yishi.decisions import forms_acts as forms
from yishi.decisions import rules, services
from yishi.decisions.models import Decision, MotionComment, Petition
from yishi.decisions.papers import OWN, paper_title
from yishi.decisions.selectors.clauses import flagged_clauses
from yishi.decisions.selectors.petitions import digests_of
from yishi.decisions.views.acts import Act
from yishi.decisions.voting.petitioning import ways_of
from yishi.engines.procedure import load_procedure
from yishi.network import selectors as network
from yishi.network.viewers import Viewer
from yishi.people import selectors as people

Given = dict[str, Any]
FIELDS = {"text": _("方案内容"), "budget": _("预算"), "plan": _("实施计划")}


def _motion(viewer: Viewer, decision: Decision) -> Given:
    now = decision.versions.latest("number")
    return {"text": now.text, "budget": "" if now.budget is None else f"{now.budget:.2f}"}


def _fields(viewer: Viewer, decision: Decision) -> Given:
    fixed = [name for step in load_procedure(decision.procedure).steps for name in step.fixes]
    return {"changed": [(name, FIELDS.get(name, name)) for name in dict.fromkeys(("text", *fixed))]}


def _change(viewer: Viewer, decision: Decision, given: Given, at: dt.datetime) -> None:
    services.change_motion(
        viewer, decision, given["text"], given["budget"], given["changed"] or "text", given["material"],
        given["reason"], at,
    )  # fmt: skip


def _papers(viewer: Viewer, decision: Decision) -> Given:
    step = rules.step_of(decision)
    return {"papers": [(n, paper_title(n)) for n in (step.needs if step else ()) if n not in OWN]}


def _step_help(viewer: Viewer, decision: Decision) -> Given:
    step = rules.step_of(decision)
    return {"step_title": rules.spoken(step.title) if step else "", "step_clause": rules.spoken(rules.clause_of(decision, step.clause)) if step else ""}  # fmt: skip


def _review_help(viewer: Viewer, decision: Decision) -> Given:
    version = decision.versions.latest("number")
    return {"text": version.text, "flags": flagged_clauses(decision, version)}


def _do_step(viewer: Viewer, decision: Decision, given: Given, at: dt.datetime) -> None:
    papers = {}
    for name in (n for n in given if not n.endswith("_file")):
        upload = given.get(f"{name}_file")
        papers[name] = services.PaperInput(given[name], upload.file if upload else None, upload.name if upload else "")
    services.do_step(viewer, decision, papers, at)


def _comment(viewer: Viewer, decision: Decision, given: Given, at: dt.datetime) -> None:
    services.comment_on_motion(viewer, decision, given["text"], given["key"], at)


def _answer(viewer: Viewer, comment: MotionComment, given: Given, at: dt.datetime) -> None:
    services.answer_comment(viewer, comment, given["answer"], given["reason"], at)


def _money(viewer: Viewer, decision: Decision, given: Given, at: dt.datetime) -> None:
    upload = given.get("receipt")
    receipts = ((upload.file, upload.name),) if upload else ()
    services.record_money(
        viewer, decision, given["kind"], given["amount"], given["to"], given["words"], receipts, at
    )  # fmt: skip


def _ways(viewer: Viewer, decision: Decision) -> Given:
    ways = ways_of(decision, clock.today())
    return {"quantity": [(c.have, _way_words(c.have, c.base, str(c.fraction))) for c in ways]}


def _way_words(have: str, base: str, fraction: str) -> str:
    return f"{rules.quantity_words(have)} ≥ {rules.quantity_words(base)} × {fraction}"


def _enter(viewer: Viewer, petition: Petition, given: Given, at: dt.datetime) -> None:
    services.enter_signature(viewer, petition, only_person(petition.town_id, given["who"]), at)


def only_person(town_id: int, words: str) -> int:
    """The one person whom the words name.

    Raises:
        ValidationError: nobody, or several.
    """
    found = people.find_people(town_id, words)
    if len(found) != 1:
        raise ValidationError({"who": _("没有找到这个人。") if not found else _("有几位同名，请写电话末尾几位。")})
    return int(found[0].pk)


def _commit(viewer: Viewer, decision: Decision, given: Given, at: dt.datetime) -> None:
    commitments.make_commitment(
        viewer, decision, given["what"], given["organisation_id"], None, given["due_on"], given["budget"] or 0, at
    )


def _annul(viewer: Viewer, decision: Decision, given: Given, at: dt.datetime) -> None:
    upload = given.get("ruling")
    ruling = services.PaperInput(given["reason"], upload.file if upload else None, upload.name if upload else "")
    services.annul_decision(viewer, decision, given["by"], given["reason"], ruling, at)


def _organisations(viewer: Viewer, decision: Decision) -> Given:
    near = network.organisations(decision.town_id).filter(area=decision.organisation.area)
    return {"organisation_id": [(o.pk, o.shown) for o in near]}


ACTS = {act.slug: act for act in (
    Act("step", "decision", _("完成这一步"), _("提交这一步"), "do_step", _do_step, _("这一步完成了。"), forms.StepForm, icon="circle-check", choices=_papers, help=_step_help, beside="decisions/_step_asked.html"),
    Act("change", "decision", _("修改方案"), _("保存新的一版"), "change_motion", _change, _("新的一版已经保存。"), forms.ChangeForm, _("每一版都留存，各有自己的校验值。"), "pencil", _motion, _fields),
    Act("redraft", "decision", _("重新拟订"), _("从头再走"), "redraft_motion", lambda v, d, g, at: services.redraft_motion(v, d, g["text"], g["budget"], g["reason"], at), _("新的方案从第一步开始。"), forms.RedraftForm, _("未通过的结果留在记录里，不改动。"), "refresh", _motion),
    Act("withdraw", "decision", _("撤回"), _("撤回这件事"), "withdraw_decision", lambda v, d, g, at: services.withdraw_decision(v, d, g["reason"], at), _("已经撤回。"), forms.ReasonForm, _("撤回以后不能恢复，可以另行提出。"), "arrow-back-up"),
    Act("conflict", "decision", _("声明利害关系"), _("声明"), "declare_conflict", lambda v, d, g, at: services.declare_conflict(v, d, g["interested"], g["words"], at), _("已经记下。"), forms.ConflictForm, icon="scale"),
    Act("review", "decision", _("审查"), _("作出结论"), "review_decision", lambda v, d, g, at: services.review_decision(v, d, g["result"], g["reason"], at), _("审查结论已经记下。"), forms.ReviewForm, icon="gavel", help=_review_help, beside="decisions/_review_asked.html"),
    Act("comment", "decision", _("提意见"), _("提交意见"), "comment", _comment, _("收到了，会有答复。"), forms.CommentForm, _("每条意见都会有答复：采纳、部分采纳或不采纳，并写明理由。"), "message-plus", lambda v, d: {"key": clock.new_key()}),
    Act("answer", "comment", _("答复意见"), _("答复"), "answer_comment", _answer, _("已经答复。"), forms.AnswerForm, icon="message-reply", beside="decisions/_comment_asked.html"),
    Act("petition", "decision", _("发起联名"), _("发起"), "open_petition", lambda v, d, g, at: services.open_petition(v, d, g["quantity"], at), _("联名开始了，请把网址告诉大家。"), forms.PetitionForm, _("达到法定人数，就应当召集会议。"), "users-plus", choices=_ways),
    Act("sign", "petition", _("签名"), _("签上我的名字"), "sign_petition", lambda v, p, g, at: services.sign_petition(v, p, at, g["digest"]), _("已经签名。"), forms.SignForm, _("一人一个签名，随时可以撤回。名单只给受理的组织看，公开的只有人数。方案有实质修改时，须重新签名。"), "writing-sign", lambda v, p: {"digest": digests_of(p.decision)[0]}),
    Act("unsign", "petition", _("撤回签名"), _("撤回我的签名"), "withdraw_signature", lambda v, p, g, at: services.withdraw_signature(v, p, at), _("签名已经撤回。"), SureForm, icon="eraser"),
    Act("paper-signature", "petition", _("登记纸质签名"), _("登记"), "enter_signature", _enter, _("已经登记。"), forms.PaperSignatureForm, _("一人只算一次，网上签过的不再登记。"), "file-pencil"),
    Act("hand-in", "petition", _("递交联名"), _("递交"), "hand_in_petition", lambda v, p, g, at: services.hand_in_petition(v, p, at), _("联名达到法定人数，应当召集会议。"), SureForm, icon="send"),
    Act("escalate", "petition", _("报请镇街督促召集"), _("报请"), "escalate_petition", lambda v, p, g, at: services.escalate_petition(v, p, at), _("已经报请镇街。"), SureForm, icon="bell-ringing"),
    Act("money", "decision", _("登记合同、付款、决算"), _("登记"), "record_money", _money, _("已经登记。"), forms.MoneyForm, _("付款合计不能超过合同；决算须与付款一致，才能公开结果。"), "receipt-yuan"),
    Act("accept", "decision", _("验收"), _("验收通过"), "accept_work", lambda v, d, g, at: services.accept_work(v, d, g["words"], at), _("验收已经记下。"), forms.AcceptForm, _("实施人、经手款项的人和提出人不能验收。"), "checklist"),
    Act("annul", "decision", _("登记撤销"), _("登记"), "annul_decision", _annul, _("撤销已经登记。"), forms.AnnulForm, _("只登记人民法院或镇街已经作出的撤销；登记以后不能恢复。"), "gavel"),
    Act("commit", "decision", _("立责任事项"), _("立下"), "make_commitment", _commit, _("责任事项已经立下。"), forms.CommitForm, icon="flag"),
)}  # fmt: skip
SELDOM = ("annul",)  # shown only to those who can
ON_DECISION = ("step", "review", "accept", "money", "commit", "redraft", "change", "conflict", "petition", "withdraw")
