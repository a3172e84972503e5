"""Reads of postings: the board, one posting, the desk, the duties."""

from yishi.publication.selectors.board import BoardFilter, list_postings, matching, visible
from yishi.publication.selectors.desk import Desk, desk_of, duties_of, own_organisations
from yishi.publication.selectors.ledger import Placed, entries_of, placed
from yishi.publication.selectors.one import (
    CheckLine,
    ObjectionLine,
    about_of,
    checks_of,
    edition_of,
    for_subject,
    get_objection_for,
    get_posting_for,
    may_open_check_file,
    may_open_posting_file,
    objections_of,
    period_of,
    reading_of,
    shown_for,
    subject_of,
)

__all__ = [
    "BoardFilter", "CheckLine", "Desk", "ObjectionLine", "Placed", "about_of", "checks_of", "desk_of", "duties_of", "edition_of", "entries_of", "for_subject",
    "get_objection_for", "get_posting_for", "list_postings", "matching", "may_open_check_file",
    "may_open_posting_file", "objections_of", "own_organisations", "period_of", "placed", "reading_of", "shown_for", "subject_of", "visible",
]  # fmt: skip
