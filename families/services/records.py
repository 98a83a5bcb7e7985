"""The existing-record check."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Q

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import service_managers
from earlyhelp.core import clock
from earlyhelp.procedures.services import procedure_in_force
from families import notices, search
from families.models import Person, RecordCheck, SearchKey
from families.services import names

ALIKE = 0.88


@dataclass(frozen=True)
class Answer:
    """What a check says: whom to speak to for each area where someone may be known, or why it wasn't made."""

    speak_to: tuple[str, ...] = ()
    refused: str = ""


@transaction.atomic
def check(
    *, actor: User, first_name: str, last_name: str, date_of_birth: date | None = None, postcode: str = ""
) -> Answer:
    """Whether someone may already be known, by sound and likeness of the name and date of birth or postcode.

    Recorded with who asked about whom, and limited per person and day. A restricted family is *not known*, and the
    service manager is told (DEV-08; naming an agency could itself tell of a need).
    """
    if refused := none_left(actor):
        return Answer(refused=refused)
    with acting_as_system("existing-record check"):
        people = candidates(first_name, last_name, date_of_birth, postcode)
        open_ones = [p for p in people if not p.family.restricted]
        restricted = {p.family for p in people if p.family.restricted}
        keep(
            actor=actor,
            about=f"{first_name} {last_name}",
            date_of_birth=date_of_birth,
            postcode=search.postcode(postcode),
            may_be_known=bool(open_ones),
        )
        for family in restricted:
            notices.RestrictedAsked.tell(
                service_managers(), about=family, key=f"{family.pk}:{actor.pk}:{clock.today():%Y%m%d}"
            )
    return Answer(speak_to=tuple(sorted({p.family.locality.coordinator for p in open_ones})))


ONE_AT_A_TIME = 7_477_012


def one_at_a_time() -> None:
    """Whoever opens a new record waits here for whoever does already: so nobody opens the same family's beside them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def none_left(actor: User, *, wanted: int = 1) -> str:
    """Why someone can't make so many checks more today."""
    limit = procedure_in_force().limits.record_checks_a_day
    made = RecordCheck.objects.filter(user=actor, at__gt=clock.now() - timedelta(days=1)).count()
    if made + wanted <= limit:
        return ""
    if made < limit:
        return f"Each person is checked, and you have {limit - made} of {limit} checks left for today. Send the request itself, or try again tomorrow."
    return f"You have made {limit} checks in a day. Try again tomorrow, or ask your co-ordinator."


def keep(*, actor: User, about: str, may_be_known: bool, date_of_birth: date | None = None, postcode: str = "") -> None:
    """Keep that someone asked, and of whom: it counts towards the day's limit."""
    RecordCheck.objects.create(
        user=actor, about=about[:200], date_of_birth=date_of_birth, postcode=postcode, may_be_known=may_be_known
    )


def candidates(first: str, last: str, born: date | None, postcode: str) -> list[Person]:
    """Everyone who may be meant; while the birth date isn't known, of those with the postcode. None is left out for there being many: the keys and the year of birth, which the
    database compares, leave few."""
    kind = SearchKey.Kind
    if born is None:
        at_home = SearchKey.objects.filter(kind=kind.POSTCODE, key=search.postcode(postcode) or None).values("person")
        there = Person.objects.filter(pk__in=at_home).select_related("family__locality").order_by()
        return [p for p in there if same_name(p, first, last)]
    same = Q(kind=kind.BORN, key=born.isoformat())
    if postcode:
        same |= Q(kind=kind.POSTCODE, key=search.postcode(postcode))
    by_sound = SearchKey.objects.filter(kind=kind.NAME, key__in=names.sounding(search.words(last))).values("person")
    people = Person.objects.order_by()
    found = [  # each by its own index: asked as one, both would be looked for among everybody
        *people.filter(pk__in=SearchKey.objects.filter(same).values("person")),
        *people.filter(near(born), pk__in=by_sound),
    ]
    named = {p.pk for p in found if same_name(p, first, last)}
    return list(Person.objects.filter(pk__in=named).select_related("family__locality"))


def near(born: date) -> Q:
    """Born in the same year, or on the same day of a neighbouring one; who has no date of birth may be anyone."""
    neighbours = Q(date_of_birth__year__in=(born.year - 1, born.year + 1))
    same_day = Q(date_of_birth__month=born.month, date_of_birth__day=born.day)
    return Q(date_of_birth=None) | Q(date_of_birth__year=born.year) | neighbours & same_day


def same_name(person: Person, first: str, last: str) -> bool:
    """Whether a first and a last name sound or look like any of the person's names."""
    firsts = {w for name in (person.first_name, person.known_as, *person.other_names) for w in search.words(name)}
    lasts = {w for name in (person.last_name, *person.other_names) for w in search.words(name)}
    return _alike(firsts, search.words(first)) and _alike(lasts, search.words(last))


def _alike(known: set[str], asked: list[str]) -> bool:
    return any(search.likeness(k, a) >= ALIKE or (search.sounds(k) & search.sounds(a)) for k in known for a in asked)
