"""The parts of a decision's page: versions with their differences, papers, comments, petitions, money."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal as Money

from django.utils.translation import gettext as _

from yishi.core import files
from yishi.core.masking import masked_for_board
from yishi.core.models import StoredFile
from yishi.decisions import permissions, rules
from yishi.decisions.models import AgendaItem, Decision, MotionComment, MotionVersion, Payment, StepPaper
from yishi.decisions.papers import paper_title
from yishi.engines.procedure import Case
from yishi.engines.procedure.steps import load_procedure
from yishi.network.viewers import Viewer
from yishi.people import selectors as people

PAPERS_KIND = "decisions.steppaper"


def covered(words: str) -> str:
    """What someone wrote, as everyone may read it: numbers of persons and doors hidden."""
    return masked_for_board(words)[0]


def versions_of(decision: Decision) -> list[MotionVersion]:
    """The versions of the motion, newest first; one query."""
    return list(decision.versions.order_by("-number"))


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper of a step with its files."""

    title: str
    step: str
    version: int
    words: str
    at: dt.datetime
    files: tuple[tuple[str, str], ...]


def papers_of(viewer: Viewer, decision: Decision) -> list[ShownPaper]:
    """The papers that steps asked for and that this viewer may read, oldest first; two queries."""
    found = decision.papers.order_by("at", "pk")
    rows = [r for r in found if permissions.may_read_paper(viewer, decision, r.name)]
    kept: dict[int, list[StoredFile]] = {}
    for file in StoredFile.objects.filter(subject_kind=PAPERS_KIND, subject_id__in=[r.pk for r in rows]):
        kept.setdefault(file.subject_id, []).append(file)
    titles = {s.id: rules.spoken(s.title) for s in load_procedure(decision.procedure).steps}
    return [
        ShownPaper(
            paper_title(r.name), titles.get(r.step, r.step), r.version, covered(r.words), r.at,
            tuple((files.url_of(f), f.name) for f in kept.get(r.pk, ())),
        )
        for r in rows
    ]  # fmt: skip


def may_open_paper(viewer: Viewer, file: StoredFile) -> bool:
    """Guard of papers: as public as their decision, or only for its own people."""
    rows = StepPaper.objects.select_related("decision__organisation", "decision__area")
    paper = rows.filter(pk=file.subject_id).first()
    return paper is not None and bool(permissions.may_read_paper(viewer, paper.decision, paper.name))


def may_open_receipt(viewer: Viewer, file: StoredFile) -> bool:
    """Guard of receipts: those who carry the decision, supervise it or guide it."""
    paid = Payment.objects.select_related("decision__organisation", "decision__area").filter(pk=file.subject_id).first()
    if paid is None:
        return False
    decision = paid.decision
    return permissions.works_on(viewer, decision) or permissions.oversees(viewer, decision)


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment as anyone may read it: by a public name, with its answer, personal numbers covered."""

    row: MotionComment
    who: str
    text: str
    reason: str
    answer: str
    tone: str


TONES = {"adopted": "settled", "partly": "soon", "not_adopted": "plain", "": "soon"}


def comments_of(decision: Decision) -> list[ShownComment]:
    """What members said of the motion, newest first; one query."""
    rows = decision.comments.select_related("by__user").order_by("-at", "-pk")
    found = []
    for row in rows:
        row.decision = decision
        answer = row.get_answer_display() if row.answer else _("还没有答复")
        found.append(
            ShownComment(
                row, people.shown_name(row.by), covered(row.text), covered(row.reason), str(answer), TONES[row.answer]
            )
        )
    return found


def sittings_of(decision: Decision, *, works: bool) -> list[AgendaItem]:
    """The meetings that had or have the decision on their agenda, in order, each by its last item on it; drafts only for
    those who convene."""
    rows = decision.items.select_related("meeting").exclude(meeting__state="cancelled")
    if not works:
        rows = rows.exclude(meeting__state="draft")
    return list({item.meeting_id: item for item in rows.order_by("meeting__meets_at", "pk")}.values())


@dataclass(frozen=True, slots=True)
class MoneyTable:
    """Budget, contracts, payments, final account, and whether they agree."""

    rows: list[Payment]
    budget: Money | None
    contracted: Money
    paid: Money
    account: Money | None

    @property
    def left(self) -> Money:
        """What is still to be paid under the contracts."""
        return self.contracted - self.paid

    @property
    def over_budget(self) -> bool:
        """Whether the contracts exceed the budget that was decided."""
        return self.budget is not None and self.contracted > self.budget


def money_of(decision: Decision, versions: list[MotionVersion], case: Case) -> MoneyTable | None:
    """The money of a decision; None where it has none. One query, none without a step of work."""
    if not any(s.kind == "work" for s in case.procedure.steps):
        return None
    rows = list(decision.payments.order_by("at", "pk"))
    for row in rows:
        row.to, row.words = covered(row.to), covered(row.words)
    account = next((r.amount for r in reversed(rows) if r.kind == Payment.Kind.FINAL_ACCOUNT), None)
    return MoneyTable(
        rows, versions[0].budget if versions else None,
        sum((r.amount for r in rows if r.kind == Payment.Kind.CONTRACT), Money(0)),
        sum((r.amount for r in rows if r.kind == Payment.Kind.PAYMENT), Money(0)), account,
    )  # fmt: skip
