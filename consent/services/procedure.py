"""What another local procedure does to what families said and to what is shared without asking, said before it is loaded."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from consent.models import LawfulSharing
from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.procedures.services import Next, in_use
from families.models import Person


def what_follows(change: Next) -> Iterator[str]:
    before, after = change.before, change.after
    with acting_as_system("what of a list of the procedure is in use"):
        for column, old, new in (
            ("reason", before.reasons.without_agreement, after.reasons.without_agreement),
            ("basis", before.reasons.lawful_bases, after.reasons.lawful_bases),
        ):
            yield from in_use(old, new, LawfulSharing.objects.all(), column, "decision")
        if before.ages.own_word != after.ages.own_word:
            yield _ages(before.ages.own_word, after.ages.own_word)


def _ages(before: int, after: int) -> str:
    young, old = sorted((before, after))
    between = Q(date_of_birth__gt=_years_ago(old), date_of_birth__lte=_years_ago(young))
    count = Person.objects.here().filter(between, kind=Person.Kind.CHILD).count()
    one, ages = count == 1, f"{young}" if old == young + 1 else f"{young} to {old - 1}"
    who = f"{count} young {'person' if one else 'people'} of {ages}"
    if after < before:
        return f"{who} decide{'s' if one else ''} for themselves. Where others decided for them, whoever runs their support is asked to ask them."
    return f"{who} no longer decide{'s' if one else ''} for themselves, unless someone has judged that they can. What they said stays."


def _years_ago(years: int) -> date:
    today = clock.today()
    return today.replace(year=today.year - years, day=min(today.day, 28) if today.month == 2 else today.day)
