"""Posts and terms: appoint, end, hand over. Nothing is overwritten; a mistake is mended by a further act."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.verdicts import require
from yishi.network import permissions
from yishi.network.models import Organisation, Post, Term
from yishi.network.services.organisations import locked
from yishi.network.viewers import Viewer
from yishi.people import services as people

DAY = dt.timedelta(days=1)


@transaction.atomic
def add_post(viewer: Viewer, organisation: Organisation, duty: str, title: str, seats: int, at: dt.datetime) -> Post:
    """Set up a post in an organisation.

    Raises:
        ValidationError: no title, an unknown duty, no seats, or the title is there already.
        Refusal: the viewer is not an organisation officer of the town.
    """
    held = locked(organisation.pk)
    require(permissions.may_manage_network(viewer, held.town_id, at))
    called = " ".join(title.split())[:60]
    if not called or duty not in Post.Duty.values or not 1 <= seats <= 200:
        raise ValidationError(_("请填写职务名称、职责和职数。"))
    if Post.objects.filter(organisation=held, title=called).exists():
        raise ValidationError(_("这个组织已有同名职务。"))
    post = Post.objects.create(organisation=held, duty=duty, title=called, seats=seats)
    _record("network.post_added", viewer, held, at, post=post.pk)
    return post


@transaction.atomic
def appoint(viewer: Viewer, post: Post, person_id: int, since: dt.date, at: dt.datetime) -> Term:
    """Put someone into a post from a day on. The same appointment twice is once.

    Raises:
        ValidationError: every seat is taken; says by whom.
        Refusal: the viewer may not, or appoints themself.
    """
    held = locked(post.organisation_id)
    fresh = Post.objects.select_related("organisation").get(pk=post.pk)
    require(permissions.may_appoint(viewer, fresh, person_id, at))
    known = Term.objects.filter(post=fresh, person_id=person_id, since=since).first()
    if known is not None:
        return known
    _check_seats(fresh, since)
    term = Term.objects.create(post=fresh, person_id=person_id, since=since)
    _record("network.appointed", viewer, held, at, term=term.pk, post=fresh.pk, person=person_id)
    return term


def _check_seats(post: Post, since: dt.date) -> None:
    holders = [
        t.person.name
        for t in Term.objects.filter(post=post).select_related("person")
        if t.until is None or t.until >= since
    ]
    if len(holders) >= post.seats:
        raise ValidationError(
            _("“%(post)s”职数 %(seats)d，已由%(names)s担任。请先登记离任，或用“交接”。")
            % {"post": post.title, "seats": post.seats, "names": "、".join(holders)}
        )


@transaction.atomic
def end_term(viewer: Viewer, term: Term, until: dt.date, because: str, at: dt.datetime) -> Term:
    """End a term on a day (the last day in office), with the reason.

    Raises:
        ValidationError: no reason, or the day lies before the first.
        Refusal: it has ended, is the viewer's own, or the viewer may not.
    """
    held, fresh = _locked_term(viewer, term, at)
    _end(fresh, until, because)
    _record("network.term_ended", viewer, held, at, term=fresh.pk, person=fresh.person_id)
    return fresh


@transaction.atomic
def transfer(viewer: Viewer, term: Term, person_id: int, since: dt.date, because: str, at: dt.datetime) -> Term:
    """Hand a post over: the former holder's last day is the day before ``since``.

    Raises:
        ValidationError: no reason, the day is not after the former's first, or it is the same person.
        Refusal: the term has ended, either is the viewer's own, or the viewer may not.
    """
    held, fresh = _locked_term(viewer, term, at)
    require(permissions.may_appoint(viewer, fresh.post, person_id, at))
    if person_id == fresh.person_id:
        raise ValidationError(_("请选择另一位接任的人。"))
    _end(fresh, since - DAY, because)
    following = Term.objects.create(post=fresh.post, person_id=person_id, since=since)
    _record("network.transferred", viewer, held, at, former=fresh.pk, term=following.pk, person=person_id)
    return following


def _locked_term(viewer: Viewer, term: Term, at: dt.datetime) -> tuple[Organisation, Term]:
    held = locked(term.post.organisation_id)
    fresh = Term.objects.select_related("post__organisation", "person").get(pk=term.pk)
    require(permissions.may_end_term(viewer, fresh, at))
    return held, fresh


def _end(term: Term, until: dt.date, because: str) -> None:
    if not because.strip():
        raise ValidationError(_("请写明离任原因，例如：换届、调动、辞职。"))
    if until < term.since:
        raise ValidationError(_("离任日期早于任职日期。"))
    term.until, term.ended_because = until, because.strip()[:60]
    term.save(update_fields=["until", "ended_because"])


@transaction.atomic
def invite_holder(viewer: Viewer, term: Term, at: dt.datetime) -> str:
    """A claim for an office holder's own record, to be handed over in person; returns its path on this site.

    Raises:
        ValidationError: the person has an account already.
        Refusal: the viewer is not an organisation officer of the town.
    """
    held = locked(term.post.organisation_id)
    require(permissions.may_manage_network(viewer, held.town_id, at))
    claim = people.make_claim(term.person_id, at)
    _record("network.holder_invited", viewer, held, at, person=term.person_id)
    return claim


def _record(verb: str, viewer: Viewer, organisation: Organisation, at: dt.datetime, **data: int) -> None:
    audit.record(verb, organisation, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id, **data)
