"""Results: counted by two, certified by another, changed only by an act of their own."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Result(models.Model):
    """The outcome of an item as reckoned under the pack of its record date, with all its arithmetic."""

    class Basis(models.TextChoices):
        COUNT = "count", _("计票")
        RECOUNT = "recount", _("重新计票")
        ORDER = "order", _("责令改正")
        JUDGMENT = "judgment", _("法院裁判")

    item = models.ForeignKey("decisions.AgendaItem", models.PROTECT, related_name="results")
    number = models.PositiveSmallIntegerField(default=1)
    basis = models.CharField(max_length=8, choices=Basis, default=Basis.COUNT)
    pack = models.CharField(max_length=20)
    outcome = models.CharField(max_length=16)
    report = models.JSONField(help_text="as engines.procedure.report gives it: verdicts with have, need, clause")
    counts = models.JSONField(default=dict)
    counted_at = models.DateTimeField()
    first_counter = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    second_counter = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    certified_at = models.DateTimeField(null=True, blank=True)
    certified_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    check_code = models.CharField(max_length=12, blank=True, help_text="printed on the seal, leads to the proof")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="result_once")]

    def __str__(self) -> str:
        return f"{self.item_id}:{self.outcome}"


class RecountKeying(models.Model):
    """What one person keyed to replace a result; two different people's must agree before it is replaced.

    The paper of an order or a judgment is a file of the keying.
    """

    result = models.ForeignKey(Result, models.PROTECT, related_name="keyings", help_text="that is to be replaced")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    basis = models.CharField(max_length=8, choices=Result.Basis)
    counts = models.JSONField(help_text="by the pack's names, areas in hundredths of m²")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["result", "by"], name="recount_keying_once_each")]

    def __str__(self) -> str:
        return f"{self.result_id} by {self.by_id}"
