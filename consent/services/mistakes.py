"""What was recorded by mistake is taken back, with all that was recorded with it: it counts for nothing, and stays to be
read in history. What the family said before holds again, and nobody is said to have withdrawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from consent.clocks import OWN_WORD, WHO_DECIDES
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
        if Person.objects.filter(family=family, leaving=together).exists():
            return None  # it goes with their being here after all
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
        now, then = FamilysWord.of(family), _without(family, together)
        agencies = Agency.objects.in_bulk({agency for _, agency in now.made})
    for (person, agency), before in sorted(now.choices.items()):
        after = then.held((person, agency))
        if (before.tier, before.never, before.until) != (after.tier, after.never, after.until):
            yield now.people[person], agencies[agency], before.in_full, after.in_full


def agrees(family: Family, together: UUID) -> tuple[bool, bool]:
    """Whether anyone agrees to early help now, and once that is taken back: what the team may do rests on it."""
    with acting_as_system("what follows from taking back"):
        return bool(FamilysWord.of(family).agree), bool(_without(family, together).agree)


def _without(family: Family, together: UUID) -> FamilysWord:
    word = FamilysWord.of(family, without=together)
    return word.with_rows(word.nothing_about()) if word.agree else word


@transaction.atomic
def take_back(*, family: Family, together: UUID, reason: str, actor: User) -> Mistake:
    """It was recorded by mistake. Access, clocks and messages follow as from any other word."""
    with acting_as_system("recorded by mistake"):
        hold(family.pk)
        found = recording(family, together)
        if found is None:
            raise Refused("This was taken back already.")
        if Agreement.objects.filter(continues__together=together).exists():
            raise Refused(f"{found.person.short_name} died or left since. Say first that they are here after all.")
        before = FamilysWord.of(family)
        mistake = Mistake.objects.create(family=family, person=found.person, reason=reason, created_by=actor)
        _mark(family, together, mistake)
        _not_met(before, found)
        _follow(family, before, actor=actor)
    return mistake


def _mark(family: Family, together: UUID, mistake: Mistake) -> None:
    for choice in SharingChoice.objects.filter(family=family, together=together):
        _copies(choice).update(mistake=mistake)
    for model in KINDS:
        model.objects.filter(family=family, together=together).update(mistake=mistake)


def _copies(choice: SharingChoice) -> QuerySet[SharingChoice]:
    """The same choice, which was left to run out since the person decides for themselves."""
    same = ("family", "person", "agency", "decided_by", "decided_on", "tier", "never")
    judged = Competence.ever.filter(person=choice.person_id).values("together")
    rows = SharingChoice.objects.filter(pk__gt=choice.pk, **{name: getattr(choice, name) for name in same})
    return rows.filter(Q(together__in=judged) | Q(created_by=None))


def _not_met(before: FamilysWord, found: Recording) -> None:
    """What that met runs on, unless it was met by something else since."""
    left = [person for person in before.people.values() if person.left_on]
    for kind, person in [(OWN_WORD, found.person), *((WHO_DECIDES, person) for person in left)]:
        for clock in timescales.of(kind, person).filter(met_at=found.at):
            timescales.undo_meeting(kind, person, at=found.at)
            since = {"family": found.person.family_id, "created_at__gte": clock.anchor_at}
            words = Agreement.objects.filter(**since, continues=None)
            choices = SharingChoice.objects.filter(**since, person=person, decided_by=person)
            if kind is OWN_WORD:
                moments = [*words.filter(person=person).values_list("created_at", flat=True)]
                moments += choices.values_list("created_at", flat=True)
            else:
                given = words.filter(decision=Agreement.Decision.GIVEN)
                moments = list(given.exclude(person=person).values_list("created_at", flat=True))
            if moments:
                timescales.meet(kind, person, at=min(moments))


def _follow(family: Family, before: FamilysWord, *, actor: User) -> None:
    """Nobody's yes, nor a mistake, brings back what somebody's no has stopped: that is written anew where it needs to be."""
    after = FamilysWord.of(family)
    if after.agree and (nothing := after.nothing_about()):
        ledger.write(nothing, family=family, actor=actor, at=after.now)
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


def take_back_all(person: Person, reason: str, actor: User, same_as: Person | None) -> None:
    """They were never part of the family: nor was anything that they are said to have decided, or that was about them. What
    someone decided who is recorded twice is theirs: it is recorded for whom they are before this one goes."""
    if same_as and any(_theirs(person)):
        raise Refused(
            f"Something is recorded that {person.short_name} decided, or that was decided about them. Under “Sharing”,"
            f" record it for the {same_as.short_name} who stays, and take it back here. Then they can be one",
            field="same_as",
        )
    timescales.of(OWN_WORD, person).filter(met_at=None).delete()
    before = FamilysWord.of(person.family)
    mistake = Mistake.objects.create(
        family=person.family, person=person, reason=reason, whole_person=True, created_by=actor
    )
    for model in KINDS:
        model.objects.filter(person=person).update(mistake=mistake)
    SharingChoice.objects.filter(decided_by=person).update(mistake=mistake)
    _follow(person.family, before, actor=actor)


def _theirs(person: Person) -> Iterator[bool]:
    for model in KINDS:
        yield model.objects.filter(person=person).exists()
    yield SharingChoice.objects.filter(decided_by=person).exists()


def restore_all(person: Person, actor: User) -> None:
    """They were part of the family after all, with all that was recorded of them."""
    before = FamilysWord.of(person.family)
    Mistake.objects.filter(person=person, whole_person=True).delete()
    _follow(person.family, before, actor=actor)
