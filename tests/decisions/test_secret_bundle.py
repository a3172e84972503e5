"""The bundle of a secret vote: every receipt is in it, every mark, and nothing that pairs them."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from tests.decisions.halls import Hall, moment
from tests.decisions.test_representatives import DAY, NOTICE, hall  # noqa: F401

from yishi.core.verdicts import Refusal
from yishi.decisions.bundles import anchored_files
from yishi.decisions.services import counting, meetings, minutes, paper
from yishi.decisions.services.anchoring import export_bundle
from yishi.engines.bundle import read_zip, verify_bundle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("yes", [20, 21])
def test_receipts_and_marks_apart(hall: Hall, yes: int) -> None:  # noqa: F811
    hall.noticed(NOTICE, DAY)
    hall.opened(DAY)
    hall.signed_in("1-27", DAY)
    hall.voting(DAY)
    receipts = {hall.web(n, "yes" if n <= yes else "no", DAY).receipt for n in range(1, 28)}
    hall.closed(DAY)
    hall.counted(DAY, counting.CountInput({}))
    hall.certified("2026-02-07")
    meetings.end_meeting(hall.convener, hall.meeting, moment("2026-02-07", 22))
    minutes.draft_minutes(hall.convener, hall.meeting, moment("2026-02-07", 23))
    files = read_zip(io.BytesIO(export_bundle(hall.decision, moment("2026-02-08"))))
    name = f"{hall.box.pk}.txt"
    assert set(files[f"receipts/{name}"].decode().split()[1:]) == receipts
    assert files[f"ballots/{name}"].decode().split()[1:] == ["no"] * (27 - yes) + ["yes"] * yes
    report = verify_bundle(files)
    assert report.ok, [check for check in report.checks if not check.ok]
    assert report.results[-1]["outcome"] == ("passed" if yes == 21 else "not_passed")


def test_of_two_ways_only_the_sum_is_shown(hall: Hall, client_for: Callable[..., Client]) -> None:  # noqa: F811
    """One paper ballot among 26 from phones: nothing in the bundle, at whatever time, says how it was marked."""
    hall.noticed(NOTICE, DAY)
    hall.opened(DAY)
    hall.signed_in("1-27", DAY)
    hall.voting(DAY)
    receipts = {hall.web(n, "yes", DAY).receipt for n in range(1, 27)}
    paper.issue_papers(hall.convener, hall.box, "27", False, moment(DAY, 12))
    hall.closed(DAY)
    assert not any(name.startswith("ballots/") for name, _data in anchored_files(hall.decision))
    one, other = hall.counters
    counting.key_count(one, hall.box, counting.CountInput({"no": 1}, 1, 1, 0, 1, 0), moment(DAY, 19))
    counting.key_count(other, hall.box, counting.CountInput({}, 1, 0, 1, 0, 0), moment(DAY, 19))
    with pytest.raises(Refusal, match="收回；未收回；有效；反对") as refused:
        counting.count_ballots(other, hall.item, moment(DAY, 19))
    assert "≠" not in str(refused.value.verdict.reason)
    page = client_for(other).get(f"/decisions/boxes/{hall.box.pk}/count").content.decode()
    assert "两人录入不一致" in page and f'<th scope="col" class="num">{one.name}</th>' not in page
    hall.counted(DAY, counting.CountInput({"no": 1}, 1, 1, 0, 1, 0))
    hall.certified("2026-02-07")
    meetings.end_meeting(hall.convener, hall.meeting, moment("2026-02-07", 22))
    assert "参加 27" in minutes.draft_minutes(hall.convener, hall.meeting, moment("2026-02-07", 23)).text
    files = read_zip(io.BytesIO(export_bundle(hall.decision, moment("2026-02-08"))))
    name = f"{hall.box.pk}.txt"
    assert files[f"ballots/{name}"].decode().split()[1:] == ["no"] + ["yes"] * 26
    assert set(files[f"receipts/{name}"].decode().split()[1:]) == receipts
    assert f"boxes/{hall.box.pk}.json" not in files
    report = verify_bundle(files)
    assert report.ok, [check for check in report.checks if not check.ok]
