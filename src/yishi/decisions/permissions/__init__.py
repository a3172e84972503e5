"""Who may do what to a decision: from offices and capacities held now and from where it stands. Fail-closed."""

from yishi.decisions.permissions.facts import (
    belongs,
    convenes,
    guides,
    is_comrade,
    leads_party,
    may_see_decision,
    of_the_town,
    watches,
    works_on,
)
from yishi.decisions.permissions.money import may_accept_work, may_make_commitment, may_record_money
from yishi.decisions.permissions.motions import (
    may_answer_comment,
    may_change_motion,
    may_comment,
    may_declare_conflict,
    may_do_step,
    may_redraft_motion,
    may_review_decision,
    may_start_decision,
    may_start_petition,
    may_withdraw_decision,
)
from yishi.decisions.permissions.petitions import (
    may_enter_signature,
    may_escalate_petition,
    may_hand_in_petition,
    may_open_petition,
    may_sign_petition,
)
from yishi.decisions.permissions.voting import (
    may_certify_result,
    may_convene_meeting,
    may_count_ballots,
    may_recount_ballots,
    may_run_meeting,
    may_see_meeting,
)

__all__ = [
    "belongs", "convenes", "guides", "is_comrade", "leads_party", "may_accept_work", "may_answer_comment",
    "may_certify_result", "may_change_motion", "may_comment", "may_convene_meeting", "may_count_ballots", "may_declare_conflict", "may_do_step", "may_enter_signature",
    "may_escalate_petition", "may_hand_in_petition", "may_make_commitment", "may_open_petition", "may_record_money", "may_recount_ballots",
    "may_redraft_motion", "may_review_decision", "may_run_meeting", "may_see_decision", "may_see_meeting", "may_sign_petition", "may_start_decision",
    "may_start_petition", "may_withdraw_decision", "of_the_town", "watches", "works_on",
]  # fmt: skip
