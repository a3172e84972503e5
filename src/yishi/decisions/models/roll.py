"""Who may decide, with what weight: drawn from facts on the record date and frozen at notice."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Unit(models.Model):
    """A part of a building, as registered, surveyed or contracted (SPC Interpretation on Building Units, 8)."""

    class Kind(models.TextChoices):
        HOME = "home", _("住宅")
        SHOP = "shop", _("商铺")
        BAY = "bay", _("车位")
        COMMON = "common", _("共有部分")

    estate = models.ForeignKey("network.Area", models.PROTECT, related_name="units")
    number = models.CharField(_("房号"), max_length=40)
    building = models.CharField(_("楼栋"), max_length=40, blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.HOME)
    area_hundredths = models.PositiveIntegerField(help_text="hundredths of a square metre")
    delivered = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "number"], name="unit_number_once")]

    def __str__(self) -> str:
        return self.number


class UnitOwner(models.Model):
    """A person owns a unit, alone or jointly, for a time."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="owners")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="units")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "person"], condition=Q(until=None), name="unit_owner_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.person_id}"


class Roll(models.Model):
    """A roll of right-holders, frozen at a moment; ``root`` commits to every line of it."""

    class Kind(models.TextChoices):
        MEMBERS = "members", _("成员名册")
        REPRESENTATIVES = "representatives", _("代表名册")
        COUNCIL = "council", _("理事名册")
        OWNERS = "owners", _("业主名册")
        AFFECTED_OWNERS = "affected_owners", _("有利害关系业主名册")
        ADULTS = "adults", _("18 周岁以上村（居）民名册")
        HOUSEHOLDS = "households", _("户代表名册")
        VOTERS = "voters", _("选民名单")
        PARTY_MEMBERS = "party_members", _("有表决权党员名册")
        COMMITTEES = "committees", _("“两委”名册")

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    decision = models.ForeignKey("decisions.Decision", models.PROTECT, related_name="rolls")
    step = models.CharField(max_length=30)
    kind = models.CharField(max_length=16, choices=Kind)
    record_on = models.DateField()
    counts = models.JSONField(default=dict, help_text="the wholes by the pack's names, areas in hundredths of m²")
    root = models.CharField(max_length=64, blank=True, help_text="Merkle root over the lines' commitments")
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    board_code = models.CharField(
        max_length=12, null=True, blank=True, unique=True, help_text="of the QR on the posted roll of voters"
    )

    def __str__(self) -> str:
        return f"{self.kind} {self.record_on}"


class RollEntry(models.Model):
    """One line: an opaque code, the label as posted (name and household number, no phone), and its weights."""

    roll = models.ForeignKey(Roll, models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField(help_text="its place on the printed roll")
    code = models.CharField(max_length=12, help_text="opaque: stands for the holder in events and bundles")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="roll_entries")
    label = models.CharField(max_length=60)
    household = models.CharField(_("户号"), max_length=40, blank=True)
    heads = models.PositiveIntegerField(default=1)
    area_hundredths = models.PositiveIntegerField(default=0)
    shares = models.PositiveIntegerField(default=0)
    salt = models.CharField(max_length=32)
    struck = models.BooleanField(default=False, help_text="no longer counts; see its change")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll", "number"], name="roll_number_once"),
            models.UniqueConstraint(fields=["roll", "code"], name="roll_code_once"),
            models.UniqueConstraint(
                fields=["roll", "person"], condition=Q(person__isnull=False), name="roll_person_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roll_id}#{self.number}"

    @property
    def square_metres(self) -> str:
        """Its area with both decimals."""
        return f"{self.area_hundredths // 100}.{self.area_hundredths % 100:02d}"


class RollHolder(models.Model):
    """One of several people through whom a line votes: joint owners, the adults of a household."""

    entry = models.ForeignKey(RollEntry, models.CASCADE, related_name="holders")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "person"], name="roll_holder_once")]

    def __str__(self) -> str:
        return f"{self.entry_id}:{self.person_id}"


def lines_through(person_id: int) -> models.QuerySet[Any]:
    """The numbers of all lines through which a person votes: their own, and those they hold with others.

    Two lookups by index, joined: asking for either in one condition makes a database read the whole roll.
    """
    own = RollEntry.objects.filter(person_id=person_id).values("pk")
    return own.union(RollHolder.objects.filter(person_id=person_id).values("entry_id"))


class RollObjection(models.Model):
    """Someone says that the posted roll of voters is wrong; ruled on before the roll is settled."""

    roll = models.ForeignKey(Roll, models.PROTECT, related_name="objections")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(_("申诉"), max_length=500)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    ruled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roll", "number"], name="roll_objection_once")]

    def __str__(self) -> str:
        return f"{self.roll_id}#{self.number}"


class RollChange(models.Model):
    """A change after the roll was frozen: listed; it moves the whole only by the rule (death before opening)."""

    roll = models.ForeignKey(Roll, models.PROTECT, related_name="changes")
    entry = models.ForeignKey(RollEntry, models.PROTECT, null=True, blank=True, related_name="changes")
    reason = models.CharField(max_length=20, help_text="death, loss_of_status, joined, correction")
    words = models.CharField(max_length=200, blank=True)
    counts_now = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.roll_id}:{self.reason}"
