"""What to take care of before anyone rings, writes to or speaks with someone of a family."""

from collections.abc import Iterable, Iterator

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from families.models import Address, ContactDetail, Family, Person, PersonDetails, Request


def with_care(people: QuerySet[Person]) -> QuerySet[Person]:
    """The people, each with what `care_of` says of them, as far as the asker may know it: one question for all."""
    their = {"person": OuterRef("pk")}
    unsafe = ContactDetail.objects.in_use().filter(**their).exclude(must_not_know="").order_by().values("person")
    return people.annotate(
        interpreter=Exists(PersonDetails.objects.filter(**their, interpreter=True)),
        speaks_in=Subquery(PersonDetails.objects.filter(**their).values("language")[:1]),
        hidden_address=Exists(Address.objects.in_use().filter(**their, do_not_disclose=True)),
        must_not_know=Subquery(unsafe.annotate(who=StringAgg("must_not_know", "; ", distinct=True)).values("who")),
    )


def care_of(person: Person) -> Iterator[str]:
    """What to take care of with one of the people that `with_care` gave."""
    if person.must_not_know:  # type: ignore[attr-defined]
        yield f"When you contact {person.short_name}, these must not know of it: {person.must_not_know}"  # type: ignore[attr-defined]
    if person.hidden_address:  # type: ignore[attr-defined]
        yield f"Do not disclose where {person.short_name} lives"
    if person.interpreter:  # type: ignore[attr-defined]
        language = f" ({person.speaks_in})" if person.speaks_in else ""  # type: ignore[attr-defined]
        yield f"{person.short_name} needs an interpreter{language}"


def care_asked_for(requests: Iterable[Request]) -> list[str]:
    """What the requests of a family ask to take care of, for who may read them."""
    words = [row.said for row in requests if row.said]
    not_told = [f"Must not be told: {said.must_not_know}" for said in words if said.must_not_know]
    speak = [f"Interpreter, as the request says: {said.interpreter}" for said in words if said.interpreter]
    return [*not_told, *speak]


def take_care(family: Family) -> list[str]:
    """All that there is to take care of, for whoever hands the family's record on."""
    requests = Request.objects.filter(family=family).select_related("words")
    return [
        *care_asked_for(requests),
        *(text for person in with_care(family.people()) for text in care_of(person)),
    ]
