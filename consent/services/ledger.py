"""The family's word: agreement to work with us, and what each person lets each agency know. Rows are only ever added."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from consent.models import AgencyPermission, Agreement, SharingChoice, Tier, Wording
from consent.notices import SharingChanged
from consent.services.competence import decides_alone, latest_judgements
from consent.services.signing import NO_WORDING, Mark, sign
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import Agency, LocalProcedure, User
from earlyhelp.accounts.roles import managers_of, service_managers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.components import when_text
from earlyhelp.timescales import services as timescales
from families import notices
from families.models import Document, Episode, Family, Lead, Person, Relationship, TeamMember
from families.services import episodes
from families.services.running import lock, runner_of

WITHDRAWN = "agreement withdrawn"
ON_SCREEN = (Agreement.How.DRAWN, Agreement.How.TYPED)


@dataclass(frozen=True)
class Choice:
    """What `person` lets `agency` know, as `decided_by` decided: themself, or who has responsibility for them."""

    person: Person
    agency: Agency
    tier: int
    decided_by: Person
    never: bool = False


class Held(NamedTuple):
    """What a person's latest choice lets an agency know, until when, and when they are asked again (None: at each
    review)."""

    tier: int = Tier.NONE
    never: bool = False
    until: datetime | None = None
    review_on: date | None = None

    def at(self, moment: datetime) -> "Held":
        """As it holds at a moment: a choice that has run out is nothing."""
        return self if self.until is None or self.until > moment else self._replace(tier=Tier.NONE)


@transaction.atomic
def record_agreement(
    *,
    family: Family,
    episode: Episode,
    person: Person,
    decision: str,
    how: str,
    decided_on: date,
    witness: str,
    wishes: str,
    choices: Iterable[Choice],
    actor: User,
    until: datetime | None = None,
    review_on: date | None = None,
    scan: Document | None = None,
    explained: Iterable[str] = (),
    language: str = "",
    helped_by: str = "",
    mark: Mark | None = None,
    wording: Wording | None = None,
) -> Agreement:
    """Record one person's decision and the sharing choices made with it, in one step: access follows at once (DEV-05,
    ROT-15, ROT-16). On screen it counts with its `mark` only. Whoever said no is not shared about, whatever others said
    (ROT-21). `wording`: what they read, when that is known; else what is in force."""
    wording = wording or Wording.current()
    choices = list(choices)
    with acting_as_system("record an agreement"):
        lock(family.pk)
        judgement = latest_judgements(family).get(person.pk)
        if not decides_alone(person, judgement):
            raise Refused(
                f"{person.short_name} doesn’t decide for themselves yet. Record their wishes with what a parent decides,"
                " or a judgement that they understand enough to decide."
            )
        _check_way(decision, how, decided_on, witness, wording, mark)
        if decision == Agreement.Decision.GIVEN:
            _check_latest(person, decided_on, choices)
        agreement = Agreement.objects.create(
            family=family,
            episode=episode,
            person=person,
            decision=decision,
            how=how,
            decided_on=decided_on,
            witness=witness,
            wording=wording,
            explained=list(explained),
            language=language,
            helped_by=helped_by,
            competence=judgement,
            wishes=wishes,
            until=until,
            scan=scan,
            created_by=actor,
        )
        if mark:
            sign(agreement=agreement, mark=mark, actor=actor)
        if decision == Agreement.Decision.GIVEN:
            _end_with_agreement(agreement, actor=actor)
        add_choices(
            family=family, choices=choices, actor=actor, until=until, review_on=review_on, decided_on=decided_on
        )
        last_words = _last_words(family)
        said_no = {pk: word for pk, word in last_words.items() if word.decision != Agreement.Decision.GIVEN}
        agree = {pk for pk, word in last_words.items() if word.episode_id == episode.pk and _still_agrees(word)}
        if agree:
            left = {pk: said_no[by] for pk, by in _left_with(family, set(said_no), agree).items()}
            _share_nothing_about(left | said_no, family=family, actor=actor)
            if episodes.WORKFLOW.allows(episode.stage, "agreement"):
                episodes.advance(episode=episode, step="agreement")
            timescales.resume(family_id=family.pk, because=WITHDRAWN)
            if person.pk in said_no and any(person.pk in parents for parents in _responsible(family).values()):
                _tell_managers(family, key=f"agreement:{agreement.pk}")
        elif decision != Agreement.Decision.GIVEN:
            timescales.stop(family_id=family.pk, because=WITHDRAWN)
            _tell_managers(family, key=f"agreement:{agreement.pk}")
        if decision != Agreement.Decision.GIVEN:
            _tell_lead(family, actor=actor, key=f"agreement:{agreement.pk}")
    return agreement


def _end_with_agreement(agreement: Agreement, *, actor: User) -> None:
    """What someone shares of themselves ends no later than their own agreement, also while another's goes on."""
    until = agreement.until
    if until is None:
        return
    longer = {
        agency: held
        for (person, agency), held in latest_choices(agreement.family).items()
        if person == agreement.person_id and held.tier > Tier.NONE and (held.until is None or held.until > until)
    }
    agencies = Agency.objects.in_bulk(list(longer))
    by_review: dict[date | None, list[Choice]] = {}
    for agency, held in longer.items():
        choice = Choice(agreement.person, agencies[agency], held.tier, agreement.person)
        by_review.setdefault(held.review_on, []).append(choice)
    for review_on, choices in by_review.items():
        _add(
            family=agreement.family,
            choices=choices,
            actor=actor,
            until=until,
            review_on=review_on,
            decided_on=agreement.decided_on,
        )


def ways_that_count(step: str = "early_help") -> list[str]:
    """The ways of agreeing that local procedure accepts for a step (DEV-07)."""
    return list(LocalProcedure.current().agreement_ways.get(step, []))


def _check_way(
    decision: str, how: str, decided_on: date, witness: str, wording: Wording | None, mark: Mark | None
) -> None:
    if decided_on > clock.today():
        raise Refused("The date of the decision must be today or in the past.")
    if how == Agreement.How.VERBAL and not witness:
        raise Refused("Enter who heard the family agree.")
    if decision == Agreement.Decision.GIVEN and how not in ways_that_count():
        raise Refused(f"“{Agreement.How(how).label}” doesn’t count here. Choose another way.")
    if how in ON_SCREEN and not wording:
        raise Refused(NO_WORDING)
    if (how in ON_SCREEN) != bool(mark):
        raise Refused("What is agreed on screen counts once it is signed.")


def _check_latest(person: Person, decided_on: date, choices: Iterable[Choice]) -> None:
    """A paper that is filed late takes back nothing that was said after it."""
    later = Agreement.objects.filter(person=person).order_by("-decided_on", "-pk").first()
    if later and later.decision != Agreement.Decision.GIVEN and later.decided_on > decided_on:
        raise Refused(
            f"{person.short_name} decided otherwise on {when_text(later.decided_on)}, after this. Ask them again, and record"
            " what they say now."
        )
    for choice in choices:
        last = SharingChoice.objects.filter(person=choice.person, agency=choice.agency).order_by("-pk").first()
        said = last and (last.decided_on or clock.in_london(last.starts_at).date())
        if last and said and last.tier < choice.tier and said > decided_on:
            raise Refused(
                f"On {when_text(said)}, after this, less was shared about {choice.person.short_name} with"
                f" {choice.agency}. Ask again, and record what they say now."
            )


def _last_words(family: Family) -> dict[int, Agreement]:
    """Person → their latest decision, in whichever episode."""
    return {row.person_id: row for row in Agreement.objects.filter(family=family).order_by("pk")}


def _still_agrees(word: Agreement) -> bool:
    return word.decision == Agreement.Decision.GIVEN and (word.until is None or word.until > clock.now())


def _left_with(family: Family, said_no: set[int], agree: set[int]) -> dict[int, int]:
    """Person → who said no for them: of those who decide for them, or gave what is shared of them, someone said no and
    nobody agrees. That another young person of the family agrees is no word about them."""
    judgements, parents = latest_judgements(family), _responsible(family)
    gave = {(person, agency): by for (person, agency), by in _who_gave(family).items() if by != person}
    found = {}
    for person in Person.objects.filter(family=family).exclude(pk__in=agree | said_no):
        decide = {by for (about, _), by in gave.items() if about == person.pk}
        if not decides_alone(person, judgements.get(person.pk)):
            decide |= parents.get(person.pk, set())
        if decide & said_no and not decide & agree:
            found[person.pk] = min(decide & said_no)
    return found


def _who_gave(family: Family) -> dict[tuple[int, int], int]:
    """(person, agency) → who decided what is shared of them now."""
    latest = {(row.person_id, row.agency_id): row for row in SharingChoice.objects.filter(family=family).order_by("pk")}
    return {key: row.decided_by_id for key, row in latest.items() if row.tier > Tier.NONE}


def _share_nothing_about(people: Mapping[int, Agreement], *, family: Family, actor: User) -> None:
    """A no (person → the word of whoever said it for them) goes before anyone else's yes: only who runs the support, and
    is to talk with them, knows of them."""
    running = running_agency(family)
    in_force = latest_choices(family)
    agencies = Agency.objects.in_bulk({agency for _, agency in in_force} - {running.pk if running else None})
    everyone = Person.objects.in_bulk({*people, *(word.person_id for word in people.values())})
    for pk, word in people.items():
        choices = [
            Choice(person=everyone[pk], agency=agency, tier=Tier.NONE, decided_by=everyone[word.person_id])
            for agency in agencies.values()
            if (pk, agency.pk) not in in_force or in_force[pk, agency.pk].tier > Tier.NONE
        ]
        if choices:
            _add(family=family, choices=choices, actor=actor, until=None, decided_on=word.decided_on)


def agreed(episode: Episode) -> bool | None:
    """Whether anyone's latest word is that they agree, and hasn't run out; None while nobody was asked. Says no more, and
    so says it to all who may know of the family."""
    with acting_as_system("whether the family agrees"), connection.cursor() as cursor:
        cursor.execute("SELECT agreed, until FROM access_said(%s, %s)", [episode.family_id, episode.pk])
        said, until = cursor.fetchone()
    return said and (until is None or until > clock.now()) if said is not None else None


def running_agency(family: Family) -> Agency | None:
    """The agency that runs the family's support: the lead's, or until there is one that of the first contact."""
    with acting_as_system("which agency runs the support"):
        runner = runner_of(family.episode())
        return runner.agency if runner else None


@transaction.atomic
def record_choices(
    *,
    family: Family,
    choices: Iterable[Choice],
    actor: User,
    until: datetime | None = None,
    review_on: date | None = None,
) -> None:
    """Add sharing choices to the ledger; only what differs from the choice in force makes a row."""
    with acting_as_system("record sharing choices"):
        lock(family.pk)
        add_choices(family=family, choices=choices, actor=actor, until=until, review_on=review_on)


def add_choices(
    *,
    family: Family,
    choices: Iterable[Choice],
    actor: User,
    until: datetime | None,
    review_on: date | None = None,
    decided_on: date | None = None,
) -> None:
    choices = list(choices)
    check_deciders(family=family, choices=choices, until=until)
    _add(family=family, choices=choices, actor=actor, until=until, review_on=review_on, decided_on=decided_on)


def _add(
    *,
    family: Family,
    choices: Iterable[Choice],
    actor: User,
    until: datetime | None,
    review_on: date | None = None,
    decided_on: date | None = None,
) -> None:
    in_force = latest_choices(family)
    before = agencies_that_know(family)
    own_end = _ends_of_agreements(family)
    now = clock.now()
    rows = []
    for c in choices:
        shares = c.tier > Tier.NONE
        ends_at, review = (_sooner(until, own_end.get(c.person.pk)), review_on) if shares else (None, None)
        if in_force.get((c.person.pk, c.agency.pk)) == Held(c.tier, c.never, ends_at, review):
            continue
        rows.append(
            SharingChoice(
                family=family,
                person=c.person,
                agency=c.agency,
                tier=c.tier,
                never=c.never,
                decided_by=c.decided_by,
                decided_on=decided_on or clock.today(),
                starts_at=now,
                ends_at=ends_at,
                review_on=review,
                created_by=actor,
            )
        )
    SharingChoice.objects.bulk_create(rows)
    ended = before - agencies_that_know(family)
    key = f"{now:%Y%m%d%H%M%S%f}"
    _tell_of_ended_access(family, ended, key=key)
    if ended:
        _tell_lead(family, actor=actor, key=key)


def _ends_of_agreements(family: Family) -> dict[int, datetime | None]:
    """Person → when their own agreement to the open episode ends."""
    rows = Agreement.objects.filter(family=family, episode__ended_at=None).order_by("pk")
    latest = {row.person_id: row for row in rows}
    return {pk: row.until for pk, row in latest.items() if row.decision == Agreement.Decision.GIVEN}


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((end for end in (one, other) if end), default=None)


@transaction.atomic
def withdraw_from(*, family: Family, agency: Agency, decided_by: Person, actor: User) -> None:
    """Take back what one agency may know of `decided_by`, and of the children for whom they decide (ROT-21). Once nobody
    shares with it, its people lose the family at their next click."""
    with acting_as_system("withdraw sharing with an agency"):
        lock(family.pk)
        people = {p.pk: p for p in family.people()}
        shared = [
            people[person]
            for (person, agency_id), held in latest_choices(family).items()
            if agency_id == agency.pk and held.tier > Tier.NONE
        ]
        if not shared:
            raise Refused(f"The family shares nothing with {agency} now.")
        judgements, parents, gave = latest_judgements(family), _responsible(family), _who_gave(family)
        theirs = [
            person
            for person in shared
            if decided_by.pk in (person.pk, gave.get((person.pk, agency.pk)))
            or (
                not decides_alone(person, judgements.get(person.pk))
                and _may_stop(decided_by, parents.get(person.pk, set()))
            )
        ]
        if not theirs:
            raise Refused(
                f"{decided_by.short_name} shares nothing with {agency} now. What others share is theirs to stop: ask them."
            )
        choices = [Choice(person=person, agency=agency, tier=Tier.NONE, decided_by=decided_by) for person in theirs]
        add_choices(family=family, choices=choices, actor=actor, until=None)


def all_choices(family: Family) -> dict[tuple[int, int], Held]:
    """As `latest_choices`, of everyone in the family: for those who record the choices or print the form."""
    with acting_as_system("sharing choices, to record or print them"):
        return latest_choices(family)


def latest_choices(family: Family, *, by: datetime | None = None) -> dict[tuple[int, int], Held]:
    """(person, agency) → the latest row (`by` a moment), whether or not it has run out."""
    rows = SharingChoice.objects.filter(family=family).order_by("pk")
    if by:
        rows = rows.filter(created_at__lte=by)
    return {
        (person, agency): Held(tier, never, until, review_on)
        for person, agency, tier, never, until, review_on in rows.values_list(
            "person", "agency", "tier", "never", "ends_at", "review_on"
        )
    }


def agreements_on(family: Family, moment: datetime) -> list[Agreement]:
    """Each person's latest word then, in the order of the people."""
    rows = Agreement.objects.filter(family=family, created_at__lte=moment).select_related("person").order_by("pk")
    return sorted({row.person_id: row for row in rows}.values(), key=lambda row: row.person_id)


def tiers(family: Family) -> dict[int, Tier]:
    """How much each agency may know of the family now, of those people who share with it."""
    now = clock.now()
    with acting_as_system("which agencies the family shares with"):
        found = AgencyPermission.objects.filter(content_object=family)
        rows = list(found.values_list("group_id", "permission__codename", "until"))
    known: dict[int, Tier] = {}
    for agency, code, until in rows:
        if until is None or until > now:
            tier = Tier.ADDITIONAL if code == "additional" else Tier.BASIC
            known[agency] = max(tier, known.get(agency, Tier.NONE))
    return known


def agencies_that_know(family: Family) -> set[int]:
    """The agencies that may know anything of the family now."""
    return set(tiers(family))


def tier_of(family: Family, agency: Agency) -> Tier:
    """How much an agency may know of the family now."""
    return tiers(family).get(agency.pk, Tier.NONE)


def check_deciders(*, family: Family, choices: Iterable[Choice], until: datetime | None = None) -> None:
    """What is shared of someone who decides for themselves is theirs alone to change, whichever way (ROT-21). For a child
    who doesn't yet, only who has parental responsibility lets an agency know more, or for longer; any adult may stop it,
    and another adult's "never" is taken back by who said it. Who gave something, while it was theirs to give, may stop it."""
    now = clock.now()
    with acting_as_system("who decides what is shared"):
        in_force = latest_choices(family)
        judgements = latest_judgements(family)
        parents = _responsible(family)
        rows = SharingChoice.objects.filter(family=family, never=True).order_by("pk")
        said_never = {(person, agency): by for person, agency, by in rows.values_list("person", "agency", "decided_by")}
        gave = _who_gave(family)
    for choice in choices:
        person, key = choice.person, (choice.person.pk, choice.agency.pk)
        held = in_force.get(key, Held()).at(now)
        takes_back = held.never and not choice.never
        gives = takes_back or _gives_more(choice, held, until)
        own_word = decides_alone(person, judgements.get(person.pk))
        if choice.decided_by.pk == person.pk:
            if gives and not own_word:
                raise Refused(f"{person.short_name} doesn’t decide for themselves yet. Choose who decided for them.")
            continue
        takes_back_own = not gives and gave.get(key) == choice.decided_by.pk
        if own_word and not takes_back_own and (gives or _differs(choice, held, until)):
            raise Refused(
                f"{person.short_name} decides for themselves (adults do, young people from"
                f" {LocalProcedure.current().own_consent_age}, and who is judged to understand enough). Ask them, and"
                " record their own decision."
            )
        if own_word:
            continue
        if gives:
            _check_responsible(choice, parents.get(person.pk, set()))
        elif not _may_stop(choice.decided_by, parents.get(person.pk, set())):
            raise Refused(f"An adult decides for {person.short_name}. Choose who decided.")
        if takes_back and said_never[key] not in (choice.decided_by.pk, person.pk):
            raise Refused(
                f"Someone else said never to share about {person.short_name} with {choice.agency}. Only they can take it"
                " back. Talk with them, and record their own decision."
            )


def _gives_more(choice: Choice, held: Held, until: datetime | None) -> bool:
    longer = choice.tier > Tier.NONE and held.until is not None and (until is None or until > held.until)
    return choice.tier > held.tier or longer


def _differs(choice: Choice, held: Held, until: datetime | None) -> bool:
    return (choice.tier, choice.never) != (held.tier, held.never) or (choice.tier > Tier.NONE and until != held.until)


def _may_stop(decider: Person, parents: set[int]) -> bool:
    """Whether someone may stop what is shared about a child who doesn't decide yet."""
    return decider.kind == Person.Kind.ADULT or decider.pk in parents


def _responsible(family: Family) -> dict[int, set[int]]:
    """Child → who has parental responsibility for them."""
    rows = Relationship.objects.filter(family=family, parental_responsibility=Relationship.Responsibility.YES)
    found: dict[int, set[int]] = {}
    for child, adult in rows.values_list("to_person", "person"):
        found.setdefault(child, set()).add(adult)
    return found


def _check_responsible(choice: Choice, parents: set[int]) -> None:
    """Who has parental responsibility decides for a child; while nobody is recorded to have it, an adult."""
    decider, child = choice.decided_by, choice.person.short_name
    if parents and decider.pk not in parents:
        raise Refused(
            f"{decider.short_name} doesn’t have parental responsibility for {child}, so can’t let an agency know more."
            " Ask someone who has it, or record under “People” who has it."
        )
    if not parents and decider.kind != Person.Kind.ADULT:
        raise Refused(f"An adult decides for {child}. Choose who decided.")


def _tell_of_ended_access(family: Family, agency_ids: set[int], *, key: str) -> None:
    """Tell the people of an agency that their access ended, not why; and the manager when it is the lead's agency."""
    if not agency_ids:
        return
    members = TeamMember.objects.filter(family=family, agency__in=agency_ids, status="accepted").select_related("user")
    leads = Lead.objects.filter(family=family, agency__in=agency_ids, status="accepted").select_related("user")
    people = {member.user for member in members} | {lead.user for lead in leads}
    notices.AccessEnded.send(to=people, reference=family.reference, url=family.get_absolute_url(), key=key)
    if leads:
        _tell_managers(family, key=key)


def _tell_managers(family: Family, *, key: str) -> None:
    if agency := running_agency(family):
        people = who_may_know(family.pk, managers_of(agency)) or who_may_know(family.pk, service_managers())
        notices.MustAct.send(to=people, reference=family.reference, url=family.get_absolute_url(), key=key)


def _tell_lead(family: Family, *, actor: User, key: str) -> None:
    """Tell whoever leads what follows, unless they recorded it themselves."""
    leads = Lead.objects.filter(family=family, status="accepted").exclude(user=actor).select_related("user")
    SharingChanged.send(
        to=who_may_know(family.pk, [lead.user for lead in leads]),
        reference=family.reference,
        url=f"{family.get_absolute_url()}sharing/what-follows/",
        key=key,
    )
