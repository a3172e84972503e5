"""The demo town's decisions: one at every step, whole to the last sheet, with the demo's people on the rolls."""

import datetime as dt
import io
import uuid
from collections import defaultdict

import pytest
from django.test import Client
from django.urls import reverse

from yishi.core import audit, clock
from yishi.core.demo import DemoSize
from yishi.core.models import AuditEntry
from yishi.decisions import rules
from yishi.decisions.demo.build import build_decisions
from yishi.decisions.demo.stories import FOUR
from yishi.decisions.models import BallotBox, Decision, Meeting, Petition, Proxy, Recusal, Result, Roll
from yishi.decisions.selectors import one, parts
from yishi.decisions.selectors.ballots import turns_of
from yishi.decisions.services.anchoring import export_bundle
from yishi.engines.bundle import read_zip, verify_bundle
from yishi.network import demo
from yishi.network import selectors as network
from yishi.network.viewers import Viewer
from yishi.people.models import User
from yishi.publication.models import Posting, PostingCheck

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 27, 3, 25, tzinfo=dt.UTC)


def test_the_town_decides(client: Client) -> None:
    size = DemoSize(now=NOW, households=300, matters=0)
    demo.build(size, lambda n: None)
    build_decisions(size, lambda n: None)
    _every_step()
    _the_scenarios()
    _nothing_is_a_bare_event()
    _whole_on_the_board()
    _recomputed_by_anyone()
    _chained()
    _the_demos_people(client)


def _every_step() -> None:
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


def _the_scenarios() -> None:
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
    assert len(parts.sittings_of(election, works=False)) == 1  # the run-off is of the same meeting
    assert len(told) == 6 and set(told) == set(labels.values())
    assert not any(reference in f"{told}{[r.detail for r in shown]}" for reference in labels)
    assert Roll.objects.get(kind="voters").entries.count() == 2135
    assert all(r.root and r.frozen_at for r in Roll.objects.all())
    petition = Petition.objects.get()
    assert (petition.signatures.count(), petition.whole_number, petition.received_at) == (198, 1193, None)
    assert Proxy.objects.count() == 22
    assert set(Recusal.objects.values_list("item__decision__procedure", flat=True)) == {"council", "four_deliberations"}


def _nothing_is_a_bare_event() -> None:
    """Each count has a meeting, a roll, a box counted by two, and minutes once the meeting is over."""
    for decision in Decision.objects.all():
        counted = decision.events.filter(kind="counted").count()
        assert Result.objects.filter(item__decision=decision).count() == counted, decision.title
        assert len(rules.case_of(decision).results) == counted
    for box in BallotBox.objects.exclude(state="open"):
        assert box.paper_counts.count() == 2 and box.closed_by_id is not None
        assert box.roll.entries.exists() and box.item.meeting.deliveries.exists()
    assert all(m.minutes.text for m in Meeting.objects.filter(state="closed"))


def _whole_on_the_board() -> None:
    """Every posting event is one of the board's, with a photo of each time that has come."""
    of_decisions = Posting.objects.filter(subject_kind="decisions.decision")
    for decision in Decision.objects.all():
        assert of_decisions.filter(subject_id=decision.pk).count() == decision.events.filter(kind="posted").count()
    wanted = {"up": ["start", "middle"], "ended": ["start", "middle", "end"]}
    assert set(of_decisions.values_list("state", flat=True)) == set(wanted)
    for posting in of_decisions:
        checks = posting.checks.order_by("pk")
        assert list(checks.values_list("kind", flat=True)) == wanted[posting.state]
        assert all(check.photo_digest and check.seen for check in checks)
    assert not PostingCheck.objects.filter(at__gt=NOW).exists()


def _recomputed_by_anyone() -> None:
    certified = Decision.objects.filter(items__results__certified_at__isnull=False).distinct()
    assert certified.count() == 10
    for decision in certified:
        report = verify_bundle(read_zip(io.BytesIO(export_bundle(decision, NOW))), {})
        assert [(c.code, c.text["zh"], c.where) for c in report.checks if not c.ok] == [], decision.title


def _chained() -> None:
    chains = defaultdict(list)
    for entry in AuditEntry.objects.filter(subject_kind__startswith="decisions.").order_by("number"):
        chains[entry.subject_kind, entry.subject_id].append(entry)
        assert entry.at <= NOW
    for entries in chains.values():
        audit.check_chain(entries)


def _persona(name: str) -> Viewer:
    return network.viewer_of_account(User.objects.get(email=f"{name}@dali.example"), NOW, second_factor=True)


def _the_demos_people(client: Client) -> None:
    """A resident, an owner and a president find a vote that is theirs; the resident casts it and reads the receipt."""
    running = {box.item.decision.procedure: box for box in BallotBox.objects.filter(state="open")}
    for name, procedure in (("resident", "assembly"), ("owner", "owners_vote"), ("president", "four_deliberations")):
        (turn,) = turns_of(_persona(name), running[procedure])
        assert turn.here and not turn.voted, name
    box = running["assembly"]
    (turn,) = turns_of(_persona("resident"), box)
    given = {"entry": turn.entry.pk, "mark": "yes", "key": str(uuid.UUID(int=7, version=4))}
    with clock.standing_at(NOW):
        client.force_login(User.objects.get(email="resident@dali.example"))
        assert "居民会议（按户）" in client.get(reverse("decisions:meetings")).content.decode()
        cast = client.post(reverse("decisions:vote", args=[box.pk]), given, follow=True)
        assert cast.redirect_chain[-1][0] == reverse("decisions:voted", args=[box.pk])
    assert [t.voted for t in turns_of(_persona("resident"), box)] == [True]
