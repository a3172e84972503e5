"""One posting: its checks with photos, its objections with answers, the arithmetic of its days."""

from dataclasses import dataclass

from django.urls import reverse

from yishi.core import clock
from yishi.core.masking import masked_for_board
from yishi.core.models import StoredFile
from yishi.core.verdicts import Refusal, hidden, require
from yishi.engines.calendar import Deadline, posting_until
from yishi.network.viewers import Viewer
from yishi.publication import permissions
from yishi.publication.models import LedgerLeaf, Objection, Posting, PostingCheck
from yishi.publication.rules import rules_of

CHECKS_KIND, POSTINGS_KIND = "publication.postingcheck", "publication.posting"


def get_posting_for(viewer: Viewer, reference: str) -> Posting:
    """A posting by its number.

    Raises:
        Refusal: hidden (404) where there is none or it is not theirs to see.
    """
    rows = Posting.objects.select_related("organisation__area", "area", "replaces", "town")
    found = rows.filter(reference=reference).first()
    if found is None:
        raise Refusal(hidden())
    require(permissions.may_see_posting(viewer, found, clock.now()))
    return found


def get_objection_for(viewer: Viewer, reference: str, number: int) -> Objection:
    """An objection of a posting that the viewer may see.

    Raises:
        Refusal: hidden (404).
    """
    posting = get_posting_for(viewer, reference)
    found = posting.objections.filter(number=number).first()
    if found is None:
        raise Refusal(hidden())
    found.posting = posting
    return found


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A look at the board with its photos."""

    check: PostingCheck
    label: str
    photos: tuple[StoredFile, ...]


def checks_of(posting: Posting) -> list[CheckLine]:
    """The looks at the board, oldest first; two queries."""
    checks = list(posting.checks.order_by("on", "at", "pk"))
    found: dict[int, list[StoredFile]] = {}
    for file in StoredFile.objects.filter(subject_kind=CHECKS_KIND, subject_id__in=[c.pk for c in checks]):
        found.setdefault(file.subject_id, []).append(file)
    return [CheckLine(c, c.get_kind_display(), tuple(found.get(c.pk, ()))) for c in checks]


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """An objection as the page shows it: words with personal data covered; name and contact for those who answer."""

    objection: Objection
    clause: str
    fact: str
    demand: str
    name: str
    contact: str
    late: bool
    may_answer: bool


def objections_of(viewer: Viewer, posting: Posting) -> list[ObjectionLine]:
    """The objections to a posting, oldest first."""
    at = clock.now()
    lines = []
    for objection in posting.objections.select_related("person").order_by("number"):
        objection.posting = posting
        inside = bool(permissions.may_see_objector(viewer, objection, at))
        name = objection.name or (objection.person.name if objection.person else "")
        lines.append(
            ObjectionLine(
                objection, _covered(objection.clause), _covered(objection.fact), _covered(objection.demand),
                name if inside else "", objection.contact if inside else "",
                objection.is_open and objection.due_on < clock.local_day(at),
                bool(permissions.may_answer_objection(viewer, objection, at)),
            )
        )  # fmt: skip
    return lines


def _covered(words: str) -> str:
    return masked_for_board(words)[0]


def period_of(posting: Posting) -> Deadline | None:
    """Until when it must hang, with the arithmetic; None before it hangs."""
    if posting.posted_on is None:
        return None
    gaps = posting.checks.filter(seen=False).values_list("on", flat=True)
    return posting_until(posting.posted_on, posting.days, gaps)


def reading_of(posting: Posting) -> StoredFile | None:
    """The recording in which it is read aloud, if someone made one."""
    rows = StoredFile.objects.filter(subject_kind=POSTINGS_KIND, subject_id=posting.pk, role="reading")
    return rows.order_by("-pk").first()


def subject_of(viewer: Viewer, posting: Posting) -> tuple[str, str]:
    """Title and address of what it makes known; empty where there is none or it is not theirs to see."""
    rules = rules_of(posting.subject_kind)
    subject = rules.load(posting.subject_id) if rules and posting.subject_id is not None else None
    if rules is None or subject is None or not rules.may_see(viewer, subject, clock.now()):
        return "", ""
    return rules.title(subject), rules.url(subject)


def about_of(viewer: Viewer, leaf: LedgerLeaf) -> tuple[str, str]:
    """Title and address of what an entry of the ledger tells of, where this viewer may see it."""
    if leaf.subject_kind == POSTINGS_KIND:
        posting = Posting.objects.select_related("organisation__area").filter(pk=leaf.subject_id).first()
        if posting is None or not permissions.may_see_posting(viewer, posting, clock.now()):
            return "", ""
        return posting.shown_title, reverse("publication:posting", args=[posting.reference])
    rules = rules_of(leaf.subject_kind)
    subject = rules.load(leaf.subject_id) if rules else None
    if rules is None or subject is None or not rules.may_see(viewer, subject, clock.now()):
        return "", ""
    return rules.title(subject), rules.url(subject)


def edition_of(viewer: Viewer, leaf: LedgerLeaf) -> str:
    """Where everyone takes the files from which the subject of an entry is recomputed; empty where there are none."""
    rules = rules_of(leaf.subject_kind)
    subject = rules.load(leaf.subject_id) if rules else None
    if rules is None or subject is None or not rules.may_see(viewer, subject, clock.now()):
        return ""
    return rules.edition(subject)


def for_subject(viewer: Viewer, kind: str, subject_id: int) -> list[Posting]:
    """The postings that make a subject known, oldest first, as far as the viewer may see them."""
    rows = Posting.objects.filter(subject_kind=kind, subject_id=subject_id).select_related("organisation__area", "area")
    return [p for p in rows.order_by("pk") if permissions.may_see_posting(viewer, p, clock.now())]


def shown_for(kind: str, subject_id: int) -> list[tuple[Posting, list[PostingCheck]]]:
    """The postings of a subject that hang or hung, with their looks, for what its own app publishes; two queries."""
    rows = Posting.objects.filter(subject_kind=kind, subject_id=subject_id).exclude(posted_on=None).order_by("pk")
    return [(p, sorted(p.checks.all(), key=lambda c: (c.on, c.at, c.pk))) for p in rows.prefetch_related("checks")]


def may_open_check_file(viewer: Viewer, file: StoredFile) -> bool:
    """Guard of the photos of the board."""
    rows = PostingCheck.objects.select_related("posting__organisation__area", "posting__area")
    check = rows.filter(pk=file.subject_id).first()
    return check is not None and bool(permissions.may_see_posting(viewer, check.posting, clock.now()))


def may_open_posting_file(viewer: Viewer, file: StoredFile) -> bool:
    """Guard of what is attached to a posting: the recording of its text."""
    posting = Posting.objects.select_related("organisation__area", "area").filter(pk=file.subject_id).first()
    return posting is not None and bool(permissions.may_see_posting(viewer, posting, clock.now()))
