"""Who does what by when, with which money; progress, evidence, acceptance."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Commitment(models.Model):
    """A promise with an owner and a day, born of a matter, a hall or a decision."""

    class State(models.TextChoices):
        OPEN = "open", _("待办")
        DOING = "doing", _("在办")
        REPORTED = "reported", _("待验收")
        ACCEPTED = "accepted", _("已验收")
        CANCELLED = "cancelled", _("已取消")

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    what = models.CharField(_("做什么"), max_length=300)
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    doer = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="commitments")
    due_on = models.DateField(_("完成日期"))
    budget = models.DecimalField(_("经费"), max_digits=14, decimal_places=2, default=Decimal(0))
    spent = models.DecimalField(_("已用"), max_digits=14, decimal_places=2, default=Decimal(0))
    percent = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="commitment_subject"),
            models.Index(fields=["town", "state", "due_on"], name="commitment_town_due"),
        ]

    def __str__(self) -> str:
        return self.what


class Progress(models.Model):
    """A step of the doing: words, share done, money, photos and receipts (stored files)."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("进展")
        DELAYED = "delayed", _("延期")
        REPORTED = "reported", _("报完工")
        ACCEPTED = "accepted", _("验收通过")
        RETURNED = "returned", _("验收退回")
        CANCELLED = "cancelled", _("取消")

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="progress")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PROGRESS)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    percent = models.PositiveSmallIntegerField(null=True)
    spent = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    old_due_on = models.DateField(null=True)
    new_due_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.commitment_id}:{self.kind}"
