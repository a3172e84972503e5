"""Ballots and paper boxes of a vote, each looked at and all counted anew."""

from collections import Counter
from collections.abc import Mapping

from yishi.engines.bundle.finding import Finding
from yishi.engines.bundle.ground import Ground
from yishi.engines.bundle.model import SPOILED, Check, Entry, Slip, Vote
from yishi.engines.tally.ballots import CHOICES, reconcile
from yishi.engines.words import say

_KINDS = {"!blank": "blank", "!double": "double"}
_BOX = ("issued", "returned", "unreturned", "valid", "invalid")


def check_ballots(ground: Ground) -> Check:
    """Each ballot by someone who may vote; a secret box matches the marked roll and nothing more."""
    vote = ground.vote
    finding = Finding("ballots", vote.id)
    slips = ground.slips
    if vote.slips is None and not slips and not vote.boxes:
        finding.add(ground.where, "没有选票，也没有票箱", "there are neither ballots nor boxes")
    names = _choices(ground)
    most = ground.counted.seats if ground.election else 1
    for line, slip in enumerate(slips, 2):
        _slip(finding, f"{ground.ballots}:{line}", slip, names, most)
    if not vote.secret:
        _voters(ground, finding, slips)
    elif vote.slips is not None:
        what = say("回执数", "receipts")
        finding.differ(f"receipts/{vote.id}.txt", what, len(slips) - (vote.papers or 0), len(vote.receipts or ()))
    issued = sum(box.entries[0].issued for box in vote.boxes if box.entries)
    if vote.marked is not None or vote.secret:
        what = say("名册上已投票人数", "marked on the roll as having voted")
        finding.differ(f"{ground.where} marked", what, len(slips) + issued, vote.marked)
    if (vote.marked or 0) > len(ground.roll.holders) - len(ground.out):
        finding.add(f"{ground.where} marked", "已投票人数多于可投票人数", "more are marked than may vote")
    kind = say("无记名", "secret") if vote.secret else say("记名", "signed")
    return finding.check(
        say(
            f"{kind['zh']}票 {len(slips)} 张，编号或回执各不相同；纸质票 {issued} 张",
            f"{len(slips)} {kind['en']} ballots, each with a number of its own; {issued} on paper",
        )
    )


def check_choices(ground: Ground) -> Check:
    """The choices of a signed vote, shown without ids: each one that the ballot offers."""
    name, finding = f"choices/{ground.vote.id}.txt", Finding("ballots", ground.vote.id)
    if ground.vote.choices is None:
        finding.add(name, "按人数计票，应列出各票的选择", "heads are counted: the choices should be there")
    for line, slip in enumerate(ground.vote.choices or (), 2):
        _slip(finding, f"{name}:{line}", slip, set(CHOICES), 1)
    count = len(ground.vote.choices or ())
    return finding.check(say(f"{count} 个选择，不带编号", f"{count} choices, without ids"))


def _choices(ground: Ground) -> set[str]:
    return set(ground.counted.event.data.get("votes", {})) if ground.election else set(CHOICES)


def _slip(finding: Finding, where: str, slip: Slip, names: set[str], most: int) -> None:
    if slip.choices[0] in SPOILED:
        return
    if not names.issuperset(slip.choices):
        finding.add(where, "选了不在票上的", "a choice that is not on the ballot")
    if len(slip.choices) > most:
        finding.add(where, f"多于 {most} 项，应为废票", f"more than {most} choices: the ballot is spoiled")


def _voters(ground: Ground, finding: Finding, slips: tuple[Slip, ...]) -> None:
    known, out = {one.id for one in ground.roll.holders}, ground.out
    there = {one.id for one in ground.vote.attendance or () if one.channel != "recused"}
    sits = ground.opened.sitting is not None and ground.opened.step.quorum_at == "opening"
    for line, slip in enumerate(slips, 2):
        where = f"{ground.ballots}:{line}"
        if slip.key not in known:
            finding.add(where, f"{slip.key} 不在名册上", f"{slip.key} is not on the roll")
        elif slip.key in out:
            finding.add(where, f"{slip.key} 已回避或已不在册", f"{slip.key} is recused or has left the roll")
        elif sits and slip.key not in there:
            finding.add(where, f"{slip.key} 没有签到", f"{slip.key} has not signed in")


def check_boxes(ground: Ground) -> Check:
    """Two entries by two people, equal, each reconciled."""
    finding = Finding("box", ground.vote.id)
    for number, box in enumerate(ground.vote.boxes, 1):
        where = f"{ground.boxes} boxes[{number}]"
        if len({entry.by for entry in box.entries}) < 2:
            finding.add(where, f"票箱 {box.id} 须由两人分别录入", f"box {box.id} is keyed by two people")
            continue
        first = box.entries[0]
        if any(_keyed(entry) != _keyed(first) for entry in box.entries[1:]):
            finding.add(where, f"票箱 {box.id} 两次录入不一致", f"the entries of box {box.id} differ")
        for text in reconcile(first.issued, first.returned, first.unreturned, first.valid, first.invalid):
            finding.add(where, f"票箱 {box.id}：{text['zh']}", f"box {box.id}: {text['en']}")
        _fits(ground, finding, where, first)
    boxes = len(ground.vote.boxes)
    return finding.check(
        say(f"{boxes} 个票箱，双人录入一致，账目相符", f"{boxes} boxes, keyed twice alike, reconciled")
    )


def _keyed(entry: Entry) -> tuple[object, ...]:
    return (*(getattr(entry, name) for name in _BOX), dict(entry.counts))


def _fits(ground: Ground, finding: Finding, where: str, entry: Entry) -> None:
    if ground.election:
        most = entry.valid * ground.counted.seats
        if sum(entry.counts.values()) > most or max(entry.counts.values(), default=0) > entry.valid:
            finding.add(where, "得票多于有效票所能投出的", "more votes than the valid ballots can carry")
        return
    valid = sum(entry.counts.get(kind, 0) for kind in CHOICES)
    finding.differ(where, say("有效票", "valid ballots"), valid, entry.valid)


def check_count(ground: Ground) -> Check:
    """Ballots and boxes counted anew, against the numbers that the verdict rests on."""
    finding = Finding("count", ground.vote.id, ground.result.pack.clause)
    where = "decision.json"
    event, result = ground.counted.event, ground.result
    if ground.election:
        votes = dict(event.data.get("votes", {}))
        found = _votes(ground)
        for name in sorted({*votes, *found}):
            finding.differ(where, say(f"{name} 得票", f"votes of {name}"), found.get(name, 0), votes.get(name, 0))
    else:
        totals = _totals(ground)
        for name, number in result.counts.items():
            if name in totals:
                finding.differ(where, say(name, name), totals[name], number)
        _uncounted(ground, finding, totals)
    _voted(ground, finding)
    _papers(ground, finding)
    return finding.check(say(f"重新计票一致：{result.text['zh']}", f"counted anew, the same: {result.text['en']}"))


def _votes(ground: Ground) -> Counter[str]:
    votes: Counter[str] = Counter()
    for slip in ground.slips:
        votes.update(choice for choice in slip.choices if choice not in SPOILED)
    for box in ground.vote.boxes:
        votes.update(box.entries[0].counts if box.entries else {})
    return votes


def _voted(ground: Ground, finding: Finding) -> None:
    """Who took a paper and did not hand it in has not voted."""
    counts, cast = ground.result.counts, len(ground.slips) + _sum(ground.vote, "returned")
    if "voters_who_voted" in counts:
        finding.differ("decision.json", say("参加投票人数", "voters who voted"), cast, counts["voters_who_voted"])
    if "ballots_cast" in counts:
        finding.differ("decision.json", say("已投选票总数", "ballots cast"), cast, counts["ballots_cast"])


def _sum(vote: Vote, name: str) -> int:
    return sum(int(getattr(box.entries[0], name)) for box in vote.boxes if box.entries)


def _totals(ground: Ground) -> dict[str, int]:
    """Every number that a count on a motion may state."""
    heads, area = ground.weights("heads"), ground.weights("area")
    kinds = (*CHOICES, *_KINDS.values())
    by_heads, by_area = Counter(dict.fromkeys(kinds, 0)), Counter(dict.fromkeys(kinds, 0))
    for slip in ground.slips:
        kind = _KINDS.get(slip.choices[0], slip.choices[0])
        by_heads[kind] += 1 if ground.apart else heads.get(slip.key, 0)
        by_area[kind] += area.get(slip.key, 0)
    extra: Counter[str] = Counter()
    for box in ground.vote.boxes:
        counts = box.entries[0].counts if box.entries else {}
        by_heads.update({kind: counts.get(kind, 0) for kind in kinds})
        extra.update({name: number for name, number in counts.items() if name not in kinds})
    totals = {kind: by_heads[kind] for kind in kinds}
    totals["affected_yes"] = by_heads["yes"]
    if area or any(name.startswith("area_") for name in ground.result.counts):
        sitting = ground.opened.sitting
        taking = sitting.participating if sitting else CHOICES
        totals |= {"heads_yes": by_heads["yes"], "heads_participating": sum(by_heads[kind] for kind in taking)}
        totals["area_yes"] = by_area["yes"] + extra["area_yes"]
        totals["area_participating"] = sum(by_area[kind] for kind in taking) + extra["area_participating"]
    return totals


def _uncounted(ground: Ground, finding: Finding, totals: Mapping[str, int]) -> None:
    """Ballots of a kind that the count does not speak of."""
    stated = ground.result.counts
    if not {"area_yes", "affected_yes"} & stated.keys():
        for kind in CHOICES:
            if totals[kind] and kind not in stated:
                finding.add("decision.json", f"计票没有写 {kind}", f"the count says nothing of {kind}")


def _papers(ground: Ground, finding: Finding) -> None:
    """The box numbers of the count: paper and other ballots together."""
    slips, counts = ground.slips, ground.result.counts
    spoiled = sum(slip.choices[0] in SPOILED for slip in slips)
    more = {"issued": len(slips), "returned": len(slips), "valid": len(slips) - spoiled, "invalid": spoiled}
    for name in _BOX:
        if name in counts:
            found = _sum(ground.vote, name) + more.get(name, 0)
            finding.differ("decision.json", say(name, name), found, counts[name])
