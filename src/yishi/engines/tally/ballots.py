"""Counting of ballots, signed or secret, with everything that did not count kept apart."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from yishi.engines.tally.rolls import Roll, Weight
from yishi.engines.words import Text, say

CHOICES = ("yes", "no", "abstain")
SPOILED = ("blank", "double")
UNCOUNTED = ("late", "wrong_roll", "repeated", "recused")
Kind = Literal["blank", "double", "late", "wrong_roll", "repeated", "recused"]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A signed ballot: whose (`voter`), the boxes ticked, its place in the order of receipt,
    who filled it in (`by`, when not the voter), and whether it came after the close."""

    voter: str
    marks: tuple[str, ...]
    order: int = 0
    by: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """The count. `choices` and `spoiled` (blank, double tick) carry weights; `uncounted` are
    numbers of ballots that never count: late, wrong roll, repeated, recused. `whole` is the
    roll as frozen: recusal does not shrink it."""

    choices: Mapping[str, Weight]
    spoiled: Mapping[str, Weight]
    uncounted: Mapping[str, int]
    whole: Weight

    def participating(self, kinds: Collection[str]) -> Weight:
        """The weight of those who took part, by the pack's or the meeting's rule: any of the
        choices and of `blank`, `double`. Abstaining is taking part under Civil Code 278."""
        every = {**self.choices, **self.spoiled}
        return sum((every[kind] for kind in kinds), Weight())


def count_ballots(
    roll: Roll,
    ballots: Iterable[Ballot],
    choices: tuple[str, ...] = CHOICES,
    recused: Collection[str] = (),
    agents: Mapping[str, Collection[str]] | None = None,
) -> Tally:
    """Count signed ballots against a roll. The order in which they are handed in does not
    matter: of one voter's valid ballots the first received stands, the others are `repeated`.

    `agents` maps a voter to those who may act for them (guardian, proxy, co-owner); a ballot
    by anyone else, or for someone not on the roll, is `wrong_roll`. A ballot ticked outside
    `choices` counts as a double tick (its meaning is not certain).
    """
    weighed: dict[str, Weight] = {kind: Weight() for kind in (*choices, *SPOILED)}
    apart: Counter[str] = Counter(dict.fromkeys(UNCOUNTED, 0))
    stood: dict[str, str] = {}
    allowed = agents or {}
    for ballot in sorted(ballots, key=lambda b: (b.order, b.voter, b.marks, b.by)):
        kind = _kind(ballot, roll, choices, recused, allowed)
        if kind in UNCOUNTED:
            apart[kind] += 1
        elif ballot.voter not in stood:
            stood[ballot.voter] = kind
        elif stood[ballot.voter] in SPOILED and kind in choices:
            apart["repeated"] += 1
            stood[ballot.voter] = kind
        else:
            apart["repeated"] += 1
    for voter, kind in stood.items():
        weighed[kind] += roll.weights[voter]
    return Tally(
        {kind: weighed[kind] for kind in choices},
        {kind: weighed[kind] for kind in SPOILED},
        dict(apart),
        roll.total,
    )


def _kind(
    ballot: Ballot,
    roll: Roll,
    choices: tuple[str, ...],
    recused: Collection[str],
    agents: Mapping[str, Collection[str]],
) -> str:
    for_other = ballot.by not in ("", ballot.voter)
    if ballot.voter not in roll.weights or (for_other and ballot.by not in agents.get(ballot.voter, ())):
        return "wrong_roll"
    if ballot.late or ballot.voter in recused:
        return "late" if ballot.late else "recused"
    if not ballot.marks:
        return "blank"
    if len(ballot.marks) > 1 or ballot.marks[0] not in choices:
        return "double"
    return ballot.marks[0]


def owners_values(tally: Tally, participating: Collection[str] = CHOICES) -> dict[str, int]:
    """The numbers that Civil Code 278 asks for, under the names of the packs (`area_yes`, …).

    `participating` must be fixed before the vote: whether spoiled ballots take part.
    """
    took_part, yes = tally.participating(participating), tally.choices["yes"]
    return {
        "area_all": tally.whole.area,
        "heads_all": tally.whole.heads,
        "area_participating": took_part.area,
        "heads_participating": took_part.heads,
        "area_yes": yes.area,
        "heads_yes": yes.heads,
    }


def reconcile(
    issued: int, returned: int, unreturned: int, valid: int, invalid: int, voted: int | None = None
) -> list[Text]:
    """What does not add up in a box: issued = returned + unreturned, returned = valid +
    invalid, and no more ballots than voters who took one. Empty when all is well."""
    out = []
    if min(issued, returned, unreturned, valid, invalid) < 0:
        out.append(say("票数不能是负数", "numbers of ballots cannot be negative"))
    if issued != returned + unreturned:
        out.append(
            say(
                f"发出 {issued} ≠ 收回 {returned} + 未收回 {unreturned}",
                f"issued {issued} ≠ returned {returned} + unreturned {unreturned}",
            )
        )
    if returned != valid + invalid:
        out.append(
            say(
                f"收回 {returned} ≠ 有效 {valid} + 无效 {invalid}",
                f"returned {returned} ≠ valid {valid} + invalid {invalid}",
            )
        )
    if voted is not None and returned > voted:
        out.append(
            say(
                f"收回 {returned} 多于参加投票 {voted}，选举无效",
                f"returned {returned} exceeds the {voted} who voted: the vote is void",
            )
        )
    return out
