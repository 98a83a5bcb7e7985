"""References that anyone can say on the phone: seven digits in two groups, the last one a check digit."""

import re

from django.db import connection

STEP = 7_477_003


def check_digit(digits: str) -> str:
    """The Luhn digit that catches one wrong digit or two neighbours swapped."""
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))]
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def new_reference() -> str:
    """The next reference, like "482-9157": no two are alike, and neighbours don't look it."""
    return new_references(1)[0]


def new_references(count: int) -> list[str]:
    """The next so many references.

    The database counts; the count is scattered over the six digits by a step that has no factor in common with them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('families_reference') FROM generate_series(1, %s)", [count])
        scattered = [str(100_000 + number * STEP % 900_000) for (number,) in cursor.fetchall()]
    return [grouped(digits + check_digit(digits)) for digits in scattered]


def grouped(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:]}"


def read_reference(text: str) -> str | None:
    """The reference that someone typed or was told, with any spacing; None when it can't be one."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == 7 and check_digit(digits[:6]) == digits[6] and not re.search(r"[^\W\d]", text):
        return grouped(digits)
    return None
