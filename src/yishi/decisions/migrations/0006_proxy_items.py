from typing import Any

from django.db import migrations, models


def whole_meetings(apps: Any, schema_editor: Any) -> None:
    """A proxy written so far was for every item of its meeting."""
    for proxy in apps.get_model("decisions", "Proxy").objects.select_related("meeting"):
        proxy.items.set(proxy.meeting.items.all())


class Migration(migrations.Migration):
    dependencies = [("decisions", "0005_signed_text")]

    operations = [
        migrations.AddField(
            model_name="proxy",
            name="items",
            field=models.ManyToManyField(
                help_text="for which the procedure accepted it; it is good for no other",
                related_name="proxies",
                to="decisions.agendaitem",
            ),
        ),
        migrations.RunPython(whole_meetings, migrations.RunPython.noop),
    ]
