"""What the API gives and takes of matters. Nobody's name stands in what it gives, except to those who may know."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import StringConstraints

from yishi.core.rest import Day, Id, Truth
from yishi.matters.models import Matter, Report, VisitBack
from yishi.matters.selectors import MatterFilter
from yishi.matters.services import RaiseInput

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class MatterLine(Schema):
    """A matter as a list shows it."""

    reference: str
    title: str
    stage: str
    size: str
    decider: str
    nature: str
    channel: str
    place: str
    community: str | None = Field(None, alias="community.name")
    category: str | None = Field(None, alias="category.name")
    lead: str | None = Field(None, alias="lead.name")
    latitude: float | None = None
    longitude: float | None = None
    report_count: int
    raised_at: dt.datetime
    changed_at: dt.datetime
    due_on: dt.date | None = None
    satisfied: int
    unsatisfied: int


class StepOut(Schema):
    """A step of the timeline; ``who`` is an organisation or a masked reporter."""

    kind: str
    label: str
    at: dt.datetime
    who: str
    words: str
    clause: str
    detail: str


class MatterOut(MatterLine):
    """A matter with everything that this viewer may read."""

    text: str
    size_reason: str
    decider_reason: str
    visibility: str
    urgent: str
    result: str
    merged_into: str | None = Field(None, alias="merged_into.reference")
    settled_at: dt.datetime | None = None
    timeline: list[StepOut] = []


class ReportOut(Schema):
    """A report, for its reporter and those who work on it."""

    id: int
    matter: str = Field(..., alias="matter.reference")
    key: uuid.UUID
    channel: str
    nature: str
    state: str
    text: str
    received_at: dt.datetime
    due_on: dt.date | None = None
    reply: str
    replied_at: dt.datetime | None = None
    told_at: dt.datetime | None = None
    reopened: int


class PointOut(Schema):
    """A matter on the map, or a cluster of them."""

    latitude: float
    longitude: float
    count: int
    reference: str
    title: str
    stage: str


class SimilarOut(Schema):
    """A matter that may be the same, and the words that both have."""

    reference: str
    title: str
    stage: str
    shared: list[str]


class Wanted(Schema):
    """Filters of a list."""

    q: str = Field("", max_length=80, description="Words, pinyin initials or a number")
    stage: Matter.Stage | None = None
    category: Id | None = None
    community: Id | None = None
    channel: Report.Channel | None = None
    nature: Report.Nature | None = None
    size: Matter.Size | None = None
    overdue: bool = False
    due_soon: bool = False
    since: Day | None = None
    until: Day | None = None
    mine: bool = Field(False, description="Only the token owner's own")
    sort: str = Field("newest", pattern="^(newest|oldest|changed|due)$")

    def as_filter(self) -> MatterFilter:
        """The selectors' form of it."""
        given: dict[str, Any] = self.model_dump(exclude={"stage", "channel", "nature", "size"})
        return MatterFilter(
            **given, stages=(self.stage.value,) if self.stage else (),
            channel=self.channel.value if self.channel else "", nature=self.nature.value if self.nature else "",
            size=self.size.value if self.size else "",
        )  # fmt: skip


class Raise(Schema):
    """Something to raise, or to add to a matter that others raised."""

    key: uuid.UUID = Field(..., description="Chosen by you; the same key again is the same report")
    title: str = Field("", max_length=120)
    text: Long
    nature: Report.Nature | None = None
    place: str = Field("", max_length=200)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    community: Id | None = None
    join: str | None = Field(None, max_length=16, description="The number of the matter to add to")
    hall: Id | None = Field(None, description="A hall that alone may read it, for what is not for the public")

    def as_input(self, channel: str, **more: Any) -> RaiseInput:
        """The form that the command takes."""
        return RaiseInput(
            key=self.key, title=self.title, text=self.text, nature=self.nature.value if self.nature else "",
            channel=channel, place=self.place, latitude=self.latitude, longitude=self.longitude,
            community_id=self.community, join_reference=self.join, hall_id=self.hall, **more,
        )  # fmt: skip


class Accept(Schema):
    """How a matter is sorted."""

    category: Id | None = None
    size: Matter.Size
    size_reason: Words
    decider: Matter.Decider
    decider_reason: Words
    visibility: Matter.Visibility = Matter.Visibility.PUBLIC


class Decline(Schema):
    """Why a matter is not taken up, and where to go."""

    reason: Words
    where_to_go: Words
    clause: str = Field("", max_length=200)


class Assign(Schema):
    """To whom a matter is given."""

    organisation: Id
    role: str = Field("lead", pattern="^(lead|assist)$")
    reason: str = Field("", max_length=300)


class Reason(Schema):
    """A reason."""

    reason: Words


class Return(Schema):
    """Why it is asked to be returned, and by which law."""

    reason: Words
    clause: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Ruling(Schema):
    """A ruling on a return."""

    grant: Truth
    ruling: Words
    to_organisation: Id | None = None


class Suspend(Schema):
    """挂账: on which condition, with which plan, reviewed when."""

    condition: Words
    plan: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    review_on: Day


class Note(Schema):
    """A step of the handling."""

    words: Long
    public: bool = True


class Reply(Schema):
    """What the reporter is told."""

    reply: Long


class Told(Schema):
    """How the reporter was told."""

    how: Report.Told


class Extend(Schema):
    """Until when more time is asked, and why."""

    new_due_on: Day
    reason: Words


class Judge(Schema):
    """What the reporter says of it."""

    solved: Truth | None = None
    satisfaction: VisitBack.Satisfaction
    words: str = Field("", max_length=500)


class Settle(Schema):
    """What came of it."""

    result: Long


class MergeInto(Schema):
    """Into which matter, and why."""

    into: str = Field(..., max_length=16)
    reason: Words


class Appeal(Schema):
    """Another size, and why."""

    size: Matter.Size
    reason: Words


class Nature(Schema):
    """Another kind of report, and why; its clock is counted anew."""

    nature: Report.Nature
    reason: Words


class Why(Schema):
    """Why someone looks at who reported; it stays on record."""

    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ContactOut(Schema):
    """Who reported and how to reach them; empty where it was not told."""

    name: str
    phone: str
    address: str


class Promise(Schema):
    """Who does what by when, with which money."""

    what: Words
    organisation: Id
    doer: Id | None = Field(None, description="A person in office there")
    due_on: Day
    budget: Decimal = Field(Decimal(0), ge=0, le=10**9, decimal_places=2)


class Numbered(Schema):
    """What was made."""

    id: int
