"""Commitments of signed ballots checked: against the ballots in the full edition, against the numbers in the public one."""

from collections.abc import Iterator

from yishi.engines.bundle.counting import check_boxes, check_choices, check_count
from yishi.engines.bundle.finding import Finding, withheld
from yishi.engines.bundle.ground import Ground
from yishi.engines.bundle.lines import ballot_commitment, ballot_line
from yishi.engines.bundle.model import Check
from yishi.engines.tally.ballots import CHOICES, SPOILED
from yishi.engines.words import say

_SAKE = say("以免别人看出哪张票是谁的", "so that nobody can tell whose ballot is whose")


def check_commitments(ground: Ground) -> Check:
    """In the full edition: each ballot with its salt gives a commitment, and there are no others."""
    vote, finding = ground.vote, Finding("commitments", ground.vote.id)
    weights, salts = {one.id: one.weights for one in ground.roll.holders}, vote.salts or {}
    stated, found = set(vote.commitments or ()), set()
    slips = vote.slips or ()
    for line, slip in enumerate(slips, 2):
        if slip.key not in salts:
            finding.add(f"salts/{vote.id}.txt", f"{slip.key} 的票没有盐", f"the ballot of {slip.key} has no salt")
            continue
        made = ballot_commitment(salts[slip.key], ballot_line(slip, weights.get(slip.key, ())))
        found.add(made)
        if made not in stated:
            finding.add(
                f"{ground.ballots}:{line}",
                f"{slip.key} 的票不在承诺中",
                f"the ballot of {slip.key} is not among the commitments",
            )
    for key in sorted(salts.keys() - {slip.key for slip in slips}):
        finding.add(f"salts/{vote.id}.txt", f"{key} 有盐没有票", f"a salt of {key}, but no ballot")
    for extra in sorted(stated - found):
        finding.add(
            ground.committed, f"承诺 {extra[:12]}… 没有对应的票", f"no ballot gives the commitment {extra[:12]}…"
        )
    count = len(stated)
    return finding.check(say(f"{count} 个承诺与选票逐一相符", f"{count} commitments, each of one ballot"))


def check_public(ground: Ground) -> Iterator[Check]:
    """In the public edition: as many commitments as took part; the count where heads alone are counted."""
    vote = ground.vote
    yield withheld("ballots", vote.id, say("每张票是谁投的、投了什么", "who cast each ballot and how"), _SAKE)
    yield _as_many(ground)
    if vote.boxes:
        yield check_boxes(ground)
    if vote.choices is None and ground.weighed:
        what = say("按面积等权数的逐票计票", "the count of each ballot by its area or other weight")
        yield withheld("count", vote.id, what, _SAKE, ground.result.pack.clause)
        return
    yield check_choices(ground)
    yield check_count(ground)


def _as_many(ground: Ground) -> Check:
    vote, finding = ground.vote, Finding("commitments", ground.vote.id, ground.result.pack.clause)
    if vote.commitments is None:
        finding.add(ground.committed, "没有选票承诺", "there are no commitments of ballots")
    number = len(vote.commitments or ())
    papers = sum(box.entries[0].returned for box in vote.boxes if box.entries)
    took_part = say("参加表决的票数", "ballots of those who took part")
    stated = _stated(ground)
    if stated is not None:
        finding.differ(ground.committed, took_part, number + papers, stated)
    if vote.choices is not None:
        finding.differ(f"choices/{vote.id}.txt", say("选择的个数", "choices"), number, len(vote.choices))
    least = ground.result.counts.get("heads_participating", 0)
    may_vote = len(ground.roll.holders) - len(ground.out)
    if number + papers > may_vote or (ground.one_head and number + papers < least):
        finding.add(
            ground.committed,
            f"承诺 {number} 个，不在参与 {least} 人和可投票 {may_vote} 人之间",
            f"{number} commitments, not between the {least} who took part and the {may_vote} who may vote",
        )
    return finding.check(
        say(
            f"{number} 个承诺各不相同，与参加表决的票数一致；凭盐可查自己的票（--mine）",
            f"{number} commitments, each once, as many as took part; with a salt one finds one's own (--mine)",
        )
    )


def _stated(ground: Ground) -> int | None:
    """How many ballots the certified numbers speak of; None where they leave a kind out."""
    counts = ground.result.counts
    if "returned" in counts:
        return counts["returned"]
    yes = counts.get("yes", counts.get("heads_yes", counts.get("affected_yes")))
    kinds = [yes, *(counts.get(kind) for kind in (*CHOICES[1:], *SPOILED))]
    whole = [number for number in kinds if number is not None]
    return sum(whole) if ground.one_head and len(whole) == len(kinds) else None
