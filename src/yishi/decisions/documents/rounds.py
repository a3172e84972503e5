"""The rounds of an election as papers name them: the first poll, then each run-off, with names, votes and who is elected."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yishi.core.papers import Block, Fields, Heading, Paragraph
from yishi.decisions import rules
from yishi.decisions.documents.facts import Facts
from yishi.decisions.models import AgendaItem, BallotBox, Result, RollEntry
from yishi.decisions.tallied import ballot_lines
from yishi.decisions.voting.rounds import candidates_of, rounds_of, votes_of, with_names
from yishi.decisions.voting.strokes import by_strokes
from yishi.engines.procedure.case import Result as Reckoned
from yishi.publication.selectors.papers import day_in_words


@dataclass(frozen=True, slots=True)
class Round:
    """One poll: its number from 0, its box and what was counted, candidates by name."""

    number: int
    item: AgendaItem
    result: Result | None
    counted: Reckoned | None
    votes: dict[str, int]
    elected: tuple[str, ...]
    names: dict[str, str]

    @property
    def box(self) -> BallotBox | None:
        """Its box, once it was opened."""
        return getattr(self.item, "box", None)

    @property
    def runoff(self) -> bool:
        """Whether only those not elected before stand."""
        return self.number > 0

    @property
    def title(self) -> str:
        """How papers call it."""
        if not self.runoff:
            return _("第一次投票")
        return _("另行选举") if self.number == 1 else _("第 %(n)s 次另行选举") % {"n": self.number}

    @property
    def on(self) -> dt.date | None:
        """The day of its count."""
        return self.counted.on if self.counted else None


def rounds(facts: Facts) -> list[Round]:
    """Every round of the last election day, in turn; empty for a vote on a motion."""
    if facts.item is None or facts.step_kind != "poll":
        return []
    reckoned = [r for r in facts.case.results if r.step == facts.item.step]
    known = Result.objects.filter(item__decision=facts.decision, item__step=facts.item.step).order_by("pk")
    counted = dict(zip(known.values_list("pk", flat=True), reckoned, strict=False))
    names, votes, before, found = candidates_of(facts.decision), votes_of(facts.decision), set[str](), []
    for number, item in enumerate(i for i in rounds_of(facts.item) if not i.left):
        result = item.results.order_by("-number").first()
        told = counted.get(result.pk) if result else None
        elected = tuple(c for c in (told.elected if told else ()) if c not in before)
        before |= set(elected)
        found.append(Round(number, item, result, told, votes.get(result.pk, {}) if result else {}, elected, names))
    return found


def candidates(facts: Facts, box: BallotBox | None = None) -> list[str]:
    """The names on the ballot of an election, in the order of strokes; empty for a motion."""
    box = box or facts.box
    references = list(box.choices) if box and box.seats else list(facts.case.poll.candidates)
    if not references:
        return []
    persons = {int(r[1:]) for r in references if r[:1] == "p" and r[1:].isdigit()}
    found = RollEntry.objects.filter(roll__decision=facts.decision, person_id__in=persons)
    known = {f"p{person}": label for person, label in found.values_list("person_id", "label")}
    return sorted((known.get(r, r) for r in references), key=by_strokes)


def written_votes(votes: int) -> str:
    """``535 票``."""
    return ngettext("%(n)s 票", "%(n)s 票", votes) % {"n": votes}


def everyone_elected(held: list[Round]) -> str:
    """Who is elected, in which round and with how many votes; how many seats stay vacant."""
    told = [
        _("%(name)s（%(round)s，%(votes)s）")
        % {"name": r.names.get(c, c), "round": r.title, "votes": written_votes(r.votes.get(c, 0))}
        for r in held
        for c in r.elected
    ]
    vacant = held[-1].counted.vacant if held and held[-1].counted else 0
    words = _("当选：%(who)s。") % {"who": rules.listed(told)} if told else _("没有人当选。")
    return rules.sentences([words, _("空缺 %(n)s 名。") % {"n": vacant} if vacant else ""])


def told(held: list[Round]) -> Iterator[Block]:
    """Each round with its numbers: who took part, the ballots, every candidate's votes and who is elected."""
    for one in held:
        if one.counted is None:
            continue
        yield Heading(f"{one.title}　{day_in_words(one.counted.on)}")
        yield Paragraph(with_names(rules.spoken(one.counted.text), one.names))
        yield Fields([*ballot_lines(one.counted), (_("得票"), rules.clauses(_standing(one)))])


def _standing(one: Round) -> Iterator[str]:
    for code, votes in sorted(one.votes.items(), key=lambda row: -row[1]):
        elected = _("（当选）") if code in one.elected else ""
        yield f"{one.names.get(code, code)} {written_votes(votes)}{elected}"
