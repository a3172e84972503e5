"""The demo's decisions: one at every step of the four deliberations, votes that run today, an assembly that fails by
one, an election with a run-off, a petition that gathers. Made by the commands; many hands at once by rows alike."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from yishi.core import audit, events
from yishi.core.demo import DemoSize, Tick
from yishi.core.models import AuditEntry
from yishi.decisions import news, services
from yishi.decisions.demo import stories, votes
from yishi.decisions.demo.cast import fresh, standing
from yishi.decisions.demo.estate import Owner, registered
from yishi.decisions.demo.four import FourDeliberations
from yishi.decisions.demo.teller import Teller
from yishi.decisions.events import DecisionChanged, MotionDiscussed
from yishi.decisions.models import Decision, Petition, PetitionSignature
from yishi.decisions.selectors.petitions import digests_of
from yishi.decisions.services.anchoring import anchor
from yishi.network import services as network
from yishi.network.models import Area, Organisation
from yishi.network.viewers import Kind
from yishi.people.models import Capacity
from yishi.publication import services as publication

SIGNED, BY_HAND = 198, 3


def build_decisions(size: DemoSize, tick: Tick) -> None:
    """Every story, in the town that the earlier steps built; then the ledger and the news of how each one stands."""
    town = Area.objects.filter(kind=Area.Kind.TOWN).order_by("pk")[0]
    with transaction.atomic(), events.kept_back() as kept:
        _stories(Teller(town, size), tick)
    last = {event.decision_id: event for event in kept if isinstance(event, DecisionChanged)}
    for event in kept:
        if not isinstance(event, DecisionChanged) and not _silent(event):
            events.publish(event)
    for pk, event in last.items():
        news.tell(event)
        anchor(Decision.objects.get(pk=pk), event.at)
        tick(1)
    publication.take_in(size.now)


def _silent(event: object) -> bool:
    """News that concern nobody: a signature among two hundred."""
    return isinstance(event, MotionDiscussed) and event.comment_id is None


def _stories(teller: Teller, tick: Tick) -> None:
    def told(story: Callable[[], object]) -> None:
        story()
        tick(10)

    societies = Organisation.objects.filter(
        kind=Kind.ECONOMIC_COOPERATIVE, area__in=Organisation.objects.filter(kind=Kind.PARTY_BRANCH).values("area")
    ).select_related("area", "town")
    first, *others = societies.order_by("pk")[: len(stories.FOUR)]
    body = teller.cast.cooperative(first)
    told(lambda: votes.assembly(teller, body))
    told(lambda: votes.council(teller, body))
    told(FourDeliberations(teller, body, stories.FOUR[0]).told)
    for story, society in zip(stories.FOUR[1:], others, strict=False):
        told(FourDeliberations(teller, teller.cast.cooperative(society), story).told)
    _in_the_community(teller, told)
    _in_the_estate(teller, told)
    told(lambda: votes.election(teller, teller.cast.village(_village(teller))))


def _in_the_community(teller: Teller, told: Callable[[Callable[[], object]], None]) -> None:
    committee = Organisation.objects.filter(kind=Kind.RESIDENTS_COMMITTEE).select_related("area", "town").order_by("pk")
    body = teller.cast.community(committee[0])
    told(lambda: votes.committees(teller, body))
    told(lambda: votes.residents(teller, body))


def _in_the_estate(teller: Teller, told: Callable[[Callable[[], object]], None]) -> None:
    owners = Organisation.objects.filter(kind=Kind.OWNERS_COMMITTEE).select_related("area", "town").order_by("pk")[0]
    register = registered(teller.cast, owners.area)
    body = teller.cast.owners(owners)
    told(lambda: votes.shed(teller, body, register))
    told(lambda: votes.lifts(teller, body))
    told(lambda: petition(teller, owners, register))


def _village(teller: Teller) -> Organisation:
    """A villagers' committee, which the town of the demo has nowhere else."""
    area = Area.objects.filter(kind=Area.Kind.COMMUNITY).order_by("-pk")[0]
    village = Organisation.objects.create(
        town=teller.cast.town, area=area, kind=Kind.VILLAGERS_COMMITTEE, tree="civil", name="北便村村民委员会",
        name_en="Beibian Villagers' Committee",
    )  # fmt: skip
    network.index_organisation(village)
    return village


def petition(teller: Teller, owners: Organisation, register: list[Owner]) -> Petition:
    """Owners who ask for a vote: signatures that gather, some short of a fifth of the register."""
    mine = set(teller.cast.personas.values())
    signers = [o.persons[0] for o in register if o.persons and not mine & set(o.persons)][:SIGNED]
    began, owner = teller.today - dt.timedelta(days=6), standing(Capacity.Kind.OWNER, owners)
    at = began + dt.timedelta(hours=9)
    given = services.StartInput(
        key=teller.key(), organisation_id=owners.pk, subject="owners_4", title=stories.PARKING[0],
        text=stories.PARKING[1], conflict=False, by_petition=True,
    )  # fmt: skip
    with teller.cast.acting(signers[0], at, owner) as viewer:
        decision = services.start_decision(viewer, given, at)
        made = services.open_petition(viewer, decision, "owners", at)
    moments = [at + dt.timedelta(minutes=37 * n) for n in range(1, SIGNED + 1)]
    for person, moment in zip(signers[:BY_HAND], moments, strict=False):
        with teller.cast.acting(person, moment, owner) as viewer:
            services.sign_petition(viewer, made, moment)
    _signed(made, list(zip(signers, moments, strict=True))[BY_HAND:])
    return made


def _signed(made: Petition, signing: list[tuple[int, dt.datetime]]) -> None:
    """The other signatures as rows, with the entries that the service writes."""
    decision = fresh(made.decision)
    digest = digests_of(decision)[0]
    PetitionSignature.objects.bulk_create(
        [PetitionSignature(petition=made, person_id=p, at=at, digest=digest) for p, at in signing], batch_size=500
    )
    before = audit.chain(decision)[-1]
    entries: list[AuditEntry] = []
    for person, at in signing:
        before = audit.entry_after(
            (before.number, before.digest), "decisions.petition_signed", decision, at=at, actor_id=person,
            on_behalf_of_id=None, town_id=decision.town_id, data={"petition": made.pk, "paper": False},
        )  # fmt: skip
        entries.append(before)
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    Decision.objects.filter(pk=decision.pk).update(changed_at=signing[-1][1])
