"""Emergency access, lawful sharing and people whom the family excludes, in the rule of who may see."""

from pathlib import Path

from django.db import migrations

from earlyhelp.core.migrations_sql import run_file

SQL = Path(__file__).parent.parent / "sql"
LEDGER = (SQL / "0002_ledger.sql").read_text()
REFUSED = LEDGER[LEDGER.index("CREATE VIEW consent_refused") : LEDGER.index("CREATE FUNCTION consent_refresh_families")]
BEFORE = (SQL / "0002_access.sql").read_text().replace("CREATE VIEW", "CREATE OR REPLACE VIEW")


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_lawful"), ("families", "0004_front_door")]

    operations = [
        run_file(
            __file__,
            "0005_access.sql",
            undo=f"{REFUSED}; {BEFORE}; DROP FUNCTION access_said(bigint, bigint),"
            " access_said_no(bigint, bigint), access_refused(bigint, bigint)",
        ),
    ]
