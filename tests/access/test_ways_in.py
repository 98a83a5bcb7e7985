"""Every way in to a family's record, one row each: what opens it, and each thing that closes it again. The rows are
changed as no service would, for the rule must hold whatever the services do."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from consent.models import AgencyPermission, Agreement, EmergencyAccess, ExcludedPerson, LawfulSharing, Tier
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Agency, Cover, Membership, Role, User
from earlyhelp.core import clock
from families.models import ConnectedUser, Episode, Family, Lead, LocalityHelp, Request, TeamMember
from families.services import team
from stepdown.models import StepDown
from tests.access.test_doors import end, open_again, shared_lawfully
from tests.cast import Cast, episode_of, make_user, mother, share

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
            without_wish="x", actor=cast.alice,
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
    return make_user("Sam", cast.school, Role.BUSINESS_SUPPORT, supports=cast.alice)


def covers(cast: Cast, family: Family) -> User:
    Cover.objects.create(user=cast.bob, covered=cast.alice, agency=cast.school, until=clock.now() + 2 * DAYS)
    return cast.bob


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


def answers_request(cast: Cast, family: Family) -> User:
    Request.objects.create(
        family=family, episode=episode_of(family), agency=cast.school, asked_by=cast.alice, locality=cast.north,
        received_at=clock.now(), submitted_at=clock.now(), agreed_how="verbal", agreed_on=clock.today(),
    )  # fmt: skip
    return cast.locality


def steps_down(cast: Cast, family: Family) -> User:
    sasha = make_user("Sasha", cast.other_school, Role.SOCIAL_WORKER)
    asked = Request.objects.create(
        family=family, episode=episode_of(family), agency=cast.other_school, asked_by=sasha, locality=cast.north, who_asks="social_care",
        received_at=clock.now(), submitted_at=clock.now(), outcome="accepted",
    )  # fmt: skip
    StepDown.objects.create(
        request=asked, reference=asked.reference, family=family, episode=episode_of(family), locality=cast.north, worker=sasha,
        agency=cast.other_school, opened_by=sasha, confirmed_at=clock.now(), shared_at=clock.now(),
    )  # fmt: skip
    share(cast, family, cast.school, cast.health, cast.other_school)
    return sasha


def service(cast: Cast, family: Family) -> User:
    return cast.service


WAYS: dict[str, Callable[[Cast, Family], User]] = {
    "leads": leads, "first_contact": first_contact, "asks_again": asks_again, "team": on_team, "asked": asked,
    "invited": invited, "manages_lead": manages_lead, "manages_team": manages_team, "supports": supports, "covers": covers,
    "emergency": emergency, "lawful": lawful, "locality": locality, "locality_help": locality_help, "service": service,
    "answers_request": answers_request, "steps_down": steps_down,
}  # fmt: skip
OF_A_ROLE = {
    "manages_lead",
    "manages_team",
    "supports",
    "emergency",
    "locality",
    "locality_help",
    "service",
    "answers_request",
}


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


@pytest.mark.parametrize("reason", [reason for reason in WAYS if reason not in OF_A_ROLE])
def test_a_way_in_ends_with_a_move_to_another_agency(cast, family, reason):
    user = WAYS[reason](cast, family)
    Membership.objects.filter(user=user).update(agency=cast.council)
    assert held(family, user, reason) == 0


@pytest.mark.parametrize("reason", WAYS)
def test_a_way_in_closes_with_the_agency(cast, family, reason):
    user = WAYS[reason](cast, family)
    agencies = Agency.objects.filter(memberships__user=user)
    agencies.update(is_open=False)
    assert held(family, user, reason) == 0
    Agency.objects.update(is_open=True)
    assert held(family, user, reason)


WHO_LEADS = {Role.PRACTITIONER, Role.MANAGER, Role.SOCIAL_WORKER}
WHO_JOINS = WHO_LEADS | {Role.LOCALITY_OFFICER}
ROLES: dict[str, set[Role]] = {
    "leads": WHO_LEADS, "asked": WHO_LEADS, "asks_again": WHO_LEADS, "first_contact": WHO_JOINS, "team": WHO_JOINS,
    "invited": WHO_JOINS, "lawful": WHO_JOINS, "manages_lead": {Role.MANAGER}, "manages_team": {Role.MANAGER},
    "supports": {Role.BUSINESS_SUPPORT}, "covers": WHO_LEADS, "emergency": {Role.MANAGER, Role.LOCALITY_OFFICER, Role.SERVICE_MANAGER},
    "locality": {Role.LOCALITY_OFFICER}, "locality_help": {Role.LOCALITY_OFFICER}, "service": {Role.SERVICE_MANAGER},
    "answers_request": {Role.LOCALITY_OFFICER}, "steps_down": {Role.SOCIAL_WORKER},
}  # fmt: skip


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("reason", WAYS)
def test_a_way_in_is_for_the_roles_that_it_is_meant_for(cast, family, reason, role):
    user = WAYS[reason](cast, family)
    membership = Membership.objects.filter(user=user)
    membership.update(role=role, locality=cast.north, supports=cast.alice)
    assert bool(held(family, user, reason)) == (role in ROLES[reason])


def test_a_locality_officer_makes_no_first_contact_with_a_family_that_was_helped_before(cast, family):
    Membership.objects.filter(user=cast.dana).update(role=Role.LOCALITY_OFFICER, locality=cast.south)
    end(cast, family)
    Episode.objects.create(
        family=family, started_at=clock.now(), first_contact_by=cast.dana, first_contact_agency=cast.other_school
    )
    assert held(family, cast.dana, "first_contact") == held(family, cast.dana, "asks_again") == 0


@pytest.mark.parametrize("why", ["moved", "switched off", "connected", "kept out", "in another role"])
@pytest.mark.parametrize("reason", ["manages_team", "supports", "covers"])
def test_who_sees_because_of_a_worker_sees_no_longer_than_the_worker(cast, family, reason, why):
    user = WAYS[reason](cast, family)
    worker = cast.charlie if reason == "manages_team" else cast.alice
    works = Membership.objects.filter(user=worker)
    agency = works.get().agency
    assert held(family, user, reason)
    if why == "moved":
        works.update(agency=cast.council)
    elif why == "switched off":
        User.objects.filter(pk=worker.pk).update(is_active=False)
    elif why == "connected":
        ConnectedUser.objects.create(family=family, user=worker)
    elif why == "kept out":
        ExcludedPerson.objects.create(family=family, name=worker.name, user=worker, decided_by=mother(family))
    else:
        works.update(role=Role.AUDITOR)
    assert held(family, user, reason) == 0
    ConnectedUser.objects.all().delete()
    ExcludedPerson.objects.update(ended_at=clock.now())
    User.objects.update(is_active=True)
    works.update(agency=agency, role=Role.PRACTITIONER)
    assert held(family, user, reason)


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
    ("covers", "came back", lambda: Cover.objects.update(until=clock.now())),
    ("lawful", "ended early", lambda: LawfulSharing.objects.update(access_ended_at=clock.now())),
    ("locality_help", "done", lambda: LocalityHelp.objects.update(status="done", ended_at=clock.now())),
    ("steps_down", "complete", lambda: StepDown.objects.update(completed_at=clock.now())),
    ("steps_down", "stopped", lambda: StepDown.objects.update(stopped_at=clock.now(), stopped_reason="x")),
    ("steps_down", "the family lets them read no more", lambda: StepDown.objects.update(shared_at=None)),
    ("steps_down", "the family said no", lambda: Agreement.objects.update(decision="withdrawn")),
    ("answers_request", "answered", lambda: Request.objects.update(outcome="advice")),
    ("answers_request", "the family said no", lambda: Agreement.objects.update(decision="withdrawn")),
    *(
        (reason, "early help ended", lambda: Episode.objects.update(ended_at=clock.now(), end_reason="met"))
        for reason in (
            "asked",
            "invited",
            "covers",
            "team",
            "manages_team",
            "first_contact",
            "locality_help",
            "answers_request",
            "asks_again",
            "steps_down",
        )
    ),
    *(
        (reason, "restricted", lambda: Family.objects.update(restricted=True))
        for reason in (
            "manages_lead",
            "manages_team",
            "supports",
            "covers",
            "emergency",
            "lawful",
            "locality",
            "locality_help",
            "answers_request",
            "steps_down",
        )
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


def post_ends(name: str) -> object:
    return Membership.objects.filter(user__name=name).update(ends_at=clock.now() + DAYS)


RUNS_OUT: list[tuple[str, str, Callable[[], object]]] = [
    *(
        (reason, "what is shared with the agency", agency_stops)
        for reason in ("leads", "manages_lead", "team", "manages_team", "asked", "steps_down")
    ),
    *(
        (reason, "agreement", agreement_stops)
        for reason in ("leads", "manages_lead", "team", "locality_help", "answers_request", "steps_down")
    ),
    ("emergency", "the emergency", lambda: EmergencyAccess.objects.update(ends_at=clock.now() + DAYS)),
    ("lawful", "the decision", lambda: LawfulSharing.objects.update(access_until=clock.now() + DAYS)),
    ("manages_team", "the worker’s post", lambda: post_ends("Charlie")),
    ("supports", "the worker’s post", lambda: post_ends("Alice")),
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


def test_who_manages_someone_on_a_team_sees_no_more_than_they_do_and_adds_nothing(cast, family):
    head = manages_team(cast, family)
    assert held(family, cast.charlie, "team") == Level.CONTRIBUTE
    assert held(family, head, "manages_team") == Level.VIEW
    share(cast, family, cast.health, tier=Tier.BASIC)
    assert held(family, cast.charlie, "team") == held(family, head, "manages_team") == Level.BASIC


def test_what_was_recorded_before_stays_closed_until_the_family_is_asked_again_also_for_who_led_it(cast, family):
    end(cast, family)
    open_again(cast, family, cast.school, cast.alice)
    assert held(family, cast.alice, "first_contact") == held(family, cast.manager, "manages_lead") == Level.BASIC
    share(cast, family, cast.school)
    assert held(family, cast.alice, "first_contact") == Level.LEAD
    assert held(family, cast.manager, "manages_lead") == Level.MANAGE


def test_business_support_files_for_a_worker_at_their_own_agency_alone(cast, family):
    clerk = make_user("Sam", cast.council, Role.BUSINESS_SUPPORT, supports=cast.alice)
    assert held(family, clerk, "supports") == 0
