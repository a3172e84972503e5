"""What a posting of a decision must hold: the resolution before it is carried out, the outcome after it."""

import datetime as dt

from django.utils import translation
from django.utils.translation import gettext as _

from yishi.core.verdicts import Refusal, no
from yishi.decisions import rules
from yishi.decisions.models import Decision, Payment
from yishi.decisions.tallied import vote_words
from yishi.engines.procedure import Case, Pack, UnknownPack, pack_in_force
from yishi.engines.procedure.case import with_locals
from yishi.publication.rules import Facts, item_of

DEFAULT_DAYS = 15


def facts_of(decision: Decision, on: dt.date) -> Facts:
    """Kind, days and clause by the pack in force on a day, the text as the resolution or the outcome.

    Raises:
        Refusal: the decision is not at a step that is posted, or hangs already.
    """
    case = rules.case_of(decision)
    step = rules.current_step(case)
    if step is None or step.kind != "posting":
        now = rules.spoken(step.title) if step else decision.get_status_display()
        raise Refusal(no(
            _("现在是“%(step)s”，还不到公开的时候。") % {"step": now},
            what_now=_("结果确认以后公开决议，验收决算以后公开实施结果。"),
        ))  # fmt: skip
    if case.phase != "start":
        raise Refusal(no(_("这一步已经张贴。"), what_now=_("请到公示栏看它，期满后撤下。")))
    pack = _pack(case, on)
    item = _item(step.id)
    known = item_of(item)
    assert known is not None
    version = decision.versions.order_by("-number").first()
    clause = (pack.waits["posting"].clause or pack.clause) if pack else {}
    with translation.override("zh-hans"):
        title, text = _words(decision, case, step.id)
    return Facts(
        kind=known.kind, item=item, step=step.id, days=pack.waits["posting"].amount if pack else DEFAULT_DAYS,
        clause=rules.clause_of(decision, clause),
        verified=bool(pack and pack.verified and not rules.by_analogy(decision, clause)),
        motion_digest=version.digest if version else "", organisation_id=decision.organisation_id,
        area_id=decision.area_id, title=title[:120], text=text, visibility=decision.visibility,
    )  # fmt: skip


def _pack(case: Case, on: dt.date) -> Pack | None:
    try:
        return with_locals(case, pack_in_force(case.step.families[0], on))
    except UnknownPack:
        return None


def _item(step: str) -> str:
    if step.startswith("outcome"):
        return "outcome"
    return "resolution" if "disclosure" in step else "proposal"


def _words(decision: Decision, case: Case, step: str) -> tuple[str, str]:
    """Title and text in Chinese, as they are posted; personal data is covered by the board."""
    name = rules.spoken(case.step.title)
    version = decision.versions.order_by("-number").first()
    parts = [f"{decision.organisation.name}：{decision.title}（{decision.reference}）。"]
    if step.startswith("outcome"):
        parts += _outcome(decision)
    else:
        parts += _resolution(case)
    if version is not None:
        parts += ["方案全文：", version.text]
        if version.budget is not None:
            parts.append(f"预算 {version.budget:.2f} 元。")
    return f"{decision.title}：{name}", "\n".join(parts)


def _resolution(case: Case) -> list[str]:
    """Each certified vote: how it ended, who should be there and took part, for and against, what was needed."""
    certified = [r for r in case.results if r.certified_on is not None and not r.replaced]
    told = []
    for result in certified or case.results[-1:]:
        clause = f"（{result.pack.clause['zh']}）" if result.pack.clause else ""
        told += [f"{result.on:%Y-%m-%d} 表决：{result.text['zh']}{clause}", *vote_words(result)]
    return told


def _outcome(decision: Decision) -> list[str]:
    """The money: contracts, payments, the final account; of an account of nothing, why."""
    rows = list(decision.payments.order_by("at", "pk"))
    told = [f"{p.at:%Y-%m-%d} {p.get_kind_display()} {p.amount:.2f} 元" + _to(p) for p in rows]
    accounted = any(p.kind == Payment.Kind.FINAL_ACCOUNT for p in rows)
    return [*told, "工程已经验收，决算与付款一致。" if accounted else "工程已经验收。"]


def _to(payment: Payment) -> str:
    said = payment.to if payment.amount else payment.words
    return f"，{said}" if said else ""
