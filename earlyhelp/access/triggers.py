"""Triggers that models ask for: a projection kept in step with its sources, and history."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from earlyhelp.access import declared
from earlyhelp.access.declared import Declared
from earlyhelp.access.rowsecurity import RowSecurity, guarded
from earlyhelp.accounts.models import Agency, Cover, Membership, User


@dataclass(frozen=True)
class Projection:
    """What follows from other rows and is kept beside them: a function that counts the rows that differ from what they follow
    from, and one that writes them all anew."""

    what: str
    disagreements: str
    rebuild: str


projections = [Projection("grants", "access_disagreements", "access_rebuild")]


def disagreements() -> dict[str, int]:
    """Of each projection, how many rows differ from what they follow from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"{one.disagreements}()" for one in projections))
        return dict(zip((one.what for one in projections), cursor.fetchone(), strict=True))


def rebuild(cursor: CursorWrapper) -> None:
    for one in projections:
        cursor.execute(f"SELECT {one.rebuild}()")


@dataclass(frozen=True)
class Refresh:
    """Call `function(bigint[])`, in the transaction of the change, with the `key` values of the rows that a statement
    adds, removes or changes in a column of `watch`."""

    function: str
    _: KW_ONLY
    key: str
    watch: tuple[str, ...]

    def triggers(self, table: str) -> Iterator[Declared]:
        """PostgreSQL gives transition tables to one event each, so there are three."""
        columns = ", ".join(dict.fromkeys((self.key, *self.watch)))
        for event, referencing in (
            ("INSERT", "NEW TABLE AS changed_to"),
            ("UPDATE", "OLD TABLE AS changed_from NEW TABLE AS changed_to"),
            ("DELETE", "OLD TABLE AS changed_from"),
        ):
            yield Declared(
                f"CREATE TRIGGER {self.function}_after_{event.lower()} AFTER {event} ON {table} REFERENCING {referencing}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION access_refresh_after('{self.function}', '{self.key}', '{columns}')"
            )


# Models that don't know of what follows from them: whoever does watches them from above
watched: defaultdict[type[Model], list[Refresh]] = defaultdict(list)
watched[Membership].append(
    Refresh("access_refresh_users", key="user_id", watch=("agency_id", "role", "locality_id", "supports_id", "ends_at"))
)
watched[User].append(Refresh("access_refresh_users", key="id", watch=("is_active",)))
watched[Agency].append(Refresh("access_refresh_agencies", key="group_ptr_id", watch=("is_open", "closes_at")))
watched[Cover].append(Refresh("access_refresh_users", key="user_id", watch=("covered_id", "agency_id", "until")))


def refreshing() -> Iterator[tuple[type[Model], Refresh]]:
    """Every model whose changes refresh a projection, with how."""
    for model in apps.get_models(include_auto_created=True):
        own = getattr(model, "refreshes", None)
        for refresh in [*([own] if isinstance(own, Refresh) else []), *watched.get(model, [])]:
            yield model, refresh


def refreshes() -> Iterator[Declared]:
    for model, refresh in refreshing():
        yield from refresh.triggers(model._meta.db_table)


def history() -> Iterator[Declared]:
    """What is about whom, and who may read it, as the model's security declares it; the function does the rest."""
    for model, security in guarded():
        if isinstance(security, RowSecurity) and security.history:
            people = ",".join(security.person)
            told = (int(security.read), security.family, people, security.people, security.narrowed, security.agency)
            arguments = ", ".join(f"'{part or ''}'" for part in told)
            yield Declared(
                f"CREATE TRIGGER keep_history AFTER INSERT OR UPDATE OR DELETE ON {model._meta.db_table}"
                f" FOR EACH ROW EXECUTE FUNCTION access_keep_history({arguments})"
            )


declared.sources += [refreshes, history]
