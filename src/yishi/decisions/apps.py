from django.apps import AppConfig

from yishi.core.registry import Export, Verb, register
from yishi.decisions.voting.verbs import VERBS as VOTING
from yishi.engines.procedure.events import KINDS

# Every event of the procedure is an act of its own; the engine has its words in both languages.
VERBS = tuple(Verb(f"decisions.{kind}", words["zh"], words["en"]) for kind, (words, _fields) in KINDS.items())

BESIDE = (
    Verb("decisions.started", "提出决定事项", "brought a matter to a decision"),
    Verb("decisions.conflict_declared", "声明利害关系", "declared an interest or none"),
    Verb("decisions.commented", "对方案提意见", "commented on the motion"),
    Verb("decisions.comment_answered", "答复意见", "answered a comment"),
    Verb("decisions.petition_opened", "发起联名", "opened a petition"),
    Verb("decisions.petition_signed", "在联名上签名", "signed the petition"),
    Verb(
        "decisions.papers_taken",
        "取用会议文书（{name}），事由在案（{reason}）",
        "took papers of the meeting ({name}), the reason on record ({reason})",
    ),
    Verb("decisions.petition_unsigned", "撤回联名签名", "took a signature back"),
)

EXPORTS = tuple(
    Export(f"decisions.{name}", 80 + i)
    for i, name in enumerate(
        (
            "Unit", "UnitOwner", "Decision", "DecisionEvent", "MotionVersion", "ConflictDeclaration", "MotionComment",
            "StepPaper", "Petition", "PetitionSignature", "Payment", "Roll", "RollEntry", "RollHolder", "RollChange", "RollObjection", "Meeting", "AgendaItem",
            "NoticeDelivery", "Attendance", "Proxy", "Recusal", "Minutes", "MinutesMark", "BallotBox", "BoxReceipt", "SignedBallot",
            "MarkedVoter", "SecretBallot", "PaperBallot", "PaperCount", "Booth", "BoothBatch", "Result", "RecountKeying", "RefusedBallot",
        )
    )
)  # fmt: skip


class DecisionsConfig(AppConfig):
    name = "yishi.decisions"
    label = "decisions"

    def ready(self) -> None:
        from yishi.commitments.rules import register_subject
        from yishi.core import files
        from yishi.decisions import beside, findable, news, reactions, selectors
        from yishi.decisions.demo.wiring import STEP as DEMO_STEP
        from yishi.decisions.menu import MENU
        from yishi.decisions.promises import DECISION_RULES
        from yishi.matters.rules.related import register_related

        register(verbs_=(*VERBS, *BESIDE, *VOTING), exports_=EXPORTS, menu_=MENU, demo_=[DEMO_STEP])
        register_subject("decisions.decision", DECISION_RULES)
        files.register_guard("decisions.steppaper", selectors.may_open_paper)
        files.register_guard("decisions.payment", selectors.may_open_receipt)
        files.register_guard("decisions.noticedelivery", selectors.may_open_proof)
        files.register_guard("decisions.recountkeying", selectors.may_open_ruling)
        news.connect()
        register_related(beside.beside)
        findable.register()
        reactions.connect()
