"""What a vote stands on: its roll, and the events that froze the roll, opened the vote and counted it."""

from collections.abc import Mapping
from dataclasses import dataclass

from yishi.engines.bundle.model import BundleError, Material, Roll, Slip, Vote
from yishi.engines.bundle.replaying import Replay, Seen
from yishi.engines.procedure.case import Result
from yishi.engines.procedure.packs import quantities

FREEZING = ("notice_posted", "meeting_opened", "roll_settled")
OPENING = ("ballot_opened", "poll_opened", "runoff_opened")
COUNTING = ("counted", "recounted")


@dataclass(frozen=True, slots=True)
class Ground:
    """A vote with what it stands on: its place, roll and the events around it."""

    vote: Vote
    where: str
    roll: Roll
    frozen: Seen
    opened: Seen
    counted: Seen
    result: Result
    public: bool = False

    @property
    def election(self) -> bool:
        """Whether people are chosen rather than a motion decided."""
        return self.opened.event.kind != "ballot_opened"

    @property
    def follows(self) -> bool:
        """Whether this is the second of two steps merged in one meeting, whose opening states the whole of the first."""
        return self.frozen.step.id != self.opened.step.id and self.opened.sitting is not None

    @property
    def slips(self) -> tuple[Slip, ...]:
        """The ballots: those of the file, those cast one by one in the events, or choices without ids."""
        if self.vote.choices is not None:
            return self.vote.choices
        sitting = self.opened.sitting
        if self.vote.slips is None and sitting is not None:
            return tuple(Slip(one.voter, one.marks or ("!blank",)) for one in sitting.ballots.values())
        return self.vote.slips or ()

    @property
    def ballots(self) -> str:
        """The name of the file of ballots."""
        return f"ballots/{self.vote.id}.txt"

    @property
    def committed(self) -> str:
        """The name of the file of commitments."""
        return f"commitments/{self.vote.id}.txt"

    @property
    def apart(self) -> bool:
        """Whether ballots say nothing of who cast them: each is then of one head."""
        return self.vote.secret or self.vote.choices is not None

    @property
    def withholds(self) -> bool:
        """Whether ballots of a signed vote are withheld; a count by hand of papers has none to withhold."""
        return self.public and not self.vote.secret and (self.vote.commitments is not None or not self.vote.boxes)

    @property
    def missing(self) -> list[str]:
        """Wholes of the notice for which the public roll has no column."""
        stated = () if self.follows else self.frozen.event.data.get("roll", {})
        return [name for name in stated if self.public and name not in self.roll.columns]

    @property
    def one_head(self) -> bool:
        """Whether every line of the roll is shown to be one head."""
        return all(number == 1 for number in self.weights("heads").values()) and self.column("heads") is not None

    @property
    def weighed(self) -> bool:
        """Whether ballots weigh otherwise than by heads, or choose among people: choices then stay apart from nobody."""
        areas = any(quantities()[name].measure == "area" for name in (*self.missing, *self.roll.columns))
        return self.election or areas or not self.one_head

    @property
    def boxes(self) -> str:
        """The name of the file of paper boxes."""
        return f"boxes/{self.vote.id}.json"

    @property
    def out(self) -> set[str]:
        """Who may not vote: recused from this item, or gone from the roll."""
        sitting = self.opened.sitting
        return {*self.vote.gone, *(sitting.recused if sitting else ())}

    def column(self, measure: str) -> int | None:
        """The place of the first column of that measure."""
        found = (i for i, name in enumerate(self.roll.columns) if quantities()[name].measure == measure)
        return next(found, None)

    def weights(self, measure: str) -> Mapping[str, int]:
        """What each on the roll weighs in that measure; nothing without such a column."""
        column = self.column(measure)
        return {} if column is None else {one.id: one.weights[column] for one in self.roll.holders}


def stand(material: Material, vote: Vote, where: str, replay: Replay) -> Ground:
    """A vote with its roll and events. Raises `BundleError` where they do not belong together."""
    if vote.roll not in material.rolls:
        raise BundleError(f"{where} roll", f"没有名册 {vote.roll}", f"there is no roll {vote.roll}")
    counted = replay.at(vote.counted, f"{where} counted", *COUNTING)
    opened = replay.at(vote.opened, f"{where} opened", *OPENING)
    frozen = replay.at(vote.frozen, f"{where} frozen", *FREEZING)
    if not vote.frozen < vote.opened < vote.counted or counted.result is None:
        raise BundleError(
            where, "须先冻结名册，再表决，再计票", "the roll is frozen, then the vote opened, then counted"
        )
    same = frozen.sitting is opened.sitting or opened.sitting is None or _merged(frozen, opened, replay)
    if not same or counted.result.step != opened.step.id or not _directly(vote, replay):
        raise BundleError(where, "名册、表决、计票不属同一次会议", "roll, vote and count are not of one meeting")
    public = material.edition == "public"
    return Ground(vote, where, material.rolls[vote.roll], frozen, opened, counted, counted.result, public)


def _merged(frozen: Seen, opened: Seen, replay: Replay) -> bool:
    """Whether the vote is that of the step right after the one that was opened, merged with it."""
    ids = [step.id for step in replay.case.procedure.steps]
    merged = frozen.sitting is not None and frozen.sitting.merged
    return merged and ids.index(opened.step.id) == ids.index(frozen.step.id) + 1


def _directly(vote: Vote, replay: Replay) -> bool:
    """Whether no other vote was opened between the opening and the count of this one."""
    between = (replay.seen.get(number) for number in range(vote.opened + 1, vote.counted))
    return not any(seen is not None and seen.event.kind in OPENING for seen in between)
