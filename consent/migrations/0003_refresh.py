"""A refresh asks the rule once, with a plan that fits how many families it is for."""

from pathlib import Path

from django.db import migrations

import earlyhelp.access
from earlyhelp.core.migrations_sql import run_file

FIRST_REFRESH = (Path(earlyhelp.access.__file__).parent / "sql" / "0001_refresh.sql").read_text()
AS_BEFORE = FIRST_REFRESH[: FIRST_REFRESH.index("CREATE FUNCTION access_refresh_families")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_access")]

    operations = [
        run_file(
            __file__,
            "0003_refresh.sql",
            undo=f"{AS_BEFORE}; DROP FUNCTION access_given_in_few(bigint[]);"
            " DROP FUNCTION access_given_to(bigint[]); DROP FUNCTION access_given_in_many(bigint[])",
        ),
    ]
