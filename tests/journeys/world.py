"""A small world with something on every page: matters at each stage, a patrol, a visit, an import, a promise."""

import datetime as dt
import io
import uuid
from dataclasses import dataclass
from typing import Any

from tests.journeys.deciding import Deciding, decide
from tests.journeys.world_notices import Postings, build_notices
from tests.matters.imports.files import TICKETS, comma
from tests.matters.stages import Desk, told

from yishi.commitments import services as commitments
from yishi.commitments.models import Commitment
from yishi.matters import services
from yishi.matters.imports import uploads
from yishi.matters.models import Lane, Matter, PatrolPlan, Report, Visit
from yishi.matters.services import patrol, visits
from yishi.network.models import Edge, Term
from yishi.network.viewers import Viewer
from yishi.people import services as people

TITLES = {
    "raised": "门前路灯不亮", "other": "巷口井盖松动", "accepted": "想加装电梯", "assigned": "垃圾两天没清",
    "returned": "市场门口占道", "doing": "下水道堵了", "suspended": "外墙渗水", "replied": "水压太小",
    "told": "树枝压到屋顶", "judged": "楼道灯坏了", "kept": "球场夜里太吵", "joined": "球场晚上噪声大",
}  # fmt: skip


@dataclass
class World:
    """Who and what the pages need."""

    who: dict[str, Viewer]
    desk: Desk
    reports: dict[str, Report]
    commitment: Commitment
    reported: Commitment
    plan: PatrolPlan
    lane: Lane
    walk_key: uuid.UUID
    visit: Visit
    batch_id: int
    request_id: int
    edge_id: int
    term_id: int
    postings: Postings
    deciding: Deciding

    def matter(self, name: str) -> Matter:
        return Matter.objects.get(pk=self.reports[name].matter_id)


def build(who: dict[str, Viewer], town: Any, at: dt.datetime) -> World:
    """Everything, made by the same commands that the pages call."""
    desk = Desk(who["officer"], who["secretary"], town, at)
    reports = {
        name: services.raise_matter(who["alice"], told(title=title, text=f"{title}，请来看看。"), at)
        for name, title in TITLES.items()
    }
    promise, reported = _carry(desk, who, reports, town, at)
    plan, lane, key = _patrol(who, town, at)
    written = visits.VisitInput(
        key=uuid.uuid4(), visited_on=at.date(), place="3 号楼", note="老人腿脚不便",
        leads=[visits.LeadInput("issue", "楼道灯坏了")],
    )  # fmt: skip
    batch = uploads.receive(who["dispatcher"], io.BytesIO(comma(TICKETS)), "工单.csv", "", at)
    request = people.ask_verification(
        who["stranger"], community_id=town.dawei.pk, name="石小川", household_number="DW-0001", address="", at=at
    )
    return World(
        who, desk, reports, promise, reported, plan, lane, key, visits.write_visit(who["officer"], written, at), batch.pk,
        request.pk, Edge.objects.values_list("pk", flat=True)[0], Term.objects.values_list("pk", flat=True)[0],
        build_notices(who, town, at),
        decide(who, town, at),
    )  # fmt: skip


def _carry(desk: Desk, who: dict[str, Viewer], reports: dict[str, Report], town: Any, at: dt.datetime) -> tuple[Commitment, Commitment]:  # fmt: skip
    """Each matter to the stage it is named after; what was promised on one, and what is reported done."""
    officer, matter = who["officer"], {name: r.matter for name, r in reports.items()}
    desk.accepted(matter["accepted"])
    services.appeal_size(who["alice"], matter["accepted"], "hard", "三年没有解决", at)
    desk.assigned(matter["assigned"])
    desk.accepted(matter["returned"], decider="department")
    given = services.assign_matter(officer, matter["returned"], town.urban_management.pk, "lead", "归执法办。", at)
    services.sign_assignment(who["department_officer"], given, at)
    services.ask_return(who["department_officer"], given, "不归我们管", "职责清单", at)
    for name in ("doing", "suspended", "replied"):
        desk.doing(matter[name])
    day = at.date() + dt.timedelta(days=5)
    promise, reported = (
        commitments.make_commitment(
            officer, matter["doing"], what, town.dawei_committee.pk, officer.person_id, day, 500, at
        )
        for what in ("疏通下水道", "清走淤泥")
    )
    commitments.report_done(officer, reported, "淤泥已清走。", (), at)
    services.suspend_matter(officer, matter["suspended"], "等维修资金表决", "先贴提示", day, at)
    services.reply_to_report(officer, reports["replied"], "经核查，已调高水压。", at)
    for name in ("told", "judged"):
        desk.answered(reports[name])
    services.judge_report(who["alice"], Report.objects.get(pk=reports["judged"].pk), True, "satisfied", "", at)
    desk.accepted(matter["kept"])
    desk.accepted(matter["joined"])
    services.merge_matter(officer, matter["joined"], matter["kept"], "同一件事", at)
    return promise, reported


def _patrol(who: dict[str, Viewer], town: Any, at: dt.datetime) -> tuple[PatrolPlan, Lane, uuid.UUID]:
    since = at - dt.timedelta(days=20)
    plan = patrol.plan_patrol(who["officer"], town.neighbours_hall.pk, "近邻巡查", ["下水道", "路灯"], since.date(), at)
    lane = patrol.add_lane(who["officer"], plan, 1, "永东街", at)
    key = uuid.uuid4()
    patrol.walk_lane(who["deliberator"], patrol.WalkInput(key=key, lane_id=lane.pk, walked_at=at, answers=()), at)
    return plan, lane, key
