"""Emergency access, lawful sharing and people whom the family excludes, in the rule of who may see."""

from pathlib import Path

from django.db import migrations

from earlyhelp.core.migrations_sql import run_file

BEFORE = (Path(__file__).parent.parent / "sql" / "0002_access.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_lawful"), ("families", "0004_front_door")]

    operations = [
        run_file(
            __file__,
            "0005_access.sql",
            undo=BEFORE.replace("CREATE VIEW", "CREATE OR REPLACE VIEW") + "; DROP VIEW access_said_no; DROP VIEW access_last_no; DROP VIEW access_said",
        ),
    ]
