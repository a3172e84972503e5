"""What someone is told: follows, notifications and their deliveries."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Follow(models.Model):
    """A person wants to hear of what happens to a subject."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="follows")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "person"], name="follow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}→{self.subject_kind}:{self.subject_id}"


class Notification(models.Model):
    """A message to one person about one subject. ``key`` makes telling twice impossible."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="notifications")
    key = models.CharField(max_length=120)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    url = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notification_once")]
        indexes = [models.Index(fields=["person", "read_at", "-at"], name="notification_unread")]

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """A notification sent outside: by e-mail or SMS, with its outcome."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("邮件")
        SMS = "sms", _("短信")

    class State(models.TextChoices):
        WAITING = "waiting", _("待发")
        SENT = "sent", _("已发")
        FAILED = "failed", _("未送达")

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.notification_id}:{self.channel}"


class Preference(models.Model):
    """How a person wants to be told besides in the application."""

    person = models.OneToOneField("people.Person", models.CASCADE, related_name="preference")
    by_email = models.BooleanField(_("邮件通知"), default=True)
    by_sms = models.BooleanField(_("短信通知"), default=False)
    language = models.CharField(max_length=8, default="zh-hans")

    def __str__(self) -> str:
        return f"preference {self.person_id}"
