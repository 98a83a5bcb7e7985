"""For the family: who can see their information, and who has looked at it, in plain words.

The whole family's copy says nothing of what one person keeps from an agency: everyone at home may read it. One person's
copy says how far each reader sees what is about them, and nothing about the others. Neither says what nobody told the
family: sharing that they must not know of, who reads the record because of it, agencies' own notes, why someone looked.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from consent.models import Disclosure, EmergencyAccess, LawfulSharing
from consent.services.competence import deciding
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import GrantPeriod, ReadLog
from earlyhelp.access.reasons import LAWFUL, Reason
from earlyhelp.accounts.models import Membership
from earlyhelp.core import clock
from earlyhelp.govuk.components import when_text
from earlyhelp.printing.pdf import render_pdf
from earlyhelp.procedures.services import name_of, procedure_in_force
from earlyhelp.workspace.chronology import Wanted, printed
from earlyhelp.workspace.who import readers
from families.models import Family, Person

# A name in a list isn't opening the record, nor is a request that its maker or the front door reads
LISTS = (
    "workspace.home",
    "workspace.caseload",
    "workspace.export",
    "workspace.search",
    "consent.boards",
    "consent.emergencies",
    "requests.triage",
    "requests.see",
)


@dataclass(frozen=True)
class CanSee:
    name: str
    agency: str
    what: str
    why: str
    until: datetime | None


@dataclass(frozen=True)
class Looked:
    name: str
    agency: str
    days: int
    last: date


@dataclass(frozen=True)
class Told:
    """Everything that the page and the print say."""

    can_see: list[CanSee]
    looked: list[Looked]
    emergencies: list[EmergencyAccess]
    left: list[Disclosure]
    shared: list[tuple[LawfulSharing, str]]


def what_the_family_is_told(family: Family, person: Person | None) -> Told:
    with acting_as_system("what a family is not told, to leave it out of their copy"):
        decisions = list(LawfulSharing.objects.filter(family=family))
        untold, told = [s for s in decisions if not s.told], [s for s in decisions if s.told and not s.access_ended_at]
        periods = list(GrantPeriod.objects.filter(family=family, user__in=[s.user_id for s in untold if s.user_id]))
        reads = ReadLog.objects.filter(family_id=family.pk, refused=False, user__isnull=False).exclude(what__in=LISTS)
        opened = [
            read
            for read in reads.select_related("user").order_by("at")
            if not _only_by(untold, periods, read.user_id or 0, read.at)
        ]
        emergencies = list(EmergencyAccess.objects.filter(family=family).select_related("user"))
        agencies = _agencies([read.user_id or 0 for read in opened])
    shared = LawfulSharing.objects.filter(family=family, told=True).select_related("agency")
    left = Disclosure.objects.filter(family=family).select_related("agency", "lawful_sharing").order_by("at")
    own_word = deciding(family, family.people())
    return Told(
        can_see=_can_see(
            family, person, hidden={s.user_id for s in untold}, told={(s.user_id, s.access_until) for s in told}
        ),
        looked=_looked(opened, agencies),
        emergencies=emergencies,
        left=[d for d in left if d.about == ([person.pk] if person else []) and _may_tell(d)],
        shared=[
            (s, name_of("reasons.without_agreement", s.reason))
            for s in shared
            if _is_for(person, set(s.about), own_word)
        ],
    )


def _is_for(person: Person | None, about: set[int], own_word: set[int]) -> bool:
    """A decision is on the copy of whom it is about; on the whole family's, unless it is about some of those alone who
    decide for themselves."""
    if person:
        return person.pk in about
    return not about & own_word or about >= own_word


def readers_pdf(family: Family, person: Person | None, *, large_print: bool = False) -> bytes:
    context = {
        "family": family,
        "person": person,
        "told": what_the_family_is_told(family, person),
        "footer": f"{family.reference}, printed {when_text(clock.now())}",
    }
    title = "Who can see our information, and who has looked at it"
    return render_pdf("workspace/readers_print.html", context, title=title, large_print=large_print)


def _only_by(untold: list[LawfulSharing], periods: list[GrantPeriod], user_id: int, at: datetime) -> bool:
    """Whether someone could read the record at that moment only because of sharing that the family isn't told of."""
    if not any(s.user_id == user_id and s.decided_at <= at for s in untold):
        return False
    return not any(
        p.user_id == user_id
        and p.reason != LAWFUL
        and p.opened_at <= at
        and (p.closed_at is None or p.closed_at > at)
        and (p.until is None or p.until > at)
        for p in periods
    )


def _may_tell(disclosure: Disclosure) -> bool:
    """Not what one of them was given: that may be a copy which the others are not to know of."""
    if disclosure.basis == Disclosure.Basis.FAMILY:
        return False
    sharing = disclosure.lawful_sharing
    if disclosure.basis in (Disclosure.Basis.LAWFUL, Disclosure.Basis.STEP_UP) or sharing:
        return sharing is not None and sharing.told
    return True


def _agencies(users: list[int]) -> dict[int, str]:
    homes: dict[int, str] = {}
    for membership in Membership.objects.filter(user__in=users).select_related("agency").order_by("-ends_at", "pk"):
        homes.setdefault(membership.user_id, membership.agency.name)
    return homes


def _can_see(
    family: Family, person: Person | None, *, hidden: set[int | None], told: set[tuple[int | None, datetime | None]]
) -> list[CanSee]:
    """Each reader once, with the furthest that they see."""
    found: dict[int, CanSee] = {}
    best: dict[int, Level] = {}
    for reader in readers(family):
        if reader.reason.code == LAWFUL and reader.user.pk in hidden and (reader.user.pk, reader.until) not in told:
            continue
        level = reader.level_about(person.pk) if person else reader.level
        if reader.user.pk not in best or level > best[reader.user.pk]:
            best[reader.user.pk] = level
            found[reader.user.pk] = CanSee(
                reader.user.name,
                reader.agency,
                _what(level, "about you" if person else "in your record"),
                _why(reader.reason, family),
                reader.until,
            )
    return [found[pk] for pk in sorted(found, key=lambda pk: (-best[pk], found[pk].name))]


def _what(level: Level, where: str) -> str:
    lead = procedure_in_force().words.lead
    return {
        Level.NONE: "That your family gets early help, and nothing about you",
        Level.BASIC: f"Names, dates of birth, that you get early help, and who your {lead} is",
        Level.VIEW: f"What is written {where}",
        Level.CONTRIBUTE: f"What is written {where}. They can add to it",
        Level.LEAD: f"What is written {where}. They write it with you",
        Level.MANAGE: f"What is written {where}. They check that it is done well",
    }[level]


def _why(reason: Reason, family: Family) -> str:
    procedure = procedure_in_force()
    return reason.told.format(
        lead=procedure.words.lead,
        service=procedure.authority.service,
        council=procedure.authority.name,
        locality=family.locality,
    )


def _looked(reads: list[ReadLog], agencies: dict[int, str]) -> list[Looked]:
    days: dict[int, set[date]] = defaultdict(set)
    names = {}
    for read in reads:
        if read.user:
            days[read.user.pk].add(clock.in_london(read.at).date())
            names[read.user.pk] = read.user.name
    looked = [Looked(names[pk], agencies.get(pk, ""), len(on), max(on)) for pk, on in days.items()]
    return sorted(looked, key=lambda one: (-one.last.toordinal(), one.name))


def chronology_pdf(
    family: Family, wanted: Wanted, *, without: Collection[int], for_family: bool, large_print: bool
) -> bytes:
    """The part of the chronology that is wanted, first things first."""
    context = {
        "family": family,
        "wanted": wanted,
        "person": Person.objects.filter(family=family, pk=wanted.person or 0).first(),
        "items": printed(family, wanted, without=without, for_family=for_family),
        "footer": f"Chronology of {family.reference}, printed {when_text(clock.now())}",
    }
    return render_pdf("workspace/chronology_print.html", context, title="Chronology", large_print=large_print)
