"""Who takes a decision's papers: public ones anyone, those that print the roll the people who run the vote."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.decisions.models import Decision
from yishi.decisions.papers import INSIDE
from yishi.decisions.permissions.facts import belongs, may_see_decision, of_the_town, seen, signed_in, watches, works_on
from yishi.decisions.permissions.voting import convening_office
from yishi.network.viewers import Viewer


def may_take_papers(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Sign-in book, ballots, count sheet and draft minutes: convenors, supervisors, the town; each taking on record."""
    if not (known := signed_in(viewer)):
        return seen(viewer, decision, known)
    organisation = decision.organisation
    runs = (
        works_on(viewer, decision) or convening_office(viewer, decision) is not None
        or watches(viewer, organisation, decision.area.path) or of_the_town(viewer, organisation)
    )  # fmt: skip
    refusal = no(_("签到册、选票和计票单由召集、监督会议的人取用。"), what_now=_("通知、决议和公示人人可以下载。"))
    return seen(viewer, decision, YES if runs else refusal)


def may_read_paper(viewer: Viewer, decision: Decision, name: str) -> Verdict:
    """A step's paper: as public as the decision; nominations and defences for its own people and those who watch."""
    known = may_see_decision(viewer, decision)
    if name not in INSIDE or not known:
        return known
    organisation, path = decision.organisation, decision.area.path
    own = (
        works_on(viewer, decision) or belongs(viewer, organisation, path) or of_the_town(viewer, organisation)
        or watches(viewer, organisation, path) or convening_office(viewer, decision) is not None
    )  # fmt: skip
    return YES if own else hidden()


def may_disclose_decision(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Prepare the posting: whoever posts for the organisation; the procedure says whether it is time."""
    return seen(viewer, decision, signed_in(viewer))
