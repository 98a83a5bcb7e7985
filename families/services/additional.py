"""Additional services: asked for on behalf of a family, and what they answer (DEV-19, WOR-06, ROT-26)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from earlyhelp.access.holding import hold
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.procedures.services import procedure_in_force
from families import notices
from families.models import Episode, Family, ServiceRequest
from families.services.running import runner_of


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of a service, and how it was sent."""

    service: str
    needs: str
    why: str
    agreed_by: str
    agreed_on: date
    sent_on: date
    sent_how: str
    about: Sequence[int] = ()


@transaction.atomic
def ask(*, family: Family, episode: Episode, said: Asked, actor: User) -> ServiceRequest:
    """Keep that a service was asked. Who leads stays responsible (ROT-06)."""
    if episode.ended_at:
        raise Refused("Early help for this family has ended. A new request opens it again.")
    if said.service not in {one.code for one in procedure_in_force().services.offered}:
        raise Refused("This service can’t be asked for any more. Choose another")
    if said.agreed_on > said.sent_on:
        raise Refused("Enter the day on which they agreed: that can’t be after it was sent", field="agreed_on")
    if said.sent_on > clock.today():
        raise Refused("The day when it was sent must be today or in the past", field="sent_on")
    hold(family.pk)
    about = sorted(said.about)
    waiting = ServiceRequest.objects.filter(episode=episode, service=said.service, status__in=["sent", "waiting"])
    if waiting.filter(about=about).exists():
        raise Refused("This service has been asked already, and has not answered for good. Record its answer instead")
    return ServiceRequest.objects.create(
        family=family, episode=episode, sent_by=actor, created_by=actor, **vars(said) | {"about": about}
    )


@transaction.atomic
def answered(
    *, asked: ServiceRequest, status: str, answer: str, answered_by: str, answered_on: date, actor: User
) -> None:
    """Keep what a service answered, or that it isn't wanted any more; whoever asked, and whoever runs the support, hear."""
    locked = ServiceRequest.objects.select_for_update().filter(pk=asked.pk).first()
    if locked is None:
        raise Refused("You can read this request but not change it any more. Ask the lead.")
    if answered_on < locked.sent_on:
        raise Refused("Enter the day of the answer: that can’t be before it was asked", field="answered_on")
    locked.status = ServiceRequest.WORKFLOW.after(locked.status, status)
    locked.answer, locked.answered_by, locked.answered_on = answer, answered_by, answered_on
    locked.answer_recorded_by, locked.answer_recorded_at = actor, clock.now()
    locked.save(
        update_fields=[
            "status",
            "answer",
            "answered_by",
            "answered_on",
            "answer_recorded_by",
            "answer_recorded_at",
        ]
    )
    runner = runner_of(locked.episode)
    told = {locked.sent_by, *([runner.user] if runner else [])} - {actor}
    notices.ServiceAnswered.tell(told, about=locked.family, key=f"{locked.pk}:{locked.status}")
