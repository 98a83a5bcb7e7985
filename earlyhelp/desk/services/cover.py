"""Who stands in for whom while they are away."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from earlyhelp.accounts.models import Agency, Cover, Role, User, WorksFor
from earlyhelp.accounts.roles import managers_of, service_managers
from earlyhelp.core import clock
from earlyhelp.core.dates import end_of
from earlyhelp.core.errors import Problem, Refused, refuse
from earlyhelp.desk.notices import About, CoverGiven
from earlyhelp.desk.services import changes
from earlyhelp.desk.services.people import why_not
from earlyhelp.govuk.components import until_text

LONGEST = timedelta(days=92)


def problems(covered: User, user: User, agency: Agency, last_day: date) -> Iterator[Problem]:
    if user == covered:
        yield Problem("Select someone else: nobody stands in for themselves", "user")
    elif not WorksFor.objects.filter(user=user, agency=agency, may_lead=True).exists():
        yield Problem(f"{user.name} can’t lead families at {agency.name}. Select someone who can", "user")
    if last_day < clock.today():
        yield Problem("The last day must be today or in the future", "last_day")
    elif last_day > clock.today() + LONGEST:
        yield Problem("The last day must be within three months. For longer, hand the families over", "last_day")


@transaction.atomic
def give(*, covered: User, user: User, agency: Agency, last_day: date, actor: User) -> None:
    """From now until the end of a day, `user` sees and does what `covered` does for the families that they lead for the
    agency."""
    if refusal := why_not(actor, agency, Role.PRACTITIONER, whose=user):
        raise Refused(refusal)
    refuse(problems(covered, user, agency, last_day))
    until = end_of(last_day)
    Cover.objects.update_or_create(
        user=user, covered=covered, agency=agency, defaults={"until": until, "given_by": actor}
    )
    words = f"{user.name} stands in for {covered.name} at {agency.name} until {until_text(until)}"
    change = changes.record(covered, words, actor=actor)
    answers = set(managers_of(agency)) - {actor} or set(service_managers()) - {actor}
    CoverGiven.tell({user, covered, *answers}, about=About(covered.pk, "directory"), key=change.pk)


@transaction.atomic
def end(*, cover: Cover, actor: User) -> None:
    if refusal := why_not(actor, cover.agency, Role.PRACTITIONER):
        raise Refused(refusal)
    before = {"until": str(cover.until)}
    Cover.objects.filter(pk=cover.pk).update(until=clock.now())
    words = f"{cover.user.name} doesn’t stand in for {cover.covered.name} any more"
    changes.record(cover.covered, words, actor=actor, before=before, after={"until": str(clock.now())})
