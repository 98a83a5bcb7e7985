"""The family's word is written here: agreement to work with us, and what each person lets each agency know. Rows are only
ever added; what is said is decided on in `consent.word`."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from consent.clocks import OWN_WORD, WHO_DECIDES
from consent.models import AgencyPermission, Agreement, Said, SharingChoice, Tier, Wording
from consent.notices import SharingChanged
from consent.services.alone import tell_who_can_name
from consent.services.signing import sign
from consent.word import GIVEN, Choice, Decision, FamilysWord, Held, Row, unsigned
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import managers_of, service_managers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused, refuse
from earlyhelp.procedures.services import procedure_in_force, version_in_force
from earlyhelp.timescales import services as timescales
from families import notices
from families.models import Episode, Family, Lead, Person, TeamMember
from families.services import episodes
from families.services.running import hold, runner_of

WITHDRAWN = "agreement withdrawn"


@transaction.atomic
def record_agreement(*, family: Family, decision: Decision, choices: Iterable[Choice], actor: User) -> Agreement:
    """Record one person's decision and the sharing choices made with it, in one step: access follows at once (DEV-05,
    ROT-15, ROT-16). Whoever said no is not shared about, whatever others said (ROT-21)."""
    decision = replace(decision, wording=decision.wording or Wording.current())
    choices = list(choices)
    with acting_as_system("record an agreement"):
        hold(family.pk)
        word = FamilysWord.of(family)
        if word.episode is None:
            raise Refused("Early help for this family has ended. A new request opens it again.")
        refuse([*word.problems(decision, choices), *unsigned(decision)])
        after = word.after(decision, choices)
        agreement = _agreement(family, word, decision, actor)
        write(after.new_rows(word), family=family, actor=actor, at=word.now, together=agreement.together)
        timescales.meet(OWN_WORD, decision.person, at=word.now)
        if decision.decision == GIVEN:
            _someone_else_decides(word)
        tell_of_change(word, after, family=family, actor=actor)
        _tell_of_decision(after, agreement, actor=actor)
    return agreement


def _agreement(family: Family, word: FamilysWord, decision: Decision, actor: User) -> Agreement:
    assert word.episode
    agreement = Agreement.objects.create(
        family=family,
        episode=word.episode,
        person=decision.person,
        decision=decision.decision,
        how=decision.how,
        decided_on=decision.decided_on,
        witness=decision.witness,
        wording=decision.wording,
        procedure_id=version_in_force(),
        explained=list(decision.explained),
        language=decision.language,
        helped_by=decision.helped_by,
        competence=word.judged.get(decision.person.pk),
        wishes=decision.wishes,
        until=decision.until,
        scan=decision.scan,
        together=uuid.uuid4(),
        created_at=word.now,
        created_by=actor,
    )
    if decision.mark:
        sign(agreement=agreement, mark=decision.mark, actor=actor)
    return agreement


def write(
    rows: Iterable[Row],
    *,
    family: Family,
    actor: User | None,
    at: datetime,
    together: uuid.UUID | None = None,
) -> None:
    """Add lines to the ledger at a moment, `together` with what else was recorded."""
    together = together or uuid.uuid4()
    SharingChoice.objects.bulk_create(
        SharingChoice(
            family=family,
            person_id=row.pair[0],
            agency_id=row.pair[1],
            tier=row.made.held.tier,
            never=row.made.held.never,
            decided_by_id=row.made.by,
            decided_on=row.made.on,
            starts_at=at,
            created_at=at,
            ends_at=row.made.held.until,
            review_on=row.made.held.review_on,
            together=together,
            created_by=actor,
        )
        for row in rows
    )


def _someone_else_decides(word: FamilysWord) -> None:
    """Whoever decided before and died or left has someone in their place."""
    for person in word.people.values():
        if person.left_on:
            timescales.meet(WHO_DECIDES, person, at=word.now)


def tell_of_change(before: FamilysWord, after: FamilysWord, *, family: Family, actor: User) -> None:
    """Whose agency may know nothing any more is told that their access ended, and whoever leads what follows."""
    key = f"{clock.now():%Y%m%d%H%M%S%f}"
    if after.hidden - before.hidden:
        tell_who_can_name(family, key=key)
    if ended := before.knowing - after.knowing:
        _tell_of_ended_access(family, ended, running=after.running, key=key)
        _tell_lead(family, actor=actor, key=key)


def _tell_of_decision(word: FamilysWord, agreement: Agreement, *, actor: User) -> None:
    """Early help goes on while anyone agrees; else its clocks stop, and a manager decides what happens next."""
    family, key, no = agreement.family, f"agreement:{agreement.pk}", agreement.decision != GIVEN
    clocks_follow(word, family=family)
    parents = set().union(*word.parents.values())
    if word.agree:
        if word.episode and episodes.WORKFLOW.allows(word.episode.stage, "agreement"):
            episodes.advance(episode=word.episode, step="agreement")
        if no and agreement.person_id in parents:
            _tell_managers(family, word.running, key=key)
    elif no:
        _tell_managers(family, word.running, key=key)
    if no:
        _tell_lead(family, actor=actor, key=key)


def clocks_follow(word: FamilysWord, *, family: Family) -> None:
    """The clocks of a family's support rest while somebody said no to it and nobody agrees."""
    no = any(word.episode and said.episode_id == word.episode.pk for said in word.said_no.values())
    if no and not word.agree:
        timescales.stop(family_id=family.pk, because=WITHDRAWN)
    else:
        timescales.resume(family_id=family.pk, because=WITHDRAWN)


def ways_that_count(step: str = "early_help") -> list[str]:
    """The ways of agreeing that local procedure accepts for a step (DEV-07)."""
    return list(getattr(procedure_in_force().agreement.ways, step))


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
        hold(family.pk)
        _record(FamilysWord.of(family), choices, family=family, actor=actor, until=until, review_on=review_on)


def _record(
    word: FamilysWord,
    choices: Iterable[Choice],
    *,
    family: Family,
    actor: User,
    until: datetime | None = None,
    review_on: date | None = None,
) -> None:
    choices = list(choices)
    refuse(word.choice_problems(choices, until))
    rows = word.rows(choices, until, review_on, clock.today())
    write(rows, family=family, actor=actor, at=word.now)
    for person in {choice.person for choice in choices if choice.decided_by == choice.person}:
        timescales.meet(OWN_WORD, person, at=word.now)
    tell_of_change(word, word.with_rows(rows), family=family, actor=actor)


@transaction.atomic
def withdraw_from(*, family: Family, agency: Agency, decided_by: Person, actor: User) -> None:
    """Take back what one agency may know of `decided_by`, and of the children for whom they decide (ROT-21). Once nobody
    shares with it, its people lose the family at their next click."""
    with acting_as_system("withdraw sharing with an agency"):
        hold(family.pk)
        word = FamilysWord.of(family)
        shared = [word.people[pk] for (pk, of), made in word.made.items() if of == agency.pk and made.held.tier]
        if not shared:
            raise Refused(f"The family shares nothing with {agency} now.")
        theirs = [person for person in shared if word.theirs_to_stop(decided_by, person, agency)]
        if not theirs:
            raise Refused(
                f"{decided_by.short_name} shares nothing with {agency} now. What others share is theirs to stop: ask them."
            )
        nothing = [Choice(person=person, agency=agency, tier=Tier.NONE, decided_by=decided_by) for person in theirs]
        _record(word, nothing, family=family, actor=actor)


def all_choices(family: Family) -> dict[tuple[int, int], Held]:
    """As `latest_choices`, of everyone in the family: for those who record the choices or print the form."""
    with acting_as_system("sharing choices, to record or print them"):
        return latest_choices(family)


def latest_choices(family: Family, *, by: datetime | None = None) -> dict[tuple[int, int], Held]:
    """(person, agency) → the latest row (`by` a moment), whether or not it has run out."""
    rows = (_as_it_stood(SharingChoice, by) if by else SharingChoice.objects).filter(family=family).order_by("pk")
    return {
        (person, agency): Held(tier, never, until, review_on)
        for person, agency, tier, never, until, review_on in rows.values_list(
            "person", "agency", "tier", "never", "ends_at", "review_on"
        )
    }


def _as_it_stood(model: type[Said], moment: datetime) -> QuerySet[Any]:
    """What counted at a moment: also what was taken back as a mistake since."""
    return model.ever.filter(Q(mistake=None) | Q(mistake__created_at__gt=moment), created_at__lte=moment)


def agreements_on(family: Family, moment: datetime) -> list[Agreement]:
    """Each person's latest word then, in the order of the people."""
    rows = _as_it_stood(Agreement, moment).filter(family=family, continues=None).select_related("person").order_by("pk")
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


def _tell_of_ended_access(family: Family, agency_ids: set[int], *, running: Agency | None, key: str) -> None:
    """Tell the people of an agency that their access ended, not why; and the manager when it is the lead's agency."""
    members = TeamMember.objects.filter(family=family, agency__in=agency_ids, status="accepted").select_related("user")
    leads = Lead.objects.filter(family=family, agency__in=agency_ids, status="accepted").select_related("user")
    people = {member.user for member in members} | {lead.user for lead in leads}
    notices.AccessEnded.tell(people, about=family, key=key)
    if leads:
        _tell_managers(family, running, key=key)


def _tell_managers(family: Family, running: Agency | None, *, key: str) -> None:
    if running:
        people = who_may_know(family.pk, managers_of(running)) or who_may_know(family.pk, service_managers())
        notices.MustAct.tell(people, about=family, key=key)


def _tell_lead(family: Family, *, actor: User, key: str) -> None:
    """Tell whoever leads what follows, unless they recorded it themselves."""
    leads = Lead.objects.filter(family=family, status="accepted").exclude(user=actor).select_related("user")
    SharingChanged.tell(
        [lead.user for lead in leads], about=family, key=key, url=f"{family.get_absolute_url()}sharing/what-follows/"
    )
