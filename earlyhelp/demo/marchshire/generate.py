"""The rest of the county: families drawn from the same themes, written in bulk, a table at a time.

What is written is what the services would have written; grants and agency permissions follow by the same triggers.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.db.models import Model
from django.urls import reverse

from assessments.models import Assessment, Section
from assessments.services import WHOLE_FAMILY
from consent.models import Agreement, SharingChoice, Tier
from consent.services.competence import decides_alone
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock, dates
from earlyhelp.demo.marchshire import statistics
from earlyhelp.demo.marchshire.telling import ALL, Someone, Teller, When, adult, child, hours
from earlyhelp.demo.marchshire.themes import THEMES, Theme
from earlyhelp.demo.marchshire.words import CONTRIBUTIONS, HOW_WE_KNOW, SECTIONS, SIBLING
from earlyhelp.timescales.clocks import registry
from earlyhelp.timescales.models import Timescale
from families.clocks import FIRST_CONTACT
from families.models import (
    Address,
    ContactAttempt,
    ContactDetail,
    Episode,
    Family,
    Lead,
    Note,
    Person,
    PersonDetails,
    Relationship,
    Request,
    RequestPerson,
    SearchKey,
    TeamMember,
)
from families.search import postcode
from families.services.people import name_keys
from plans.models import Action, ActionResult, Attendance, Outcome, Plan, Review

STAGES = {"first_contact": 14, "agreement": 16, "assessment": 45, "plan": 85, "ended": 50}
OUTCOMES = {
    Request.Outcome.WAITING: 6,
    Request.Outcome.ADVICE: 6,
    Request.Outcome.SINGLE_AGENCY: 5,
    Request.Outcome.FRONT_DOOR: 4,
    Request.Outcome.DECLINED: 5,
}
REASONS = {
    Request.Outcome.ADVICE: "Talked it through. Your own offer fits; ask again if nothing has changed in six weeks.",
    Request.Outcome.SINGLE_AGENCY: "Health visiting will meet this with home visits and the group.",
    Request.Outcome.FRONT_DOOR: "What was said about the weekend goes to the front door today.",
    Request.Outcome.DECLINED: "The family is already getting this help elsewhere, and doesn’t want two plans.",
}
BEGINNINGS = [
    "Brack",
    "Thorn",
    "Hather",
    "Pen",
    "Tre",
    "Quill",
    "Lark",
    "Dun",
    "Hollin",
    "Kest",
    "Win",
    "Carr",
    "Els",
    "Stan",
    "Wether",
    "Ox",
    "Rush",
    "Fen",
    "Mard",
    "Sil",
]
ENDINGS = ["bury", "combe", "dale", "wick", "croft", "leigh", "stead", "worth", "mere", "shaw", "field", "thwaite"]
FROM_ELSEWHERE = [
    "Adeyoola",
    "Okwandu",
    "Banerji-Lowe",
    "Farouqi",
    "Grzelak",
    "Halvorsen",
    "Iqbaldeen",
    "Jankovics",
    "Kowalew",
    "Lim-Tanner",
    "Mbatani",
    "Nakashiro",
    "Oduyale",
    "Petrescu-Hill",
    "Qasimi",
    "Rozmanis",
    "Sandhu-Frost",
    "Tavarez",
    "Ugwuanyi",
    "Vlahovic",
    "Wójtowicz",
    "Xuereb",
    "Yeboahene",
    "Zielonka",
]
ADULTS = [
    "Abigail",
    "Bethany",
    "Chloe",
    "Dionne",
    "Elspeth",
    "Fatima",
    "Gemma",
    "Hannah",
    "Imani",
    "Jacinta",
    "Katarzyna",
    "Leanne",
    "Maryam",
    "Nadia",
    "Oonagh",
    "Priya",
    "Rachael",
    "Sadia",
    "Tasha",
    "Ursula",
    "Verity",
    "Wendy",
    "Xanthe",
    "Yasmin",
    "Zuzanna",
    "Aaron",
    "Bilal",
    "Curtis",
    "Dean",
    "Emeka",
    "Faisal",
    "Graham",
    "Hugh",
]
CHILDREN = [
    "Alba",
    "Benji",
    "Callum",
    "Daisy",
    "Ethan",
    "Freya",
    "Gabriel",
    "Harper",
    "Isla",
    "Jayden",
    "Kiera",
    "Lewis",
    "Maisie",
    "Nathan",
    "Orla",
    "Piotr",
    "Quinn",
    "Ruby",
    "Samir",
    "Tilly",
    "Uzair",
    "Violet",
    "Wren",
    "Xavi",
    "Yara",
    "Zach",
    "Amina",
    "Blessing",
    "Connor",
    "Dilan",
    "Esme",
    "Finn",
    "Grace",
    "Hassan",
    "Iris",
    "Jude",
    "Kayla",
]
LEADS = {
    "North": ["ngozi", "tamsin", "suki", "precious", "rosalind"],
    "South": ["odette", "zainab", "orla", "mo", "anouk"],
    "East": ["ines", "sefton", "precious", "lilac"],
    "West": ["kofi", "marta", "winnie", "rosalind", "reece"],
}
CAME, UPDATE, APOLOGIES = "came", "update", "apologies"
IN_ORDER: tuple[tuple[type[Model], ...], ...] = (
    (Family, Episode, Person),
    (Request, RequestPerson, PersonDetails, Address, ContactDetail, Relationship, SearchKey, ContactAttempt),
    (SharingChoice,),
    (Agreement,),
    (Lead, TeamMember),
    (Assessment, Section, Plan, Outcome, Action, Review, Attendance, ActionResult),
)
END_DECISIONS = {"met": "end_met", "single_agency": "end_single_agency", "universal": "end_universal"}


def generate(teller: Teller) -> int:
    """Write the families and requests; returns how many families there are."""
    county = County(teller)
    stages = [stage for stage, number in STAGES.items() for _ in range(number)]
    teller.rng.shuffle(stages)
    for number, stage in enumerate(stages):
        county.family(number, stage)
    for number, outcome in enumerate(o for o, times in OUTCOMES.items() for _ in range(times)):
        county.unopened(number, outcome)
    county.write()
    return len(stages)


@dataclass
class Course:
    """One family on its way: who, and when the last thing happened."""

    theme: Theme
    words: dict[str, str]
    family: Family
    episode: Episode
    request: Request
    people: list[Person]
    carer: Person
    child: Person
    lead: User
    agency: Agency
    last: datetime

    def say(self, text: str) -> str:
        return text.format(**self.words)


class County:
    def __init__(self, teller: Teller) -> None:
        self.teller, self.authority, self.rng = teller, teller.authority, teller.rng
        self.rows: dict[type[Model], list[Any]] = defaultdict(list)
        self.later: list[tuple[Course, dict[str, Any]]] = []
        self.by_agency: dict[str, list[str]] = defaultdict(list)
        for key in self.authority.practitioners():
            self.by_agency[self.authority.home[key].name].append(key)
        surnames = [b + e for b in BEGINNINGS for e in ENDINGS]
        self.rng.shuffle(surnames)
        self.surnames = surnames

    def add(self, row: Any) -> Any:
        self.rows[type(row)].append(row)
        return row

    # Who they are

    def surname(self, number: int) -> str:
        if number % 5 == 3:
            return FROM_ELSEWHERE[number // 5 % len(FROM_ELSEWHERE)]
        name = self.surnames[number % len(self.surnames)]
        return f"{name}-{FROM_ELSEWHERE[number // 9 % len(FROM_ELSEWHERE)]}" if number % 9 == 4 else name

    def household(self, theme: Theme) -> list[Someone]:
        young, old = theme.ages
        subject = self.rng.uniform(max(young, 0.3), old)
        names = self.rng.sample(CHILDREN, 3)
        grown = self.rng.sample(ADULTS, 2)
        cast = [adult(grown[0], self.rng.randrange(max(21, int(subject) + 18), int(subject) + 34), "parent")]
        if self.rng.random() < 0.4:
            home = "here" if self.rng.random() < 0.6 else "elsewhere"
            cast.append(adult(grown[1], self.rng.randrange(24, 52), "parent", home=home))
        cast.append(child(names[0], subject))
        cast += [child(name, self.rng.uniform(0.5, 16)) for name in names[1 : 1 + self.rng.randrange(3)]]
        return cast

    def asked(
        self, number: int, received_at: datetime, family: Family | None, theme: Theme, name: str, locality: str
    ) -> tuple[Request, list[Someone]]:
        cast = self.household(theme)
        words = _words(cast)
        asker = self.rng.choice(LEADS[locality])
        request = self.add(
            Request(
                family=family,
                created_at=received_at + timedelta(minutes=20),
                asked_by=self.authority.users[asker],
                agency=self.authority.home[asker],
                locality=self.authority.localities[locality],
                who_asks=Request.Asker.PRACTITIONER if number % 6 else Request.Asker.FAMILY,
                family_name=name,
                what_for=theme.what_for.format(**words),
                tried=theme.tried.format(**words),
                level_of_need="3" if number % 4 == 1 else "2",
                received_at=received_at,
                submitted_at=received_at + timedelta(minutes=20),
                agreed_by=f"{cast[0].first} {name}",
                agreed_how=Request.Agreed.VERBAL,
                agreed_on=clock.in_london(received_at).date(),
                asked_who=f"{cast[0].first} {name}",
            )
        )
        for position, someone in enumerate(cast):
            self.add(
                RequestPerson(
                    request=request,
                    position=position,
                    kind=someone.kind,
                    first_name=someone.first,
                    last_name=name,
                    date_of_birth=self.teller.birthday(someone),
                    relationship=someone.role,
                )
            )
        return request, cast

    def unopened(self, number: int, outcome: str) -> None:
        """A request that waits, or was answered without opening a family."""
        locality = ("South", "East", "West", "North")[number % 4]
        theme = self.rng.choice(list(THEMES.values()))
        waiting = outcome == Request.Outcome.WAITING
        received_at = self.teller.moment(hours(self.rng.uniform(3, 60)) if waiting else self.rng.randrange(8, 120))
        name = self.surname(number + sum(STAGES.values()))
        request, _ = self.asked(number, received_at, None, theme, name, locality)
        if not waiting:
            request.outcome, request.outcome_reason = outcome, REASONS[Request.Outcome(outcome)]
            request.outcome_at = received_at + timedelta(hours=self.rng.randrange(2, 40))
            request.outcome_by = self.authority.triages(request.locality)
        self.clock(
            key=FIRST_CONTACT.key(request),
            kind="first_contact",
            anchor="the request was received",
            anchor_at=received_at,
            reference=request.reference,
            locality=request.locality,
            link=reverse("request", args=[request.reference]),
            met_at=request.outcome_at,
        )

    def family(self, number: int, stage: str) -> None:
        rng = self.rng
        theme = rng.choice(list(THEMES.values()))
        locality = rng.choice(list(LEADS))
        name = self.surname(number)
        sinces: dict[str, When] = {
            "first_contact": hours(rng.uniform(6, 70)),
            "agreement": rng.randrange(4, 14),
            "assessment": rng.randrange(14, 45),
            "plan": rng.randrange(3, 46),
            "ended": rng.randrange(5, 200),
        }
        since = sinces[stage]
        reviews = (
            rng.choice((0, 1, 1, 2, 3)) if stage == "plan" else rng.choice((1, 2, 2, 3)) if stage == "ended" else 0
        )
        received: When = since
        if isinstance(since, int) and stage in ("plan", "ended"):
            received = since + 24 + 38 * reviews
        received_at = self.teller.moment(received)
        place = self.authority.localities[locality]
        family = self.add(Family(name=name, locality=place, created_at=received_at + timedelta(hours=2)))
        request, cast = self.asked(number, received_at, family, theme, name, locality)
        who = rng.choice(LEADS[locality])
        lead, agency = self.authority.users[who], self.authority.home[who]
        request.outcome = Request.Outcome.ACCEPTED
        request.outcome_at, request.outcome_by = received_at + timedelta(hours=2), self.authority.triages(place)
        episode = self.add(
            Episode(
                family=family,
                stage=stage,
                started_at=received_at,
                first_contact_by=lead,
                first_contact_agency=agency,
                created_at=request.outcome_at,
            )
        )
        request.episode = episode
        people = self.people(family, cast, name, request.outcome_at, lead, locality)
        course = Course(
            theme=theme,
            words=_words(cast),
            family=family,
            episode=episode,
            request=request,
            people=people,
            carer=people[0],
            child=next(p for p in people if p.kind == Person.Kind.CHILD),
            lead=lead,
            agency=agency,
            last=request.outcome_at,
        )
        self.course(course, stage, received if isinstance(received, int) else 0, reviews, number)

    def people(
        self, family: Family, cast: list[Someone], name: str, at: datetime, by: User, locality: str
    ) -> list[Person]:
        lines, code = self.teller.address(locality)
        self.add(Address(family=family, lines=lines, postcode=postcode(code), created_at=at, created_by=by))
        people = []
        for someone in cast:
            person = self.add(
                Person(
                    family=family,
                    kind=someone.kind,
                    first_name=someone.first,
                    last_name=name,
                    date_of_birth=self.teller.birthday(someone),
                    home=someone.home,
                    created_at=at,
                    created_by=by,
                )
            )
            people.append(person)
            self.add(PersonDetails(family=family, person=person, language="English", created_at=at, created_by=by))
            keys = name_keys([person.first_name, person.last_name])
            keys |= {(SearchKey.Kind.BORN.value, person.date_of_birth.isoformat())} if person.date_of_birth else set()
            keys.add((SearchKey.Kind.POSTCODE.value, postcode(code)))
            for kind, key in sorted(keys):
                self.add(SearchKey(family=family, person=person, kind=kind, key=key, created_at=at))
            if someone.kind == Person.Kind.ADULT:
                self.add(
                    ContactDetail(
                        family=family,
                        person=person,
                        kind="phone",
                        value=self.teller.phone(),
                        text=True,
                        created_at=at,
                        created_by=by,
                    )
                )
        for kind, key in sorted(name_keys([family.name])):
            self.add(SearchKey(family=family, kind=kind, key=key, created_at=at))
        for older in people:
            for younger in people:
                if older.kind == Person.Kind.ADULT and younger.kind != Person.Kind.ADULT:
                    row = Relationship(family=family, person=older, to_person=younger, kind="parent")
                    row.parental_responsibility = "yes" if older.home == "here" else "unknown"
                    row.created_at, row.created_by = at, by
                    self.add(row)
        return people

    # What happened

    def at(self, course: Course, when: When) -> datetime:
        """The next moment of a family's course: some days ago, after the last one and before now."""
        moment = max(self.teller.moment(when), course.last + timedelta(minutes=15))
        course.last = min(moment, self.teller.now - timedelta(minutes=10))
        return course.last

    def course(self, course: Course, stage: str, day: int, reviews: int, number: int) -> None:
        reached = stage != "first_contact"
        if reached or number % 2:
            when: When = day - 1 if reached else hours(2)
            attempt_at = self.at(course, when)
            self.record(
                course,
                ContactAttempt,
                attempt_at,
                at=attempt_at,
                how="visit" if reached else "call",
                reached=reached,
                by=course.lead,
                note="Met at home. Explained early help, and what would be shared." if reached else "No answer.",
            )
            course.last = attempt_at
        self.clock_of(
            course,
            FIRST_CONTACT.key(course.request),
            "first_contact",
            "the request was received",
            course.request.received_at,
            met_at=course.last if reached or number % 2 else None,
        )
        start_clock = {
            "kind": "assessment_start",
            "anchor": "the request was received",
            "anchor_at": course.request.received_at,
        }
        if stage in ("first_contact", "agreement"):
            self.later.append((course, {**start_clock, "met_at": None}))
            return
        if stage == "ended" and number % 4 == 0:
            self.word(course, self.at(course, day - 3), Agreement.Decision.REFUSED, {})
            self.end(course, "not_agreed", self.at(course, day - 6))
            self.later.append((course, {**start_clock, "met_at": None, "stopped_at": course.last}))
            return
        team = self.team(course, day)
        started_at = self.at(course, day - 7)
        self.later.append((course, {**start_clock, "met_at": started_at}))
        finalised = stage != "assessment"
        assessment = self.assessment(course, started_at, self.at(course, day - 16) if finalised else None, team)
        assert assessment is not None
        self.note(course, self.at(course, day - 9), 0)
        if finalised:
            self.plan(course, stage, day - 20, reviews, team, number)

    def record(self, course: Course, model: type[Any], created: datetime, **fields: Any) -> Any:
        """A row about the family's episode."""
        return self.add(
            model(family=course.family, episode=course.episode, created_at=created, created_by=course.lead, **fields)
        )

    def team(self, course: Course, day: int) -> list[User]:
        """The family agrees and shares, someone leads, and people of other agencies join."""
        members = []
        for key in course.theme.partners:
            staff = self.by_agency.get(self.authority.agencies[key].name)
            if staff and self.authority.agencies[key] != course.agency and self.rng.random() < 0.8:
                members.append(self.rng.choice(staff))
        share: dict[Agency, int] = dict.fromkeys([course.agency, *(self.authority.home[key] for key in members)], ALL)
        if self.rng.random() < 0.3:
            share.setdefault(self.authority.agencies["surgery"], Tier.BASIC)
        if self.rng.random() < 0.2:
            share.setdefault(self.authority.agencies["police"], Tier.NONE)
        agreed_at = self.at(course, day - 4)
        self.word(course, agreed_at, Agreement.Decision.GIVEN, share)
        accepted_at = self.at(course, day - 5)
        self.record(
            course,
            Lead,
            accepted_at,
            user=course.lead,
            agency=course.agency,
            status=Lead.Status.ACCEPTED,
            family_wish=course.say("{carer} was asked, and is glad of it."),
            asked_by=course.lead,
            asked_at=accepted_at - timedelta(minutes=10),
            answered_at=accepted_at,
        )
        for key in members:
            joined = self.at(course, day - 6)
            self.record(
                course,
                TeamMember,
                joined,
                user=self.authority.users[key],
                agency=self.authority.home[key],
                role=TeamMember.Role.CONTRIBUTOR,
                status=TeamMember.Status.ACCEPTED,
                invited_by=course.lead,
                invited_at=joined - timedelta(minutes=12),
                answered_at=joined,
            )
        return [self.authority.users[key] for key in members]

    def word(self, course: Course, at: datetime, decision: str, share: Mapping[Agency, int]) -> None:
        for agency, tier in share.items():
            for person in course.people:
                self.add(
                    SharingChoice(
                        family=course.family,
                        person=person,
                        agency=agency,
                        tier=tier,
                        never=tier == Tier.NONE,
                        decided_by=person if decides_alone(person, None) else course.carer,
                        starts_at=at,
                        created_at=at,
                        created_by=course.lead,
                    )
                )
        self.record(
            course,
            Agreement,
            at,
            person=course.carer,
            decision=decision,
            how=Agreement.How.VERBAL,
            decided_on=clock.in_london(at).date(),
            witness=course.lead.name,
            wishes=course.say(course.theme.wishes) if share else "",
        )

    def assessment(
        self, course: Course, started_at: datetime, finalised_at: datetime | None, team: list[User]
    ) -> Assessment:
        theme, rng = course.theme, self.rng
        assessment: Assessment = self.record(
            course, Assessment, started_at, started_at=started_at, started_by=course.lead
        )
        if finalised_at:
            assessment.status = Assessment.Status.FINALISED
            assessment.finalised_at, assessment.finalised_by = finalised_at, course.lead
        saved_at = started_at + timedelta(hours=1)
        children = [p for p in course.people if p.kind == Person.Kind.CHILD]
        half = not finalised_at
        for person in children:
            if person is course.child:
                texts = {
                    "worried": theme.child_worried,
                    "working_well": theme.child_well,
                    "needs_to_happen": theme.child_needs,
                    "voice": theme.child_says,
                }
            else:
                texts = {key: text.replace("{child}", person.first_name) for key, text in SIBLING["child"].items()}
            self.section(course, assessment, Section.Key.CHILD, texts, saved_at, person=person)
        for key in WHOLE_FAMILY:
            worried, well, needs = theme.worried, theme.well, theme.needs
            if key == Section.Key.WHY_NOW:
                worried, well, needs = theme.what_for, "", theme.wishes
            elif key == Section.Key.HELP_SO_FAR:
                worried, well, needs = "", theme.tried, ""
            elif key in SECTIONS:
                worried, well, needs = rng.choice(SECTIONS[key])
            texts = {"worried": worried, "working_well": well, "needs_to_happen": needs}
            written = key == Section.Key.WHY_NOW or not half or rng.random() < 0.4
            self.section(course, assessment, key, texts if written else {}, saved_at)
        for user in team[:1]:
            agency = next(a for k, a in self.authority.home.items() if self.authority.users[k] == user)
            self.section(
                course,
                assessment,
                Section.Key.AGENCY,
                CONTRIBUTIONS[agency.kind],
                saved_at + timedelta(minutes=30),
                agency=agency,
                by=user,
            )
        return assessment

    def section(
        self,
        course: Course,
        assessment: Assessment,
        key: str,
        texts: dict[str, str],
        at: datetime,
        *,
        person: Person | None = None,
        agency: Agency | None = None,
        by: User | None = None,
    ) -> None:
        section = Section(
            family=course.family,
            assessment=assessment,
            key=key,
            person=person,
            agency=agency,
            created_at=assessment.started_at,
            created_by=course.lead,
        )
        if texts:
            for name, text in texts.items():
                setattr(section, name, course.say(text))
            section.scale, section.version = self.rng.randrange(2, 8), 1
            section.saved_by, section.saved_agency, section.saved_at = by or course.lead, agency or course.agency, at
        self.add(section)

    def plan(self, course: Course, stage: str, day: int, reviews: int, team: list[User], number: int) -> None:
        agreed_at = self.at(course, day)
        agreed_on = clock.in_london(agreed_at).date()
        plan = self.record(course, Plan, agreed_at, status=Plan.Status.AGREED, agreed_on=agreed_on)
        plan.agreed_recorded_at = agreed_at
        plan.next_review_on = agreed_on + timedelta(days=42)
        actions = self.outcomes(course, plan, agreed_on, team)
        anchor_at = datetime.combine(agreed_on, time.min, clock.LONDON)
        anchor: Literal["the plan was agreed", "the last review was held"] = "the plan was agreed"
        for turn in range(1, reviews + 1):
            ends = stage == "ended" and turn == reviews
            held_at = self.at(course, max(day - 38 * turn, 1))
            self.later.append(
                (course, {"plan": plan, "number": turn, "anchor": anchor, "anchor_at": anchor_at, "met_at": held_at})
            )
            self.review(course, plan, turn, held_at, actions, team, ends, number)
            anchor, anchor_at = "the last review was held", held_at
            self.note(course, self.at(course, max(day - 38 * turn - 3, 1)), turn) if not ends else None
        if plan.status == Plan.Status.AGREED:
            self.later.append(
                (
                    course,
                    {"plan": plan, "number": reviews + 1, "anchor": anchor, "anchor_at": anchor_at, "met_at": None},
                )
            )

    def outcomes(self, course: Course, plan: Plan, agreed_on: date, team: list[User]) -> list[Action]:
        actions = []
        for position, wanted in enumerate(course.theme.outcomes, start=1):
            about = course.child if "{child}" in wanted.title else None
            outcome = self.add(
                Outcome(
                    family=course.family,
                    plan=plan,
                    person=about,
                    position=position,
                    created_at=plan.created_at,
                    created_by=course.lead,
                    need=course.say(course.theme.child_worried if position == 1 else course.theme.worried),
                    outcome=course.say(wanted.title),
                    how_we_know=course.say(self.rng.choice(HOW_WE_KNOW)),
                )
            )
            for step, (who, text) in enumerate(wanted.actions):
                person = {"carer": course.carer, "child": course.child}.get(who)
                agency = self.authority.agencies.get(who)
                doer = next((u for u in team if agency and self._works_for(u, agency)), course.lead)
                actions.append(
                    self.add(
                        Action(
                            family=course.family,
                            outcome=outcome,
                            about=about,
                            text=course.say(text),
                            person=person,
                            user=None if person else doer,
                            due_on=agreed_on + timedelta(days=14 + 7 * step),
                            created_at=plan.created_at,
                            created_by=course.lead,
                        )
                    )
                )
        for action in actions:
            settled = action.due_on < self.teller.today and self.rng.random() < 0.75
            action.status = Action.Status.DONE if settled else Action.Status.OPEN
        return actions

    def _works_for(self, user: User, agency: Agency) -> bool:
        return any(self.authority.users[k] == user and home == agency for k, home in self.authority.home.items())

    def review(
        self,
        course: Course,
        plan: Plan,
        turn: int,
        held_at: datetime,
        actions: list[Action],
        team: list[User],
        ends: bool,
        number: int,
    ) -> None:
        finding = "positive" if ends else self.rng.choice(("positive", "positive", "no_change", "deterioration"))
        reason = ("met", "single_agency", "universal")[number % 3]
        decision = END_DECISIONS[reason] if ends else "continue" if finding == "positive" else "amend"
        text = course.say(getattr(course.theme, {"positive": "better", "no_change": "same"}.get(finding, "worse")))
        next_on = None if ends else clock.in_london(held_at).date() + timedelta(days=42)
        review = self.add(
            Review(
                family=course.family,
                plan=plan,
                held_at=held_at,
                how="meeting" if number % 3 else "phone",
                finding=finding,
                decision=decision,
                family_views=text,
                child_voice=course.say(course.theme.child_says),
                notes=f"Went through each action. {text}",
                next_review_on=next_on,
                end_agreed="all" if ends else "",
                recorded_by=course.lead,
                created_at=held_at,
                created_by=course.lead,
            )
        )
        plan.next_review_on = next_on
        common: dict[str, Any] = {
            "family": course.family,
            "review": review,
            "created_at": held_at,
            "created_by": course.lead,
        }
        self.add(Attendance(user=course.lead, status=CAME, **common))
        self.add(Attendance(person=course.carer, status=CAME, **common))
        self.add(Attendance(person=course.child, status=UPDATE, **common))
        for place, user in enumerate(team):
            self.add(Attendance(user=user, status=APOLOGIES if (number + place) % 4 == 0 else CAME, **common))
        for action in actions:
            if turn > 1 and action.status in Action.SETTLED:
                continue
            if action.status == Action.Status.OPEN:
                action.status = Action.Status.DONE if ends else self.rng.choice(("partly", "not_done", "done"))
            self.add(
                ActionResult(action=action, person=action.person, about=action.about, result=action.status, **common)
            )
        if ends:
            plan.status = Plan.Status.ENDED
            self.end(course, reason, held_at)

    def end(self, course: Course, reason: str, at: datetime) -> None:
        course.episode.end_reason, course.episode.ended_at = reason, at
        for member in self.rows[TeamMember]:
            if member.episode is course.episode:
                member.status, member.ends_at = TeamMember.Status.ENDED, at

    def note(self, course: Course, at: datetime, nth: int) -> None:
        kind, with_whom, text = course.theme.note(nth)
        self.record(
            course,
            Note,
            at,
            kind=kind,
            at=at,
            with_whom=course.say(with_whom),
            text=course.say(text),
            author=course.lead,
            author_agency=course.agency,
        )

    # Clocks

    def clock_of(
        self, course: Course, key: str, kind: str, anchor: str, anchor_at: datetime, **state: datetime | None
    ) -> None:
        reference = course.family.reference
        self.clock(
            key=key,
            kind=kind,
            anchor=anchor,
            anchor_at=anchor_at,
            family=course.family,
            reference=reference,
            locality=course.family.locality,
            owner=course.lead,
            owner_agency=course.agency,
            link=reverse("plan", args=[reference]) if kind == "review" else course.family.get_absolute_url(),
            **state,
        )

    def clock(
        self,
        *,
        kind: str,
        anchor_at: datetime,
        met_at: datetime | None = None,
        stopped_at: datetime | None = None,
        **fields: Any,
    ) -> None:
        amount, unit = registry[kind].usual.amount, registry[kind].usual.unit
        due_at = dates.due(anchor_at, amount, unit)
        timescale = Timescale(
            kind=kind,
            anchor_at=anchor_at,
            amount=amount,
            unit=unit,
            first_due_at=due_at,
            due_at=due_at,
            met_at=met_at,
            stopped_at=stopped_at,
            stopped_because="early help ended" if stopped_at else "",
            **fields,
        )
        timescale.look_at = timescale.remind_at if timescale.is_open else None
        self.add(timescale)

    # Into the database

    def write(self) -> None:
        """Each table at once, parents first: a statement's triggers fire once."""
        for models in IN_ORDER:
            for model in models:
                self._write(model)
            statistics.refresh()
        child_of = {course.episode.pk: course.child.pk for course, _ in self.later}
        for note in self.rows[Note]:
            note.about = [child_of[note.episode.pk]]
        self._write(Note)
        for course, state in self.later:
            plan = state.pop("plan", None)
            number = state.pop("number", 0)
            key = f"review:{plan.pk}:{number}" if plan else f"assessment_start:{course.episode.pk}:1"
            self.clock_of(course, key, state.pop("kind", "review"), **state)
        self._write(Timescale)

    def _write(self, model: type[Any]) -> None:
        model.objects.bulk_create(self.rows[model], batch_size=2000)


def _words(cast: list[Someone]) -> dict[str, str]:
    return {"carer": cast[0].first, "child": next(s.first for s in cast if s.kind == Person.Kind.CHILD)}
