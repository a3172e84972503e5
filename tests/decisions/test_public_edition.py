"""The public edition from the database: anyone recomputes it, nobody's ballot is in it, each voter finds their own."""

import hashlib
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from tests.decisions.halls import Hall, MakePerson, as_viewer, decision_at, moment, people
from tests.decisions.test_bundles import done  # noqa: F401
from tests.decisions.test_members_assembly import DAY, hall, members, proxies_given, small  # noqa: F401

from yishi.core import clock
from yishi.core.verdicts import Refusal
from yishi.decisions.models import SignedBallot, Unit, UnitOwner
from yishi.decisions.permissions.papers import may_read_bundle
from yishi.decisions.selectors.ballots import own_ballots, turns_of
from yishi.decisions.services import counting, meetings, minutes, paper
from yishi.decisions.services.anchoring import export_bundle
from yishi.engines.bundle import compare_editions, own_ballot, read_zip, verify_bundle
from yishi.network.viewers import Duty, Viewer
from yishi.publication.models import LedgerLeaf

pytestmark = pytest.mark.django_db(transaction=True)
LATER = moment("2026-04-02")
ALL_YES = counting.CountInput(
    {"yes": 24, "no": 0, "abstain": 0, "blank": 0, "double": 0, "repeated": 0}, 24, 24, 0, 24, 0
)


def exported(hall: Hall, public: bool = True) -> dict[str, bytes]:  # noqa: F811
    return read_zip(io.BytesIO(export_bundle(hall.decision, LATER, public=public)))


def states(files: dict[str, bytes]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"holds": set(), "fails": set(), "withheld": set()}
    for check in verify_bundle(files, {}).checks:
        found[check.state].add(check.code)
    return found


def test_of_an_assembly_the_tally_is_recomputed_and_no_ballot_is_shown(done: Hall) -> None:  # noqa: F811
    shown, full = exported(done), exported(done, public=False)
    assert states(shown)["fails"] == set() and states(shown)["withheld"] == {"ballots"}
    assert states(full)["fails"] == states(full)["withheld"] == set()
    assert all(check.ok for check in compare_editions(full, shown))
    whole = b"".join(shown.values()).decode()
    rows = SignedBallot.objects.filter(box=done.box).select_related("entry")
    assert len(rows) == 24 and len({row.salt for row in rows}) == 24
    for row in rows:
        assert row.salt not in whole and f"{row.entry.code}\tyes" not in whole
        assert own_ballot(shown, f"{row.entry.code} yes 1", row.salt).ok
        assert not own_ballot(shown, f"{row.entry.code} no 1", row.salt).ok
    again = exported(done)
    assert set(again) == set(shown) and states(again)["fails"] == set()


def test_commitments_went_in_when_the_box_closed(done: Hall) -> None:  # noqa: F811
    entries = [json.loads(bytes(e)) for e in LedgerLeaf.objects.order_by("index").values_list("entry", flat=True)]
    names = [entry["file"] for entry in entries if "file" in entry]
    box = done.box.pk
    assert names.index("rolls/1.txt") < names.index(f"commitments/{box}.txt") < names.index(f"choices/{box}.txt")
    assert names.index(f"choices/{box}.txt") < names.index("result.json") and names.count("rolls/1.txt") == 1


def test_no_digest_in_the_ledger_lets_ballots_be_guessed(done: Hall) -> None:  # noqa: F811
    """Who knows ids and totals tries every way in which the ballots may have been cast: none gives what was entered."""
    full = exported(done, public=False)
    entered = {json.loads(bytes(e)).get("digest") for e in LedgerLeaf.objects.values_list("entry", flat=True)}
    assert hashlib.sha256(full["rolls/1.txt"]).hexdigest() in entered
    assert hashlib.sha256(full[f"ballots/{done.box.pk}.txt"]).hexdigest() not in entered


def test_a_vote_closed_before_there_were_salts_has_no_public_edition(hall: Hall, anonymous: Viewer) -> None:  # noqa: F811
    """Its ballots are in the ledger themselves, as they were; its full bundle holds as before."""
    small(hall)
    hall.closed(DAY)
    SignedBallot.objects.filter(box=hall.box, entry__number=3).update(salt="")
    hall.counted(DAY, ALL_YES)
    hall.certified(DAY)
    meetings.end_meeting(hall.convener, hall.meeting, moment(DAY, 21))
    minutes.draft_minutes(hall.convener, hall.meeting, moment(DAY, 22))
    with pytest.raises(Refusal, match="没有公开版"):
        export_bundle(hall.decision, LATER, public=True)
    assert not may_read_bundle(anonymous, hall.decision, LATER)
    assert states(exported(hall, public=False))["fails"] == set()


def test_ballots_of_a_box_that_was_open_get_their_salts_at_the_close(hall: Hall) -> None:  # noqa: F811
    small(hall)
    SignedBallot.objects.filter(box=hall.box).update(salt="")
    hall.closed(DAY)
    salts = set(SignedBallot.objects.filter(box=hall.box).values_list("salt", flat=True))
    assert len(salts) == SignedBallot.objects.filter(box=hall.box).count() and all(len(salt) == 32 for salt in salts)


def test_the_salt_is_shown_to_its_voter_alone(hall: Hall) -> None:  # noqa: F811
    hall.noticed("2026-03-05", DAY)
    proxies_given(hall, 1)
    hall.opened(DAY)
    hall.signed_in("1-24", DAY)
    hall.voting(DAY)
    at = moment(DAY, 12)
    principal, agent, other = (as_viewer(hall.line(n).person, at) for n in (1, 2, 3))  # type: ignore[arg-type]
    assert [turn.by_proxy for turn in turns_of(agent, hall.box)] == [False, True]
    hall.web(1, "no", DAY)
    own = own_ballots(principal, hall.box)
    ballot = SignedBallot.objects.get(box=hall.box)
    assert [(one.line, one.salt) for one in own] == [(f"{hall.line(1).code} no 1", ballot.salt)]
    assert own_ballots(principal, hall.box, hall.line(2)) == []
    for viewer in (agent, other, hall.convener, hall.certifier, replace(principal, helping_id=principal.person_id)):
        assert own_ballots(viewer, hall.box) == [] and own_ballots(viewer, hall.box, hall.line(1)) == []


def test_from_the_pages(done: Hall, client_for: Any, anonymous: Viewer) -> None:  # noqa: F811
    page, address = f"/decisions/{done.decision.reference}", f"/decisions/{done.decision.reference}/bundle.zip"
    with clock.standing_at(LATER):
        client = client_for(anonymous)
        assert address in client.get(page).content.decode()
        given = client.get(address)
        assert given.status_code == 200 and "-public.zip" in given["Content-Disposition"]
        files = read_zip(io.BytesIO(given.content))
        assert json.loads(files["votes.json"])["edition"] == "public" and states(files)["fails"] == set()
        code = done.item.results.get().check_code
        assert address in client.get(reverse("proof", args=[code])).content.decode()
        result = client_for(done.certifier).get(reverse("decisions:item_result", args=[done.item.pk]))
        assert address in result.content.decode()


def test_by_command(done: Hall, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    from typer.testing import CliRunner

    from yishi.commands import decide, verify

    monkeypatch.setenv("YISHI_LANGUAGE", "en")
    run, full, shown = CliRunner(), tmp_path / "full.zip", tmp_path / "public.zip"
    assert run.invoke(decide.app, ["export", done.decision.reference, "--out", str(full)]).exit_code == 0
    assert run.invoke(decide.app, ["export", done.decision.reference, "--public", "--out", str(shown)]).exit_code == 0
    seen = run.invoke(verify.app, [str(shown)])
    assert seen.exit_code == 0 and "withheld, see ○" in seen.stdout
    assert run.invoke(verify.app, [str(full), "--public", str(shown)]).exit_code == 0


@pytest.fixture
def estate(town: Any, town_officer: Viewer, make_person: MakePerson, president: Viewer) -> Hall:
    """Nine owners of homes from 40 to 120 m² decide whether to hire a manager; two vote on paper keyed after the close."""
    owners = people(town.area, 9, prefix="业主")
    units = Unit.objects.bulk_create(
        [Unit(estate=town.yushuian, number=f"{i:04d}", building="1", area_hundredths=4000 + 1000 * i) for i in range(9)]
    )
    since = moment("2024-01-01").date()
    UnitOwner.objects.bulk_create(
        [UnitOwner(unit=u, person=p, since=since) for u, p in zip(units, owners, strict=True)]
    )
    convener = make_person("业委主任", office=(town.owners, Duty.DIRECTOR, "业委会主任"))
    counters = tuple(make_person(n, office=(town.owners, Duty.COMMITTEE_MEMBER, n)) for n in ("委员甲", "委员乙"))
    decision = decision_at(
        president, town.owners, "owners_vote",
        [("2026-03-02", "done", {"papers": ["text"]}), ("2026-03-03", "done", {"papers": ["letter"]})], item="4",
    )  # fmt: skip
    found = Hall(convener, counters, town_officer, decision)  # type: ignore[arg-type]
    found.noticed("2026-03-04", "2026-03-20", until="2026-03-25")
    found.opened("2026-03-20")
    found.voting("2026-03-20")
    for number in range(1, 7):
        found.web(number, "no" if number == 2 else "yes", "2026-03-21")
    handed = paper.issue_papers(found.convener, found.box, "7-8", True, moment("2026-03-22"))
    found.closed("2026-03-25")
    for one in handed:
        paper.key_paper(found.convener, found.box, one.serial, ["yes"], moment("2026-03-25", 21))
    return found


def test_of_owners_areas_and_choices_are_withheld(estate: Hall) -> None:
    keyed = {"yes": 2, "no": 0, "abstain": 0, "blank": 0, "double": 0, "repeated": 0}
    for counter in estate.counters:
        counting.key_count(counter, estate.box, counting.CountInput(keyed, 2, 2, 0, 2, 0), moment("2026-03-26"))
    counting.count_ballots(estate.counters[0], estate.item, moment("2026-03-26", 11))
    estate.certified("2026-03-27")
    meetings.end_meeting(estate.convener, estate.meeting, moment("2026-03-27", 22))
    minutes.draft_minutes(estate.convener, estate.meeting, moment("2026-03-27", 23))
    shown, full = exported(estate), exported(estate, public=False)
    assert states(shown)["fails"] == set(), [c for c in verify_bundle(shown).checks if not c.ok]
    assert states(shown)["withheld"] == {"roll", "ballots", "count"}
    assert {"commitments", "result", "anchors", "checkpoint"} <= states(shown)["holds"]
    assert all(check.ok for check in compare_editions(full, shown))
    assert states(full)["fails"] == set()
    assert shown["rolls/1.txt"].split(b"\n")[0] == b"id\theads_all\tcommitment"
    assert not {name.split("/")[0] for name in shown} & {"ballots", "choices", "salts"}
    assert len(shown[f"commitments/{estate.box.pk}.txt"].split()) == 9
    ballot = SignedBallot.objects.get(box=estate.box, entry__number=2)
    viewer = as_viewer(ballot.entry.person, LATER)  # type: ignore[arg-type]
    (own,) = own_ballots(viewer, estate.box)
    assert own.line.startswith(f"{ballot.entry.code} no ") and own_ballot(shown, own.line, own.salt).ok
