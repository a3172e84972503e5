"""A decision's bundle from the database recomputes with `yishi verify`, and any change of a row is named."""

import hashlib
import io
import json
import uuid
from typing import Any

import pytest
from django.db import connection
from tests.decisions.halls import Hall
from tests.decisions.test_members_assembly import DAY, hall, members, small  # noqa: F401
from tests.publication.conftest import picture

from yishi.core import clock
from yishi.core.verdicts import Refusal
from yishi.decisions.models import SignedBallot
from yishi.decisions.services import meetings, minutes
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.anchoring import export_bundle
from yishi.engines.bundle import read_zip, verify_bundle
from yishi.network.viewers import Viewer
from yishi.publication import services as publication
from yishi.publication.models import LedgerLeaf, Posting
from yishi.publication.selectors import ledger
from yishi.publication.services import ObjectionInput

from tests.decisions.halls import moment  # isort: skip

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def done(hall: Hall) -> Hall:  # noqa: F811
    """A members' assembly, certified, its minutes drafted, disclosed for its full time."""
    posting = hung(hall)
    publication.check_posting(hall.certifier, posting, picture(), moment("2026-03-24"))
    publication.end_posting(hall.certifier, posting, picture(), moment("2026-04-01"))
    return hall


def hung(hall: Hall) -> Posting:  # noqa: F811
    """The same up to the day when it is hung up."""
    small(hall)
    hall.closed(DAY)
    from yishi.decisions.services.counting import CountInput

    hall.counted(
        DAY, CountInput({"yes": 24, "no": 0, "abstain": 0, "blank": 0, "double": 0, "repeated": 0}, 24, 24, 0, 24, 0)
    )
    hall.certified(DAY)
    meetings.end_meeting(hall.convener, hall.meeting, moment(DAY, 21))
    minutes.draft_minutes(hall.convener, hall.meeting, moment(DAY, 22))
    with clock.standing_at(moment("2026-03-16")):
        posting = publication.prepare_for_subject(
            hall.certifier, "decisions.decision", hall.decision.pk, moment("2026-03-16")
        )
        return publication.open_posting(hall.certifier, posting, picture(), moment("2026-03-16"), places=["祠堂"])


def wrong(data: bytes) -> list[Any]:
    report = verify_bundle(read_zip(io.BytesIO(data)), {})
    return [(c.code, c.subject, c.text["zh"], c.where) for c in report.checks if not c.ok]


def test_it_recomputes_with_nothing_else(done: Hall) -> None:
    data = export_bundle(done.decision, moment("2026-04-02"))
    assert wrong(data) == []
    files = read_zip(io.BytesIO(data))
    assert {n.split("/")[0] for n in files} >= {"manifest.json", "rolls", "ballots", "publications", "ledger"}
    whole = b"".join(files.values()).decode()
    assert "街坊0001" not in whole and "一巷" not in whole
    again = export_bundle(done.decision, moment("2026-04-02"))
    assert set(read_zip(io.BytesIO(again))) == set(files) and wrong(again) == []


def test_entries_went_in_as_it_happened_rolls_before_ballots_before_results(done: Hall) -> None:
    names = [
        json.loads(bytes(e)).get("file") for e in LedgerLeaf.objects.order_by("index").values_list("entry", flat=True)
    ]
    kept = [n for n in names if n]
    assert kept.index("rolls/1.txt") < kept.index(f"commitments/{done.box.pk}.txt") < kept.index("result.json")
    code = done.item.results.get().check_code
    assert [p.leaf.what for p in ledger.proofs_of(code)] == ["result_certified"]
    assert {p.leaf.what for p in ledger.proofs_of(done.decision.reference)} >= {
        "roll_frozen",
        "box_closed",
        "posting_kept",
    }


def test_who_objects_is_in_no_bundle(hall: Hall, bob: Viewer) -> None:  # noqa: F811
    posting = hung(hall)
    words = ObjectionInput(uuid.uuid4(), "第一条", "面积写错。", "请更正。")
    made = publication.object_to_posting(bob, posting, words, moment("2026-03-20"))
    publication.answer_objection(hall.certifier, made, "rejected", "与图纸一致。", moment("2026-03-21"))
    with held(hall.decision) as earlier:  # as events of earlier days hold it
        append(bob, earlier, "objected", moment("2026-03-22"), {"id": "G1-2", "by": f"p{bob.person_id}"})
    files = read_zip(io.BytesIO(export_bundle(hall.decision, moment("2026-03-23"))))
    events = [e for e in json.loads(files["decision.json"])["events"] if e["kind"] == "objected"]
    assert [set(e) for e in events] == [{"at", "kind", "id"}] * 2
    assert f'"p{bob.person_id}"'.encode() not in b"".join(files.values())
    report = verify_bundle(files)
    assert report.ok, [check for check in report.checks if not check.ok]


def test_words_of_people_are_in_no_bundle(done: Hall, town_officer: Viewer) -> None:
    """A reason in somebody's own words may name someone; the bundle holds its digest, which whoever has it compares."""
    words = "代办人李四（13800138000）未到会，程序违法。"
    with held(done.decision) as certified:
        append(town_officer, certified, "annulled", moment("2026-04-02"), {"by": "court", "reason": words})
    files = read_zip(io.BytesIO(export_bundle(done.decision, moment("2026-04-03"))))
    whole = b"".join(files.values()).decode()
    assert "李四" not in whole and "13800138000" not in whole
    events = {e["kind"]: e for e in json.loads(files["decision.json"])["events"]}
    assert events["annulled"]["reason"] == f"sha256:{hashlib.sha256(words.encode()).hexdigest()}"
    assert events["notice_proved"]["proof"].startswith("sha256:")
    report = verify_bundle(files)
    assert report.ok, [check for check in report.checks if not check.ok]


def test_before_a_certified_result_there_is_no_bundle(hall: Hall) -> None:  # noqa: F811
    with pytest.raises(Refusal, match="结果确认以后"):
        export_bundle(hall.decision, moment(DAY))


def test_a_ballot_changed_in_the_database_is_named(done: Hall) -> None:
    ballot = SignedBallot.objects.filter(box=done.box).order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE decisions_signedballot SET marks = %s WHERE id = %s", ['["no"]', ballot.pk])
    found = wrong(export_bundle(done.decision, moment("2026-04-02")))
    assert any(code == "count" for code, *_rest in found)
    assert any(f"commitments/{done.box.pk}.txt" in str(where) for _c, _s, _t, where in found)


def test_by_command(done: Hall, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from yishi.commands import decide, verify
    from yishi.commands import ledger as command

    monkeypatch.setenv("YISHI_LANGUAGE", "en")
    run, place = CliRunner(), tmp_path / "decision.zip"
    made = run.invoke(decide.app, ["export", done.decision.reference.lower(), "--out", str(place)])
    assert made.exit_code == 0 and "yishi verify" in made.stdout
    known = run.invoke(command.app, ["key"]).stdout.strip()
    seen = run.invoke(verify.app, [str(place), "--key", known, "--json"])
    assert seen.exit_code == 0 and json.loads(seen.stdout)["ok"]
    assert run.invoke(decide.app, ["export", "000000-XXXXX", "--out", str(place)]).exit_code == 1
    assert run.invoke(command.app, ["check"]).exit_code == 0
    assert run.invoke(command.app, ["witness", "nonsense"]).exit_code == 1
    LedgerLeaf.objects.filter(index=0).update(entry=b"{}")
    assert run.invoke(command.app, ["check"]).exit_code == 1
