"""What a subject (a matter, a hall's session, a decision) says of the promises made on it.

The app above that owns the subject registers its rules; a subject without rules
takes no commitments.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from yishi.core.audit import kind_of
from yishi.core.verdicts import Verdict, no
from yishi.network.viewers import Viewer

May = Callable[[Viewer, Any, dt.datetime], Verdict]


@dataclass(frozen=True, slots=True)
class SubjectRules:
    """``load`` gives the subject by its id (None: gone); each ``may_…`` takes viewer, subject, moment."""

    load: Callable[[int], Any]
    may_see: May
    may_commit: May
    may_accept: May
    may_cancel: May
    title: Callable[[Any], str]
    url: Callable[[Any], str]


_rules: dict[str, SubjectRules] = {}


def register_subject(kind: str, rules: SubjectRules) -> None:
    """Let promises be made on a kind of subject (``matters.matter``)."""
    _rules[kind] = rules


def rules_of(kind: str) -> SubjectRules | None:
    """The rules of a kind of subject, if it takes commitments."""
    return _rules.get(kind)


def may_commit_on(viewer: Viewer, subject: Model, at: dt.datetime) -> Verdict:
    """Whether this viewer may make a commitment on this subject."""
    rules = rules_of(kind_of(subject))
    return rules.may_commit(viewer, subject, at) if rules else no(_("这里不能立责任事项。"))
