"""The places of decisions in the menu."""

from django.utils.translation import gettext_lazy as _

from yishi.core.registry import MenuEntry

MENU = (
    MenuEntry("decisions", _("决定"), "decisions:list", "gavel", "resident", 12),
    MenuEntry(
        "meetings", _("会议与投票"), "decisions:meetings", "checkbox", "resident", 60, lambda v: not v.is_anonymous
    ),
    MenuEntry("decision-desk", _("决定待办"), "decisions:desk", "checklist", "officer", 15, lambda v: bool(v.offices)),
)
