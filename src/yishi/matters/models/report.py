"""A report: one person's telling of a matter, with its own clock, reply and judgement."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HotlineBatch(models.Model):
    """An import from the 12345 hotline (or another list of messages): every row accounted for."""

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    layout = models.CharField(max_length=20)
    file_name = models.CharField(max_length=120)
    file_digest = models.CharField(max_length=64)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    refusals = models.JSONField(default=list, help_text="row number and what to mend, without personal data")

    def __str__(self) -> str:
        return self.file_name


class Report(models.Model):
    """One telling of a matter. Merging moves it; its clock and its reply stay its own."""

    class Channel(models.TextChoices):
        WEB = "web", _("网上")
        PHONE = "phone", _("来电")
        WALK_IN = "walk_in", _("来访")
        PAPER = "paper", _("纸条")
        PATROL = "patrol", _("巡查")
        VISIT = "visit", _("走访")
        HOTLINE = "hotline", _("12345 热线")
        MESSAGE_BOARD = "message_board", _("网上留言")
        API = "api", _("接口")

    class Nature(models.TextChoices):
        CONSULT = "consult", _("咨询")
        HELP = "help", _("求助")
        SUGGEST = "suggest", _("建议")
        COMPLAINT = "complaint", _("投诉")
        REPORT = "report", _("举报")
        PETITION = "petition", _("信访")
        MEDIATION = "mediation", _("调解协议司法确认")

    class State(models.TextChoices):
        OPEN = "open", _("办理中")
        REPLIED = "replied", _("已答复，待告知")
        TOLD = "told", _("已告知")
        JUDGED = "judged", _("已评价")
        REOPENED = "reopened", _("二次办理")
        CLOSED = "closed", _("已了结")

    class Told(models.TextChoices):
        IN_APP = "in_app", _("站内")
        PHONE = "phone", _("电话")
        IN_PERSON = "in_person", _("当面")
        LETTER = "letter", _("书面")
        HOTLINE = "hotline", _("热线回传")
        UNREACHABLE = "unreachable", _("无法联系")

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="reports")
    first_matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, help_text="chosen by the sender: the same report sent twice is one")
    channel = models.CharField(max_length=14, choices=Channel)
    nature = models.CharField(max_length=10, choices=Nature)
    text = models.TextField(blank=True)
    reporter = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="reports")
    entered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    consent = models.ForeignKey("people.Consent", models.PROTECT, null=True, blank=True, related_name="+")
    external_number = models.CharField(max_length=60, blank=True)
    batch = models.ForeignKey(HotlineBatch, models.PROTECT, null=True, blank=True, related_name="reports")
    received_at = models.DateTimeField()
    clock_pack = models.CharField(max_length=20)
    clock_rule = models.CharField(max_length=20)
    due_on = models.DateField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True, help_text="when it first had a lead organisation")
    contact_by = models.DateField(null=True, blank=True, help_text="last day to speak with the reporter in time")
    contacted_at = models.DateTimeField(null=True, blank=True)
    extended = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    told_how = models.CharField(max_length=12, choices=Told, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    reopened_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    transfers = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["town", "received_at"], name="report_town_received"),
            models.Index(fields=["town", "state", "due_on"], name="report_town_state_due"),
            models.Index(fields=["reporter", "-received_at"], name="report_reporter"),
            models.Index(fields=["town", "dispatched_at"], name="report_town_dispatched"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["town", "channel", "external_number"],
                condition=~Q(external_number=""),
                name="report_external_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.pk}"


class ReporterContact(models.Model):
    """Name and contact of a reporter without a record: seen by the handler alone, every view logged, erasable."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="contact")
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    address = models.CharField(_("住址"), max_length=200, blank=True)
    shown_as = models.CharField(_("对外称呼"), max_length=40, blank=True)
    reachable = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"contact of report {self.report_id}"


class ContactView(models.Model):
    """Someone looked at a reporter's name and contact: who, when, why. The audit holds its digest."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="contact_views")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.by_id} saw contact of {self.report_id}"


class VisitBack(models.Model):
    """The reporter judges: solved or not, satisfied or not; asked by phone, paper, or answered online."""

    class Satisfaction(models.TextChoices):
        SATISFIED = "satisfied", _("满意")
        BASICALLY = "basically", _("基本满意")
        UNSATISFIED = "unsatisfied", _("不满意")
        NO_ANSWER = "no_answer", _("未接通")

    report = models.ForeignKey(Report, models.PROTECT, related_name="visit_backs")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    online = models.BooleanField(default=False)
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=12, choices=Satisfaction)
    words = models.CharField(max_length=500, blank=True)
    counted = models.BooleanField(default=True, help_text="False when excluded from the rates, with the reason")
    excluded_because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["report", "-at"], name="visit_back_report")]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.satisfaction}"
