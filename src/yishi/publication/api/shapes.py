"""What the API gives and takes of postings. Nobody who objected or looked is named in what it gives."""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import StringConstraints

from yishi.core.rest import Day, Id
from yishi.publication.models import Objection, Posting
from yishi.publication.rules import CATALOGUE
from yishi.publication.selectors import BoardFilter
from yishi.publication.services import ObjectionInput, PostingInput

Item = StrEnum("Item", {code: code for code in CATALOGUE})  # type: ignore[misc]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Place = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]


class Wanted(Schema):
    """Which postings; ``state`` is ``now`` (hangs), ``archive`` (came down) or empty (both)."""

    q: str = Field("", max_length=80, description="Words, or a number")
    kind: Posting.Kind | None = None
    item: Item | None = Field(None, description="A code of the catalogue")
    organisation: Id | None = None
    community: Id | None = None
    state: str = Field("", pattern="^(|now|archive)$")
    objected: bool = False
    since: Day | None = None
    until: Day | None = None
    sort: str = Field("newest", pattern="^(newest|oldest|ending|changed)$")

    def as_filter(self) -> BoardFilter:
        """As the selectors take it."""
        given: dict[str, Any] = self.model_dump(exclude={"kind", "item"})
        return BoardFilter(
            **given, kind=self.kind.value if self.kind else "", item=self.item.value if self.item else ""
        )


class ItemOut(Schema):
    """A line of the catalogue: what, by whom, how often, for how many days at least, on which basis."""

    code: str
    kind: str
    title: dict[str, str]
    organisations: list[str]
    frequency: str
    within: int = Field(..., description="Days after a period's end by which it is due")
    days: int
    basis: dict[str, str]
    verified: bool


class PostingLine(Schema):
    """A posting as a list shows it; it may come down from ``ends_on``."""

    reference: str
    kind: str
    item: str
    title: str
    title_en: str
    organisation_id: int
    organisation: str = Field(..., alias="organisation.name")
    area: str = Field(..., alias="area.name")
    visibility: str
    state: str
    days: int
    posted_on: dt.date | None = None
    check_on: dt.date | None = None
    ends_on: dt.date | None = None
    ended_on: dt.date | None = None
    check_code: str = Field(..., alias="code_shown")
    digest: str
    changed_at: dt.datetime


class CheckOut(Schema):
    """A look at the board; ``photos`` are addresses of this site."""

    kind: str
    on: dt.date
    place: str
    seen: bool
    note: str
    photo_digest: str
    photos: list[str]


class ObjectionOut(Schema):
    """An objection with its ruling, personal data covered; who made it is not told."""

    number: int
    at: dt.datetime
    due_on: dt.date
    late: bool
    channel: str
    clause: str
    fact: str
    demand: str
    ruling: str
    reason: str
    answered_at: dt.datetime | None = None
    may_answer: bool = Field(..., description="Whether the owner of the token may answer it")


class About(Schema):
    """What a posting makes known, where that may be seen."""

    title: str
    url: str


class PostingOut(PostingLine):
    """A posting with its days, looks and objections; ``may`` names the acts that are the token owner's now."""

    text: str
    text_en: str
    clause: dict[str, str]
    verified: bool
    motion_digest: str
    places: list[str]
    phone: str
    masks: int
    suspended_why: str
    arithmetic: dict[str, str]
    replaces: str | None = None
    replaced_by: str | None = None
    about: About | None = None
    checks: list[CheckOut]
    objections: list[ObjectionOut]
    may: list[str]


class Prepare(Schema):
    """What is to be posted; numbers of persons and doors are covered. The same again gives the first."""

    organisation: Id
    item: Item = Field(..., description="A code of the catalogue")
    title: Line
    text: Text
    title_en: str = Field("", max_length=200)
    text_en: str = Field("", max_length=20_000)
    days: int | None = Field(None, ge=1, le=365, description="Never fewer than the catalogue asks")
    places: list[Place] = Field(default_factory=list, max_length=20)
    phone: str = Field("", max_length=40)
    area: Id | None = Field(None, description="A part of the organisation's own place")
    duty: Id | None = Field(None, description="The duty of disclosure that it meets")

    def as_input(self, **more: Any) -> PostingInput:
        """The form that the command takes."""
        return PostingInput(
            organisation_id=self.organisation, item=self.item.value, title=self.title, text=self.text,
            title_en=self.title_en, text_en=self.text_en, days=self.days, places=self.places, phone=self.phone,
            area_id=self.area, duty_id=self.duty, **more,
        )  # fmt: skip


class Hang(Schema):
    """Where it was hung up, and when it is to be looked at in the middle."""

    places: list[Place] = Field(default_factory=list, max_length=20, description="None: as they were prepared")
    check_on: Day | None = None


class Look(Schema):
    """A look at the board; without a photo it counts as missing that day."""

    seen: bool = True
    place: str = Field("", max_length=120)
    note: str = Field("", max_length=300)


class Why(Schema):
    """Why; everyone reads it."""

    why: Reason


class Correct(Why):
    """The corrected words, and why."""

    title: Line
    text: Text


class Object(Schema):
    """What is objected. For someone who came, rang or wrote: ``channel``, ``name`` and ``contact`` too."""

    key: uuid.UUID = Field(..., description="Your own choice; the same key sent twice is one objection")
    clause: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    fact: Long
    demand: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    shown_as: str = Field("", max_length=40, description="How the public page calls them")
    channel: Objection.Channel = Objection.Channel.WEB
    name: str = Field("", max_length=60)
    contact: str = Field("", max_length=120)

    def as_input(self) -> ObjectionInput:
        """The form that the command takes."""
        return ObjectionInput(**{**self.model_dump(exclude={"channel"}), "channel": self.channel.value})


class Answer(Schema):
    """A ruling and its reason."""

    ruling: Objection.Ruling
    reason: Long
