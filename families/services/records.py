"""The existing-record check, and what the maker of a request may know of its outcome."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import LocalProcedure, User
from earlyhelp.accounts.roles import service_managers
from earlyhelp.core import clock
from families import notices, search
from families.models import Lead, Person, RecordCheck, Request, SearchKey

ALIKE = 0.88


@dataclass(frozen=True)
class Answer:
    """What a check says: whom to speak to for each area where someone may be known, or why it wasn't made."""

    speak_to: tuple[str, ...] = ()
    refused: str = ""


@transaction.atomic
def check(*, actor: User, first_name: str, last_name: str, date_of_birth: date, postcode: str = "") -> Answer:
    """Whether someone may already be known, by sound and likeness of the name and date of birth or postcode.

    Recorded with who asked about whom, and limited per person and day. A restricted family is *not known*, and the
    service manager is told (DEV-08; naming an agency could itself tell of a need).
    """
    limit = LocalProcedure.current().record_checks_a_day
    if RecordCheck.objects.filter(user=actor, at__gt=clock.now() - timedelta(days=1)).count() >= limit:
        return Answer(refused=f"You have made {limit} checks in a day. Try again tomorrow, or ask your co-ordinator.")
    with acting_as_system("existing-record check"):
        people = _candidates(first_name, last_name, date_of_birth, postcode)
        open_ones = [p for p in people if not p.family.restricted]
        restricted = {p.family for p in people if p.family.restricted}
        RecordCheck.objects.create(
            user=actor,
            about=f"{first_name} {last_name}"[:200],
            date_of_birth=date_of_birth,
            postcode=search.postcode(postcode),
            may_be_known=bool(open_ones),
        )
        for family in restricted:
            notices.RestrictedAsked.send(
                to=service_managers(),
                reference=family.reference,
                url=family.get_absolute_url(),
                key=f"{family.pk}:{actor.pk}:{clock.today():%Y%m%d}",
            )
    return Answer(speak_to=tuple(sorted({p.family.locality.coordinator for p in open_ones})))


def _candidates(first: str, last: str, born: date, postcode: str) -> list[Person]:
    keys = [(SearchKey.Kind.BORN, born.isoformat())]
    if postcode:
        keys.append((SearchKey.Kind.POSTCODE, search.postcode(postcode)))
    found: dict[int, Person] = {}
    for kind, key in keys:
        rows = SearchKey.objects.filter(kind=kind, key=key).select_related("person__family__locality")
        found |= {row.person.pk: row.person for row in rows[:500] if row.person}
    names = SearchKey.objects.filter(
        kind=SearchKey.Kind.SOUND, key__in={s for word in search.words(last) for s in search.sounds(word)}
    ).select_related("person__family__locality")
    found |= {row.person.pk: row.person for row in names[:2000] if row.person and _near(row.person.date_of_birth, born)}
    return [p for p in found.values() if _same_name(p, first, last)]


def _near(one: date | None, other: date) -> bool:
    """The same year, or the same day of a neighbouring one; who has no date of birth may be anyone."""
    if one is None or one.year == other.year:
        return True
    return abs(one.year - other.year) == 1 and (one.month, one.day) == (other.month, other.day)


def _same_name(person: Person, first: str, last: str) -> bool:
    firsts = {w for name in (person.first_name, person.known_as, *person.other_names) for w in search.words(name)}
    lasts = {w for name in (person.last_name, *person.other_names) for w in search.words(name)}
    return _alike(firsts, search.words(first)) and _alike(lasts, search.words(last))


def _alike(known: set[str], asked: list[str]) -> bool:
    return any(search.likeness(k, a) >= ALIKE or (search.sounds(k) & search.sounds(a)) for k in known for a in asked)


def who_leads(request: Request) -> str:
    """Who leads, or makes the first contact, for the family of a request: all that its maker may know, and no more."""
    if request.family_id is None:
        return ""
    with acting_as_system("who leads, for the maker of a request"):
        lead = (
            Lead.objects.filter(family_id=request.family_id, status="accepted").select_related("user", "agency").first()
        )
        if lead:
            return f"{lead.user.name}, {lead.agency.name}"
        episode = request.family.episode() if request.family else None
        if episode and episode.first_contact_by:
            return f"{episode.first_contact_by.name}, {episode.first_contact_agency} (first contact)"
    return ""
