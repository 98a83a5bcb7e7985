"""Localities with their posts and postcode districts; agencies and their teams."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from earlyhelp.accounts.models import Agency, District, Locality, Team, User
from earlyhelp.core.errors import Refused
from earlyhelp.desk.services import changes

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
