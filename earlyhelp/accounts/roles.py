"""Questions about a user's work that pages and services ask. Who may see a family isn't asked here: the database says."""

from django.db.models import QuerySet

from earlyhelp.accounts.models import Agency, Locality, Membership, Role, User


def memberships(user: User) -> list[Membership]:
    """The user's current memberships, read once for each user object."""
    if not hasattr(user, "_memberships"):
        rows = Membership.objects.current().filter(user=user).select_related("agency", "team", "locality")
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


def people_in(agency: Agency, *roles: str) -> QuerySet[User]:
    """The active users of an agency, in one of `roles` when any is given."""
    rows = Membership.objects.current().filter(agency=agency)
    return User.objects.filter(
        is_active=True, memberships__in=rows.filter(role__in=roles) if roles else rows
    ).distinct()


def managers_of(agency: Agency) -> QuerySet[User]:
    return people_in(agency, Role.MANAGER)


def service_managers() -> QuerySet[User]:
    rows = Membership.objects.current().filter(role=Role.SERVICE_MANAGER)
    return User.objects.filter(is_active=True, memberships__in=rows).distinct()


def locality_officers(locality: Locality) -> QuerySet[User]:
    rows = Membership.objects.current().filter(role=Role.LOCALITY_OFFICER, locality=locality)
    return User.objects.filter(is_active=True, memberships__in=rows).distinct()
