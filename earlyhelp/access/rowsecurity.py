"""Row security as Django constraints, so that migrations write the policies (design, section 3.3).

A policy reads one flat table, the grants of the person who asks; the identity stays in scalar sub-selects, so that it
is evaluated once a statement.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.migrations.operations.base import Operation
from django.db.models import BaseConstraint, Model

from earlyhelp.access.levels import Level

SYSTEM = "(SELECT access_system())"
ME = "(SELECT access_me())"
NAMED_ONLY = "lawful sharing"  # the reason of a grant that opens nothing but what is about someone by name
NEVER = "false"
ANYONE = "true"
COMMANDS = ("select", "insert", "update", "delete")


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
    only agency whose people may read the row, or null. What is about nobody by name isn't for lawful sharing.
    """
    withheld = "g.withheld" if level == Level.BASIC else "g.withheld_beyond_basic"
    about = "".join(f" AND ({column} IS NULL OR {column} <> ALL ({withheld}))" for column in person)
    about += f" AND NOT {people} && {withheld}" if people else ""
    about += f" AND ({agency} IS NULL OR g.agency_id = {agency})" if agency else ""
    about += f" AND g.reason = '{reason}'" if reason else ""
    if level == Level.VIEW:
        named = [f"g.reason <> '{NAMED_ONLY}'", *(f"{column} IS NOT NULL" for column in person)]
        named += [f"cardinality({people}) > 0"] if people else []
        about += f" AND ({' OR '.join(named)})"
    return (
        f"EXISTS (SELECT 1 FROM access_grant g WHERE g.user_id = {ME} AND g.family_id = {family}"
        f" AND g.level >= {int(level)} AND (g.until IS NULL OR g.until > (SELECT access_now())){about})"
    )


class Policies(BaseConstraint):
    """Forced row security with one policy per command; a command without an expression is for the system alone."""

    def __init__(
        self, *, name: str, select: str = NEVER, insert: str = NEVER, update: str = NEVER, delete: str = NEVER
    ) -> None:
        super().__init__(name=name)
        self.expressions = {"select": select, "insert": insert, "update": update, "delete": delete}

    def policies(self, model: type[Model]) -> dict[str, str]:
        """The SQL expression that decides each command."""
        return self.expressions

    def constraint_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        assert schema_editor is not None
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        assert schema_editor is not None
        table = schema_editor.quote_name(model._meta.db_table)
        parts = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"]
        for command, expression in self.policies(model).items():
            rule = f"({SYSTEM} OR {expression})"
            using = "" if command == "insert" else f" USING {rule}"
            check = f" WITH CHECK {rule}" if command in ("insert", "update") else ""
            parts.append(f"CREATE POLICY {self.name}_{command} ON {table} FOR {command.upper()}{using}{check}")
        return _statement(parts)

    def remove_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        assert schema_editor is not None
        table = schema_editor.quote_name(model._meta.db_table)
        parts = [f"DROP POLICY {self.name}_{command} ON {table}" for command in COMMANDS]
        parts += [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"]
        return _statement(parts)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database decides; a form has nothing to check."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        given = {command: sql for command, sql in self.expressions.items() if sql != NEVER}
        return path, args, kwargs | given

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Policies):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = BaseConstraint.__hash__


class RowSecurity(Policies):
    """The policy of a family's table: who holds `read` for the family reads, who holds `write` adds and changes.

    `person` names the columns with the people that the row is about, `people` an array column of them; `narrowed`, the
    array of the only users who may read the row when it isn't null; `agency`, the column with the only agency whose
    people may, when it isn't null; `own`, the columns with a user who reads the row however little they may know of the
    family, and `own_any` an array of such users. `deeper` is a condition under which a row needs `view`, whatever `read`
    says. `errors` is the table's own name when its rows can turn out to be filed in the wrong family: such a row is gone
    from sight, its history too. Rows are removed by the system alone, unless `delete` names a level.
    """

    row_id = "id"

    def __init__(
        self,
        *,
        name: str,
        read: str,
        write: str,
        family: str = "family_id",
        person: tuple[str, ...] = (),
        people: str | None = None,
        narrowed: str | None = None,
        agency: str | None = None,
        delete: str | None = None,
        own: str | tuple[str, ...] | None = None,
        own_any: str | None = None,
        deeper: str | None = None,
        errors: str | None = None,
    ) -> None:
        self.read, self.write, self.delete, self.own, self.own_any = read, write, delete, own, own_any
        self.family, self.person, self.people = family, tuple(person), people
        self.narrowed, self.agency, self.deeper, self.errors = narrowed, agency, deeper, errors
        super().__init__(name=name)

    def policies(self, model: type[Model]) -> dict[str, str]:
        table = model._meta.db_table
        row: dict[str, Any] = {
            "family": f"{table}.{self.family}",
            "person": tuple(f"{table}.{column}" for column in self.person),
            "people": f"{table}.{self.people}" if self.people else None,
        }
        only_agency = f"{table}.{self.agency}" if self.agency else None
        read = granted(Level[self.read.upper()], **row, agency=only_agency)
        if self.narrowed:
            column = f"{table}.{self.narrowed}"
            read = f"({read} AND ({column} IS NULL OR {ME} = ANY ({column})))"
        if self.deeper:
            read = f"({read} AND (NOT {table}.{self.deeper} OR {granted(Level.VIEW, **row, agency=only_agency)}))"
        for column in (self.own,) if isinstance(self.own, str) else self.own or ():
            read = f"({read} OR ({table}.{column} = {ME} AND {granted(Level.BASIC, **row)}))"
        if self.own_any:
            read = f"({read} OR ({ME} = ANY ({table}.{self.own_any}) AND {granted(Level.BASIC, **row)}))"
        if self.errors:
            wrong = f"x.table_name = '{self.errors}' AND x.row_id = {table}.{self.row_id}"
            read = f"({read} AND NOT EXISTS (SELECT 1 FROM families_filedinerror x WHERE {wrong}))"
        write = granted(Level[self.write.upper()], **row)
        delete = granted(Level[self.delete.upper()], **row) if self.delete else NEVER
        return {"select": read, "insert": write, "update": write, "delete": delete}

    def deconstruct(self) -> Any:
        path, args, kwargs = BaseConstraint.deconstruct(self)
        kwargs |= {"read": self.read, "write": self.write}
        if self.family != "family_id":
            kwargs["family"] = self.family
        optional = {
            "person": self.person,
            "people": self.people,
            "narrowed": self.narrowed,
            "agency": self.agency,
            "delete": self.delete,
            "own": self.own,
            "own_any": self.own_any,
            "deeper": self.deeper,
            "errors": self.errors,
        }
        return path, args, kwargs | {key: value for key, value in optional.items() if value}


class HistorySecurity(RowSecurity):
    """The policy of a history table: read by level, written by the triggers, changed by nobody."""

    row_id = "pgh_obj_id"

    def __init__(self, *, name: str, read: str, **columns: Any) -> None:
        super().__init__(name=name, read=read, write="manage", **columns)

    def policies(self, model: type[Model]) -> dict[str, str]:
        read = super().policies(model)["select"]
        return {"select": read, "insert": ANYONE, "update": NEVER, "delete": NEVER}

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        del kwargs["write"]
        return path, args, kwargs


class RewritePolicies(Operation):
    """In a migration: write all policies of its app anew, because what this module makes of them has changed."""

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """What the models declare stays."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for model in to_state.apps.get_app_config(app_label).get_models():
            if policies := policies_of(model):
                schema_editor.execute(policies.remove_sql(model, schema_editor))
                schema_editor.execute(policies.create_sql(model, schema_editor))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """The policies stay as they were written last."""

    def describe(self) -> str:
        return "Write row security anew"


def policies_of(model: type[Model]) -> Policies | None:
    """The row security that a model declares."""
    return next((c for c in model._meta.constraints if isinstance(c, Policies)), None)


def _statement(parts: list[str]) -> Statement:
    # Statement formats its template: a percent sign in SQL must not look like a placeholder.
    return Statement("; ".join(parts).replace("%", "%%"))


__all__ = [
    "ANYONE",
    "ME",
    "NAMED_ONLY",
    "NEVER",
    "SYSTEM",
    "HistorySecurity",
    "Policies",
    "RewritePolicies",
    "RowSecurity",
    "granted",
    "policies_of",
]
