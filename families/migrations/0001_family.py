"""The table that grants point at. Its row security reads the grants, and so comes after them, in 0002."""

import django.db.models.deletion
from django.db import migrations, models

import earlyhelp.core.clock
import families.references


class Migration(migrations.Migration):
    initial = True

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE families_reference", "DROP SEQUENCE families_reference"),
        migrations.CreateModel(
            name="Family",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=families.references.new_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The name that the family goes by, such as “Okafor”.", max_length=150
                    ),
                ),
                ("restricted", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                (
                    "locality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.locality"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "families",
                "ordering": ["name", "pk"],
                "permissions": [("basic", "May know basic information"), ("additional", "May know additional information")],
            },
        ),
    ]
