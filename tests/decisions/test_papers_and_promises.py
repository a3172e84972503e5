"""Papers of a step as files, as public as their decision; commitments born of a decision; the matter hears the end."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.decisions.stages import Hands, proposal
from tests.matters.stages import told

from yishi.commitments import services as commitments
from yishi.core import files
from yishi.core.models import StoredFile
from yishi.core.verdicts import Refusal
from yishi.decisions import services
from yishi.decisions.models import Decision
from yishi.matters import services as matters
from yishi.matters.models import Step
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_paper_comes_as_a_file(
    hands: Hands, town: Any, branch_secretary: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    made = services.start_decision(hands.proposer, proposal(town.cooperative, "distribution"), hands.at)
    hands.drafted(made)
    client, here = client_for(branch_secretary), reverse("decisions:step", args=[made.reference])
    wrong = client.post(here, {"opinion_file": SimpleUploadedFile("意见.exe", b"MZ\x90\x00" * 40)})
    assert wrong.status_code == 422 and not StoredFile.objects.exists()
    right = client.post(here, {"opinion_file": SimpleUploadedFile("意见.pdf", PDF)})
    assert right.status_code == 303
    made.refresh_from_db()
    assert made.step == "resolve"
    page = Client().get(reverse("decisions:decision", args=[made.reference])).content.decode()
    kept = StoredFile.objects.get()
    assert files.url_of(kept) in page
    assert Client().get(files.url_of(kept)).status_code == 200


def test_receipts_are_for_those_who_handle_and_watch(
    hands: Hands, town: Any, alice: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    made = certified(hands, town)
    hands.disclosed(made)
    at = dt.datetime.fromisoformat("2026-11-10T09:00:00+08:00")
    services.record_money(
        hands.proposer, made, "contracted", "180000", "绿源园艺", "", [(io.BytesIO(PDF), "合同.pdf")], at
    )
    url = files.url_of(StoredFile.objects.get())
    assert client_for(hands.supervisor).get(url).status_code == 200
    assert client_for(alice).get(url).status_code == 404
    assert Client().get(url).status_code == 404


def certified(hands: Hands, town: Any) -> Decision:
    made = hands.garden(town.cooperative)
    hands.to_resolve(made)
    hands.noticed(made)
    hands.resolved(made)
    hands.certified(made)
    return Decision.objects.select_related("organisation__area", "area").get(pk=made.pk)


def test_a_commitment_is_born_of_a_certified_decision(hands: Hands, town: Any) -> None:
    early = hands.garden(town.cooperative)
    due, organisation = dt.date(2026, 12, 1), town.cooperative.pk
    with pytest.raises(Refusal, match="结果确认以后"):
        commitments.make_commitment(hands.proposer, early, "整地", organisation, None, due, 0, hands.at)
    made = certified(hands, town)
    promise = commitments.make_commitment(
        hands.proposer, made, "整地和围栏", organisation, hands.proposer.person_id, due, "60000", hands.at
    )
    commitments.report_done(hands.proposer, promise, "做完了。", (), hands.at)
    with pytest.raises(Refusal):
        commitments.accept_commitment(hands.secretary, promise, "好", hands.at)
    with pytest.raises(Refusal, match="本单位"):
        commitments.accept_commitment(hands.supervisor, promise, "好", hands.at)
    commitments.accept_commitment(hands.town_officer, promise, "符合方案。", hands.at)
    page = Client().get(reverse("decisions:decision", args=[made.reference])).content.decode()
    assert "整地和围栏" in page and "已验收" in page


def test_the_matter_hears_of_it(
    hands: Hands, town: Any, alice: Viewer, django_capture_on_commit_callbacks: Any
) -> None:
    report = matters.raise_matter(alice, told(title="空地脏乱", text="街口空地堆满杂物。"), hands.at)
    with django_capture_on_commit_callbacks(execute=True):
        given = proposal(town.cooperative, "distribution", title="空地整治", matter_id=report.matter_id)
        made = services.start_decision(hands.proposer, given, hands.at)
        services.withdraw_decision(hands.proposer, made, "并入四小园方案。", hands.at)
    said = [s.words for s in Step.objects.filter(matter=report.matter, kind="note").order_by("pk")]
    assert len(said) == 2 and made.reference in said[0] and "已撤回" in said[1]
