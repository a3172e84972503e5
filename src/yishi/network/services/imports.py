"""Importing the network from Excel, by a town officer."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core.verdicts import require
from yishi.network import importing, permissions
from yishi.network.models import Area
from yishi.network.viewers import Viewer

LARGEST = 15 * 1024 * 1024


def import_network(
    viewer: Viewer, town: Area, content: bytes, file_name: str, at: dt.datetime, *, dry_run: bool
) -> importing.Outcome:
    """Take an Excel file into the town, or say what it would do.

    Raises:
        ValidationError: not an Excel file, or too large.
        Refusal: the viewer is not an organisation officer of the town.
    """
    require(permissions.may_import_network(viewer, town.pk, at))
    if len(content) > LARGEST:
        raise ValidationError(_("文件超过 15 MB，请分成几个文件导入。"))
    return importing.import_workbook(content, file_name, at, town=town, by_id=viewer.person_id, dry_run=dry_run)
