"""A matter: one cause, however many people reported it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """A node of the town's own label tree."""

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=80)
    words = models.TextField(blank=True, help_text="words that suggest it, separated by spaces")
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "key"], name="category_key_once")]

    def __str__(self) -> str:
        return self.name


class Matter(models.Model):
    """One cause with one public page, from raised to settled."""

    class Stage(models.TextChoices):
        RAISED = "raised", _("待受理")
        ACCEPTED = "accepted", _("待派单")
        ASSIGNED = "assigned", _("待签收")
        DOING = "doing", _("办理中")
        SUSPENDED = "suspended", _("挂账")
        ANSWERED = "answered", _("待评价")
        SETTLED = "settled", _("已办结")
        DECLINED = "declined", _("不予受理")
        WITHDRAWN = "withdrawn", _("已撤回")
        MERGED = "merged", _("已并入")

    class Size(models.TextChoices):
        MAJOR = "major", _("大事")
        HARD = "hard", _("难事")
        EVERYDAY = "everyday", _("小事")

    class Decider(models.TextChoices):
        """Whose decision it is (the first question of every matter)."""

        COMMUNITY = "community", _("社区（居民会议或居委会）")
        VILLAGE = "village", _("村（村民会议或村委会）")
        COOPERATIVE = "cooperative", _("经济社（成员大会或理事会）")
        OWNERS = "owners", _("小区业主")
        AFFECTED_OWNERS = "affected_owners", _("有利害关系的业主")
        PARTY = "party", _("党组织")
        DEPARTMENT = "department", _("政府部门")
        EMERGENCY = "emergency", _("紧急电话")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("公开")
        HANDLERS = "handlers", _("仅经办人可见")

    OPEN = (Stage.RAISED, Stage.ACCEPTED, Stage.ASSIGNED, Stage.DOING, Stage.SUSPENDED, Stage.ANSWERED)

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    reference = models.CharField(_("编号"), max_length=16, unique=True)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"))
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    community = models.ForeignKey("network.Area", models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(_("地点"), max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.RAISED)
    size = models.CharField(max_length=10, choices=Size, blank=True)
    size_reason = models.CharField(max_length=300, blank=True)
    decider = models.CharField(max_length=16, choices=Decider, blank=True)
    decider_reason = models.CharField(max_length=300, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    sealed = models.BooleanField(default=False, help_text="raised in a sensitive hall: never public, nowhere listed")
    urgent = models.CharField(max_length=8, blank=True, help_text="the number to call, e.g. 119")
    channel = models.CharField(max_length=14, blank=True, help_text="of its first report")
    nature = models.CharField(max_length=10, blank=True, help_text="of its first report")
    hall = models.ForeignKey("network.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    lead = models.ForeignKey("network.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    report_count = models.PositiveIntegerField(default=1)
    result = models.TextField(_("办理结果"), blank=True)
    raised_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True, help_text="earliest due day of its open reports")
    changed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    satisfied = models.PositiveIntegerField(default=0)
    unsatisfied = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["town", "visibility", "-raised_at"], name="matter_town_raised"),
            models.Index(fields=["town", "-raised_at"], name="matter_desk_raised"),
            models.Index(fields=["town", "channel", "-raised_at"], name="matter_channel_raised"),
            models.Index(fields=["town", "nature", "-raised_at"], name="matter_nature_raised"),
            models.Index(fields=["town", "stage", "due_on"], name="matter_town_stage_due"),
            models.Index(fields=["town", "community", "-raised_at"], name="matter_community_raised"),
            models.Index(fields=["town", "category", "-raised_at"], name="matter_category_raised"),
            models.Index(fields=["town", "lead", "stage", "due_on"], name="matter_lead_stage_due"),
            models.Index(fields=["town", "stage", "-raised_at"], name="matter_stage_raised"),
            models.Index(fields=["town", "due_on"], name="matter_town_due", condition=Q(due_on__isnull=False)),
            models.Index(fields=["town", "-changed_at"], name="matter_town_changed"),
            models.Index(
                fields=["town", "stage", "-settled_at"], name="matter_settled", condition=Q(settled_at__isnull=False)
            ),
            models.Index(
                fields=["town", "latitude", "longitude", "visibility", "stage", "sealed", "community", "id"],
                name="matter_placed",
            ),
            models.Index(fields=["town", "community", "visibility", "stage", "sealed", "id"], name="matter_counted"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="merged", merged_into__isnull=False) | (~Q(stage="merged") & Q(merged_into=None)),
                name="matter_merged_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done or told."""
        return self.stage in self.OPEN

    @property
    def is_public(self) -> bool:
        """Whether everyone may see its page (personal data is masked there all the same)."""
        return self.visibility == self.Visibility.PUBLIC


class SizeAppeal(models.Model):
    """The proposer asks for another size; an officer answers with a reason."""

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ACCEPTED = "accepted", _("已采纳")
        REFUSED = "refused", _("未采纳")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="size_appeals")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    asked_size = models.CharField(max_length=10, choices=Matter.Size)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(state="open"), name="size_appeal_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}:{self.asked_size}"


class Merge(models.Model):
    """One matter joined into another; what it was is kept, so that a split loses nothing."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="merges_out")
    into = models.ForeignKey(Matter, models.PROTECT, related_name="merges_in")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    before = models.JSONField(default=dict, help_text="stage and lead of the merged matter, ids of its reports")
    split_at = models.DateTimeField(null=True, blank=True)
    split_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    split_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(split_at=None), name="merge_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}→{self.into_id}"


class SavedView(models.Model):
    """A list that someone wants to find again: its name and its filters."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name
