"""Commands on postings: the only writers. One verb, one transaction, one audit entry."""

from yishi.publication.services.duties import raise_disclosure_duties
from yishi.publication.services.hanging import (
    check_posting,
    correct_posting,
    end_posting,
    note_missed_checks,
    open_posting,
    resume_posting,
    suspend_posting,
)
from yishi.publication.services.ledger import accept_cosignatures, add_witness, enter, enter_entry, take_in
from yishi.publication.services.objecting import ObjectionInput, answer_objection, object_to_posting
from yishi.publication.services.preparing import PostingInput, prepare_for_subject, prepare_posting, words_digest
from yishi.publication.services.superseding import supersede_moved

__all__ = [
    "ObjectionInput", "PostingInput", "accept_cosignatures", "add_witness", "answer_objection", "check_posting", "correct_posting", "end_posting", "enter", "enter_entry",
    "note_missed_checks", "object_to_posting", "open_posting", "prepare_for_subject", "prepare_posting",
    "raise_disclosure_duties", "resume_posting", "supersede_moved", "suspend_posting", "take_in", "words_digest",
]  # fmt: skip
