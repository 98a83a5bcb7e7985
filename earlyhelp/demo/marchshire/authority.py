"""Marchshire: its procedure, areas, agencies and everyone who signs in, as `data/authority.toml` says."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from earlyhelp.accounts.models import Agency, Closure, District, Locality, Membership, Role, Team, User
from earlyhelp.core import clock
from earlyhelp.core.dates import is_working_day
from earlyhelp.demo.personas import AUTHORITY as SAID
from earlyhelp.demo.personas import PASSWORD, PERSONAS
from earlyhelp.procedures import services
from earlyhelp.procedures.document import text_of, with_values
from families.search import plain

NAME = "Marchshire Council"


@dataclass
class Authority:
    """What the stories name by a short key."""

    localities: dict[str, Locality] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    home: dict[str, Agency] = field(default_factory=dict)

    def triages(self, locality: Locality) -> User:
        """Who answers requests of an area: its officer, or the service manager while there is none."""
        officers = {"North": "locality", "South": "philippa", "West": "idris"}
        return self.users[officers.get(locality.name, "service")]


def is_loaded() -> bool:
    return User.objects.filter(email=PERSONAS[0].email).exists()


def is_empty() -> bool:
    return not (User.objects.exists() or Agency.objects.exists() or Locality.objects.exists())


def build() -> Authority:
    """Write the procedure, the areas, the agencies and everyone who signs in."""
    authority = Authority()
    _procedure()
    for name, (coordinator, phone, email) in SAID["localities"].items():
        authority.localities[name] = Locality.objects.create(
            name=name, coordinator_name=coordinator, coordinator_phone=phone, coordinator_email=email
        )
    District.objects.bulk_create(
        District(code=f"MX{number}", locality=place)
        for number, place in enumerate(authority.localities.values(), start=1)
    )
    for number, (key, said) in enumerate(SAID["agencies"].items()):
        authority.agencies[key] = agency = Agency.objects.create(
            name=said["name"],
            kind=said["kind"],
            locality=authority.localities.get(said.get("locality", "")),
            phone=f"01632 960{201 + number}",
            email=f"office@{key}.example",
        )
        if "team" in said:
            Team.objects.create(agency=agency, name=said["team"])
    _people(authority)
    return authority


def _procedure() -> None:
    text = with_values(text_of("default"), {"help_levels.child_in_need": "Family help for a child in need"})
    services.load(
        text=text, actor=None, why="The demonstration begins with the default, and helps children in need too."
    )
    day = clock.today() + timedelta(days=60)
    while not is_working_day(day):
        day += timedelta(days=1)
    Closure.objects.create(day=day, name="Marchshire Council staff training day")


def _people(authority: Authority) -> None:
    password = make_password(PASSWORD)
    emails = {persona.email.partition("@")[0]: persona.email for persona in PERSONAS}
    for number, (key, said) in enumerate(SAID["people"].items()):
        authority.home[key] = authority.agencies[said["agency"]]
        authority.users[key] = User(
            email=emails.get(key) or f"{plain(said['name']).replace(' ', '.')}@{said['agency']}.example",
            name=said["name"],
            job_title=said["job"].partition(",")[0],
            phone=f"01632 960{301 + number}",
            password=password,
            last_login=clock.now() - timedelta(days=number % 12, hours=number % 5 + 1),
        )
    User.objects.bulk_create(authority.users.values())
    Membership.objects.bulk_create(
        Membership(
            user=authority.users[key],
            agency=authority.home[key],
            team=authority.home[key].teams.first(),
            role=said["role"],
            locality=authority.localities[said["locality"]] if said["role"] == Role.LOCALITY_OFFICER else None,
            supports=authority.users.get(said.get("supports", "")),
            hours_to_lead=said.get("hours"),
        )
        for key, said in SAID["people"].items()
    )
