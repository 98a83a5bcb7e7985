"""Who has an account, and in which roles: invited, given and ended here, and nowhere else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from earlyhelp.accounts.models import Agency, Locality, Membership, PasswordMail, Role, Team, User, WorksFor
from earlyhelp.accounts.roles import administrators, has_role, memberships, service_managers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.desk.notices import About, CodeTaken, RoleGiven
from earlyhelp.desk.services import changes
from earlyhelp.desk.services.places import Wrong

MOST_AT_ONCE = 500
BY_MANAGERS = (Role.PRACTITIONER, Role.BUSINESS_SUPPORT)
# What apps above say, as numbers, of what hangs on someone's place: "leads 3 families"
HANGS: list[Callable[[User, Agency | None], Iterable[str]]] = []


@dataclass(frozen=True)
class Place:
    """A role at an agency; an officer's has a locality, business support's whom it is for."""

    agency: Agency
    role: str
    locality: Locality | None = None
    supports: User | None = None
    ends_at: datetime | None = None

    @property
    def words(self) -> str:
        where = f", {self.locality}" if self.locality else ""
        return f"{Role(self.role).label} at {self.agency.name}{where}"


def why_not(actor: User, agency: Agency, role: str, *, whose: User | None = None) -> str:
    """Why `actor` can't give or end a role at an agency, or "": an administrator may all of them; a manager, those who work
    with families at their own agency, and never their own."""
    if has_role(actor, Role.ADMINISTRATOR):
        return ""
    mine = {m.agency_id for m in memberships(actor) if m.role == Role.MANAGER}
    if agency.pk not in mine:
        return "Only a manager of that agency, or a service administrator, can do this."
    if whose == actor:
        return "Nobody gives or ends their own role. Ask a service administrator."
    if role not in BY_MANAGERS:
        return "Only a service administrator can give or end this role."
    return ""


def _check(place: Place, actor: User | None, *, whose: User | None = None) -> None:
    if actor and (refusal := why_not(actor, place.agency, place.role, whose=whose)):
        raise Refused(refusal)
    if not place.agency.is_open:
        raise Refused(f"{place.agency.name} is closed. Choose another agency", field="agency")
    if place.role == Role.LOCALITY_OFFICER and place.locality is None:
        raise Refused("Select which area they are the officer of", field="locality")
    if place.role == Role.ADMINISTRATOR and place.ends_at:
        raise Refused("A service administrator’s role has no end that is set before. End it when another has joined")
    if place.role == Role.BUSINESS_SUPPORT:
        if place.supports is None:
            raise Refused("Select whom they support", field="supports")
        if not WorksFor.objects.filter(user=place.supports, agency=place.agency).exists():
            raise Refused(f"{place.supports.name} doesn’t work at {place.agency.name}", field="supports")
    if whose:
        _keep_administrators_apart(whose, place)


def _keep_administrators_apart(user: User, place: Place) -> None:
    """Whoever keeps roles has none that sees families, and the other way round."""
    roles = set(Membership.objects.current().filter(user=user).values_list("role", flat=True))
    administers, would = Role.ADMINISTRATOR in roles, place.role == Role.ADMINISTRATOR
    if administers and not would:
        raise Refused(
            "A service administrator sees no family. End that role before you give them another", field="role"
        )
    if would and roles - {Role.ADMINISTRATOR}:
        raise Refused("A service administrator sees no family. End their other roles first", field="role")


@transaction.atomic
def invite(*, name: str, email: str, place: Place, actor: User | None, job_title: str = "", phone: str = "") -> User:
    """Make an account, and write to its owner; they choose their password by the link in it."""
    _check(place, actor)
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Refused("Somebody has an account with this address. Find them, and give them a role", field="email")
    user = User.objects.create_user(email=email, name=name, job_title=job_title, phone=phone)
    PasswordMail.objects.create(user=user, invites=True)
    _give(user, place, actor=actor)
    change = changes.record(user, f"Invited {name}: {place.words}", actor=actor, after={"email": email})
    _tell_of_much(place, user, actor=actor, key=change.pk)
    return user


@transaction.atomic
def invite_again(*, user: User, actor: User) -> None:
    """Another link, for who has never signed in."""
    if user.last_login:
        raise Refused("They have signed in before. They choose “I have forgotten my password” where they sign in.")
    PasswordMail.objects.filter(user=user, sent_at=None).delete()
    PasswordMail.objects.create(user=user, invites=True)
    changes.record(user, f"Invited {user.name} again", actor=actor)


@transaction.atomic
def give_role(*, user: User, place: Place, actor: User) -> None:
    """One more role, or one that ended before."""
    User.objects.select_for_update().get(pk=user.pk)
    _check(place, actor, whose=user)
    before = _give(user, place, actor=actor)
    words, after = f"Gave {user.name} a role: {place.words}", {"until": str(place.ends_at or "")}
    change = changes.record(user, words, actor=actor, before=before, after=after)
    _tell_of_much(place, user, actor=actor, key=change.pk)


def _tell_of_much(place: Place, user: User, *, actor: User | None, key: int) -> None:
    """A role that opens or decides more is told to others who answer for it."""
    if place.role not in BY_MANAGERS:
        told = {*service_managers(), *administrators()} - {actor, user}
        RoleGiven.tell(told, about=About(user.pk, "directory"), key=key)


def _give(user: User, place: Place, *, actor: User | None) -> dict[str, str]:
    """What was there before: one that an administrator ended, only an administrator gives again."""
    held = Membership.objects.filter(**_where(user, place)).first()
    by_administrator = actor is None or has_role(actor, Role.ADMINISTRATOR)
    if held and held.administrators_end and not by_administrator:
        raise Refused("A service administrator ended this role. Ask them to give it again", field="role")
    said = {"ends_at": place.ends_at, "administrators_end": by_administrator and place.ends_at is not None}
    Membership.objects.update_or_create(**_where(user, place), defaults=said)
    return {"until": str(held.ends_at or "")} if held else {}


def _where(user: User, place: Place) -> dict[str, Any]:
    return {
        "user": user,
        "agency": place.agency,
        "role": place.role,
        "locality": place.locality if place.role == Role.LOCALITY_OFFICER else None,
        "supports": place.supports if place.role == Role.BUSINESS_SUPPORT else None,
    }


@transaction.atomic
def end_role(*, membership: Membership, why: str, actor: User) -> None:
    """A role ends now, and with it all that it opened."""
    if refusal := why_not(actor, membership.agency, membership.role, whose=membership.user):
        raise Refused(refusal)
    if membership.role == Role.ADMINISTRATOR:
        _keep_an_administrator(without=membership.user)
    words = f"Ended {membership.user.name}’s role: {membership.get_role_display()} at {membership.agency.name}"
    before = {"until": str(membership.ends_at or "")}
    Membership.objects.filter(pk=membership.pk).update(
        ends_at=clock.now(), administrators_end=membership.administrators_end or has_role(actor, Role.ADMINISTRATOR)
    )
    changes.record(membership.user, words, actor=actor, why=why, before=before, after={"until": str(clock.now())})


@transaction.atomic
def move(*, membership: Membership, agency: Agency, why: str, actor: User) -> None:
    """The same role at another agency, from now on; what hangs on the place stays, to be handed over."""
    if agency == membership.agency:
        raise Refused("They work there already. Select another agency", field="agency")
    place = Place(agency, membership.role, membership.locality, membership.supports, membership.ends_at)
    end_role(membership=membership, why=why, actor=actor)
    give_role(user=membership.user, place=place, actor=actor)


@transaction.atomic
def set_team(*, membership: Membership, team: Team | None, actor: User) -> None:
    """Which team of their agency someone works in."""
    if refusal := why_not(actor, membership.agency, membership.role, whose=membership.user):
        raise Refused(refusal)
    before = {"team": str(membership.team or "")}
    Membership.objects.filter(pk=membership.pk).update(team=team)
    words = (
        f"{membership.user.name} works in {team} at {membership.agency}"
        if team
        else f"{membership.user.name} is in no team"
    )
    changes.record(membership.user, words, actor=actor, before=before, after={"team": str(team or "")})


@transaction.atomic
def switch_off(*, user: User, why: str, actor: User) -> None:
    """Nobody signs in with this account from now on, and whoever is signed in with it is signed out at the next click."""
    _keep_an_administrator(without=user)
    if changes.change(user, f"Switched {user.name}’s account off", {"is_active": False}, actor=actor, why=why):
        PasswordMail.objects.filter(user=user, sent_at=None).delete()


@transaction.atomic
def take_code(*, user: User, why: str, actor: User) -> None:
    """Someone lost what gives them one-time codes: the codes end, theirs of the list too, and they set up others when they
    sign in. Never one's own: that needs somebody else."""
    if user == actor:
        raise Refused("Nobody takes their own code away. Ask another service administrator")
    codes = Authenticator.objects.filter(user=user)
    if not codes.exists():
        raise Refused("They have no one-time code. They can sign in with their password")
    codes.delete()
    change = changes.record(user, f"Took {user.name}’s one-time code away", actor=actor, why=why)
    CodeTaken.tell([user], about=About(user.pk, "mfa_index"), key=change.pk)


@transaction.atomic
def switch_on(*, user: User, why: str, actor: User) -> None:
    changes.change(user, f"Switched {user.name}’s account on", {"is_active": True}, actor=actor, why=why)


@transaction.atomic
def change_person(*, user: User, name: str, job_title: str, phone: str, actor: User) -> None:
    """What a person is called and how they are reached. Their address, by which they sign in, stays."""
    said = {"name": name, "job_title": job_title, "phone": phone}
    changes.change(user, f"Changed {name}", said, actor=actor)


def _keep_an_administrator(*, without: User) -> None:
    """Whoever ends one waits for whoever is ending another: of two who end each other, one is refused."""
    lasting = {"user__is_active": True, "agency__is_open": True, "agency__closes_at": None}
    rows = Membership.objects.current().filter(role=Role.ADMINISTRATOR, **lasting).order_by("pk")
    there = {row.user_id for row in rows.select_related("user").select_for_update(of=("self", "user"))}
    if there == {without.pk}:
        raise Refused("There must be a service administrator. Give somebody else that role first.")


def hangs_on(user: User, agency: Agency | None = None) -> list[str]:
    """What hangs on someone's place, as numbers."""
    return [said for hangs in HANGS for said in hangs(user, agency)]


def invite_many(*, text: str, actor: User) -> tuple[int, list[Wrong]]:
    """Invite from a pasted list, a line each: name, e-mail, agency, role, area (of an officer). The good ones are in; the
    others come back with what is wrong."""
    agencies = {agency.name.lower(): agency for agency in Agency.objects.filter(is_open=True)}
    roles = {label.lower(): role for role, label in Role.choices}
    places = {place.name.lower(): place for place in Locality.objects.all()}
    taken, wrong = 0, []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        if taken >= MOST_AT_ONCE:
            wrong.append(Wrong(number, line, f"{MOST_AT_ONCE} were invited. Send the rest again"))
            continue
        parts: list[Any] = [part.strip() for part in line.replace("\t", ",").split(",")] + [""] * 5
        name, email, agency, role, place = parts[:5]
        if reason := _wrong(name, email, agency, role, place, agencies, roles, places):
            wrong.append(Wrong(number, line, reason))
            continue
        where = Place(agencies[agency.lower()], roles[role.lower()], places.get(place.lower()))
        try:
            invite(name=name, email=email, place=where, actor=actor)
            taken += 1
        except Refused as refused:
            wrong.append(Wrong(number, line, refused.reason))
        except IntegrityError:
            wrong.append(Wrong(number, line, "Somebody else invited them just now"))
    return taken, wrong


def _wrong(name: str, email: str, agency: str, role: str, place: str, agencies: Any, roles: Any, places: Any) -> str:
    if not name:
        return "The name is missing. Enter name, e-mail address, agency and role, with a comma between two"
    if len(name) > 150 or len(email) > 254:
        return (
            "The name or the e-mail address is too long. Enter 150 characters of a name at most, and 254 of an address"
        )
    try:
        validate_email(email)
    except ValidationError:
        return f"“{email}” is no e-mail address. Enter one like name@example.com"
    if agency.lower() not in agencies:
        return f"There is no agency “{agency}” that is open. Add it first, or write its name as it stands there"
    if role.lower() not in roles:
        return f"There is no role “{role}”. Enter one of {', '.join(str(label) for label in Role.labels)}"
    if place and place.lower() not in places:
        return f"There is no area “{place}”. Enter one of {', '.join(p.name for p in places.values())}"
    return ""
