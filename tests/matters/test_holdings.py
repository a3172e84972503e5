"""A person's copy holds their reports; forgetting them leaves the record without who told it."""

import uuid

import pytest
from tests.people_fixtures import MOMENT

from yishi.matters import services
from yishi.matters.models import Report
from yishi.network.viewers import Viewer
from yishi.people.services import erase_own_data, export_own_data

pytestmark = pytest.mark.django_db


def test_copy_and_erasure(alice: Viewer) -> None:
    told = services.RaiseInput(key=uuid.uuid4(), title="路灯", text="路灯坏了", nature="help")
    report = services.raise_matter(alice, told, MOMENT)
    services.save_view(alice, "常看", "q=路灯", MOMENT)
    copied = export_own_data(alice, MOMENT)["reports"]
    assert [row["text"] for row in copied] == ["路灯坏了"]
    assert erase_own_data(alice, MOMENT) == 0
    kept = Report.objects.get(pk=report.pk)
    assert kept.text == "路灯坏了"
    assert kept.reporter is not None
    assert kept.reporter.name == "—"
