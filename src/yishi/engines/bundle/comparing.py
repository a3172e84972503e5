"""One voter's own ballot found among the commitments, and the full edition held against the public one."""

from collections.abc import Mapping

from yishi.engines.bundle.edition import public_edition
from yishi.engines.bundle.finding import Finding
from yishi.engines.bundle.lines import ballot_commitment
from yishi.engines.bundle.manifest import NAME
from yishi.engines.bundle.model import BundleError, Check, Material, Vote
from yishi.engines.bundle.reading import OF_VOTES, read_material
from yishi.engines.bundle.verifying import verify_bundle
from yishi.engines.bundle.writing import write_files
from yishi.engines.ledger import PublicKey
from yishi.engines.words import say

_TOTALS = ("step", "pack", "on", "outcome", "counts")


def own_ballot(files: Mapping[str, bytes], line: str, salt: str) -> Check:
    """Whether a ballot is among the commitments of a vote: its line as the voter's page shows it (spaces do for
    tabs), and its salt. Never raises for what they hold."""
    finding = Finding("mine", "")
    cells = line.strip().split("\t") if "\t" in line.strip() else line.split()
    digest = ballot_commitment(salt.strip().lower(), "\t".join(cells))
    place = ""
    try:
        votes = read_material(files)[0].votes
    except BundleError as error:
        finding.broken(error)
        votes = ()
    for vote in votes:
        if digest in (vote.commitments or ()):
            number = sorted(vote.commitments or ()).index(digest) + 2
            place = f"commitments/{vote.id}.txt:{number}"
    if not place:
        finding.add(
            "commitments/",
            "没有找到：请核对编号、选择、权数和盐是否抄全；都对仍找不到，请向监督的人提出",
            "not found: see that id, choice, weights and salt are copied whole; if they are, tell those who supervise",
        )
    return finding.check(say(f"您的票在承诺中（{place}）", f"your ballot is among the commitments ({place})"))


def compare_editions(
    full: Mapping[str, bytes], public: Mapping[str, bytes], keys: Mapping[str, PublicKey] | None = None
) -> tuple[Check, ...]:
    """Whether a full and a public edition are of one decision: the public one made anew from the full one.

    Either may be the later: the events and results of the earlier are then the beginning of the other's. `keys` are
    public keys of logs that the checker trusts beforehand.
    """
    finding = Finding("edition", "")
    try:
        ours, theirs = read_material(full)[0], read_material(public)[0]
        if (ours.edition, theirs.edition) != ("full", "public"):
            raise BundleError("votes.json", "须一为完整版、一为公开版", "one must be full, the other public")
        made = public_edition(ours)
    except BundleError as error:
        finding.broken(error)
        return (finding.check(say("", "")),)
    wrong = [check for check in verify_bundle(public, keys).checks if not check.ok]
    for check in wrong:
        finding.add(check.where[0] if check.where else NAME, check.text["zh"], check.text["en"])
    same = say("公开版自身核对无误", "the public edition holds by itself")
    return (finding.check(same), _story(made, theirs), _held(made, theirs), _totals(made, theirs))


def _story(made: Material, given: Material) -> Check:
    finding = Finding("edition", "decision.json")
    what = say("编号和表头", "number and header")
    finding.differ("decision.json", what, (made.id, made.decision), (given.id, given.decision))
    for number, (ours, theirs) in enumerate(zip(made.events, given.events, strict=False), 1):
        what = say(f"第 {number} 个事件", f"event {number}")
        finding.differ(f"decision.json events[{number}]", what, ours, theirs)
    for number, (text, other) in enumerate(zip(made.motions, given.motions, strict=False), 1):
        finding.differ(f"motions/{number}.txt", say("方案文本", "the motion's text"), text, other)
    return finding.check(say("同一件事，事件一致", "one decision, the same events"))


def _held(made: Material, given: Material) -> Check:
    """Rolls, commitments, choices and all else of the votes that both hold, byte for byte."""
    finding = Finding("edition", "commitments/")
    ours, theirs = write_files(made), write_files(given)
    both = {vote.id for vote in made.votes} & {vote.id for vote in given.votes}
    of_votes = [name for name in sorted(ours.keys() | theirs.keys()) if _of(name, both)]
    for name in (*of_votes, *sorted(f"rolls/{key}.txt" for key in made.rolls.keys() & given.rolls.keys())):
        finding.differ(name, say(name, name), _read(ours, name), _read(theirs, name))
    if not both:
        finding.add("votes.json", "没有同一次表决", "they have no vote in common")
    for vote in (vote for vote in made.votes if vote.id in both):
        other = next(one for one in given.votes if one.id == vote.id)
        finding.differ("votes.json", say(f"表决 {vote.id}", f"vote {vote.id}"), _head(vote), _head(other))
    return finding.check(say("名册和选票承诺逐字一致", "rolls and commitments are the same to the byte"))


def _of(name: str, votes: set[str]) -> bool:
    folder, _, rest = name.partition("/")
    return folder in OF_VOTES and rest.rpartition(".")[0] in votes


def _read(files: Mapping[str, bytes], name: str) -> str:
    return files.get(name, b"-").decode()


def _head(vote: Vote) -> tuple[object, ...]:
    return (vote.frozen, vote.opened, vote.counted, vote.closed_by, vote.roll, vote.secret, vote.gone, vote.marked)


def _totals(made: Material, given: Material) -> Check:
    finding = Finding("edition", "result.json")
    for place, (ours, theirs) in enumerate(zip(made.results, given.results, strict=False), 1):
        for key in _TOTALS:
            finding.differ(f"result.json results[{place}] {key}", say(key, key), ours.get(key), theirs.get(key))
    if not made.results or not given.results:
        finding.add("result.json", "没有结果", "there is no result")
    return finding.check(say("合计与结果一致", "the same totals and results"))
