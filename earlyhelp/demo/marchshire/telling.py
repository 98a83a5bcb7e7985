"""Telling one family's story through the services: each step by the person who takes it, at its own moment in the past."""

import random
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count, cycle, product
from pathlib import Path
from typing import Any

from assessments.kinds import Key, Said
from assessments.models import Assessment
from assessments.places import Place
from assessments.reading import Sheet
from assessments.rules import missing
from assessments.services import finalising, starting, writing
from assessments.services.writing import Words
from consent.models import Tier
from consent.services import emergency, excluding, lawful
from consent.services.competence import decides_alone
from consent.services.ledger import record_agreement, record_choices, withdraw_from
from consent.services.own_word import judge
from consent.services.signing import Mark
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.demo.marchshire import statistics
from earlyhelp.demo.marchshire.authority import Authority
from earlyhelp.timescales import services as timescales
from earlyhelp.timescales.models import Extension, Timescale
from families.models import ConnectedUser, Family, Person, Request, TeamMember
from families.rules import PersonSaid, RequestSaid
from families.services import episodes, people, requests, team, wishes
from plans import services as plans
from plans.models import Action, Outcome, Plan, Review
from plans.rules import ActionSaid, AgreeSaid, Attender, OutcomeSaid, Result, ReviewSaid

When = int | timedelta
FRONT_DOOR = "front door"
DATA = Path(__file__).parent / "data"
BY = {"restricted": "service", "connected": "service", "answered": FRONT_DOOR, "accepted": FRONT_DOOR}
TIERS = {"all": Tier.ADDITIONAL, "basic": Tier.BASIC, "none": Tier.NONE, "never": Tier.NONE}
WHY_NOW = {"reason": "what_for", "hopes": "wishes", "tried": "tried"}
AREAS = {"North": "MX1", "South": "MX2", "East": "MX3", "West": "MX4"}


def read(name: str) -> dict[str, Any]:
    """What one of the files in `data` says."""
    return tomllib.loads((DATA / f"{name}.toml").read_text())


ADULTS_WISHES = (
    "“{lead} knows us already.”",
    "“Someone who can come after work.”",
    "“I don’t mind who, as long as it is one person.”",
)
WISHES = (
    "“{lead} is nice. I can tell {lead} things.”",
    "“Someone who doesn’t talk only to Mum. {lead} would be fine.”",
    "“I don’t mind who, if they come to the house.”",
    "“{lead}, because I know the name.”",
)
THEMES, WORDS, STREETS = read("themes"), read("words"), read("names")["streets"]


def when(said: int | str) -> When:
    """A number of days ago, or of hours: "4h"."""
    return timedelta(hours=float(said.removesuffix("h"))) if isinstance(said, str) else said


@dataclass(frozen=True)
class Someone:
    """A person of a story. Ages are given in years, so that children stay children in every year's demonstration."""

    first: str
    age: float | None = None
    role: str = "child"
    last: str | None = None
    kind: str = Person.Kind.CHILD
    born: str = Person.Born.EXACT
    home: str = Person.Home.HERE
    known_as: str = ""
    other_names: tuple[str, ...] = ()
    gender: str = ""
    responsibility: str = "yes"
    in_request: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)
    contact: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""


def someone(said: dict[str, Any]) -> Someone:
    """A person of a story: { child = name, … }, { adult = name, … } or { unborn = weeks to go }."""
    (kind, first), *rest = said.items()
    more = dict(rest)
    if kind == "adult":
        return Someone(first, kind=Person.Kind.ADULT, **{"age": None, "role": "mother"} | more)
    if kind == "unborn":
        told = {"age": -first / 52, "role": "unborn child", "last": "", "in_request": False}
        return Someone("", kind=Person.Kind.UNBORN, **told | more)
    return Someone(first, **more)


class Teller:
    """Holds the authority, the moment of telling, and the numbers already given away."""

    def __init__(self, authority: Authority, rng: random.Random) -> None:
        self.authority = authority
        self.rng = rng
        self.now = clock.now()
        self.today = clock.today()
        self._phones, self._houses = count(1), count(0)

    def moment(self, when: When) -> datetime:
        """A number of days ago in office hours, at weekends the Friday before; or exactly so many hours ago."""
        if isinstance(when, timedelta):
            return self.now - when
        day = self.today - timedelta(days=when)
        day -= timedelta(days=max(0, day.weekday() - 4))
        return datetime.combine(day, time(9 + self.rng.randrange(7), 5 * self.rng.randrange(12)), clock.LONDON)

    def birthday(self, someone: Someone) -> date | None:
        """A day on which someone of that age was born, or is due."""
        if someone.age is None or someone.born == Person.Born.UNKNOWN:
            return None
        spread = 0 if someone.age <= 0 else sum(map(ord, someone.first)) % 300 + 20
        day = self.today - timedelta(days=round(someone.age * 365.25) + spread)
        if someone.born == Person.Born.YEAR:
            return day.replace(month=1, day=1)
        return day.replace(day=1) if someone.born == Person.Born.MONTH else day

    def phone(self) -> str:
        return f"07700 900{next(self._phones) % 1000:03}"

    def address(self, locality: str) -> tuple[str, str]:
        """A house in a street that doesn't exist, with a postcode of no area."""
        number = next(self._houses)
        street = STREETS[number % len(STREETS)]
        inward = f"{number % 9 + 1}{'ABDEFGHJLN'[number % 10]}{'PQRSTUWXYZ'[number // 10 % 10]}"
        return f"{2 + number * 7 % 90} {street}\nMarchester", f"{AREAS[locality]} {inward}"

    def tell(self, told: dict[str, Any], kind: "type[Story] | None" = None) -> "Story":
        """Tell one family: a step is named by what happened, with when, and then the rest of it."""
        head = {key: value for key, value in told.items() if key not in ("cast", "steps", "received")}
        received = when(told["received"])
        story = (kind or Story)(self, cast=list(map(someone, told["cast"])), received=received, **head)
        for step in told.get("steps", ()):
            (happened, ago), *rest = step.items()
            said = dict(rest)
            who = said.pop("by", BY.get(happened, story.leader))
            with story.acting(who, when(ago)) as actor:
                getattr(story, happened)(actor, **said)
        return story


def tell_all(teller: Teller) -> list["Story"]:
    """The families told in full."""
    told = []
    for number, said in enumerate(read("families")["family"]):
        if number % 8 == 0:
            statistics.refresh()
        told.append(teller.tell(said))
    return told


class Story:
    """One family, from the request on. Every method is a step that someone took, `when` days (or hours) ago."""

    family: Family
    assessment: Assessment
    plan: Plan

    def __init__(
        self,
        teller: Teller,
        *,
        name: str,
        theme: str,
        cast: list[Someone],
        by: str,
        received: When,
        locality: str = "North",
        level: str = "2",
        who_asks: str = Request.Asker.PRACTITIONER,
        what_for: str = "",
        tried: str = "",
        postcode: bool = False,
    ) -> None:
        self.teller, self.authority, self.name, self.cast = teller, teller.authority, name, cast
        self.users, self.agencies, self.home = teller.authority.users, teller.authority.agencies, teller.authority.home
        self.theme: dict[str, Any] = THEMES[theme]
        self.place = self.authority.localities[locality]
        self.persons: dict[str, Person] = {}
        self.first_contact = self.leader = ""
        carer = next((s for s in cast if s.kind == Person.Kind.ADULT and s.home == Person.Home.HERE), cast[0])
        subject = next((s for s in cast if s.kind == Person.Kind.CHILD and s.in_request), carer)
        self.carer, self.child = carer.first, subject.first
        self.words = {"carer": carer.known_as or carer.first, "child": subject.known_as or subject.first}
        received_at = teller.moment(received)
        self.last = received_at
        lag = timedelta(minutes=25)
        lines, code = teller.address(locality)
        self.address_lines, self.address_postcode = lines, code
        said = RequestSaid(
            agency=self.home[by],
            locality=self.place,
            who_asks=who_asks,
            family_name=name,
            what_for=self.say(what_for or self.theme["what_for"]),
            tried=self.say(tried or self.theme["tried"]),
            level_of_need=level,
            received_at=received_at,
            asked_who=f"{carer.first}, {self.words['child']}’s {carer.role}" if carer != subject else carer.first,
            agreed_by=f"{carer.first} {self.surname(carer)}".strip(),
            agreed_how=Request.Agreed.VERBAL,
            agreed_on=clock.in_london(received_at).date(),
            people=tuple(self._asked(s, postcode and s is carer) for s in cast if s.in_request),
        )
        with self.acting(by, received_at + lag) as actor:
            self._begin(said, actor)

    def _begin(self, said: RequestSaid, actor: User) -> None:
        self.request = requests.submit(said, actor=actor)

    def _asked(self, someone: Someone, with_postcode: bool) -> PersonSaid:
        return PersonSaid(
            kind=someone.kind,
            first_name=someone.first,
            last_name=self.surname(someone),
            date_of_birth=self.teller.birthday(someone),
            born=someone.born,
            relationship=someone.role,
            postcode=self.address_postcode if with_postcode else "",
            phone=self.teller.phone() if with_postcode else "",
        )

    def surname(self, someone: Someone) -> str:
        return self.name if someone.last is None else someone.last

    def say(self, text: str) -> str:
        return text.format(**self.words)

    @contextmanager
    def acting(self, who: str, when: When | datetime) -> Iterator[User]:
        """Act as someone at a moment, never before the story's last one and never later than now."""
        moment = when if isinstance(when, datetime) else self.teller.moment(when)
        moment = max(moment, self.last + timedelta(minutes=6))
        assert moment < self.teller.now, f"{self.name}: a step lies in the future"
        self.last = moment
        user = self.authority.triages(self.place) if who == FRONT_DOOR else self.users[who]
        with clock.frozen_at(moment), acting_as(user):
            yield user

    def answered(self, actor: User, outcome: str, reason: str) -> None:
        """The front door's answer that opens no family."""
        requests.answer(request=self.request, outcome=outcome, reason=self.say(reason), actor=actor)

    def accepted(self, actor: User, to: str) -> None:
        """Accepted; someone is to make the first contact."""
        self.first_contact = self.leader = to
        self.family = requests.accept(
            request=self.request, agency=self.home[to], practitioner=self.users[to], actor=actor
        )
        self._know_people()

    def _know_people(self) -> None:
        with acting_as_system("load the demonstration"):
            self._reload()
            found = Person.objects.filter(family=self.family).order_by("pk")
            asked = [s for s in self.cast if s.in_request]
            self.persons = {self._key(s): p for s, p in zip(asked, found, strict=True)}

    def _reload(self) -> None:
        self.here: dict[str, Any] = {"family": self.family, "episode": self.family.episode()}

    @staticmethod
    def _key(someone: Someone) -> str:
        return someone.first or someone.role

    def tried_to_reach(self, actor: User, how: str = "call", note: str = "No answer. Left no message.") -> None:
        self._contact(actor, how, False, note)

    def reached(self, actor: User, how: str = "visit", note: str = "", *, hidden_address: bool = False) -> None:
        """The first contact, and what is learnt then of who they are, how to reach them safely and where they live."""
        note = note or "Met {carer} at home. Explained early help and what would be shared. {carer} would like it."
        self._contact(actor, how, True, note)
        for someone in self.cast:
            self._describe(someone, actor)
        self._relate(actor)
        self._lives(actor, None, self.address_lines, self.address_postcode, hidden=hidden_address)

    def _lives(self, actor: User, person: Person | None, lines: str, code: str, *, hidden: bool = False) -> None:
        where: dict[str, Any] = {"lines": lines, "postcode": code, "do_not_disclose": hidden}
        people.add_address(family=self.family, person=person, actor=actor, **where)

    def _contact(self, actor: User, how: str, reached: bool, note: str) -> None:
        episodes.record_contact(
            **self.here,
            at=clock.now() - timedelta(minutes=5),
            how=how,
            reached=reached,
            note=self.say(note),
            actor=actor,
        )

    def _describe(self, someone: Someone, actor: User) -> None:
        details = {"language": "English", **someone.details}
        fields: dict[str, Any] = {name: getattr(someone, name) for name in ("known_as", "gender", "home")}
        fields["other_names"] = list(someone.other_names)
        person = self.persons.get(self._key(someone))
        if person:
            people.change_person(person=person, version=person.version, actor=actor, details=details, **fields)
        else:
            day, is_unborn = self.teller.birthday(someone), someone.kind == Person.Kind.UNBORN
            fields |= {"due_date" if is_unborn else "date_of_birth": day, "kind": someone.kind}
            fields |= {"born": someone.born if day else Person.Born.UNKNOWN, "first_name": someone.first}
            fields["last_name"] = self.surname(someone)
            person = people.add_person(family=self.family, actor=actor, details=details, **fields)
            self.persons[self._key(someone)] = person
        if someone.kind == Person.Kind.ADULT and someone.contact is not None:
            contact = {"kind": "phone", "value": self.teller.phone(), "text": True, "voicemail": True}
            people.add_contact_detail(person=person, actor=actor, **contact | dict(someone.contact))
        if someone.address:
            self._lives(actor, person, someone.address, "")

    def _relate(self, actor: User) -> None:
        adults = [someone for someone in self.cast if someone.kind == Person.Kind.ADULT]
        for older, younger in product(adults, [someone for someone in self.cast if someone not in adults]):
            people.relate(
                person=self.persons[self._key(older)],
                to_person=self.persons[self._key(younger)],
                kind=older.role,
                parental_responsibility=older.responsibility,
                actor=actor,
            )

    def agreed(
        self,
        actor: User,
        share: Mapping[str, str],
        *,
        but: Mapping[str, Mapping[str, str]] | None = None,
        not_asked: Collection[str] = (),
        how: str = "signed",
        wishes: str = "",
        also: Collection[str] = (),
        until: int | None = None,
    ) -> None:
        """The carer and the other adults agree, and say what each agency may know; young people decide for themselves
        (`also`)."""
        others = tuple(
            name
            for name, person in self.persons.items()
            if person.kind == Person.Kind.ADULT and name not in {self.carer, *also, *not_asked}
        )
        end = clock.now() + timedelta(days=until) if until else None
        for decider in (self.carer, *others, *also):
            choices = list(self._choices(decider, share, but or {}, not_asked, (*others, *also)))
            words = wishes or self.theme["wishes"] if decider == self.carer else ""
            mark = Mark(self.persons[decider].name) if how == "typed" else None
            self._decide(actor, decider, "given", words, choices, how=how, mark=mark, until=end)
        self._reload()

    def _decide(
        self,
        actor: User,
        who: str,
        decision: str,
        wishes: str,
        choices: Sequence[Choice] = (),
        how: str = "verbal",
        **more: Any,
    ) -> None:
        said = Decision(
            person=self.persons[who],
            decision=decision,
            how=how,
            decided_on=clock.today(),
            witness=actor.name if how == "verbal" else "",
            wishes=self.say(wishes),
            **more,
        )
        record_agreement(family=self.family, decision=said, choices=choices, actor=actor)

    def _choices(
        self,
        decider: str,
        share: Mapping[str, str],
        but: Mapping[str, Mapping[str, str]],
        not_asked: Collection[str],
        deciding: Collection[str],
    ) -> Iterator[Choice]:
        for key, tier in share.items():
            for name, person in self.persons.items():
                decides = name == decider if decider in deciding else name not in deciding
                if name in not_asked or not decides:
                    continue
                chosen = but.get(name, {}).get(key, tier)
                by = person if decides_alone(person, None) else self.persons[decider]
                yield Choice(person, self.agencies[key], TIERS[chosen], by, never=chosen == "never")

    def refused(self, actor: User, wishes: str = "") -> None:
        self._decide(actor, self.carer, "refused", wishes)

    def withdrawn(self, actor: User, wishes: str = "") -> None:
        self._decide(actor, self.carer, "withdrawn", wishes)

    def never_with(self, actor: User, agency: str, *, person: str, decided_by: str = "") -> None:
        """One person says that one agency must not know anything of them."""
        decider = self.persons[decided_by or person]
        choice = Choice(self.persons[person], self.agencies[agency], Tier.NONE, decider, never=True)
        record_choices(family=self.family, choices=[choice], actor=actor)

    def no_longer_with(self, actor: User, agency: str) -> None:
        """The family takes back what it shared with one agency."""
        withdraw_from(
            family=self.family, agency=self.agencies[agency], decided_by=self.persons[self.carer], actor=actor
        )

    def asked_to_lead(self, actor: User, who: str, *, answer: str = "yes", reason: str = "", wish: str = "") -> None:
        """Someone is asked to lead; the answer comes a little later, or not yet."""
        wish = wish or "{lead}, who has known us for a while."
        name = self.users[who].get_short_name()
        said = wish.format(lead=name, **self.words)
        asked = wishes.missing(**self.here)
        grown_up, children = (cycle(words) for words in (ADULTS_WISHES, WISHES))
        wished = {one: next(grown_up if one.kind == Person.Kind.ADULT else children).format(lead=name) for one in asked}
        carer = next((one for one in wished if one.kind == Person.Kind.ADULT), None)
        wishes.record(**self.here, wishes=wished | ({carer: said} if carer else {}), actor=actor)
        lead = team.ask_to_lead(
            **self.here,
            user=self.users[who],
            agency=self.home[who],
            actor=actor,
        )
        self.lead_asked = lead
        if answer != "waiting":
            with self.acting(who, self.last + timedelta(minutes=50)) as actor:
                declined_for = "" if answer == "yes" else "no_time"
                team.answer_lead(
                    lead=lead, accept=answer == "yes", reason=reason, actor=actor, declined_for=declined_for
                )
            if answer == "yes":
                self.leader = who

    def invited(
        self, actor: User, who: str, *, role: str = "contributor", answer: str = "yes", reason: str = ""
    ) -> None:
        """Someone of an agency that the family shares with is asked to join the team."""
        member = team.invite(**self.here, user=self.users[who], agency=self.home[who], role=role, actor=actor)
        if answer != "waiting":
            with self.acting(who, self.last + timedelta(minutes=70)) as actor:
                declined_for = "" if answer == "yes" else "someone_else"
                team.answer_invitation(
                    member=member, accept=answer == "yes", reason=reason, actor=actor, declined_for=declined_for
                )

    def left(self, actor: User, who: str) -> None:
        """The lead ends someone's place on the team."""
        member = TeamMember.objects.get(episode=self.here["episode"], user=self.users[who], status="accepted")
        team.leave(member=member, actor=actor)

    def noted(self, actor: User, text: str = "", *, kind: str = "", with_whom: str = "", nth: int = 0) -> None:
        """A case note: in words of its own, or the theme's `nth`."""
        if not text:
            kind, with_whom, text = _note(self.theme["notes"], nth)
        episodes.write_note(
            **self.here,
            kind=kind or "call",
            at=clock.now() - timedelta(minutes=5),
            with_whom=self.say(with_whom or "{carer}"),
            about=[self.persons[self.child].pk],
            text=self.say(text),
            actor=actor,
        )

    def more_time_asked(
        self, actor: User, reason: str, *, days: int = 14, decided_by: str = "", answer: str = ""
    ) -> None:
        """The lead asks a manager for more time; the manager says yes, or hasn't answered."""
        timescale = Timescale.objects.filter(family=self.family, met_at=None, stopped_at=None).latest("due_at")
        extension = timescales.ask_extension(
            timescale=timescale, reason=self.say(reason), due_at=timescale.due_at + timedelta(days=days), actor=actor
        )
        if decided_by:
            with self.acting(decided_by, self.last + timedelta(hours=2)) as actor:
                extension = Extension.objects.select_related("timescale").get(pk=extension.pk)
                timescales.decide_extension(extension=extension, approve=True, reason=answer, actor=actor)

    def assessing(
        self, actor: User, *, with_: Collection[str] = (), written: int = 99, until: When | None = None
    ) -> None:
        """The lead starts the assessment and writes its first sections; people of other agencies add what they know."""
        self.assessment = starting.start(**self.here, actor=actor)
        with self.acting(self.leader, until or self.last + timedelta(hours=1)) as actor:
            places = [one.place for one in self._sheet().written if one.place.part.about != "agency"]
            for place in sorted(places, key=_writing_order)[:written]:
                self._write(place, self._said(place), actor, self.home[self.leader])
        for who in with_:
            agency = self.home[who]
            with self.acting(who, self.last + timedelta(hours=2)) as actor:
                texts = WORDS["contributions"][agency.kind].values()
                place = next(one.place for one in self._sheet(agency).written if one.place.agency == agency)
                self._write(place, _columns("needs", *map(self.say, texts), scale=5), actor, agency)

    def _sheet(self, agency: Agency | None = None) -> Sheet:
        assessment = Assessment.objects.select_related("episode", "form").defer("form__body").get(pk=self.assessment.pk)
        return Sheet(assessment, self.family, agency)

    def _write(self, place: Place, said: Said, actor: User, agency: Agency) -> None:
        if said:
            writing.write(
                assessment=self._sheet().assessment,
                part=place.part.code,
                person=place.person,
                words=Words(said, ready=True),
                actor=actor,
                agency=agency,
            )

    def _said(self, place: Place) -> Said:
        """What the lead writes in a place."""
        theme, code, scale = self.theme, place.part.code, self.teller.rng.randrange(3, 7)
        if place.person:
            return self._of(place.person)
        if code in WORDS["sections"]:
            column = next(one.code for one in place.part.questions if one.kind == "columns")
            return _columns(column, *map(self.say, self.teller.rng.choice(WORDS["sections"][code])), scale=scale)
        said = {question: self.say(text) for question, text in WORDS["parts"].get(code, {}).items()}
        if code == "why_now":
            said = {question: self.say(theme[key]) for question, key in WHY_NOW.items()}
        found = {(question, 0, ""): text for question, text in said.items()}
        if code == "analysis":
            found |= _columns("needs", *(self.say(theme[key]) for key in ("worried", "well", "needs")), scale=scale)
            for row, wanted in enumerate(theme["outcomes"]):
                child = self.persons[self.child]
                aim = {
                    "outcome": self.say(wanted["title"]),
                    "whom": str(child.pk),
                    "how": self.say(WORDS["how_we_know"][row]),
                }
                found |= {("outcomes", row, box): text for box, text in aim.items()}
        return found

    def _of(self, person: Person) -> Said:
        """What the lead writes about someone."""
        name = next(name for name, one in self.persons.items() if one.pk == person.pk)
        if person.kind == Person.Kind.ADULT:
            return {("view", 0, ""): self.say(self.theme["wishes"])} if name == self.carer else {}
        if name == self.child:
            words = {box: self.say(self.theme[f"child_{box}"]) for box in ("worried", "well", "needs", "says")}
        else:
            kind = "unborn" if person.kind == Person.Kind.UNBORN else "child"
            told = self.words | {"child": name}
            words = {box: text.format(**told) for box, text in WORDS["sibling"][kind].items()}
        scale = self.teller.rng.randrange(3, 7) if name == self.child else 7
        found = _columns("needs", words["worried"], words["well"], words["needs"], scale=scale)
        return found | {("voice", 0, ""): words["says"]} if "says" in words else found

    def finalised(self, actor: User) -> None:
        sheet = self._sheet()
        reasons = {one.key: WORDS["goes_without"] for one in missing(sheet)}
        finalising.finalise(assessment=sheet.assessment, actor=actor, reasons=reasons)

    def planned(self, actor: User, *, agreed: bool = True, review_after: int = 42, outcomes: int = 2) -> None:
        """The plan, as far as it goes: outcomes with actions for the lead, the family and the team; then agreed."""
        self._reload()
        self.plan = plans.open_plan(**self.here, actor=actor)
        for number, wanted in enumerate(self.theme["outcomes"][:outcomes]):
            said = OutcomeSaid(
                need=self.say(self.theme["worried"] if number else self.theme["child_worried"]),
                outcome=self.say(wanted["title"]),
                how_we_know=self.say(WORDS["how_we_know"][(len(self.name) + number) % len(WORDS["how_we_know"])]),
                person=self.persons[self.child] if "{child}" in wanted["title"] else None,
            )
            outcome = plans.add_outcome(plan=self.plan, said=said, actor=actor)
            for step, (who, text) in enumerate(wanted["actions"]):
                self._add_action(outcome, who, text, clock.today() + timedelta(days=14 + 7 * step), actor)
        if agreed:
            first = clock.today() + timedelta(days=review_after)
            plans.agree(
                plan=self.plan, said=AgreeSaid(clock.today(), first, arrangements=WORDS["arrangements"]), actor=actor
            )

    def _add_action(self, outcome: Outcome, who: str, text: str, due_on: date, actor: User) -> None:
        person = {"carer": self.persons[self.carer], "child": self.persons[self.child]}.get(who)
        doer = None if person else self._doer(who)
        plans.add_action(outcome=outcome, said=ActionSaid(self.say(text), due_on, doer, person), actor=actor)

    def _doer(self, who: str) -> User:
        """Whoever of an agency is on the team, else the lead."""
        rows = TeamMember.objects.filter(episode=self.here["episode"], agency=self.agencies.get(who), status="accepted")
        if member := rows.select_related("user").first():
            return member.user
        return self.users[who if who in self.users else self.leader]

    def done(self, actor: User, number: int = 1) -> None:
        """The first open actions are done between reviews."""
        rows = Action.objects.filter(outcome__plan=self.plan, status="open").select_related("outcome__plan")
        for action in rows.order_by("pk")[:number]:
            plans.set_action_status(action=action, status=Action.Status.DONE, actor=actor)

    def reviewed(
        self,
        actor: User,
        finding: str,
        decision: str,
        *,
        how: str = Review.How.MEETING,
        early_reason: str = "",
        review_after: int = 42,
        new_action: tuple[str, str] | None = None,
    ) -> None:
        """A review: one finding, one decision, and the next date or the end."""
        text = {"positive": self.theme["better"], "no_change": self.theme["same"]}.get(finding, self.theme["worse"])
        goes_on = decision in ("continue", "amend")
        self._reload()
        open_actions = Action.objects.filter(outcome__plan=self.plan).exclude(status__in=Action.SETTLED)
        said = ReviewSaid(
            held_at=clock.now() - timedelta(minutes=5),
            how=how,
            finding=finding,
            decision=decision,
            attendances=list(self._attendances(how)),
            results={a.pk: _result(finding, n, ends=not goes_on) for n, a in enumerate(open_actions.order_by("pk"))},
            child_voice=self.say(self.theme["child_says"]),
            family_views=self.say(text),
            notes=self.say(f"Went through each action. {text}"),
            next_review_on=clock.today() + timedelta(days=review_after) if goes_on else None,
            early_reason=self.say(early_reason),
            arrangements=WORDS["arrangements"] if goes_on else "",
            end_agreed="" if goes_on else Review.EndAgreed.ALL,
            end_agency="The school’s pastoral team" if decision == Review.Decision.END_SINGLE_AGENCY else "",
            no_progress_for="" if finding == "positive" else "too_soon",
            unchanged_reason="" if finding == "positive" else self.say("{carer} would like to give it more time."),
        )
        plans.hold_review(plan=self.plan, said=said, actor=actor)
        if new_action:
            first = Outcome.objects.filter(plan=self.plan).select_related("plan").earliest("position")
            self._add_action(first, *new_action, clock.today() + timedelta(days=21), actor)

    def _attendances(self, how: str) -> Iterator[Attender]:
        came, lead = ("update", "came") if how == Review.How.NONE else ("came", "came")
        yield Attender(status=lead, user=self.users[self.leader])
        yield Attender(status="came", person=self.persons[self.carer])
        team_of = TeamMember.objects.filter(episode=self.here["episode"], status="accepted").select_related("user")
        for number, member in enumerate(team_of.order_by("pk")):
            yield Attender(status=came if number % 3 != 2 else "apologies", user=member.user)
        if self.child != self.carer:
            yield Attender(status="update", person=self.persons[self.child])

    def restricted(self, actor: User) -> None:
        """Seen by its lead, its named team and the service manager alone."""
        Family.objects.filter(pk=self.family.pk).update(restricted=True)

    def connected(self, actor: User, who: str) -> None:
        """Someone knows the family privately, and so never sees its record."""
        ConnectedUser.objects.create(family=self.family, user=self.users[who], created_by=actor)

    def opened_in_emergency(self, actor: User, reason: str) -> None:
        """A manager or locality officer opens the record for a day; the lead's manager is to review it."""
        emergency.open_record(reference=self.family.reference, reason=self.say(reason), actor=actor)

    def shared_without(self, actor: User, *, what: str, with_whom: str, advice: str, why_not_told: str) -> None:
        """Information is shared without agreement, on a manager's advice, because a child may come to harm."""
        said = lawful.LawfulSaid(
            reason="child_harm",
            explanation=self.say(what),
            basis="public_task",
            what=self.say(what),
            about=[self.persons[self.child].pk],
            with_whom=with_whom,
            how="told",
            decided_at=clock.now(),
            adviser=lawful.advisers(self.family, actor)[0],
            advice=self.say(advice),
            told=False,
            not_told_because=self.say(why_not_told),
        )
        lawful.share_without_agreement(said, family=self.family, actor=actor)

    def kept_out(self, actor: User, name: str) -> None:
        """The family names someone who must not see its record."""
        carer = self.persons[self.carer]
        excluding.exclude(family=self.family, name=name, user=None, decided_by=carer, actor=actor)

    def judged_competent(self, actor: User, person: str, reasons: str) -> None:
        judge(
            family=self.family,
            person=self.persons[person],
            competent=True,
            reasons=reasons,
            judged_on=clock.today(),
            actor=actor,
        )

    def ended(self, actor: User, reason: str) -> None:
        self._reload()
        episodes.end(episode=self.here["episode"], reason=reason, actor=actor)


def _writing_order(place: Place) -> tuple[bool, bool, bool]:
    """The children, the analysis and why now come first: an assessment that is half written has those."""
    first = ("start", "child", "why_now", "analysis")
    return place.part.code not in first, place.part.about == "adult", place.part.code not in ("start", "child")


def _columns(question: str, worried: str, well: str, needs: str, *, scale: int) -> dict[Key, str]:
    said = {"worried": worried, "working_well": well, "needs_to_happen": needs, "scale": str(scale)}
    return {(question, 0, box): text for box, text in said.items()}


def _result(finding: str, number: int, *, ends: bool) -> Result:
    status = Action.Status
    if ends or (finding == "positive" and number % 3 != 2):
        return Result(status.DONE)
    if finding == "deterioration":
        return Result(status.NOT_DONE, "Not possible in these weeks.")
    return Result((status.PARTLY, status.DONE, status.NOT_DONE)[number % 3])


def _note(notes: Sequence[tuple[str, str]], nth: int) -> tuple[str, str, str]:
    """A case note's kind, with whom it was, and its words."""
    kind, text = notes[nth % len(notes)]
    if kind != "discussion":
        return kind, "{carer}", text
    return kind, "{child}" if text.startswith("{child}") else "Colleagues", text
