"""One vote checked: its roll, who was there, the quorum, the ballots, who closed, counted and certified."""

from collections.abc import Iterator, Mapping

from yishi.engines.bundle.committing import check_commitments, check_public
from yishi.engines.bundle.counting import check_ballots, check_boxes, check_count
from yishi.engines.bundle.finding import Finding, withheld
from yishi.engines.bundle.ground import Ground, stand
from yishi.engines.bundle.lines import roll_root
from yishi.engines.bundle.model import BundleError, Check, Material
from yishi.engines.bundle.replaying import Replay
from yishi.engines.procedure.packs import quantities
from yishi.engines.words import say


def check_votes(
    material: Material, roots: Mapping[str, str], files: Mapping[str, bytes], replay: Replay
) -> Iterator[Check]:
    """Every check on every vote; a vote whose events cannot be found fails as unreadable."""
    for place, vote in enumerate(material.votes, 1):
        finding = Finding("readable", vote.id)
        try:
            ground = stand(material, vote, f"votes.json votes[{place}]", replay)
        except BundleError as error:
            finding.broken(error)
            yield finding.check(say("", ""))
            continue
        yield from _roll(ground, roots[vote.roll], files[f"rolls/{vote.roll}.txt"])
        if ground.opened.sitting and ground.opened.step.quorum_at == "opening":
            yield _attendance(ground)
        yield _quorum(ground)
        yield from check_public(ground) if ground.withholds else _counted(ground)
        yield _separation(ground)


def _counted(ground: Ground) -> Iterator[Check]:
    yield check_ballots(ground)
    if ground.vote.commitments is not None or ground.vote.salts is not None:
        yield check_commitments(ground)
    if ground.vote.boxes:
        yield check_boxes(ground)
    yield check_count(ground)


def _roll(ground: Ground, root: str, data: bytes) -> Iterator[Check]:
    name, frozen = f"rolls/{ground.vote.roll}.txt", ground.frozen
    finding = Finding("roll", ground.vote.id, frozen.sitting.pack.clause if frozen.sitting else frozen.clause)
    if roll_root(data) != root:
        finding.add(
            name, "名册的根与载明的不一致：名册被改动", "the roll's root is not the one stated: the roll was changed"
        )
    stated = {} if ground.follows else dict(frozen.event.data.get("roll", {}))
    if frozen.event.kind == "roll_settled":
        stated = {"registered": frozen.registered}
    sums = {column: sum(one.weights[i] for one in ground.roll.holders) for i, column in enumerate(ground.roll.columns)}
    for quantity, number in stated.items():
        if quantity in ground.missing:
            continue
        if quantity not in sums:
            finding.add(f"{name}:1", f"名册没有 {quantity} 一列", f"the roll has no column {quantity}")
        else:
            finding.differ(name, say(f"{quantity} 合计", f"sum of {quantity}"), sums[quantity], number)
    if not stated and not ground.follows:
        finding.add("decision.json", "没有冻结的名册人数", "no whole of a roll was frozen")
    known = {one.id for one in ground.roll.holders}
    for one in sorted(set(ground.vote.gone) - known):
        finding.add(f"{ground.where} gone", f"{one} 不在名册上", f"{one} is not on the roll")
    good = "、".join(f"{key} {value}" for key, value in sums.items()) or "—"
    yield finding.check(say(f"{len(known)} 人，{good}，与通知一致", f"{len(known)} on it; {good}, as the notice says"))
    if ground.missing:
        names = [quantities()[name] for name in ground.missing]
        what = say(
            f"名册各行的{'、'.join(one.zh for one in names)}",
            f"each line's share of {', '.join(one.en for one in names)}",
        )
        sake = say("以免从面积等数认出是哪一户", "so that no door or household can be told by it")
        yield withheld("roll", ground.vote.id, what, sake, finding.clause)


def _attendance(ground: Ground) -> Check:
    """Those there, one by one, against the number that the quorum rests on."""
    sitting, vote, opened = ground.opened.sitting, ground.vote, ground.opened
    assert sitting is not None
    name = f"attendance/{vote.id}.txt"
    finding = Finding("attendance", vote.id, sitting.pack.clause)
    heads = ground.weights("heads")
    there = {one.id: one for one in vote.attendance or ()}
    if vote.attendance is None:
        finding.add(name, "没有签到记录", "there is no attendance")
    for line, one in enumerate(sorted(there.values(), key=lambda one: one.id), 2):
        where = f"{name}:{line}"
        if one.id not in heads or one.id in vote.gone:
            finding.add(where, f"{one.id} 不在名册上", f"{one.id} is not on the roll")
        if one.channel == "proxy" and sitting.proxies.get(one.id) != one.agent:
            finding.add(where, f"{one.id} 的委托没有登记", f"no proxy of {one.id} to {one.agent} is recorded")
        if (one.channel == "recused") != (one.id in sitting.recused):
            finding.add(where, f"{one.id} 的回避记录不一致", f"{one.id} is recused in one place and not in the other")
    room = say("到会人数", "present")
    if opened.attended is not None:
        found = sum(heads.get(one, 0) for one in there)
        finding.differ(name, room, found, opened.attended)
    else:
        for person in sorted(sitting.present.keys() ^ there.keys() - sitting.recused):
            if person not in sitting.recused:
                finding.add(
                    name, f"{person} 的签到与事件不一致", f"{person} signed in in one place and not in the other"
                )
    return finding.check(
        say(
            f"到会 {len(there)} 人逐一在册，委托 {sum(o.channel == 'proxy' for o in there.values())}、回避 {len(sitting.recused)}",
            f"{len(there)} there, each on the roll; {sum(o.channel == 'proxy' for o in there.values())} by proxy, "
            f"{len(sitting.recused)} recused",
        )
    )


def _quorum(ground: Ground) -> Check:
    result = ground.result
    finding = Finding("quorum", ground.vote.id, result.pack.clause)
    found = result.check.verdicts.get("quorum") if result.check else None
    if result.check is None:
        return finding.check(result.text)
    if found is None:
        return finding.check(say("本规则包不设人数门槛", "the pack sets no quorum"))
    if not found.met:
        finding.clause = found.clause
        return finding.check(
            say(f"未达到，如实载明：{found.text['zh']}", f"not reached, as stated: {found.text['en']}")
        )
    return finding.check(found.text)


def _separation(ground: Ground) -> Check:
    """Who closed neither counted nor certified; counters and certifier are kept apart by the replay."""
    finding = Finding("separation", ground.vote.id)
    closer, counters, certifier = ground.vote.closed_by, set(ground.result.counters), ground.result.certified_by
    if closer in counters or closer == certifier:
        finding.add(
            f"{ground.where} closed_by", f"{closer} 既停止表决又计票或确认", f"{closer} closed and counted or certified"
        )
    told = certifier or "—"
    return finding.check(
        say(
            f"停止 {closer}，计票 {'、'.join(sorted(counters))}，确认 {told}",
            f"closed by {closer}, counted by {', '.join(sorted(counters))}, certified by {told}",
        )
    )
