"""Handling: who leads, what was returned, extended or suspended, and the public timeline."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    """A matter given to an organisation to lead or to assist."""

    class Role(models.TextChoices):
        LEAD = "lead", _("主办")
        ASSIST = "assist", _("协办")

    class State(models.TextChoices):
        SENT = "sent", _("待签收")
        SIGNED = "signed", _("已签收")
        RETURN_ASKED = "return_asked", _("申请退单")
        RETURNED = "returned", _("已退单")
        ENDED = "ended", _("已结束")

    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=Role)
    state = models.CharField(max_length=14, choices=State, default=State.SENT)
    handler = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    by_ruling = models.BooleanField(default=False, help_text="a ruled assignment cannot be returned")
    signed_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=300, blank=True)
    return_clause = models.CharField(max_length=200, blank=True)
    return_asked_at = models.DateTimeField(null=True, blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)
    ruled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    ruling = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state", "-sent_at"], name="assignment_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=Q(role="lead", state__in=["sent", "signed", "return_asked"]),
                name="assignment_one_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}→{self.organisation_id}"


class Extension(models.Model):
    """More time for a report, once, with a reason; the old and the new day are kept."""

    report = models.ForeignKey("matters.Report", models.PROTECT, related_name="extensions")
    reason = models.CharField(max_length=300)
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.report_id}:{self.new_due_on}"


class Suspension(models.Model):
    """挂账: a matter that cannot be settled now, with its condition, its plan and its review day."""

    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="suspensions")
    condition = models.CharField(_("挂账条件"), max_length=300)
    plan = models.CharField(_("工作计划"), max_length=500)
    review_on = models.DateField(_("复核日期"))
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(ended_at=None), name="suspension_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} until {self.review_on}"


class Step(models.Model):
    """A step of the timeline as people read it. Notes for handlers are not public."""

    class Kind(models.TextChoices):
        RAISED = "raised", _("提出")
        ACCEPTED = "accepted", _("受理")
        DECLINED = "declined", _("不予受理")
        SORTED = "sorted", _("分类")
        ASSIGNED = "assigned", _("派单")
        SIGNED = "signed", _("签收")
        RETURN_ASKED = "return_asked", _("申请退单")
        RULED = "ruled", _("裁定")
        CONTACTED = "contacted", _("联系")
        NOTE = "note", _("办理")
        COMMITTED = "committed", _("责任事项")
        EXTENDED = "extended", _("延期")
        SUSPENDED = "suspended", _("挂账")
        RESUMED = "resumed", _("恢复办理")
        REPLIED = "replied", _("答复")
        TOLD = "told", _("告知")
        JUDGED = "judged", _("评价")
        REOPENED = "reopened", _("二次办理")
        SETTLED = "settled", _("办结")
        MERGED = "merged", _("并入")
        SPLIT = "split", _("拆分")
        JOINED = "joined", _("又有人反映")
        WITHDRAWN = "withdrawn", _("撤回")
        CORRECTED = "corrected", _("更正")

    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=14, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    words = models.TextField(blank=True)
    clause = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=40, blank=True, help_text="a code that the page says in both languages")
    report = models.ForeignKey("matters.Report", models.PROTECT, null=True, blank=True, related_name="+")
    public = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["matter", "at"], name="step_matter_at")]

    def __str__(self) -> str:
        return f"{self.matter_id}:{self.kind}"
