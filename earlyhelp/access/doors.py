"""The one statement of who may see which family, how far, why and until when: every door, less every bar.

A door is a view in `sql/doors/` of the app that knows its tables, with the columns of COLUMNS and whether it opens a
restricted family too (`though_restricted`). `level` is one of Level, `reason` a code of `reasons`. No door reads the
clock: what ends says until when. A bar is a view in `sql/bars/`: whom a family is kept from, whatever opens it. A
view in `sql/unseen/` names people of a family of whom nobody knows.
"""

from collections.abc import Iterator

from earlyhelp.access import declared
from earlyhelp.access.declared import Declared, sql_files

COLUMNS = "user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic"


def doors() -> list[str]:
    return _views("doors")


def bars() -> list[str]:
    return _views("bars")


def unseen() -> list[str]:
    return _views("unseen")


def _views(folder: str) -> list[str]:
    return [Declared(file.read_text()).name for file in sql_files() if file.parent.name == folder]


def rule() -> Iterator[Declared]:
    barred = "\nUNION ALL\n".join(f"SELECT family_id, user_id FROM {bar}" for bar in bars())
    yield Declared(f"CREATE VIEW access_barred WITH (security_invoker = true) AS\n{barred}")
    nobody_knows = "\n    UNION ALL\n    ".join(f"SELECT family_id, person_id FROM {view}" for view in unseen())
    yield Declared(
        "CREATE VIEW access_out_of_sight WITH (security_invoker = true) AS\n"
        "SELECT family_id, array_agg(person_id ORDER BY person_id) AS people\n"
        f"FROM (\n    {nobody_knows}\n) p GROUP BY family_id"
    )
    given = "\n    UNION ALL\n    ".join(f"SELECT {COLUMNS}, though_restricted FROM {door}" for door in doors())
    withheld = ", ".join(
        f"CASE WHEN o.people IS NULL THEN d.{column}"
        f" ELSE ARRAY(SELECT DISTINCT unnest(d.{column} || o.people) AS person ORDER BY person) END AS {column}"
        for column in ("withheld", "withheld_beyond_basic")
    )
    yield Declared(
        "CREATE VIEW access_current WITH (security_invoker = true) AS\n"
        "SELECT DISTINCT d.user_id, d.family_id, d.level::smallint AS level, d.reason::varchar(40) AS reason, d.agency_id,"
        f" d.until, {withheld}\nFROM (\n    {given}\n) d\n"
        "JOIN families_family f ON f.id = d.family_id AND (d.though_restricted OR NOT f.restricted)\n"
        "LEFT JOIN access_out_of_sight o ON o.family_id = d.family_id\n"
        "WHERE NOT EXISTS (SELECT 1 FROM access_barred b WHERE b.family_id = d.family_id AND b.user_id = d.user_id)"
    )


declared.sources.append(rule)
