"""Who holds which post in the demo town, and who held it before the last election."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from yishi.network.demo_organisations import Organisations
from yishi.network.demo_people import People
from yishi.network.models import Organisation, Post, Term
from yishi.people.models import Person

DUTY = Post.Duty
ELECTED = dt.date(2021, 4, 10)
BEFORE = dt.date(2017, 5, 20)
ONE_SHOULDER = 3  # persons who are both secretary and president


@dataclass
class Posts:
    """Posts and terms, drawn first and stored in bulk."""

    people: People
    chance: random.Random

    def __post_init__(self) -> None:
        self.rows: list[tuple[Post, list[tuple[Person, dt.date, dt.date | None]]]] = []

    def hold(
        self, organisation: Organisation, duty: str, title: str, english: str, *holders: Person,
        former: bool = False, since: dt.date | None = None,
    ) -> tuple[Person, ...]:  # fmt: skip
        """A post with its holders today (drawn where none are given), and perhaps one before them."""
        held = holders or (self.people.draw(),)
        start = since or ELECTED + dt.timedelta(days=self.chance.randint(0, 20))
        terms: list[tuple[Person, dt.date, dt.date | None]] = [(person, start, None) for person in held]
        if former:
            terms.append((self.people.draw(youngest=48, oldest=72), BEFORE, start - dt.timedelta(days=1)))
        post = Post(
            organisation=organisation, duty=duty, title=title, title_en=english, seats=len(held),
            opened_on=BEFORE if former else start,
        )  # fmt: skip
        self.rows.append((post, terms))
        return held

    def store(self, tick: Callable[[int], None]) -> None:
        """Write persons, posts and terms."""
        self.people.store(tick)
        Post.objects.bulk_create([post for post, _ in self.rows], batch_size=500)
        terms = [
            Term(post=post, person=person, since=since, until=until, ended_because="换届" if until else "")
            for post, held in self.rows
            for person, since, until in held
        ]
        Term.objects.bulk_create(terms, batch_size=500)
        tick(len(terms))
        self.rows = []


def fill_posts(posts: Posts, made: Organisations) -> None:
    """Town, communities, branches and cooperatives, halls and estates."""
    _town(posts, made)
    for i in range(len(made.committees)):
        _community(posts, made, i)
    _societies(posts, made)
    for branch in made.other_branches:
        posts.hold(branch, DUTY.SECRETARY, "支部书记", "Branch Secretary")
    for owners, company in zip(made.owners, made.companies, strict=False):
        posts.hold(owners, DUTY.DIRECTOR, "业委会主任", "Chair of the Owners' Committee")
        posts.hold(company, DUTY.OFFICER, "项目经理", "Estate Manager")


def _town(posts: Posts, made: Organisations) -> None:
    draw = posts.people.draw
    posts.hold(made.party_committee, DUTY.SECRETARY, "镇党委书记", "Town Party Secretary", former=True)
    posts.hold(made.government, DUTY.DIRECTOR, "镇长", "Town Head", former=True)
    posts.hold(made.government, DUTY.OFFICER, "组织办干部", "Organisation Officer", draw(), draw())
    posts.hold(made.government, DUTY.AUDITOR, "审计员", "Auditor")
    posts.hold(made.hotline, DUTY.DISPATCHER, "派单员", "Dispatcher", *(draw() for _ in range(6)))
    for department in made.departments:
        posts.hold(department, DUTY.DIRECTOR, "主任", "Head of Office", former=True)
        posts.hold(department, DUTY.OFFICER, "科员", "Officer", *(draw() for _ in range(3)))


def _community(posts: Posts, made: Organisations, i: int) -> None:
    """The secretary is director too (一肩挑) in three communities of four."""
    draw, committee, party = posts.people.draw, made.committees[i], made.community_parties[i]
    (secretary,) = posts.hold(party, DUTY.SECRETARY, "社区党委书记", "Community Party Secretary", former=True)
    director = secretary if i % 4 != 3 else draw()
    posts.hold(committee, DUTY.DIRECTOR, "居委会主任", "Committee Director", director, former=True)
    posts.hold(party, DUTY.DEPUTY_SECRETARY, "社区党委副书记", "Deputy Secretary")
    posts.hold(committee, DUTY.COMMITTEE_MEMBER, "居委会委员", "Committee Member", draw(), draw())
    posts.hold(
        committee,
        DUTY.OFFICER,
        "社区工作人员",
        "Community Officer",
        draw(youngest=24, oldest=40),
        draw(youngest=24, oldest=40),
    )
    posts.hold(committee, DUTY.GRID_WORKER, "网格员", "Grid Worker", *(draw(youngest=24, oldest=50) for _ in range(4)))
    posts.hold(made.supervision[i], DUTY.SUPERVISOR, "居务监督委员会主任", "Head of Supervision")
    for halls in (made.residents_halls, made.neighbours_halls, made.womens_halls):
        if i < len(halls):
            posts.hold(halls[i], DUTY.HOST, "创熟专干", "Host")
            posts.hold(halls[i], DUTY.DELIBERATOR, "议事员", "Deliberator", *(draw(oldest=76) for _ in range(5)))


def _societies(posts: Posts, made: Organisations) -> None:
    """306 secretaries and 321 presidents; three persons are both."""
    for i, (branch, societies) in enumerate(zip(made.society_branches, made.served, strict=True)):
        (secretary,) = posts.hold(branch, DUTY.SECRETARY, "经济社党支部书记", "Branch Secretary", former=i % 5 == 0)
        for society in societies:
            both = (secretary,) if i in range(10, 10 + ONE_SHOULDER) else ()
            posts.hold(society, DUTY.PRESIDENT, "社长", "President", *both, former=i % 4 == 0)
