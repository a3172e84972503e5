"""Wiring of matters: audit verbs, exports, file guards, the rules of commitments made on a matter."""

from django.apps import AppConfig

from yishi.core.registry import Export, Verb, register
from yishi.matters.field_verbs import FIELD_VERBS

VERBS = (
    Verb("matters.raised", "提出事项", "raised the matter"),
    Verb("matters.joined", "也反映了这件事", "reported it too"),
    Verb("matters.accepted", "受理并分类", "accepted and sorted it"),
    Verb("matters.declined", "不予受理，说明理由和去处", "declined it, with the reason and where to go"),
    Verb("matters.withdrawn", "撤回反映", "took a report back"),
    Verb("matters.corrected", "更正事项内容", "corrected the text"),
    Verb("matters.nature_set", "改变反映的类型，重新计算时限", "changed a report's nature; its clock was counted anew"),
    Verb("matters.size_appealed", "申诉事项大小", "appealed against the size"),
    Verb("matters.size_answered", "答复大小申诉", "answered the appeal against the size"),
    Verb("matters.assigned", "派单", "assigned it"),
    Verb("matters.signed", "签收", "signed for it"),
    Verb("matters.return_asked", "申请退单，说明理由和依据", "asked to return it, with reason and law"),
    Verb("matters.return_ruled", "裁定退单申请", "ruled on the return"),
    Verb("matters.contacted", "联系反映人", "spoke with a reporter"),
    Verb("matters.noted", "记录办理情况", "noted a step of the handling"),
    Verb("matters.decision_noted", "记下提交决定的结果", "noted what became of it as a decision"),
    Verb("matters.extended", "延期至 {new}（原 {old}）", "extended to {new} (was {old})"),
    Verb("matters.suspended", "挂账，{review} 复核", "suspended it, to be reviewed on {review}"),
    Verb("matters.resumed", "恢复办理", "resumed it"),
    Verb("matters.replied", "答复反映人", "replied to a reporter"),
    Verb("matters.replied_to_all", "答复 {reports} 位反映人", "replied to reporters ({reports})"),
    Verb("matters.told", "告知反映人", "told a reporter"),
    Verb("matters.judged", "反映人评价", "recorded a reporter's judgement"),
    Verb("matters.settled", "办结", "settled it"),
    Verb("matters.merged", "并入另一件事", "merged it into another matter"),
    Verb("matters.split", "从另一件事拆出", "split it from another matter"),
    Verb(
        "matters.contact_viewed",
        "查看反映人联系方式，记录理由",
        "looked at a reporter's contact, with the reason on record",
    ),
    Verb("matters.view_saved", "保存列表", "saved a list"),
    Verb("matters.view_dropped", "不再保存列表", "dropped a saved list"),
    Verb("matters.undone", "撤回刚才的一步", "took back the step just done"),
)

EXPORTS = tuple(
    Export(f"matters.{name}", 40 + i)
    for i, name in enumerate(
        (
            "Category", "HotlineBatch", "Matter", "Report", "ReporterContact", "ContactView", "VisitBack", "Assignment",
            "Extension", "Suspension", "Step", "SizeAppeal", "Merge", "SavedView", "PatrolPlan", "Lane", "Patrol",
            "PatrolAnswer", "LaneAlarm", "Visit", "Lead",
        )
    )
)  # fmt: skip


class MattersConfig(AppConfig):
    name = "yishi.matters"
    label = "matters"

    def ready(self) -> None:
        from yishi.commitments.rules import register_subject
        from yishi.core import files
        from yishi.matters import duties, findable, holdings, reactions, selectors
        from yishi.matters.demo.wiring import STEP as DEMO_STEP
        from yishi.matters.imports.wiring import VERBS as IMPORT_VERBS
        from yishi.matters.menu import MENU
        from yishi.matters.rules.promises import MATTER_RULES

        register(verbs_=(*VERBS, *FIELD_VERBS, *IMPORT_VERBS), exports_=EXPORTS, menu_=MENU, demo_=[DEMO_STEP])
        register_subject("matters.matter", MATTER_RULES)
        files.register_guard("matters.report", selectors.may_open_report_file)
        files.register_guard("matters.step", selectors.may_open_step_file)
        holdings.register()
        reactions.connect()
        duties.register()
        findable.register()
