from django.db import migrations


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE core_search USING fts5("
            "terms, initials, content='', tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        schema_editor.execute("ALTER TABLE core_searchentry ADD COLUMN terms tsvector")
        schema_editor.execute("CREATE INDEX core_search_terms ON core_searchentry USING gin (terms)")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE core_search")
    else:
        schema_editor.execute("ALTER TABLE core_searchentry DROP COLUMN terms")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_search")]
    operations = [migrations.RunPython(make_index, drop_index)]
