"""Who may be given something of a family: to lead it, a place on its team, the first contact."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User, WorksFor
from earlyhelp.core.errors import Refused
from families.models import Lead

TO_LEAD = Q(may_lead=True)
TO_JOIN = Q(may_join=True)


def to_make_first_contact(*, family_is_new: bool) -> Q:
    """A locality officer only with a family that is new: of one that was helped before they would read the record."""
    return TO_JOIN if family_is_new else TO_LEAD


@dataclass(frozen=True)
class Candidate:
    """Someone, the agency that they would act for, and their load (MID-05)."""

    user: User
    agency: Agency
    leads: int
    hours: int | None

    @property
    def key(self) -> str:
        return f"{self.user.pk}-{self.agency.pk}"

    @property
    def about(self) -> str:
        """Their work and their load: "Health visitor, Health visiting. Leads 3 families, 6 hours a week for it."."""
        work = ", ".join(filter(None, (self.user.job_title, self.agency.name)))
        families = "no family" if not self.leads else f"{self.leads} famil{'y' if self.leads == 1 else 'ies'}"
        hours = f", {self.hours} hour{'' if self.hours == 1 else 's'} a week for it" if self.hours is not None else ""
        return f"{work}. Leads {families} now{hours}."


def candidates(who: Q, agencies: Collection[int], *, but: Collection[int] = ()) -> list[Candidate]:
    """Whoever may be given it in these agencies, by name."""
    works = WorksFor.objects.filter(who, agency__in=agencies).exclude(user__in=but)
    rows = {(row.user_id, row.agency_id): row for row in works.select_related("user", "agency")}
    with acting_as_system("how many families each leads"):
        leading = Lead.objects.filter(status=Lead.Status.ACCEPTED, episode__ended_at=None)
        counts = leading.filter(user__in={user for user, _ in rows}).values_list("user").annotate(Count("pk"))
        led = dict(counts.order_by())
    found = [Candidate(row.user, row.agency, led.get(row.user_id, 0), row.hours_to_lead) for row in rows.values()]
    return sorted(found, key=lambda one: (one.user.name, one.agency.name))


def check(who: Q, *, user: User, agency: Agency) -> None:
    """Refused, unless `user` works for the agency now in a role that may be given it."""
    works = WorksFor.objects.filter(user=user, agency=agency)
    if not works.exists():
        raise Refused(f"{user} no longer works for {agency}. Choose someone else.")
    if not works.filter(who).exists():
        raise Refused(f"{user}’s role at {agency} can’t be given this. Choose someone else.")
