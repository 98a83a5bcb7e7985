"""Requests for support: from being asked to their outcome."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, Locality, User
from earlyhelp.accounts.roles import agencies, locality_officers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales import services as timescales
from families import notices
from families.models import Episode, Family, Person, Request, RequestPerson
from families.models.contact import Address, ContactDetail
from families.models.people import PersonDetails
from families.services import people as people_services

Outcome = Request.Outcome


def clock_key(request: Request) -> str:
    return f"request:{request.pk}:first_contact"


@transaction.atomic
def submit(
    *,
    actor: User,
    agency: Agency,
    locality: Locality,
    who_asks: str,
    family_name: str,
    what_for: str,
    tried: str,
    level_of_need: str,
    received_at: datetime,
    asked_who: str,
    agreed_by: str,
    agreed_how: str,
    agreed_on: date | None,
    people: Sequence[dict[str, Any]],
) -> Request:
    """Send a request to the locality's front door, and start the 72 hours from its receipt (ROT-20, PS-2)."""
    if agency not in agencies(actor):
        raise Refused("You no longer work for that agency. Sign in again.")
    if not (asked_who and agreed_by and agreed_how and agreed_on):
        raise Refused("Say who was asked, who agreed, how and when. Until the family has agreed, keep the draft.")
    if not people:
        raise Refused("Add at least one child or adult whom the request is about.")
    request = Request.objects.create(
        asked_by=actor,
        agency=agency,
        locality=locality,
        who_asks=who_asks,
        family_name=family_name,
        what_for=what_for,
        tried=tried,
        level_of_need=level_of_need,
        received_at=received_at,
        submitted_at=clock.now(),
        asked_who=asked_who,
        agreed_by=agreed_by,
        agreed_how=agreed_how,
        agreed_on=agreed_on,
    )
    RequestPerson.objects.bulk_create(
        [RequestPerson(request=request, position=i, **person) for i, person in enumerate(people)]
    )
    with acting_as_system("start the clock of a request"):
        timescales.start(
            kind="first_contact",
            key=clock_key(request),
            anchor="the request was received",
            anchor_at=received_at,
            reference=request.reference,
            locality=locality,
            link=reverse("request", args=[request.reference]),
        )
    notices.RequestReceived.send(
        to=locality_officers(locality),
        reference=request.reference,
        url=reverse("request", args=[request.reference]),
        key=str(request.pk),
    )
    return request


@transaction.atomic
def meet_ourselves(
    *, actor: User, agency: Agency, locality: Locality, family_name: str, what_for: str, tried: str
) -> Request:
    """Record that the asker's own service meets the need, without a request (ROT-23, WOR-02)."""
    now = clock.now()
    return Request.objects.create(
        asked_by=actor,
        agency=agency,
        locality=locality,
        who_asks=Request.Asker.PRACTITIONER,
        family_name=family_name,
        what_for=what_for,
        tried=tried,
        received_at=now,
        outcome=Outcome.OWN_OFFER,
        outcome_at=now,
        outcome_by=actor,
    )


def _claim(request: Request, *, outcome: str, reason: str, actor: User, family: Family | None = None) -> None:
    claimed = Request.objects.filter(pk=request.pk, outcome=Outcome.WAITING).update(
        outcome=outcome, outcome_reason=reason, outcome_at=clock.now(), outcome_by=actor, family=family
    )
    if not claimed:
        raise Refused("Someone else has dealt with this request. Open it again to see the outcome.")
    request.refresh_from_db()


@transaction.atomic
def accept(*, request: Request, agency: Agency, practitioner: User, actor: User) -> Family:
    """Open the family, or a new episode of it, and give the first contact and its clock to someone."""
    if agency not in agencies(practitioner):
        raise Refused(f"{practitioner} no longer works for {agency}. Choose someone else.")
    with acting_as_system("open a family from a request"):
        family = Family.objects.create(name=request.family_name, locality=request.locality)
        episode = Episode.objects.create(
            family=family,
            started_at=request.received_at,
            first_contact_by=practitioner,
            first_contact_agency=agency,
            created_by=actor,
        )
        people_services.index_family(family)
        _claim(request, outcome=Outcome.ACCEPTED, reason="", actor=actor, family=family)
        for asked in request.people.all():
            person = Person.objects.create(
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
                Address.objects.create(
                    family=family, person=person, lines="", postcode=asked.postcode, created_by=actor
                )
            people_services.index(person)
        timescales.assign(
            key=clock_key(request),
            family_id=family.pk,
            reference=family.reference,
            link=family.get_absolute_url(),
            owner=practitioner,
            owner_agency=agency,
        )
        timescales.start(
            kind="assessment_start",
            key=f"episode:{episode.pk}:assessment_start",
            anchor="the request was received",
            anchor_at=request.received_at,
            reference=family.reference,
            locality=family.locality,
            link=family.get_absolute_url(),
            family_id=family.pk,
            owner=practitioner,
            owner_agency=agency,
        )
    notices.FirstContactIsYours.send(
        to=[practitioner], reference=family.reference, url=family.get_absolute_url(), key=str(episode.pk)
    )
    _tell_asker(request)
    return family


@transaction.atomic
def answer(*, request: Request, outcome: str, reason: str, actor: User) -> None:
    """Give advice, name one agency's help, pass to the front door, or decline: always with a reason that the asker sees."""
    if not reason:
        raise Refused("Enter the reason. The person who asked will see it.")
    _claim(request, outcome=outcome, reason=reason, actor=actor)
    with acting_as_system("meet the clock of an answered request"):
        timescales.meet(key=clock_key(request), at=clock.now())
    _tell_asker(request)


def _tell_asker(request: Request) -> None:
    notices.RequestAnswered.send(
        to=[request.asked_by],
        reference=request.reference,
        url=reverse("request", args=[request.reference]),
        key=f"{request.pk}:{request.outcome}",
    )
