import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("network", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="household",
            name="invitation_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="invitation_uses_left",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="verificationrequest",
            name="address",
            field=models.CharField(blank=True, max_length=200, verbose_name="住址"),
        ),
        migrations.AlterField(
            model_name="verificationrequest",
            name="household_number",
            field=models.CharField(blank=True, max_length=30, verbose_name="户号"),
        ),
    ]
