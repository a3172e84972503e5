"""Decisions for the small world: one at each kind of place, made by the commands that the pages call."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.decisions.halls import homes, people
from tests.decisions.stages import TEXT, Hands, proposal

from yishi.decisions import services
from yishi.decisions.models import Decision, MotionComment, Petition
from yishi.network.viewers import Viewer

TITLES = {
    "draft": "修门前水沟", "commented": "翻新祠堂广场", "changed": "四小园建设", "study": "年度收益分配", "legality": "旧厂房改造",
    "failed": "出租西边空地", "work": "装村口路灯",
}  # fmt: skip


@dataclass
class Deciding:
    """The decisions by name, a comment that waits, a petition that gathers and one that binds."""

    made: dict[str, Decision]
    comment: MotionComment
    petition: Petition
    obliged: Petition


def decide(who: dict[str, Viewer], town: Any, at: dt.datetime) -> Deciding:
    """Everything, carried to where it is needed."""
    hands = Hands(who["president"], who["branch_secretary"], who["supervisor"], who["town_officer"], at)
    made = {name: _start(hands, town, name, title) for name, title in TITLES.items()}
    for name in ("commented", "study"):
        hands.drafted(made[name])
    said = services.comment_on_motion(who["president"], made["commented"], "请留出停车的地方。", uuid.uuid4(), at)
    MotionComment.objects.filter(pk=said.pk).update(by_id=who["alice"].person_id)
    services.change_motion(
        hands.proposer, made["changed"], TEXT.replace("320", "300"), "170000", "budget", True, "缩小面积", at
    )
    for name in ("legality", "failed", "work"):
        hands.to_resolve(made[name])
    for name in ("failed", "work"):
        hands.noticed(made[name])
        hands.resolved(made[name], 20 if name == "failed" else 24)
        hands.certified(made[name])
    hands.disclosed(made["work"])
    homes(town.yushuian, [[who["owner"].person_id], *([one.pk] for one in people(town.area, 4))])
    petitions = [_petition(who["owner"], town, title, at) for title in ("公共绿地建充电棚", "更换物业企业")]
    services.sign_petition(who["owner"], petitions[1], at)
    services.hand_in_petition(who["owner"], petitions[1], at)
    made |= {"petition": petitions[0].decision, "obliged": petitions[1].decision}
    for one in made.values():
        one.refresh_from_db()
    return Deciding(made, said, petitions[0], petitions[1])


def _start(hands: Hands, town: Any, name: str, title: str) -> Decision:
    if name == "study":
        given = proposal(town.cooperative, "distribution", title=title)
    else:
        facts = {"amount": Decimal(180000)}
        given = proposal(
            town.cooperative, title=title, facts=facts, budget="180000", wider=True, legality=name == "legality"
        )
    return services.start_decision(hands.proposer, given, hands.at)


def _petition(owner: Viewer, town: Any, title: str, at: dt.datetime) -> Petition:
    given = proposal(town.owners, "owners_8" if "充电" in title else "owners_4", title=title, by_petition=True)
    made = services.start_decision(owner, given, at)
    return services.open_petition(owner, made, "owners", at)
