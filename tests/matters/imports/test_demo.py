"""The demo's matters: lawful courses in every state, drawn from the seed alone, none of a real person."""

import datetime as dt
import re
from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from yishi.commitments.models import Commitment
from yishi.core import audit, clock, health, search
from yishi.core.demo import DemoSize
from yishi.core.models import StoredFile
from yishi.matters import permissions
from yishi.matters.demo.reading import categories, stories, words
from yishi.matters.demo.steps import Town
from yishi.matters.models import (
    Assignment,
    LaneAlarm,
    Lead,
    Matter,
    Merge,
    PatrolAnswer,
    Report,
    ReporterContact,
    SizeAppeal,
    Step,
    VisitBack,
)
from yishi.matters.rules import clocks, routing
from yishi.matters.selectors.settling import in_the_way
from yishi.network.demo import build
from yishi.network.models import Term

NOW = dt.datetime(2026, 11, 20, 7, 0, tzinfo=dt.UTC)
SIZE = DemoSize(now=NOW, households=400, matters=700)


@pytest.fixture
def demo(db: None) -> None:
    search.rebuild()  # what tests with transactions of their own have left in it
    with clock.standing_at(NOW), transaction.atomic():
        build(SIZE, lambda n: None)
        Town(SIZE).run(lambda n: None)


def test_there_are_many_kinds_with_several_wordings_each() -> None:
    found = stories()
    assert len(found) >= 60 and len({s.key for s in found}) == len(found)
    assert all(len(s.titles) == len(s.texts) >= 3 for s in found)
    names = {kind[1] for group in categories() for kind in group["kinds"]}
    assert {s.category for s in found} <= names
    for story in found:
        assert all(0 <= story.fits(v) < len(story.replies) for v in range(len(story.titles))), story.key
        assert routing.may_lead(story.decider, _usual_lead(story.decider)), story.key


def _usual_lead(decider: str) -> str:
    usual = {"department": "department", "cooperative": "economic_cooperative", "party": "party_committee"}
    return usual.get(decider, "residents_committee")


def test_no_blank_is_left_and_nothing_is_a_real_number(demo: None) -> None:
    texts = [t for row in Matter.objects.values_list("title", "text", "place", "result") for t in row]
    texts += Step.objects.values_list("words", flat=True)
    assert not [t for t in texts if re.search(r"[{}]|，，|。。", t)]
    phones = ReporterContact.objects.exclude(phone="").values_list("phone", flat=True)
    assert phones and all(re.fullmatch(r"123\d{8}", p) for p in phones)  # no telephone begins with 123


def test_every_state_is_there(demo: None) -> None:
    stages = Counter(Matter.objects.values_list("stage", flat=True))
    assert set(stages) == set(Matter.Stage.values) and stages["settled"] > 400
    assert set(Report.objects.values_list("state", flat=True)) >= {"open", "told", "judged", "closed"}
    assert set(Report.objects.values_list("channel", flat=True)) == set(Report.Channel.values) - {"api"}
    assert set(VisitBack.objects.values_list("satisfaction", flat=True)) == set(VisitBack.Satisfaction.values)
    assert set(Commitment.objects.values_list("state", flat=True)) >= {"doing", "reported", "accepted"}
    assert Merge.objects.exists() and SizeAppeal.objects.exists() and Matter.objects.filter(sealed=True).exists()
    assert (
        Assignment.objects.exclude(return_asked_at=None).exists() and LaneAlarm.objects.filter(ended_at=None).exists()
    )
    assert PatrolAnswer.objects.filter(fine=False).exists() and Lead.objects.exclude(report=None).exists()
    late = Matter.objects.filter(stage__in=Matter.OPEN, due_on__lt=NOW.date())
    assert late.exists()
    assert StoredFile.objects.filter(kind="photo").exists()


def test_nothing_happens_in_the_future_or_out_of_order(demo: None) -> None:
    assert not Step.objects.filter(at__gt=NOW).exists() and not Report.objects.filter(received_at__gt=NOW).exists()
    for matter in Matter.objects.prefetch_related("steps"):
        steps = sorted(matter.steps.all(), key=lambda s: s.pk)
        assert steps[0].kind == "raised" and [s.at for s in steps] == sorted(s.at for s in steps)
    for report in Report.objects.exclude(told_at=None):
        assert report.reply and report.replied_at <= report.told_at


def test_the_courses_are_lawful(demo: None) -> None:
    """What the services would refuse is not there: who leads, who signs, who judges, who settles, who accepts."""
    holders = {(t.person_id, t.post.organisation_id) for t in Term.objects.filter(until=None).select_related("post")}
    for given in Assignment.objects.filter(role="lead").select_related("matter", "organisation"):
        assert routing.may_lead(given.matter.decider, given.organisation.kind), given
        assert given.handler_id is None or (given.handler_id, given.organisation_id) in holders
    for matter in Matter.objects.filter(stage="settled"):
        assert in_the_way(matter) == [], matter
    handlers = dict(Assignment.objects.filter(role="lead").values_list("matter_id", "handler_id"))
    for asked in VisitBack.objects.filter(online=False).select_related("report"):
        assert asked.by_id != handlers.get(asked.report.matter_id)
    for promise in Commitment.objects.filter(state="accepted"):
        assert (promise.accepted_by_id, promise.organisation_id) not in holders, promise
        assert promise.accepted_by_id != promise.doer_id and promise.spent <= promise.budget
    for sealed in Matter.objects.filter(sealed=True):
        assert not permissions.may_see_matter(_nobody(), sealed)


def _nobody() -> Any:
    from yishi.network.viewers import nobody

    return nobody(NOW)


def test_clocks_are_those_of_the_packs(demo: None) -> None:
    plain = Report.objects.filter(reopened=0, extended=False).order_by("pk")[::20]
    for report in plain:
        expected = clocks.due(report.clock_pack, report.clock_rule, clock.local_day(report.received_at)).due
        assert report.due_on == expected


def test_audit_search_and_references_are_sound(demo: None) -> None:
    faults = [*health.chains(lambda n: None), *health.search_index(), *health.orphans()]
    assert [f for f in faults if f.level == "fault"] == []
    for matter in Matter.objects.order_by("pk")[::50]:
        assert audit.chain(matter)[0].verb == "matters.raised"


def test_the_seed_decides(db: None) -> None:
    size = DemoSize(now=NOW, households=200, matters=120)
    with clock.standing_at(NOW), transaction.atomic():
        build(size, lambda n: None)
    drawn = []
    for seed in (size.seed, size.seed, size.seed + 1):
        place = transaction.savepoint() if transaction.get_connection().in_atomic_block else None
        Town(DemoSize(now=NOW, households=200, matters=120, seed=seed)).run(lambda n: None)
        drawn.append(
            list(Matter.objects.order_by("reference").values_list("reference", "title", "text", "stage", "due_on"))
        )
        assert place is not None
        transaction.savepoint_rollback(place)
    assert drawn[0] == drawn[1] != drawn[2]
    assert words()["lanes"]
