"""The demo town's decisions: one at every step, the three votes with their arithmetic, invented people only."""

import datetime as dt

import pytest

from yishi.core.demo import DemoSize
from yishi.decisions import rules
from yishi.decisions.demo.build import build_decisions
from yishi.decisions.demo.stories import FOUR
from yishi.decisions.models import Decision, Petition, Result, Roll
from yishi.decisions.selectors import one
from yishi.network import demo

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 27, 3, 25, tzinfo=dt.UTC)


def test_the_town_decides() -> None:
    size = DemoSize(now=NOW, households=300, matters=0)
    demo.build(size, lambda n: None)
    build_decisions(size, lambda n: None)
    four = Decision.objects.filter(procedure="four_deliberations")
    assert four.count() == len(FOUR)
    assert set(four.values_list("step", flat=True)) == {
        "draft", "propose", "consult", "review", "legality", "resolve", "resolution_disclosure", "implement",
        "outcome_disclosure", "",
    }  # fmt: skip
    for decision in Decision.objects.all():
        case = rules.case_of(decision)
        assert (decision.status, decision.phase) == (case.status, case.phase)
        assert not decision.events.filter(at__gt=NOW).exists()
    said = {text for r in Result.objects.all() for v in r.report["verdicts"] for text in [v["text"]["zh"]]}
    for words in ("需 332 = ⌈498×2/3⌉", "实得 331，还差 1", "还差 130.00"):
        assert any(words in one for one in said), words
    election = Decision.objects.get(procedure="village_election")
    assert election.certified and election.status == "settled"
    case, rows = one.read_case(election)
    labels = one.candidates_of(election)
    assert set(case.poll.candidates) < set(labels) and len(labels) == 3
    shown = one.results_of(election, case, rows)
    told = [*shown[0].elected, *shown[1].elected, *shown[0].votes]
    assert len(told) == 6 and set(told) == set(labels.values())
    assert not any(reference in f"{told}{[r.detail for r in shown]}" for reference in labels)
    assert Roll.objects.get(kind="voters").entries.count() == 2135
    assert all(r.root and r.frozen_at for r in Roll.objects.all())
    petition = Petition.objects.get()
    assert petition.signatures.count() >= 3 and petition.received_at is None
