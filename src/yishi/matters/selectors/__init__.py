"""Reads of matters. The first argument is the viewer wherever rights matter; query counts are fixed."""

from yishi.matters.selectors.lists import MatterFilter, list_matters, matching, overdue_on, own_matters, visible
from yishi.matters.selectors.maps import MapPoint, matters_on_map
from yishi.matters.selectors.one import (
    TimelineItem,
    get_matter_for,
    get_report_for,
    is_inside,
    may_open_report_file,
    may_open_step_file,
    may_read_report,
    pictures_of,
    timeline,
)
from yishi.matters.selectors.queue import QueueItem, queue_for
from yishi.matters.selectors.rates import Exclusion, Rate, Rates, Volume, rates
from yishi.matters.selectors.reporters import has_account, is_reachable, shown_reporter
from yishi.matters.selectors.settling import doers_of, in_the_way, judged_well, open_commitments
from yishi.matters.selectors.similar import similar_to
from yishi.matters.selectors.town import (
    CommunityCounts,
    Late,
    MonthVolume,
    counts_by_community,
    home_community,
    newest,
    overdue_by_lead,
    settled_since,
    volume_by_month,
)

__all__ = [
    "CommunityCounts",
    "Exclusion",
    "Late",
    "MapPoint",
    "MatterFilter",
    "MonthVolume",
    "QueueItem",
    "Rate",
    "Rates",
    "TimelineItem",
    "Volume",
    "counts_by_community",
    "doers_of",
    "get_matter_for",
    "get_report_for",
    "has_account",
    "home_community",
    "in_the_way",
    "is_inside",
    "is_reachable",
    "judged_well",
    "list_matters",
    "matching",
    "matters_on_map",
    "may_open_report_file",
    "may_open_step_file",
    "may_read_report",
    "newest",
    "open_commitments",
    "overdue_by_lead",
    "overdue_on",
    "own_matters",
    "pictures_of",
    "queue_for",
    "rates",
    "settled_since",
    "shown_reporter",
    "similar_to",
    "timeline",
    "visible",
    "volume_by_month",
]  # fmt: skip
