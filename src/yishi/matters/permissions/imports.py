"""Who may take lists of messages and tickets in, and give results back."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, no
from yishi.matters.permissions.facts import DESK_DUTIES, TOWN_DESK
from yishi.network.viewers import Viewer


def may_import_reports(viewer: Viewer, at: dt.datetime) -> Verdict:
    """The town's desk alone: its hotline centre and its government."""
    if viewer.holding(DESK_DUTIES, TOWN_DESK):
        return YES
    return no(_("导入和回传由镇热线办或镇政府的受理人员来做。"), what_now=_("请把文件交给镇热线办。"))
