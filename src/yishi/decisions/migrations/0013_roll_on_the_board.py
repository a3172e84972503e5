"""The QR on a posted roll of voters; those that are posted already get their codes."""

from typing import Any

from django.db import migrations, models

from yishi.core import clock


def give_codes(apps: Any, schema_editor: Any) -> None:
    """A code for every roll of voters that was posted."""
    for roll in apps.get_model("decisions", "Roll").objects.filter(kind="voters").exclude(frozen_at=None):
        roll.board_code = clock.new_code(12)
        roll.save(update_fields=["board_code"])


class Migration(migrations.Migration):
    dependencies = [("decisions", "0012_marked_without_channel")]

    operations = [
        migrations.AddField(
            "roll",
            "board_code",
            models.CharField(
                blank=True, help_text="of the QR on the posted roll of voters", max_length=12, null=True, unique=True
            ),
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
    ]
