"""A matter by the four deliberations, carried by those whose office it is to where its story stands."""

import datetime as dt
from decimal import Decimal

from yishi.decisions import services
from yishi.decisions.demo.boards import Board
from yishi.decisions.demo.cast import Body, fresh, standing
from yishi.decisions.demo.hall import Hall, marks_of, seats
from yishi.decisions.demo.stories import FOUR_STAGES, Story
from yishi.decisions.demo.teller import Teller
from yishi.decisions.models import Attendance, Decision, RollEntry
from yishi.people.models import Capacity

# The day on which the last act of a story's stage falls, counted from its beginning.
LAST = dict(zip(FOUR_STAGES, (0, 0, 2, 5, 15, 17, 28, 28, 38, 50, 74, 91), strict=True))
CONTRACTOR = "南粤小工程队"
PAPER, ONLINE = Attendance.Channel.PAPER, Attendance.Channel.ONLINE


class FourDeliberations:
    """One story: its body, the day on which it began, its decision."""

    def __init__(self, teller: Teller, body: Body, story: Story) -> None:
        self.teller, self.body, self.story = teller, body, story
        self.on = teller.days(LAST[story.until], exactly=story.until == "voting")
        self.board = Board(teller.cast, body)
        at = self.on(0, 8)
        self.decision = teller.brought(
            body, "project", story.title, story.text, at, facts={"amount": Decimal(story.amount)},
            budget=str(story.amount), legality=story.legality,
        )  # fmt: skip

    def reached(self, stage: str) -> bool:
        """Whether the story has come so far."""
        return FOUR_STAGES.index(self.story.until) >= FOUR_STAGES.index(stage)

    def told(self) -> Decision:
        """The whole story."""
        self._comments()
        acts = (
            ("drafted", self._draft), ("proposed", self._propose), ("consulted", self._consult),
            ("reviewed", self._review), ("noticed", self._notice), ("voting", self._vote),
            ("failed", self._certify), ("posted", self._post), ("paid", self._pay), ("account", self._account),
            ("settled", self._settle),
        )  # fmt: skip
        for stage, act in acts:
            if self.reached(stage):
                act()
        return fresh(self.decision)

    def _comments(self) -> None:
        cast, organisation = self.teller.cast, self.body.organisation
        members = Capacity.objects.filter(kind=Capacity.Kind.MEMBER, organisation=organisation, until=None)
        said = members.exclude(person_id=self.body.head).order_by("pk").values_list("person_id", flat=True)
        at = self.on(0, 9)
        for (words, answer, reason), person in zip(self.story.comments, said, strict=False):
            with cast.acting(person, at, standing(Capacity.Kind.MEMBER, organisation)) as viewer:
                one = services.comment_on_motion(viewer, self.decision, words, self.teller.key(), at)
            with cast.acting(self.body.head, at) as viewer:
                services.answer_comment(viewer, one, answer, reason, at)

    def _draft(self) -> None:
        self.teller.deed(self.decision, self.body.head, self.on(0, 10))

    def _party(self, title: str) -> Hall:
        first, second, *_more = self.body.comrades
        return Hall(
            self.teller.cast, self.decision, self.body.secretary, (first, second), self.body.supervisor, title,
            "党群活动室",
        )  # fmt: skip

    def _sat(self, hall: Hall, day: int, present: int, **marks: int) -> Hall:
        """A meeting without statutory notice: told some days before, held and counted in one evening."""
        hall.noticed(self.on(max(0, day - 3), 15), self.on(day, 16))
        there = hall.lines()[:present]
        hall.begun(dict.fromkeys(there, PAPER), self.on(day, 16))
        hall.voting(self.on(day, 17))
        hall.voted(marks_of(there, **marks), self.on(day, 17) + dt.timedelta(minutes=20))
        hall.counted(self.on(day, 18))
        hall.ended(self.on(day, 19))
        return hall

    def _propose(self) -> None:
        self._sat(self._party("党支部委员会会议"), 2, 5, yes=5)

    def _consult(self) -> None:
        self._sat(
            seats(self.teller.cast, self.body, self.decision, "“两委”联席会议", "经济社会议室"), 5, 9, yes=8, against=1
        )

    def _review(self) -> None:
        self._sat(self._party("支部党员大会"), 12, 38, yes=26, against=8, abstain=4)
        if self.story.legality and self.reached("noticed"):
            self.teller.passed_by_town(self.decision, self.on(15, 11))

    def _notice(self) -> None:
        self.hall = seats(self.teller.cast, self.body, self.decision, "成员代表大会")
        until = self.teller.later(2, 18) if self.story.until == "voting" else None
        self.hall.noticed(self.on(17, 9), self.on(27, 9), until=until)

    def _vote(self) -> None:
        lines = self.hall.lines()
        there, aside = lines[:29], lines[29:30] if self.story.aside else []
        self.hall.begun(dict.fromkeys([*there, *aside], PAPER), self.on(27, 9))
        for entry in aside:
            self.hall.aside(entry, self.story.aside, self.on(27, 9) + dt.timedelta(minutes=10))
        self.hall.voting(self.on(27, 10))
        if self.story.until == "voting":
            self._begun_to_vote(there)
            return
        yes = self.story.yes
        self.teller.cast.chance.shuffle(there)
        self.hall.voted(
            marks_of(there, yes=yes, against=27 - yes, abstain=2), self.on(27, 10) + dt.timedelta(minutes=30)
        )
        self.hall.counted(self.on(27, 11))
        self.hall.ended(self.on(27, 12))

    def _begun_to_vote(self, there: list[RollEntry]) -> None:
        """Twelve have voted; those who can be signed in as have not."""
        mine = set(self.teller.cast.personas.values())
        others = [e for e in there if e.person_id not in mine]
        self.hall.voted(marks_of(others[:12], yes=9, against=2, abstain=1), self.on(27, 11))

    def _certify(self) -> None:
        self.hall.certified(self.on(28, 10))

    def _post(self) -> None:
        self.board.hung(self.decision, self.on(29, 9))
        self.board.looked(self.on(37, 10))

    def _pay(self) -> None:
        self.board.taken_down(self.on(46, 9))
        self._money("contracted", self.story.amount, 48)
        self._money("paid", self.story.amount * 3 // 10, 50)

    def _money(self, kind: str, amount: int, day: int) -> None:
        at = self.on(day, 11)
        with self.teller.cast.acting(self.body.head, at) as viewer:
            services.record_money(viewer, fresh(self.decision), kind, amount, CONTRACTOR, "", (), at)

    def _account(self) -> None:
        at = self.on(68, 15)
        with self.teller.cast.acting(self.body.supervisor, at) as viewer:
            services.accept_work(viewer, fresh(self.decision), "按方案验收，数量相符，质量合格。", at)
        self._money("paid", self.story.amount - self.story.amount * 3 // 10, 70)
        self._money("final_account", self.story.amount, 74)

    def _settle(self) -> None:
        self.board.hung(self.decision, self.on(75, 9))
        self.board.looked(self.on(83, 10))
        self.board.taken_down(self.on(92, 9))
