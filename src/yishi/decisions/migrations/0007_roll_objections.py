"""Objections to the posted voters' roll."""

import django.db.models.deletion
from django.db import migrations, models

PERSON = "people.person"


class Migration(migrations.Migration):
    dependencies = [("people", "__first__"), ("decisions", "0006_proxy_items")]
    operations = [
        migrations.CreateModel(
            name="RollObjection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("words", models.CharField(max_length=500, verbose_name="申诉")),
                ("at", models.DateTimeField()),
                ("upheld", models.BooleanField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("ruled_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=PERSON)),
                ("roll", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="decisions.roll")),
                ("ruled_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=PERSON)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("roll", "number"), name="roll_objection_once")]},
        ),
    ]  # fmt: skip
