"""Row security, declared by each model as its `security` (design, section 3.3).

A policy reads one flat table, the grants of the person who asks; the identity stays in scalar sub-selects, so that it
is evaluated once a statement.
"""

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass

from django.apps import apps
from django.db.models import Model

from earlyhelp.access import declared
from earlyhelp.access.declared import Declared
from earlyhelp.access.levels import Level
from earlyhelp.access.reasons import LAWFUL

SYSTEM = "(SELECT access_system())"
ME = "(SELECT access_me())"
NEVER = "false"
ANYONE = "true"


def granted(
    level: Level,
    *,
    family: str,
    person: tuple[str, ...] = (),
    people: str | None = None,
    agency: str | None = None,
    reason: str = "",
) -> str:
    """SQL: whoever asks holds `level` for the row's family (for a `reason`), through an agency that its people share with.

    `person` names columns that hold one person's id or null; `people`, an array of ids; `agency`, the column with the
    only agency whose people may read the row, or null. What is about nobody by name isn't for lawful sharing. Each row is
    looked up by itself (OFFSET 0): pages read few rows, and PostgreSQL would fetch all grants of their reader first.
    """
    withheld = "g.withheld" if level == Level.BASIC else "g.withheld_beyond_basic"
    about = "".join(f" AND ({column} IS NULL OR {column} <> ALL ({withheld}))" for column in person)
    about += f" AND NOT {people} && {withheld}" if people else ""
    about += f" AND ({agency} IS NULL OR g.agency_id = {agency})" if agency else ""
    about += f" AND g.reason = '{reason}'" if reason else ""
    if level == Level.VIEW:
        named = [f"g.reason <> '{LAWFUL}'", *(f"{column} IS NOT NULL" for column in person)]
        named += [f"cardinality({people}) > 0"] if people else []
        about += f" AND ({' OR '.join(named)})"
    return (
        f"EXISTS (SELECT 1 FROM access_grant g WHERE g.user_id = {ME} AND g.family_id = {family}"
        f" AND g.level >= {int(level)} AND {in_force('g')}{about} OFFSET 0)"
    )


def in_force(row: str) -> str:
    """SQL: what a row gives hasn't run out."""
    return f"({row}.until IS NULL OR {row}.until > (SELECT access_now()))"


def works(condition: str) -> str:
    """SQL: whoever asks works somewhere, `m`, such that `condition` holds."""
    return (
        f"EXISTS (SELECT 1 FROM access_works_for m WHERE m.user_id = {ME} AND {in_force('m')} AND {condition} OFFSET 0)"
    )


def triages(locality: str) -> str:
    """SQL: whoever asks runs the front door of a locality."""
    return works(f"(m.role = 'service_manager' OR (m.role = 'locality_officer' AND m.locality_id = {locality}))")


@dataclass(frozen=True)
class Policies:
    """Forced row security with one policy per command; a command without an expression is for the system alone."""

    _: KW_ONLY
    select: str = NEVER
    insert: str = NEVER
    update: str = NEVER
    delete: str = NEVER

    def expressions(self, table: str) -> dict[str, str]:
        """The SQL expression that decides each command."""
        return {"select": self.select, "insert": self.insert, "update": self.update, "delete": self.delete}


@dataclass(frozen=True)
class RowSecurity:
    """The policy of a family's table: who holds `read` for the family reads, who holds `write` adds and changes.

    `person` names the columns with the people that the row is about, `people` an array column of them; `narrowed`, the
    array of the only users who may read the row when it isn't null; `agency`, the column with the only agency whose
    people may, when it isn't null; `own`, the columns with a user who reads the row however little they may know of the
    family, and `own_any` an array of such users. `deeper` is a condition under which a row needs `view`, whatever `read`
    says. `also` is a condition of its own under which a row is read without any grant, in SQL. Where `errors`, rows can turn out to be filed in the wrong family: such a row is gone from sight, its history
    too. Rows are removed by the system alone, unless `delete` names a level. Every change is kept, unless `history` is
    False.
    """

    _: KW_ONLY
    read: Level
    write: Level
    delete: Level | None = None
    family: str = "family_id"
    person: tuple[str, ...] = ()
    people: str | None = None
    narrowed: str | None = None
    agency: str | None = None
    own: tuple[str, ...] = ()
    own_any: str | None = None
    deeper: str | None = None
    also: str | None = None
    errors: bool = False
    history: bool = True

    def expressions(self, table: str) -> dict[str, str]:
        """The SQL expression that decides each command."""
        family, person = f"{table}.{self.family}", tuple(f"{table}.{column}" for column in self.person)
        people = f"{table}.{self.people}" if self.people else None
        agency = f"{table}.{self.agency}" if self.agency else None
        read = granted(self.read, family=family, person=person, people=people, agency=agency)
        known = granted(Level.BASIC, family=family, person=person, people=people)
        write = granted(self.write, family=family, person=person, people=people)
        if self.narrowed:
            column = f"{table}.{self.narrowed}"
            read = f"({read} AND ({column} IS NULL OR {ME} = ANY ({column})))"
        if self.deeper:
            view = granted(Level.VIEW, family=family, person=person, people=people, agency=agency)
            read = f"({read} AND (NOT {table}.{self.deeper} OR {view}))"
        for column in self.own:
            read = f"({read} OR ({table}.{column} = {ME} AND {known}))"
        if self.own_any:
            read = f"({read} OR ({ME} = ANY ({table}.{self.own_any}) AND {known}))"
        if self.also:
            read = f"({read} OR {self.also})"
        if self.errors:
            read = f"({read} AND {not_hidden(repr(table), f'{table}.id')})"
        delete = granted(self.delete, family=family, person=person, people=people) if self.delete else NEVER
        return {"select": read, "insert": write, "update": write, "delete": delete}


def not_hidden(table: str, row: str) -> str:
    """SQL: nothing has taken the row of a table out of sight (HidesRows); both are SQL themselves."""
    hiding = [model._meta.db_table for model in apps.get_models() if getattr(model, "hides_rows", False)]
    return " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {hides} x WHERE x.table_name = {table} AND x.row_id = {row} OFFSET 0)"
        for hides in hiding
    )


def policies_of(model: type[Model]) -> Policies | RowSecurity | None:
    """The row security that a model declares."""
    security = getattr(model, "security", None)
    return security if isinstance(security, Policies | RowSecurity) else None


def guarded() -> Iterator[tuple[type[Model], Policies | RowSecurity]]:
    """Every model that declares row security, with it."""
    for model in apps.get_models(include_auto_created=True):
        if security := policies_of(model):
            yield model, security


def policies() -> Iterator[Declared]:
    for model, security in guarded():
        table = model._meta.db_table
        for command, expression in security.expressions(table).items():
            rule = f"({SYSTEM} OR {expression})"
            using = "" if command == "insert" else f" USING {rule}"
            check = f" WITH CHECK {rule}" if command in ("insert", "update") else ""
            forced = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
            create = f"CREATE POLICY may_{command} ON {table} FOR {command.upper()}{using}{check}"
            yield Declared((forced if command == "select" else "") + create)


declared.sources.append(policies)
