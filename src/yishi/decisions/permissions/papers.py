"""Who takes a decision's papers: public ones anyone, those that print the roll the people who run the vote."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.decisions.models import BallotBox, Decision, PaperCount, RollEntry, SignedBallot, lines_through
from yishi.decisions.papers import INSIDE
from yishi.decisions.permissions.facts import (
    belongs,
    convening_office,
    may_see_decision,
    oversees,
    seen,
    signed_in,
    works_on,
)
from yishi.network.viewers import Viewer


def may_take_papers(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Sign-in book, ballots, count sheet and draft minutes: convenors, supervisors, the town; each taking on record."""
    if not (known := signed_in(viewer)):
        return seen(viewer, decision, known)
    runs = (
        works_on(viewer, decision) or convening_office(viewer, decision) is not None
        or oversees(viewer, decision)
    )  # fmt: skip
    refusal = no(_("签到册、选票和计票单由召集、监督会议的人取用。"), what_now=_("通知、决议和公示人人可以下载。"))
    return seen(viewer, decision, YES if runs else refusal)


def shows_ballots(decision: Decision) -> bool:
    """Whether its bundle holds ballots under the codes of lines, or lines known by their area: owners in effect."""
    signed = BallotBox.objects.filter(item__decision=decision, secret=False).exists()
    return signed or any(n.startswith("area") for r in decision.rolls.all() for n in r.counts)


def has_public_edition(decision: Decision) -> bool:
    """Whether every signed vote of it was closed with commitments, or counted by hand from papers; two queries."""
    boxes = BallotBox.objects.filter(item__decision=decision, secret=False).exclude(state=BallotBox.State.OPEN)
    standing = SignedBallot.objects.filter(box=OuterRef("pk"), revoked_at=None)
    papers = PaperCount.objects.filter(Q(issued__gt=0) | Q(returned__gt=0), box=OuterRef("pk"))
    without = ~Exists(standing) & ~Exists(papers) | Exists(standing.filter(salt=""))
    return not boxes.filter(without).exists()


def has_bundle(decision: Decision) -> bool:
    """Whether a result may have been certified."""
    return decision.certified or decision.status != Decision.Status.RUNNING


def editions(decision: Decision) -> dict[str, bool]:
    """Whether there is a bundle, whether everyone may have it whole, or else its public edition."""
    there = has_bundle(decision)
    signed = there and shows_ballots(decision)
    return {
        "has_bundle": there, "open_bundle": there and not signed,
        "public_edition": signed and has_public_edition(decision),
    }  # fmt: skip


def may_read_bundle(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """The bundle of a secret vote, and the public edition of any other: whoever sees the decision. One that shows
    who voted how is taken on record."""
    if not shows_ballots(decision) or has_public_edition(decision):
        return may_see_decision(viewer, decision)
    return seen(viewer, decision, no(
        _("这个决策包里有每一户的票，不在网上公开，公开的是合计。"),
        what_now=_("名册上的人和召集、监督的人，可以登录后在“文书”页取用，并留有记录。"),
    ))  # fmt: skip


def may_take_bundle(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """The bundle with every ballot: those on its rolls, and those who take its other papers; on record."""
    if viewer.person_id is not None and not viewer.helping_id:
        mine = RollEntry.objects.filter(pk__in=lines_through(viewer.person_id), roll__decision=decision)
        frozen = mine.exclude(roll__frozen_at=None)
        if frozen.exists():
            return may_see_decision(viewer, decision)
    return may_take_papers(viewer, decision, at)


def may_read_paper(viewer: Viewer, decision: Decision, name: str) -> Verdict:
    """A step's paper: as public as the decision; nominations and defences for its own people and those who watch."""
    known = may_see_decision(viewer, decision)
    if name not in INSIDE or not known:
        return known
    own = (
        works_on(viewer, decision) or belongs(viewer, decision.organisation, decision.area.path)
        or oversees(viewer, decision) or convening_office(viewer, decision) is not None
    )  # fmt: skip
    return YES if own else hidden()


def may_disclose_decision(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Prepare the posting: whoever posts for the organisation; the procedure says whether it is time."""
    return seen(viewer, decision, signed_in(viewer))
