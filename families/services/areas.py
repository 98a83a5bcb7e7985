"""The name that a family goes by, and the area whose early help team it belongs to."""

from datetime import date

from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import Locality, User
from earlyhelp.accounts.roles import locality_officers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales import services as timescales
from families import notices
from families.models import AreaMove, Family, LocalityHelp, Request
from families.services import people
from families.services.running import lock


@transaction.atomic
def rename(*, family: Family, name: str, actor: User) -> None:
    """The family goes by another name; it is found by that, and history keeps the one before."""
    Family.objects.filter(pk=family.pk).update(name=name)
    family.name = name
    with acting_as_system("search keys of a family's name"):
        people.index_families(family)


@transaction.atomic
def move(*, family: Family, to: Locality, on: date, because: str, actor: User) -> AreaMove | None:
    """From a day on the family belongs to another area: its officers see it then, and those of the area before don't. What
    it shares with whom, who leads and every deadline stay. A move that is still to come takes the place of another; to stay
    where it is takes that back."""
    with acting_as_system("move a family to another area"):
        family = lock(family.pk)
        taken_back, _ = AreaMove.objects.filter(family=family, done_at=None).delete()
        if to == family.locality and taken_back:
            return None
        if to == family.locality:
            raise Refused(f"The family belongs to {to} already.", field="to")
        planned = AreaMove.objects.create(
            family=family, moved_from=family.locality, moved_to=to, moved_on=on, because=because, created_by=actor
        )
        if on <= clock.today():
            _carry_out(planned)
    return planned


def carry_out_due() -> int:
    """Carry out the moves whose day has come; returns how many."""
    with acting_as_system("families that move to another area today"):
        due = list(AreaMove.objects.filter(done_at=None, moved_on__lte=clock.today()).values_list("pk", "family"))
    for pk, family in due:
        with acting_as_system("move a family to another area"), transaction.atomic():
            lock(family)
            if planned := AreaMove.objects.filter(pk=pk, done_at=None).first():
                _carry_out(planned)
    return len(due)


def _carry_out(planned: AreaMove) -> None:
    family, to = planned.family, planned.moved_to
    Family.objects.filter(pk=family.pk).update(locality=to)
    planned.done_at = clock.now()
    planned.save(update_fields=["done_at"])
    timescales.move(family_id=family.pk, locality=to)
    LocalityHelp.objects.filter(family=family, status=LocalityHelp.Status.ASKED).update(locality=to)
    here = who_may_know(family.pk, locality_officers(to))
    notices.MovedHere.tell(here, about=family, key=planned.pk)
    for request in Request.objects.filter(family=family, outcome=Request.Outcome.WAITING):
        request.locality = to
        request.save(update_fields=["locality"])
        if request.submitted_at:
            notices.RequestReceived.settle(request.pk)
            notices.RequestReceived.tell(here, about=request, key=f"{request.pk}:{planned.pk}")
