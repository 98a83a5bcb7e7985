"""Marchshire itself: its areas, agencies, procedure, and the people who work there.

Phone numbers are from the ranges that Ofcom keeps for fiction, e-mail addresses end in `.example`, and no postcode
area in the United Kingdom begins with MX.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from earlyhelp.accounts.models import (
    Agency,
    Closure,
    Locality,
    LocalProcedure,
    Membership,
    Role,
    Team,
    User,
)
from earlyhelp.core import clock
from earlyhelp.core.dates import is_working_day
from earlyhelp.demo.personas import PASSWORD, PERSONAS
from earlyhelp.timescales.clocks import registry
from earlyhelp.timescales.models import TimescaleRule
from families.search import plain

NAME = "Marchshire Council"

LOCALITIES = {
    "North": ("Len Abara", "01632 960101", "early-help.north@marchshire.example"),
    "South": ("Philippa Quillfeather", "01632 960102", "early-help.south@marchshire.example"),
    "East": ("", "01632 960103", "early-help.east@marchshire.example"),
    "West": ("Idris Pentreath", "01632 960104", "early-help.west@marchshire.example"),
}

# key: name, kind, locality, team
AGENCIES: dict[str, tuple[str, str, str, str]] = {
    "birch": ("Birch Lane Primary School", "school", "North", "Pastoral team"),
    "oakfield": ("Oakfield Secondary School", "school", "North", "Pastoral team"),
    "wrenmoor": ("Wrenmoor Primary School", "school", "South", ""),
    "millrace": ("Millrace Primary School", "school", "East", ""),
    "kestrel": ("Kestrel Fields Academy", "school", "West", "Inclusion team"),
    "fernhollow": ("Fernhollow Special School", "school", "South", ""),
    "thistledown": ("Thistledown Nursery", "early_years", "North", ""),
    "puddle": ("Puddle Lane Playgroup", "early_years", "West", ""),
    "hv": ("Marchshire Health Visiting", "health", "", "North team"),
    "nursing": ("Marchshire School Nursing", "health", "", ""),
    "camhs": ("Marchshire CAMHS", "health", "", "Early support"),
    "midwifery": ("Marchshire Midwifery", "health", "", ""),
    "surgery": ("Marrow Street Surgery", "health", "North", ""),
    "police": ("Marchshire Police Early Intervention", "police", "", ""),
    "homes": ("Marchshire Homes", "housing", "", "Tenancy support"),
    "tollbridge": ("Tollbridge Housing Association", "housing", "", ""),
    "youth": ("Marchshire Youth Service", "youth", "", "Detached team"),
    "lantern": ("The Lantern Trust", "voluntary", "", ""),
    "hearthside": ("Hearthside Family Friends", "voluntary", "", ""),
    "carers": ("Marchshire Young Carers", "voluntary", "", ""),
    "larder": ("Southmarch Community Larder", "voluntary", "South", ""),
    "minds": ("Marchshire Adult Mental Health", "adult", "", ""),
    "waypoint": ("Waypoint Drug and Alcohol Service", "adult", "", ""),
    "earlyhelp": ("Marchshire Early Help Service", "early_help", "", "Family support"),
    "social": ("Marchshire Children’s Services", "social_care", "", "Assessment team"),
}

# persona: agency, role
POSTS = {
    "alice": ("birch", Role.PRACTITIONER),
    "bob": ("birch", Role.PRACTITIONER),
    "charlie": ("hv", Role.PRACTITIONER),
    "dana": ("oakfield", Role.PRACTITIONER),
    "manager": ("birch", Role.MANAGER),
    "locality": ("earlyhelp", Role.LOCALITY_OFFICER),
    "service": ("earlyhelp", Role.SERVICE_MANAGER),
    "socialworker": ("social", Role.SOCIAL_WORKER),
    "auditor": ("earlyhelp", Role.AUDITOR),
    "admin": ("earlyhelp", Role.ADMINISTRATOR),
}

# key, name, job, agency, role, and a locality officer's area
STAFF: list[tuple[str, str, str, str, str, str]] = [
    ("hettie", "Hettie Brackenbury", "Class teacher", "birch", Role.PRACTITIONER, ""),
    ("joss", "Joss Fairweather", "Head teacher", "oakfield", Role.MANAGER, ""),
    ("ngozi", "Ngozi Ashdown", "Head of year 9", "oakfield", Role.PRACTITIONER, ""),
    ("tamsin", "Tamsin Orrell", "Attendance officer", "oakfield", Role.PRACTITIONER, ""),
    ("gwil", "Gwilym Starling", "Head teacher", "wrenmoor", Role.MANAGER, ""),
    ("zainab", "Zainab Thorley", "Special needs co-ordinator", "wrenmoor", Role.PRACTITIONER, ""),
    ("odette", "Odette Kilbride", "Family support worker", "wrenmoor", Role.PRACTITIONER, ""),
    ("rufus", "Rufus Winterbourne", "Head teacher", "millrace", Role.MANAGER, ""),
    ("ines", "Inês Calloway", "Learning mentor", "millrace", Role.PRACTITIONER, ""),
    ("bryony", "Bryony Sandhurst", "Deputy head", "kestrel", Role.MANAGER, ""),
    ("kofi", "Kofi Larkin", "Pastoral manager", "kestrel", Role.PRACTITIONER, ""),
    ("marta", "Marta Dunwoody", "Counsellor", "kestrel", Role.PRACTITIONER, ""),
    ("orla", "Orla Penhallow", "Family liaison", "fernhollow", Role.PRACTITIONER, ""),
    ("caspian", "Caspian Wetherby", "Head teacher", "fernhollow", Role.MANAGER, ""),
    ("delphine", "Delphine Marrable", "Nursery manager", "thistledown", Role.MANAGER, ""),
    ("suki", "Suki Hollis", "Key person", "thistledown", Role.PRACTITIONER, ""),
    ("winnie", "Winnie Tregarth", "Playgroup leader", "puddle", Role.PRACTITIONER, ""),
    ("helga", "Helga Stannard", "Health visiting team leader", "hv", Role.MANAGER, ""),
    ("precious", "Precious Eddowes", "Health visitor", "hv", Role.PRACTITIONER, ""),
    ("anouk", "Anouk Riddell", "Community nursery nurse", "hv", Role.PRACTITIONER, ""),
    ("farrah", "Farrah Whincup", "School nurse", "nursing", Role.PRACTITIONER, ""),
    ("leopold", "Leopold Nash-Okoro", "School nursing lead", "nursing", Role.MANAGER, ""),
    ("thea", "Thea Ravenscar", "Primary mental health worker", "camhs", Role.PRACTITIONER, ""),
    ("dimitri", "Dimitri Holloway", "Early support lead", "camhs", Role.MANAGER, ""),
    ("maeve", "Maeve Siddorn", "Community midwife", "midwifery", Role.PRACTITIONER, ""),
    ("col", "Col Ramsbottom-Vale", "Early intervention officer", "police", Role.PRACTITIONER, ""),
    ("jun", "Jun Hathersage", "Tenancy sustainment officer", "homes", Role.PRACTITIONER, ""),
    ("beatriz", "Beatriz Morrow", "Housing team manager", "homes", Role.MANAGER, ""),
    ("reece", "Reece Applegarth", "Youth worker", "youth", Role.PRACTITIONER, ""),
    ("yusra", "Yusra Goodfellow", "Senior youth worker", "youth", Role.MANAGER, ""),
    ("nell", "Nell Harkaway", "Family advocate", "lantern", Role.PRACTITIONER, ""),
    ("sabine", "Sabine Oyelaran", "Home visiting volunteer lead", "hearthside", Role.PRACTITIONER, ""),
    ("patrick", "Patrick Tunnicliffe", "Young carers worker", "carers", Role.PRACTITIONER, ""),
    ("vera", "Vera Kaczmarek-Bell", "Care co-ordinator", "minds", Role.PRACTITIONER, ""),
    ("ellis", "Ellis Corrigan", "Recovery worker", "waypoint", Role.PRACTITIONER, ""),
    ("philippa", "Philippa Quillfeather", "Locality officer, South", "earlyhelp", Role.LOCALITY_OFFICER, "South"),
    ("idris", "Idris Pentreath", "Locality officer, West", "earlyhelp", Role.LOCALITY_OFFICER, "West"),
    ("rosalind", "Rosalind Achterberg", "Family support worker", "earlyhelp", Role.PRACTITIONER, ""),
    ("mo", "Mo Tarrant", "Family support worker", "earlyhelp", Role.PRACTITIONER, ""),
    ("sefton", "Sefton Baptiste", "Family support worker", "earlyhelp", Role.PRACTITIONER, ""),
    ("lilac", "Lilac Owusu-Grey", "Senior family support worker", "earlyhelp", Role.PRACTITIONER, ""),
    ("gareth", "Gareth Umber", "Family support team manager", "earlyhelp", Role.MANAGER, ""),
    ("una", "Una Threlfall", "Business support officer", "earlyhelp", Role.BUSINESS_SUPPORT, ""),
    ("hamza", "Hamza Redfern", "Social worker", "social", Role.SOCIAL_WORKER, ""),
    ("cordelia", "Cordelia Nwosu", "Social work team manager", "social", Role.MANAGER, ""),
]


@dataclass
class Authority:
    """What the stories name by a short key."""

    localities: dict[str, Locality] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    home: dict[str, Agency] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)

    def triages(self, locality: Locality) -> User:
        """Who answers requests of an area: its officer, or the service manager while there is none."""
        officers = {"North": "locality", "South": "philippa", "West": "idris"}
        return self.users[officers.get(locality.name, "service")]

    def practitioners(self) -> list[str]:
        """Keys of the staff whom families may meet, personas left out: a story gives them their work."""
        return [key for key, _, _, _, role, _ in STAFF if role == Role.PRACTITIONER]


def is_loaded() -> bool:
    return User.objects.filter(email=PERSONAS[0].email).exists()


def is_empty() -> bool:
    return not (User.objects.exists() or Agency.objects.exists() or Locality.objects.exists())


def build() -> Authority:
    """Write the procedure, the areas, the agencies and everyone who signs in."""
    authority = Authority()
    _procedure()
    for name, (coordinator, phone, email) in LOCALITIES.items():
        authority.localities[name] = Locality.objects.create(
            name=name, coordinator_name=coordinator, coordinator_phone=phone, coordinator_email=email
        )
    for number, (key, (name, kind, locality, team)) in enumerate(AGENCIES.items()):
        authority.agencies[key] = agency = Agency.objects.create(
            name=name,
            kind=kind,
            locality=authority.localities.get(locality),
            phone=f"01632 960{201 + number}",
            email=f"office@{key}.example",
        )
        if team:
            Team.objects.create(agency=agency, name=team)
    _staff(authority)
    return authority


def _procedure() -> None:
    LocalProcedure(
        authority_name=NAME,
        front_door_name="Marchshire Family Front Door",
        safeguarding_name="Marchshire Family Front Door",
        safeguarding_phone_day="01632 960001",
        safeguarding_phone_night="0808 157 0002",
    ).save()
    TimescaleRule.objects.bulk_create(
        TimescaleRule(
            kind=kind.kind,
            amount=kind.usual.amount,
            unit=kind.usual.unit,
            extendable=kind.usual.extendable,
            hears=list(kind.usual.hears),
        )
        for kind in registry.values()
    )
    day = clock.today() + timedelta(days=60)
    while not is_working_day(day):
        day += timedelta(days=1)
    Closure.objects.create(day=day, name="Marchshire Council staff training day")


def _staff(authority: Authority) -> None:
    password = make_password(PASSWORD)
    people = [
        (
            p.email.partition("@")[0],
            p.name,
            p.job.partition(",")[0],
            *POSTS[p.email.partition("@")[0]],
            "North",
            p.email,
        )
        for p in PERSONAS
    ]
    people += [
        (*row, f"{plain(row[1]).replace(' ', '.')}@{row[3]}.example")  # type: ignore[misc]
        for row in STAFF
    ]
    users = User.objects.bulk_create(
        User(email=email, name=name, job_title=job, phone=f"01632 960{301 + number}", password=password)
        for number, (_, name, job, _, _, _, email) in enumerate(people)
    )
    authority.users = {row[0]: user for row, user in zip(people, users, strict=True)}
    memberships = []
    for key, _, job, agency, role, locality, _ in people:
        home = authority.home[key] = authority.agencies[agency]
        authority.jobs[key] = job
        memberships.append(
            Membership(
                user=authority.users[key],
                agency=home,
                team=home.teams.first(),
                role=role,
                locality=authority.localities[locality] if role == Role.LOCALITY_OFFICER else None,
                supports=authority.users["rosalind"] if role == Role.BUSINESS_SUPPORT else None,
            )
        )
    Membership.objects.bulk_create(memberships)
