"""Commands of imports: begin a batch, run it, give back what was done."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import tables
from yishi.core.tables import Table
from yishi.core.verdicts import require
from yishi.matters import permissions
from yishi.matters.bulk.kept import Hand
from yishi.matters.imports import columns
from yishi.matters.imports.columns import LABELS, Layout
from yishi.matters.imports.taking import Course, Tick, take_in
from yishi.matters.models import HotlineBatch
from yishi.network import selectors as network
from yishi.network.viewers import Viewer


def checked_mapping(table: Table, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Which column holds which field: by the columns' names, corrected by ``given``.

    Raises:
        ValidationError: a named column is not there, or one that every list needs is missing.
    """
    mapping = columns.guess(table.header) | {k: v for k, v in (given or {}).items() if v}
    unknown = sorted(set(mapping) - set(LABELS)) + sorted(set(mapping.values()) - set(table.header))
    if unknown:
        raise ValidationError(_("文件中没有“%(name)s”这一列。") % {"name": unknown[0]})
    if lost := columns.missing(mapping):
        names = "、".join(str(LABELS[f]) for f in lost)
        raise ValidationError(_("缺少这些列：%(names)s。请在文件中补上，或指定哪一列是。") % {"names": names})
    return mapping


def begin_batch(
    viewer: Viewer | None, town_id: int, file_name: str, data: bytes, layout: Layout, at: dt.datetime
) -> HotlineBatch:
    """A batch for a file that is about to be taken in. ``viewer`` None: the keeper's command line.

    Raises:
        Refusal: not of the town's desk.
    """
    if viewer is not None:
        require(permissions.may_import_reports(viewer, at))
    return HotlineBatch.objects.create(
        town_id=town_id, layout=layout.key, file_name=Path(file_name).name[:120],
        file_digest=hashlib.sha256(data).hexdigest(), by_id=viewer.person_id if viewer else None, at=at,
    )  # fmt: skip


def run_batch(
    batch: HotlineBatch, data: bytes, at: dt.datetime, *, mapping: Mapping[str, str] | None = None,
    public: bool | None = None, community_id: int | None = None, organisation_id: int | None = None,
    tick: Tick = lambda n: None, begun: Callable[[int], None] = lambda n: None,
) -> Course:  # fmt: skip
    """Take a batch's file in; ``begun`` hears how many rows there are. Repeating it changes nothing.

    Raises:
        ValidationError: the file cannot be read, or a column is missing.
    """
    table = tables.read_bytes(data, columns.KNOWN | set((mapping or {}).values()))
    begun(len(table.rows))
    layout = columns.LAYOUTS[batch.layout]
    course = Course(
        batch=batch, layout=layout, mapping=checked_mapping(table, mapping),
        public=layout.public if public is None else public, hand=Hand(batch.by_id, organisation_id), at=at,
        community_id=community_id, communities=names_of_communities(batch.town_id),
    )  # fmt: skip
    take_in(table, course, tick)
    return course


def names_of_communities(town_id: int) -> dict[str, int]:
    """Communities by name, without the word 社区."""
    return {a.name.removesuffix("社区"): a.pk for a in network.communities(town_id)}
