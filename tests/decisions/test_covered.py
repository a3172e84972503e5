"""What people write is covered where everyone reads it; defences are not for everyone; helpers speak with the helped person's rights."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from tests.decisions.stages import Hands, proposal
from tests.people_fixtures import viewer_of_person

from yishi.core.verdicts import Refusal
from yishi.decisions import permissions, services
from yishi.decisions.api.reads import whole
from yishi.decisions.models import ConflictDeclaration, MotionComment, StepPaper
from yishi.decisions.selectors.parts import papers_of
from yishi.network.models import Organisation
from yishi.network.viewers import Duty, Viewer
from yishi.people.models import Capacity

pytestmark = pytest.mark.django_db
PHONE, ROOM = "13812345678", "3栋502房"


def test_comments_answers_and_papers_are_covered(
    hands: Hands, town: Any, anonymous: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    made = hands.garden(town.cooperative)
    comment = services.comment_on_motion(
        hands.secretary, made, f"请打 {PHONE} 给 {ROOM} 的老人商量。", uuid.uuid4(), hands.at
    )
    services.answer_comment(hands.proposer, comment, "adopted", f"已联系 {PHONE}。", hands.at)
    StepPaper.objects.create(
        decision=made, step="draft", name="opinion", version=1, words=f"联系人电话 {PHONE}", by_id=hands.secretary.person_id,
        at=hands.at,
    )  # fmt: skip
    ConflictDeclaration.objects.filter(decision=made).update(interested=True, words=f"承包人 {PHONE} 是表亲")
    page = client_for(anonymous).get(f"/decisions/{made.reference}").content.decode()
    assert PHONE not in page and "502" not in page
    assert page.count("138****5678") == 4 and "3栋****房" in page
    (told,) = whole(anonymous, made)["comments"]
    assert told["text"] == "请打 138****5678 给 3栋****房 的老人商量。" and told["reason"] == "已联系 138****5678。"
    assert PHONE in MotionComment.objects.get().text


@pytest.mark.parametrize("name", ["nominations", "statement_or_waiver"])
def test_nominations_and_defences_stay_inside(
    name: str, village: Organisation, town: Any, make_person: Any, town_officer: Viewer, stranger: Viewer,
    alice: Viewer, anonymous: Viewer, at: dt.datetime, client_for: Callable[[Viewer], Client],
) -> None:  # fmt: skip
    head = make_person("简国雄", office=(village, Duty.COMMITTEE_MEMBER, "委员"))
    villager = make_person("植秀琼")
    Capacity.objects.create(
        person_id=villager.person_id, kind="villager", area=town.huangqi, since=dt.date(2024, 1, 1), verified_at=at
    )
    villager = viewer_of_person(villager.person_id or 0)
    about = make_person("罗主任", office=(village, Duty.DIRECTOR, "主任"))
    given = proposal(village, "recall", title="罢免案", concerned_id=about.person_id)
    made = services.start_decision(head, given, at)
    StepPaper.objects.create(
        decision=made, step="statement", name=name, version=1, words="本人不同意上述理由。", by_id=head.person_id, at=at
    )
    readers = {v.name for v in (head, villager, town_officer, stranger, alice, anonymous) if papers_of(v, made)}
    assert readers == {head.name, villager.name, town_officer.name}
    for viewer, seen in ((villager, True), (anonymous, False)):
        page = client_for(viewer).get(f"/decisions/{made.reference}").content.decode()
        assert ("本人不同意上述理由" in page) is seen


def test_a_helper_comments_by_the_right_of_whom_they_help(
    hands: Hands, town: Any, make_person: Any, alice: Viewer
) -> None:
    made = hands.garden(town.cooperative)
    member, outsider = make_person("谢细妹", resident_of=town.baijiexi), make_person("路过人")
    for helper in (hands.proposer, alice):
        mine = replace(helper, helping_id=outsider.person_id)
        assert not permissions.may_comment(mine, made, hands.at)
        with pytest.raises(Refusal, match="由本组织"):
            services.comment_on_motion(mine, made, "我也说一句。", uuid.uuid4(), hands.at)
        theirs = replace(helper, helping_id=member.person_id)
        said = services.comment_on_motion(theirs, made, "路灯也一并装上。", uuid.uuid4(), hands.at)
        assert (said.by_id, said.entered_by_id) == (member.person_id, helper.person_id)
