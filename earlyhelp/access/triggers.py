"""Statement triggers that keep a projection in step with its sources, in the transaction that changes them."""

import pgtrigger
from pgtrigger import Trigger


def refresh_on_change(function: str, *, key: str, watch: tuple[str, ...]) -> list[Trigger]:
    """Triggers that call `function(bigint[])` with the `key` values of the rows that a statement adds, removes or
    changes in a column of `watch`. PostgreSQL gives transition tables to one event each, so there are three."""
    columns = ", ".join(dict.fromkeys((key, *watch)))
    name = function.removeprefix("access_").removeprefix("consent_")
    added = f"SELECT {key} FROM changed_to"
    removed = f"SELECT {key} FROM changed_from"
    altered = (
        f"SELECT {key} FROM (SELECT {columns} FROM changed_from EXCEPT SELECT {columns} FROM changed_to) a"
        f" UNION SELECT {key} FROM (SELECT {columns} FROM changed_to EXCEPT SELECT {columns} FROM changed_from) b"
    )
    new, old = {"new": "changed_to"}, {"old": "changed_from"}
    return [
        Trigger(
            name=f"{name}_{suffix}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**tables),
            func=f"PERFORM {function}(ARRAY({rows})); RETURN NULL;",
        )
        for suffix, operation, tables, rows in (
            ("added", pgtrigger.Insert, new, added),
            ("altered", pgtrigger.Update, old | new, altered),
            ("removed", pgtrigger.Delete, old, removed),
        )
    ]
