"""Importing the network from Excel: every row accounted for, the bad ones returned with what to mend."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from yishi.core import audit, clock, search
from yishi.network import findable
from yishi.network.importing import households, terms
from yishi.network.importing.areas import take_area
from yishi.network.importing.organisations import take_organisation
from yishi.network.importing.reading import Row, Sheet, read_workbook
from yishi.network.importing.state import Fault, State, Take, Tally, take_rows
from yishi.network.importing.writing import error_file, template
from yishi.network.models import Area, ImportRun

__all__ = ["Fault", "Outcome", "Tally", "error_file", "import_workbook", "template"]


@dataclass
class Outcome:
    """What an import did, or would do: per sheet, the rows returned, the sheets not understood."""

    digest: str
    sheets: list[Tally] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def total(self, what: str) -> int:
        """``rows, added, changed, unchanged, refused`` over all sheets."""
        return sum(getattr(tally, what) for tally in self.sheets)

    @property
    def changes(self) -> int:
        """How many rows added or changed something."""
        return self.total("added") + self.total("changed")


def import_workbook(
    content: bytes,
    file_name: str,
    at: dt.datetime,
    *,
    town: Area | None,
    by_id: int | None = None,
    dry_run: bool = False,
    tick: Callable[[int], None] = lambda n: None,
) -> Outcome:
    """Take a workbook into the town (None: the workbook brings its own); with ``dry_run`` only say what would happen.

    Good rows are taken, bad ones returned; importing the same file again changes nothing.

    Raises:
        ValidationError: not an Excel file, or far too long.
    """
    sheets, unknown = read_workbook(content)
    outcome = Outcome(hashlib.sha256(content).hexdigest(), unknown=unknown)
    with transaction.atomic():
        state = State(town, at, clock.local_day(at))
        for sheet, take in _takers(sheets):
            tally = Tally(sheet.layout.key, sheet.title)
            outcome.sheets.append(tally)
            take_rows(state, tally, sheet.rows, take, tick)
        outcome.faults = state.faults
        if dry_run:
            transaction.set_rollback(True)
        elif outcome.changes and state.town is not None:
            _record(outcome, state, file_name, by_id)
    return outcome


def _takers(sheets: list[Sheet]) -> list[tuple[Sheet, Take]]:
    """How each sheet's rows are taken; names are weighed over all sheets of a kind together."""

    def rows_of(key: str) -> list[Row]:
        return [row for sheet in sheets if sheet.layout.key == key for row in sheet.rows]

    takers: dict[str, Take] = {
        "areas": take_area,
        "organisations": take_organisation,
        "terms": terms.taker(terms.bare_names(rows_of("terms"))),
        "households": households.taker(households.bare_members(rows_of("households"))),
    }
    return [(sheet, takers[sheet.layout.key]) for sheet in sheets]


def _record(outcome: Outcome, state: State, file_name: str, by_id: int | None) -> None:
    assert state.town is not None
    for organisation in state.touched:
        search.index_text(
            findable.KIND, organisation.pk, organisation.town_id, findable.text_of(organisation), public=True
        )
    totals = {what: outcome.total(what) for what in ("rows", "added", "changed", "unchanged", "refused")}
    run = ImportRun.objects.create(
        town=state.town, kind="network", file_name=file_name[:120], file_digest=outcome.digest, by_id=by_id,
        at=state.at, **totals,
    )  # fmt: skip
    audit.record(
        "network.imported", run, at=state.at, actor_id=by_id, digest=outcome.digest,
        **{k: v for k, v in totals.items() if k != "rows"},
    )  # fmt: skip
