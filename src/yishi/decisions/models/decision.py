"""A decision on its way through a procedure: its header, its dated events, its motion and what is said of it."""

from decimal import Decimal as Money

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Decision(models.Model):
    """One question before the body that the law names.

    ``procedure``, ``resolve``, ``item`` and ``settings`` are the header that
    ``engines.procedure`` replays; ``status``, ``step``, ``phase`` and ``certified`` are what the
    replay of the stored events amounts to, kept for lists. Nothing but ``services`` writes them.
    """

    class Status(models.TextChoices):
        RUNNING = "running", pgettext_lazy("decision", "进行中")
        SETTLED = "settled", _("办结归档")
        WITHDRAWN = "withdrawn", _("已撤回")
        ANNULLED = "annulled", _("已被撤销")
        ADVICE = "advice", _("仅作意见")

    class Secrecy(models.TextChoices):
        """Set by the type of matter, never by the clerk (domain.md §2.4a.9)."""

        SECRET = "secret", _("无记名投票")
        SIGNED = "signed", _("记名表决")
        HANDS = "hands", _("举手表决")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("公开")
        INSIDE = "inside", _("仅本组织成员可见")

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    reference = models.CharField(_("编号"), max_length=16, unique=True)
    key = models.UUIDField(unique=True, null=True, help_text="chosen by the sender: the same one sent twice is one")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, related_name="decisions")
    area = models.ForeignKey("network.Area", models.PROTECT, related_name="+", help_text="whose people decide")
    matter = models.ForeignKey("matters.Matter", models.PROTECT, null=True, blank=True, related_name="decisions")
    title = models.CharField(_("标题"), max_length=120)
    procedure = models.CharField(max_length=40)
    resolve = models.CharField(max_length=20, blank=True, help_text="the pack family of the deciding body")
    item = models.CharField(max_length=40, blank=True, help_text="item of the article, e.g. 8 of Civil Code 278")
    settings = models.JSONField(default=dict, help_text="the rest of the header: options, overlays, local, seats …")
    secrecy = models.CharField(max_length=8, choices=Secrecy)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    proposer = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    concerned = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+",
        help_text="whom it is about, e.g. who is to be recalled: has no hand in it but their defence",
    )  # fmt: skip
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    step = models.CharField(max_length=30, blank=True)
    phase = models.CharField(max_length=10, blank=True)
    certified = models.BooleanField(default=False)
    version = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["town", "visibility", "status", "-changed_at"], name="decision_town_status"),
            models.Index(fields=["town", "organisation", "-changed_at"], name="decision_organisation"),
            models.Index(fields=["matter"], name="decision_matter"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_public(self) -> bool:
        """Whether everyone may see its page."""
        return self.visibility == self.Visibility.PUBLIC


class DecisionEvent(models.Model):
    """A dated event that the procedure accepted. Refused ones are answered, not stored; none is ever changed.

    ``data`` is exactly what ``engines.procedure.read_event`` reads; persons are references (``p17``)
    or roll codes, never names.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    data = models.JSONField(default=dict)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="decision_event_once")]

    def __str__(self) -> str:
        return f"{self.decision_id}#{self.number} {self.kind}"


class MotionVersion(models.Model):
    """The full text before the body, with the hash that notice, ballot, minutes and posting must carry."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("方案全文"))
    budget = models.DecimalField(_("预算"), max_digits=14, decimal_places=2, null=True, blank=True)
    digest = models.CharField(max_length=64)
    field = models.CharField(max_length=40, blank=True, help_text="what was changed: text, budget, plan …")
    material = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="motion_version_once")]

    def __str__(self) -> str:
        return f"{self.decision_id} v{self.number}"


class StepPaper(models.Model):
    """A paper that a step asks for, in words or as a stored file; it belongs to one version of the motion.

    A material change that returns to the step asks for it anew; the old one stays to be read.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="papers")
    step = models.CharField(max_length=30)
    name = models.CharField(max_length=40, help_text="as the procedure names it: opinion, letter, minutes …")
    version = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.decision_id}:{self.step}:{self.name}"


class ConflictDeclaration(models.Model):
    """Whether the proposer, or one who handles the decision, has an interest in it."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="conflicts")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    interested = models.BooleanField(_("有利害关系"))
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "person"], name="conflict_once")]

    def __str__(self) -> str:
        return f"{self.decision_id}:{self.person_id}"


class MotionComment(models.Model):
    """A member's comment on the motion; each is answered: adopted, partly, not, and why."""

    class Answer(models.TextChoices):
        ADOPTED = "adopted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        NOT_ADOPTED = "not_adopted", _("未采纳")

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="comments")
    key = models.UUIDField(unique=True, null=True)
    version = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    entered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(_("意见"), max_length=1000)
    at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    answered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & ~Q(reason="") & ~Q(answered_at=None)),
                name="comment_answered_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class Petition(models.Model):
    """A joint request to convene; enough support obliges the body to convene (see the pack)."""

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="petitions")
    quantity = models.CharField(max_length=30, help_text="what the signatures count as in the pack, e.g. owners")
    whole = models.CharField(max_length=30, help_text="of which whole, e.g. owners_all")
    whole_number = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"petition {self.pk}"


class PetitionSignature(models.Model):
    """One person's signature, online or on paper, under one version of the motion."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="signatures")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, help_text="of the version of the motion that was signed")
    paper = models.BooleanField(default=False)
    entered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "person"], name="petition_signature_once")]

    def __str__(self) -> str:
        return f"{self.petition_id}:{self.person_id}"


class Payment(models.Model):
    """Money of a decision: contract, payment, final account. They must reconcile before the outcome is disclosed."""

    class Kind(models.TextChoices):
        CONTRACT = "contracted", _("合同")
        PAYMENT = "paid", _("付款")
        FINAL_ACCOUNT = "final_account", _("决算")

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="payments")
    commitment = models.ForeignKey(
        "commitments.Commitment", models.PROTECT, null=True, blank=True, related_name="+"
    )  # fmt: skip
    kind = models.CharField(max_length=14, choices=Kind)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2, default=Money(0))
    to = models.CharField(_("收款方"), max_length=120, blank=True)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.decision_id}:{self.kind}:{self.amount}"
