"""Meetings: notice with proof, agenda, who is there for which item, proxies, recusals, minutes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Meeting(models.Model):
    """A meeting, or a vote without one (owners), convened by the competent body or after a petition."""

    class State(models.TextChoices):
        DRAFT = "draft", _("筹备")
        NOTICED = "noticed", _("已通知")
        OPEN = "open", pgettext_lazy("decision", "进行中")
        CLOSED = "closed", _("已闭会")
        CANCELLED = "cancelled", _("已取消")

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="meetings")
    title = models.CharField(_("会议名称"), max_length=120)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    meets_at = models.DateTimeField(_("时间"))
    votes_until = models.DateTimeField(null=True, blank=True, help_text="of a vote without a meeting")
    mode = models.CharField(max_length=24, blank=True, help_text="a mode of the pack, e.g. adults or households")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    by_petition = models.ForeignKey(
        "decisions.Petition", models.PROTECT, null=True, blank=True, related_name="meetings"
    )  # fmt: skip
    convened_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    host = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    recorder = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    sign_in_code = models.CharField(max_length=12, unique=True, help_text="of the QR at the door")
    noticed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["town", "state", "meets_at"], name="meeting_town_state")]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """A decision's step on the agenda, which the notice fixes. Attendance and vote are per item."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待议")
        OPEN = "open", _("正在审议")
        VOTING = "voting", _("表决中")
        CLOSED = "closed", _("待计票")
        COUNTED = "counted", _("已计票，待确认")
        DONE = "done", _("已完成")

    class Left(models.TextChoices):
        """Why an item is done without a vote."""

        ADJOURNED = "adjourned", _("已休会，另行通知")
        NOT_POLLED = "not_polled", _("没有投票，另定选举日")
        WITHDRAWN = "withdrawn", _("事项已撤回，没有表决")
        REDRAFTED = "redrafted", _("方案重新拟订，没有表决")
        MOTION_CHANGED = "motion_changed", _("方案有实质改动，须重新通知")
        ANNULLED = "annulled", _("已被撤销，没有表决")
        OVERTAKEN = "overtaken", _("上一步没有通过或已休会，没有表决")
        UNKNOWN = "unknown", _("没有表决，原因没有登记")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    decision = models.ForeignKey("decisions.Decision", models.PROTECT, related_name="items")
    step = models.CharField(max_length=30)
    motion_digest = models.CharField(max_length=64, blank=True, help_text="of the version that the notice fixed")
    roll = models.ForeignKey("decisions.Roll", models.PROTECT, null=True, blank=True, related_name="items")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    left = models.CharField(max_length=14, choices=Left, blank=True, help_text="why it left the agenda without a vote")
    left_words = models.CharField(max_length=200, blank=True, help_text="the reason given when it was adjourned")
    opened_at = models.DateTimeField(null=True, blank=True)
    present = models.PositiveIntegerField(null=True, blank=True, help_text="fixed when the vote opened")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="agenda_number_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id}.{self.number}"

    @property
    def standing(self) -> str:
        """Where it stands in words; of one that left the agenda, why."""
        return str(self.get_left_display() if self.left else self.get_state_display())


class NoticeDelivery(models.Model):
    """Proof of notice: to whom (all, or one line of the roll), how, when, by whom; a photo or receipt."""

    class Way(models.TextChoices):
        BOARD = "board", _("公示栏张贴")
        HAND = "hand", _("当面送达")
        MAIL = "mail", _("邮寄")
        PHONE = "phone", _("电话")
        LOUDSPEAKER = "loudspeaker", _("广播")
        MESSAGE = "message", _("站内消息或短信")
        GROUP = "group", _("微信群")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(
        "decisions.RollEntry", models.PROTECT, null=True, blank=True, related_name="deliveries"
    )  # fmt: skip
    way = models.CharField(max_length=12, choices=Way)
    words = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="of the photo or receipt kept as a stored file")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.meeting_id}:{self.way}"


class Attendance(models.Model):
    """A right-holder is there from a moment to a moment; per item follows from the times."""

    class Channel(models.TextChoices):
        PERSON = "person", _("现场签到")
        QR = "qr", _("扫码签到")
        PAPER = "paper", _("纸质签到")
        HELPER = "helper", _("代办签到")
        ONLINE = "online", _("在线参会")
        PROXY = "proxy", _("委托")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    entry = models.ForeignKey("decisions.RollEntry", models.PROTECT, related_name="attendance")
    channel = models.CharField(max_length=8, choices=Channel)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    in_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "entry"], condition=Q(left_at=None), name="attendance_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}:{self.entry_id}"


class Proxy(models.Model):
    """A written authority to vote: who, for whom, which items, until when (Civil Code 165)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="proxies")
    items = models.ManyToManyField(
        AgendaItem, related_name="proxies", help_text="for which the procedure accepted it; it is good for no other"
    )
    principal = models.ForeignKey("decisions.RollEntry", models.PROTECT, related_name="proxies_given")
    agent = models.ForeignKey(
        "decisions.RollEntry", models.PROTECT, null=True, blank=True, related_name="proxies_held"
    )  # fmt: skip
    agent_person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    relation = models.CharField(_("关系"), max_length=40, blank=True)
    scope = models.CharField(_("委托事项"), max_length=200, blank=True)
    written = models.BooleanField(default=True)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "principal"], condition=Q(revoked_at=None), name="proxy_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.principal_id}→{self.agent_id}"


class Recusal(models.Model):
    """A right-holder stands aside for an item: no vote, not present for it, still in the whole."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="recusals")
    entry = models.ForeignKey("decisions.RollEntry", models.PROTECT, related_name="recusals")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "entry"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.item_id}:{self.entry_id}"


class Minutes(models.Model):
    """Minutes, drafted from the events, open to correction for a window, then signed and closed."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    text = models.TextField()
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    corrections_until = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"minutes of {self.meeting_id}"


class MinutesMark(models.Model):
    """A correction asked for, or a signature under the minutes."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("更正")
        SIGNATURE = "signature", _("签名")

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    accepted = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"{self.minutes_id}:{self.kind}"
