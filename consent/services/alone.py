"""Whom a family's no hides from whoever runs its support, and who goes on with them."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from consent.models import GoesOn, SharingChoice, Tier
from consent.notices import NobodyGoesOn
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import locality_officers, service_managers
from families.models import Family, Person, Runner


def hidden_people() -> QuerySet[Person]:
    """As the system: those who told the agency that runs their family's open support nothing, so that it knows nothing of
    them."""
    runs = Runner.objects.filter(family=OuterRef("family"), episode__ended_at=None)
    said = SharingChoice.objects.filter(person=OuterRef("pk"), agency=OuterRef("run_by")).order_by("-pk")
    people = Person.objects.here().annotate(run_by=runs.values("agency")[:1])
    return people.annotate(told_it=said.values("tier")[:1]).filter(told_it=Tier.NONE)


def left_alone() -> QuerySet[Person]:
    """As the system: those of them with whom nobody is named to go on."""
    return hidden_people().filter(~Exists(GoesOn.objects.filter(person=OuterRef("pk"))))


def hidden_here(family: Family) -> list[Person]:
    """Those of a family, as far as the asker may know of them."""
    with acting_as_system("whom the family's no hides from the lead"):
        hidden = set(hidden_people().filter(family=family).values_list("pk", flat=True))
    return [person for person in family.people() if person.pk in hidden]


def tell_who_can_name(family: Family, *, key: object) -> None:
    """Tell those who can name someone that somebody has nobody now."""
    with acting_as_system("whom the family's no hides from the lead"):
        alone = left_alone().filter(family=family).exists()
        people = {*locality_officers(family.locality), *service_managers()}
    if alone:
        url = reverse("hidden_from_lead", args=[family.reference])
        NobodyGoesOn.tell(people, about=family, key=key, url=url)


@transaction.atomic
def go_on(*, family: Family, person: Person, who: str, how: str, actor: User) -> GoesOn:
    """Name who goes on with someone whom whoever runs the support doesn't know of."""
    return GoesOn.objects.create(family=family, person=person, who=who, how=how, created_by=actor)


def who_goes_on(family: Family, people: Collection[Person]) -> dict[int, GoesOn]:
    """Person → who goes on with them, as named last."""
    rows = GoesOn.objects.filter(family=family, person__in=people).select_related("created_by").order_by("pk")
    return {row.person_id: row for row in rows}
