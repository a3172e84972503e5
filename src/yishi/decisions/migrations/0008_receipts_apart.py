"""A receipt and the marks of a secret ballot never lie in one row, not even while the box is open."""

import secrets
from typing import Any

from django.db import migrations

import yishi.decisions.models.ballot


def part(apps: Any, editor: Any) -> None:
    """Of boxes that are open now: their receipts into the table of receipts, under keys that tell nothing."""
    ballots = apps.get_model("decisions", "SecretBallot").objects.filter(box__state="open")
    receipts = apps.get_model("decisions", "BoxReceipt")
    for box, receipt in ballots.order_by("receipt").values_list("box_id", "receipt"):
        receipts.objects.create(id=secrets.randbits(62), box_id=box, receipt=receipt)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0007_roll_objections")]
    operations = [
        migrations.AlterField(
            model_name="boxreceipt",
            name="id",
            field=yishi.decisions.models.ballot.RandomKey(primary_key=True, serialize=False),
        ),
        migrations.RunPython(part),
        migrations.RemoveConstraint(model_name="secretballot", name="secret_ballot_receipt"),
        migrations.RemoveField(model_name="secretballot", name="receipt"),
    ]
