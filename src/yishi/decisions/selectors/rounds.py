"""The rounds of an election: what each is called, and the lines that it and its candidates had to reach."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yishi.decisions.rules import headed, quantity_words, spoken
from yishi.engines.procedure import Case, Pack, load_pack
from yishi.engines.procedure.case import Result
from yishi.engines.tally.lines import Condition

if TYPE_CHECKING:
    from yishi.decisions.selectors.one import ShownLine, ShownResult

RUNOFF = "VEL-RUNOFF"


def name_of(pack: Pack, step_title: str) -> str:
    """What a vote under this pack is called: a run-off by its own name."""
    return spoken(pack.title) if pack.family == RUNOFF else step_title


def in_order(shown: "list[ShownResult]") -> "list[ShownResult]":
    """The latest result first; the rounds of an election as they were held, the first one named as such."""
    rounds = [r for r in shown if r.votes]
    if not rounds:
        return shown[::-1]
    if any(load_pack(r.pack).family == RUNOFF for r in rounds):
        first = _("%(vote)s（第一轮）") % {"vote": rounds[0].title}
        return [replace(r, title=first) if r.votes and load_pack(r.pack).family != RUNOFF else r for r in shown]
    return list(shown)


def seal_title(pack_id: str, step_title: str) -> str:
    """Which of several seals this is."""
    return name_of(load_pack(pack_id), step_title)


def lines_of(case: Case, result: Result, votes: Mapping[str, int]) -> "list[ShownLine]":
    """How many had to vote, and for each candidate how many votes elect; ``votes`` by the names shown."""
    found = []
    voted, cast = (
        result.counts.get("voters_who_voted"),
        result.counts.get("ballots_cast", result.counts.get("returned")),
    )
    if (valid := _only(result.pack, "valid")) and voted is not None and case.poll.registered:
        found.append(_line(result.pack, _("参加投票够不够"), valid, voted, case.poll.registered))
    for rule, whole in (("elected", voted), ("floor", cast)):
        if (line := _only(result.pack, rule)) and whole:
            found += [
                _line(result.pack, headed(name, _("得票够不够")), line, n, whole)
                for name, n in sorted(votes.items(), key=lambda pair: -pair[1])
            ]
    return found


def _only(pack: Pack, rule_id: str) -> Condition | None:
    rule = pack.rules.get(rule_id)
    return rule.modes[""][0] if rule else None


def _line(pack: Pack, title: str, line: Condition, have: int, whole: int) -> "ShownLine":
    from yishi.decisions.selectors.one import ShownLine

    need = line.need(whole)
    text = _("需 %(need)s = %(formula)s（%(whole)s），%(clause)s") % {
        "need": need, "formula": line.formula(str(whole)), "whole": quantity_words(line.base),
        "clause": spoken(pack.clause),
    }  # fmt: skip
    return ShownLine(title, have, need, whole, False, have >= need, text, whole >= need)
