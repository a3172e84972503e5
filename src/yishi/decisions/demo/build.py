"""The demo's decisions: one at every step of the four deliberations, an owners' vote, an assembly that fails by one,
an election with a run-off, a petition that gathers. Made by the commands, their meetings by rows."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from yishi.core.demo import DemoSize, Tick
from yishi.decisions import rules, services
from yishi.decisions.demo import courses, rolls, stories
from yishi.decisions.demo.cast import Body, Cast
from yishi.decisions.models import AgendaItem, Decision, Roll
from yishi.decisions.services._acts import append
from yishi.decisions.services._acts import held as locked
from yishi.engines.procedure import Case
from yishi.network import services as network
from yishi.network.models import Area, Organisation
from yishi.network.viewers import Duty, Kind, Viewer
from yishi.people.models import Capacity

DEED = "done"
MONEY = ("contracted", "paid", "final_account")
CANDIDATES = "abc"
CONTRACTOR = "南粤小工程队"


class Builder:
    """Carries each story to where it stands today."""

    def __init__(self, size: DemoSize, tick: Tick) -> None:
        self.now, self.tick = timezone.localtime(size.now), tick
        self.town = Area.objects.filter(kind=Area.Kind.TOWN).order_by("pk")[0]
        self.cast = Cast(self.town, size)
        self.chance = self.cast.chance

    def moment(self, start: dt.date, days: int, hour: int = 9) -> dt.datetime:
        """A moment of a course; never after the present one."""
        at = dt.datetime.combine(start + dt.timedelta(days=days), dt.time(hour), self.now.tzinfo)
        return min(at, self.now)

    def start_of(self, course: courses.Course) -> dt.date:
        """The day on which a course began, so that its last event was some days ago."""
        last = course[-1][1] if course else 0
        return self.now.date() - dt.timedelta(days=last + self.chance.randint(1, 5))

    def begin(self, body: Body, subject: str, title: str, text: str, at: dt.datetime, **more: Any) -> Decision:
        """Brought by the organisation's head."""
        given = services.StartInput(
            key=uuid.UUID(int=self.chance.getrandbits(128), version=4), organisation_id=body.organisation.pk,
            subject=subject, title=title, text=text, conflict=False, **more,
        )  # fmt: skip
        return services.start_decision(self.cast.viewer(body.head, at), given, at)

    def step(self, body: Body, decision: Decision, kind: str, data: dict[str, Any], at: dt.datetime) -> Case | None:
        """One event, by the command that makes it."""
        viewer = self.cast.viewer(body.head, at)
        if kind == DEED:
            return self._deed(body, decision, viewer, at)
        if kind in MONEY:
            services.record_money(viewer, decision, kind, str(self.amount), CONTRACTOR, "", (), at)
            return None
        if kind == "accepted":
            return services.accept_work(
                self.cast.viewer(body.supervisor, at), decision, "按方案验收，数量相符，质量合格。", at
            )
        with locked(decision) as fresh:
            return append(viewer, fresh, kind, at, data)

    def _deed(self, body: Body, decision: Decision, viewer: Viewer, at: dt.datetime) -> Case:
        fresh = Decision.objects.get(pk=decision.pk)
        given = {name: services.PaperInput(words) for name, words in PAPERS.items()}
        if fresh.step == "study" and (secretary := self.secretary(body.organisation)) is not None:
            viewer = self.cast.viewer(secretary, at)
        return services.do_step(viewer, decision, given, at)

    def secretary(self, organisation: Organisation) -> int | None:
        """The secretary of the Party branch of the same place."""
        branch = Organisation.objects.filter(area=organisation.area, kind=Kind.PARTY_BRANCH).first()
        return self.cast.in_office(branch, Duty.SECRETARY) if branch else None

    def run(self, body: Body, decision: Decision, course: courses.Course, start: dt.date, roll: "RollPlan | None") -> None:  # fmt: skip
        """Every event of a course; the meeting's rows beside those of the deciding vote."""
        item: AgendaItem | None = None
        for n, (stage, days, kind, data) in enumerate(course):
            at = self.moment(start, days, 9 + min(n % 9, 8))
            if kind in ("notice_posted", "roll_posted") and roll is not None:
                item = roll.laid(self, body, decision, at, self.moment(start, course[-1][1]))
            case = self.step(body, decision, kind, roll.filled(kind, data, item) if roll else data, at)
            if item is not None and case is not None and kind == "counted" and stage == "counted":
                rolls.held(item, case, body, at, roll.present if roll else 0)
            if item is not None and case is not None and kind == "certified":
                rolls.sealed(item, case, body, at)
            self.tick(1)

    # --- the stories ---------------------------------------------------------------------------

    def four(self, story: stories.Story, cooperative: Organisation) -> Decision:
        """A matter by the four deliberations, up to where it stands."""
        body = self.cast.body(cooperative, Duty.PRESIDENT)
        self.amount = story.amount
        certifier = f"p{body.supervisor}"
        whole = courses.four(self.now.date(), story.yes, story.legality, body.counters, certifier)
        start = self.start_of(courses.until(whole, story.until))
        course = courses.until(
            courses.four(start, story.yes, story.legality, body.counters, certifier), story.until
        )  # fmt: skip
        at = self.moment(start, 0, 8)
        decision = self.begin(
            body, "project", story.title, story.text, at, facts=story.facts, budget=str(story.amount),
            legality=story.legality,
        )  # fmt: skip
        self.comment(body, decision, story, at)
        plan = RollPlan("resolve", Roll.Kind.REPRESENTATIVES, {"reps_all": 31}, 29, "成员代表大会")
        self.run(body, decision, course, start, plan)
        return decision

    def comment(self, body: Body, decision: Decision, story: stories.Story, at: dt.datetime) -> None:
        """What members said, and what they were answered."""
        said = list(
            Capacity.objects.filter(organisation=body.organisation)
            .order_by("pk")
            .values_list("person_id", flat=True)[:9]
        )
        for (words, answer, reason), person in zip(story.comments, said or [body.second] * 9, strict=False):
            key = uuid.UUID(int=self.chance.getrandbits(128), version=4)
            one = services.comment_on_motion(self.cast.viewer(body.second, at), decision, words, key, at)
            type(one).objects.filter(pk=one.pk).update(by_id=person)
            one.refresh_from_db()
            services.answer_comment(self.cast.viewer(body.head, at), one, answer, reason, at)

    def assembly(self, cooperative: Organisation) -> Decision:
        """The members' assembly of 白界西: 331 of 498."""
        body = self.cast.body(cooperative, Duty.PRESIDENT)
        certifier = f"p{body.supervisor}"
        start = self.start_of(courses.members(self.now.date(), body.counters, certifier))
        decision = self.begin(body, "land_compensation", *stories.LAND, self.moment(start, 0, 8))
        plan = RollPlan("resolve", Roll.Kind.MEMBERS, {"members_full_capacity": 498}, 350, "成员大会")
        self.run(body, decision, courses.members(start, body.counters, certifier), start, plan)
        return decision

    def shed(self, owners: Organisation) -> Decision:
        """The owners' vote on the charging shed of 御水岸."""
        body = self.cast.body(owners, Duty.DIRECTOR)
        certifier = f"p{body.supervisor}"
        start = self.start_of(courses.owners(self.now.date(), body.counters, certifier))
        decision = self.begin(body, "owners_8", *stories.SHED, self.moment(start, 0, 8))
        counts = {"area_all": rolls.AREA_ALL, "heads_all": 1193}
        plan = RollPlan("resolve", Roll.Kind.OWNERS, counts, 860, "业主大会（书面征求意见）")
        self.run(body, decision, courses.owners(start, body.counters, certifier), start, plan)
        return decision

    def election(self, community: Area) -> Decision:
        """An election with a run-off, in a village of its own."""
        village = Organisation.objects.create(
            town=self.town, area=community, kind=Kind.VILLAGERS_COMMITTEE, tree="civil", name="北便村村民委员会",
            name_en="Beibian Villagers' Committee",
        )  # fmt: skip
        network.index_organisation(village)
        body = self.cast.body(village, Duty.DIRECTOR)
        certifier = f"p{body.supervisor}"
        start = self.start_of(courses.election(self.now.date(), list(CANDIDATES), body.counters, certifier))
        at = self.moment(start, 0, 8)
        decision = self.begin(body, "election", *stories.ELECTION, at, facts={"seats": 2})
        plan = RollPlan("roll", Roll.Kind.VOTERS, {"registered": 2135}, 1068, "选举大会")
        self.run(body, decision, courses.election(start, list(CANDIDATES), body.counters, certifier), start, plan)
        return decision

    def petition(self, estate_owners: Organisation) -> None:
        """Owners who ask for a vote: signatures that gather, some short of a fifth of the register."""
        at = self.now - dt.timedelta(days=6)
        signers = list(
            Capacity.objects.filter(kind="owner", area=estate_owners.area).order_by("person_id").values_list("person_id", flat=True)[:40]
        )  # fmt: skip
        if len(signers) < 3:
            return
        rolls.registered(estate_owners.area, [*signers, *(p.pk for p in self.cast.drawn(4 * len(signers) + 60))])
        first = self._owner(signers[0], estate_owners.area, at)
        given = services.StartInput(
            key=uuid.UUID(int=self.chance.getrandbits(128), version=4), organisation_id=estate_owners.pk,
            subject="owners_4", title=stories.PARKING[0], text=stories.PARKING[1], conflict=False, by_petition=True,
        )  # fmt: skip
        decision = services.start_decision(first, given, at)
        petition = services.open_petition(first, decision, "owners", at)
        for n, person in enumerate(signers):
            moment = at + dt.timedelta(hours=3 * n)
            services.sign_petition(self._owner(person, estate_owners.area, moment), petition, moment)

    def _owner(self, person_id: int, area: Area, at: dt.datetime) -> Viewer:
        from yishi.network.viewers import Standing

        return Viewer(
            at=at, person_id=person_id, town_id=self.town.pk, standings=(Standing("owner", area.pk, area.path, None, None),)
        )  # fmt: skip


class RollPlan:
    """Which roll and meeting a course's deciding vote has."""

    def __init__(self, step: str, kind: str, counts: dict[str, int], present: int, title: str) -> None:
        self.step, self.kind, self.counts, self.present, self.title = step, kind, counts, present, title
        self.codes: dict[str, str] = {}

    def laid(self, builder: Builder, body: Body, decision: Decision, at: dt.datetime, meets_at: dt.datetime) -> AgendaItem:  # fmt: skip
        """The roll frozen and the meeting noticed."""
        count = next(iter(self.counts.values()))
        lines = rolls.owners(builder.chance) if self.kind == Roll.Kind.OWNERS else rolls.persons(builder.chance, count)
        if self.kind == Roll.Kind.VOTERS:
            standing = builder.cast.drawn(len(CANDIDATES))
            self.codes = {letter: rules.ref(person.pk) for letter, person in zip(CANDIDATES, standing, strict=True)}
            lines[: len(standing)] = [
                replace(ln, person_id=p.pk, label=p.name) for ln, p in zip(lines, standing, strict=False)
            ]
        roll = rolls.frozen_roll(decision, self.step, self.kind, lines, self.counts, body.head, at)
        step = "poll" if self.kind == Roll.Kind.VOTERS else self.step
        return rolls.meeting_of(decision, step, roll, body, self.title, at, meets_at)

    def filled(self, kind: str, data: dict[str, Any], item: AgendaItem | None) -> dict[str, Any]:
        """The particulars with the text's hash on the notice, and candidates by their references."""
        found = dict(data)
        if kind == "notice_posted" and item is not None:
            found["hash"] = item.motion_digest
        if "names" in found:
            found["names"] = [self.codes.get(n, n) for n in found["names"]]
        if "votes" in found:
            found["votes"] = {self.codes.get(n, n): v for n, v in found["votes"].items()}
        return found


PAPERS = {
    "opinion": "党支部讨论，同意提交会议决定，建议把付款分两次、验收后付清写进方案。",
    "letter": "已书面告知社区居民委员会，附方案全文。", "minutes": "推选村民选举委员会成员 7 人，记录在案。",
    "nominations": "村民提名，按得票确定候选人 3 名。", "handover_list": "印章、账册、档案、资产清单已移交，双方签字。",
}  # fmt: skip


@transaction.atomic
def build_decisions(size: DemoSize, tick: Tick) -> None:
    """Every story, in the town that the earlier steps built."""
    builder = Builder(size, tick)
    societies = Organisation.objects.filter(kind=Kind.ECONOMIC_COOPERATIVE).select_related("area").order_by("pk")
    cooperatives = list(societies[: len(stories.FOUR) + 1])
    builder.assembly(cooperatives[0])
    for story, cooperative in zip(stories.FOUR, cooperatives[1:], strict=False):
        builder.four(story, cooperative)
    estates = Organisation.objects.filter(kind=Kind.OWNERS_COMMITTEE).select_related("area").order_by("pk")
    if first := estates.first():
        builder.shed(first)
        builder.petition(first)
    communities = Area.objects.filter(kind=Area.Kind.COMMUNITY).order_by("pk")
    if community := communities.last():
        builder.election(community)
