"""Localities with their posts and postcode districts; agencies and their teams."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from earlyhelp.accounts.models import Agency, District, Locality, Membership, Role, Team, User, WorksFor
from earlyhelp.accounts.roles import managers_of, service_managers
from earlyhelp.core import clock
from earlyhelp.core.dates import end_of
from earlyhelp.core.errors import Refused
from earlyhelp.desk.notices import About, AgencyCloses
from earlyhelp.desk.services import changes

# What apps above say, as numbers, of what hangs on an agency: "it leads 3 families"
HANGS: list[Callable[[Agency], Iterable[str]]] = []
DISTRICT = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(?: (\d))?")


@transaction.atomic
def add_locality(*, actor: User | None, **fields: Any) -> Locality:
    if Locality.objects.filter(name__iexact=fields["name"]).exists():
        raise Refused(f"There is “{fields['name']}” already. Enter another name", field="name")
    locality = Locality.objects.create(**fields)
    changes.record(locality, f"Added {locality.name}", actor=actor, after=fields)
    return locality


@transaction.atomic
def change_locality(*, locality: Locality, actor: User, **fields: Any) -> None:
    if Locality.objects.filter(name__iexact=fields["name"]).exclude(pk=locality.pk).exists():
        raise Refused(f"There is “{fields['name']}” already. Enter another name", field="name")
    changes.change(locality, f"Changed {fields['name']}", fields, actor=actor)


@transaction.atomic
def add_agency(*, actor: User | None, **fields: Any) -> Agency:
    if Agency.objects.filter(name__iexact=fields["name"]).exists():
        raise Refused(f"There is “{fields['name']}” already. Enter another name", field="name")
    agency = Agency.objects.create(**fields)
    said = {name: str(value) for name, value in fields.items() if value}
    changes.record(agency, f"Added {agency.name}", actor=actor, after=said)
    return agency


@transaction.atomic
def change_agency(*, agency: Agency, actor: User, **fields: Any) -> None:
    if Agency.objects.filter(name__iexact=fields["name"]).exclude(pk=agency.pk).exists():
        raise Refused(f"There is “{fields['name']}” already. Enter another name", field="name")
    changes.change(agency, f"Changed {fields['name']}", fields, actor=actor)


def hangs_on(agency: Agency) -> list[str]:
    """What hangs on an agency, as numbers."""
    people = Membership.objects.current().filter(agency=agency, user__is_active=True).values("user").distinct().count()
    said = [f"{people} {'person works' if people == 1 else 'people work'} there"]
    return said + [line for hangs in HANGS for line in hangs(agency)]


@transaction.atomic
def begin_to_close(*, agency: Agency, last_day: date, why: str, actor: User) -> None:
    """From the end of a day on, nobody works there, and nothing can be shared with it. Until then its managers hand its work
    over, or the service managers where it has none."""
    if last_day < clock.today():
        raise Refused("The last day must be today or in the future", field="last_day")
    keeps = WorksFor.objects.filter(role=Role.ADMINISTRATOR, until=None).exclude(agency=agency)
    if not keeps.exists():
        raise Refused("The only service administrators work here. Give that role to someone elsewhere first")
    until = end_of(last_day)
    words = f"{agency.name} closes: its last day is {last_day:%-d %B %Y}"
    changes.change(agency, words, {"closes_at": until}, actor=actor, why=why)
    told = managers_of(agency).exclude(pk=actor.pk) or service_managers()
    AgencyCloses.tell(told, about=About(agency.pk), key=f"{agency.pk}:{last_day:%Y%m%d}")


@transaction.atomic
def stay_open(*, agency: Agency, why: str, actor: User) -> None:
    """It doesn't close, or is open again."""
    changes.change(agency, f"{agency.name} is open", {"closes_at": None, "is_open": True}, actor=actor, why=why)


def close_those_due() -> int:
    """Close the agencies whose last day is over; how many."""
    due = Agency.objects.filter(is_open=True, closes_at__lte=clock.now())
    closed = 0
    for agency in due:
        with transaction.atomic():
            closed += changes.change(agency, f"{agency.name} has closed", {"is_open": False}, actor=None)
    return closed


@transaction.atomic
def add_team(*, agency: Agency, name: str, actor: User) -> Team:
    if Team.objects.filter(agency=agency, name__iexact=name).exists():
        raise Refused(f"{agency.name} has “{name}” already. Enter another name", field="name")
    team = Team.objects.create(agency=agency, name=name)
    changes.record(agency, f"Added the team {name}", actor=actor)
    return team


@dataclass(frozen=True)
class Wrong:
    """A line of a pasted list that can't be taken, and why."""

    number: int
    text: str
    reason: str


@transaction.atomic
def set_districts(*, text: str, actor: User) -> tuple[int, list[Wrong]]:
    """Take a pasted list of postcode districts with their localities, a line each: "MX1, North". A district that was said
    before gets the new locality; of the lines, the good ones are taken. How many, and what is wrong with the others."""
    places = {place.name.lower(): place for place in Locality.objects.all()}
    taken, wrong = 0, []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        code, _, name = (part.strip() for part in line.replace("\t", ",").partition(","))
        found, place = DISTRICT.fullmatch(" ".join(code.upper().split())), places.get(name.lower())
        if found is None:
            wrong.append(
                Wrong(number, line, f"“{code}” is no postcode district. Enter one like MX1, or part of one like MX1 2")
            )
        elif place is None:
            wrong.append(
                Wrong(number, line, f"There is no “{name}”. Enter one of {', '.join(p.name for p in places.values())}")
            )
        else:
            District.objects.update_or_create(code=found[0], defaults={"locality": place})
            changes.record(place, f"{found[0]} lies in {place.name}", actor=actor)
            taken += 1
    return taken, wrong


@transaction.atomic
def remove_district(*, district: District, actor: User) -> None:
    changes.record(
        district.locality, f"{district.code} was taken off the list of {district.locality.name}", actor=actor
    )
    district.delete()
