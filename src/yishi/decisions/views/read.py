"""The public page of a decision: where it stands, what the law asks, the arithmetic, the motion, what can be done now."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yishi.commitments import selectors as commitments
from yishi.core import clock
from yishi.core.acts import Offered
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal
from yishi.decisions import permissions, rules, selectors
from yishi.decisions.diffs import difference
from yishi.decisions.models import Decision, Result
from yishi.decisions.selectors import law, one, own, parts, rounds
from yishi.decisions.selectors.clauses import flagged_clauses
from yishi.decisions.selectors.petitions import ShownPetition, get_petition_of, petitions_of
from yishi.decisions.views import papers
from yishi.decisions.views.motions import ACTS, ON_DECISION, SELDOM
from yishi.decisions.views.shown import status_of, tone_of, where
from yishi.decisions.voting.kinds import by_presence
from yishi.engines.procedure import load_procedure
from yishi.inbox import selectors as inbox
from yishi.inbox import services as following
from yishi.network.viewers import Viewer

Context = dict[str, Any]


@policy("decisions.get_decision_for")
@public_page
@require_safe
def decision_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything about a decision that this reader may see, and what they can do now."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    decision = selectors.get_decision_for(viewer, reference)
    return render(request, "decisions/decision.html", page_of(viewer, decision, clock.now()))


def page_of(viewer: Viewer, decision: Decision, at: dt.datetime) -> Context:
    """What the page shows, in a fixed number of questions to the database."""
    case, events = one.read_case(decision)
    versions = parts.versions_of(decision)
    results = one.results_of(decision, case, events)
    works = permissions.works_on(viewer, decision)
    return {
        "decision": decision, "tone": tone_of(decision), "status": status_of(decision), "where": where(decision),
        "steps": spine_of(one.spine(decision, case)), "results": [r for r in rounds.in_order(results) if r.decides],
        "before": [r for r in results if not r.decides], "seals": seals_of(decision), "why": settings_of(decision),
        "coming": one.coming(decision, case), "can_be_done": one.can_be_done(case), "doubts": law.doubts(case, clock.local_day(at)), "warnings": [rules.spoken(n.text) for n in case.notes],
        "flags": flagged_clauses(decision, versions[0] if versions and decision.status == "running" else None),
        "motion": versions[0] if versions else None, "versions": versions, "papers": parts.papers_of(viewer, decision),
        "comments": comments_of(viewer, decision, at, works), "petitions": petition_rows(viewer, decision, at),
        "money": parts.money_of(decision, versions, case), "history": one.history(events),
        "commitments": commitments.for_subject("decisions.decision", decision.pk),
        "page_url": settings.SITE_URL + reverse("decisions:decision", args=[decision.reference]),
        "roll_url": roll_to_read(viewer, decision, at), "conflicts": conflicts_of(decision), "works": works, **acts_for(viewer, decision, at, works=works), **_matter_of(decision),
        **papers.published(viewer, decision), **sittings_of(viewer, decision, works=works),
    }  # fmt: skip


def spine_of(steps: list[one.SpineStep]) -> list[Context]:
    """The steps as the spine draws them."""
    return [{"title": s.title, "text": s.text, "at": s.on, "who": s.who, "clause": s.clause, "unverified": not s.verified, "local": s.local, "state": s.state} for s in steps]  # fmt: skip


def settings_of(decision: Decision) -> Context:
    """Why this body: the router's own words, and what goes with it."""
    needs = {"trading_platform": _("须进入农村集体资产交易平台")}
    kept = decision.settings
    return {"why": rules.spoken(kept.get("why")), "needs": [needs.get(n, n) for n in kept.get("needs", ())]}


def seals_of(decision: Decision) -> list[Result]:
    """The certified results with the code on their seal; one query."""
    rows = (
        Result.objects.filter(item__decision=decision)
        .select_related("item")
        .exclude(certified_at=None)
        .exclude(check_code="")
    )
    found = list(rows.order_by("certified_at", "pk"))
    steps = {s.id: rules.spoken(s.title) for s in load_procedure(decision.procedure).steps}
    for row in found:
        row.proof_url = settings.SITE_URL + reverse("proof", args=[row.check_code])  # type: ignore[attr-defined]
        row.round = rounds.seal_title(row.pack, steps.get(row.item.step, "")) if len(found) > 1 else ""  # type: ignore[attr-defined]
    return found


def sittings_of(viewer: Viewer, decision: Decision, *, works: bool) -> Context:
    """The meetings with where to go: the desk for those inside, the list of one's votes for those who may take part."""
    rows = parts.sittings_of(decision, works=works)
    inside = works or permissions.watches(viewer, decision)
    mine = own.own_meetings(viewer, [r for r in rows if r.meeting.state in ("noticed", "open")])
    return {"sittings": [(row, row.meeting_id in mine, by_presence(row)) for row in rows], "inside": inside}


def convening(viewer: Viewer, decision: Decision, at: dt.datetime) -> list[Context]:
    """Convening a meeting, or going on with an election, where that is the step."""
    step = rules.step_of(decision)
    if (
        step is None
        or decision.phase not in ("", "start", "posted")
        or not permissions.may_convene_meeting(viewer, decision, at)
    ):
        return []
    if step.kind in ("roll", "poll"):
        url = reverse("decisions:election", args=[decision.reference])
        return [{"slug": "election", "title": _("选民名单和候选人"), "icon": "users", "url": url}]
    url = f"{reverse('decisions:convene')}?decision={decision.reference}"
    return (
        [{"slug": "convene", "title": _("召集会议"), "icon": "calendar-plus", "url": url}]
        if step.kind == "meeting"
        else []
    )


def roll_to_read(viewer: Viewer, decision: Decision, at: dt.datetime) -> str:
    """Where the posted roll of voters is, for those of the place; who is not signed in is asked to."""
    hangs = decision.procedure == "village_election" and permissions.voter_roll_hangs(decision)
    if not hangs or not (viewer.is_anonymous or permissions.may_read_voter_roll(viewer, decision, at)):
        return ""
    return reverse("decisions:posted_roll", args=[decision.reference])


def conflicts_of(decision: Decision) -> list[Context]:
    """Who of those that handle it declared an interest, by role; one query."""
    rows = decision.conflicts.order_by("at", "pk")
    roles = {True: _("提出人"), False: _("办理人")}
    return [{"who": roles[r.person_id == decision.proposer_id], "interested": r.interested, "words": parts.covered(r.words)} for r in rows]  # fmt: skip


def _matter_of(decision: Decision) -> Context:
    matter = decision.matter
    return {"matter": matter if matter is not None and matter.is_public and not matter.sealed else None}


def offered(slug: str, viewer: Viewer, decision: Decision, subject: Any, at: dt.datetime) -> Offered:
    """An act with the verdict on it."""
    return ACTS[slug].offered(viewer, decision, subject, at)


def acts_for(viewer: Viewer, decision: Decision, at: dt.datetime, *, works: bool) -> Context:
    """What the reader can do now; those who carry it along also see what they cannot, and why."""
    every = [offered(slug, viewer, decision, decision, at) for slug in ON_DECISION]
    seldom = [offered(slug, viewer, decision, decision, at) for slug in SELDOM]
    refused = [o for o in every if not o.verdict and not o.verdict.hidden] if works else []
    say = offered("comment", viewer, decision, decision, at)
    return {"acts": [*convening(viewer, decision, at), *(o for o in (*every, *seldom) if o.verdict)], "refused": refused, "comment_url": say.url if say.verdict else "", "comment_verdict": say.verdict}  # fmt: skip


def comments_of(viewer: Viewer, decision: Decision, at: dt.datetime, works: bool) -> Context:
    """The comments with, for those who answer, where."""
    rows = parts.comments_of(decision)
    for row in rows if works else ():
        row.row.answer_url = ACTS["answer"].url(decision, row.row) if permissions.may_answer_comment(viewer, row.row, at) else ""  # type: ignore[attr-defined]  # fmt: skip
    return {
        "rows": rows,
        "over": permissions.comments_are_over(decision),
        "waiting": sum(1 for r in rows if not r.row.answer),
    }


def petition_rows(viewer: Viewer, decision: Decision, at: dt.datetime) -> list[Context]:
    """The petitions with what the reader can do on each."""
    return [{"shown": p, "acts": petition_acts(viewer, decision, p, at)} for p in petitions_of(viewer, decision)]


def petition_acts(viewer: Viewer, decision: Decision, shown: ShownPetition, at: dt.datetime) -> list[Offered]:
    """Signing or taking back, then handing in once there are enough, and the rest."""
    first = "unsign" if shown.mine else "sign"
    every = [offered(s, viewer, decision, shown.row, at) for s in (first, "hand-in", "paper-signature", "escalate")]
    return [o for o in every if o.verdict and (shown.met or o.slug != "hand-in")]


@policy("decisions.get_decision_for")
@public_page
@require_safe
def petition_page(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """A petition: how many signed, how many the law asks, and where to sign."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    decision = selectors.get_decision_for(viewer, reference)
    get_petition_of(decision, pk)
    rows = petition_rows(viewer, decision, clock.now())
    url = settings.SITE_URL + request.path
    return render(request, "decisions/petition.html", {
        "decision": decision, "one": next(r for r in rows if r["shown"].row.pk == pk), "page_url": url,
        "motion": decision.versions.latest("number"),
    })  # fmt: skip


@policy("decisions.get_decision_for")
@public_page
@require_safe
def version_page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """A version of the motion in full, and what it changed."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    decision = selectors.get_decision_for(viewer, reference)
    found = {v.number: v for v in parts.versions_of(decision)}
    if number not in found:
        raise Http404
    this, before = found[number], found.get(number - 1)
    pieces = difference(before.text, this.text) if before else []
    return render(request, "decisions/version.html", {
        "decision": decision, "version": this, "before": before, "pieces": pieces, "versions": list(found.values()),
        "recomputed": rules.motion_digest(this.text, this.budget) == this.digest,
    })  # fmt: skip


@policy("decisions.get_decision_for")
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Hear of what happens to a decision, or no longer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    decision = selectors.get_decision_for(viewer, reference)
    if viewer.is_anonymous:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    if request.method == "POST":
        on = request.POST.get("on") == "1"
        (following.follow if on else following.unfollow)(viewer, decision, clock.now())
        messages.success(request, _("已关注，有进展会告诉您。") if on else _("不再关注这件事。"))
        return redirect("decisions:decision", reference=reference)
    return render(request, "decisions/follow.html", {
        "decision": decision, "following": inbox.is_following(viewer, decision)
    })  # fmt: skip


@policy("decisions.get_decision_for")
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """From a number on a notice to its page."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    reference = request.GET.get("reference", "").strip().upper()
    try:
        decision = selectors.get_decision_for(viewer, reference)
    except Refusal:
        messages.warning(request, _("没有找到编号 %(ref)s，请核对。") % {"ref": reference[:16]})
        return redirect("decisions:list")
    return redirect("decisions:decision", reference=decision.reference)
