"""From rows to the numbers that the procedure asks for: signed ballots by weight, secret ones, paper by two."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from yishi.decisions.models import BallotBox, PaperCount, RollEntry, SecretBallot, SignedBallot
from yishi.decisions.voting import kinds
from yishi.engines.procedure import Pack
from yishi.engines.tally import Ballot, Roll, Tally, Weight, count_ballots, owners_values
from yishi.engines.tally.ballots import CHOICES, SPOILED

FIELDS = ("issued", "returned", "unreturned", "valid", "invalid")
APART = ("blank", "double", "repeated")


@dataclass(frozen=True, slots=True)
class Totals:
    """Votes by mark (choices or candidates), spoiled by kind, and the box reconciled."""

    votes: Mapping[str, int]
    spoiled: Mapping[str, int]
    box: Mapping[str, int]

    @property
    def valid(self) -> int:
        return self.box["valid"]


def signed_tally(box: BallotBox) -> Tally:
    """The signed ballots that stand, counted by the engine against the roll with its weights."""
    lines = RollEntry.objects.filter(roll_id=box.roll_id, struck=False)
    weights = {
        code: Weight(h, a, s) for code, h, a, s in lines.values_list("code", "heads", "area_hundredths", "shares")
    }
    rows = SignedBallot.objects.filter(box=box, revoked_at=None).order_by("pk").values_list("entry__code", "marks")
    ballots = [Ballot(code, tuple(marks), i) for i, (code, marks) in enumerate(rows)]
    aside = list(box.item.recusals.values_list("entry__code", flat=True))
    return count_ballots(Roll(weights), ballots, tuple(box.choices), aside)


def electronic(box: BallotBox) -> Counter[str]:
    """Ballots of a secret box by mark, as many as lie in it."""
    found: Counter[str] = Counter()
    for marks in SecretBallot.objects.filter(box=box).values_list("marks", flat=True):
        found.update(marks)
    return found


def keyed_paper(box: BallotBox) -> dict[str, int]:
    """Of a signed box, the paper ballots keyed one by one: by mark, blank, double tick, and repeated."""
    found = Counter(dict.fromkeys((*box.choices, *APART), 0))
    rows = SignedBallot.objects.filter(box=box, revoked_at=None, channel__in=["paper", "door"])
    for marks in rows.values_list("marks", flat=True):
        found["blank" if not marks else "double" if len(marks) > 1 else marks[0]] += 1
    returned = box.papers.filter(returned=True).count()
    found["repeated"] = returned - rows.count()
    return dict(found)


def expected(box: BallotBox) -> dict[str, int]:
    """What the record says of the paper: handed out, back, and the marks of signed ones."""
    out = box.papers.filter(spoiled=False)
    found = {"issued": out.count()}
    if not box.secret:
        found |= {"returned": out.filter(returned=True).count(), **keyed_paper(box)}
    return found


def differences(first: PaperCount, second: PaperCount) -> list[tuple[str, int, int]]:
    """Where two people's keying differs, field by field: name, first, second."""
    names = [*FIELDS, *dict.fromkeys((*first.votes, *second.votes))]

    def value(count: PaperCount, name: str) -> int:
        return int(getattr(count, name) if name in FIELDS else count.votes.get(name, 0))

    return [(n, value(first, n), value(second, n)) for n in names if value(first, n) != value(second, n)]


def totals_of(box: BallotBox, paper: PaperCount) -> Totals:
    """The whole box: paper as two people counted it, and what was cast electronically."""
    if box.secret:
        cast = electronic(box)
        ballots = SecretBallot.objects.filter(box=box).count()
        votes = {mark: cast[mark] + int(paper.votes.get(mark, 0)) for mark in box.choices}
        spoiled = {kind: int(paper.votes.get(kind, 0)) for kind in SPOILED}
    else:
        tally = signed_tally(box)
        hands = {} if box.online or box.papers.exists() else dict(paper.votes)
        ballots = SignedBallot.objects.filter(box=box, revoked_at=None).exclude(channel__in=["paper", "door"]).count()
        votes = {mark: weight.heads + int(hands.get(mark, 0)) for mark, weight in tally.choices.items()}
        spoiled = {kind: weight.heads for kind, weight in tally.spoiled.items()}
    table = {name: int(getattr(paper, name)) for name in FIELDS}
    spoiled_apart = {} if box.secret else _spoiled_outside(box)
    invalid = sum(spoiled_apart.values())
    table["issued"] += ballots
    table["returned"] += ballots
    table["valid"] += ballots - invalid
    table["invalid"] += invalid
    return Totals(votes, spoiled, table)


def _spoiled_outside(box: BallotBox) -> dict[str, int]:
    """Blank and double-ticked ballots that did not come on paper keyed here (the booth's)."""
    rows = SignedBallot.objects.filter(box=box, revoked_at=None).exclude(channel__in=["paper", "door"])
    found = Counter("blank" if not m else "double" for m in rows.values_list("marks", flat=True) if len(m) != 1)
    return dict(found)


def counts_for(box: BallotBox, pack: Pack, mode: str, totals: Totals, participating: tuple[str, ...]) -> dict[str, int]:
    """The counts of the procedure's event under the pack's names; areas in hundredths of m²."""
    names = {c.have for c in kinds.conditions_of(pack, mode)} | {
        c.base for c in kinds.conditions_of(pack, mode) if c.base != "absolute"
    }
    counts: dict[str, int] = {k: totals.votes.get(k, 0) for k in CHOICES} | dict(totals.spoiled) | dict(totals.box)
    if box.roll.kind in kinds.OWNERS:
        values = owners_values(signed_tally(box), participating)
        counts |= {k: v for k, v in values.items() if k in names and not k.endswith("_all")}
        counts |= {"affected_yes": counts["yes"]} if "affected_yes" in names else {}
        counts.pop("yes")
    if "voters_who_voted" in names:
        counts["voters_who_voted"] = totals.box["returned"] if box.secret else voted(box)
    return counts


def two_ways(box: BallotBox) -> bool:
    """Whether a secret box holds ballots of both ways: apart, a few on one of them could be tied to who went it."""
    return box.secret and not box.seats and box.papers.exists() and box.ballots.exists()


def took_part(box: BallotBox) -> int | None:
    """How many ballots were cast: who took a paper and did not hand it in has not voted. None until two have counted
    what only they can tell, papers of a secret vote and hands."""
    cast = box.ballots.count() if box.secret else voted(box)
    on_record = not box.papers.exists() if box.secret else box.online or box.papers.exists()
    if on_record:
        return cast
    counts = list(box.paper_counts.order_by("pk"))
    agreed = len(counts) == 2 and not differences(counts[0], counts[1])
    return cast + counts[0].returned if agreed else None


def voted(box: BallotBox) -> int:
    """How many lines are marked as taking part; of a secret vote those who took a paper, handed in or not."""
    if box.secret:
        return box.marked.count()
    return SignedBallot.objects.filter(box=box, revoked_at=None).count()


__all__ = [
    "APART", "CHOICES", "FIELDS", "SPOILED", "Totals", "counts_for", "differences", "electronic", "expected",
    "keyed_paper", "signed_tally", "took_part", "totals_of", "two_ways", "voted",
]  # fmt: skip
