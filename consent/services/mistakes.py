"""What was recorded by mistake is taken back, with all that was recorded with it: it counts for nothing, and stays to be
read in history. What the family said before holds again, and nobody is said to have withdrawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from consent.clocks import OWN_WORD
from consent.models import Agreement, Competence, Mistake, Said, SharingChoice
from consent.services import ledger
from consent.word import FamilysWord
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core.errors import Refused
from earlyhelp.timescales import services as timescales
from families.models import Family, Person
from families.services.running import hold

KINDS: tuple[type[Said], ...] = (Agreement, Competence, SharingChoice)


@dataclass(frozen=True)
class Recording:
    """What was recorded together: whose word it was, what it said, on which day, by whom it was recorded and when."""

    together: UUID
    person: Person
    what: str
    on: date
    by: User | None
    at: datetime


def recording(family: Family, together: UUID) -> Recording | None:
    """What was recorded together, unless it was taken back; also for whom a no left too little to read it themselves."""
    with acting_as_system("what was recorded together"):
        for model in KINDS:
            rows = model.objects.filter(family=family, together=together).select_related("created_by")
            if found := rows.select_related("decided_by" if model is SharingChoice else "person").first():
                return _recording(found)
    return None


def _recording(row: Said) -> Recording:
    assert row.together
    if isinstance(row, Agreement):
        person, what, on = row.person, row.get_decision_display(), row.decided_on
    elif isinstance(row, Competence):
        person, on = row.person, row.judged_on
        what = "Judged to decide for themselves" if row.competent else "Judged not to decide for themselves yet"
    else:
        assert isinstance(row, SharingChoice)
        person, what, on = row.decided_by, "What is shared", row.decided_on or row.starts_at.date()
    return Recording(row.together, person, what, on, row.created_by, row.created_at)


def what_follows(family: Family, together: UUID) -> Iterator[tuple[Person, Agency, str, str]]:
    """(person, agency, what it may know now, what it may know once that is taken back), of everyone."""
    with acting_as_system("what follows from taking back"):
        now, then = FamilysWord.of(family), FamilysWord.of(family, without=together)
        agencies = Agency.objects.in_bulk({agency for _, agency in now.made})
    for (person, agency), before in sorted(now.choices.items()):
        after = then.held((person, agency))
        if (before.tier, before.never) != (after.tier, after.never):
            yield now.people[person], agencies[agency], before.words, after.words


@transaction.atomic
def take_back(*, family: Family, together: UUID, reason: str, actor: User) -> Mistake:
    """It was recorded by mistake. Access, clocks and messages follow as from any other word."""
    with acting_as_system("recorded by mistake"):
        hold(family.pk)
        found = recording(family, together)
        if found is None:
            raise Refused("This was taken back already.")
        before = FamilysWord.of(family)
        mistake = Mistake.objects.create(family=family, person=found.person, reason=reason, created_by=actor)
        timescales.undo_meeting(OWN_WORD, found.person, at=found.at)
        _mark(family, together, mistake)
        _follow(family, before, actor=actor)
    return mistake


def _mark(family: Family, together: UUID, mistake: Mistake) -> None:
    for model in KINDS:
        model.objects.filter(family=family, together=together).update(mistake=mistake)


def _follow(family: Family, before: FamilysWord, *, actor: User) -> None:
    after = FamilysWord.of(family)
    for pk, person in after.people.items():
        if before.decides_alone(person) and not after.decides_alone(person):
            timescales.of(OWN_WORD, after.people[pk]).filter(met_at=None).delete()
    ledger.clocks_follow(after, family=family)
    ledger.tell_of_change(before, after, family=family, actor=actor)


def take_back_leaving(person: Person, actor: User) -> None:
    """They are here after all: what they decided holds as long as they said."""
    if person.leaving is None:
        return
    before = FamilysWord.of(person.family)
    reason = "They are part of the family’s help after all"
    mistake = Mistake.objects.create(family=person.family, person=person, reason=reason, created_by=actor)
    _mark(person.family, person.leaving, mistake)
    _follow(person.family, before, actor=actor)


def take_back_all(person: Person, reason: str, actor: User) -> None:
    """They were never part of the family: nor was anything that they are said to have decided, or that was about them."""
    before = FamilysWord.of(person.family)
    mistake = Mistake.objects.create(
        family=person.family, person=person, reason=reason, whole_person=True, created_by=actor
    )
    for model in KINDS:
        model.objects.filter(person=person).update(mistake=mistake)
    SharingChoice.objects.filter(decided_by=person).update(mistake=mistake)
    _follow(person.family, before, actor=actor)


def restore_all(person: Person, actor: User) -> None:
    """They were part of the family after all, with all that was recorded of them."""
    before = FamilysWord.of(person.family)
    Mistake.objects.filter(person=person, whole_person=True).delete()
    _follow(person.family, before, actor=actor)
