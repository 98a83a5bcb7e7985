"""Who decides for themselves: adults, young people of the local age, and whoever was judged to understand enough."""

from collections.abc import Iterable

from consent.models import Competence
from earlyhelp.access.identity import acting_as_system
from earlyhelp.procedures.services import procedure_in_force
from families.models import Family, Person


def latest_judgements(family: Family) -> dict[int, Competence]:
    """Person → the judgement that counts."""
    with acting_as_system("judgements of competence"):
        return {row.person_id: row for row in Competence.objects.filter(family=family).order_by("pk")}


def decides_alone(person: Person, judgement: Competence | None, *, from_age: int | None = None) -> bool:
    """Whether someone's word is their own to give, from the local age (unless `from_age` says it) or as was judged: nobody
    else can give it for them. Of whom only the month or year of birth is known, once they are so old for certain."""
    if person.kind != Person.Kind.CHILD:
        return person.kind == Person.Kind.ADULT
    if judgement:
        return judgement.competent
    return person.is_at_least(from_age or procedure_in_force().ages.own_word)


def deciding(family: Family, people: Iterable[Person]) -> set[int]:
    """Those of `people` who decide for themselves."""
    judgements = latest_judgements(family)
    return {person.pk for person in people if decides_alone(person, judgements.get(person.pk))}
