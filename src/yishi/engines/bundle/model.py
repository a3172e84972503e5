"""What a bundle holds, as plain values: the one shape that is written, read back and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yishi.engines.words import Text, say

SPOILED = ("!blank", "!double")
"""How a spoiled ballot is marked: nothing on it, or more than it may say."""
CHANNELS = ("person", "online", "proxy", "paper", "recused")
"""How someone is there; `recused` is in the room and stands aside."""
MOMENTS = ("start", "middle", "end")
VERSIONS = (1, 2)
"""Of the format: 2 knows editions and the commitments of signed ballots."""
EDITIONS = ("full", "public")
"""`full` shows who voted how; `public` shows of a signed vote commitments and totals."""


class BundleError(ValueError):
    """A bundle that cannot be read: where (file, line or field), and a sentence in both languages."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        self.where = where
        self.text: Text = say(zh, en)
        super().__init__(f"{where}: {en}")


@dataclass(frozen=True, slots=True)
class Holder:
    """A line of a roll: an opaque id (never a name), what they weigh in each column of the roll,
    and the salted commitment to who they are (64 hexadecimal digits, see `commit`)."""

    id: str
    weights: tuple[int, ...]
    commitment: str


@dataclass(frozen=True, slots=True)
class Roll:
    """A frozen roll. Columns are quantities of the rule packs (`members_full_capacity`,
    `heads_all`, `area_all` in hundredths of m², `registered`); their sums are the wholes of the
    notice. The first column of heads and the first of area weigh the ballots."""

    columns: tuple[str, ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """Who was there for the item, through which channel, and through whom for a proxy."""

    id: str
    channel: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """A ballot: `key` is the opaque id of a signed one, empty for a secret one. Choices are `yes`,
    `no`, `abstain`, the names of candidates, or one of `!blank`, `!double`."""

    key: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person keyed from a paper box: reconciliation, and votes for each choice (or area
    quantity of the packs)."""

    by: str
    issued: int
    returned: int
    unreturned: int
    valid: int
    invalid: int
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Box:
    """A paper box and its two entries by two people."""

    id: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """One count. Numbers are places (from 1) in the list of events: `frozen` the event that froze
    the roll (`notice_posted`, `meeting_opened`, `roll_settled`), `opened` (`ballot_opened`,
    `poll_opened`, `runoff_opened`), `counted` (`counted`, `recounted`).

    `roll` names one of the bundle's rolls; `gone` are those of it who died or lost their status
    before the opening. `slips` are signed when `secret` is false; those of a secret box come with
    as many `receipts`, and nothing says which belonged together: a receipt shows its holder that
    the box counted a ballot, and no one how. `marked` is how many of the roll are marked as having
    voted (asked for when `secret`). Of a secret box with ballots on paper too, those stand among the
    slips, so that few on one way show nothing of who went it: `papers` says how many, they have no
    receipts. None where there is none.

    Of signed slips `salts` holds the salt of each by its id, and `commitments` SHA-256(salt ‖
    `ballot_line`) of all, sorted. In the public edition the commitments stand alone; where heads alone
    are counted, `choices` holds what was chosen, sorted, without ids.
    """

    id: str
    frozen: int
    opened: int
    counted: int
    closed_by: str
    roll: str
    secret: bool = False
    gone: tuple[str, ...] = ()
    marked: int | None = None
    papers: int | None = None
    attendance: tuple[Presence, ...] | None = None
    slips: tuple[Slip, ...] | None = None
    receipts: tuple[str, ...] | None = None
    boxes: tuple[Box, ...] = ()
    salts: Mapping[str, str] | None = None
    commitments: tuple[str, ...] | None = None
    choices: tuple[Slip, ...] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paper or picture that is kept elsewhere: what it is, and its SHA-256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class NoticeProof:
    """How a notice was given: its event, by whom, how, the day, the motion's digest on it."""

    event: int
    by: str
    how: str
    on: str
    motion: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes of the meeting of a vote: the motion's digest in them, who signed, the file's digest."""

    vote: str
    motion: str
    sha256: str
    signed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of the board: `start`, `middle` or `end`, the day, its SHA-256."""

    moment: str
    on: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A notice on the board: its `posted` event, where, the motion's digest on it, photos."""

    event: int
    place: str
    motion: str = ""
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A file's place in the ledger: its entry as it was appended (a JSON table that holds the
    `ledger_facts` of the file), the entry's index, and the inclusion proof to the checkpoint."""

    file: str
    entry: bytes
    index: int
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class LedgerProofs:
    """A signed checkpoint, public keys (`name+id+key`, the log's first, then witnesses'), anchors;
    and, when there is a later checkpoint, the consistency proof that leads to it."""

    checkpoint: str
    keys: tuple[str, ...]
    anchors: tuple[Anchor, ...] = ()
    later: str = ""
    consistency: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that goes into a bundle.

    `decision` and `events` are tables as `yishi decide replay` reads them (dates as ISO texts);
    `results` are those of `procedure.report`; `motions` are the texts of each version, first to last.
    """

    id: str
    decision: Mapping[str, Any]
    events: Sequence[Mapping[str, Any]]
    results: Sequence[Mapping[str, Any]] = ()
    motions: tuple[str, ...] = ()
    rolls: Mapping[str, Roll] = field(default_factory=dict)
    votes: tuple[Vote, ...] = ()
    notices: tuple[NoticeProof, ...] = ()
    minutes: tuple[Minutes, ...] = ()
    publications: tuple[Publication, ...] = ()
    ledger: LedgerProofs | None = None
    edition: str = "full"
    version: int = VERSIONS[-1]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked: its code, what it is about, whether it holds, why, under which
    clause, and where it does not (`ballots/1.txt:17`, `votes.json votes[1].closed_by`). `withheld`:
    neither, for what it asks is not in this edition; the text says what, for whose sake, who can."""

    code: str
    subject: str
    ok: bool
    text: Text
    clause: Text | None = None
    where: tuple[str, ...] = ()
    withheld: bool = False

    @property
    def state(self) -> str:
        """`holds`, `fails` or `withheld`."""
        return "withheld" if self.withheld else "holds" if self.ok else "fails"

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "check": self.code,
            "name": NAMES[self.code],
            "subject": self.subject,
            "ok": self.ok,
            "state": self.state,
            "zh": self.text["zh"],
            "en": self.text["en"],
            "clause": self.clause,
            "where": list(self.where),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What a bundle amounts to, recomputed: every check, and the results as they follow from it."""

    title: str
    checks: tuple[Check, ...]
    results: tuple[Mapping[str, Any], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing fails: everything holds or is withheld."""
        return all(check.ok for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "ok": self.ok,
            "title": self.title,
            "results": list(self.results),
            "checks": [check.as_json() for check in self.checks],
        }


NAMES: dict[str, Text] = {
    "manifest": say("清单", "manifest"),
    "files": say("文件", "files"),
    "readable": say("格式", "format"),
    "replay": say("步骤", "steps"),
    "motion": say("方案文本", "motion's text"),
    "notice": say("通知", "notice"),
    "roll": say("名册", "roll"),
    "attendance": say("到会", "attendance"),
    "quorum": say("法定人数", "quorum"),
    "ballots": say("选票", "ballots"),
    "commitments": say("选票承诺", "ballot commitments"),
    "box": say("票箱", "paper boxes"),
    "count": say("计票", "count"),
    "separation": say("分工", "separation of duties"),
    "result": say("结果", "result"),
    "publication": say("公示公开", "publication"),
    "checkpoint": say("存证检查点", "ledger checkpoint"),
    "anchors": say("存证", "ledger proofs"),
    "consistency": say("存证连续", "ledger only grew"),
    "mine": say("您的票", "your ballot"),
    "edition": say("两版一致", "both editions"),
}
