"""A step-down is opened, before anything is agreed; by its worker, or for them (DEV-06, DEV-08)."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from earlyhelp.access.holding import hold
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import Agency, Locality, Membership, Role, User, WorksFor
from earlyhelp.accounts.roles import memberships, service_managers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.components import when_text
from earlyhelp.procedures.services import version_in_force
from families.models import Episode, Family, Request, RequestPerson, RequestWords
from families.models.episodes import HelpLevel
from families.rules import PersonSaid, RequestSaid
from families.services import matching, requests
from families.services.running import runner_of
from plans.services import people_around
from stepdown import notices
from stepdown.models import StepDown
from stepdown.services import level
from stepdown.services.gate import look


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Whom a step-down is about, and why now."""

    worker: User
    agency: Agency
    locality: Locality
    family_name: str
    why: str
    people: tuple[PersonSaid, ...]
    address: str = ""


def workers_for(user: User) -> list[tuple[User, Agency]]:
    """For whom someone may open a step-down: themselves, as a social worker; those whom they support."""
    mine = memberships(user)
    found = [(user, work.agency) for work in mine if work.role == Role.SOCIAL_WORKER]
    if any(work.role == Role.BUSINESS_SUPPORT for work in mine):
        supported = Membership.objects.current().filter(user=user, role=Role.BUSINESS_SUPPORT).values("supports")
        works = WorksFor.objects.filter(
            role=Role.SOCIAL_WORKER, user__in=supported, agency__in=[work.agency_id for work in mine]
        )
        found += [(one.user, one.agency) for one in works.select_related("user", "agency")]
    return list(dict.fromkeys(found))


@transaction.atomic
def open_step_down(said: Opened, *, actor: User) -> StepDown:
    """Open a step-down. One for somebody else waits for their “yes, mine”; then, or at once, the family is found or opened."""
    if (said.worker, said.agency) not in workers_for(actor):
        raise Refused("You can open a step-down for yourself, or for whom you support.", field="worker")
    matching.check_can_be_made(said.people, actor=actor, field="")
    if mine := _opened_already(said):
        raise Refused(
            f"A step-down of this family was opened for {said.worker} on {when_text(mine.opened_at)}, and is under way:"
            f" {mine.reference}. Go on with that one; it is on the step-downs’ page."
        )
    with acting_as_system("open a step-down"):
        request = requests.asked(
            RequestSaid(
                agency=said.agency,
                locality=said.locality,
                who_asks=Request.Asker.SOCIAL_CARE,
                family_name=said.family_name,
                what_for=said.why,
                tried="",
                level_of_need="",
                received_at=clock.now(),
                asked_who="",
                agreed_by="",
                agreed_how="",
                agreed_on=None,
                people=said.people,
                address=said.address,
            ),
            asker=said.worker,
        )
        step_down = StepDown.objects.create(
            request=request,
            reference=request.reference,
            locality=said.locality,
            worker=said.worker,
            agency=said.agency,
            opened_by=actor,
            procedure_id=version_in_force(),
        )
    if actor == said.worker:
        _begin(step_down, actor=actor)
    else:
        notices.IsItYours.tell([said.worker], about=request, key=step_down.pk, url=step_down.get_absolute_url())
    return step_down


def _opened_already(said: Opened) -> StepDown | None:
    """One that the asker sees, of the same worker, with someone of the same name and day of birth."""
    asked = Q()
    for person in said.people:
        if person.first_name and person.date_of_birth:
            asked |= Q(first_name__iexact=person.first_name, date_of_birth=person.date_of_birth)
    if not asked:
        return None
    theirs = StepDown.objects.filter(worker=said.worker, completed_at=None, stopped_at=None)
    return theirs.filter(request__in=RequestPerson.objects.filter(asked).values("request")).first()


@transaction.atomic
def confirm(*, step_down: StepDown, actor: User) -> None:
    """The worker says that it is theirs; then the family is found or opened."""
    if actor.pk != step_down.worker_id:
        raise Refused("Only the social worker for whom it was opened can say that it is theirs.")
    with acting_as_system("open a step-down"):
        locked = StepDown.objects.select_for_update().get(pk=step_down.pk)
        if locked.confirmed_at or not locked.is_open:
            raise Refused("This was answered already.")
        people = [
            PersonSaid(kind=p.kind, first_name=p.first_name, date_of_birth=p.date_of_birth, postcode=p.postcode)
            for p in step_down.request.people.all()
        ]
    matching.check_can_be_made(people, actor=actor, field="")
    notices.IsItYours.settle(step_down.pk)
    _begin(step_down, actor=actor)


@transaction.atomic
def open_within(*, family: Family, episode: Episode, why: str, actor: User) -> StepDown:
    """A family that is helped here as a child in need steps down to early help: the same record, plan and lead, so nobody is
    looked for and nothing opens. It is for the overseer to agree (R1, R2)."""
    overseer = level.overseer_now(episode)
    if episode.help_level != HelpLevel.CHILD_IN_NEED:
        raise Refused("The family has early help: there is no lower level to step down to.")
    if overseer is None:
        raise Refused("Name someone who oversees first: the step-down waits for them to agree.")
    agency = level.agency_of(overseer)
    with acting_as_system("open a step-down"):
        hold(family.pk)
        if StepDown.objects.filter(family=family, completed_at=None, stopped_at=None).exists():
            raise Refused("Another step-down of this family is under way. Go on with that one.")
        now = clock.now()
        request = Request.objects.create(
            family=family,
            episode=episode,
            locality=family.locality,
            asked_by=overseer,
            agency=agency,
            who_asks=Request.Asker.SOCIAL_CARE,
            family_name=family.name,
            received_at=now,
            submitted_at=now,
            outcome=Request.Outcome.ACCEPTED,
            outcome_at=now,
            joined=True,
        )
        RequestWords.objects.create(request=request, what_for=why)
        step_down = StepDown.objects.create(
            request=request,
            reference=request.reference,
            family=family,
            episode=episode,
            locality=family.locality,
            worker=overseer,
            agency=agency,
            opened_by=actor,
            confirmed_at=now,
            found_at=now,
            within=True,
            procedure_id=version_in_force(),
        )
        Episode.objects.filter(pk=episode.pk).update(steps_down=True)
        look(step_down)
    told = {overseer, *people_around(episode)} - {actor}
    notices.SteppedDownWithin.tell(told, about=family, key=step_down.pk, url=step_down.get_absolute_url())
    return step_down


def _begin(step_down: StepDown, *, actor: User) -> None:
    with acting_as_system("open a step-down"):
        step_down.confirmed_at = clock.now()
        step_down.save(update_fields=["confirmed_at"])
    requests.open_for_social_care(step_down.request, actor=actor)
    step_down.refresh_from_db()
    look(step_down)


def found(request: Request) -> None:
    """The family of a step-down was found or opened: its worker hears, and whoever runs a support that is open."""
    step_down = StepDown.objects.select_for_update().select_related("worker").get(request=request)
    if not step_down.is_open:
        raise Refused("This step-down was stopped. Nothing is opened for it.")
    if StepDown.objects.filter(family=request.family, completed_at=None, stopped_at=None).exists():
        raise Refused("Another step-down of this family is under way. Speak to its social worker first.")
    step_down.family, step_down.episode, step_down.found_at = request.family, request.episode, clock.now()
    step_down.save(update_fields=["family", "episode", "found_at"])
    Episode.objects.filter(pk=request.episode_id or 0).update(steps_down=True)
    notices.FamilyFound.tell([step_down.worker], about=request, key=step_down.pk, url=step_down.get_absolute_url())
    if request.joined:
        assert request.family
        runner = runner_of(request.episode)
        told = [runner.user] if runner and runner.leads else who_may_know(request.family.pk, service_managers())
        notices.SteppedDownInto.tell(told, about=request.family, key=step_down.pk, url=step_down.get_absolute_url())


requests.FOUND.append(found)
