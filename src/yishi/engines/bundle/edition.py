"""The public edition of a decision: what may be known of a signed vote without telling whose ballot is whose."""

from collections.abc import Mapping
from dataclasses import replace

from yishi.engines.bundle.lines import ballot_commitment, ballot_line
from yishi.engines.bundle.model import SPOILED, VERSIONS, BundleError, Holder, Material, Roll, Slip, Vote
from yishi.engines.procedure.packs import quantities
from yishi.engines.tally.ballots import CHOICES


def commitments_of(slips: tuple[Slip, ...], salts: Mapping[str, str], roll: Roll) -> tuple[str, ...]:
    """The commitments of signed ballots, sorted; one whose salt or line of the roll is missing has none."""
    weights = {one.id: one.weights for one in roll.holders}
    return tuple(
        sorted(
            ballot_commitment(salts[slip.key], ballot_line(slip, weights[slip.key]))
            for slip in slips
            if slip.key in salts and slip.key in weights
        )
    )


def public_roll(roll: Roll) -> Roll:
    """The roll without what differs from line to line: an area tells the door, an odd number of heads the household."""
    kept = [i for i, _ in enumerate(roll.columns) if len({one.weights[i] for one in roll.holders}) < 2]
    holders = (Holder(one.id, tuple(one.weights[i] for i in kept), one.commitment) for one in roll.holders)
    return Roll(tuple(roll.columns[i] for i in kept), tuple(holders))


def public_edition(material: Material) -> Material:
    """What everyone may have of it, out of the ledger yet. A function of the material: whoever has the full
    edition makes the public one again.

    Raises `BundleError`: ballots stand in the events, or a signed vote was closed without commitments.
    """
    _no_ballots_in_events(material)
    made = replace(
        material,
        edition="public",
        version=VERSIONS[-1],
        rolls={key: public_roll(roll) for key, roll in material.rolls.items()},
        votes=tuple(_public(vote, material.rolls[vote.roll]) for vote in material.votes),
        ledger=None,
    )
    only_of_its_edition(made)
    return made


def _public(vote: Vote, roll: Roll) -> Vote:
    if vote.secret or (vote.slips is None and vote.boxes):
        return vote
    counted_apart = any(entry.counts for box in vote.boxes for entry in box.entries)
    if vote.commitments is None or counted_apart:
        raise BundleError(
            f"commitments/{vote.id}.txt",
            "这次记名表决没有选票承诺，没有公开版",
            "this signed vote has no commitments: there is no public edition",
        )
    slips = vote.slips or ()
    choices = tuple(Slip("", slip.choices) for slip in slips) if vote.counted and by_heads(roll, slips) else None
    return replace(vote, slips=None, salts=None, choices=choices)


def by_heads(roll: Roll, slips: tuple[Slip, ...]) -> bool:
    """Whether the ballots weigh alike and say one thing each: then the choices apart say no more than their totals."""
    alike = public_roll(roll).columns == roll.columns and not _areas(roll)
    return alike and all(len(slip.choices) == 1 and slip.choices[0] in (*CHOICES, *SPOILED) for slip in slips)


def _areas(roll: Roll) -> bool:
    return any(quantities()[column].measure == "area" for column in roll.columns)


def only_of_its_edition(material: Material) -> None:
    """The public edition holds nothing that says whose ballot is whose; only it has choices apart from ids.

    Raises `BundleError` with the file that should not be there.
    """
    public = material.edition == "public"
    if public:
        _no_ballots_in_events(material)
    for vote in material.votes:
        for folder, held in _not_of(vote, public, material.version).items():
            if held is not None:
                raise BundleError(
                    f"{folder}/{vote.id}.txt", "这一版决策包不应有这个文件", "this edition of a bundle has no such file"
                )


def _no_ballots_in_events(material: Material) -> None:
    if any(event.get("kind") == "cast" for event in material.events):
        raise BundleError(
            "decision.json", "公开版不得有记名的投票事件", "a public edition holds no ballots under their ids"
        )


def _not_of(vote: Vote, public: bool, version: int) -> Mapping[str, object]:
    """What must not be there, by its folder."""
    if vote.secret or version == 1:
        return {"salts": vote.salts, "commitments": vote.commitments, "choices": vote.choices}
    return {"salts": vote.salts, "ballots": vote.slips} if public else {"choices": vote.choices}
