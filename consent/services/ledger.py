"""The family's word: agreement to work with us, and what each person lets each agency know. Rows are only ever added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from consent.models import AgencyPermission, Agreement, SharingChoice, Tier
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, LocalProcedure, User
from earlyhelp.accounts.roles import managers_of
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales import services as timescales
from families import notices
from families.models import Document, Episode, Family, Lead, Person, TeamMember
from families.services import episodes

WITHDRAWN = "agreement withdrawn"


@dataclass(frozen=True)
class Choice:
    """What `person` lets `agency` know, as `decided_by` decided: themself, or who has responsibility for them."""

    person: Person
    agency: Agency
    tier: int
    decided_by: Person
    never: bool = False


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
    scan: Document | None = None,
) -> Agreement:
    """Record one person's decision and the sharing choices made with it, in one step: access follows at once (DEV-05,
    ROT-15, ROT-16)."""
    if decided_on > clock.today():
        raise Refused("The date of the agreement must be today or in the past.")
    if how == Agreement.How.VERBAL and not witness:
        raise Refused("Enter who heard the family agree.")
    with acting_as_system("record an agreement"):
        add_choices(family=family, choices=choices, actor=actor, until=until)
        agreement = Agreement.objects.create(
            family=family,
            episode=episode,
            person=person,
            decision=decision,
            how=how,
            decided_on=decided_on,
            witness=witness,
            wishes=wishes,
            until=until,
            scan=scan,
            created_by=actor,
        )
        given = agreed(episode)
        if given:
            if episodes.WORKFLOW.allows(episode.stage, "agreement"):
                episodes.advance(episode=episode, step="agreement")
            timescales.resume(family_id=family.pk, because=WITHDRAWN)
        elif given is False and decision != Agreement.Decision.GIVEN:
            timescales.stop(family_id=family.pk, because=WITHDRAWN)
            _tell_managers(family, key=f"agreement:{agreement.pk}")
    return agreement


def agreed(episode: Episode) -> bool | None:
    """Whether anyone's latest word is that they agree; None while nobody was asked. Says no more, and so says it to all
    who may know of the family."""
    latest: dict[int, str] = {}
    with acting_as_system("whether the family agrees"):
        rows = Agreement.objects.filter(episode=episode).order_by("pk").values_list("person", "decision")
        for person_id, decision in rows:
            latest[person_id] = decision
    return (Agreement.Decision.GIVEN in latest.values()) if latest else None


@transaction.atomic
def record_choices(*, family: Family, choices: Iterable[Choice], actor: User, until: datetime | None = None) -> None:
    """Add sharing choices to the ledger; only what differs from the choice in force makes a row."""
    with acting_as_system("record sharing choices"):
        add_choices(family=family, choices=choices, actor=actor, until=until)


def add_choices(*, family: Family, choices: Iterable[Choice], actor: User, until: datetime | None) -> None:
    choices = list(choices)
    in_force = latest_choices(family)
    for choice in choices:
        _check_decider(choice, in_force)
    before = agencies_that_know(family)
    now = clock.now()
    rows = [
        SharingChoice(
            family=family,
            person=c.person,
            agency=c.agency,
            tier=c.tier,
            never=c.never,
            decided_by=c.decided_by,
            starts_at=now,
            ends_at=until,
            created_by=actor,
        )
        for c in choices
        if (c.tier, c.never, until) != in_force.get((c.person.pk, c.agency.pk), (None,))
    ]
    SharingChoice.objects.bulk_create(rows)
    _tell_of_ended_access(family, before - agencies_that_know(family), key=f"{now:%Y%m%d%H%M%S%f}")


@transaction.atomic
def withdraw_from(*, family: Family, agency: Agency, decided_by: Person, actor: User) -> None:
    """Take back all that the family lets one agency know. Its people lose the family at their next click."""
    with acting_as_system("withdraw sharing with an agency"):
        people = {p.pk: p for p in family.people()}
        choices = [
            Choice(person=people[person], agency=agency, tier=Tier.NONE, decided_by=decided_by)
            for (person, agency_id), (tier, *_) in latest_choices(family).items()
            if agency_id == agency.pk and tier > Tier.NONE
        ]
        if not choices:
            raise Refused(f"The family shares nothing with {agency} now.")
        add_choices(family=family, choices=choices, actor=actor, until=None)


def all_choices(family: Family) -> dict[tuple[int, int], tuple[int, bool, datetime | None]]:
    """As `latest_choices`, of everyone in the family: for those who record the choices or print the form."""
    with acting_as_system("sharing choices, to record or print them"):
        return latest_choices(family)


def latest_choices(family: Family) -> dict[tuple[int, int], tuple[int, bool, datetime | None]]:
    """(person, agency) → the tier, never-share mark and end of the latest row, whether or not it has run out."""
    rows = SharingChoice.objects.filter(family=family).order_by("pk")
    return {
        (person, agency): (tier, never, until)
        for person, agency, tier, never, until in rows.values_list("person", "agency", "tier", "never", "ends_at")
    }


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


def _check_decider(choice: Choice, in_force: dict[tuple[int, int], tuple[int, bool, datetime | None]]) -> None:
    """Nobody lets an agency know more of someone who decides for themselves than they said (ROT-21). Anyone may stop it."""
    person = choice.person
    if choice.decided_by.pk == person.pk or person.kind == Person.Kind.UNBORN:
        return
    age, own_age = person.age(), LocalProcedure.current().own_consent_age
    decides = person.kind == Person.Kind.ADULT or (age is not None and age >= own_age)
    known = in_force.get((person.pk, choice.agency.pk), (Tier.NONE,))[0]
    if decides and choice.tier > known:
        raise Refused(
            f"{person.short_name} decides for themselves (adults do, and young people from {own_age}). Ask them, and"
            " record their own decision."
        )


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
    lead = Lead.objects.filter(family=family, status="accepted").select_related("agency").first()
    episode = family.episode()
    agency = lead.agency if lead else episode.first_contact_agency if episode else None
    if agency:
        notices.MustAct.send(to=managers_of(agency), reference=family.reference, url=family.get_absolute_url(), key=key)
