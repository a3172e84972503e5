"""What the forms of the pages offer: communities, categories, organisations, suggestions; and the receipt's report."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yishi.core import clock, generations
from yishi.core.verdicts import Refusal, hidden
from yishi.inbox import selectors as inbox
from yishi.matters import selectors
from yishi.matters.models import Category, LaneAlarm, Matter, Report
from yishi.matters.rules import clocks, routing
from yishi.matters.selectors import field
from yishi.matters.views.shown import named
from yishi.network import selectors as network
from yishi.network.viewers import COMMUNITY_KINDS, HALL_KINDS, Kind, Viewer
from yishi.people import selectors as people

MOST_OWN = 100
Choices = list[tuple[Any, Any]]
TOWN_KINDS = (Kind.DEPARTMENT, Kind.TOWN_GOVERNMENT, Kind.HOTLINE_CENTRE)
LOCAL_KINDS = (
    *COMMUNITY_KINDS, Kind.GENERAL_PARTY_BRANCH, Kind.ECONOMIC_COOPERATIVE, Kind.COOPERATIVE_UNION,
    Kind.OWNERS_COMMITTEE, Kind.PROPERTY_COMPANY, Kind.RESIDENTS_HALL, Kind.NEIGHBOURS_HALL, Kind.WOMENS_HALL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TownFacts:
    """What every list and form asks of the town: itself, its communities, its categories, its offices."""

    town: Any
    communities: list[Any]
    categories: Choices
    offices: Choices


def town_facts() -> TownFacts:
    """The installation's town, read once until the next act anywhere (at most a minute)."""
    return generations.kept(("matters.town", get_language()), _town_facts)


def _town_facts() -> TownFacts:
    town = network.the_town()
    offices = [(o.pk, named(o)) for o in network.organisations(town.pk, TOWN_KINDS)]
    return TownFacts(town, list(network.communities(town.pk, clock.today())), category_choices(town.pk), offices)


def private_halls() -> Choices:
    """The halls whose matters are never public, read once until the next act anywhere."""

    def found() -> Choices:
        halls = network.organisations(town_facts().town.pk, HALL_KINDS).filter(sensitive=True)
        return [(hall.pk, named(hall)) for hall in halls]

    return generations.kept(("matters.private_halls", get_language()), found)


def category_choices(town_id: int) -> Choices:
    """The open categories of a town; those below another are grouped under it."""
    found = list(Category.objects.filter(town_id=town_id, closed=False).order_by("pk"))
    below: dict[int, Choices] = {}
    for category in found:
        if category.parent_id:
            below.setdefault(category.parent_id, []).append((category.pk, named(category)))
    return [(named(c), below[c.pk]) if c.pk in below else (c.pk, named(c)) for c in found if not c.parent_id]


def _labelled(organisation: Any) -> str:
    area = "" if organisation.area.kind == "town" else f"（{named(organisation.area)}）"
    return f"{named(organisation)}{area if area and named(organisation.area) not in named(organisation) else ''}"


def organisation_choices(matter: Matter) -> Choices:
    """Who can be given a matter: those that may lead it, then those that may assist."""
    path = matter.community.path if matter.community else ""
    local = network.organisations(matter.town_id, LOCAL_KINDS, path) if path else ()
    everyone = [*network.organisations(matter.town_id, TOWN_KINDS), *local]
    decider = matter.decider or Matter.Decider.COMMUNITY
    leads = [(o.pk, _labelled(o)) for o in everyone if routing.may_lead(decider, o.kind)]
    others = [(o.pk, _labelled(o)) for o in everyone if not routing.may_lead(decider, o.kind)]
    return [(_("可以主办"), leads), (_("可以协办"), others)]


def flat(choices: Choices) -> Choices:
    """Grouped choices as one list."""
    return [one for label, inner in choices for one in (inner if isinstance(inner, list) else [(label, inner)])]


def with_lead(facts: TownFacts, asked: str) -> Choices:
    """The offices by which a list can be narrowed, and the organisation that an address asks for besides."""
    if not asked.isdecimal() or int(asked) in dict(facts.offices):
        return facts.offices
    found = network.organisations(facts.town.pk).filter(pk=int(asked[:9])).first()
    return [*facts.offices, (found.pk, named(found))] if found else facts.offices


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """One suggestion as the page shows it."""

    label: str
    why: str
    words: str
    clause: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the rules suggest for a matter that is being sorted; a person decides."""

    category: Category | None
    decider: routing.Suggestion
    size: routing.Suggestion

    def as_initial(self) -> dict[str, Any]:
        """The form's beginning."""
        return {
            "category_id": self.category.pk if self.category else None, "decider": self.decider.value,
            "decider_reason": self.decider.why, "size": self.size.value, "size_reason": self.size.why,
        }  # fmt: skip

    @property
    def lines(self) -> list[SuggestionLine]:
        """The suggestions as lines, whose decision first."""
        given = ((_("谁来决定"), Matter.Decider(self.decider.value).label, self.decider),
                 (_("大小"), Matter.Size(self.size.value).label, self.size))  # fmt: skip
        lines = [
            SuggestionLine(label, f"{value}。{s.why}", "、".join(s.words), s.by, s.certain) for label, value, s in given
        ]
        if self.category:
            lines.append(SuggestionLine(_("类别"), named(self.category), "", "", True))
        return lines


def suggestions_for(matter: Matter) -> Suggestions:
    """Category by its words, whose decision and how large by the rules."""
    text = f"{matter.title}\n{matter.text}"
    category = matter.category or _category_for(matter.town_id, text)
    return Suggestions(
        category, routing.suggest_decider(text, [category.name] if category else ()),
        routing.suggest_size(text, matter.report_count),
    )  # fmt: skip


def _category_for(town_id: int, text: str) -> Category | None:
    """The category most of whose words occur; none where none does."""
    scored = (
        (sum(word in text for word in c.words.split()), -c.pk, c)
        for c in Category.objects.filter(town_id=town_id, closed=False)
    )
    best = max(scored, default=None, key=lambda s: s[:2])
    return best[2] if best and best[0] else None


def report_by_key(key: uuid.UUID) -> Report:
    """The report that was sent under a key.

    Raises:
        Refusal: there is none (answered as 404).
    """
    found = (
        Report.objects.select_related("matter__community", "matter__category", "first_matter").filter(key=key).first()
    )
    if found is None:
        raise Refusal(hidden())
    return found


def due_explained(report: Report) -> dict[str, str] | None:
    """How a report's due day was counted, as a sentence; none after an extension, which says so itself."""
    try:
        found = clocks.due(report.clock_pack, report.clock_rule, clock.local_day(report.received_at))
    except Refusal:
        return None
    if found.due != report.due_on:
        return None
    return {k: f"{found.arithmetic[k]}{'。' if k == 'zh' else '. '}{found.clause[k]}" for k in ("zh", "en")}


def own_reports(viewer: Viewer) -> list[Report]:
    """The viewer's own reports, or those of the person they help, newest first."""
    found = Report.objects.filter(reporter_id=viewer.for_id or 0, withdrawn_at=None)
    return list(found.select_related("matter__community").order_by("-received_at")[:MOST_OWN])


def followed(viewer: Viewer) -> list[Matter]:
    """The matters that the viewer follows, latest news first; those they may still see."""
    ids = inbox.follows_of(viewer).filter(subject_kind="matters.matter").values("subject_id")
    found = Matter.objects.filter(pk__in=ids).filter(selectors.visible(viewer)).order_by("-changed_at")
    return list(found[:MOST_OWN])


def by_community(viewer: Viewer, wanted: selectors.MatterFilter) -> list[dict[str, Any]]:
    """How many matters of a filter lie in each community, by the communities' own order; counted once until an act."""

    def counts() -> dict[int | None, int]:
        found = selectors.matching(viewer, wanted).order_by()
        return dict(found.values_list("community").annotate(n=Count("pk")).values_list("community", "n"))

    count = generations.kept(
        ("matters.by_community", viewer.offices, viewer.for_id if wanted.mine else 0, wanted, clock.today()), counts
    )
    return [{"id": c.pk, "name": named(c), "n": count[c.pk]} for c in town_facts().communities if c.pk in count]


def besides(viewer: Viewer) -> list[dict[str, Any]]:
    """What else waits for an officer: residents to verify, lanes that missed their half-month."""
    key = f"matters.besides:{viewer.person_id}:{generations.current()}"
    found: tuple[int, int] | None = cache.get(key)
    if found is None:
        found = _besides(viewer)
        cache.set(key, found, 60)
    waiting, alarms = found
    lines = []
    if waiting:
        lines.append({"label": _("等核实的居民"), "n": waiting, "url": reverse("people:queue"), "icon": "home-check"})
    if alarms:
        lines.append({"label": _("漏巡的街巷"), "n": alarms, "url": reverse("matters:patrols"), "icon": "walk"})
    return lines


def _besides(viewer: Viewer) -> tuple[int, int]:
    alarms = LaneAlarm.objects.filter(ended_at=None, lane__plan__in=field.plans_for(viewer)).count()
    return people.verifications_waiting(viewer), alarms
