"""What the tests of assessments have in common."""

from typing import Any

from django.test import Client
from django.urls import reverse

from assessments import services
from assessments.models import Assessment, Section
from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency
from families.models import Family, Person
from families.services import people
from tests.cast import Cast, mother


def started(cast: Cast, family: Family) -> Family:
    """The family that Alice leads, now with an assessment that she started."""
    with acting_as(cast.alice):
        services.start(family=family, episode=family.episode(), actor=cast.alice)
    return family


def assessment_of(family: Family) -> Assessment:
    with acting_as_system("test"):
        return Assessment.objects.get(family=family)


def section_of(family: Family, key: str = "why_now", **lookup: Any) -> Section:
    with acting_as_system("test"):
        return Section.objects.select_related("person", "agency", "saved_by").get(family=family, key=key, **lookup)


def sections_of(family: Family) -> list[Section]:
    with acting_as_system("test"):
        return list(Section.objects.filter(family=family))


def page(name: str, family: Family, *args: Any) -> str:
    return reverse(name, args=[family.reference, *args])


def section_url(family: Family, key: str = "why_now", **lookup: Any) -> str:
    return page("assessment_section", family, section_of(family, key, **lookup).pk)


def fill(client: Client, family: Family, key: str, **words: Any) -> None:
    """Write a section through its page, on top of what is there."""
    section = section_of(family, key)
    response = client.post(page("assessment_section", family, section.pk), {"version": section.version, **words})
    assert response.status_code == 302, response.content.decode()


def fill_all(client: Client, family: Family) -> None:
    """All that finalising needs."""
    fill(client, family, "child", worried="Late for school.", voice="I like my class.")
    fill(client, family, "analysis", needs_to_happen="Calmer mornings first.")


def does_not_share(cast: Cast, family: Family, person: Person, agency: Agency, tier: int = Tier.NONE) -> None:
    with acting_as(cast.alice):
        record_choices(family=family, choices=[Choice(person, agency, tier, mother(family))], actor=cast.alice)


def add_child(cast: Cast, family: Family, name: str, *, shares_with: tuple[Agency, ...] = (), **fields: Any) -> Person:
    """A child added by Alice, who shares with some agencies."""
    with acting_as(cast.alice):
        details = {"kind": "child", "first_name": name, "last_name": "Okafor"} | fields
        person = people.add_person(family=family, actor=cast.alice, **details)
        decided_by = person if person.kind == "adult" else mother(family)
        choices = [Choice(person, agency, Tier.ADDITIONAL, decided_by) for agency in shares_with]
        record_choices(family=family, choices=choices, actor=cast.alice)
    return person
