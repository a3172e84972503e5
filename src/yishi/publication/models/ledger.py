"""The ledger's tables: leaves as they are entered, full tiles, the signed checkpoints, the witnesses."""

from django.db import models


class LedgerLeaf(models.Model):
    """One entry: canonical JSON of references, numbers and digests, never personal data.

    Written inside the act that it tells of; ``index`` is its place in the log, given when the next
    batch is taken in.
    """

    index = models.BigIntegerField(null=True, unique=True)
    what = models.CharField(max_length=24)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    check_code = models.CharField(max_length=12, db_index=True)
    entry = models.BinaryField(max_length=65_535)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="ledger_leaf_subject"),
            models.Index(fields=["id"], condition=models.Q(index=None), name="ledger_leaf_waiting"),
        ]

    def __str__(self) -> str:
        return f"leaf {self.index}"


class LedgerHead(models.Model):
    """How far the log has come: its size, and the partial tiles of levels from 1 up. One row."""

    size = models.BigIntegerField(default=0)
    edges = models.JSONField(default=list, help_text="in hexadecimal, by level")

    def __str__(self) -> str:
        return f"log of {self.size}"


class LedgerTile(models.Model):
    """A full tile with its inner levels (level 0 and up) or a full entry bundle (level -1). Written once."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="ledger_tile_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class LedgerCheckpoint(models.Model):
    """The log's size and root, signed; witnesses' cosignatures are added under it."""

    size = models.BigIntegerField(unique=True)
    note = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class LedgerWitness(models.Model):
    """Whose cosignatures are accepted."""

    key = models.CharField(max_length=200, unique=True, help_text="name+id+key, of a cosignature")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key.partition("+")[0]
