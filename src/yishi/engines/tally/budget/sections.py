"""The three sections of a Pabulib file, row by row, and the instance they make."""

import re
from array import array
from collections.abc import Callable
from decimal import Decimal

import numpy as np

from yishi.engines.tally.budget.faults import Findings
from yishi.engines.tally.budget.instance import MOST_MONEY, Ballots, Instance

SECTIONS = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}
KINDS = ("approval", "choose-1")
MOST_META, MOST_PROJECTS, MOST_VOTERS, MOST_APPROVALS = 1_000, 20_000, 3_000_000, 50_000_000
LONGEST_NAME = 128
_MONEY = re.compile(r"\d{1,15}([.,]\d{1,6})?", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)

Taker = Callable[[int, list[str]], None]


class Parts:
    """What the sections of one file say."""

    def __init__(self, found: Findings) -> None:
        self.found = found
        self.columns: dict[str, dict[str, int]] = {}
        self.meta: dict[str, tuple[int, str]] = {}
        self.projects: dict[str, tuple[int, str, Decimal, str]] = {}
        self.place: dict[str, int] = {}
        self.voters: dict[str, int] = {}
        self.ends = array("q", [0])
        self.places = array("i")
        self.shortest, self.longest = 0, MOST_PROJECTS

    def open(self, section: str, line: int, below: int, header: list[str]) -> Taker:
        """Begin a section with the header on line `below`; returns what takes its rows."""
        names = [cell.strip().lower() for cell in header]
        if section in self.columns:
            self._stop(section, line, "", "这一节出现了两次", "this section comes twice")
        if len(self.columns) != list(SECTIONS).index(section):
            self._stop(
                section,
                line,
                "",
                "三节应依次为 META、PROJECTS、VOTES",
                "the sections are META, PROJECTS, VOTES, in this order",
            )
        for name in SECTIONS[section]:
            if name not in names and section != "META":
                self._stop(section, below, name, "表头缺少这一列", "the header lacks this column")
        if section == "META" and len(names) < 2:
            self._stop(section, below, "value", "表头应为 key;value", "the header is key;value")
        self.columns[section] = {name: i for i, name in reversed(list(enumerate(names)))} | {"": len(names)}
        if section == "VOTES":
            self._before_votes()
        return {"META": self._meta, "PROJECTS": self._project, "VOTES": self._vote}[section]

    def check(self) -> None:
        """What can only be seen at the end: missing sections, declared numbers."""
        for section in SECTIONS:
            if section not in self.columns:
                self._stop(
                    section, 0, "", "缺少这一节，文件可能不完整", "this section is missing: the file may be cut short"
                )
        for key, unit, count in (
            ("num_projects", "个项目", len(self.projects)),
            ("num_votes", "张票", len(self.voters)),
        ):
            declared = self._count(key, count)
            if declared != count:
                zh = f"写明 {declared} {unit}，文件里有 {count} {unit}：文件可能不完整，或改正这个数"
                en = f"{declared} are declared, the file holds {count}: it may be cut short, or mend the number"
                self.found.fault("META", self.meta[key][0], key, zh, en)
        if max(self._amounts()).scaleb(self._decimals()) >= MOST_MONEY:
            zh, en = "金额太大，或小数位太多", "amounts are too large, or have too many decimals"
            self.found.fault("META", self.meta["budget"][0], "budget", zh, en)
        self._compare_votes()

    def _amounts(self) -> list[Decimal]:
        return [self._budget, *(amount for _, _, amount, _ in self.projects.values())]

    def _decimals(self) -> int:
        return max(-int(amount.as_tuple().exponent) for amount in self._amounts())

    def instance(self) -> Instance:
        """The instance, projects in the order of their ids."""
        ids = sorted(self.projects)
        decimals = self._decimals()
        order = np.empty(len(ids), np.int32)
        order[[self.place[name] for name in ids]] = np.arange(len(ids))
        places = order[np.frombuffer(self.places, np.int32)] if self.places else np.empty(0, np.int32)
        return Instance(
            tuple(ids),
            tuple(self.projects[name][1] or name for name in ids),
            tuple(int(self.projects[name][2].scaleb(decimals)) for name in ids),
            int(self._budget.scaleb(decimals)),
            tuple(self.voters),
            Ballots(np.array(self.ends, np.int64), places),
            decimals,
            {key: value for key, (_, value) in self.meta.items()},
            self.found.notes(),
        )

    def _stop(self, section: str, line: int, column: str, zh: str, en: str) -> None:
        self.found.fault(section, line, column, zh, en, last=True)

    def _meta(self, line: int, cells: list[str]) -> None:
        key, value = cells[0].strip(), ";".join(cells[1:]).strip()
        if key in self.meta:
            self.found.fault("META", line, key, "这一项写了两次", "this is given twice")
        elif len(self.meta) >= MOST_META:
            self._stop("META", line, "", f"超过 {MOST_META} 项", f"more than {MOST_META} entries")
        self.meta.setdefault(key, (line, value))

    def _project(self, line: int, cells: list[str]) -> None:
        columns = self.columns["PROJECTS"]
        if self._crooked("PROJECTS", line, cells):
            return
        name, cost = cells[columns["project_id"]].strip(), cells[columns["cost"]].strip()
        amount = self._money("PROJECTS", line, "cost", cost)
        if not name or len(name) > LONGEST_NAME or "," in name:
            zh, en = (
                f"编号不能空、不能含逗号、不超过 {LONGEST_NAME} 个字符",
                f"an id is not empty, has no comma and at most {LONGEST_NAME} characters",
            )
            self.found.fault("PROJECTS", line, "project_id", zh, en)
        elif name in self.projects:
            zh, en = (
                f"{name} 在第 {self.projects[name][0]} 行已有",
                f"{name} is already on line {self.projects[name][0]}",
            )
            self.found.fault("PROJECTS", line, "project_id", zh, en)
        elif len(self.projects) >= MOST_PROJECTS:
            self._stop("PROJECTS", line, "", f"项目超过 {MOST_PROJECTS} 个", f"more than {MOST_PROJECTS} projects")
        else:
            title = cells[columns["name"]].strip() if "name" in columns else ""
            votes = cells[columns["votes"]].strip() if "votes" in columns else ""
            self.projects[name] = (line, title, amount, votes)
            self.place[name] = len(self.place)
            if not amount:
                self.found.note("PROJECTS", line, "cost", "费用为 0", "costs nothing")

    def _vote(self, line: int, cells: list[str]) -> None:
        if self._crooked("VOTES", line, cells):
            return
        columns = self.columns["VOTES"]
        voter, approved = cells[columns["voter_id"]].strip(), cells[columns["vote"]].strip()
        if not voter or len(voter) > LONGEST_NAME:
            zh, en = (
                f"编号不能空、不超过 {LONGEST_NAME} 个字符",
                f"an id is not empty and has at most {LONGEST_NAME} characters",
            )
            self.found.fault("VOTES", line, "voter_id", zh, en)
        elif (first := self.voters.setdefault(voter, line)) != line:
            zh, en = (
                f"{voter} 在第 {first} 行已投票，一人一票",
                f"{voter} has voted on line {first}: one person, one ballot",
            )
            self.found.fault("VOTES", line, "voter_id", zh, en)
        elif len(self.voters) > MOST_VOTERS or len(self.places) > MOST_APPROVALS:
            zh, en = (
                f"超过 {MOST_VOTERS} 张票或 {MOST_APPROVALS} 个赞成",
                f"more than {MOST_VOTERS} ballots or {MOST_APPROVALS} approvals",
            )
            self._stop("VOTES", line, "", zh, en)
        self._approvals(line, [name for part in approved.split(",") if (name := part.strip())])
        self.ends.append(len(self.places))

    def _approvals(self, line: int, names: list[str]) -> None:
        place = self.place
        try:
            picked = {place[name] for name in names}
        except KeyError as error:
            zh, en = f"没有编号为 {error.args[0]} 的项目", f"there is no project {error.args[0]}"
            self.found.fault("VOTES", line, "vote", zh, en)
            return
        self.places.extend(sorted(picked))
        if len(picked) != len(names):
            self.found.note(
                "VOTES", line, "vote", "同一项目写了几次，只计一次", "a project named more than once is counted once"
            )
        if not self.shortest <= len(picked) <= self.longest:
            zh, en = "赞成的个数不在规定之内，照计", "more or fewer approvals than allowed: counted as they are"
            self.found.note("VOTES", line, "vote", zh, en)

    def _crooked(self, section: str, line: int, cells: list[str]) -> bool:
        """Whether a row has other cells than its header; empty ones at the end do not count."""
        wanted = self.columns[section][""]
        if len(cells) == wanted or (len(cells) > wanted and not any(cells[wanted:])):
            return False
        zh, en = (
            f"有 {len(cells)} 格，表头有 {wanted} 格；内容含分号时请加引号",
            f"{len(cells)} cells, the header has {wanted}: put text with a semicolon in quotation marks",
        )
        self.found.fault(section, line, "", zh, en)
        return True

    def _money(self, section: str, line: int, column: str, text: str) -> Decimal:
        amount = Decimal(text.replace(",", ".")) if _MONEY.fullmatch(text) else None
        if amount is not None:
            return amount
        zh, en = (
            f"“{text[:40]}”不是金额：写成 12000 或 12000.50",
            f"“{text[:40]}” is not an amount: write 12000 or 12000.50",
        )
        self.found.fault(section, line, column, zh, en)
        return Decimal(0)

    def _count(self, key: str, otherwise: int) -> int:
        """A number of META, `otherwise` where it is not given."""
        line, text = self.meta.get(key, (0, str(otherwise)))
        if _COUNT.fullmatch(text):
            return int(text)
        self.found.fault("META", line, key, f"“{text[:40]}”不是整数", f"“{text[:40]}” is not a whole number")
        return otherwise

    def _before_votes(self) -> None:
        """Read from META what ballots depend on."""
        line, kind = self.meta.get("vote_type", (0, ""))
        if kind.lower() not in KINDS:
            zh = f"“{kind[:40]}”不是赞成票；这里只计 approval 或 choose-1" if kind else "没有写明 vote_type"
            en = (
                f"“{kind[:40]}” ballots are not approvals: only approval and choose-1 are counted"
                if kind
                else "vote_type is not given"
            )
            self._stop("META", line, "vote_type", zh, en)
        line, text = self.meta.get("budget", (0, ""))
        self._budget = self._money("META", line, "budget", text)
        self.shortest = self._count("min_length", 0)
        self.longest = self._count("max_length", MOST_PROJECTS)

    def _compare_votes(self) -> None:
        """Note projects whose declared votes are not the ballots' approvals."""
        counted = (
            np.bincount(np.frombuffer(self.places, np.int32), minlength=len(self.place))
            if self.places
            else np.zeros(len(self.place), int)
        )
        for name, (line, _, _, votes) in self.projects.items():
            n = int(counted[self.place[name]])
            if votes not in ("", str(n)):
                self.found.note(
                    "PROJECTS",
                    line,
                    "votes",
                    "写明的票数与选票不符，以选票为准",
                    "the votes declared are not those of the ballots, which count",
                )
