"""The router: from a type of matter with its numbers to body, procedure, secrecy, and the words that say why."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from yishi.decisions.models import Decision
from yishi.decisions.routing.subjects import COOPERATIVES, FACTS, LISTS, OWNERS, PARTIES, SUBJECTS, Subject
from yishi.decisions.rules import headed, listed, spoken
from yishi.engines.procedure import load_pack, load_procedure, route_matter

Facts = Mapping[str, Decimal | int]
LOCAL_PRACTICE = "PARTY-4YI"
# The procedure of each body that a list names; a major matter of an assembly goes by the four deliberations.
PROCEDURES = {
    "REO-MA": "members_assembly", "REO-MRA": "members_representatives", "REO-BD": "council", "VA": "assembly",
    "VRA": "assembly", "RC": "assembly", "TWO-COMMITTEES": "two_committees",
}  # fmt: skip
WIDER = {"REO-BD": {"cooperative": "REO-MRA"}, "TWO-COMMITTEES": {"village": "VRA", "community": "RC"}}
HANDS = frozenset({"council", "two_committees", "party_meeting"})


class Unrouted(ValueError):
    """The type of matter, or a number that decides its route, is missing; the message says what to give."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a matter goes. ``needs`` are duties beside the vote, such as the trading platform."""

    subject: str
    procedure: str
    resolve: str
    item: str
    secrecy: str
    visibility: str
    body: str
    why: str
    clause: str
    steps: tuple[str, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    may_go_wider: bool = False


def subjects_for(kind: str) -> list[Subject]:
    """The types of matter that an organisation of this kind can bring to a decision."""
    return [s for s in SUBJECTS.values() if kind in s.kinds]


def route(kind: str, subject_id: str, facts: Facts, on: dt.date, *, wider: bool = False, legality: bool = False, delegated: bool = False) -> Route:  # fmt: skip
    """The way of a matter of this type, for an organisation of this kind, on this day.

    ``wider`` brings a matter of a board to the assembly above it (never the other way); ``legality``
    asks for the town's review; ``delegated`` says that the assembly gave it to its representatives.

    Raises:
        Unrouted: a type that this organisation does not decide, or a number that was not given.
    """
    subject = SUBJECTS.get(subject_id)
    if subject is None or kind not in subject.kinds:
        raise Unrouted(_("这个组织不决定这一类事项，请换一个类型，或换由有权的组织提出。"))
    lacking = [str(FACTS[name]) for name in subject.facts if name not in facts]
    if lacking:
        raise Unrouted(_("由谁决定取决于：%(facts)s。请填写。") % {"facts": listed(lacking)})
    if subject.listed:
        return _listed(kind, subject, facts, on, wider=wider, legality=legality, delegated=delegated)
    return _fixed(subject, facts)


def _listed(kind: str, subject: Subject, facts: Facts, on: dt.date, *, wider: bool, legality: bool, delegated: bool) -> Route:  # fmt: skip
    level = LISTS[kind]
    found = route_matter(level, on, subject.id, facts)
    above = WIDER.get(found.pack.id, {}).get(level, "")
    resolve = above if wider and above else found.pack.id
    procedure = _procedure(subject, resolve)
    why = _reserved(kind, subject) or spoken(found.text)
    if resolve != found.pack.id:
        why += _("；本次主动提交%(body)s") % {"body": spoken(load_pack(resolve).title)}
    settings = _settings(subject, procedure, legality=legality, delegated=delegated and resolve == "VRA")
    clause = spoken(load_pack(resolve).clause)
    return _route(subject, procedure, resolve, why, clause, settings, found.requires, bool(above) and not wider)


def _reserved(kind: str, subject: Subject) -> str:
    """What the law keeps for the members' assembly is no ordinary matter of the list."""
    if kind not in COOPERATIVES or subject.item not in load_pack("REO-MRA").facts["excluded_items"]:
        return ""
    return _("%(subject)s：法律规定只能由成员大会决定（农村集体经济组织法第26条第%(item)s项）") % {
        "subject": subject.label, "item": subject.item
    }  # fmt: skip


def _procedure(subject: Subject, resolve: str) -> str:
    if subject.id == "covenant":
        return "covenant"
    wide = resolve not in ("REO-BD", "TWO-COMMITTEES")
    return "four_deliberations" if subject.major and wide else PROCEDURES[resolve]


def _settings(subject: Subject, procedure: str, *, legality: bool, delegated: bool) -> dict[str, Any]:
    known = {step.option for step in load_procedure(procedure).steps if step.option}
    asked = {*subject.options, *(["legality"] if legality else []), *(["annual_papers"] if subject.id == "distribution" else [])}  # fmt: skip
    found: dict[str, Any] = {}
    if options := sorted(known & asked):
        found["options"] = options
    if procedure == "four_deliberations":
        found["overlays"] = [LOCAL_PRACTICE]
    if delegated:
        found["delegated"] = True
    return found


def _fixed(subject: Subject, facts: Facts) -> Route:
    procedure, resolve = subject.fixed
    settings = {"seats": int(facts["seats"])} if "seats" in subject.facts else {}
    title = load_procedure(procedure).title
    own = procedure in ("village_election", "recall")  # named after what they are for: said once
    why = spoken(title) if own else headed(str(subject.label), spoken(title))
    return _route(subject, procedure, resolve, why, str(subject.clause), settings, (), False)


def _route(
    subject: Subject, procedure: str, resolve: str, why: str, clause: str, settings: dict[str, Any],
    needs: tuple[str, ...], may_go_wider: bool,
) -> Route:  # fmt: skip
    steps = load_procedure(procedure).steps
    options = settings.get("options", ())
    return Route(
        subject=subject.id, procedure=procedure, resolve=resolve, item=subject.item, secrecy=_secrecy(subject, procedure),
        visibility=Decision.Visibility.INSIDE if subject.kinds <= PARTIES else Decision.Visibility.PUBLIC,
        body=_body(subject, procedure, resolve), why=why, clause=clause,
        steps=tuple(spoken(s.title) for s in steps if not s.option or s.option in options),
        settings=settings, needs=needs, may_go_wider=may_go_wider,
    )  # fmt: skip


def _body(subject: Subject, procedure: str, resolve: str) -> str:
    if subject.kinds <= OWNERS:
        return _("全体业主")
    return spoken(load_pack(resolve).title) if resolve else spoken(load_procedure(procedure).title)


def _secrecy(subject: Subject, procedure: str) -> str:
    """Set by the type of matter: elections secret, boards by hands, everyone else by name (domain.md §2.4a.9)."""
    if subject.secret:
        return Decision.Secrecy.SECRET
    return Decision.Secrecy.HANDS if procedure in HANDS else Decision.Secrecy.SIGNED
