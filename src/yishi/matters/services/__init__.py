"""Commands on matters: the only writers. One verb, one transaction, one audit entry."""

from yishi.matters.services.answering import judge_report, reply_to_all, reply_to_report, tell_reporter, visit_back
from yishi.matters.services.endings import settle_matter, withdraw_report
from yishi.matters.services.handling import (
    add_note,
    contact_reporter,
    extend_report,
    note_decision,
    resume_matter,
    suspend_matter,
)
from yishi.matters.services.looking import ContactShown, drop_view, save_view, view_contact
from yishi.matters.services.merging import merge_matter, split_matter
from yishi.matters.services.on_behalf import raise_with_contact
from yishi.matters.services.raising import ContactInput, RaiseInput, raise_matter
from yishi.matters.services.routing import ask_return, assign_matter, rule_on_return, sign_assignment
from yishi.matters.services.sorting import (
    accept_matter,
    answer_size_appeal,
    appeal_size,
    correct_matter,
    decline_matter,
    set_nature,
)
from yishi.matters.services.undoing import undo_assignment, undo_signature, undo_telling

__all__ = [
    "ContactInput", "ContactShown", "RaiseInput", "accept_matter", "add_note", "answer_size_appeal", "appeal_size",
    "ask_return", "assign_matter", "contact_reporter", "correct_matter", "decline_matter", "drop_view", "extend_report",
    "judge_report", "merge_matter", "note_decision", "raise_matter", "raise_with_contact", "reply_to_all", "reply_to_report", "resume_matter",
    "rule_on_return", "save_view", "set_nature", "settle_matter", "sign_assignment", "split_matter",
    "suspend_matter", "tell_reporter", "undo_assignment", "undo_signature", "undo_telling", "view_contact", "visit_back", "withdraw_report",
]  # fmt: skip
