"""A posting on the board, who looked whether it hangs there, and who objected."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Posting(models.Model):
    """A text put up for everyone (or for the organisation's own people) for so many whole days.

    ``ends_on`` is the first day on which it may come down: ``days`` whole days after the posting
    day, and one more for each day on which it was found missing (engines.calendar.posting_until).
    ``check_on`` is the day in the middle on which it is to be photographed. Superseded is one whose
    subject moved on, while it hung or before it was hung up.
    """

    class Kind(models.TextChoices):
        """Three words that are never mixed."""

        NOTICE = "notice", pgettext_lazy("posting", "公示")
        DISCLOSURE = "disclosure", pgettext_lazy("posting", "公开")
        ANNOUNCEMENT = "announcement", _("公告")

    class State(models.TextChoices):
        PLANNED = "planned", _("待张贴")
        UP = "up", _("张贴中")
        SUSPENDED = "suspended", _("已暂停")
        ENDED = "ended", _("已期满")
        CORRECTED = "corrected", _("已撤下更正")
        SUPERSEDED = "superseded", _("已失效")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("公开")
        INSIDE = "inside", _("仅本组织成员可见")

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    reference = models.CharField(_("编号"), max_length=16, unique=True)
    check_code = models.CharField(_("校验码"), max_length=12, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    item = models.CharField(max_length=40, blank=True, help_text="of the catalogue of disclosures")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="postings")
    area = models.ForeignKey("network.Area", models.PROTECT, related_name="+", help_text="for whose people")
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject_step = models.CharField(max_length=30, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    title = models.CharField(_("标题"), max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    text = models.TextField(_("正文"))
    text_en = models.TextField(blank=True)
    digest = models.CharField(max_length=64, help_text="of title and text as posted")
    motion_digest = models.CharField(max_length=64, blank=True, help_text="of the motion that it makes known")
    clause = models.JSONField(default=dict, help_text='{"zh", "en"}; empty where none obliges')
    verified = models.BooleanField(default=True, help_text="whether the clause was compared with its text")
    masks = models.PositiveSmallIntegerField(default=0, help_text="places where personal data was covered")
    places = models.JSONField(default=list, help_text="the boards on which it hangs")
    phone = models.CharField(_("异议电话"), max_length=40, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    days = models.PositiveSmallIntegerField(_("张贴天数"))
    posted_on = models.DateField(null=True, blank=True)
    check_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    suspended_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["town", "visibility", "state", "-posted_at"], name="posting_town_state"),
            models.Index(fields=["town", "organisation", "-posted_at"], name="posting_organisation"),
            models.Index(fields=["subject_kind", "subject_id"], name="posting_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="planned", posted_on=None)
                | Q(state="superseded")
                | (~Q(state="planned") & ~Q(posted_on=None)),
                name="posting_day_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_public(self) -> bool:
        """Whether everyone may see its page: it hangs or hung."""
        return self.visibility == self.Visibility.PUBLIC and self.posted_on is not None

    @property
    def hangs(self) -> bool:
        """Whether it is on the board now."""
        return self.state in (self.State.UP, self.State.SUSPENDED)

    @property
    def shown_title(self) -> str:
        """The title in the language of the page."""
        return (self.title_en if (get_language() or "").startswith("en") else "") or self.title

    @property
    def code_shown(self) -> str:
        """The check code as it is printed: two groups of four."""
        return f"{self.check_code[:4]}-{self.check_code[4:]}"


class PostingCheck(models.Model):
    """Someone looked whether it hangs there; without a photo, it counts as missing that day."""

    class Kind(models.TextChoices):
        START = "start", _("张贴时")
        MIDDLE = "middle", _("中期查看")
        END = "end", _("撤下前")

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=8, choices=Kind)
    on = models.DateField()
    place = models.CharField(_("地点"), max_length=120, blank=True)
    seen = models.BooleanField()
    note = models.CharField(_("说明"), max_length=300, blank=True)
    photo_digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["posting", "on"], name="posting_check_on")]

    def __str__(self) -> str:
        return f"{self.posting_id}:{self.on}:{'seen' if self.seen else 'missing'}"


class Objection(models.Model):
    """Someone objects: to which clause, what is so, what they ask; answered with a ruling and its reason.

    Name and contact are for those who answer; the public page shows ``shown_as``.
    """

    class Channel(models.TextChoices):
        WEB = "web", _("网上")
        PHONE = "phone", _("电话")
        DESK = "desk", _("当面")
        PAPER = "paper", _("书面")

    class Ruling(models.TextChoices):
        UPHELD = "upheld", _("成立")
        PARTLY = "partly", _("部分成立")
        REJECTED = "rejected", _("不成立")

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="objections")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(unique=True, help_text="chosen by the sender: the same objection sent twice is one")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="objections")
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    contact = models.CharField(_("联系方式"), max_length=120, blank=True)
    shown_as = models.CharField(max_length=40)
    clause = models.CharField(_("对哪一条有异议"), max_length=200)
    fact = models.TextField(_("事实和理由"))
    demand = models.CharField(_("要求"), max_length=500)
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.WEB)
    entered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    due_on = models.DateField()
    ruling = models.CharField(max_length=10, choices=Ruling, blank=True)
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["posting", "number"], name="objection_number_once"),
            models.CheckConstraint(
                condition=Q(ruling="", answered_at=None) | (~Q(ruling="") & ~Q(reason="") & ~Q(answered_at=None)),
                name="objection_answered_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posting_id}/{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer; it then holds the posting."""
        return not self.ruling
