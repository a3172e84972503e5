"""Everything someone raises, and what becomes of it."""

from yishi.matters.models.handling import Assignment, Extension, Step, Suspension
from yishi.matters.models.matter import Category, Matter, Merge, SavedView, SizeAppeal
from yishi.matters.models.patrol import Lane, LaneAlarm, Patrol, PatrolAnswer, PatrolPlan
from yishi.matters.models.report import ContactView, HotlineBatch, Report, ReporterContact, VisitBack
from yishi.matters.models.visit import Lead, Visit

__all__ = [
    "Assignment", "Category", "ContactView", "Extension", "HotlineBatch", "Lane", "LaneAlarm", "Lead", "Matter", "Merge",
    "Patrol", "PatrolAnswer", "PatrolPlan", "Report", "ReporterContact", "SavedView", "SizeAppeal", "Step",
    "Suspension", "Visit", "VisitBack",
]  # fmt: skip
