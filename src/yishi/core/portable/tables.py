"""Which tables are exported, and how a row is written and read."""

import base64
import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, JSONField, Model

FORMAT = "yishi-export"
VERSION = 1
# Made anew by every installation: nothing in them is anyone's record.
_LEFT_OUT = {
    "sessions.session": "who is signed in at this moment",
    "contenttypes.contenttype": "made by the migrations",
    "auth.permission": "made by the migrations; rights come from posts and capacities",
    "auth.group": "not used; rights come from posts and capacities",
    "auth.group_permissions": "not used; rights come from posts and capacities",
    "django_tasks_db.dbtaskresult": "background jobs of this machine",
}
Column = Field[Any, Any]


def excluded_models() -> dict[str, str]:
    """Labels of the tables that are not exported, each with the reason."""
    return dict(_LEFT_OUT)


def exported_models() -> list[type[Model]]:
    """Every other table, by label."""
    found = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    return sorted((m for m in found if m._meta.label_lower not in _LEFT_OUT), key=lambda m: m._meta.label_lower)


def columns_of(model: type[Model]) -> list[Column]:
    """The stored columns of a table, in the order of the model."""
    return list(model._meta.concrete_fields)


def schema() -> dict[str, str]:
    """The last migration of each app, by which an export says for which version it is."""
    last: dict[str, str] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        last[app] = max(last.get(app, ""), name)
    return last


def written(value: Any) -> Any:
    """A value as JSON: moments in UTC, days as ISO, money and keys as text, bytes as base64."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def read_back(column: Column, value: Any) -> Any:
    """The inverse of :func:`written`, ready for the database."""
    if value is None:
        return column.get_db_prep_save(None, connection)
    if column.get_internal_type() == "BinaryField":
        value = base64.b64decode(value)
    elif not isinstance(column, JSONField):
        value = column.to_python(value)
    return column.get_db_prep_save(value, connection)
