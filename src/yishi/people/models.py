"""Accounts, persons, households, capacities and consent.

Every right is computed from capacities, posts and terms at a moment, never from a role box.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yishi.people.managers import UserManager


class Person(models.Model):
    """Someone the town deals with, with or without an account. Personal data lives here alone."""

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    name_initials = models.CharField(max_length=20, blank=True)
    shown_as = models.CharField(_("对外称呼"), max_length=40, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    id_last4 = models.CharField(max_length=4, blank=True)
    id_digest = models.CharField(max_length=64, blank=True)
    import_key = models.CharField(max_length=80, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["town", "name"], name="person_town_name"),
            models.Index(fields=["town", "phone"], name="person_town_phone"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["town", "import_key"], condition=~Q(import_key=""), name="person_import_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """An account: how someone signs in. Rights come from its person's capacities and posts."""

    phone = models.CharField(_("手机号"), max_length=20, unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    email = models.EmailField(_("邮箱"), unique=True, null=True, blank=True)
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="user")
    is_active = models.BooleanField(default=True)
    is_keeper = models.BooleanField(default=False, help_text="keeps the installation; decides nothing")
    created_at = models.DateTimeField()

    USERNAME_FIELD = "id"
    objects = UserManager()

    class Meta:
        indexes = [models.Index(fields=["person"], name="user_person")]

    def __str__(self) -> str:
        return f"user {self.pk}"


class Household(models.Model):
    """A household on a community's roll; its invitation code verifies its members."""

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    area = models.ForeignKey("network.Area", models.PROTECT, related_name="households")
    number = models.CharField(_("户号"), max_length=30)
    address = models.CharField(_("地址"), max_length=200)
    invitation_digest = models.CharField(max_length=64, blank=True)
    invitation_until = models.DateField(null=True, blank=True)
    invitation_uses_left = models.PositiveSmallIntegerField(default=0)
    invitation_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "area", "number"], name="household_number_once")]

    def __str__(self) -> str:
        return self.number


class HouseholdMember(models.Model):
    """A person belongs to a household for a time."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="households")
    relation = models.CharField(_("与户主关系"), max_length=20, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"], condition=Q(until=None), name="household_member_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id}:{self.person_id}"


class Capacity(models.Model):
    """What a person is, for a time, verified by whom: the ground of every right."""

    class Kind(models.TextChoices):
        RESIDENT = "resident", _("居民")
        VILLAGER = "villager", _("村民")
        MEMBER = "member", _("成员")
        OWNER = "owner", _("业主")
        PARTY_MEMBER = "party_member", _("党员")
        VOLUNTEER = "volunteer", _("志愿者")
        GUARDIAN = "guardian", _("监护人")

    person = models.ForeignKey(Person, models.PROTECT, related_name="capacities")
    kind = models.CharField(max_length=16, choices=Kind)
    area = models.ForeignKey("network.Area", models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey("network.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    ward = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="guardians")
    basis = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "kind"], name="capacity_person_kind")]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.kind}"


class VerificationRequest(models.Model):
    """Someone asks to be recognised as a resident; a community officer answers."""

    class State(models.TextChoices):
        OPEN = "open", _("待核实")
        ACCEPTED = "accepted", _("已核实")
        REFUSED = "refused", _("未通过")

    town = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="verification_requests")
    community = models.ForeignKey("network.Area", models.PROTECT, related_name="+")
    household_number = models.CharField(_("户号"), max_length=30, blank=True)
    address = models.CharField(_("住址"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["community", "state"], name="verification_community")]

    def __str__(self) -> str:
        return f"{self.person_id}:{self.state}"


class Consent(models.Model):
    """Consent given, how, to what, and when it was withdrawn."""

    class Manner(models.TextChoices):
        SPOKEN = "spoken", _("口头")
        WRITTEN = "written", _("书面")
        ONLINE = "online", _("线上")

    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="consents")
    purpose = models.CharField(max_length=40)
    manner = models.CharField(max_length=10, choices=Manner)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose}:{self.manner}"


class HelperSession(models.Model):
    """代办： a helper acts for someone, with consent on the record, until it is ended."""

    helper = models.ForeignKey(Person, models.PROTECT, related_name="helping")
    helped = models.ForeignKey(Person, models.PROTECT, related_name="helped_by")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["helper"], condition=Q(ended_at=None), name="helper_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.helper_id}→{self.helped_id}"


class ApiToken(models.Model):
    """A token for the API, with scopes; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    second_factor = models.BooleanField(default=False, help_text="made in a session confirmed by a second factor")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
