"""Sharing without agreement: decided with advice, recorded with its reasons (ROT-17 to ROT-19)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from consent import notices
from consent.models import Disclosure, ExcludedPerson, LawfulSharing
from consent.services.disclosures import record_disclosure
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.access.models import Grant
from earlyhelp.access.reasons import LAWFUL
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import agencies, managers_of, service_managers
from earlyhelp.core import clock
from earlyhelp.core.errors import Problem, Refused, refuse
from earlyhelp.procedures.services import procedure_in_force
from families.models import ConnectedUser, Family
from families.notices import AccessEnded


def longest() -> timedelta:
    return timedelta(days=procedure_in_force().sharing.lawful_days_longest)


def too_long() -> str:
    return f"The last day of access must be within {longest().days} days from today"


def advisers(family: Family, actor: User) -> list[User]:
    """Whose advice counts: managers of the actor's agencies and service managers, never the actor (ROT-19), and nobody
    who is connected to the family or whom it excludes; for a restricted family, only who may know of it."""
    found = set(service_managers())
    for agency in agencies(actor):
        found |= set(managers_of(agency))
    with acting_as_system("who may not advise about a family"):
        kept_out = set(ConnectedUser.objects.filter(family=family).values_list("user", flat=True))
        kept_out |= set(
            ExcludedPerson.objects.filter(family=family, ended_at=None, user__isnull=False).values_list(
                "user", flat=True
            )
        )
    found = {user for user in found - {actor} if user.pk not in kept_out}
    if family.restricted:
        found = set(who_may_know(family.pk, found))
    return sorted(found, key=lambda user: (user.name, user.pk))


@dataclass(frozen=True, kw_only=True)
class LawfulSaid:
    """A decision to share without agreement; `access_until` lets `user` see the record, about those people only."""

    reason: str
    explanation: str
    basis: str
    what: str
    about: Sequence[int]
    with_whom: str
    how: str
    decided_at: datetime
    adviser: User
    advice: str
    told: bool
    not_told_because: str = ""
    agency: Agency | None = None
    user: User | None = None
    access_until: datetime | None = None


def lawful_problems(said: LawfulSaid, *, actor: User, advisers: Collection[User], now: datetime) -> Iterator[Problem]:
    if said.adviser == actor:
        yield Problem("The adviser must be someone other than you. Ask your manager or the service manager", "adviser")
    elif said.adviser not in advisers:
        yield Problem("Only a manager of your agency or the service manager can be the adviser", "adviser")
    if not said.about:
        yield Problem("Select whom the information is about", "about")
    if said.decided_at > now:
        yield Problem("The time it was decided must be in the past", "decided_at")
    if not said.told and not said.not_told_because:
        yield Problem("Enter why the family was not told", "not_told_because")
    if said.access_until and not now < said.access_until <= now + longest() + timedelta(days=1):
        yield Problem(too_long(), "access_until")


@transaction.atomic
def share_without_agreement(said: LawfulSaid, *, family: Family, actor: User) -> LawfulSharing:
    """Record the decision, and that the information left."""
    refuse(lawful_problems(said, actor=actor, advisers=advisers(family, actor), now=clock.now()))
    decided = {name: value for name, value in vars(said).items() if name != "how"}
    with acting_as_system("share without agreement"):
        sharing = LawfulSharing.objects.create(family=family, created_by=actor, **decided | {"about": list(said.about)})
        record_disclosure(
            family=family,
            how=said.how,
            what=said.what[:300],
            to_whom=said.with_whom,
            agency=said.agency,
            basis=Disclosure.Basis.LAWFUL,
            lawful_sharing=sharing,
            about=said.about,
            at=said.decided_at,
            actor=actor,
        )
        if said.access_until:
            _check_sees(sharing)
            notices.AccessGiven.tell([said.user] if said.user else [], about=family, key=sharing.pk)
    url = reverse("lawful", args=[family.reference])
    notices.NamedAsAdviser.tell([said.adviser], about=family, key=sharing.pk, url=url)
    return sharing


def _check_sees(sharing: LawfulSharing) -> None:
    grants = Grant.objects.in_force().filter(user=sharing.user, family=sharing.family_id, reason=LAWFUL)
    if grants.exists():
        return
    if sharing.family.restricted:
        raise Refused("This record is restricted: nobody can be let in this way. Tell them what they need to know.")
    raise Refused("That account can’t be given access to this record. Tell them what they need to know instead.")


@transaction.atomic
def end_access(*, sharing: LawfulSharing) -> None:
    """End the named person's access at once, and tell them that it ended."""
    with acting_as_system("end access given without agreement"):
        ended = LawfulSharing.objects.filter(pk=sharing.pk, access_until__gt=clock.now(), access_ended_at=None).update(
            access_ended_at=clock.now()
        )
        if not ended:
            raise Refused("This access has ended already.")
        family = Family.objects.get(pk=sharing.family_id)
        AccessEnded.tell([sharing.user] if sharing.user else [], about=family, key=f"lawful:{sharing.pk}")
