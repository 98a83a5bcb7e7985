"""What the tests of assessments have in common."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from assessments.forms.part import name_of
from assessments.models import Assessment, Contribution
from assessments.reading import said_in
from assessments.services import starting, writing
from assessments.services.writing import Words
from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, User
from families.models import Family, Person
from families.services import people, team
from tests.cast import Cast, mother


def started(cast: Cast, family: Family) -> Family:
    """The family that Alice leads, now with an assessment that she started."""
    with acting_as(cast.alice):
        starting.start(family=family, episode=family.episode(), actor=cast.alice)
    return family


def assessment_of(family: Family) -> Assessment:
    with acting_as_system("test"):
        return Assessment.objects.select_related("episode", "form").get(family=family)


def contributions_to(family: Family, part: str = "why_now", **lookup: Any) -> list[Contribution]:
    with acting_as_system("test"):
        rows = Contribution.objects.select_related("person", "agency", "author").filter(
            family=family, part=part, **lookup
        )
        return list(rows.order_by("pk"))


def said_to(family: Family, part: str = "why_now", **lookup: Any) -> dict[str, str]:
    """What the only contribution to a part says, by the names of its form's boxes."""
    (contribution,) = contributions_to(family, part, **lookup)
    with acting_as_system("test"):
        return {name_of(key): text for key, text in said_in([contribution])[contribution.pk].items()}


def page(name: str, family: Family, *args: Any) -> str:
    return reverse(name, args=[family.reference, *args])


def part_url(family: Family, part: str = "why_now", person: Person | None = None) -> str:
    return page("assessment_about", family, part, person.pk) if person else page("assessment_part", family, part)


def the_child(family: Family, name: str = "Ada") -> Person:
    with acting_as_system("test"):
        return family.people().get(first_name=name)


def fill(
    client: Client, family: Family, part: str, person: Person | None = None, version: int = 0, **words: Any
) -> None:
    """Write in a part through its page; "needs__worried" is the box of the worries."""
    said = {name.replace("__", "-"): text for name, text in words.items()}
    response = client.post(part_url(family, part, person), {"version": version, **said})
    assert response.status_code == 302, response.content.decode()


def fill_all(client: Client, family: Family) -> None:
    """All that finalising needs."""
    fill(client, family, "start", harm="no")
    fill(client, family, "child", the_child(family), needs__worried="Late for school.", voice="I like my class.")
    fill(client, family, "analysis", needs__needs_to_happen="Calmer mornings first.")


def why_not(client: Client, family: Family) -> dict[str, str]:
    """A reason for each thing without which it is to be finalised."""
    names = re.findall(r'name="(why-[\w.]+)"', client.get(page("assessment_finalise", family)).content.decode())
    return dict.fromkeys(names, "The family wants to wait with it.")


def write(
    actor: User, family: Family, part: str, *, agency: Agency | None, person: Person | None = None, **words: str
) -> None:
    """Write in a part through the service."""
    said = {tuple_of(name): text for name, text in words.items()}
    with acting_as(actor):
        assessment = Assessment.objects.select_related("episode", "form").get(family=family)
        writing.write(assessment=assessment, part=part, person=person, words=Words(said), actor=actor, agency=agency)


def tuple_of(name: str) -> tuple[str, int, str]:
    question, _, box = name.partition("__")
    return question, 0, box


def joins(cast, family, user, agency) -> None:
    """Alice invites someone to the team, and they come."""
    with acting_as(cast.alice):
        member = team.invite(
            family=family, episode=family.episode(), user=user, agency=agency, role="contributor", actor=cast.alice
        )
    with acting_as(user):
        team.answer_invitation(member=member, accept=True, reason="", actor=user)


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
