from django.apps import AppConfig

from yishi.core.registry import Export, Verb, register
from yishi.engines.procedure.events import KINDS

# Every event of the procedure is an act of its own; the engine has its words in both languages.
VERBS = tuple(Verb(f"decisions.{kind}", words["zh"], words["en"]) for kind, (words, _fields) in KINDS.items())

EXPORTS = tuple(
    Export(f"decisions.{name}", 80 + i)
    for i, name in enumerate(
        (
            "Unit", "UnitOwner", "Decision", "DecisionEvent", "MotionVersion", "ConflictDeclaration", "MotionComment",
            "Petition", "PetitionSignature", "Payment", "Roll", "RollEntry", "RollChange", "Meeting", "AgendaItem",
            "NoticeDelivery", "Attendance", "Proxy", "Recusal", "Minutes", "MinutesMark", "BallotBox", "SignedBallot",
            "MarkedVoter", "SecretBallot", "PaperBallot", "PaperCount", "BoothBatch", "Result",
        )
    )
)  # fmt: skip


class DecisionsConfig(AppConfig):
    name = "yishi.decisions"
    label = "decisions"

    def ready(self) -> None:
        register(verbs_=VERBS, exports_=EXPORTS)
