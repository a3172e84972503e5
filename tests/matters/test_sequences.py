"""Any sequence of acts: no report is lost, nobody is settled untold, chains hold, derived facts follow."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.matters.stages import told

from yishi.core import audit
from yishi.core.models import AuditEntry
from yishi.core.verdicts import Refusal
from yishi.matters import services
from yishi.matters.models import Assignment, Matter, Merge, Report, VisitBack
from yishi.matters.selectors import is_reachable
from yishi.network.viewers import Viewer

ACTS = (
    "raise", "join", "accept", "assign", "sign", "return", "rule", "reply", "reply_all", "tell", "judge_well",
    "judge_badly", "visit", "note", "suspend", "resume", "settle", "merge", "split", "withdraw", "decline", "extend",
    "nature", "correct", "contact",
)  # fmt: skip
USUAL = [
    ("raise", 0, 0), ("raise", 1, 0), ("accept", 0, 0), ("assign", 0, 0), ("sign", 0, 0), ("join", 0, 1),
    ("merge", 1, 0), ("reply_all", 0, 0), ("tell", 0, 0), ("tell", 0, 1), ("tell", 0, 2), ("settle", 0, 0),
]  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 5)), min_size=5, max_size=30)


class World:
    """Two residents, an officer, a colleague and a dispatcher act on a few matters."""

    def __init__(self, people: dict[str, Viewer], town: Any, at: dt.datetime) -> None:
        self.people, self.town, self.at = people, town, at
        self.told: list[int] = []

    def act(self, name: str, i: int, j: int) -> None:
        matters, reports = list(Matter.objects.order_by("pk")), list(Report.objects.order_by("pk"))
        if name == "raise" or not matters:
            self.told.append(services.raise_matter(self.resident(i), told(), self.at).pk)
            return
        matter, report = matters[i % len(matters)], reports[j % len(reports)]
        getattr(self, f"do_{name}")(matter, report, matters[j % len(matters)], j)

    def resident(self, i: int) -> Viewer:
        return self.people["alice" if i % 2 else "bob"]

    def owner(self, report: Report) -> Viewer:
        return next(v for v in self.people.values() if v.person_id == report.reporter_id)

    def do_join(self, matter: Matter, report: Report, other: Matter, j: int) -> None:
        joined = services.raise_matter(self.resident(j), told(join_reference=matter.reference), self.at)
        self.told.append(joined.pk)

    def do_accept(self, matter: Matter, *rest: Any) -> None:
        services.accept_matter(
            self.people["officer"], matter, None, "everyday", "小事。", "community", "巷。", "public", self.at
        )

    def do_assign(self, matter: Matter, report: Report, other: Matter, j: int) -> None:
        to = (self.town.dawei_committee, self.town.property_company)[j % 2]
        services.assign_matter(self.people["officer"], matter, to.pk, "lead", "", self.at)

    def _assignment(self, matter: Matter) -> Assignment:
        found = Assignment.objects.filter(matter=matter).last()
        if found is None:
            raise ValidationError("nothing was assigned")
        return found

    def do_sign(self, matter: Matter, *rest: Any) -> None:
        services.sign_assignment(self.people["officer"], self._assignment(matter), self.at)

    def do_return(self, matter: Matter, *rest: Any) -> None:
        services.ask_return(self.people["officer"], self._assignment(matter), "不归我们", "职责清单", self.at)

    def do_rule(self, matter: Matter, report: Report, other: Matter, j: int) -> None:
        services.rule_on_return(
            self.people["dispatcher"], self._assignment(matter), bool(j % 2), "裁定。", None, self.at
        )

    def do_reply(self, matter: Matter, report: Report, *rest: Any) -> None:
        services.reply_to_report(self.people["officer"], report, "经核查，已办。", self.at)

    def do_reply_all(self, matter: Matter, *rest: Any) -> None:
        services.reply_to_all(self.people["officer"], matter, "经核查，已办。", self.at)

    def do_tell(self, matter: Matter, report: Report, *rest: Any) -> None:
        services.tell_reporter(self.people["officer"], report, "in_app", self.at)

    def do_judge_well(self, matter: Matter, report: Report, *rest: Any) -> None:
        services.judge_report(self.owner(report), report, True, "satisfied", "", self.at)

    def do_judge_badly(self, matter: Matter, report: Report, *rest: Any) -> None:
        services.judge_report(self.owner(report), report, False, "unsatisfied", "", self.at)

    def do_visit(self, matter: Matter, report: Report, other: Matter, j: int) -> None:
        services.visit_back(
            self.people["dispatcher"], report, bool(j % 2), ("satisfied", "unsatisfied")[j % 2], "", self.at
        )

    def do_note(self, matter: Matter, *rest: Any) -> None:
        services.add_note(self.people["officer"], matter, "到场核查。", True, [], self.at)

    def do_suspend(self, matter: Matter, *rest: Any) -> None:
        services.suspend_matter(self.people["officer"], matter, "等雨季过", "巡查", dt.date(2026, 11, 2), self.at)

    def do_resume(self, matter: Matter, *rest: Any) -> None:
        services.resume_matter(self.people["officer"], matter, "可以办了。", self.at)

    def do_settle(self, matter: Matter, *rest: Any) -> None:
        services.settle_matter(self.people["dispatcher"], matter, "已办。", self.at)

    def do_merge(self, matter: Matter, report: Report, other: Matter, j: int) -> None:
        services.merge_matter(self.people["officer"], matter, other, "同一件", self.at)

    def do_split(self, matter: Matter, *rest: Any) -> None:
        merge = Merge.objects.filter(matter=matter).last() or Merge.objects.last()
        if merge is not None:
            services.split_matter(self.people["officer"], merge, "两件", self.at)

    def do_withdraw(self, matter: Matter, report: Report, *rest: Any) -> None:
        services.withdraw_report(self.owner(report), report, "不用了", self.at)

    def do_decline(self, matter: Matter, *rest: Any) -> None:
        services.decline_matter(self.people["officer"], matter, "属法院", "法院", "", self.at)

    def do_extend(self, matter: Matter, report: Report, *rest: Any) -> None:
        services.extend_report(self.people["officer"], report, 3, "等材料", self.at)

    def do_nature(self, matter: Matter, report: Report, other: Matter, j: int) -> None:
        services.set_nature(self.people["officer"], report, ("help", "consult", "petition")[j % 3], "改类型", self.at)

    def do_correct(self, matter: Matter, report: Report, other: Matter, j: int) -> None:
        services.correct_matter(self.people["officer"], matter, "写清", self.at, title=f"下水道堵 {j}")

    def do_contact(self, matter: Matter, report: Report, *rest: Any) -> None:
        services.contact_reporter(self.people["officer"], report, "已联系", self.at)


def check(world: World, entries: int) -> None:
    reports = list(Report.objects.select_related("matter", "first_matter", "reporter__user"))
    assert {r.pk for r in reports} == set(world.told)
    for report in reports:
        home = report.first_matter
        assert report.matter_id == (home.merged_into_id or home.pk)
        if report.matter.stage == "settled":
            assert report.withdrawn_at or report.told_how or not is_reachable(report)
            assert report.state in ("closed", "judged")
        assert report.state != "open" or not report.reply
    total = 0
    for matter in Matter.objects.all():
        total += audit.check_chain(audit.chain(matter))
        live = [r for r in reports if r.matter_id == matter.pk and r.withdrawn_at is None]
        assert matter.report_count == len(live)
        waiting = [r.due_on for r in live if r.state in ("open", "reopened", "replied")]
        assert matter.due_on == (min(waiting, default=None) if matter.is_open else None)
        assert (matter.stage == "merged") == (matter.merged_into_id is not None)
        if matter.stage == "answered":
            assert not any(r.state in ("open", "reopened") for r in live)
        leads = Assignment.objects.filter(matter=matter, role="lead", state__in=["sent", "signed", "return_asked"])
        assert [a.organisation_id for a in leads] == ([matter.lead_id] if matter.lead_id else [])
        bad = VisitBack.objects.filter(report__matter=matter, satisfaction="unsatisfied").count()
        assert bad == 0 or any(r.reopened for r in reports if r.matter_id == matter.pk)
    assert total == entries


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(usual=st.integers(0, len(USUAL)), sequence=steps)
def test_no_sequence_loses_a_report_or_settles_untold(
    usual: int,
    sequence: list[tuple[str, int, int]],
    alice: Viewer,
    bob: Viewer,
    officer: Viewer,
    dispatcher: Viewer,
    town: Any,
    at: dt.datetime,
) -> None:
    sid = transaction.savepoint()
    world = World({"alice": alice, "bob": bob, "officer": officer, "dispatcher": dispatcher}, town, at)
    done = 0
    for name, i, j in [*USUAL[:usual], *sequence]:
        before = (Matter.objects.count(), Report.objects.count())
        try:
            with transaction.atomic():
                world.act(name, i, j)
            done += 1
        except (Refusal, ValidationError):
            assert before == (Matter.objects.count(), Report.objects.count())
    check(world, AuditEntry.objects.filter(subject_kind="matters.matter").count())
    assert AuditEntry.objects.filter(subject_kind="matters.matter").count() <= done
    transaction.savepoint_rollback(sid)


@pytest.mark.django_db
def test_the_usual_course_settles(
    alice: Viewer, bob: Viewer, officer: Viewer, dispatcher: Viewer, town: Any, at: dt.datetime
) -> None:
    world = World({"alice": alice, "bob": bob, "officer": officer, "dispatcher": dispatcher}, town, at)
    for name, i, j in USUAL:
        world.act(name, i, j)
    check(world, len(USUAL))
    assert set(Matter.objects.values_list("stage", flat=True)) == {"settled", "merged"}
    assert set(Report.objects.values_list("state", flat=True)) == {"closed"}
