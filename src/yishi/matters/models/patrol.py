"""Half-monthly patrols of a deliberation hall's lanes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PatrolPlan(models.Model):
    """A hall walks its lanes every half-month, with a checklist."""

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    hall = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=60)
    checklist = models.JSONField(default=list, help_text="the questions of the checklist, in order")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Lane(models.Model):
    """A lane of a plan, walked once in each half-month (1–15, 16–end)."""

    plan = models.ForeignKey(PatrolPlan, models.PROTECT, related_name="lanes")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("街巷"), max_length=60)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="lane_number_once")]

    def __str__(self) -> str:
        return self.name


class Patrol(models.Model):
    """A walk along a lane. ``key`` is chosen on the phone: sent twice, it is one."""

    lane = models.ForeignKey(Lane, models.PROTECT, related_name="patrols")
    key = models.UUIDField(unique=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    walked_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["lane", "walked_at"], name="patrol_lane_walked")]

    def __str__(self) -> str:
        return f"lane {self.lane_id} {self.walked_at:%Y-%m-%d}"


class PatrolAnswer(models.Model):
    """The answer to one question of the checklist; a finding becomes a report."""

    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    fine = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    report = models.ForeignKey("matters.Report", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patrol", "number"], condition=Q(report=None), name="patrol_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.patrol_id}.{self.number}"


class LaneAlarm(models.Model):
    """A lane missed its half-month; raised once, ended by a late walk or with a reason."""

    lane = models.ForeignKey(Lane, models.PROTECT, related_name="alarms")
    starts_on = models.DateField()
    ends_on = models.DateField()
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lane", "starts_on"], name="lane_alarm_once")]

    def __str__(self) -> str:
        return f"lane {self.lane_id} {self.starts_on}"
