"""Commitments on a matter in the making, as ``commitments.services`` writes them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.apps import apps

from yishi.matters.bulk.kept import Hand, Kept

SUBJECT = "matters.matter"


class Promise:
    """A commitment and its progress."""

    def __init__(
        self, kept: Kept, hand: Hand, at: dt.datetime, *, what: str, organisation_id: int, doer_id: int | None,
        due_on: dt.date, budget: Decimal,
    ) -> None:  # fmt: skip
        self.book, self.model = kept.book, apps.get_model("commitments.Commitment")
        self.row: Any = self.book.add(
            self.model(
                town_id=kept.matter.town_id, subject_kind=SUBJECT, subject_id=kept.matter.pk, what=what,
                organisation_id=organisation_id, doer_id=doer_id, due_on=due_on, budget=budget, made_at=at,
                made_by_id=hand.must,
            )
        )  # fmt: skip
        self._record(hand, "made", at, about=f"{SUBJECT}:{kept.matter.pk}")

    def _record(self, hand: Hand, kind: str, at: dt.datetime, **refs: Any) -> None:
        self.book.record(f"commitments.{kind}", self.row, at=at, actor_id=hand.person_id, **refs)

    def _step(self, hand: Hand, kind: str, words: str, at: dt.datetime, **facts: Any) -> None:
        progress = apps.get_model("commitments.Progress")
        step = self.book.add(progress(commitment=self.row, kind=kind, at=at, by_id=hand.must, words=words, **facts))
        self._record(hand, kind, at, step=step.pk)

    def progress(self, hand: Hand, at: dt.datetime, words: str, percent: int, spent: Decimal) -> None:
        """进展."""
        self.row.percent, self.row.state = percent, "doing"
        self.row.spent += spent
        self._step(hand, "progress", words, at, percent=percent, spent=spent)

    def delay(self, hand: Hand, at: dt.datetime, reason: str, new_due_on: dt.date) -> None:
        """延期."""
        old, self.row.due_on = self.row.due_on, new_due_on
        self._step(hand, "delayed", reason, at, old_due_on=old, new_due_on=new_due_on)

    def done(self, hand: Hand, at: dt.datetime, words: str) -> None:
        """报完工."""
        self.row.state, self.row.percent = "reported", 100
        self.row.reported_at, self.row.reported_by_id = at, hand.person_id
        self._step(hand, "reported", words, at, percent=100)

    def accept(self, hand: Hand, at: dt.datetime, words: str) -> None:
        """验收."""
        self.row.state, self.row.accepted_at, self.row.accepted_by_id = "accepted", at, hand.person_id
        self._step(hand, "accepted", words, at)

    @property
    def is_open(self) -> bool:
        """Neither accepted nor cancelled."""
        return self.row.state not in ("accepted", "cancelled")
