"""What a subject above (a decision, an appraisal) says of the postings that make it known.

The app that owns the subject registers its rules. Each act of a posting asks the subject first, in the
same transaction: what the subject refuses does not happen, and what happens is known to both.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yishi.core.verdicts import Verdict
from yishi.engines.words import Text
from yishi.network.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Facts:
    """What the subject asks of its posting: which word, which item, for how many days, by which clause."""

    kind: str
    item: str
    step: str
    days: int
    clause: Text
    verified: bool
    motion_digest: str
    organisation_id: int
    area_id: int
    title: str
    text: str
    visibility: str = "public"


@dataclass(frozen=True, slots=True)
class SubjectRules:
    """``load`` gives the subject by its id (None: gone); ``facts`` what a posting of it must hold now.

    ``carry(viewer, subject, posting, act, at, data)`` tells the subject of an act (opened, checked,
    objected, answered, ended) and raises :class:`~yishi.core.verdicts.Refusal` where it says no.
    ``stands(subject, posting)``: whether the posting still belongs where the subject is and says what is so.
    ``edition(subject)``: where everyone takes the files from which it is recomputed, if there are any.
    """

    load: Callable[[int], Any]
    may_see: Callable[[Viewer, Any, dt.datetime], Verdict]
    facts: Callable[[Any, dt.date], Facts]
    carry: Callable[[Viewer, Any, Any, str, dt.datetime, dict[str, Any]], None]
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    stands: Callable[[Any, Any], bool]
    edition: Callable[[Any], str] = lambda _subject: ""


_rules: dict[str, SubjectRules] = {}


def register_subject(kind: str, rules: SubjectRules) -> None:
    """Let a kind of subject (``decisions.decision``) be made known by postings."""
    _rules[kind] = rules


def rules_of(kind: str) -> SubjectRules | None:
    """The rules of a kind of subject, if it has any."""
    return _rules.get(kind)
