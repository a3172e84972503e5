"""The visit diary: an officer's own notes, and the leads that become matters."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visit(models.Model):
    """A visit to a household or a place. Its note is seen by its author alone unless shared."""

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    community = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="visits")
    household = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(_("地点"), max_length=200, blank=True)
    visited_on = models.DateField(_("走访日期"))
    note = models.TextField(_("笔记"), blank=True)
    shared = models.BooleanField(_("与本社区工作人员共享"), default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["by", "-visited_on"], name="visit_by_day")]

    def __str__(self) -> str:
        return f"visit {self.pk}"


class Lead(models.Model):
    """Something heard on a visit that should be looked into; one tap makes it a matter."""

    class Kind(models.TextChoices):
        ISSUE = "issue", _("问题")
        ASSET = "asset", _("资源")
        PERSON = "person", _("热心人")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="leads")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ISSUE)
    words = models.CharField(_("线索"), max_length=500)
    report = models.OneToOneField("matters.Report", models.PROTECT, null=True, blank=True, related_name="+")
    dropped_because = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"lead {self.pk}"
