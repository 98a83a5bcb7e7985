"""Every way in to a family's record, one row each: what opens it, and each thing that closes it again. The rows are
changed as no service would, for the rule must hold whatever the services do."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from consent.models import AgencyPermission, Agreement, EmergencyAccess, ExcludedPerson, LawfulSharing
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Membership, Role, User
from earlyhelp.core import clock
from families.models import ConnectedUser, Episode, Family, Lead, LocalityHelp, TeamMember
from families.services import team
from tests.access.test_doors import end, open_again, shared_lawfully
from tests.cast import Cast, episode_of, make_user, mother

DAYS = timedelta(days=1)
SOON = 2 * DAYS


def leads(cast: Cast, family: Family) -> User:
    return cast.alice


def first_contact(cast: Cast, family: Family) -> User:
    Lead.objects.update(status="ended", ended_at=clock.now())
    return cast.alice


def asks_again(cast: Cast, family: Family) -> User:
    end(cast, family)
    open_again(cast, family, cast.other_school, cast.dana)
    return cast.dana


def on_team(cast: Cast, family: Family) -> User:
    return cast.charlie


def asked(cast: Cast, family: Family) -> User:
    nia = make_user("Nia", cast.health)
    with acting_as(cast.alice):
        team.ask_to_lead(
            family=family, episode=episode_of(family), user=nia, agency=cast.health,
            family_wish="x", actor=cast.alice,
        )  # fmt: skip
    return nia


def invited(cast: Cast, family: Family) -> User:
    nia = make_user("Nia", cast.health)
    with acting_as(cast.alice):
        team.invite(
            family=family, episode=episode_of(family), user=nia, agency=cast.health,
            role="contributor", actor=cast.alice,
        )  # fmt: skip
    return nia


def manages_lead(cast: Cast, family: Family) -> User:
    return cast.manager


def manages_team(cast: Cast, family: Family) -> User:
    return make_user("Head of health", cast.health, Role.MANAGER)


def supports(cast: Cast, family: Family) -> User:
    return make_user("Sam", cast.council, Role.BUSINESS_SUPPORT, supports=cast.alice)


def emergency(cast: Cast, family: Family) -> User:
    head = make_user("Head", cast.other_school, Role.MANAGER)
    EmergencyAccess.objects.create(
        family=family, user=head, reason="x", starts_at=clock.now(), ends_at=clock.now() + SOON
    )
    return head


def lawful(cast: Cast, family: Family) -> User:
    with acting_as_system("test"):
        grace = mother(family)
    shared_lawfully(
        cast, family, actor=cast.alice, about=[grace],
        user=cast.dana, agency=cast.other_school,
    )  # fmt: skip
    return cast.dana


def locality(cast: Cast, family: Family) -> User:
    return cast.locality


def locality_help(cast: Cast, family: Family) -> User:
    LocalityHelp.objects.create(
        family=family, episode=episode_of(family), locality=cast.north, reason="x",
        asked_by=cast.alice, asked_at=clock.now(),
    )  # fmt: skip
    return cast.locality


def service(cast: Cast, family: Family) -> User:
    return cast.service


WAYS: dict[str, Callable[[Cast, Family], User]] = {
    "leads": leads, "first_contact": first_contact, "asks_again": asks_again, "team": on_team, "asked": asked,
    "invited": invited, "manages_lead": manages_lead, "manages_team": manages_team, "supports": supports,
    "emergency": emergency, "lawful": lawful, "locality": locality, "locality_help": locality_help, "service": service,
}  # fmt: skip
OF_A_ROLE = {"manages_lead", "manages_team", "supports", "emergency", "locality", "locality_help", "service"}


def held(family: Family, user: User, reason: str, at: datetime | None = None) -> int:
    """The level that `user` has for `reason`; nought is none."""
    grants = Grant.objects.filter(user=user, family=family, reason=reason)
    at = at or clock.now()
    return max((g.level for g in grants if g.until is None or g.until > at), default=0)


@pytest.fixture(autouse=True)
def as_system(db):
    with acting_as_system("test"):
        yield


def test_every_reason_has_its_way_in():
    from earlyhelp.access.reasons import registry

    assert set(WAYS) == set(registry)


@pytest.mark.parametrize("reason", WAYS)
def test_a_way_in_ends_with_the_membership(cast, family, reason):
    user = WAYS[reason](cast, family)
    level = held(family, user, reason)
    assert level
    Membership.objects.filter(user=user).update(ends_at=clock.now() + DAYS)
    assert held(family, user, reason) == level
    assert held(family, user, reason, clock.now() + DAYS) == 0


@pytest.mark.parametrize("reason", WAYS)
def test_a_way_in_ends_with_the_account(cast, family, reason):
    user = WAYS[reason](cast, family)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert held(family, user, reason) == 0


@pytest.mark.parametrize("reason", WAYS)
def test_a_way_in_is_for_the_role_or_the_agency_that_it_names(cast, family, reason):
    user = WAYS[reason](cast, family)
    if reason in OF_A_ROLE:
        Membership.objects.filter(user=user).update(role=Role.AUDITOR)
    else:
        Membership.objects.filter(user=user).update(agency=cast.council)
    assert held(family, user, reason) == 0


@pytest.mark.parametrize("reason", WAYS)
def test_who_knows_the_family_privately_has_no_way_in(cast, family, reason):
    user = WAYS[reason](cast, family)
    connected = ConnectedUser.objects.create(family=family, user=user)
    assert held(family, user, reason) == 0
    connected.delete()
    assert held(family, user, reason)


@pytest.mark.parametrize("reason", WAYS)
def test_whom_the_family_keeps_out_has_no_way_in_until_that_ends(cast, family, reason):
    user = WAYS[reason](cast, family)
    kept_out = ExcludedPerson.objects.create(family=family, name=user.name, user=user, decided_by=mother(family))
    assert held(family, user, reason) == 0
    kept_out.ended_at = clock.now()
    kept_out.save()
    assert held(family, user, reason)


CLOSED: list[tuple[str, str, Callable[[], object]]] = [
    ("asked", "answered", lambda: Lead.objects.filter(user__name="Nia").update(status="declined", reason="x")),
    ("invited", "answered", lambda: TeamMember.objects.filter(user__name="Nia").update(status="declined")),
    ("team", "ended", lambda: TeamMember.objects.update(status="ended")),
    ("manages_team", "ended", lambda: TeamMember.objects.update(status="ended")),
    ("leads", "ended", lambda: Lead.objects.update(status="ended", ended_at=clock.now())),
    ("lawful", "ended early", lambda: LawfulSharing.objects.update(access_ended_at=clock.now())),
    ("locality_help", "done", lambda: LocalityHelp.objects.update(status="done", ended_at=clock.now())),
    *(
        (reason, "early help ended", lambda: Episode.objects.update(ended_at=clock.now(), end_reason="met"))
        for reason in ("asked", "invited", "team", "manages_team", "first_contact", "locality_help", "asks_again")
    ),
    *(
        (reason, "restricted", lambda: Family.objects.update(restricted=True))
        for reason in ("manages_lead", "manages_team", "supports", "emergency", "lawful", "locality", "locality_help")
    ),
]


@pytest.mark.parametrize(("reason", "what", "change"), CLOSED, ids=[f"{reason}, {what}" for reason, what, _ in CLOSED])
def test_a_way_in_closes(cast, family, reason, what, change):
    user = WAYS[reason](cast, family)
    assert held(family, user, reason)
    change()
    assert held(family, user, reason) == 0


def agency_stops() -> object:
    return AgencyPermission.objects.update(until=clock.now() + DAYS)


def agreement_stops() -> object:
    return Agreement.objects.update(until=clock.now() + DAYS)


RUNS_OUT: list[tuple[str, str, Callable[[], object]]] = [
    *(
        (reason, "what is shared with the agency", agency_stops)
        for reason in ("leads", "manages_lead", "team", "manages_team", "asked")
    ),
    *((reason, "agreement", agreement_stops) for reason in ("leads", "manages_lead", "team", "locality_help")),
    ("emergency", "the emergency", lambda: EmergencyAccess.objects.update(ends_at=clock.now() + DAYS)),
    ("lawful", "the decision", lambda: LawfulSharing.objects.update(access_until=clock.now() + DAYS)),
    ("team", "the place", lambda: TeamMember.objects.update(ends_at=clock.now() + DAYS)),
]


@pytest.mark.parametrize(
    ("reason", "what", "change"), RUNS_OUT, ids=[f"{reason}, {what}" for reason, what, _ in RUNS_OUT]
)
def test_a_way_in_narrows_by_itself_when_something_runs_out(cast, family, reason, what, change):
    user = WAYS[reason](cast, family)
    change()
    now, then = held(family, user, reason), held(family, user, reason, clock.now() + DAYS)
    assert now > then, (now, then)


@pytest.mark.parametrize("change", [agency_stops, agreement_stops])
def test_what_a_family_agreed_before_runs_out_for_who_asks_it_again(cast, family, change):
    end(cast, family)
    open_again(cast, family, cast.school, cast.alice)
    change()
    assert held(family, cast.alice, "first_contact") > held(family, cast.alice, "first_contact", clock.now() + DAYS)
