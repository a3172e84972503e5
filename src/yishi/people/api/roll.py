"""The household roll, for those who keep it: requests to be recognised, households, invitation codes."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema
from pydantic import StringConstraints

from yishi.core import clock
from yishi.core.rest import Asked, Id, Listed, Number, answers, cut, scoped
from yishi.core.verdicts import require
from yishi.people import permissions, rolls, services
from yishi.people.api.me import READ, WRITE, CapacityOut, RequestOut, asker
from yishi.people.api.router import router
from yishi.people.models import HouseholdMember

Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class HouseholdOut(Schema):
    """A household on the roll."""

    id: int
    number: str
    address: str
    area_id: int
    invitation_until: dt.date | None = None
    invitation_uses_left: int


class MemberOut(Schema):
    """A member of a household."""

    person_id: int
    name: str = Field(..., alias="person.name")
    relation: str
    since: dt.date
    has_account: bool

    @staticmethod
    def resolve_has_account(row: HouseholdMember) -> bool:
        """Whether someone signs in as this person."""
        return hasattr(row.person, "user")


class Verify(Schema):
    """Of which household, and who they are on its roll."""

    household: Id
    roll_person: Id | None = None


class Because(Schema):
    """Why."""

    reason: Note


class Invite(Schema):
    """For how long and for how many."""

    days: Number = Field(30, ge=1, le=90)
    uses: Number = Field(4, ge=1, le=12)


class CodeOut(Schema):
    """The code, shown this once."""

    code: str


@router.get("/requests", response=answers(Listed[RequestOut]), operation_id="list_requests")
@scoped(READ)
def list_requests(request: HttpRequest, asked: Query[Asked], answered: bool = False) -> Any:
    """Requests to be recognised, for those who keep the roll."""
    require(permissions.may_keep_roll(asker(request), clock.now()))
    return cut(rolls.requests_for(asker(request), open_only=not answered), asked)


@router.post("/requests/{request_id}/accept", response=answers(CapacityOut), operation_id="verify_resident")
@scoped(WRITE)
def verify_resident(request: HttpRequest, request_id: Id, given: Verify) -> Any:
    """Recognise someone as a resident of a household."""
    asked = rolls.get_request_for(asker(request), request_id)
    return services.verify_resident(
        asker(request), asked, given.household, clock.now(), roll_person_id=given.roll_person
    )


@router.post("/requests/{request_id}/refuse", response=answers(RequestOut), operation_id="refuse_verification")
@scoped(WRITE)
def refuse_verification(request: HttpRequest, request_id: Id, given: Because) -> Any:
    """Refuse, with the reason that the person is told."""
    asked = rolls.get_request_for(asker(request), request_id)
    return services.refuse_verification(asker(request), asked, given.reason, clock.now())


@router.get("/households", response=answers(Listed[HouseholdOut]), operation_id="list_households")
@scoped(READ)
def list_households(request: HttpRequest, asked: Query[Asked], q: Annotated[str, Field(max_length=80)] = "") -> Any:
    """The household roll, by number, address or name."""
    return cut(rolls.households_for(asker(request), clock.now(), q), asked)


@router.get("/households/{household_id}/members", response=answers(Listed[MemberOut]), operation_id="list_members")
@scoped(READ)
def list_members(request: HttpRequest, household_id: Id, asked: Query[Asked]) -> Any:
    """Who belongs to a household today."""
    return cut(rolls.members_of(rolls.get_household_for(asker(request), household_id)), asked)


@router.post("/households/{household_id}/invitation", response=answers(CodeOut), operation_id="make_invitation")
@scoped(WRITE)
def make_invitation(request: HttpRequest, household_id: Id, given: Invite) -> Any:
    """A fresh code for a household, shown this once; a former code ends."""
    household = rolls.get_household_for(asker(request), household_id)
    code = services.make_invitation(asker(request), household, days=given.days, uses=given.uses, at=clock.now())
    return {"code": code}


@router.delete(
    "/households/{household_id}/invitation", response=answers(HouseholdOut), operation_id="revoke_invitation"
)
@scoped(WRITE)
def revoke_invitation(request: HttpRequest, household_id: Id) -> Any:
    """End a household's code."""
    household = rolls.get_household_for(asker(request), household_id)
    return services.revoke_invitation(asker(request), household, clock.now())
