"""The local procedure in force, and the next one: what it changes is said before it is loaded, and done as it is loaded."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count, QuerySet

from earlyhelp.core import once as read_once
from earlyhelp.core.errors import Refused, Stale
from earlyhelp.core.once import once
from earlyhelp.procedures.document import read, read_kept, text_of
from earlyhelp.procedures.models import Version
from earlyhelp.procedures.parts import Reason
from earlyhelp.procedures.schema import Level, Procedure

CACHE_KEY = "procedure-in-force"
ONE_AT_A_TIME = 7_477_010
_last_read: tuple[int, Procedure] | None = None


@dataclass(frozen=True)
class Next:
    """A procedure that takes the place of another."""

    before: Procedure
    after: Procedure


# What apps above say of what a change does to what they hold, and then do
Says = Callable[[Next], Iterable[str]]
Does = Callable[[Next, Version], None]
EFFECTS: list[Says] = []
FOLLOWS: list[Does] = []


def procedure_in_force() -> Procedure:
    """The procedure by which everything is done now."""
    return once(CACHE_KEY, _in_force)[1]


def version_in_force() -> int | None:
    """Its number, kept with what is made under it; None while nobody has loaded one."""
    return once(CACHE_KEY, _in_force)[0] or None


def _in_force() -> tuple[int, Procedure]:
    global _last_read
    kept = cache.get(CACHE_KEY)
    if kept is None:
        kept = Version.objects.values_list("number", "text").first() or (0, "")
        cache.add(CACHE_KEY, kept, timeout=60)  # never over what was loaded meanwhile
    number, text = kept
    _last_read = (number, read_kept(text) if text else not_loaded_yet())
    return _last_read


def not_loaded_yet() -> Procedure:
    """What holds before anybody has loaded a procedure: the default, with nobody's telephone number."""
    default = read_kept(text_of("default"))
    unknown = {"phone_day": "", "phone_night": "", "written": ""}
    return default.model_copy(update={"safeguarding": default.safeguarding.model_copy(update=unknown)})


def last_known() -> Procedure | None:
    """The procedure in force; when it can't be read, as this process read it last; None when it never did. For the pages that
    must work while nothing else does."""
    try:
        return procedure_in_force()
    except Exception:  # cache and database may both be down, each in its own way
        return _last_read[1] if _last_read else None


def words_then(number: int | None) -> Procedure:
    """The procedure that something was made under, to print it as it was: but whom to tell that a child is not safe is always
    as now. What was made before there were versions is printed by the one in force."""
    now = procedure_in_force()
    if number is None or number == version_in_force():
        return now
    then = read_kept(Version.objects.get(number=number).text)
    return then.model_copy(update={"safeguarding": now.safeguarding})


def name_of(path: str, code: str) -> str:
    """What an entry of a list is called, also one that only an earlier version has: "levels", "3"."""
    for procedure in _latest_first():
        part: Any = procedure
        for name in path.split("."):
            part = getattr(part, name)
        for entry in part:
            if entry.code == code:
                return str(entry.name)
    return code


def vanished(before: Iterable[Level | Reason], after: Iterable[Level | Reason]) -> dict[str, str]:
    """What a list has no more: its words, by code."""
    kept = {entry.code for entry in after}
    return {entry.code: entry.name for entry in before if entry.code not in kept}


def in_use(
    before: Iterable[Level | Reason], after: Iterable[Level | Reason], rows: QuerySet[Any], column: str, noun: str
) -> Iterator[str]:
    """What can't be chosen any more from a list, each with how many rows keep it, in words."""
    gone = vanished(before, after)
    found = rows.filter(**{f"{column}__in": gone}).order_by().values_list(column).annotate(Count("pk"))
    used: dict[str, int] = dict(found)
    for code, name in gone.items():
        count = used.get(code, 0)
        many, keep = ("s", "keep") if count != 1 else ("", "keeps")
        first, _, rest = noun.partition(" ")
        yield f"“{name}” can’t be chosen any more. {count} {f'{first}{many} {rest}'.strip()} {keep} it."


def _latest_first() -> Iterable[Procedure]:
    yield procedure_in_force()
    for text in Version.objects.values_list("text", flat=True)[1:]:
        yield read_kept(text)


def text_in_force() -> str:
    """The document in force, to be changed into the next one."""
    return Version.objects.values_list("text", flat=True).first() or text_of("default")


def effects(text: str) -> list[str]:
    """What loading a document does to what is here, in words. Raises Unreadable."""
    change = Next(procedure_in_force(), read(text))
    return [said for says in EFFECTS for said in says(change)]


@transaction.atomic
def load(*, text: str, actor: Any | None, why: str = "", seen: int | None = None) -> Version:
    """Put a document in force, with all that follows from it. `seen` is the version that its writer began with.

    Raises Unreadable, Stale where someone loaded another since, and Refused where it says nothing new.
    """
    text = f"{text.strip()}\n"
    after = read(text)
    one_at_a_time()
    latest = Version.objects.first()
    if seen is not None and seen != (latest.number if latest else 0):
        raise Stale("Someone loaded another procedure after you opened this page.")
    if latest and latest.text == text:
        raise Refused("This is the procedure in force: nothing was changed.")
    before = read_kept(latest.text) if latest else not_loaded_yet()
    version = Version.objects.create(number=latest.number + 1 if latest else 1, text=text, loaded_by=actor, why=why)
    forget()
    for follows in FOLLOWS:
        follows(Next(before, after), version)
    transaction.on_commit(lambda: cache.set(CACHE_KEY, (version.number, text), timeout=60))
    return version


def one_at_a_time() -> None:
    """Whoever changes by what deadlines are counted waits here for whoever does already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def forget() -> None:
    """The version in force is read again from the database."""
    cache.delete(CACHE_KEY)
    read_once.forget(CACHE_KEY)
