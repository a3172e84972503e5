"""Preparing what is to be posted: its words, personal data covered, its days and clause, its check code."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit, clock, files
from yishi.core.given import words_of
from yishi.core.masking import masked_for_board
from yishi.core.verdicts import Refusal, hidden, require
from yishi.network import selectors as network
from yishi.network.viewers import Viewer, actor_of
from yishi.publication import permissions
from yishi.publication.models import DisclosureDuty, Posting
from yishi.publication.rules import Facts, Item, item_of, rules_of
from yishi.publication.services._acts import finish
from yishi.publication.services.superseding import stands, supersede

if TYPE_CHECKING:
    from yishi.network.models import Area, Organisation

LONGEST_TEXT, MOST_DAYS, MOST_PLACES = 20_000, 365, 20


@dataclass(frozen=True, slots=True)
class PostingInput:
    """What is to be posted. ``item`` is a code of the catalogue; ``days`` may be more than it asks, never fewer."""

    organisation_id: int
    item: str
    title: str
    text: str
    title_en: str = ""
    text_en: str = ""
    days: int | None = None
    places: Sequence[str] = ()
    phone: str = ""
    area_id: int | None = None
    duty_id: int | None = None
    reading: BinaryIO | None = field(default=None, compare=False)


def digest_of(title: str, text: str) -> str:
    """SHA-256 of a posting's words as they hang on the board."""
    return audit.digest_of(f"{title}\n\n{text}")


def words_digest(title: str, text: str) -> str:
    """The digest that words get once they are covered and cut for the board."""
    words = [masked_for_board(w.strip().replace("\r\n", "\n"))[0] for w in (title, text)]
    return digest_of(words[0][:120], words[1])


def prepare_posting(viewer: Viewer, given: PostingInput, at: dt.datetime) -> Posting:
    """Prepare a posting of the catalogue: it can be printed, and is then opened with a photo.

    The same words by the same person again, while the first waits to be hung up, give the first.

    Raises:
        ValidationError: an unknown item or area, no words, too few days, unreadable sound.
        Refusal: not for this organisation's people, or not this organisation's item.
    """
    organisation = network.organisation(given.organisation_id)
    item = item_of(given.item)
    if organisation is None:
        raise Refusal(hidden())
    if item is None:
        raise ValidationError({"item": _("请从目录里选一项。")})
    require(permissions.may_prepare_posting(viewer, organisation, given.item, at))
    area = _area(organisation, given.area_id)
    posting = Posting(
        town_id=organisation.town_id, kind=item.kind, item=item.code, organisation=organisation, area=area,
        clause=item.basis, verified=item.verified, visibility=item.visibility, days=_days(given.days, item),
        phone=given.phone.strip()[:40], places=places_of(given.places),
    )  # fmt: skip
    with transaction.atomic():
        _one_at_a_time(organisation)
        write(posting, given.title, given.text, given.title_en, given.text_en)
        if (there := _same(viewer, posting)) is not None:
            return there
        make(viewer, posting, at)
        if given.reading is not None:
            files.store_voice(posting, given.reading, at=at, town_id=posting.town_id, role="reading")
        _meet(posting, given.duty_id)
    return posting


def _one_at_a_time(organisation: "Organisation") -> None:
    """Whoever prepares for the same organisation at the same moment waits, and then finds what the first has made."""
    type(organisation).objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _same(viewer: Viewer, posting: Posting) -> Posting | None:
    """One just like it that waits to be hung up: sent twice is once."""
    return Posting.objects.filter(
        organisation_id=posting.organisation_id, item=posting.item, area_id=posting.area_id, digest=posting.digest,
        days=posting.days, created_by_id=actor_of(viewer), state=Posting.State.PLANNED, replaces=None,
    ).order_by("pk").first()  # fmt: skip


def prepare_for_subject(viewer: Viewer, kind: str, subject_id: int, at: dt.datetime, *, phone: str = "") -> Posting:
    """Prepare what makes a subject known, as the subject says: a resolution, an outcome.

    The same again gives the first, unless the subject has changed since: then that one is superseded.

    Raises:
        Refusal: the subject is not at a step that is posted, or not for this viewer.
    """
    rules = rules_of(kind)
    subject = rules.load(subject_id) if rules else None
    if rules is None or subject is None:
        raise Refusal(hidden())
    require(rules.may_see(viewer, subject, at))
    facts = rules.facts(subject, clock.local_day(at))
    organisation = network.organisation(facts.organisation_id)
    assert organisation is not None
    require(permissions.may_prepare_posting(viewer, organisation, "", at))
    with transaction.atomic():
        _one_at_a_time(organisation)
        there = Posting.objects.select_for_update(no_key=True).filter(
            subject_kind=kind, subject_id=subject_id, subject_step=facts.step, state=Posting.State.PLANNED
        )
        for found in there.order_by("pk"):
            if stands(found):
                return found
            supersede(found, at)
        posting = _of_facts(facts, organisation, kind, subject_id)
        posting.phone = phone.strip()[:40]
        write(posting, facts.title, facts.text, "", "")
        make(viewer, posting, at)
    return posting


def _of_facts(facts: Facts, organisation: "Organisation", kind: str, subject_id: int) -> Posting:
    return Posting(
        town_id=organisation.town_id, kind=facts.kind, item=facts.item, organisation=organisation,
        area_id=facts.area_id, subject_kind=kind, subject_id=subject_id, subject_step=facts.step, days=facts.days,
        clause=facts.clause, verified=facts.verified, motion_digest=facts.motion_digest, visibility=facts.visibility,
    )  # fmt: skip


def write(posting: Posting, title: str, text: str, title_en: str, text_en: str) -> None:
    """Set the words, personal data covered; ``masks`` counts the places.

    Raises:
        ValidationError: no words, or too many.
    """
    found, covered = {}, 0
    longest = {"title": 120, "text": LONGEST_TEXT, "title_en": 200, "text_en": LONGEST_TEXT}
    for name, raw in (("title", title), ("text", text), ("title_en", title_en), ("text_en", text_en)):
        words = words_of(raw, name, longest[name]) if raw.strip() or not name.endswith("_en") else ""
        found[name], n = masked_for_board(words.replace("\r\n", "\n"))
        covered += n
    posting.title, posting.text = found["title"][:120], found["text"]
    posting.title_en, posting.text_en = found["title_en"][:200], found["text_en"]
    posting.masks, posting.digest = covered, digest_of(posting.title, posting.text)


def make(viewer: Viewer, posting: Posting, at: dt.datetime) -> None:
    """Write a new posting under a number and a check code of its own."""
    posting.created_by_id, posting.created_at = actor_of(viewer), at
    posting.reference, posting.check_code = _free_reference(at), _free_code()
    posting.changed_at = at
    posting.save(force_insert=True)
    finish(viewer, posting, "prepared", at, digest=posting.digest, masks=posting.masks)


def _free_reference(at: dt.datetime) -> str:
    while Posting.objects.filter(reference=(found := f"G{clock.new_reference(at)}")).exists():
        continue
    return found


def _free_code() -> str:
    while Posting.objects.filter(check_code=(found := clock.new_code())).exists():
        continue
    return found


def _area(organisation: "Organisation", area_id: int | None) -> "Area":
    if area_id is None or area_id == organisation.area_id:
        return organisation.area
    found = network.area(area_id)
    if found is None or not found.path.startswith(organisation.area.path):
        raise ValidationError({"area_id": _("只能在本组织的范围内公布。")})
    return found


def _days(asked: int | None, item: Item) -> int:
    if asked is None:
        return item.days
    if not item.days <= asked <= MOST_DAYS:
        raise ValidationError(
            {"days": _("至少张贴 %(least)s 日，最多 %(most)s 日。") % {"least": item.days, "most": MOST_DAYS}}
        )
    return asked


def places_of(given: Sequence[str]) -> list[str]:
    """The boards, each once, without empty ones."""
    found = list(dict.fromkeys(p.strip()[:120] for p in given if p.strip()))
    if len(found) > MOST_PLACES:
        raise ValidationError({"places": _("最多 %(most)s 处。") % {"most": MOST_PLACES}})
    return found


def _meet(posting: Posting, duty_id: int | None) -> None:
    """Mark a duty of this organisation and item as met by this posting."""
    if duty_id is not None:
        mine = DisclosureDuty.objects.filter(
            pk=duty_id, organisation_id=posting.organisation_id, item=posting.item, posting=None
        )
        mine.update(posting=posting)
