"""The rule of who may see, as views over its sources; grants are then written from it."""

from django.db import migrations

from earlyhelp.core.migrations_sql import run_file


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        run_file(
            __file__,
            "0002_ledger.sql",
            undo="DROP FUNCTION consent_refresh_families(bigint[]); DROP VIEW consent_refused;"
            " DROP VIEW consent_agency_current",
        ),
        run_file(
            __file__,
            "0002_access.sql",
            undo="DROP VIEW access_current; DROP VIEW access_runs_with_agreement; DROP VIEW access_runs;"
            " DROP VIEW access_agreed; DROP VIEW access_works_for; DROP VIEW access_agency_knows",
        ),
    ]
