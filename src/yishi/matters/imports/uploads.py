"""A file uploaded by an officer: kept, previewed, taken in by the background, accounted for."""

import datetime as dt
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from yishi.core import audit, clock, files, tables
from yishi.core.models import StoredFile
from yishi.core.tables import Table
from yishi.core.verdicts import Refusal, hidden, require
from yishi.matters import permissions
from yishi.matters.imports import columns, services
from yishi.matters.imports.columns import LAYOUTS
from yishi.matters.models import HotlineBatch
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

WAITING, BEGUN = "table", "table-begun"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an import is: ``waiting`` for its columns to be confirmed, ``running``, ``done`` or ``failed``."""

    state: str
    done: int = 0
    total: int = 0
    why: str = ""


def receive(viewer: Viewer, upload: BinaryIO, name: str, layout: str, at: dt.datetime) -> HotlineBatch:
    """Keep an uploaded list; nothing is taken in yet.

    Raises:
        ValidationError: it cannot be read, or has no rows.
        Refusal: not of the town's desk.
    """
    require(permissions.may_import_reports(viewer, at))
    data = upload.read(files.LARGEST_DOCUMENT + 1)
    if len(data) > files.LARGEST_DOCUMENT:
        raise ValidationError(_("文件太大，最多 %(most)s MB，请分成几个。") % {"most": files.LARGEST_DOCUMENT // 2**20})
    table = tables.read_bytes(data, columns.KNOWN)
    if not table.rows:
        raise ValidationError(_("文件里没有数据行。"))
    chosen = LAYOUTS.get(layout) or columns.layout_of(table.header)
    with transaction.atomic():
        batch = services.begin_batch(viewer, viewer.town_id or network.the_town().pk, name, data, chosen, at)
        files.store_table(batch, gzip.compress(data), name, at=at, town_id=batch.town_id, role=WAITING)
    return batch


def get_batch_for(viewer: Viewer, pk: int) -> HotlineBatch:
    """A batch of the viewer's town.

    Raises:
        Refusal: hidden, to all but the town's desk.
    """
    found = HotlineBatch.objects.select_related("by").filter(pk=pk, town_id=viewer.town_id).first()
    if found is None or not permissions.may_import_reports(viewer, clock.now()):
        raise Refusal(hidden())
    return found


def file_of(batch: HotlineBatch) -> StoredFile | None:
    """The kept file of a batch (imports of the command line keep none)."""
    return next((f for f in files.files_of(batch) if f.role in (WAITING, BEGUN)), None)


def bytes_of(batch: HotlineBatch) -> bytes | None:
    """What was uploaded."""
    kept = file_of(batch)
    return gzip.decompress(files.path_of(kept).read_bytes()) if kept else None


def table_of(batch: HotlineBatch) -> Table:
    """The rows of a batch's file.

    Raises:
        ValidationError: there is none.
    """
    data = bytes_of(batch)
    if data is None:
        raise ValidationError(_("这个批次没有保留原文件。"))
    return tables.read_bytes(data, columns.KNOWN)


def standing(batch: HotlineBatch) -> Standing:
    """How far it is, from what was written down."""
    kept = file_of(batch)
    failed = next((r["why"] for r in batch.refusals if r["row"] == 0), "")
    if failed:
        return Standing("failed", why=failed)
    if kept is not None and kept.role == WAITING:
        return Standing("waiting")
    done = batch.added + batch.unchanged + batch.refused
    if batch.rows and done == batch.rows:
        return Standing("done", done, batch.rows)
    return Standing("running", done, batch.rows)


def begin(
    viewer: Viewer, batch: HotlineBatch, mapping: Mapping[str, str], community_id: int | None, public: bool,
    at: dt.datetime,
) -> bool:  # fmt: skip
    """Hand a batch to the background, once; returns whether this call did.

    Raises:
        ValidationError: a column is missing.
        Refusal: not of the town's desk.
    """
    require(permissions.may_import_reports(viewer, at))
    services.checked_mapping(table_of(batch), mapping)
    office = next((o.organisation_id for o in viewer.offices), None)
    with transaction.atomic():
        kept = file_of(batch)
        waiting = (
            StoredFile.objects.select_for_update().filter(pk=kept.pk if kept else 0, role=WAITING).update(role=BEGUN)
        )
        if not waiting:
            return False
        batch.refusals = []
        batch.save(update_fields=["refusals"])
        transaction.on_commit(lambda: take_in_background(batch.pk, dict(mapping), community_id, public, office))
    return True


def take_in_background(batch_id: int, *rest: Any) -> None:
    """Put the work into the queue."""
    run.enqueue(batch_id, *rest)


@task()
def run(batch_id: int, mapping: dict[str, str], community_id: int | None, public: bool, office: int | None) -> int:
    """Take a batch in; run again after an interruption, it goes on where it stopped."""
    batch = HotlineBatch.objects.get(pk=batch_id)
    data = bytes_of(batch)
    if data is None:
        return 0
    try:
        services.run_batch(
            batch, data, clock.now(), mapping=mapping, public=public, community_id=community_id, organisation_id=office
        )
    except ValidationError as error:
        kept = file_of(batch)
        StoredFile.objects.filter(pk=kept.pk if kept else 0).update(role=WAITING)
        batch.refusals = [{"row": 0, "why": " ".join(error.messages)}]
        batch.save()
    return batch.added


def give_back(viewer: Viewer, town_id: int, count: int, at: dt.datetime, batch: HotlineBatch | None) -> None:
    """Put on record that results went back to the hotline.

    Raises:
        Refusal: not of the town's desk.
    """
    require(permissions.may_import_reports(viewer, at))
    from django.apps import apps

    subject = batch or apps.get_model("network.Area").objects.get(pk=town_id)
    with transaction.atomic():
        audit.record("matters.results_returned", subject, at=at, actor_id=viewer.person_id, town_id=town_id, rows=count)
