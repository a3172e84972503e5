"""What an organisation must make known for which period, by which day."""

from django.db import models


class DisclosureDuty(models.Model):
    """One item of the catalogue, one organisation, one period. Met by a posting; overdue is computed, never typed."""

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    item = models.CharField(max_length=40)
    period_start = models.DateField()
    period_end = models.DateField()
    due_on = models.DateField()
    posting = models.ForeignKey("publication.Posting", models.PROTECT, null=True, blank=True, related_name="duties")
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "item", "period_start"], name="disclosure_duty_once"),
        ]
        indexes = [models.Index(fields=["town", "due_on"], name="disclosure_duty_due")]

    def __str__(self) -> str:
        return f"{self.organisation_id}:{self.item}:{self.period_start}"
