"""The audit chain and kept files."""

from django.db import models


class AuditEntry(models.Model):
    """One act on one subject, chained to the one before it.

    Holds references and digests, never personal data: what was public stays
    provable when what is personal is erased.
    """

    town_id = models.BigIntegerField(default=0)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "number"], name="audit_chain_once"),
        ]
        indexes = [
            models.Index(fields=["town_id", "at"], name="audit_town_at"),
            models.Index(fields=["actor_id", "at"], name="audit_actor_at"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}#{self.number} {self.verb}"


class StoredFile(models.Model):
    """A file that belongs to a subject; photos are re-encoded without location data.

    ``public`` files are served to anyone who may see the subject's public page.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo"
        VOICE = "voice"
        DOCUMENT = "document"

    town_id = models.BigIntegerField(default=0)
    token = models.CharField(max_length=32, unique=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    role = models.CharField(max_length=20, blank=True)
    public = models.BooleanField(default=False)
    name = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="file_subject")]

    def __str__(self) -> str:
        return self.token


class SearchEntry(models.Model):
    """What an object is found by. The index itself is SQLite's FTS5 or a PostgreSQL tsvector."""

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    town_id = models.BigIntegerField()
    public = models.BooleanField(default=False)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"
