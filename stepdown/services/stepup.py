"""Step-up to social care, which nothing delays; its written part, and the answer (WOR-17, MID-08, ROT-05, ROT-17, ROT-18)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import service_managers
from earlyhelp.core import clock
from earlyhelp.core.clock import in_london
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.components import when_text
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.timescales import services as timescales
from families.care import take_care
from families.models import Address, ContactDetail, Episode, Family, Person
from families.services.running import lead_of
from plans.models import Meeting
from plans.services import pause, people_around, pick_up
from stepdown import notices
from stepdown.clocks import STEP_UP_WRITTEN
from stepdown.models import StepUp


@dataclass(frozen=True, kw_only=True)
class Said:
    """Why social care is told, about whom, and with whose agreement."""

    about: Sequence[int]
    ground: str
    what: str
    tried: str
    agreed: str
    agreed_by: str = ""
    because: str = ""
    adviser: str = ""
    rang: str = ""


@transaction.atomic
def step_up(*, family: Family, episode: Episode, said: Said, actor: User, agency: Agency | None) -> StepUp:
    """Keep that social care is told, and start the time for the written part. Whoever is around the family, and the service
    manager, hear. Neither the family's agreement nor an adviser is waited for."""
    if said.ground == StepUp.Ground.RISING and not said.tried:
        raise Refused("Enter what early help has tried: needs that are not met are stepped up with that", field="tried")
    row = StepUp.objects.create(
        family=family, episode=episode, made_by=actor, created_by=actor, **vars(said) | {"about": sorted(said.about)}
    )
    with acting_as_system("start the time for the written part of a step-up"):
        timescales.start(
            STEP_UP_WRITTEN, row, about=family, at=row.made_at, family_id=family.pk, owner=actor, owner_agency=agency
        )
        told = {*people_around(episode), *who_may_know(family.pk, service_managers())} - {actor}
    notices.SteppedUp.tell(told, about=row, key=row.pk)
    return row


@transaction.atomic
def sent(*, row: StepUp, how: str, actor: User) -> None:
    """The written part was sent, by a way outside this system."""
    changed = StepUp.objects.filter(pk=row.pk, sent_at=None, withdrawn_at=None).update(
        sent_at=clock.now(), sent_how=how, sent_by=actor
    )
    if not changed:
        raise Refused("Somebody has said already that it was sent.")
    with acting_as_system("start the time for the written part of a step-up"):
        timescales.meet(STEP_UP_WRITTEN, row, at=clock.now())


@transaction.atomic
def answered(
    *,
    row: StepUp,
    outcome: str,
    words: str,
    by: str,
    on: date,
    then: str,
    may_rest: bool,
    actor: User,
    again: bool = False,
) -> None:
    """Keep what social care answered, and what becomes of early help: chosen, never assumed. Said `again`, it puts right what
    was recorded before, which stays in the history. Whether the plan rests is whoever leads' to say (`may_rest`)."""
    if on < in_london(row.made_at).date():
        raise Refused("Enter the day of the answer: that can’t be before social care was told", field="on")
    if then == StepUp.Then.WAITS and outcome != StepUp.Outcome.ACCEPTED:
        raise Refused("Early help can wait for social care only where social care takes it on", field="then")
    before = StepUp.objects.values_list("then", flat=True).get(pk=row.pk)
    rows = StepUp.objects.filter(pk=row.pk, withdrawn_at=None)
    changed = (rows if again else rows.filter(outcome="")).update(
        outcome=outcome,
        outcome_words=words,
        outcome_by=by,
        outcome_on=on,
        then=then,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    if not changed:
        raise Refused("Somebody has recorded the answer already, or taken the step-up back. Look at it again.")
    if then == StepUp.Then.WAITS:
        if not may_rest:
            raise Refused("Only whoever leads lets the plan rest. Ask them", field="then")
        pause(episode=row.episode)
    elif before == StepUp.Then.WAITS:
        pick_up(episode=row.episode)
    told = {*people_around(row.episode), row.made_by} - {actor}
    notices.StepUpAnswered.tell(told, about=row, key=f"{row.pk}:{outcome}:{then}")


@transaction.atomic
def take_back(*, row: StepUp, reason: str, actor: User) -> None:
    """It was made by mistake: it stays to be read, with why, and nothing of it runs or counts any more."""
    rows = StepUp.objects.filter(pk=row.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=clock.now(), withdrawn_by=actor, withdrawn_because=reason):
        raise Refused("This step-up was taken back already.")
    if row.then == StepUp.Then.WAITS:
        pick_up(episode=row.episode)
    with acting_as_system("start the time for the written part of a step-up"):
        timescales.of(STEP_UP_WRITTEN, row).filter(met_at=None).delete()
        told = {*people_around(row.episode), *who_may_know(row.family_id, service_managers())} - {actor}
    notices.SteppedUp.settle(row.pk)
    notices.StepUpTakenBack.tell(told, about=row, key=row.pk)


def text_for_front_door(row: StepUp, family: Family) -> str:
    """The written part, ready to copy: what the record holds isn't typed again."""
    return "\n".join(_lines(row, family))


def _lines(row: StepUp, family: Family) -> Iterator[str]:
    words = procedure_in_force().words
    yield f"To {words.front_door}. {family.display_name}, reference {family.reference}, {family.locality}."
    who = row.made_by
    yield f"From {', '.join(filter(None, (who.name, who.job_title, who.phone or who.email)))}, {when_text(row.made_at)}."
    if row.rang:
        yield f"By phone first: {row.rang}."
    yield ""
    yield f"Why: {row.get_ground_display()}."
    yield row.what
    if row.tried:
        yield f"What early help has tried: {row.tried}"
    if told := Meeting.objects.filter(episode=row.episode_id, status=Meeting.Status.HELD).exclude(told="").first():
        yield f"On {when_text(told.on)} the family was told what happens if they don’t take part: {told.told}"
    yield ""
    people = list(family.people())
    for person in people:
        mark = " (the concern is about them)" if person.pk in row.about else ""
        elsewhere = "" if person.home == Person.Home.HERE else f", {person.get_home_display().lower()}"
        yield f"{person.name}, {person.get_kind_display().lower()}, {person.born_words}{elsewhere}{mark}"
    yield from _where(family, people)
    yield from _how_to_reach(people)
    if care := take_care(family):
        yield ""
        yield "Take care:"
        yield from (f"- {text}" for text in care)
        yield ""
    lead = lead_of(row.episode)
    if lead:
        yield f"{words.lead.capitalize()}: {lead.user}, {lead.agency}, {lead.user.phone or lead.user.email}"
    yield ""
    yield _agreement(row)


def _where(family: Family, people: Sequence[Person]) -> Iterator[str]:
    rows = Address.objects.in_use().filter(family=family).filter(Q(person=None) | Q(person__in=people))
    addresses = list(rows.select_related("person"))
    for address in addresses:
        if not address.do_not_disclose:
            whose = f"Address of {address.person.short_name}" if address.person else "Address of the family"
            yield f"{whose}: {', '.join(filter(None, [*address.lines.splitlines(), address.postcode_words]))}"
    if hidden := sum(address.do_not_disclose for address in addresses):
        yield f"{hidden} address{'es are' if hidden > 1 else ' is'} not to be disclosed. Ring for {'them' if hidden > 1 else 'it'}."
    if not addresses:
        yield "Address: not recorded"


def _how_to_reach(people: Sequence[Person]) -> Iterator[str]:
    found = ContactDetail.objects.in_use().filter(person__in=people, do_not_disclose=False).select_related("person")
    for one in found:
        safely = f" ({one.safe_times})" if one.safe_times else ""
        yield f"{one.get_kind_display()}, {one.person.short_name}: {one.value}{safely}"


def _agreement(row: StepUp) -> str:
    if row.agreed == StepUp.Agreed.YES:
        return f"The family agrees that this is sent: {row.agreed_by}."
    asked = "does not agree" if row.agreed == StepUp.Agreed.NO else "was not asked, or could not be reached"
    adviser = f" Talked over with {row.adviser}." if row.adviser else " It was not talked over with anybody first."
    return f"The family {asked}. It is shared all the same: {row.because_words}.{adviser}"


def children(family: Family) -> list[Person]:
    return list(family.people().exclude(kind=Person.Kind.ADULT))
