"""Texts and papers checked: the same motion everywhere, notices proved and in time, postings with photos."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yishi.engines.bundle.finding import Finding
from yishi.engines.bundle.model import MOMENTS, BundleError, Check, Material, NoticeProof, Publication
from yishi.engines.bundle.replaying import Replay, Seen, posted_until
from yishi.engines.bundle.writing import motion_digest
from yishi.engines.procedure.reports import report
from yishi.engines.words import say

COMPARED = (
    *("step", "pack", "on", "outcome", "counts", "counters", "elected", "vacant"),
    *("basis", "certified_by", "certified_on", "replaced"),
)


def check_replay(replay: Replay) -> Check:
    """No event is refused: every step was taken in its order, in its time, by the competent body."""
    finding = Finding("replay", replay.case.decision.title)
    for number, note in replay.refused.items():
        finding.clause = finding.clause or note.clause
        where = f"decision.json events[{number}]"
        finding.add(where, f"第 {number} 个事件：{note.text['zh']}", f"event {number}: {note.text['en']}")
    count = len(replay.seen)
    return finding.check(say(f"{count} 个事件，步步合规", f"{count} events, each where the law has it"))


def check_motion(material: Material, replay: Replay) -> Check | None:
    """The text that was decided is the one on the notice, the ballot, the minutes and the board.

    None where there is no text to compare, as in an election.
    """
    finding = Finding("motion", replay.case.decision.title)
    digests = {motion_digest(text): f"motions/{i}.txt" for i, text in enumerate(material.motions, 1)}
    named = [(f"decision.json events[{n}]", seen.event.data.get("hash", "")) for n, seen in replay.seen.items()]
    papers = [(f"notices.json notices[{i}]", one.motion) for i, one in enumerate(material.notices, 1)]
    papers += [(f"minutes.json minutes[{i}]", one.motion) for i, one in enumerate(material.minutes, 1)]
    papers += [(f"publications/{i}.json", one.motion) for i, one in enumerate(material.publications, 1)]
    if not digests and not any(digest for _, digest in named + papers):
        return None
    for where, digest in named + papers:
        if digest and digest not in digests:
            finding.add(
                where,
                f"文本 {digest[:12]}… 不在方案版本中",
                f"the text {digest[:12]}… is none of the motion's versions",
            )
    for place, vote in enumerate(material.votes, 1):
        _same(material, replay, finding, vote.id, f"votes.json votes[{place}]", (vote.frozen, vote.opened))
    versions = "、".join(sorted(set(digests.values())))
    return finding.check(say(f"通知、表决、记录、张贴的文本一致（{versions}）", f"one text throughout ({versions})"))


def _same(
    material: Material, replay: Replay, finding: Finding, vote: str, where: str, numbers: tuple[int, int]
) -> None:
    """The text of one vote: on its notice, when it was opened, in its minutes."""
    frozen, opened = (replay.seen.get(number) for number in numbers)
    if frozen is None or opened is None or opened.event.kind != "ballot_opened":
        return
    texts = {f"decision.json events[{numbers[1]}]": opened.event.data.get("hash", "")}
    if frozen.event.kind == "notice_posted":
        texts[f"decision.json events[{numbers[0]}]"] = frozen.event.data.get("hash", "")
        notice = [(i, one) for i, one in enumerate(material.notices, 1) if one.event == numbers[0]]
        texts |= {f"notices.json notices[{i}]": one.motion for i, one in notice}
    minutes = [(i, one) for i, one in enumerate(material.minutes, 1) if one.vote == vote]
    texts |= {f"minutes.json minutes[{i}]": one.motion for i, one in minutes}
    if not minutes:
        finding.add("minutes.json", f"表决 {vote} 没有会议记录", f"vote {vote} has no minutes")
    decided = opened.event.data.get("hash", "")
    for place, digest in texts.items():
        if not digest:
            finding.add(place, "没有写明方案文本", "does not say which text")
        elif digest != decided:
            finding.add(place, "文本与所表决的不一致", "another text than the one voted on")


def check_notices(material: Material, replay: Replay) -> Iterator[Check]:
    """Each notice that froze a roll: proved by papers, on its day; its period was replayed."""
    proofs = {one.event: (i, one) for i, one in enumerate(material.notices, 1)}
    for number in sorted({vote.frozen for vote in material.votes}):
        seen = replay.seen.get(number)
        if seen is None or seen.event.kind != "notice_posted":
            continue
        finding = Finding("notice", str(number), seen.clause)
        if number not in proofs:
            finding.add(
                "notices.json", f"第 {number} 个事件没有通知凭证", f"nothing proves the notice of event {number}"
            )
        else:
            _proved(finding, *proofs[number], seen)
        meeting = seen.event.data.get("meeting_on")
        yield finding.check(
            say(f"{seen.event.on} 通知，{meeting} 开会，有凭证", f"given on {seen.event.on} for {meeting}, and proved")
        )


def _proved(finding: Finding, place: int, proof: NoticeProof, seen: Seen) -> None:
    where = f"notices.json notices[{place}]"
    if not proof.evidence:
        finding.add(where, "没有凭证文件", "no paper or picture is named")
    finding.differ(f"{where} on", say("通知日期", "day of the notice"), seen.event.on.isoformat(), proof.on)


def check_publications(material: Material, replay: Replay) -> Iterator[Check]:
    """Each posting: photographed at its start, middle and end, within its days, of the decided text."""
    kept = {one.event: (i, one) for i, one in enumerate(material.publications, 1)}
    posted = [number for number, seen in replay.seen.items() if seen.event.kind == "posted"]
    for number in sorted({*posted, *kept}):
        finding = Finding("publication", str(number))
        if number not in posted:
            where = f"publications/{kept[number][0]}.json event"
            finding.add(where, f"第 {number} 个事件不是已成立的张贴", f"event {number} is no accepted posting")
        elif number not in kept:
            finding.add(
                "decision.json", f"第 {number} 个事件的张贴没有记录", f"the posting of event {number} has no record"
            )
        else:
            _posted(finding, *kept[number], replay, number)
        yield finding.check(
            say(f"第 {number} 个事件的张贴有照片为证", f"the posting of event {number} is shown by photos")
        )


def _posted(finding: Finding, place: int, publication: Publication, replay: Replay, number: int) -> None:
    seen, where, until = replay.seen[number], f"publications/{place}.json", posted_until(replay, number)
    finding.clause = seen.clause
    stated = seen.event.data.get("hash", "")
    if stated or publication.motion:
        finding.differ(f"{where} motion", say("张贴的文本", "text on the board"), stated, publication.motion)
    moments = [photo.moment for photo in publication.photos]
    for moment in MOMENTS if until else MOMENTS[:1]:
        if moment not in moments:
            finding.add(where, f"缺 {moment} 照片", f"no photo of the {moment}")
    days = [date.fromisoformat(photo.on) for photo in publication.photos]
    order = [MOMENTS.index(moment) for moment in moments]
    inside = all(seen.event.on <= day and (until is None or day <= until) for day in days)
    if not inside or days != sorted(days) or order != sorted(order):
        finding.add(where, "照片日期不在张贴期内或先后不对", "a photo is outside the posting, or out of order")


def check_results(material: Material, replay: Replay) -> Check:
    """The results as certified are those that follow from the events."""
    finding = Finding("result", replay.case.decision.title)
    found: list[dict[str, Any]] = report(replay.case)["results"]
    if len(found) != len(material.results):
        finding.differ("result.json", say("结果个数", "number of results"), len(found), len(material.results))
    for place, (ours, theirs) in enumerate(zip(found, material.results, strict=False), 1):
        finding.clause = replay.case.results[place - 1].pack.clause
        for key in COMPARED:
            finding.differ(f"result.json results[{place}] {key}", say(key, key), ours[key], theirs.get(key))
        _verdicts(finding, f"result.json results[{place}] verdicts", ours, theirs)
    _every_certified(material, replay, finding)
    last = replay.case.results[-1].text if replay.case.results else say("尚无结果", "no result yet")
    return finding.check(say(f"与重新计算一致：{last['zh']}", f"as recomputed: {last['en']}"))


def _verdicts(finding: Finding, where: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    try:
        stated = [
            (one["rule"], one["met"], [(line["have"], line["need"]) for line in one["lines"]])
            for one in theirs["verdicts"]
        ]
    except (KeyError, TypeError):
        finding.add(where, "无法读取", "cannot be read")
        return
    found = [
        (one["rule"], one["met"], [(line["have"], line["need"]) for line in one["lines"]]) for one in ours["verdicts"]
    ]
    finding.differ(where, say("门槛核算", "verdicts"), found, stated)


def _every_certified(material: Material, replay: Replay, finding: Finding) -> None:
    """A count that was certified cannot do without its ballots."""
    counted = {vote.counted for vote in material.votes}
    for number, seen in replay.seen.items():
        if seen.result is not None and seen.step.certify and number not in counted:
            finding.add(
                f"decision.json events[{number}]",
                f"第 {number} 个事件的计票没有选票可核",
                f"no ballots are there to check the count of event {number}",
            )


def readable(error: BundleError) -> Check:
    """The check that fails when the bundle cannot be read."""
    finding = Finding("readable", error.where)
    finding.broken(error)
    return finding.check(say("", ""))
