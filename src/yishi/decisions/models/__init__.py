"""What a body decides, by which steps, who may vote, how they voted, and what came of it."""

from yishi.decisions.models.ballot import (
    BallotBox,
    BoothBatch,
    BoxReceipt,
    MarkedVoter,
    PaperBallot,
    PaperCount,
    SecretBallot,
    SignedBallot,
)
from yishi.decisions.models.decision import (
    ConflictDeclaration,
    Decision,
    DecisionEvent,
    MotionComment,
    MotionVersion,
    Payment,
    Petition,
    PetitionSignature,
    StepPaper,
)
from yishi.decisions.models.meeting import (
    AgendaItem,
    Attendance,
    Meeting,
    Minutes,
    MinutesMark,
    NoticeDelivery,
    Proxy,
    Recusal,
)
from yishi.decisions.models.result import Result
from yishi.decisions.models.roll import Roll, RollChange, RollEntry, RollHolder, RollObjection, Unit, UnitOwner

__all__ = [
    "AgendaItem", "Attendance", "BallotBox", "BoothBatch", "BoxReceipt", "ConflictDeclaration", "Decision", "DecisionEvent",
    "MarkedVoter", "Meeting", "Minutes", "MinutesMark", "MotionComment", "MotionVersion", "NoticeDelivery",
    "PaperBallot", "PaperCount", "Payment", "Petition", "PetitionSignature", "Proxy", "Recusal", "Result", "Roll",
    "RollChange", "RollEntry", "RollHolder", "RollObjection", "SecretBallot", "SignedBallot", "StepPaper", "Unit",
    "UnitOwner",
]  # fmt: skip
