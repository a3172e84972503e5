"""Who may do what to a matter: from offices held now, the matter's stage and its handling. Fail-closed.

Three circles: the *desk* sorts (town hotline and government, the community's committee; for a
sealed matter its hall alone), the *lead* does (officers of the lead organisation once signed),
the *reporter* tells and judges. Offices reach the viewer only when its session is confirmed as
the installation asks, so nothing here looks at accounts.
"""

from yishi.matters.permissions.doing import (
    may_add_note,
    may_contact_reporter,
    may_extend_report,
    may_judge_report,
    may_make_commitment,
    may_reply_to_all,
    may_reply_to_report,
    may_resume_matter,
    may_save_view,
    may_settle_matter,
    may_suspend_matter,
    may_tell_reporter,
    may_view_contact,
    may_visit_back,
)
from yishi.matters.permissions.facts import (
    ACTIVE,
    COMMUNITY_DESK,
    DESK_DUTIES,
    DOING_DUTIES,
    FEED_CHANNELS,
    STAFF_CHANNELS,
    TOWN_DESK,
    assignments_of,
    at_desk,
    desk_offices,
    entered,
    is_assigned,
    is_handler,
    lead_of,
    may_see_matter,
    owns,
    reports_of,
    serves_in,
    works_on,
)
from yishi.matters.permissions.imports import may_import_reports
from yishi.matters.permissions.sorting import (
    may_accept_matter,
    may_answer_size_appeal,
    may_appeal_size,
    may_ask_return,
    may_assign_matter,
    may_correct_matter,
    may_decline_matter,
    may_merge_matter,
    may_raise_matter,
    may_rule_on_return,
    may_set_nature,
    may_sign_assignment,
    may_split_matter,
    may_withdraw_report,
)

__all__ = [
    "may_import_reports",
    "ACTIVE", "COMMUNITY_DESK", "DESK_DUTIES", "DOING_DUTIES", "FEED_CHANNELS", "STAFF_CHANNELS", "TOWN_DESK",
    "assignments_of", "at_desk", "desk_offices", "entered", "is_assigned", "is_handler", "lead_of",
    "may_accept_matter", "may_add_note", "may_answer_size_appeal", "may_appeal_size", "may_ask_return",
    "may_assign_matter", "may_contact_reporter", "may_correct_matter", "may_decline_matter",
    "may_extend_report", "may_judge_report", "may_make_commitment", "may_merge_matter", "may_raise_matter",
    "may_reply_to_all", "may_reply_to_report", "may_resume_matter", "may_rule_on_return", "may_save_view",
    "may_see_matter", "may_set_nature", "may_settle_matter", "may_sign_assignment", "may_split_matter",
    "may_suspend_matter", "may_tell_reporter", "may_view_contact", "may_visit_back", "may_withdraw_report",
    "owns", "reports_of", "serves_in", "works_on",
]  # fmt: skip
