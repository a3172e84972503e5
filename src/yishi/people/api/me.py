"""Oneself through the API: posts and capacities, being recognised, consents, and acting for someone."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema
from pydantic import StringConstraints

from yishi.core import clock
from yishi.core.rest import Asked, Id, Listed, answers, cut, scoped
from yishi.core.verdicts import Refusal, hidden
from yishi.people import services
from yishi.people.api.router import router
from yishi.people.models import Capacity, Consent

READ, WRITE = "people:read", "people:write"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class CapacityOut(Schema):
    """What someone is, where, since when, and whether it was verified."""

    id: int
    kind: str
    area_id: int | None = None
    household_id: int | None = None
    since: dt.date
    until: dt.date | None = None
    verified_at: dt.datetime | None = None


class OfficeOut(Schema):
    """A post held now."""

    organisation_id: int
    organisation: str = Field(..., alias="organisation_name")
    duty: str
    title: str


class MeOut(Schema):
    """Who the owner of the token is here today, and for whom they act."""

    person_id: int | None = None
    name: str
    offices: list[OfficeOut]
    capacities: list[CapacityOut]
    helping_id: int | None = None
    helping_name: str


class RequestOut(Schema):
    """A request to be recognised as a resident."""

    id: int
    name: str = Field(..., alias="person.name")
    community_id: int
    household_number: str
    address: str
    state: str
    asked_at: dt.datetime
    answered_at: dt.datetime | None = None
    reason: str


class ConsentOut(Schema):
    """A consent that was given, and withdrawn."""

    id: int
    purpose: str
    manner: str
    given_at: dt.datetime
    withdrawn_at: dt.datetime | None = None


class Ask(Schema):
    """Where someone lives, for the officers who keep the roll."""

    community: Id
    name: Name
    household_number: str = Field("", max_length=30)
    address: str = Field("", max_length=200)


class Profile(Schema):
    """One's name, and how one is called in public (empty: by surname)."""

    name: Name
    shown_as: str = Field("", max_length=40)


class Code(Schema):
    """A household's invitation code."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class Help(Schema):
    """Whom to act for (known, or by name), and how they agreed."""

    person: Id | None = None
    name: str = Field("", max_length=60)
    phone: str = Field("", max_length=30)
    manner: Consent.Manner
    note: str = Field("", max_length=200)


class HelpingOut(Schema):
    """For whom one acts from now on."""

    helped_id: int
    started_at: dt.datetime


class Ended(Schema):
    """Whether there was something to end."""

    ended: bool


def asker(request: HttpRequest) -> Any:
    """Who asks."""
    return request.viewer  # type: ignore[attr-defined]


@router.get("/me", response=answers(MeOut), operation_id="get_me")
@scoped(READ)
def get_me(request: HttpRequest) -> Any:
    """Oneself: posts and capacities of today."""
    return _me(asker(request))


def _me(viewer: Any) -> dict[str, Any]:
    held = Capacity.objects.filter(person_id=viewer.person_id or 0).order_by("-since", "-pk")
    return {
        "person_id": viewer.person_id, "name": viewer.name, "offices": list(viewer.offices), "capacities": list(held),
        "helping_id": viewer.helping_id, "helping_name": viewer.helping_name,
    }  # fmt: skip


@router.put("/me", response=answers(MeOut), operation_id="change_profile")
@scoped(WRITE)
def change_profile(request: HttpRequest, given: Profile) -> Any:
    """Change one's name (until it was verified) and how one is called in public."""
    services.change_profile(asker(request), name=given.name, shown_as=given.shown_as, at=clock.now())
    return _me(asker(request)) | {"name": given.name}


@router.post("/me/verification", response=answers(RequestOut), operation_id="ask_verification")
@scoped(WRITE)
def ask_verification(request: HttpRequest, given: Ask) -> Any:
    """Ask to be recognised as a resident; asking again mends the request."""
    return services.ask_verification(
        asker(request), community_id=given.community, name=given.name, household_number=given.household_number,
        address=given.address, at=clock.now(),
    )  # fmt: skip


@router.post("/me/invitation", response=answers(CapacityOut), operation_id="redeem_invitation")
@scoped(WRITE)
def redeem_invitation(request: HttpRequest, given: Code) -> Any:
    """Be recognised by a household's code; twice is once."""
    return services.redeem_invitation(asker(request), given.code, clock.now())


@router.get("/me/consents", response=answers(Listed[ConsentOut]), operation_id="list_consents")
@scoped(READ)
def list_consents(request: HttpRequest, asked: Query[Asked]) -> Any:
    """What one has agreed to."""
    return cut(Consent.objects.filter(person_id=asker(request).person_id or 0).order_by("-given_at"), asked)


@router.post("/me/consents/{consent_id}/withdraw", response=answers(ConsentOut), operation_id="withdraw_consent")
@scoped(WRITE)
def withdraw_consent(request: HttpRequest, consent_id: Id) -> Any:
    """Withdraw a consent of one's own; what was done before stays lawful."""
    viewer = asker(request)
    found = Consent.objects.filter(pk=consent_id, person_id__in=[viewer.person_id or 0, viewer.helping_id or 0]).first()
    if found is None:
        raise Refusal(hidden())
    return services.withdraw_consent(viewer, found, clock.now())


# --- acting for someone ----------------------------------------------------------------------


@router.post("/helping", response=answers(HelpingOut), operation_id="start_helping")
@scoped(WRITE)
def start_helping(request: HttpRequest, given: Help) -> Any:
    """Act for someone from now on, with their consent on record."""
    return services.start_helping(
        asker(request), given.person, given.manner.value, given.note, clock.now(), name=given.name, phone=given.phone
    )


@router.delete("/helping", response=answers(Ended), operation_id="end_helping")
@scoped(WRITE)
def end_helping(request: HttpRequest) -> Any:
    """Act for nobody but oneself again."""
    return {"ended": services.end_helping(asker(request), clock.now())}
