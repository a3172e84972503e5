"""A signature belongs to the text that was signed; earlier ones to the version that stood when they were given."""

from typing import Any

from django.db import migrations, models


def fill(apps: Any, editor: Any) -> None:
    versions = apps.get_model("decisions", "MotionVersion").objects
    for signature in apps.get_model("decisions", "PetitionSignature").objects.select_related("petition"):
        known = versions.filter(decision_id=signature.petition.decision_id).order_by("-number")
        stood = known.filter(at__lte=signature.at).first() or known.last()
        if stood is not None:
            signature.digest = stood.digest
            signature.save(update_fields=["digest"])


class Migration(migrations.Migration):
    dependencies = [("decisions", "0004_certified_stays")]
    operations = [
        migrations.AddField(
            "petitionsignature", "digest",
            models.CharField(default="", max_length=64, help_text="of the version of the motion that was signed"),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]  # fmt: skip
