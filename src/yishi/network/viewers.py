"""Who is looking: the facts from which every right is computed, at one moment."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yishi.core.verdicts import Refusal, no
from yishi.network.models import Organisation, Post

Duty = Post.Duty
Kind = Organisation.Kind

COMMUNITY_KINDS = frozenset({Kind.RESIDENTS_COMMITTEE, Kind.VILLAGERS_COMMITTEE})
HALL_KINDS = frozenset({Kind.RESIDENTS_HALL, Kind.NEIGHBOURS_HALL, Kind.WOMENS_HALL})
OFFICER_DUTIES = frozenset(
    {
        Duty.SECRETARY, Duty.DEPUTY_SECRETARY, Duty.DIRECTOR, Duty.PRESIDENT, Duty.COMMITTEE_MEMBER,
        Duty.OFFICER, Duty.DISPATCHER, Duty.GRID_WORKER, Duty.SUPERVISOR, Duty.AUDITOR,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """A post held today: in which organisation, with which duty, over which area."""

    post_id: int
    duty: str
    title: str
    organisation_id: int
    organisation_kind: str
    organisation_name: str
    area_id: int
    area_path: str
    town_id: int

    def covers(self, area_path: str) -> bool:
        """Whether an area lies within the organisation's own."""
        return bool(self.area_path) and area_path.startswith(self.area_path)


@dataclass(frozen=True, slots=True)
class Standing:
    """A verified capacity held today."""

    kind: str
    area_id: int | None
    area_path: str
    organisation_id: int | None
    household_id: int | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person (or nobody) at a moment, with offices and capacities.

    ``helping_id`` is the person for whom a helper acts (代办); acts are then
    recorded with the helper as actor and that person as the one acted for.
    ``second_factor`` is whether this session was confirmed with one; offices
    count only then where the installation asks it, and ``offices_waiting`` says
    that there are some which do not count yet.
    """

    at: dt.datetime
    user_id: int | None = None
    person_id: int | None = None
    name: str = ""
    town_id: int | None = None
    offices: tuple[Office, ...] = ()
    standings: tuple[Standing, ...] = ()
    helping_id: int | None = None
    helping_name: str = ""
    second_factor: bool = False
    offices_waiting: bool = False
    is_keeper: bool = False
    unread: int = field(default=0, compare=False)

    @property
    def is_anonymous(self) -> bool:
        return self.user_id is None

    @property
    def is_officer(self) -> bool:
        """Whether any office of theirs works on matters of others."""
        return any(o.duty in OFFICER_DUTIES for o in self.offices)

    @property
    def for_id(self) -> int | None:
        """Whose act it is: the helped person's, else the viewer's own."""
        return self.helping_id or self.person_id

    def holding(self, duties: Iterable[str] = (), kinds: Iterable[str] = ()) -> tuple[Office, ...]:
        """Offices of these duties in organisations of these kinds (empty: any)."""
        duty_set, kind_set = frozenset(duties), frozenset(kinds)
        return tuple(
            o
            for o in self.offices
            if (not duty_set or o.duty in duty_set) and (not kind_set or o.organisation_kind in kind_set)
        )

    def serves(self, organisation_id: int | None) -> bool:
        """Whether they hold any office in that organisation."""
        return organisation_id is not None and any(o.organisation_id == organisation_id for o in self.offices)

    def supervises(self, organisation_id: int, area_path: str) -> bool:
        """Whether they supervise it: as its own supervisor, or in the supervision committee around its area."""
        return any(
            (o.duty == Duty.SUPERVISOR and o.organisation_id == organisation_id)
            or (o.organisation_kind == Kind.SUPERVISION_COMMITTEE and o.covers(area_path))
            for o in self.offices
        )

    def is_verified_in(self, area_path: str) -> bool:
        """Whether a verified capacity lies within that area."""
        return any(s.area_path.startswith(area_path) for s in self.standings if s.area_path)


def nobody(at: dt.datetime) -> Viewer:
    """The viewer who is not signed in."""
    return Viewer(at=at)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks at a page."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def actor_of(viewer: Viewer) -> int:
    """The person who acts.

    Raises:
        Refusal: nobody is signed in as a person of the town.
    """
    if viewer.person_id is None:
        raise Refusal(no(_("请先登录。")))
    return viewer.person_id
