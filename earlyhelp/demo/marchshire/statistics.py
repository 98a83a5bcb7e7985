from django.apps import apps
from django.db import connection

APPS = ("accounts", "access", "families", "consent", "assessments", "plans", "timescales", "notifications")


def refresh() -> None:
    """Show PostgreSQL's planner what this transaction has written so far.

    Nobody else does before it ends; and by the figures of an empty table, one refresh of grants can take minutes.
    """
    tables = [m._meta.db_table for m in apps.get_models() if m._meta.app_label in APPS]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")
