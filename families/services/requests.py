"""Requests for support: from being asked to their outcome."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from earlyhelp.access.holding import hold
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reasons import FIRST_CONTACT as FIRST_CONTACT_BY
from earlyhelp.access.reasons import LEADS, TEAM
from earlyhelp.accounts.models import Agency, Locality, User, WorksFor
from earlyhelp.accounts.roles import agencies, locality_officers, service_managers
from earlyhelp.core import clock
from earlyhelp.core.clock import in_london
from earlyhelp.core.errors import Refused, refuse
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.timescales import services as timescales
from families import notices
from families.clocks import FIRST_CONTACT
from families.models import Episode, Family, Person, Request, RequestPerson, RequestWords, Runner
from families.rules import RequestSaid, request_problems
from families.services import episodes, giving, matching, opening, records
from families.services.running import lead_of, lock, runner_of

Outcome = Request.Outcome
WORDS = (
    "what_for", "tried", "asked_who", "agreed_by", "must_not_know", "no_parent", "talked_with", "talked_agreed",
    "interpreter", "address",
)  # fmt: skip
WHY_NEW = "Enter why this is a new family, and none of those that may be the same"


@transaction.atomic
def submit(said: RequestSaid, *, actor: User) -> Request:
    """Send a request to the locality's front door, and start the 72 hours from its receipt (ROT-20, PS-2)."""
    request = asked(said, asker=actor)
    send(request)
    return request


def asked(said: RequestSaid, *, asker: User) -> Request:
    """Keep what is asked, and start the 72 hours: of a request, and not of what social care hands over."""
    long_ago = procedure_in_force().limits.long_ago_days
    refuse(request_problems(said, works_for=agencies(asker), now=clock.now(), long_ago_days=long_ago))
    about = {name: value for name, value in vars(said).items() if name != "people"}
    words = {name: about.pop(name) for name in WORDS}
    request = Request.objects.create(asked_by=asker, **about)
    RequestWords.objects.create(request=request, **words)
    RequestPerson.objects.bulk_create(
        RequestPerson(request=request, position=i, **vars(person)) for i, person in enumerate(said.people)
    )
    if request.from_social_care:
        return request
    with acting_as_system("start the clock of a request"):
        timescales.start(FIRST_CONTACT, request, about=request, at=said.received_at)
    return request


def send(request: Request) -> None:
    request.submitted_at = clock.now()
    request.save(update_fields=["submitted_at"])
    notices.RequestReceived.tell(_front_door(request), about=request, key=request.pk)


def _front_door(request: Request) -> set[User]:
    """Who is to answer: the area's officers; the service managers, of a family that those may not know of."""
    officers = set(locality_officers(request.locality))
    if request.family_id is None:
        return officers
    return set(who_may_know(request.family_id, officers)) or set(service_managers())


@transaction.atomic
def open_for_assessment(said: RequestSaid, *, actor: User) -> Request:
    """Open a family for the asker's own agency, who write the assessment that is to be the request (MID-10), where the
    procedure lets them. They have made the first contact: the family agreed to the request. If someone of it may be known, nothing is opened, and the request is sent as any other."""
    if not procedure_in_force().asking.by_assessment:
        raise Refused("Send the request itself: the assessment isn’t written first here.", field="by")
    if said.who_asks == Request.Asker.YOUNG_PERSON:
        raise Refused(
            "Send the request itself: a young person asks for themselves, and not for the family.", field="by"
        )
    if not WorksFor.objects.filter(giving.TO_JOIN, user=actor, agency=said.agency).exists():
        raise Refused("Send the request itself: your role opens no record.", field="by")
    matching.check_can_be_made(said.people, actor=actor, field="by")
    records.one_at_a_time()
    request = asked(said, asker=actor)
    known_ones, restricted = matching.check_everyone(request=request, actor=actor)
    if known_ones or all(person.kind == Person.Kind.UNBORN for person in said.people):
        send(request)
        return request
    with acting_as_system("open a family whose assessment is to be the request"):
        family, people = opening.new_family(request)
        episode = opening.begin(request, family, by=actor, agency=said.agency, actor=actor)
        request.family, request.episode = family, episode
        request.save(update_fields=["family", "episode"])
        opening.add_people(people, family=family, actor=actor)
        opening.they_live(request, family, people, actor=actor)
        opening.start_clocks(request, family, episode)
        timescales.meet(FIRST_CONTACT, request, at=clock.now())
        episodes.advance(episode=episode, step="agreement")
    if restricted:
        notices.OpenedBesideRestricted.tell(service_managers(), about=family, key=family.pk)
    return request


@transaction.atomic
def send_assessment(*, episode: Episode, agreed_by: str, agreed_on: date, actor: User) -> Request:
    """Send the assessment of an episode to the front door, which may read it until it has answered (MID-10)."""
    with acting_as_system("send an assessment as the request"):
        lock(episode.family_id)
        request = to_be_sent(episode).filter(episode__ended_at=None).first()
        if request is None:
            raise Refused("It was sent already, or early help has ended.")
        if agreed_on < in_london(request.received_at).date():
            raise Refused(
                "Enter the day on which they agreed that it is sent: that can’t be before you asked for support",
                field="agreed_on",
            )
        request.agreed_to_send_on = agreed_on
        request.save(update_fields=["agreed_to_send_on"])
        RequestWords.objects.filter(request=request).update(agreed_to_send_by=agreed_by)
        send(request)
    return request


def to_be_sent(episode: Any) -> QuerySet[Request]:
    """The request that the assessment of an episode, or of the one that a query names, is to be, until it is sent."""
    return Request.objects.filter(episode=episode, outcome=Outcome.WAITING, submitted_at=None)


@transaction.atomic
def meet_ourselves(
    *, actor: User, agency: Agency, locality: Locality, family_name: str, what_for: str, tried: str
) -> Request:
    """Record that the asker's own service meets the need, without a request (ROT-23, WOR-02)."""
    now = clock.now()
    request = Request.objects.create(
        asked_by=actor,
        agency=agency,
        locality=locality,
        who_asks=Request.Asker.PRACTITIONER,
        family_name=family_name,
        received_at=now,
        outcome=Outcome.OWN_OFFER,
        outcome_at=now,
        outcome_by=actor,
    )
    RequestWords.objects.create(request=request, what_for=what_for, tried=tried)
    return request


def _claim(request: Request, *, outcome: str, reason: str, actor: User, **linked: Any) -> None:
    waiting = Request.objects.filter(pk=request.pk, outcome=Outcome.WAITING, submitted_at__isnull=False)
    claimed = waiting.update(outcome=outcome, outcome_reason=reason, outcome_at=clock.now(), outcome_by=actor, **linked)
    if not claimed:
        raise Refused("Someone else has dealt with this request. Open it again to see the outcome.")
    notices.RequestReceived.settle(request.pk)
    request.refresh_from_db()


@transaction.atomic
def accept(
    *,
    request: Request,
    agency: Agency,
    practitioner: User,
    actor: User,
    known_family: Family | None = None,
    adding: Collection[RequestPerson] = (),
    new_because: str = "",
    not_told: Collection[Person | RequestPerson] = (),
) -> Family:
    """Open a family, or a new episode of one that is known, and give the first contact and its clock to someone.

    Of a known family nothing is overwritten; only those people of the request that are in `adding` join it. It is one that
    the check found, nobody opens it to themselves, and whoever led it, who leads no more, and the service manager are told.
    A new family in spite of who is like it has a reason, which is kept.
    """
    who = giving.to_make_first_contact(family_is_new=known_family is None)
    giving.check(who, user=practitioner, agency=agency)
    if request.from_social_care and practitioner != request.asked_by:
        raise Refused(f"{request.asked_by} steps the family down, and asks it themselves.")
    if known_family and practitioner == actor:
        raise Refused("Choose someone else: whoever answers a request doesn’t open an earlier record to themselves.")
    records.one_at_a_time()
    found = matching.known(request=request, actor=actor)
    if known_family:
        matching.check_found(known_family, found)
    elif (found.matches or found.speak_to) and not new_because:
        raise Refused(WHY_NEW)
    with acting_as_system("open a family or an episode from a request"):
        if known_family:
            led_before = opening.who_led(known_family)
            family, people = opening.reopened(request, known_family, adding)
        else:
            family, people = opening.new_family(request)
        episode = opening.begin(request, family, by=practitioner, agency=agency, actor=actor)
        _claim(request, outcome=Outcome.ACCEPTED, reason="", actor=actor, family=family, episode=episode)
        RequestWords.objects.filter(request=request).update(new_because=new_because)
        opening.add_people(people, family=family, actor=actor)
        if not known_family:
            opening.they_live(request, family, people, actor=actor)
        _keep_in_confidence(request, not_told)
        if not _may_know_all(family, request.theirs).filter(user=practitioner).exists():
            raise Refused(
                f"{practitioner} can’t take this: whoever asks shares nothing with {agency}. Choose someone of an agency"
                " that they share with."
            )
        opening.start_clocks(request, family, episode)
        found_for(request)
    if not request.from_social_care:
        notices.FirstContactIsYours.tell([practitioner], about=family, key=episode.pk)
    if known_family:
        notices.OpenedAgain.tell(set(service_managers()) - {actor}, about=family, key=episode.pk)
        notices.LedBefore.tell(led_before - {practitioner, actor}, about=family, key=episode.pk)
    _tell_asker(request)
    return family


# What follows once a family was found or opened for what social care hands over
FOUND: list[Callable[[Request], None]] = []


def found_for(request: Request) -> None:
    if request.from_social_care:
        for follows in FOUND:
            follows(request)


@transaction.atomic
def open_for_social_care(request: Request, *, actor: User) -> Family | None:
    """Open a family for what social care hands over, whose worker asks it; None, and it is sent to the early help team of the
    area, where someone of it may be known: nobody opens a record that early help has (DEV-08, DEV-17)."""
    records.one_at_a_time()
    with acting_as_system("open a family that social care hands over"):
        known_ones, restricted = matching.check_everyone(request=request, actor=actor)
        if known_ones or not request.people.exclude(kind=Person.Kind.UNBORN).exists():
            send(request)
            return None
        family, people = opening.new_family(request)
        episode = opening.begin(request, family, by=request.asked_by, agency=request.agency, actor=actor)
        now = clock.now()
        Request.objects.filter(pk=request.pk).update(
            family=family, episode=episode, submitted_at=now, outcome=Outcome.ACCEPTED, outcome_at=now, outcome_by=actor
        )
        request.refresh_from_db()
        opening.add_people(people, family=family, actor=actor)
        opening.they_live(request, family, people, actor=actor)
        found_for(request)
    if restricted:
        notices.OpenedBesideRestricted.tell(service_managers(), about=family, key=family.pk)
    return family


# What follows once what social care hands over is answered in another way
ANSWERED: list[Callable[[Request], None]] = []


def take_back(request: Request, *, actor: User | None) -> None:
    """What was asked is wanted no more: it leaves the list of whoever was to answer."""
    waiting = Request.objects.filter(pk=request.pk, outcome=Outcome.WAITING)
    if waiting.update(outcome=Outcome.ENDED, outcome_at=clock.now(), outcome_by=actor):
        notices.RequestReceived.settle(request.pk)


@dataclass(frozen=True)
class Confidence:
    """What a young person who asks for themselves shares with each agency around their family, and who may know it all:
    only they can be given the request. Nobody, while it isn't clear which of the family's people asks."""

    shares: tuple[str, ...]
    confidants: tuple[User, ...]


def confidence(*, request: Request, family: Family) -> Confidence:
    """Of a request that someone made for themselves, in a family whose support is open: for whoever triages it."""
    with acting_as_system("whom a young person shares with"):
        asking = [_person_there(asked, family) for asked in _asking(request)]
        theirs = [person for person in asking if person]
        if not theirs or len(theirs) < len(asking):
            return Confidence((), ())
        around = Grant.objects.in_force().filter(family=family, reason__in=[LEADS, FIRST_CONTACT_BY, TEAM])
        shares = []
        for agency in Agency.objects.filter(pk__in=around.values("agency_id")).order_by("name"):
            grants = around.filter(agency_id=agency.pk)
            shares += [f"{person.short_name} and {agency}: {_shared(grants, person)}" for person in theirs]
        ids = [person.pk for person in theirs]
        confidants = User.objects.filter(
            pk__in=_may_know_all(family, ids)
            .filter(level__gte=Level.CONTRIBUTE, reason__in=[LEADS, FIRST_CONTACT_BY, TEAM])
            .values("user")
        )
        return Confidence(tuple(shares), tuple(confidants.order_by("name")))


def _shared(grants: QuerySet[Grant], person: Person) -> str:
    if grants.exclude(withheld_beyond_basic__contains=[person.pk]).filter(level__gte=Level.VIEW).exists():
        return "basic and additional information"
    return "basic information" if grants.exclude(withheld__contains=[person.pk]).exists() else "nothing"


def _may_know_all(family: Family, people: Sequence[int]) -> QuerySet[Grant]:
    """The grants that let someone know of all these people: beyond basic information, where they reach that far."""
    grants = Grant.objects.in_force().filter(family=family)
    basic, further = Q(level__lt=Level.VIEW), Q(level__gte=Level.VIEW)
    return grants.filter(
        (basic & ~Q(withheld__overlap=people)) | (further & ~Q(withheld_beyond_basic__overlap=people))
        if people
        else Q()
    )


def _asking(request: Request) -> list[RequestPerson]:
    """The young people of a request that one of them made."""
    if not request.in_confidence:
        return []
    return [asked for asked in request.people.all() if asked.kind == Person.Kind.CHILD]


def _person_there(asked: RequestPerson, family: Family) -> Person | None:
    there = [person for person in family.everyone() if matching.same(asked, person)]
    return next(iter([*there, *matching.alike_in(family, asked)]), None)


def _keep_in_confidence(request: Request, not_told: Collection[Person | RequestPerson]) -> None:
    """Whose own request it is, once its people are the family's, and who of the family must not be told."""
    request.theirs = [asked.person_id for asked in _asking(request) if asked.person_id]
    now = {asked.pk: asked.person_id for asked in request.people.all()}
    people = (now[one.pk] if isinstance(one, RequestPerson) else one.pk for one in not_told)
    request.not_told = [pk for pk in people if pk]
    request.save(update_fields=["theirs", "not_told"])


@transaction.atomic
def join(
    *,
    request: Request,
    family: Family,
    actor: User,
    adding: Collection[RequestPerson] = (),
    given_to: User | None = None,
    not_told: Collection[Person] = (),
) -> Family:
    """Add a request to the open episode of a known family, and tell who runs it; the 72 hours are theirs. What a young
    person asks for themselves goes to someone whom they share with, and nobody else of the family's people reads it.

    The asker sees what any asker sees: never that the family was known.
    """
    matching.check_found(family, matching.known(request=request, actor=actor))
    with acting_as_system("add a request to a known family"):
        family = opening.locked(family)
        episode = Episode.objects.filter(family=family, ended_at=None).first()
        if episode is None:
            raise Refused("Early help for this family has ended. Go back, and open it again.")
        runner = runner_of(episode)
        if runner is None:
            raise Refused("Nobody runs this family’s support now. Ask its early help team who is to, before you go on.")
        if request.in_confidence and given_to not in confidence(request=request, family=family).confidants:
            raise Refused("Choose someone whom they share with. Else the request stays with you.")
        _claim(request, outcome=Outcome.ACCEPTED, reason="", actor=actor, family=family, episode=episode, joined=True)
        opening.add_people(opening.still_missing(request, family, adding), family=family, actor=actor)
        if request.in_confidence:
            assert given_to
            _give_in_confidence(request, family, given_to, not_told)
            return family
        if request.from_social_care:
            found_for(request)
            return family
        timescales.assign(
            FIRST_CONTACT,
            request,
            family=family,
            family_id=family.pk,
            owner=runner.user,
            owner_agency=runner.agency,
        )
    notices.RequestJoined.tell([runner.user], about=family, key=request.pk)
    _tell_asker(request)
    return family


def _give_in_confidence(request: Request, family: Family, to: User, not_told: Collection[Person]) -> None:
    grant = Grant.objects.in_force().filter(family=family, user=to, level__gte=Level.CONTRIBUTE).order_by("pk")[0]
    request.given_to = to
    request.save(update_fields=["given_to"])
    _keep_in_confidence(request, not_told)
    timescales.give(FIRST_CONTACT, request, owner=to, owner_agency=Agency.objects.get(pk=grant.agency_id or 0))
    notices.AskedInConfidence.tell([to], about=family, key=request.pk, url=request.get_absolute_url())
    _tell_asker(request)


def runner_for_asker(request: Request) -> Runner | None:
    """Who makes the first contact, or leads, for the maker of a request; not of a family that is kept from them.

    A lead who was there before the request is its first contact until that is made: so the asker can't tell that the
    family was known.
    """
    if request.episode_id is None or request.from_social_care or _kept_from_asker(request):
        return None
    with acting_as_system("who leads, for the maker of a request"):
        assert request.episode is not None
        runner = given_to(request) or runner_of(request.episode)
        met = timescales.of(FIRST_CONTACT, request).filter(met_at__isnull=False).exists()
    if runner and request.joined and not met:
        return Runner(user=runner.user, agency=runner.agency, leads=False)
    return runner


def given_to(request: Request) -> Runner | None:
    """Who makes the first contact, of a request that wasn't given to whoever runs the support."""
    if request.given_to is None:
        return None
    clock_of = timescales.of(FIRST_CONTACT, request).select_related("owner_agency").get()
    return Runner(user=request.given_to, agency=clock_of.owner_agency, leads=False)


def _kept_from_asker(request: Request) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_kept_from(%s)", [request.family_id])
        return bool(cursor.fetchone()[0])


def agreement_told(episode: Episode) -> Request | None:
    """The latest request of an episode whose asker recorded that the family agreed: to check with them, never instead."""
    rows = Request.objects.filter(episode=episode, agreed_on__isnull=False).select_related(
        "asked_by", "agency", "words"
    )
    latest = rows.order_by(F("outcome_at").desc(nulls_last=True), "pk")
    return next((row for row in latest if row.said), None)


@transaction.atomic
def answer(*, request: Request, outcome: str, reason: str, actor: User) -> None:
    """Give advice, name one agency's help, pass to the front door, or decline: always with a reason that the asker sees. An
    assessment is answered so too, or accepted: whoever wrote it has made the first contact, and the lead hears too."""
    if not reason:
        raise Refused("Enter the reason. The person who asked will see it.")
    if outcome == Outcome.ACCEPTED and not request.is_assessment:
        raise Refused("Say which family it is about: go back, and accept it.")
    lead = lead_of(request.episode) if request.episode else None
    if request.family_id:
        hold(request.family_id)
    _claim(request, outcome=outcome, reason=reason, actor=actor)
    if request.episode is None:
        timescales.meet(FIRST_CONTACT, request, at=clock.now())
    if request.from_social_care:
        with acting_as_system("stop a step-down"):
            for follows in ANSWERED:
                follows(request)
    _tell_asker(request, *([lead.user] if lead else []))


def _tell_asker(request: Request, *others: User) -> None:
    told = {request.asked_by, *others}
    notices.RequestAnswered.tell(told, about=request, key=f"{request.pk}:{request.outcome}")
