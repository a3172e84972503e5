"""Bringing a matter to a decision, changing the motion, taking it back, drafting anew."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal as Money
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from yishi.core import audit, clock, events, search
from yishi.core.given import money_of, words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import permissions, routing, rules
from yishi.decisions.events import DecisionChanged
from yishi.decisions.models import ConflictDeclaration, Decision, MotionVersion
from yishi.decisions.selectors.petitions import standing_of
from yishi.decisions.services._acts import append, follow, held
from yishi.engines.procedure import Case
from yishi.network import selectors as network
from yishi.network.viewers import Duty, Viewer, actor_of

SEARCH_KIND = "decisions.decision"
LONGEST_MOTION = 20_000
LONGEST_ERRATUM = 20
_NUMBERS = re.compile(r"[0-9０-９.%％]+|[一二三四五六七八九十百千万亿零两半]+")


@dataclass(frozen=True, slots=True)
class StartInput:
    """A matter brought to a decision. Body, steps and secrecy follow from ``subject`` and ``facts``.

    ``conflict`` says whether the proposer has an interest, ``conflict_words`` which. ``matter_id`` is the
    matter that it comes from. ``concerned_id`` is the person it is about, asked for where the subject is one. ``key`` makes the act repeatable.
    """

    key: uuid.UUID
    organisation_id: int
    subject: str
    title: str
    text: str
    facts: Mapping[str, Money | int] = field(default_factory=dict)
    budget: Money | int | str | None = None
    matter_id: int | None = None
    conflict: bool | None = None
    conflict_words: str = ""
    wider: bool = False
    legality: bool = False
    delegated: bool = False
    by_petition: bool = False
    concerned_id: int | None = None


def start_decision(viewer: Viewer, given: StartInput, at: dt.datetime) -> Decision:
    """Bring a matter to the body that the law names. Sent twice with one key, it is one decision.

    Raises:
        ValidationError: no title or text, bad money, a number missing that decides the route.
        Refusal: not by this viewer, or no body of the organisation decides this.
    """
    known = Decision.objects.filter(key=given.key, proposer_id=viewer.person_id or 0).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _start(viewer, given, at)
    except IntegrityError as error:
        known = Decision.objects.filter(key=given.key, proposer_id=viewer.person_id or 0).first()
        if known is None:
            raise ValidationError({"key": _("这个编号已经用过，请换一个再提交。")}) from error
        return known


def _start(viewer: Viewer, given: StartInput, at: dt.datetime) -> Decision:
    town = network.the_town()
    organisation = network.organisations(town.pk).filter(pk=given.organisation_id).first()
    if organisation is None:
        raise ValidationError({"organisation_id": _("没有这个单位，或它已经撤销。")})
    may = permissions.may_start_petition if given.by_petition else permissions.may_start_decision
    require(may(viewer, organisation, at))
    way = _routed(organisation.kind, given, clock.local_day(at))
    title, text = words_of(given.title, "title", 120), words_of(given.text, "text", LONGEST_MOTION)
    budget = _budget(given.budget)
    if given.conflict is None:
        raise ValidationError({"conflict": _("请声明您与这件事有没有利害关系。")})
    settings = way.settings | {"matter": way.subject, "facts": {k: str(v) for k, v in given.facts.items()}, "needs": list(way.needs), "why": _why(organisation.kind, given, clock.local_day(at))}  # fmt: skip
    if way.procedure == "four_deliberations":
        settings["same_head"] = _one_heads_both(organisation, clock.local_day(at))
    made = Decision(
        town=town, reference=_free_reference(at), key=given.key, organisation=organisation, area=organisation.area,
        matter_id=given.matter_id, title=title, procedure=way.procedure, resolve=way.resolve, item=way.item,
        settings=settings, secrecy=way.secrecy, visibility=way.visibility, proposer_id=actor_of(viewer), created_at=at,
        changed_at=at, concerned_id=_concerned(organisation, given, clock.local_day(at)),
    )  # fmt: skip
    follow(made, rules.open_new(made), at)
    _version(made, 1, text, budget, viewer, at)
    ConflictDeclaration.objects.create(
        decision=made, person_id=actor_of(viewer), interested=given.conflict, words=given.conflict_words[:300], at=at
    )
    index(made, text)
    audit.record("decisions.started", made, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id, about=way.subject)  # fmt: skip
    events.publish(DecisionChanged(made.pk, 0, "started", at, viewer.person_id))
    return made


def _budget(given: Money | int | str | None) -> Money | None:
    return None if given in (None, "") else money_of(given, "budget")


def _concerned(organisation: Any, given: StartInput, day: dt.date) -> int | None:
    """Whom a recall is about: someone in office in the organisation."""
    if not routing.SUBJECTS[given.subject].about_person:
        return None
    in_office = network.holders_of(organisation.pk, day).filter(person_id=given.concerned_id or 0)
    if not in_office.exists():
        raise ValidationError({"concerned": _("请选择要罢免的人：须是本组织现任的成员。")})
    return given.concerned_id


def _routed(kind: str, given: StartInput, day: dt.date) -> routing.Route:
    try:
        return routing.route(
            kind, given.subject, given.facts, day, wider=given.wider, legality=given.legality, delegated=given.delegated
        )
    except routing.Unrouted as error:
        raise ValidationError({"subject": str(error)}) from error


def _why(kind: str, given: StartInput, day: dt.date) -> dict[str, str]:
    """The router's own words, kept in both languages."""
    found = {}
    for short, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            found[short] = _routed(kind, given, day).why
    return found


def _free_reference(at: dt.datetime) -> str:
    while Decision.objects.filter(reference=(found := clock.new_reference(at))).exists():
        pass
    return found


def _one_heads_both(organisation: Any, day: dt.date) -> bool:
    """Whether the secretary of the Party organisation here is also the organisation's own head (一肩挑)."""
    parties = network.organisations(organisation.town_id, routing.PARTIES).filter(area_id=organisation.area_id)
    secretaries = network.people_in_office(parties.values_list("pk", flat=True), {Duty.SECRETARY}, day)
    heads = network.people_in_office([organisation.pk], {Duty.DIRECTOR, Duty.PRESIDENT}, day)
    return bool(secretaries & heads)


def index(decision: Decision, text: str) -> None:
    """Make the decision findable by its number, title and motion."""
    words = "\n".join((decision.reference, decision.title, text))
    search.index_text(SEARCH_KIND, decision.pk, decision.town_id, words, public=decision.is_public)


def _version(
    decision: Decision, number: int, text: str, budget: Money | None, viewer: Viewer, at: dt.datetime, **more: Any
) -> MotionVersion:
    return MotionVersion.objects.create(
        decision=decision, number=number, text=text, budget=budget, digest=rules.motion_digest(text, budget),
        by_id=actor_of(viewer), at=at, **more,
    )  # fmt: skip


def current_version(decision: Decision) -> MotionVersion:
    """The motion as it stands before the body."""
    return decision.versions.latest("number")


def change_motion(
    viewer: Viewer, decision: Decision, text: str, budget: Money | int | str | None, changed: str, material: bool,
    reason: str, at: dt.datetime,
) -> MotionVersion:  # fmt: skip
    """Change the motion. A material change returns the decision to the step that fixed the field; an erratum does
    not, and may touch neither number nor sum.

    Raises:
        ValidationError: nothing changed, no reason, or an erratum that is none.
        Refusal: not by this viewer or not now; an erratum after the notice, which names the text voted on.
    """
    with held(decision) as fresh:
        require(permissions.may_change_motion(viewer, fresh, at))
        text, reason = words_of(text, "text", LONGEST_MOTION), words_of(reason, "reason", 300)
        amount = _budget(budget)
        old = current_version(fresh)
        if rules.motion_digest(text, amount) == old.digest:
            raise ValidationError({"text": _("方案没有变化。")})
        if not material:
            _not_noticed(fresh)
            _check_erratum(old, text, amount)
        made = _version(fresh, old.number + 1, text, amount, viewer, at, field=changed[:40], material=material, reason=reason)  # fmt: skip
        append(viewer, fresh, "motion_changed", at, {"field": changed, "material": material, "hash": made.digest})
        index(fresh, text)
        return made


def _not_noticed(decision: Decision) -> None:
    told = decision.items.filter(state__in=["waiting", "open"], meeting__state__in=["noticed", "open"])
    if told.exists():
        sitting = rules.case_of(decision).sitting
        raise Refusal(no(
            _("发通知以后不再勘误：通知、票面和公示须是同一文本。"), rules.spoken(sitting.pack.clause) if sitting else "",
            _("请取消会议、改好后重新通知，或作为实质修改退回相应步骤。"),
        ))  # fmt: skip


def _check_erratum(old: MotionVersion, text: str, budget: Money | None) -> None:
    if budget != old.budget or _NUMBERS.findall(text) != _NUMBERS.findall(old.text):
        raise ValidationError({"material": _("勘误不能改动数字和金额；这是实质修改，须退回相应的步骤。")})
    steps = SequenceMatcher(None, old.text, text, autojunk=False).get_opcodes()
    touched = sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in steps if tag != "equal")
    if touched > LONGEST_ERRATUM:
        raise ValidationError(
            {"material": _("勘误只改错别字和标点，最多 %(most)s 字；这次改了 %(now)s 字，属于实质修改。") % {"most": LONGEST_ERRATUM, "now": touched}}
        )  # fmt: skip


def declare_conflict(
    viewer: Viewer, decision: Decision, interested: bool, words: str, at: dt.datetime
) -> ConflictDeclaration:
    """Say whether one has an interest in it; said again, the newer stands.

    Raises:
        ValidationError: an interest without words.
        Refusal: not of those who carry it along, or it has ended.
    """
    with held(decision) as fresh:
        require(permissions.may_declare_conflict(viewer, fresh, at))
        if interested and not words.strip():
            raise ValidationError({"words": _("请写明是什么利害关系。")})
        made, _new = ConflictDeclaration.objects.update_or_create(
            decision=fresh, person_id=actor_of(viewer),
            defaults={"interested": interested, "words": words.strip()[:300], "at": at},
        )  # fmt: skip
        audit.record("decisions.conflict_declared", fresh, at=at, actor_id=viewer.person_id, interested=interested)
        return made


def withdraw_decision(viewer: Viewer, decision: Decision, reason: str, at: dt.datetime) -> Case:
    """Take it back. One that a sufficient petition carries goes back only once its signers have left it.

    Raises:
        Refusal: the vote has begun, or the petition binds.
        ValidationError: no reason.
    """
    with held(decision) as fresh:
        require(permissions.may_withdraw_decision(viewer, fresh, at))
        reason = words_of(reason, "reason", 300)
        by = _petitioners_left(fresh) or rules.ref(viewer.person_id)
        return append(viewer, fresh, "withdrawn", at, {"by": by, "reason": reason})


def _petitioners_left(decision: Decision) -> str:
    bound = decision.petitions.exclude(received_at=None).first()
    if bound is None:
        return ""
    standing = standing_of(bound)
    if standing is not None and standing.met:
        raise Refusal(no(
            _("联名达到法定人数，提出人不能撤回。"),
            what_now=_("联名人可以各自撤回签名；签名少于法定人数以后才能撤回。"),
        ))  # fmt: skip
    return "petitioners"


def redraft_motion(
    viewer: Viewer, decision: Decision, text: str, budget: Money | int | str | None, reason: str, at: dt.datetime
) -> MotionVersion:
    """After a vote that did not pass: a new draft, from the first step; the result that failed stays on the record.

    Raises:
        ValidationError: no text or reason, bad money.
        Refusal: not by this viewer, or no vote has failed.
    """
    with held(decision) as fresh:
        require(permissions.may_redraft_motion(viewer, fresh, at))
        text, reason = words_of(text, "text", LONGEST_MOTION), words_of(reason, "reason", 300)
        amount = _budget(budget)
        old = current_version(fresh)
        made = _version(fresh, old.number + 1, text, amount, viewer, at, field="text", material=True, reason=reason)
        append(viewer, fresh, "redrafted", at, {"reason": reason})
        index(fresh, text)
        return made
