"""From when on a young person's word is their own: what others chose for them holds a little longer, and they are asked."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Concat

from consent.clocks import OWN_WORD
from consent.models import Competence, SharingChoice, Tier
from consent.services import ledger
from consent.services.competence import decides_alone, latest_judgements
from consent.word import FamilysWord, Made, Row
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.timescales import services as timescales
from earlyhelp.timescales.models import Timescale
from families.models import Family, Person
from families.services.running import hold, runner_of

AT_ONCE = 200


@transaction.atomic
def judge(*, family: Family, person: Person, competent: bool, reasons: str, judged_on: date, actor: User) -> Competence:
    """Record whether a young person understands enough to decide for themselves; it goes before the local age (ROT-21).
    From then on they decide: what others chose for them runs out unless they say the same."""
    if person.kind != Person.Kind.CHILD:
        raise Refused("Competence is judged for children and young people only.")
    if judged_on > clock.today():
        raise Refused("The date of the judgement must be today or in the past.")
    with acting_as_system("record a judgement of competence"):
        hold(family.pk)
        judgement = Competence.objects.create(
            family=family,
            person=person,
            competent=competent,
            reasons=reasons,
            judged_on=judged_on,
            judged_by=actor,
            together=uuid4(),
            created_by=actor,
        )
        if competent:
            _let_run_out(family, person, actor=actor, together=judgement.together)
        else:
            timescales.of(OWN_WORD, person).filter(met_at=None).delete()
    return judgement


def ask_again(person: Person, actor: User) -> None:
    """They are here after all: if what others chose for them holds, and they decide for themselves, they are asked."""
    if decides_alone(person, latest_judgements(person.family).get(person.pk)):
        _let_run_out(person.family, person, actor=actor)


def _let_run_out(family: Family, person: Person, *, actor: User | None, together: UUID | None = None) -> None:
    """What others chose for someone holds until a day by which they are asked; who runs the support has the task."""
    word = FamilysWord.of(family)
    others = {
        pair: made
        for pair, made in word.made.items()
        if pair[0] == person.pk and made.by != person.pk and made.held.at(word.now).tier > Tier.NONE
    }
    if not others or timescales.of(OWN_WORD, person).exists():
        return
    runner = runner_of(word.episode) if word.episode else None
    whose: dict[str, Any] = {"owner": runner.user, "owner_agency": runner.agency} if runner else {}
    task = timescales.start(OWN_WORD, person, about=family, at=word.now, family_id=family.pk, **whose)
    ledger.write(
        (
            Row(pair, Made(made.held._replace(until=_sooner(made.held.until, task.due_at)), made.by, made.on))
            for pair, made in others.items()
        ),
        family=family,
        actor=actor,
        at=word.now,
        together=together,
    )


def _sooner(one: datetime | None, other: datetime) -> datetime:
    return min(one, other) if one else other


def come_of_age() -> int:
    """Let run out what others chose for those who have reached the local age since; returns how many there were."""
    with acting_as_system("who has reached the age to decide"):
        found = list(_others_decided_for())
    for person in found:
        with acting_as_system("let run out what others chose"), transaction.atomic():
            hold(person.family_id)
            _let_run_out(person.family, person, actor=None)
    return len(found)


def _others_decided_for() -> Iterator[Person]:
    """Young people who decide for themselves by now, of whom others' choices hold, and who aren't asked yet."""
    oldest = clock.today() - timedelta(days=365 * procedure_in_force().ages.own_word)
    newer = SharingChoice.objects.filter(person=OuterRef("person"), agency=OuterRef("agency"), pk__gt=OuterRef("pk"))
    theirs = SharingChoice.objects.filter(~Exists(newer), person=OuterRef("pk"), tier__gt=Tier.NONE, ends_at=None)
    asked = Timescale.objects.filter(
        kind=OWN_WORD.kind,
        key=Concat(Value(OWN_WORD.kind), Value(":"), OuterRef("pk"), Value(":1"), output_field=CharField()),
    )
    people = Person.objects.here().filter(
        Exists(theirs.exclude(decided_by=OuterRef("pk"))),
        ~Exists(asked),
        kind=Person.Kind.CHILD,
        date_of_birth__lte=oldest,
    )
    for person in people.select_related("family")[:AT_ONCE]:
        if decides_alone(person, latest_judgements(person.family).get(person.pk)):
            yield person
