"""A matter from raised to settled, as the people of the town do it."""

import datetime as dt
import uuid

import pytest

from yishi.commitments import services as commitments
from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.inbox.models import Notification
from yishi.matters import selectors, services
from yishi.matters.models import Matter, Report, Step
from yishi.network.viewers import Viewer


def told(key: uuid.UUID | None = None, **given: object) -> services.RaiseInput:
    fields = {
        "title": "巷子下水道堵了",
        "text": "永东街 18 号门前下水道堵了，污水漫到路上。",
        "nature": "complaint",
    } | given
    return services.RaiseInput(key=key or uuid.uuid4(), **fields)  # type: ignore[arg-type]


def accept(viewer: Viewer, matter: Matter, at: dt.datetime, decider: str = "community") -> Matter:
    return services.accept_matter(
        viewer, matter, None, "everyday", "小事，直接办。", decider, "街巷维护。", "public", at
    )


@pytest.mark.django_db(transaction=True)
def test_from_raised_to_settled(
    alice: Viewer,
    officer: Viewer,
    secretary: Viewer,
    dispatcher: Viewer,
    bob: Viewer,
    anonymous: Viewer,
    town: object,
    at: dt.datetime,
) -> None:
    report = services.raise_matter(alice, told(), at)
    matter = report.matter
    assert report.due_on == dt.date(2026, 10, 23)
    assert matter.community_id == town.dawei.pk
    for outsider in (bob, anonymous):
        with pytest.raises(Refusal) as refused:
            selectors.get_matter_for(outsider, matter.reference)
        assert refused.value.verdict.hidden
    accept(officer, matter, at)
    assert selectors.get_matter_for(anonymous, matter.reference).stage == "accepted"
    given = services.assign_matter(officer, matter, town.dawei_committee.pk, "lead", "街巷归社区。", at)
    services.sign_assignment(officer, given, at)
    promise = commitments.make_commitment(
        secretary, matter, "疏通下水道", town.property_company.pk, None, dt.date(2026, 10, 10), "1200.50", at
    )
    services.contact_reporter(officer, report, "已联系", at)
    services.reply_to_report(officer, report, "经现场核查，已于 9 月 29 日疏通。", at)
    with pytest.raises(Refusal, match="责任事项"):
        services.settle_matter(dispatcher, matter, "已疏通。", at)
    commitments.cancel_commitment(secretary, promise, "改由社区自己做。", at)
    with pytest.raises(Refusal, match="没有被告知"):
        services.settle_matter(dispatcher, matter, "已疏通。", at)
    services.tell_reporter(officer, report, "in_app", at)
    with pytest.raises(Refusal, match="经办人不能自己办结"):
        services.settle_matter(officer, matter, "已疏通。", at)
    services.judge_report(alice, report, True, "satisfied", "很快", at)
    done = services.settle_matter(officer, matter, "已疏通。", at)
    assert done.stage == "settled" and done.satisfied == 1 and done.due_on is None
    assert audit.check_chain(audit.chain(matter)) == 9
    assert next(i.kind for i in selectors.timeline(anonymous, done)) == Step.Kind.RAISED
    assert Notification.objects.filter(person_id=alice.person_id).count() >= 4


@pytest.mark.django_db
def test_the_same_key_is_one_report(alice: Viewer, town: object, at: dt.datetime) -> None:
    key = uuid.uuid4()
    first, again = services.raise_matter(alice, told(key), at), services.raise_matter(alice, told(key, text="别的"), at)
    assert first.pk == again.pk and Report.objects.count() == 1 and len(audit.chain(first.matter)) == 1
