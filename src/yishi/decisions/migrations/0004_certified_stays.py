"""A certified result is never changed: the database itself refuses, whoever writes."""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER decisions_result_stays BEFORE UPDATE ON decisions_result
WHEN OLD.certified_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a certified result is never changed'); END
"""
POSTGRESQL = """
CREATE FUNCTION decisions_result_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a certified result is never changed' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER decisions_result_stays BEFORE UPDATE ON decisions_result
FOR EACH ROW WHEN (OLD.certified_at IS NOT NULL) EXECUTE FUNCTION decisions_result_stays()
"""


def guard(apps: Any, editor: Any) -> None:
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER decisions_result_stays ON decisions_result")
        editor.execute("DROP FUNCTION decisions_result_stays()")
    else:
        editor.execute("DROP TRIGGER decisions_result_stays")


class Migration(migrations.Migration):
    dependencies = [("decisions", "0003_holders_and_receipts")]
    operations = [migrations.RunPython(guard, unguard)]
