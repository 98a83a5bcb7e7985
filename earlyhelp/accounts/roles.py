"""Questions about a user's work that pages and services ask. Who may see a family isn't asked here: the database says."""

from collections.abc import Iterable

from django.db.models import QuerySet

from earlyhelp.accounts.models import Agency, Locality, Role, User, WorksFor
from earlyhelp.core.prepared import Prepared

WORK_OF = Prepared(lambda user: WorksFor.objects.filter(user=user).select_related("agency", "locality"))


def memberships(user: User) -> list[WorksFor]:
    """Where the user works now, read once for each user object."""
    if not hasattr(user, "_memberships"):
        user._memberships = WORK_OF(user)  # type: ignore[attr-defined]
    return user._memberships  # type: ignore[attr-defined, no-any-return]


def has_role(user: User, *roles: str) -> bool:
    return any(m.role in roles for m in memberships(user))


def agencies(user: User) -> list[Agency]:
    """The agencies that the user works for, each once."""
    return list({m.agency_id: m.agency for m in memberships(user)}.values())


def home_agency(user: User) -> Agency | None:
    """The agency a user acts for when nothing says otherwise."""
    return next(iter(agencies(user)), None)


def localities_of(user: User) -> list[Locality]:
    """Where the user is a locality officer; every locality for a service manager."""
    if has_role(user, Role.SERVICE_MANAGER):
        return list(Locality.objects.all())
    return [m.locality for m in memberships(user) if m.role == Role.LOCALITY_OFFICER and m.locality]


def officers_by_locality(localities: Iterable[int]) -> dict[int, list[User]]:
    """The officers of each of some localities, by its id."""
    found: dict[int, list[User]] = {}
    rows = WorksFor.objects.filter(role=Role.LOCALITY_OFFICER, locality__in=set(localities))
    for row in rows.select_related("user"):
        if row.locality_id:
            found.setdefault(row.locality_id, []).append(row.user)
    return found


def managers_by_agency(agencies: Iterable[int]) -> dict[int, list[User]]:
    """The managers of each of some agencies, by its id."""
    found: dict[int, list[User]] = {}
    for row in WorksFor.objects.filter(role=Role.MANAGER, agency__in=set(agencies)).select_related("user"):
        found.setdefault(row.agency_id, []).append(row.user)
    return found


def managers_of(agency: Agency) -> QuerySet[User]:
    return _working(agency=agency, role=Role.MANAGER)


def service_managers() -> QuerySet[User]:
    return _working(role=Role.SERVICE_MANAGER)


def administrators() -> QuerySet[User]:
    return _working(role=Role.ADMINISTRATOR)


def locality_officers(locality: Locality) -> QuerySet[User]:
    return _working(role=Role.LOCALITY_OFFICER, locality=locality)


def _working(**where: object) -> QuerySet[User]:
    return User.objects.filter(pk__in=WorksFor.objects.filter(**where).values("user"))
