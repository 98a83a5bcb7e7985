"""The family's word: read once as a value, decided on without a query, and only then written (ROT-16, ROT-21)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from consent.models import Agreement, Competence, SharingChoice, Tier, Wording
from consent.services.competence import decides_alone
from consent.services.signing import NO_WORDING, Mark
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency
from earlyhelp.core import clock
from earlyhelp.core.errors import Problem
from earlyhelp.core.prepared import Prepared
from earlyhelp.govuk.components import until_text, when_text
from earlyhelp.procedures.schema import Procedure
from earlyhelp.procedures.services import procedure_in_force
from families.models import Document, Episode, Family, Person, Relationship, Runner
from families.services.running import runner_of

Pair = tuple[int, int]  # a person and an agency
GIVEN = Agreement.Decision.GIVEN
NOTHING = UUID(int=0)
ON_SCREEN = (Agreement.How.DRAWN, Agreement.How.TYPED)


@dataclass(frozen=True)
class Choice:
    """What `person` lets `agency` know, as `decided_by` decided: themself, or who has responsibility for them."""

    person: Person
    agency: Agency
    tier: int
    decided_by: Person
    never: bool = False

    @property
    def pair(self) -> Pair:
        return self.person.pk, self.agency.pk


@dataclass(frozen=True)
class Decision:
    """One person's decision to work with early help, how it was made, and until when it and the choices made with it
    hold. On screen it counts with its `mark` only. `wording`: what they read, when that is known; else what is in force."""

    person: Person
    decision: str
    how: str
    decided_on: date
    witness: str = ""
    wishes: str = ""
    explained: tuple[str, ...] = ()
    language: str = ""
    helped_by: str = ""
    until: datetime | None = None
    review_on: date | None = None
    scan: Document | None = None
    wording: Wording | None = None
    mark: Mark | None = None


class Held(NamedTuple):
    """What a person's latest choice lets an agency know, until when, and when they are asked again (None: at each
    review)."""

    tier: int = Tier.NONE
    never: bool = False
    until: datetime | None = None
    review_on: date | None = None

    @property
    def words(self) -> str:
        return "Never share" if self.never else Tier(self.tier).label

    @property
    def in_full(self) -> str:
        return f"{self.words}, until {until_text(self.until)}" if self.until and self.tier else self.words

    def at(self, moment: datetime) -> "Held":
        """As it holds at a moment: a choice that has run out is nothing."""
        return self if self.until is None or self.until > moment else self._replace(tier=Tier.NONE)


@dataclass(frozen=True)
class Made:
    """The latest choice about one person and one agency: what it lets the agency know, who decided it and on which day."""

    held: Held
    by: int
    on: date


@dataclass(frozen=True)
class Row:
    """A line for the ledger."""

    pair: Pair
    made: Made


EVERYONE = Prepared(lambda family: Person.objects.of(family))
# What counts, but for what was recorded `together`
CHOICES = Prepared(
    lambda family, together: SharingChoice.objects.filter(family=family).exclude(together=together).order_by("pk")
)
DECISIONS = Prepared(
    lambda family, together: Agreement.objects.filter(family=family).exclude(together=together).order_by("pk")
)
JUDGEMENTS = Prepared(
    lambda family, together: (
        Competence.objects.filter(family=family).exclude(together=together).select_related("judged_by").order_by("pk")
    )
)
PARENTS = Prepared(
    lambda family: (
        Relationship.objects.filter(family=family, parental_responsibility=Relationship.Responsibility.YES)
        .exclude(person__left_because=Person.Left.DIED)
        .values_list("to_person", "person")
    )
)
OPEN_EPISODE = Prepared(lambda family: Episode.objects.filter(family=family, ended_at=None)[:1])


@dataclass(frozen=True)
class FamilysWord:
    """What a family has said up to now. `said` is each person's latest decision, in whichever episode, and `last_day` the
    one of the latest day, however it was filed; `never_by`, who said last that an agency must never know of someone;
    `parents`, who has parental responsibility for a child; `episode`, the open one, and its `runner`; `spoken_of`, about
    whom anything was ever shared."""

    people: Mapping[int, Person]
    made: Mapping[Pair, Made] = field(default_factory=dict)
    never_by: Mapping[Pair, int] = field(default_factory=dict)
    said: Mapping[int, Agreement] = field(default_factory=dict)
    last_day: Mapping[int, Agreement] = field(default_factory=dict)
    judged: Mapping[int, Competence] = field(default_factory=dict)
    parents: Mapping[int, frozenset[int]] = field(default_factory=dict)
    episode: Episode | None = None
    spoken_of: frozenset[int] = frozenset()
    runner: Runner | None = None
    procedure: Procedure = field(default_factory=procedure_in_force)
    now: datetime = field(default_factory=clock.now)

    @classmethod
    def of(cls, family: Family, *, without: UUID = NOTHING) -> "FamilysWord":
        """All of it, also of those whom the asker may not know of: seven questions. `without` what was recorded together."""
        made: dict[Pair, Made] = {}
        never_by: dict[Pair, int] = {}
        said: dict[int, Agreement] = {}
        last_day: dict[int, Agreement] = {}
        parents: dict[int, frozenset[int]] = {}
        spoken_of: set[int] = set()
        with acting_as_system("the family's word"):
            people = {person.pk: person for person in EVERYONE(family)}
            for row in CHOICES(family, without):
                pair = row.person_id, row.agency_id
                on = row.decided_on or clock.in_london(row.starts_at).date()
                made[pair] = Made(Held(row.tier, row.never, row.ends_at, row.review_on), row.decided_by_id, on)
                if row.never:
                    never_by[pair] = row.decided_by_id
                if row.tier:
                    spoken_of.add(row.person_id)
            for word in DECISIONS(family, without):
                said[word.person_id] = word
                if last_day.get(word.person_id, word).decided_on <= word.decided_on:
                    last_day[word.person_id] = word
            judged = {row.person_id: row for row in JUDGEMENTS(family, without)}
            for child, adult in PARENTS(family):
                parents[child] = parents.get(child, frozenset()) | {adult}
            episode = OPEN_EPISODE.first(family)
            runner = runner_of(episode) if episode else None
        return cls(people, made, never_by, said, last_day, judged, parents, episode, frozenset(spoken_of), runner)

    # What holds

    @property
    def _episode_id(self) -> int | None:
        return self.episode.pk if self.episode else None

    def held(self, pair: Pair) -> Held:
        """What one person lets one agency know now."""
        made = self.made.get(pair)
        return made.held.at(self.now) if made else Held()

    @property
    def choices(self) -> dict[Pair, Held]:
        """What holds now, of each person and agency about whom something was ever chosen."""
        return {pair: made.held.at(self.now) for pair, made in self.made.items()}

    @property
    def knowing(self) -> set[int]:
        """The agencies that may know anything of the family now."""
        return {agency for (_, agency), held in self.choices.items() if held.tier > Tier.NONE}

    @property
    def running(self) -> Agency | None:
        """The agency that runs the family's support: the lead's, or until there is one that of the first contact."""
        return self.runner.agency if self.runner else None

    @property
    def hidden(self) -> set[int]:
        """Those who told the agency that runs the support nothing: it knows nothing of them, and others go on with them."""
        running = self.running
        if running is None:
            return set()
        return {person for (person, agency), made in self.made.items() if agency == running.pk and not made.held.tier}

    @property
    def agree(self) -> set[int]:
        """Those whose latest word is a yes to the open episode that hasn't run out."""
        return {
            pk
            for pk, word in self.said.items()
            if word.decision == GIVEN
            and word.episode_id == self._episode_id
            and (word.until is None or word.until > self.now)
        }

    @property
    def said_no(self) -> dict[int, Agreement]:
        """Those whose latest word is no, in whichever episode, with it."""
        return {pk: word for pk, word in self.said.items() if word.decision != GIVEN}

    # Whose word it is

    def is_here(self, person: Person) -> bool:
        """Whether someone is part of the family's help now: not who died, left or was added by mistake."""
        return person.pk in self.people and self.people[person.pk].left_on is None

    def decides_alone(self, person: Person) -> bool:
        """Whether someone's word is their own to give: nobody else can give it for them."""
        return decides_alone(person, self.judged.get(person.pk), from_age=self.procedure.ages.own_word)

    def may_stop(self, decider: Person, person: Person) -> bool:
        """Whether someone may stop what is shared about a child who doesn't decide yet."""
        return decider.kind == Person.Kind.ADULT or decider.pk in self.parents.get(person.pk, ())

    def may_decide_for(self, decider: Person, person: Person) -> bool:
        """Whether `decider` may say what is shared of `person`: of themself, and of a child who doesn't decide yet."""
        if decider.pk == person.pk:
            return self.decides_alone(person)
        parents = self.parents.get(person.pk, frozenset())
        adult = not parents and decider.kind == Person.Kind.ADULT
        return not self.decides_alone(person) and (decider.pk in parents or adult)

    def gave(self, pair: Pair) -> int | None:
        """Who decided what is shared of them."""
        made = self.made.get(pair)
        return made.by if made and made.held.tier > Tier.NONE else None

    def theirs_to_stop(self, decider: Person, person: Person, agency: Agency) -> bool:
        """Whether `decider` may take back what `agency` may know of `person`."""
        if decider.pk in (person.pk, self.gave((person.pk, agency.pk))):
            return True
        return not self.decides_alone(person) and self.may_stop(decider, person)

    def others_choices_end(self, person: Person) -> datetime | None:
        """When what others chose for someone who decides for themselves runs out, by which they are asked; None when
        nothing does."""
        if not self.decides_alone(person):
            return None
        held = [made.held.at(self.now) for pair, made in self.made.items() if pair[0] == person.pk != made.by]
        return max((one.until for one in held if one.tier > Tier.NONE and one.until), default=None)

    # What stands in the way

    def problems(self, decision: Decision, choices: Iterable[Choice]) -> Iterator[Problem]:
        """Of a decision and the choices made with it."""
        choices = list(choices)
        person = decision.person
        if not self.is_here(person):
            yield Problem(f"{person.short_name} isn’t part of this family’s help now. Look under “People”", "person")
        elif not self.decides_alone(person):
            yield Problem(
                f"{person.short_name} doesn’t decide for themselves yet. Record their wishes with what a parent decides,"
                " or a judgement that they understand enough to decide",
                "person",
            )
        yield from self._way_problems(decision)
        if decision.decision == GIVEN:
            yield from self._late_problems(decision, choices)
        yield from self.with_decision(decision).choice_problems(choices, decision.until)

    def _way_problems(self, decision: Decision) -> Iterator[Problem]:
        if decision.decided_on > clock.in_london(self.now).date():
            yield Problem("The date they decided must be today or in the past", "decided_on")
        if decision.how == Agreement.How.VERBAL and not decision.witness:
            yield Problem("Enter who heard it", "witness")
        ways = self.procedure.agreement.ways.early_help
        counts = decision.how in ways or (decision.how == Agreement.How.DRAWN and Agreement.How.TYPED in ways)
        if decision.decision == GIVEN and not counts:
            word = self.procedure.words.agreement
            yield Problem(f"That doesn’t count as {word} here. Select one of the other ways", "how")
        elif decision.how in ON_SCREEN and not decision.wording:
            yield Problem(NO_WORDING, "how")

    def _late_problems(self, decision: Decision, choices: Iterable[Choice]) -> Iterator[Problem]:
        """A paper that is filed late takes back nothing that was said after it."""
        last = self.last_day.get(decision.person.pk)
        if last and last.decision != GIVEN and last.decided_on > decision.decided_on:
            yield Problem(
                f"{decision.person.short_name} decided otherwise on {when_text(last.decided_on)}, after this. Ask them"
                " again, and record what they say now",
                "decided_on",
            )
        for choice in choices:
            made = self.made.get(choice.pair)
            if made and made.held.tier < choice.tier and made.on > decision.decided_on:
                yield Problem(
                    f"On {when_text(made.on)}, after this, less was shared about {choice.person.short_name} with"
                    f" {choice.agency}. Ask again, and record what they say now",
                    f"agency_{choice.agency.pk}",
                )

    def choice_problems(self, choices: Iterable[Choice], until: datetime | None) -> Iterator[Problem]:
        """What is shared of someone who decides for themselves is theirs alone to change, whichever way (ROT-21). For a
        child who doesn't yet, only who has parental responsibility lets an agency know more, or for longer; any adult may
        stop it, and another adult's "never" is taken back by who said it. Who gave something, while it was theirs to give,
        may stop it. The same is said once."""
        found = (problem for choice in choices for problem in self._problems_of(choice, until))
        yield from dict.fromkeys(found)

    def _problems_of(self, choice: Choice, until: datetime | None) -> Iterator[Problem]:
        person, decider, held = choice.person, choice.decided_by, self.held(choice.pair)
        takes_back = held.never and not choice.never
        gives = takes_back or _gives_more(choice, held, until)
        if not self.is_here(decider):
            yield Problem(
                f"{decider.short_name} isn’t part of this family’s help now. Choose who decided", "decided_by"
            )
        elif decider.pk == person.pk:
            if gives and not self.decides_alone(person):
                yield Problem(
                    f"{person.short_name} doesn’t decide for themselves yet. Choose who decided for them", "decided_by"
                )
        elif self.decides_alone(person):
            takes_back_own = not gives and self.gave(choice.pair) == decider.pk
            if not takes_back_own and (gives or _differs(choice, held, until)):
                yield Problem(
                    f"{person.short_name} decides for themselves (adults do, young people from"
                    f" {self.procedure.ages.own_word}, and who is judged to understand enough). Ask them, and record"
                    " their own decision",
                    "covers",
                )
        else:
            yield from self._problems_for_child(choice, gives=gives)
            if takes_back and self.never_by[choice.pair] not in (decider.pk, person.pk):
                yield Problem(
                    f"Someone else said never to share about {person.short_name} with {choice.agency}. Only they can take"
                    " it back. Talk with them, and record their own decision",
                    f"agency_{choice.agency.pk}",
                )

    def _problems_for_child(self, choice: Choice, *, gives: bool) -> Iterator[Problem]:
        """Who has parental responsibility decides for a child; while nobody is recorded to have it, an adult."""
        decider, child = choice.decided_by, choice.person
        parents = self.parents.get(child.pk, frozenset())
        if gives and parents and decider.pk not in parents:
            yield Problem(
                f"{decider.short_name} doesn’t have parental responsibility for {child.short_name}, so can’t let an agency"
                " know more. Ask someone who has it, or record under “People” who has it",
                "decided_by",
            )
        elif (gives and not parents and decider.kind != Person.Kind.ADULT) or not (
            gives or self.may_stop(decider, child)
        ):
            yield Problem(f"An adult decides for {child.short_name}. Choose who decided", "decided_by")

    # What follows

    def with_decision(self, decision: Decision) -> "FamilysWord":
        """After a decision, before the choices made with it; what they share of themselves ends no later than it does."""
        agreement = Agreement(
            person=decision.person,
            decision=decision.decision,
            decided_on=decision.decided_on,
            until=decision.until,
            episode=self.episode,
        )
        after = replace(self, said={**self.said, decision.person.pk: agreement})
        return after.with_rows(after._ending_with(decision))

    def with_rows(self, rows: Iterable[Row]) -> "FamilysWord":
        made, never_by = dict(self.made), dict(self.never_by)
        for row in rows:
            made[row.pair] = row.made
            if row.made.held.never:
                never_by[row.pair] = row.made.by
        return replace(self, made=made, never_by=never_by)

    def after(self, decision: Decision, choices: Iterable[Choice]) -> "FamilysWord":
        """What holds once a decision is recorded: its choices, and nothing of whom anyone's no leaves with nobody."""
        word = self.with_decision(decision)
        rows = word.rows(choices, decision.until, decision.review_on, decision.decided_on, also_the_same=True)
        word = word.with_rows(rows)
        return word.with_rows(word.nothing_about()) if word.agree else word

    def rows(
        self,
        choices: Iterable[Choice],
        until: datetime | None,
        review_on: date | None,
        decided_on: date,
        *,
        also_the_same: bool = False,
    ) -> list[Row]:
        """What choices add to the ledger: those that differ from what was chosen last, and the same if that was theirs to
        say, which then stands by itself. What someone shares ends no later than their own agreement to the open episode."""
        rows = []
        for choice in choices:
            held = Held(choice.tier, choice.never)
            if choice.tier > Tier.NONE:
                held = held._replace(until=_sooner(until, self._own_end(choice.person.pk)), review_on=review_on)
            same = choice.pair in self.made and self.made[choice.pair].held == held
            if not same or (also_the_same and self._is_theirs(choice)):
                rows.append(Row(choice.pair, Made(held, choice.decided_by.pk, decided_on)))
        return rows

    def new_rows(self, before: "FamilysWord") -> list[Row]:
        """What the ledger lacks for `before` to become this."""
        return [Row(pair, made) for pair, made in self.made.items() if before.made.get(pair) is not made]

    def _is_theirs(self, choice: Choice) -> bool:
        """Whether a choice is its decider's to make, whatever was chosen before."""
        person, decider = choice.person, choice.decided_by
        if choice.tier > Tier.NONE or self.decides_alone(person):
            return self.may_decide_for(decider, person)
        return decider.pk == person.pk or self.may_stop(decider, person)

    def _own_end(self, person: int) -> datetime | None:
        word = self.said.get(person)
        return word.until if word and word.decision == GIVEN and word.episode_id == self._episode_id else None

    def _ending_with(self, decision: Decision) -> list[Row]:
        """What someone shares of themselves ends no later than their own agreement, also while another's goes on."""
        person, until = decision.person.pk, decision.until
        if decision.decision != GIVEN or until is None:
            return []
        return [
            Row(pair, Made(made.held._replace(until=until, never=False), person, decision.decided_on))
            for pair, made in self.made.items()
            if pair[0] == person and made.held.tier > Tier.NONE and (made.held.until is None or made.held.until > until)
        ]

    def nothing_about(self) -> list[Row]:
        """A no goes before anyone else's yes: only who runs the support, and is to talk with them, knows of whoever said
        it, or of whom it leaves with nobody."""
        no = self.said_no
        people = {pk: no[by] for pk, by in self.left_with_nobody().items()} | no
        agencies = {agency for _, agency in self.made} - {self.running.pk if self.running else None}
        return [
            Row((pk, agency), Made(Held(), word.person_id, word.decided_on))
            for pk, word in people.items()
            for agency in agencies
            if (pk, agency) not in self.made or self.made[pk, agency].held.tier > Tier.NONE
        ]

    def left_with_nobody(self) -> dict[int, int]:
        """Person → who said no for them: of those who decide for them, or gave what is shared of them, someone said no
        and nobody agrees. That another young person of the family agrees is no word about them."""
        agree, no = self.agree, set(self.said_no)
        found = {}
        for person in self.people.values():
            if person.pk in agree | no:
                continue
            decide = {self.gave(pair) for pair in self.made if pair[0] == person.pk} - {person.pk, None}
            if not self.decides_alone(person):
                decide |= self.parents.get(person.pk, frozenset())
            if decide & no and not decide & agree:
                found[person.pk] = min(by for by in decide & no if by is not None)
        return found


@dataclass(frozen=True)
class Decider:
    """Someone whose own word is needed, and why theirs."""

    person: Person
    responsible: bool
    judgement: Competence | None

    @property
    def why(self) -> str:
        if self.person.kind == Person.Kind.ADULT:
            return "Has parental responsibility" if self.responsible else "An adult of the family"
        return "Judged to understand enough to decide" if self.judgement else "Old enough to decide for themselves"


def deciders(word: FamilysWord, people: Iterable[Person]) -> list[Decider]:
    """Those of `people` whose word is needed: who has parental responsibility, other adults about whom something would be
    shared, and young people who decide for themselves."""
    people = list(people)
    children = [person.pk for person in people if person.kind != Person.Kind.ADULT]
    responsible = {adult for child in children for adult in word.parents.get(child, ())}
    found = []
    for person in people:
        if not word.decides_alone(person):
            continue
        apart = person.kind == Person.Kind.ADULT and person.home == Person.Home.ELSEWHERE
        if apart and person.pk not in responsible | word.spoken_of | set(word.said):
            continue
        found.append(Decider(person, person.pk in responsible, word.judged.get(person.pk)))
    return found


def unsigned(decision: Decision) -> Iterator[Problem]:
    """What is agreed on screen counts once it is signed: asked for on a page of its own, after all else."""
    if (decision.how in ON_SCREEN) != bool(decision.mark):
        yield Problem("What is agreed on screen counts once it is signed", "how")


def _gives_more(choice: Choice, held: Held, until: datetime | None) -> bool:
    longer = choice.tier > Tier.NONE and held.until is not None and (until is None or until > held.until)
    return choice.tier > held.tier or longer


def _differs(choice: Choice, held: Held, until: datetime | None) -> bool:
    return (choice.tier, choice.never) != (held.tier, held.never) or (choice.tier > Tier.NONE and until != held.until)


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((end for end in (one, other) if end), default=None)
