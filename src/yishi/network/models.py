"""Areas, organisations, posts and terms: who held what, where, on which day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named:
    """A thing with a Chinese name and perhaps an English one."""

    name: str
    name_en: str

    @property
    def shown(self) -> str:
        """The name in the language of the page."""
        return (self.name_en if (get_language() or "").startswith("en") else "") or self.name


class Area(Named, models.Model):
    """A place in the chain district → town → community → cooperative or estate → grid.

    ``path`` is the chain of ids (``/1/5/32/``): an area lies within another when
    its path starts with the other's.
    """

    class Kind(models.TextChoices):
        DISTRICT = "district", _("区")
        TOWN = "town", _("镇街")
        COMMUNITY = "community", _("社区")
        COOPERATIVE = "cooperative", _("经济社")
        ESTATE = "estate", _("小区")
        GRID = "grid", _("网格")

    kind = models.CharField(max_length=12, choices=Kind)
    town = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, blank=True, db_index=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    code = models.CharField(_("代码"), max_length=30, blank=True)
    slug = models.SlugField(max_length=60, blank=True)
    household_count = models.PositiveIntegerField(default=0)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "kind", "name"], name="area_name_once")]
        indexes = [models.Index(fields=["town", "kind"], name="area_town_kind")]

    def __str__(self) -> str:
        return self.name


class Organisation(Named, models.Model):
    """A Party or civil organisation, seated in an area."""

    class Kind(models.TextChoices):
        PARTY_COMMITTEE = "party_committee", _("党委")
        GENERAL_PARTY_BRANCH = "general_party_branch", _("党总支")
        PARTY_BRANCH = "party_branch", _("党支部")
        TOWN_GOVERNMENT = "town_government", _("镇政府")
        DEPARTMENT = "department", _("部门")
        HOTLINE_CENTRE = "hotline_centre", _("热线办")
        RESIDENTS_COMMITTEE = "residents_committee", _("居民委员会")
        VILLAGERS_COMMITTEE = "villagers_committee", _("村民委员会")
        SUPERVISION_COMMITTEE = "village_supervision_committee", _("监督委员会")
        ECONOMIC_COOPERATIVE = "economic_cooperative", _("经济社")
        COOPERATIVE_UNION = "economic_cooperative_union", _("经济联合社")
        OWNERS_COMMITTEE = "owners_committee", _("业主委员会")
        PROPERTY_COMPANY = "property_service_company", _("物业服务企业")
        RESIDENTS_HALL = "residents_hall", _("居民议事厅")
        NEIGHBOURS_HALL = "neighbours_hall", _("近邻议事厅")
        WOMENS_HALL = "womens_hall", _("芳华议事厅")
        NEIGHBOURHOOD_ASSOCIATION = "neighbourhood_association", _("街坊会")

    class Tree(models.TextChoices):
        PARTY = "party", _("党组织")
        CIVIL = "civil", _("自治与经济组织")

    town = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="organisations")
    kind = models.CharField(max_length=32, choices=Kind)
    tree = models.CharField(max_length=6, choices=Tree)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=30, blank=True)
    sensitive = models.BooleanField(default=False, help_text="its matters are never public")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "area", "kind", "name"], name="organisation_once")]
        indexes = [models.Index(fields=["town", "kind"], name="organisation_town_kind")]

    def __str__(self) -> str:
        return self.name


class Edge(models.Model):
    """A dated tie between two organisations: one is under another, or joint with it, or serves it."""

    class Kind(models.TextChoices):
        UNDER = "under", _("隶属")
        JOINT = "joint", _("联合")
        SERVES = "serves", _("对应")

    child = models.ForeignKey(Organisation, models.PROTECT, related_name="edges_up")
    parent = models.ForeignKey(Organisation, models.PROTECT, related_name="edges_down")
    kind = models.CharField(max_length=8, choices=Kind)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "parent", "kind", "since"], name="edge_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="edge_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.child_id}-{self.kind}-{self.parent_id}"


class Post(models.Model):
    """A post in an organisation. What it may do follows from its duty and the organisation's kind."""

    class Duty(models.TextChoices):
        SECRETARY = "secretary", _("书记")
        DEPUTY_SECRETARY = "deputy_secretary", _("副书记")
        DIRECTOR = "director", _("主任")
        PRESIDENT = "president", _("社长")
        COMMITTEE_MEMBER = "committee_member", _("委员")
        OFFICER = "officer", _("工作人员")
        DISPATCHER = "dispatcher", _("派单员")
        GRID_WORKER = "grid_worker", _("网格员")
        DELIBERATOR = "deliberator", _("议事员")
        HOST = "host", _("主持人")
        SUPERVISOR = "supervisor", _("监督员")
        AUDITOR = "auditor", _("审计员")
        REPRESENTATIVE = "representative", _("代表")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    duty = models.CharField(max_length=20, choices=Duty)
    title = models.CharField(_("职务"), max_length=60)
    title_en = models.CharField(max_length=80, blank=True)
    seats = models.PositiveSmallIntegerField(default=1)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "title"], name="post_title_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def shown(self) -> str:
        """The title in the language of the page."""
        return (self.title_en if (get_language() or "").startswith("en") else "") or self.title


class Term(models.Model):
    """A person holds a post from a day to a day (both included)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="terms")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="terms")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "person", "since"], name="term_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="term_dates"),
        ]
        indexes = [models.Index(fields=["person", "since"], name="term_person_since")]

    def __str__(self) -> str:
        return f"{self.person_id}@{self.post_id}"


class ImportRun(models.Model):
    """An import from Excel: every row accounted for; the bad ones come back in a file."""

    town = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    file_name = models.CharField(max_length=120)
    file_digest = models.CharField(max_length=64)
    by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"
