"""Reads of decisions. Every loader takes the viewer."""

from yishi.decisions.selectors.ballots import get_box_for, get_run_box_for
from yishi.decisions.selectors.booths import get_booths_box_for
from yishi.decisions.selectors.desk import own_desk
from yishi.decisions.selectors.lists import DecisionFilter, list_decisions, matching, of_matter
from yishi.decisions.selectors.meetings import (
    get_item_for,
    get_meeting_by_code_for,
    get_meeting_for,
    may_open_proof,
    may_open_ruling,
)
from yishi.decisions.selectors.one import get_decision_for, read_case
from yishi.decisions.selectors.own import open_votes
from yishi.decisions.selectors.parts import may_open_paper, may_open_receipt
from yishi.decisions.selectors.rolls import get_voter_roll_by_code, get_voter_roll_for

__all__ = [
    "DecisionFilter",
    "get_booths_box_for",
    "get_box_for",
    "get_decision_for",
    "get_item_for",
    "get_meeting_by_code_for",
    "get_meeting_for",
    "get_run_box_for",
    "get_voter_roll_by_code",
    "get_voter_roll_for",
    "list_decisions",
    "matching",
    "may_open_paper",
    "may_open_proof",
    "may_open_receipt",
    "may_open_ruling",
    "of_matter",
    "open_votes",
    "own_desk",
    "read_case",
]  # fmt: skip
