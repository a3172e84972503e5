"""Offline booths: tablets that collect signed ballots without network, sealed before the close, handed in after."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Booth(models.Model):
    """A tablet registered for one box before it collects. Sealed: what it still holds is fixed by number and code."""

    class How(models.TextChoices):
        """How the desk came to know the number and the code."""

        ONLINE = "online", _("设备联网登记")
        TOLD = "told", _("对着屏幕念校验码")
        SLIP = "slip", _("签字的交接单")

    box = models.ForeignKey("decisions.BallotBox", models.PROTECT, related_name="booths")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(_("票箱名称"), max_length=40)
    device = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key that the device drew")
    given_to = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    sealed_how = models.CharField(max_length=6, choices=How, blank=True)
    ballots = models.PositiveIntegerField(default=0, help_text="sealed, still on the device")
    code = models.CharField(max_length=26, blank=True, help_text="the check code that was read out")
    received_at = models.DateTimeField(null=True, blank=True, help_text="when the sealed batch was taken in")
    written_off_at = models.DateTimeField(null=True, blank=True)
    written_off_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    written_off_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["box", "number"], name="booth_number_once"),
            models.UniqueConstraint(fields=["box", "label"], name="booth_label_once"),
        ]

    def __str__(self) -> str:
        return f"{self.box_id}/{self.number}"

    @property
    def standing(self) -> str:
        """``received``, ``written_off``, ``sealed`` or ``collecting``."""
        if self.received_at is not None:
            return "received"
        if self.written_off_at is not None:
            return "written_off"
        return "sealed" if self.sealed_at is not None else "collecting"


class BoothBatch(models.Model):
    """What a booth handed in at once; lines that had voted already come back as conflicts."""

    box = models.ForeignKey("decisions.BallotBox", models.PROTECT, related_name="batches")
    booth = models.ForeignKey(
        Booth, models.PROTECT, null=True, related_name="batches", help_text="none before booths were registered"
    )
    key = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64, blank=True, help_text="of the batch as it came")
    sealed = models.BooleanField(default=False, help_text="whether it is the batch that the seal fixed")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)
    conflicts = models.JSONField(
        default=list, help_text="roll codes, the reason, on which channel they had voted; no marks"
    )

    def __str__(self) -> str:
        return f"batch {self.pk}"
