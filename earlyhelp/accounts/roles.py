"""Questions about a user's work that pages and services ask. Who may see a family isn't asked here: the database says."""

from django.db.models import QuerySet

from earlyhelp.accounts.models import Agency, Locality, Role, User, WorksFor


def memberships(user: User) -> list[WorksFor]:
    """Where the user works now, read once for each user object."""
    if not hasattr(user, "_memberships"):
        rows = WorksFor.objects.filter(user=user).select_related("agency", "locality")
        user._memberships = list(rows)  # type: ignore[attr-defined]
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
