"""Boxes and ballots. Of a secret vote, the marked roll and the box share no key, no order and no time."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RandomKey(models.IntegerField):  # type: ignore[type-arg]
    """A primary key drawn at random, in whose order the rows lie on disk, so that order tells nothing.

    SQLite lays a table out by its INTEGER primary key; on PostgreSQL the box is written anew,
    sorted, when it is closed.
    """

    def db_type(self, connection: Any) -> str:
        """63 bits on both databases; exactly INTEGER on SQLite, where it is then the row's own place."""
        return "bigint" if connection.vendor == "postgresql" else "integer"

    def get_internal_type(self) -> str:
        """Checked and cast like a big integer."""
        return "BigIntegerField"


class BallotBox(models.Model):
    """The vote on one agenda item: one person once, whatever the channel."""

    class State(models.TextChoices):
        OPEN = "open", _("投票中")
        CLOSED = "closed", _("已停止")
        COUNTED = "counted", _("已计票")
        CERTIFIED = "certified", _("已确认")

    item = models.OneToOneField("decisions.AgendaItem", models.PROTECT, related_name="box")
    roll = models.ForeignKey("decisions.Roll", models.PROTECT, related_name="boxes")
    secret = models.BooleanField()
    online = models.BooleanField(default=False, help_text="whether ballots may be cast by web or phone")
    presence = models.BooleanField(default=False, help_text="whether only those who are there may vote")
    choices = models.JSONField(help_text='the marks that count, e.g. ["yes", "no", "abstain"] or candidates')
    seats = models.PositiveSmallIntegerField(default=0, help_text="of an election")
    motion_digest = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    late = models.PositiveIntegerField(default=0, help_text="refused after the close")
    wrong_roll = models.PositiveIntegerField(default=0, help_text="refused: not on the roll")

    def __str__(self) -> str:
        return f"box of {self.item_id}"

    def is_over(self, at: dt.datetime) -> bool:
        """Whether the vote is closed, or past the end that was announced."""
        return self.state != self.State.OPEN or (self.closes_at is not None and self.closes_at <= at)


class Channel(models.TextChoices):
    """How a ballot came."""

    WEB = "web", _("网上")
    PHONE = "phone", _("电话代办")
    PAPER = "paper", _("纸质票")
    DOOR = "door", _("上门")
    BOOTH = "booth", _("离线票箱")


class SignedBallot(models.Model):
    """A signed ballot. The first valid one stands unless its voter revokes it in person before the close.

    Rows are found through the constraints: every further index is one more page to write with each ballot.
    """

    box = models.ForeignKey(BallotBox, models.PROTECT, related_name="signed", db_index=False)
    entry = models.ForeignKey("decisions.RollEntry", models.PROTECT, related_name="ballots")
    marks = models.JSONField(help_text="the boxes ticked; [] is blank, more than allowed is a double tick")
    channel = models.CharField(max_length=6, choices=Channel)
    key = models.UUIDField(help_text="chosen by the sender: the same ballot sent twice is one")
    salt = models.CharField(max_length=32, blank=True, help_text="of its commitment; shown to its voter alone")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["box", "entry"], condition=Q(revoked_at=None), name="signed_ballot_once"),
            models.UniqueConstraint(fields=["box", "key"], name="signed_ballot_key"),
        ]

    def __str__(self) -> str:
        return f"{self.box_id}:{self.entry_id}"


class MarkedVoter(models.Model):
    """Someone on the roll took part in a secret vote. No time or channel, and nothing that leads to a ballot."""

    box = models.ForeignKey(BallotBox, models.PROTECT, related_name="marked", db_index=False)
    entry = models.ForeignKey("decisions.RollEntry", models.PROTECT, related_name="marked")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "entry"], name="marked_voter_once")]

    def __str__(self) -> str:
        return f"{self.box_id}:{self.entry_id}"


class SecretBallot(models.Model):
    """A ballot in the box: its marks alone. No voter, receipt, time or channel; written anew when the box closes."""

    id = RandomKey(primary_key=True)
    box = models.ForeignKey(BallotBox, models.PROTECT, related_name="ballots")
    marks = models.JSONField()

    def __str__(self) -> str:
        return f"ballot of {self.box_id}"


class BoxReceipt(models.Model):
    """The receipt of a ballot in the box, which its voter alone knows: it proves that one was counted, not how.

    It never lies in a row with marks, and shares no key with them.
    """

    id = RandomKey(primary_key=True)
    box = models.ForeignKey(BallotBox, models.PROTECT, related_name="receipts", db_index=False)
    receipt = models.CharField(max_length=26)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "receipt"], name="box_receipt_once")]

    def __str__(self) -> str:
        return f"receipt of {self.box_id}"


class RefusedBallot(models.Model):
    """An attempt that was counted as late or as not on the roll: whoever tries again is not counted again."""

    box = models.ForeignKey(BallotBox, models.PROTECT, related_name="refused")
    who = models.CharField(max_length=40, help_text="a person (p17), or the line or key that a booth or paper had")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "who"], name="refused_ballot_once")]

    def __str__(self) -> str:
        return f"{self.box_id}:{self.who}"


class PaperBallot(models.Model):
    """A paper ballot that was handed out: its serial stands on the stub and on a signed ballot, never on a secret one.

    ``entry`` is who took it, as signed on the stub.
    """

    box = models.ForeignKey(BallotBox, models.PROTECT, related_name="papers")
    serial = models.PositiveIntegerField()
    entry = models.ForeignKey("decisions.RollEntry", models.PROTECT, related_name="papers")
    door = models.BooleanField(default=False, help_text="taken to the door")
    issued_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    spoiled = models.BooleanField(default=False, help_text="given back and replaced by another")
    returned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["box", "serial"], name="paper_serial_once"),
            models.UniqueConstraint(fields=["box", "entry"], condition=Q(spoiled=False), name="paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.box_id}/{self.serial}"


class PaperCount(models.Model):
    """One person's keying of the paper box; two different people's must agree before it counts."""

    box = models.ForeignKey(BallotBox, models.PROTECT, related_name="paper_counts")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    votes = models.JSONField(help_text="ballots by mark, blank and double apart; candidates by votes")
    issued = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    unreturned = models.PositiveIntegerField()
    valid = models.PositiveIntegerField()
    invalid = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "by"], name="paper_count_once_each")]

    def __str__(self) -> str:
        return f"{self.box_id} by {self.by_id}"
