"""Where an assessment is written: in each of its parts, about the family, a person, or by an agency; and what is asked there."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assessments.models import Assessment
from earlyhelp.accounts.models import Agency
from earlyhelp.procedures.form import AssessmentForm, FormPart, Question
from families.models import Person

CHILDREN = (Person.Kind.CHILD, Person.Kind.UNBORN)


@dataclass(frozen=True)
class Place:
    """A part, about someone or by an agency. `alone`: the form has no other part about such a one."""

    part: FormPart
    person: Person | None = None
    agency: Agency | None = None
    alone: bool = True

    @property
    def key(self) -> tuple[str, int | None, int | None]:
        return self.part.code, self.person_id, self.agency.pk if self.agency else None

    @property
    def person_id(self) -> int | None:
        return self.person.pk if self.person else None

    @property
    def title(self) -> str:
        if self.person:
            return self.person.name if self.alone else f"{self.person.name}: {self.part.title}"
        if self.agency:
            return f"What {self.agency} knows" if self.alone else f"{self.agency}: {self.part.title}"
        return self.part.title


def places(
    form: AssessmentForm,
    *,
    people: Iterable[Person],
    agencies: Sequence[Agency],
    also: Collection[tuple[str, int]] = (),
) -> Iterator[Place]:
    """Every place of a form, in order, those under one heading together: about each of the `people`, by each of the `agencies`, and about those people in those
    parts about whom something is written (`also`), whoever they are now."""
    people = list(people)
    groups = list(dict.fromkeys(part.group for part in form.parts))
    for part in sorted(form.parts, key=lambda part: groups.index(part.group)):
        alone = sum(other.about == part.about for other in form.parts) == 1
        if part.about == "family":
            yield Place(part)
        elif part.about == "agency":
            yield from (Place(part, agency=agency, alone=alone) for agency in agencies)
        else:
            for person in people:
                if is_about(part, person) or (part.code, person.pk) in also:
                    yield Place(part, person=person, alone=alone)


def is_about(part: FormPart, person: Person) -> bool:
    """Whether a part is written about someone."""
    return fits(part, person) and not person.has_left


def fits(part: FormPart, person: Person) -> bool:
    """Whether a part is for people of their kind, wherever they are now."""
    return part.about == ("child" if person.kind in CHILDREN else "adult")


def asked(assessment: Assessment, part: FormPart, person: Person | None) -> tuple[Question, ...]:
    """The questions of a part that are asked of this family."""
    return tuple(one for one in part.questions if _is_asked(assessment, one, person))


def asked_later(assessment: Assessment, part: FormPart, person: Person | None) -> tuple[Question, ...]:
    """Those that would be asked at a higher level of need, or deeper."""
    return tuple(
        one for one in part.questions if not _is_asked(assessment, one, person) and not _unborn_for(one, person)
    )


def _unborn_for(question: Question, person: Person | None) -> bool:
    """Whether a question isn't asked of someone because they are not born yet."""
    return (question.voice or question.born) and person is not None and not person.speaks


def _is_asked(assessment: Assessment, question: Question, person: Person | None) -> bool:
    if _unborn_for(question, person):
        return False
    if question.deeper and not assessment.deeper:
        return False
    levels = assessment.levels
    if not question.level or question.level not in levels or assessment.deeper:
        return True
    at = levels.index(assessment.level) if assessment.level in levels else -1
    return at >= levels.index(question.level)
