"""An authority of a chosen size: the demonstration's families, copied until there are enough. With the
families, practitioners grow in number, so that their caseloads stay those of people; managers, officers and the service manager see more and more."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.models import Grant
from earlyhelp.access.owner import as_owner
from earlyhelp.accounts.models import User
from earlyhelp.demo.copies import copy
from earlyhelp.demo.marchshire.telling import read
from families.models import Family

FAMILIES_AS_MANY = 3  # times as many families as those who were told does each practitioner work with
DAYS = 28  # so many that not all copies of a family are due, or late, on one day
PERSONAS = ("alice", "bob", "charlie", "dana", "socialworker")


def make(size: int) -> int:
    """Fill an empty database, or one that was filled before, until it holds about `size` families; returns how many there are."""
    call_command("load_demo", stdout=_Silent())
    with acting_as_system("bench"):
        there = Family.objects.count()
    if (times := round((size - there) / there)) < 1:
        return there
    names = read("names")
    surnames = names["from_elsewhere"] + [a + b for b in names["endings"] for a in names["beginnings"]]
    chance = random.Random(size)
    with _keys_checked_at_the_end(), acting_as_system("bench"):
        personas = User.objects.filter(email__in=[f"{key}@demo.example" for key in PERSONAS])
        theirs = Grant.objects.filter(user__in=personas).values("family")
        return there + copy(
            Family.objects.exclude(pk__in=theirs).values_list("pk", flat=True),
            times=times,
            crews=max(times // FAMILIES_AS_MANY, 1),
            family_name=lambda n: chance.choice(surnames),
            name=lambda n: f"{chance.choice(names['first'])} {chance.choice(surnames)}",
            days=DAYS,
        )


KEYS = "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"


@contextmanager
def _keys_checked_at_the_end() -> Iterator[None]:
    """Foreign keys are taken off and put back, which checks a whole table at once: by itself, PostgreSQL checks them row by row."""
    with as_owner(connection, why="bench"), connection.cursor() as cursor:
        cursor.execute(KEYS)
        keys = cursor.fetchall()
        for table, name, _ in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        with as_owner(connection, why="bench"), connection.cursor() as cursor:
            for table, name, definition in keys:
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


class _Silent:
    def write(self, text: str) -> None: ...

    def flush(self) -> None: ...
