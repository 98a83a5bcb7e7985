"""People by name who must not see a family's record, as the family asked."""

from django.db import transaction
from django.db.models import Q

from consent import notices
from consent.models import ExcludedPerson
from consent.services.ledger import running_agency
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import managers_of, service_managers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import Family, Lead, Person, TeamMember
from families.notices import AccessEnded
from families.services.running import lock, runner_of

MOST = 10


def accounts_like(text: str) -> list[User]:
    """The accounts that `text` may mean, by name or e-mail address: a few at most."""
    text = text.strip()
    if len(text) < 3:
        return []
    return list(User.objects.filter(Q(email__iexact=text) | Q(name__icontains=text), is_active=True)[:MOST])


def people_excluded(family: Family) -> set[int]:
    """The accounts that must not see the family's record."""
    with acting_as_system("who is kept from a family's record"):
        rows = ExcludedPerson.objects.filter(family=family, ended_at=None, user__isnull=False)
        return set(rows.values_list("user", flat=True))


@transaction.atomic
def exclude(*, family: Family, name: str, user: User | None, decided_by: Person, actor: User) -> ExcludedPerson:
    """Someone named must not see the record any more; with an account, from their next click on. Their place on the team
    ends with it."""
    with acting_as_system("exclude someone whom the family named"):
        lock(family.pk)
        episode = family.episode()
        runner = runner_of(episode)
        if runner and runner.user == user:
            raise Refused(
                f"{runner.user} runs this family’s support now. Hand over to someone else first; then {runner.user} can be"
                " kept from the record."
            )
        again = ExcludedPerson.objects.filter(family=family, ended_at=None)
        if again.filter(user=user).exists() if user else again.filter(user=None, name__iexact=name).exists():
            raise Refused(f"{user.name if user else name} is kept from the record already.")
        held = list(Grant.objects.in_force().filter(user=user, family=family)) if user else []
        excluded = ExcludedPerson.objects.create(
            family=family, name=name, user=user, decided_by=decided_by, created_by=actor
        )
        if user:
            now = clock.now()
            TeamMember.objects.filter(family=family, user=user, status__in=["invited", "accepted"]).update(
                status=TeamMember.Status.ENDED, ends_at=now
            )
            Lead.objects.filter(family=family, user=user, status=Lead.Status.ASKED).update(
                status=Lead.Status.ENDED, ended_at=now
            )
        if user and any(grant.level >= Level.MANAGE for grant in held):
            _someone_oversees(family)
        if user and held:
            key = f"excluded:{excluded.pk}"
            AccessEnded.tell([user], about=family, key=key)
            if any(grant.level >= Level.MANAGE for grant in held):
                _tell_who_oversees(family, key=key)
    return excluded


@transaction.atomic
def end_exclusion(*, excluded: ExcludedPerson, actor: User) -> None:
    """The family no longer minds. Access comes back only where something else gives it."""
    if not ExcludedPerson.objects.filter(pk=excluded.pk, ended_at=None).update(ended_at=clock.now()):
        raise Refused("This was ended already.")


def _someone_oversees(family: Family) -> None:
    if not Grant.objects.in_force().filter(family=family, level__gte=Level.MANAGE).exists():
        raise Refused("Nobody else oversees this family’s support. Speak to the early help service manager first.")


def _tell_who_oversees(family: Family, *, key: str) -> None:
    agency = running_agency(family)
    people = set(service_managers()) | (set(managers_of(agency)) if agency else set())
    notices.OversightEnded.tell(people, about=family, key=key)
