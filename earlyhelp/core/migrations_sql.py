"""Functions and views kept as SQL files, each named after the migration that runs it, and never changed after."""

from pathlib import Path

from django.db.migrations.operations import RunSQL


def run_file(migration: str, name: str, *, undo: str) -> RunSQL:
    """Run `sql/NAME` of the app whose migration module (`__file__`) is given; `undo` is the SQL that takes it back."""
    return RunSQL((Path(migration).parent.parent / "sql" / name).read_text(), undo)
