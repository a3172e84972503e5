"""Which papers a decision has now, who may take them, and how each is made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.core.papers import Paper
from yishi.decisions.documents import ballots, before, counts, outcome, rolls
from yishi.decisions.documents.facts import Facts, facts_of
from yishi.decisions.models import Decision
from yishi.network.viewers import Viewer

Make = Callable[[Facts, Viewer], Paper | None]


@dataclass(frozen=True, slots=True)
class Document:
    """A paper by its slug. ``inside``: it prints the roll or is filled in at the meeting, for those who run it.

    ``single``: in Word it is one blank of a paper that is printed by the hundred.
    """

    slug: str
    title: str | Promise
    make: Make
    inside: bool = False
    single: Make | None = None

    @property
    def blank(self) -> bool:
        """Whether its Word file is a blank one."""
        return self.single is not None

    def word(self, facts: Facts, viewer: Viewer) -> Paper | None:
        """What its Word file holds."""
        return (self.single or self.make)(facts, viewer)


DOCUMENTS: dict[str, Document] = {
    d.slug: d
    for d in (
        Document("notice", _("会议通知"), before.notice),
        Document("proxy", _("委托书"), before.proxy_form),
        Document("sign-in", _("签到册"), before.sign_in_book, inside=True),
        Document("voter-roll", _("选民名单（A4）"), rolls.voter_roll_paper, inside=True),
        Document("voter-roll-a3", _("选民名单（A3，大字）"), rolls.voter_roll_for_board, inside=True),
        Document("ballots", _("表决票或选票"), ballots.ballots, inside=True, single=ballots.one_ballot),
        Document("count", _("计票单"), counts.count_sheet, inside=True),
        Document("minutes", _("会议记录"), outcome.minutes, inside=True),
        Document("resolution", _("决议"), outcome.resolution),
        Document("posting", _("公示（A4）"), outcome.posting),
        Document("posting-a3", _("公示（A3，大字）"), outcome.posting_for_board),
        Document("objections", _("异议登记表"), outcome.objections),
    )
}  # fmt: skip


def get_document(decision: Decision, viewer: Viewer, slug: str, *, word: bool = False) -> Paper | None:
    """A paper of the decision, or what its Word file holds; None where there is none yet (or none of that name)."""
    document = DOCUMENTS.get(slug)
    if document is None:
        return None
    return (document.word if word else document.make)(facts_of(decision), viewer)


def available(decision: Decision, viewer: Viewer, *, inside: bool) -> Iterable[tuple[Document, Paper]]:
    """Every paper that the decision has now; those inside only for those who run it."""
    facts = facts_of(decision)
    for document in DOCUMENTS.values():
        if document.inside and not inside:
            continue
        made = document.make(facts, viewer)
        if made is not None:
            yield document, made
