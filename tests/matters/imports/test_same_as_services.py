"""What the builder of imports and demo writes is, row for row, what the services write."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from yishi.commitments import services as promises
from yishi.commitments.models import Commitment, Progress
from yishi.core import audit
from yishi.core.models import AuditEntry, SearchEntry
from yishi.matters import services
from yishi.matters.bulk import merging
from yishi.matters.bulk.book import Book
from yishi.matters.bulk.kept import Hand, Kept
from yishi.matters.bulk.promises import Promise
from yishi.matters.models import (
    Assignment,
    Category,
    Extension,
    Matter,
    Merge,
    Report,
    ReporterContact,
    SizeAppeal,
    Step,
    Suspension,
    VisitBack,
)
from yishi.network.viewers import Viewer

TABLES = (
    Matter, Report, ReporterContact, Assignment, Extension, Suspension, Step, SizeAppeal, Merge, VisitBack, Commitment,
    Progress,
)  # fmt: skip
CHANCE = {"id", "key", "reference", "digest", "previous"}
REFERENCES = {
    "step": Step, "report": Report, "assignment": Assignment, "visit_back": VisitBack, "appeal": SizeAppeal,
    "merge": Merge, "into": Matter, "out_of": Matter, "returned": Assignment,
}  # fmt: skip


class Snapshot:
    """All rows of a set of matters, with ids made relative and what is drawn by chance left out."""

    def __init__(self, matters: Iterable[Matter]) -> None:
        self.matters = sorted(m.pk for m in matters)
        rows: dict[Any, list[Any]] = {
            Matter: list(Matter.objects.filter(pk__in=self.matters).order_by("pk")),
            Commitment: list(Commitment.objects.filter(subject_id__in=self.matters).order_by("pk")),
        }
        for model in TABLES:
            if model in rows or model is Progress or model in (ReporterContact, Extension, VisitBack):
                continue
            rows[model] = list(model.objects.filter(matter_id__in=self.matters).order_by("pk"))
        reports = [r.pk for r in rows[Report]]
        for model in (ReporterContact, Extension, VisitBack):
            rows[model] = list(model.objects.filter(report_id__in=reports).order_by("pk"))
        rows[Progress] = list(Progress.objects.filter(commitment__in=rows[Commitment]).order_by("pk"))
        self.places = {model: {row.pk: i for i, row in enumerate(found)} for model, found in rows.items()}
        self.names = {m.reference: f"matter {i}" for i, m in enumerate(rows[Matter])}
        self.tables = {model._meta.label: [self._row(r) for r in found] for model, found in rows.items()}
        self.audit = [self._entry(e) for e in self._entries(rows)]
        self.search = [(self._text(s.text), s.public) for s in self._search()]

    def _search(self) -> list[SearchEntry]:
        return list(SearchEntry.objects.filter(kind="matters.matter", object_id__in=self.matters).order_by("object_id"))

    def _entries(self, rows: dict[Any, list[Any]]) -> list[AuditEntry]:
        found: list[AuditEntry] = []
        for model in (Matter, Commitment):
            for row in rows[model]:
                chain = audit.chain(row)
                audit.check_chain(chain)
                found += chain
        return found

    def _text(self, value: str) -> str:
        for reference, name in self.names.items():
            value = value.replace(reference, name)
        return value

    def _row(self, row: Any) -> dict[str, Any]:
        found = {}
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.name in CHANCE:
                continue
            if field.is_relation and field.related_model in self.places and value is not None:
                value = ("the", self.places[field.related_model][value])
            elif field.name == "subject_id":
                value = ("the", self.places[Matter][value])
            elif field.name == "before":
                value = self._before(value)
            elif isinstance(value, str):
                value = self._text(value)
            found[field.name] = value
        return found

    def _before(self, value: dict[str, Any]) -> dict[str, Any]:
        return value | {
            "assignments": [[self.places[Assignment][pk], state] for pk, state in value["assignments"]],
            "reports": [self.places[Report][pk] for pk in value["reports"]],
        }

    def _entry(self, entry: AuditEntry) -> tuple[Any, ...]:
        progress = entry.subject_kind == "commitments.commitment"
        data = {key: self._reference(key, value, progress) for key, value in entry.data.items()}
        return entry.subject_kind, entry.number, entry.verb, entry.actor_id, entry.at, entry.town_id, data

    def _reference(self, key: str, value: Any, progress: bool) -> Any:
        if key == "about":
            return "about"
        model = Progress if progress and key == "step" else REFERENCES.get(key)
        return value if model is None or value is None else self.places[model][value]


def moments(start: dt.datetime) -> Callable[[], dt.datetime]:
    """Each call is an hour later."""
    count = iter(range(1000))
    return lambda: start + dt.timedelta(hours=next(count))


@pytest.fixture
def category(town: Any) -> Category:
    return Category.objects.create(town=town.area, name="路灯", key="lamps")


def same(first: Snapshot, second: Snapshot) -> None:
    for label, rows in first.tables.items():
        assert rows == second.tables[label], label
    assert first.audit == second.audit
    assert first.search == second.search


def raised_by_service(viewer: Viewer, at: dt.datetime, town: Any, **more: Any) -> Report:
    data = services.RaiseInput(
        key=uuid.uuid4(), title="永东街路灯不亮", text="巷口两盏路灯都不亮", nature="complaint", place="永东街",
        latitude=23.11, longitude=113.12, community_id=town.dawei.pk, **more,
    )  # fmt: skip
    return services.raise_matter(viewer, data, at)


def raised_by_builder(book: Book, hand: Hand, at: dt.datetime, town: Any) -> Kept:
    matter = Matter(
        town_id=town.area.pk, reference=f"260928-{uuid.uuid4().hex[:5]}", title="永东街路灯不亮", text="巷口两盏路灯都不亮",
        place="永东街", latitude=23.11, longitude=113.12, community_id=town.dawei.pk, channel="web",
        nature="complaint", raised_at=at, changed_at=at, visibility=Matter.Visibility.HANDLERS,
    )  # fmt: skip
    kept = Kept(book, matter)
    kept.report(hand, web_input(hand), at, first=True)
    book.make_findable(matter)
    return kept


def web_input(hand: Hand, text: str = "巷口两盏路灯都不亮") -> services.RaiseInput:
    return services.RaiseInput(
        key=uuid.uuid4(), title="永东街路灯不亮", text=text, nature="complaint", reporter_id=hand.person_id
    )


ACCEPTED: dict[str, Any] = {
    "size": "everyday", "size_reason": "小事快办", "decider": "department", "decider_reason": "政府职责",
}  # fmt: skip


def test_the_whole_way_from_raised_to_settled(
    town: Any, category: Category, alice: Viewer, bob: Viewer, officer: Viewer, secretary: Viewer,
    department_officer: Viewer, at: dt.datetime,
) -> None:  # fmt: skip
    desk, other = Hand(officer.person_id, town.dawei_committee.pk), secretary
    worker = Hand(department_officer.person_id, town.urban_management.pk)
    due = (at + dt.timedelta(days=6)).date()

    hour = moments(at)
    report = raised_by_service(alice, hour(), town)
    m = report.matter
    joined = services.raise_matter(
        bob,
        services.RaiseInput(key=uuid.uuid4(), title="", text="我也遇到", nature="complaint", join_reference=None),
        hour(),
    ).matter
    services.merge_matter(officer, joined, m, "同一处", hour())
    services.accept_matter(officer, m, category.pk, visibility="public", at=hour(), **ACCEPTED)
    given = services.assign_matter(officer, m, town.urban_management.pk, "lead", "请办理", hour())
    services.sign_assignment(department_officer, given, hour())
    services.contact_reporter(department_officer, report, "已联系", hour())
    services.add_note(department_officer, m, "现场看过", True, (), hour())
    made = promises.make_commitment(
        department_officer, m, "换灯", town.urban_management.pk, department_officer.person_id, due, Decimal(900), hour()
    )
    promises.report_progress(department_officer, made, "开工", 40, Decimal("300.50"), (), hour())
    promises.delay_commitment(department_officer, made, due + dt.timedelta(days=2), "下雨", hour())
    promises.report_done(department_officer, made, "完工", (), hour())
    promises.accept_commitment(officer, made, "验收", hour())
    services.extend_report(department_officer, report, 2, "等材料", hour())
    services.suspend_matter(department_officer, m, "待表决", "先围蔽", due, hour())
    services.resume_matter(department_officer, m, "条件具备", hour())
    services.reply_to_all(department_officer, m, "已修好", hour())
    services.tell_reporter(department_officer, report, "in_app", hour())
    services.judge_report(alice, report, False, "unsatisfied", "又不亮了", hour())
    services.contact_reporter(department_officer, report, "再看", hour())
    services.reply_to_report(department_officer, report, "补修了", hour())
    services.judge_report(alice, report, True, "satisfied", "好了", hour())
    second = Report.objects.get(first_matter=joined)
    services.tell_reporter(department_officer, second, "in_app", hour())
    services.visit_back(officer, second, None, "no_answer", "", hour())
    services.settle_matter(other, m, "换灯两盏", hour())
    by_services = Snapshot([m, joined])

    hour, book = moments(at), Book(town.area.pk)
    kept = raised_by_builder(book, Hand(alice.person_id), hour(), town)
    twin = Kept(
        book,
        Matter(
            town_id=town.area.pk, reference=f"260928-{uuid.uuid4().hex[:5]}", title="我也遇到", text="我也遇到",
            community_id=joined.community_id, channel="web", nature="complaint", raised_at=(moment := hour()),
            changed_at=moment, visibility=Matter.Visibility.HANDLERS,
        ),
    )  # fmt: skip
    twin.report(Hand(bob.person_id), web_input(Hand(bob.person_id), "我也遇到"), moment, first=True)
    book.make_findable(twin.matter)
    merging.merge(twin, kept, desk, hour(), "同一处")
    kept.accept(desk, hour(), category_id=category.pk, **ACCEPTED)
    lead = kept.assign(desk, hour(), town.urban_management.pk, "请办理")
    kept.sign(worker, lead, hour())
    first, other_report = kept.reports
    kept.contact(worker, first, hour(), "已联系")
    kept.note(worker, hour(), "现场看过")
    promise = Promise(
        kept, worker, hour(), what="换灯", organisation_id=town.urban_management.pk, doer_id=worker.person_id,
        due_on=due, budget=Decimal(900),
    )  # fmt: skip
    promise.progress(worker, hour(), "开工", 40, Decimal("300.50"))
    promise.delay(worker, hour(), "下雨", due + dt.timedelta(days=2))
    promise.done(worker, hour(), "完工")
    promise.accept(desk, hour(), "验收")
    new = Extension.objects.get(report=report).new_due_on
    kept.extend(worker, first, hour(), new, "等材料")
    kept.suspend(worker, hour(), "待表决", "先围蔽", due)
    kept.resume(worker, hour(), "条件具备")
    kept.reply(worker, kept.reports, hour(), "已修好")
    kept.tell(worker, first, hour(), "in_app")
    kept.judge(Hand(alice.person_id), first, hour(), False, "unsatisfied", "又不亮了", online=True)
    kept.contact(worker, first, hour(), "再看")
    kept.reply(worker, [first], hour(), "补修了")
    kept.judge(Hand(alice.person_id), first, hour(), True, "satisfied", "好了", online=True)
    kept.tell(worker, other_report, hour(), "in_app")
    kept.judge(desk, other_report, hour(), None, "no_answer", "", online=False)
    secretary_hand = Hand(secretary.person_id, by_services.tables["matters.Step"][-1]["organisation"])
    kept.settle(secretary_hand, hour(), "换灯两盏")
    with transaction.atomic():
        book.write()
    same(by_services, Snapshot([kept.matter, twin.matter]))


def test_returns_appeals_declines_withdrawals_and_splits(
    town: Any, category: Category, alice: Viewer, bob: Viewer, officer: Viewer, department_officer: Viewer,
    dispatcher: Viewer, at: dt.datetime,
) -> None:  # fmt: skip
    desk = Hand(officer.person_id, town.dawei_committee.pk)
    worker = Hand(department_officer.person_id, town.urban_management.pk)
    centre = Hand(dispatcher.person_id, town.hotline.pk)

    hour = moments(at)
    a, b, c = (raised_by_service(v, hour(), town).matter for v in (alice, bob, alice))
    services.withdraw_report(alice, c.reports.get(), "已解决", hour())
    services.accept_matter(officer, a, category.pk, visibility="public", at=hour(), **ACCEPTED)
    appeal = services.appeal_size(alice, a, "hard", "拖了很久", hour())
    services.answer_size_appeal(officer, appeal, True, "按难事办", hour())
    merge = services.merge_matter(officer, b, a, "同一处", hour())
    services.split_matter(officer, merge, "不是同一处", hour())
    given = services.assign_matter(officer, a, town.urban_management.pk, "lead", "请办理", hour())
    services.ask_return(department_officer, given, "不属我处", "职责清单", hour())
    services.rule_on_return(dispatcher, given, True, "改派", town.housing.pk, hour())
    services.decline_matter(officer, b, "属民事", "可调解", "", hour())
    by_services = Snapshot([a, b, c])

    hour, book = moments(at), Book(town.area.pk)
    people = [Hand(v.person_id) for v in (alice, bob, alice)]
    x, y, z = (raised_by_builder(book, hand, hour(), town) for hand in people)
    z.withdraw(people[2], z.reports[0], hour(), "已解决")
    x.accept(desk, hour(), category_id=category.pk, **ACCEPTED)
    row = x.appeal_size(people[0], hour(), "hard", "拖了很久")
    x.answer_appeal(desk, row, hour(), True, "按难事办")
    joined = merging.merge(y, x, desk, hour(), "同一处")
    merging.split(joined, y, x, desk, hour(), "不是同一处")
    lead = x.assign(desk, hour(), town.urban_management.pk, "请办理")
    x.ask_return(worker, lead, hour(), "不属我处", "职责清单")
    x.grant_return(centre, lead, hour(), "改派", town.housing.pk)
    y.decline(desk, hour(), "属民事", "可调解", "")
    with transaction.atomic():
        book.write()
    same(by_services, Snapshot([x.matter, y.matter, z.matter]))
