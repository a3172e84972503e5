"""Choosing among several: approval, plurality with seats, run-off. Ties are said, never broken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yishi.engines.words import Text, say


@dataclass(frozen=True, slots=True)
class Approval:
    """Votes per candidate from ballots that pick up to `limit` names, and the ballots apart:
    `valid`, `blank`, `over` (more names than allowed), `unreadable` (a name twice or unknown)."""

    votes: Mapping[str, int]
    valid: int
    blank: int
    over: int
    unreadable: int


def approval(
    ballots: Iterable[tuple[str, ...]],
    candidates: tuple[str, ...],
    limit: int,
    write_ins: bool = False,
) -> Approval:
    """Count ballots of several names. With `write_ins` (另选人) unknown names count too."""
    votes = dict.fromkeys(candidates, 0)
    valid = blank = over = unreadable = 0
    for picks in ballots:
        if not picks:
            blank += 1
        elif len(set(picks)) < len(picks) or (not write_ins and not set(picks) <= set(candidates)):
            unreadable += 1
        elif len(picks) > limit:
            over += 1
        else:
            valid += 1
            for name in picks:
                votes[name] = votes.get(name, 0) + 1
    return Approval(dict(sorted(votes.items())), valid, blank, over, unreadable)


@dataclass(frozen=True, slots=True)
class Contest:
    """Who is elected. `tied` stand level for the last `open_seats` and none of them is
    elected; `vacant` seats have nobody who reached `need`. Sorted by votes, then by name."""

    elected: tuple[str, ...]
    tied: tuple[str, ...]
    not_elected: tuple[str, ...]
    open_seats: int
    need: int
    text: Text

    @property
    def vacant(self) -> int:
        """Seats that neither an elected nor a tied candidate will fill."""
        return 0 if self.tied else self.open_seats


def plurality(votes: Mapping[str, int], seats: int, need: int = 1) -> Contest:
    """The candidates with most votes take the seats, if they reach `need` votes.

    Where more candidates stand level than seats are left, they are all `tied`: the law asks
    for another vote among them. Raises `ValueError` for fewer than one seat.
    """
    if seats < 1:
        raise ValueError("an election needs at least one seat")
    ranked = sorted(votes, key=lambda name: (-votes[name], name))
    able = [name for name in ranked if votes[name] >= max(1, need)]
    elected, tied = able[:seats], []
    if len(able) > seats and votes[able[seats - 1]] == votes[able[seats]]:
        level = votes[able[seats]]
        elected = [name for name in able if votes[name] > level]
        tied = [name for name in able if votes[name] == level]
    rest = tuple(name for name in ranked if name not in elected and name not in tied)
    left = seats - len(elected)
    shown = "、".join(f"{name} {votes[name]}" for name in elected)
    zh = f"应选 {seats} 名，当选需 {max(1, need)} 票；当选：{shown or '无'}"
    en = f"{seats} seat(s), {max(1, need)} votes needed; elected: {shown or 'nobody'}"
    if tied:
        level_text = "、".join(tied)
        zh += f"；{level_text} 得票相等，余 {left} 名须再次投票确定"
        en += f"; {level_text} are level for {left} seat(s): another vote decides"
    elif left:
        zh += f"；余 {left} 名空缺"
        en += f"; {left} seat(s) left open"
    return Contest(tuple(elected), tuple(tied), rest, left, max(1, need), say(zh, en))


def runoff_candidates(contest: Contest, votes: Mapping[str, int], places: int = 0) -> tuple[str, ...]:
    """Who stands again: those tied, or else the highest not elected.

    `places` is how many stand (default: open seats + 1, so that there is a choice); everyone
    level with the last of them stands too.
    """
    if contest.tied:
        return contest.tied
    if not contest.open_seats:
        return ()
    wanted = places or contest.open_seats + 1
    ranked = contest.not_elected
    if len(ranked) <= wanted:
        return ranked
    line = votes[ranked[wanted - 1]]
    return tuple(name for name in ranked if votes[name] >= line)
