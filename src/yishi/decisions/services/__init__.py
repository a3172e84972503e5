"""Commands on decisions: the only writers. One verb, one transaction, one audit entry."""

from yishi.decisions.services.comments import answer_comment, comment_on_motion
from yishi.decisions.services.money import accept_work, record_money
from yishi.decisions.services.motions import (
    StartInput,
    change_motion,
    declare_conflict,
    redraft_motion,
    start_decision,
    withdraw_decision,
)
from yishi.decisions.services.petitions import (
    enter_signature,
    escalate_petition,
    hand_in_petition,
    open_petition,
    sign_petition,
    withdraw_signature,
)
from yishi.decisions.services.steps import PaperInput, annul_decision, do_step, review_decision

__all__ = [
    "PaperInput", "StartInput", "accept_work", "annul_decision", "answer_comment", "change_motion", "comment_on_motion",
    "declare_conflict", "do_step", "enter_signature", "escalate_petition", "hand_in_petition", "open_petition",
    "record_money", "redraft_motion", "review_decision", "sign_petition", "start_decision", "withdraw_decision",
    "withdraw_signature",
]  # fmt: skip
