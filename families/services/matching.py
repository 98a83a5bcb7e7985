"""Whether whoever a request is about is known already, as the existing-record check matches (DEV-08)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import service_managers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families import notices, search
from families.models import Episode, Family, Person, Request, RequestPerson
from families.rules import PersonSaid
from families.services import records


@dataclass(frozen=True)
class Match:
    """A family that a request may be about: whom of it the asker may know who is like someone of the request, and by what."""

    family: Family
    is_open: bool
    like: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """Families that a request may be about: those that the asker may know of, and whom to speak to about others."""

    matches: tuple[Match, ...]
    speak_to: tuple[str, ...]

    @property
    def families(self) -> list[Family]:
        return [match.family for match in self.matches]


@transaction.atomic
def known(*, request: Request, actor: User) -> Known:
    """Which families a request may be about, as the existing-record check matches (DEV-08): for whoever triages it.

    A restricted family is never among them, and the service manager is told.
    """
    people = like_someone(request)
    with acting_as_system("existing-record check of a request"):
        found = {p.family for _, p in people}
        for family in found:
            if family.restricted:
                tell_of_restricted(family, actor)
        helped = set(Episode.objects.filter(family__in=found, ended_at=None).values_list("family_id", flat=True))
    visible = Family.objects.filter(pk__in=[f.pk for f in found], restricted=False).select_related("locality")
    seen = set(Person.objects.filter(pk__in=[p.pk for _, p in people]).values_list("pk", flat=True))
    matches = tuple(
        Match(family, family.pk in helped, _like(family, [pair for pair in people if pair[1].pk in seen]))
        for family in visible.order_by("name", "pk")
    )
    others = [f for f in found if not f.restricted and f not in [match.family for match in matches]]
    return Known(matches, tuple(sorted({f.locality.coordinator for f in others})))


def check_everyone(*, request: Request, actor: User) -> tuple[bool, set[Family]]:
    """Check everyone of a request before a record is opened from it, each counted: whether someone may be known, and the
    restricted families that they may be of, whose service manager is told and nobody else."""
    like = like_someone(request)
    known_ones = {asked.pk for asked, person in like if not person.family.restricted}
    for asked in request.people.exclude(kind=Person.Kind.UNBORN):
        records.keep(
            actor=actor,
            about=asked.name,
            date_of_birth=asked.date_of_birth,
            postcode=search.postcode(asked.postcode),
            may_be_known=asked.pk in known_ones,
        )
    restricted = {person.family for _, person in like if person.family.restricted}
    for one in restricted:
        tell_of_restricted(one, actor)
    return bool(known_ones), restricted


def check_can_be_made(people: Sequence[PersonSaid], *, actor: User, field: str) -> None:
    """Refused, unless everyone of a request can be checked now: a record opens only then."""
    born = [person for person in people if person.kind != Person.Kind.UNBORN]
    if not all(person.date_of_birth or person.postcode for person in born):
        raise Refused(
            "Enter everyone’s date of birth, or the postcode: a record opens only once the check for an earlier one can be"
            " made.",
            field=field,
        )
    if refused := records.none_left(actor, wanted=len(born)):
        raise Refused(refused, field=field)


def like_someone(request: Request) -> list[tuple[RequestPerson, Person]]:
    """Everyone on record who may be someone of a request."""
    with acting_as_system("existing-record check of a request"):
        return [(asked, p) for asked in request.people.all() for p in _alike(asked, request.family_name)]


def tell_of_restricted(family: Family, actor: User) -> None:
    day = f"{family.pk}:{actor.pk}:{clock.today():%Y%m%d}"
    notices.RestrictedAsked.tell(service_managers(), about=family, key=day)


def _like(family: Family, people: Sequence[tuple[RequestPerson, Person]]) -> tuple[str, ...]:
    """Each who is like someone of the request, by what: "Ada Okafor, born 9 June 2017: same name and birth date"."""
    return tuple(
        f"{person.name}, {person.born_words}: {_by_what(asked, person)}"
        for asked, person in people
        if person.family_id == family.pk
    )


def _by_what(asked: RequestPerson, person: Person) -> str:
    firsts = [search.plain(name) for name in (person.first_name, person.known_as)]
    exact = search.plain(asked.first_name) in firsts and search.plain(asked.last_name) == search.plain(person.last_name)
    name = "same name" if exact else f"a name like {asked.name}"
    if not (asked.date_of_birth and person.date_of_birth):
        return f"{name}, birth date not known"
    exact = asked.born == person.born == Person.Born.EXACT
    same = exact and asked.date_of_birth == person.date_of_birth
    return f"{name} and birth date" if same else f"{name}, birth date near it"


def _alike(asked: RequestPerson, family_name: str) -> list[Person]:
    last = asked.last_name or family_name
    if asked.kind == Person.Kind.UNBORN:
        return []
    return records.candidates(asked.first_name, last, asked.date_of_birth, asked.postcode)


@dataclass(frozen=True)
class Newcomer:
    """Someone of a request who isn't in the family, and who of it is so alike that they may be the same."""

    asked: RequestPerson
    like: tuple[Person, ...]


def newcomers(*, request: Request, family: Family) -> list[Newcomer]:
    """Who of the request isn't in the family: nobody there has the same name and date of birth (or due date)."""
    with acting_as_system("who of a request is in the family"):
        there = list(family.everyone())
        missing = [asked for asked in request.people.all() if not any(same(asked, person) for person in there)]
        alike = [(asked, alike_in(family, asked)) for asked in missing]
    seen = {person.pk for person in family.people()}
    return [Newcomer(asked, tuple(person for person in like if person.pk in seen)) for asked, like in alike]


def same(asked: RequestPerson, person: Person) -> bool:
    born = person.due_date if asked.kind == Person.Kind.UNBORN else person.date_of_birth
    if asked.date_of_birth is None or asked.date_of_birth != born or asked.born != person.born:
        return False
    firsts = [search.plain(name) for name in (person.first_name, person.known_as)]
    return search.plain(asked.first_name) in firsts and search.plain(asked.last_name) == search.plain(person.last_name)


def alike_in(family: Family, asked: RequestPerson) -> tuple[Person, ...]:
    people = family.everyone()
    if asked.date_of_birth:
        people = people.filter(records.near(asked.date_of_birth))
    return tuple(p for p in people if records.same_name(p, asked.first_name, asked.last_name or p.last_name))


def check_found(family: Family, found: Known) -> None:
    if family not in found.families:
        raise Refused("The check didn’t find that family for this request. Go back, and choose one that it found.")
