"""A fixed cast: Alice leads, Bob is her colleague, Charlie is on the team from another agency, Dana is a stranger."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from consent.models import Agreement, Tier, Wording
from consent.services import wording
from consent.services.ledger import record_agreement
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, Locality, Membership, Role, User
from earlyhelp.core import clock
from earlyhelp.core.clock import LONDON
from earlyhelp.procedures import services as procedures
from earlyhelp.procedures.document import text_of, with_values
from earlyhelp.procedures.models import Version
from families.models import Episode, Family, Person, Request
from families.rules import PersonSaid, RequestSaid
from families.services import people, requests, team

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)
PASSWORD = "a good long password"
HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass
class Cast:
    north: Locality
    south: Locality
    school: Agency
    other_school: Agency
    health: Agency
    council: Agency
    alice: User
    bob: User
    charlie: User
    dana: User
    manager: User
    locality: User
    service: User
    auditor: User
    admin: User
    superuser: User

    @property
    def everyone(self) -> list[User]:
        return [u for u in vars(self).values() if isinstance(u, User)]


def make_user(name: str, agency: Agency | None = None, role: str = Role.PRACTITIONER, **membership: object) -> User:
    return make_users({name: agency and Membership(agency=agency, role=role, **membership)})[0]


def make_users(people: dict[str, Membership | None]) -> list[User]:
    """Accounts by name, and where they work; written at once."""
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(email=f"{name.lower().replace(' ', '.')}@cast.example", name=name, password=password) for name in people
    )
    for user, membership in zip(users, people.values(), strict=True):
        if membership:
            membership.user = user
    Membership.objects.bulk_create(membership for membership in people.values() if membership)
    return users


def set_procedure(values: dict[str, object], *, by: User | None = None) -> Version:
    """Load the procedure in force with other values, each named by its path: "words.lead"."""
    return procedures.load(text=with_values(procedures.text_in_force(), values), actor=by)


def make_cast() -> Cast:
    said = {
        "authority.name": "Castshire Council",
        "words.front_door": "the front door",
        "safeguarding.name": "Castshire Front Door",
        "safeguarding.phone_day": "01632 960001",
        "safeguarding.phone_night": "01632 960002",
    }
    Version.objects.create(number=1, text=with_values(text_of("default"), said))
    procedures.forget()
    north = Locality.objects.create(name="North", coordinator_name="Noor Hill", coordinator_phone="01632 960010")
    south = Locality.objects.create(name="South")
    school = Agency.objects.create(name="Birch Primary School", kind="school", locality=north)
    other = Agency.objects.create(name="Oak Primary School", kind="school", locality=south)
    health = Agency.objects.create(name="Health visiting", kind="health")
    council = Agency.objects.create(name="Early help service", kind="early_help")
    alice, bob, charlie, dana, manager, officer, service, auditor, admin = make_users(
        {
            "Alice": Membership(agency=school, role=Role.PRACTITIONER),
            "Bob": Membership(agency=school, role=Role.PRACTITIONER),
            "Charlie": Membership(agency=health, role=Role.PRACTITIONER),
            "Dana": Membership(agency=other, role=Role.PRACTITIONER),
            "Manager": Membership(agency=school, role=Role.MANAGER),
            "Locality Officer": Membership(agency=council, role=Role.LOCALITY_OFFICER, locality=north),
            "Service Manager": Membership(agency=council, role=Role.SERVICE_MANAGER),
            "Auditor": Membership(agency=council, role=Role.AUDITOR),
            "Admin": Membership(agency=council, role=Role.ADMINISTRATOR),
        }
    )
    return Cast(
        north=north,
        south=south,
        school=school,
        other_school=other,
        health=health,
        council=council,
        alice=alice,
        bob=bob,
        charlie=charlie,
        dana=dana,
        manager=manager,
        locality=officer,
        service=service,
        auditor=auditor,
        admin=admin,
        superuser=User.objects.create_superuser(email="root@cast.example", name="Root", password=PASSWORD),
    )


def known_cast() -> Cast:
    """The cast of a database that has it."""
    places = {row.name: row for row in Locality.objects.all()}
    agencies = {row.name: row for row in Agency.objects.all()}
    users = {row.name: row for row in User.objects.all()}
    return Cast(
        north=places["North"],
        south=places["South"],
        school=agencies["Birch Primary School"],
        other_school=agencies["Oak Primary School"],
        health=agencies["Health visiting"],
        council=agencies["Early help service"],
        alice=users["Alice"],
        bob=users["Bob"],
        charlie=users["Charlie"],
        dana=users["Dana"],
        manager=users["Manager"],
        locality=users["Locality Officer"],
        service=users["Service Manager"],
        auditor=users["Auditor"],
        admin=users["Admin"],
        superuser=users["Root"],
    )


def ask(cast: Cast, *, by: User | None = None, name: str = "Okafor", **changes: object) -> Request:
    """A request for support from Dana's school (unless someone else asks) about a mother and a child."""
    by = by or cast.dana
    agency = Membership.objects.filter(user=by).first().agency
    details = {
        "locality": cast.north,
        "who_asks": "practitioner",
        "family_name": name,
        "what_for": "Ada is often late and tired.",
        "tried": "Breakfast club.",
        "level_of_need": "2",
        "received_at": clock.now() - timedelta(hours=2),
        "asked_who": "Grace, Ada’s mother",
        "agreed_by": "Grace Okafor",
        "agreed_how": "verbal",
        "agreed_on": clock.today(),
        "people": [
            {"kind": "adult", "first_name": "Grace", "last_name": name, "date_of_birth": date(1990, 4, 2)},
            {"kind": "child", "first_name": "Ada", "last_name": name, "date_of_birth": date(2017, 6, 9)},
        ],
    }
    said = {"agency": agency} | details | changes
    said["people"] = tuple(PersonSaid(**person) for person in said["people"])
    with acting_as(by):
        return requests.submit(RequestSaid(**said), actor=by)


def new_family(cast: Cast, *, name: str = "Okafor", first_contact: User | None = None, **changes: object) -> Family:
    """A family just accepted from a request; Alice is to make the first contact."""
    request = ask(cast, name=name, **changes)
    with acting_as(cast.locality):
        request = Request.objects.get(pk=request.pk)
        return requests.accept(
            request=request, agency=cast.school, practitioner=first_contact or cast.alice, actor=cast.locality
        )


def mother(family: Family) -> Person:
    return family.people().get(first_name="Grace")


def child(family: Family) -> Person:
    return family.people().get(first_name="Ada")


def share(cast: Cast, family: Family, *agencies: Agency, tier: int = Tier.ADDITIONAL, until=None) -> None:
    """The mother agrees, and shares what there is of herself and her child with `agencies`."""
    with acting_as_system("test"):
        grace = mother(family)
        record_agreement(
            family=family,
            decision=Decision(
                person=grace,
                decision=Agreement.Decision.GIVEN,
                how=Agreement.How.VERBAL,
                decided_on=clock.today(),
                witness="Alice",
                wishes="I would like mornings to be easier.",
                until=until,
            ),
            choices=[
                Choice(person=p, agency=agency, tier=tier, decided_by=grace)
                for agency in agencies
                for p in family.people()
            ],
            actor=cast.alice,
        )


def led_family(cast: Cast, *, name: str = "Okafor") -> Family:
    """A family led by Alice with Charlie on the team; school and health may know additional information."""
    family = new_family(cast, name=name)
    share(cast, family, cast.school, cast.health)
    with acting_as(cast.alice):
        lead = team.ask_to_lead(
            family=family,
            episode=family.episode(),
            user=cast.alice,
            agency=cast.school,
            without_wish="Grace knows Alice.",
            actor=cast.alice,
        )
        team.answer_lead(lead=lead, accept=True, reason="", actor=cast.alice)
        member = team.invite(
            family=family,
            episode=family.episode(),
            user=cast.charlie,
            agency=cast.health,
            role="contributor",
            actor=cast.alice,
        )
    with acting_as(cast.charlie):
        team.answer_invitation(member=member, accept=True, reason="", actor=cast.charlie)
    return family


def episode_of(family: Family) -> Episode:
    with acting_as_system("test"):
        episode = family.episode()
    assert episode is not None
    return episode


def add_sibling(family: Family, actor: User, **fields: object) -> Person:
    with acting_as(actor):
        return people.add_person(family=family, actor=actor, **fields)


def next_words() -> dict[str, object]:
    """What the page of the next agreement form shows, with the version that it begins from."""
    row = wording.draft() or wording.next_draft()
    return {name: getattr(row, name) for name in wording.TEXTS} | {"version": row.version}


def write_words(cast: Cast, **changes: str) -> Wording:
    """A draft of the next agreement form."""
    texts = next_words() | changes
    return wording.save_draft(texts=texts, version=texts.pop("version"), actor=cast.admin)
