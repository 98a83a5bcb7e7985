"""Opening a family, or a new episode of one that is known, from a request; whose people, where they live, and the clocks."""

from collections.abc import Collection, Sequence
from typing import Any

from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.timescales import services as timescales
from families.clocks import ASSESSMENT_START, FIRST_CONTACT, STARTS
from families.models import Episode, Family, Lead, Person, Request, RequestPerson
from families.models.contact import Address, ContactDetail
from families.models.people import PersonDetails
from families.services import matching
from families.services import people as people_services
from families.services.running import lock


def begin(request: Request, family: Family, *, by: User, agency: Agency, actor: User) -> Episode:
    episode = Episode.objects.create(
        family=family,
        started_at=request.received_at,
        first_contact_by=by,
        first_contact_agency=agency,
        from_social_care=request.from_social_care,
        stage=Episode.Stage.AGREEMENT if request.from_social_care else Episode.Stage.FIRST_CONTACT,
        created_by=actor,
    )
    if not who_may_know(family.pk, [by]):
        raise Refused(f"{by} can’t make the first contact with this family. Choose someone else.")
    return episode


def start_clocks(request: Request, family: Family, episode: Episode) -> None:
    """The 72 hours and the start of the assessment are for whoever makes the first contact (PS-2); what social care hands
    over has days of its own."""
    if request.from_social_care:
        return
    owner, agency = episode.first_contact_by, episode.first_contact_agency
    assert owner
    assert agency
    whose: dict[str, Any] = {"family_id": family.pk, "owner": owner, "owner_agency": agency}
    timescales.assign(FIRST_CONTACT, request, family=family, **whose)
    anchor = procedure_in_force().clocks.assessment_start.anchor
    begins = request.received_at if anchor == "request_received" else clock.now()
    timescales.start(ASSESSMENT_START, episode, about=family, at=begins, anchor=STARTS[anchor], **whose)


def new_family(request: Request) -> tuple[Family, list[RequestPerson]]:
    family = Family.objects.create(name=request.family_name, locality=request.locality)
    people_services.index_families(family)
    return family, list(request.people.all())


def reopened(
    request: Request, known_family: Family, adding: Collection[RequestPerson]
) -> tuple[Family, list[RequestPerson]]:
    family = locked(known_family)
    if Episode.objects.filter(family=family, ended_at=None).exists():
        raise Refused("Early help for this family has begun already. Go back, and add the request to it.")
    led = Lead.objects.filter(family=family, status__in=["asked", "accepted"])
    led.update(status=Lead.Status.ENDED, ended_at=clock.now())
    return family, still_missing(request, family, adding)


def locked(family: Family) -> Family:
    """The family, for this transaction alone to open or join."""
    family = lock(family.pk)
    if family.restricted:
        raise Refused("This can’t be added to that family. Speak to the early help service manager.")
    return family


def still_missing(request: Request, family: Family, adding: Collection[RequestPerson]) -> list[RequestPerson]:
    there = list(family.everyone())
    for asked in request.people.all():
        same = [person for person in there if matching.same(asked, person)]
        asked.person = next(iter([*same, *matching.alike_in(family, asked)]), None)
        if asked.person:
            asked.save(update_fields=["person"])
    return [new.asked for new in matching.newcomers(request=request, family=family) if new.asked in adding]


def add_people(people: Sequence[RequestPerson], *, family: Family, actor: User) -> None:
    for asked in people:
        asked.person = person = Person.objects.create(
            family=family,
            kind=asked.kind,
            first_name=asked.first_name,
            last_name=asked.last_name,
            date_of_birth=None if asked.kind == Person.Kind.UNBORN else asked.date_of_birth,
            due_date=asked.date_of_birth if asked.kind == Person.Kind.UNBORN else None,
            born=asked.born if asked.date_of_birth else Person.Born.UNKNOWN,
            created_by=actor,
        )
        PersonDetails.objects.create(family=family, person=person, created_by=actor)
        if asked.phone:
            ContactDetail.objects.create(
                family=family, person=person, kind="phone", value=asked.phone, created_by=actor
            )
        if asked.postcode:
            Address.objects.create(family=family, person=person, lines="", postcode=asked.postcode, created_by=actor)
        asked.save(update_fields=["person"])
    people_services.index(*(asked.person for asked in people if asked.person))


def they_live(request: Request, family: Family, people: Sequence[RequestPerson], *, actor: User) -> None:
    """One address for all, where one postcode was said of all."""
    lines = request.said.address if request.said else ""
    codes = {asked.postcode for asked in people}
    if len(codes) == 1 and (len(people) > 1 or lines):
        Address.objects.filter(family=family).delete()
        if lines or any(codes):
            Address.objects.create(family=family, lines=lines, postcode=codes.pop(), created_by=actor)
        people_services.index(*(asked.person for asked in people if asked.person))


def who_led(family: Family) -> set[User]:
    rows = Lead.objects.filter(family=family, status=Lead.Status.ACCEPTED).select_related("user")
    return {lead.user for lead in rows}
