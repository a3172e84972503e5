"""What the API gives and takes of decisions. Persons stand in it by public names or not at all."""

import datetime as dt
import uuid
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import StringConstraints

from yishi.core.rest import Id
from yishi.decisions.models import Decision
from yishi.decisions.selectors import DecisionFilter
from yishi.engines.procedure import procedures

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20000)]
Sum = Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=2)]
Status = StrEnum("Status", {value: value for value in Decision.Status.values})  # type: ignore[misc]
Way = StrEnum("Way", {name: name for name in procedures()})  # type: ignore[misc]


class Wanted(Schema):
    """Which decisions."""

    q: str = Field("", max_length=100)
    status: Status | None = None
    procedure: Way | None = None
    organisation: Id | None = None

    def as_filter(self) -> DecisionFilter:
        """As the selectors take it."""
        return DecisionFilter(
            q=self.q, status=self.status.value if self.status else "",
            procedure=self.procedure.value if self.procedure else "", organisation=self.organisation,
        )  # fmt: skip


class DecisionLine(Schema):
    """A decision as a list shows it."""

    reference: str
    title: str
    organisation: str = Field(..., alias="organisation.name")
    procedure: str
    resolve: str
    item: str
    secrecy: str
    status: str
    step: str
    phase: str
    certified: bool
    version: int
    created_at: dt.datetime
    changed_at: dt.datetime
    ended_at: dt.datetime | None = None


class CommentOut(Schema):
    """A comment with its answer; ``who`` is a public name."""

    id: int
    who: str
    text: str
    at: dt.datetime
    answer: str
    reason: str


class PetitionOut(Schema):
    """A petition and how far it has come."""

    id: int
    quantity: str
    whole_number: int
    signed: int
    need: int
    met: bool
    text: str


class DecisionOut(DecisionLine):
    """A decision with its motion, its replayed state and what was said of it.

    ``report`` is what ``yishi decide replay`` prints: steps, results with their arithmetic, what may come next.
    """

    text: str
    budget: Decimal | None = None
    digest: str
    report: dict[str, Any]
    comments: list[CommentOut]
    petitions: list[PetitionOut]


class Propose(Schema):
    """A matter brought to a decision; who decides follows from ``subject`` and ``facts``."""

    key: uuid.UUID = Field(..., description="Your own choice; the same key sent twice is one act")
    organisation: Id
    subject: str = Field(..., max_length=30, description="project, lease, distribution, owners_8 …")
    title: Line
    text: Long
    amount: Sum | None = None
    amount_per_year: Sum | None = None
    years: int | None = Field(None, ge=1, le=100)
    seats: int | None = Field(None, ge=1, le=100)
    budget: Sum | None = None
    conflict: bool = Field(..., description="Whether you or your near kin have an interest")
    conflict_words: str = Field("", max_length=300)
    by_petition: bool = False
    concerned: int | None = Field(None, description="The person in office whom a recall is about")

    def facts(self) -> dict[str, Decimal | int]:
        """The numbers that decide the route."""
        given = {n: getattr(self, n) for n in ("amount", "amount_per_year", "years", "seats")}
        return {name: value for name, value in given.items() if value is not None}


class Comment(Schema):
    """Something to say of the motion."""

    key: uuid.UUID
    text: Words


class Signed(Schema):
    """A signature under a petition."""

    petition: int
    at: dt.datetime


class Disclosed(Schema):
    """The posting that makes the decision known, to be hung up."""

    posting: str
