"""An assessment of twelve parts and six people, written by two agencies."""

from assessments.kinds import Box, answers_to, boxes
from assessments.models import Assessment
from assessments.places import Place, asked
from assessments.reading import Sheet
from assessments.services import writing
from assessments.services.writing import Words
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, User
from earlyhelp.procedures.form import AssessmentForm, Question
from families.models import Family, Person, Relationship
from tests.assessments.helpers import add_child, started
from tests.cast import Cast, led_family

SENTENCE = "The mornings are hard since the move, and the walk to school takes most of an hour."


def written(cast: Cast) -> Family:
    """A family of six whose assessment Alice and Charlie wrote, each in every part that they can."""
    family = led_family(cast)
    for name in ("Ben", "Chi", "Dele"):
        add_child(cast, family, name, shares_with=(cast.school, cast.health))
    add_child(cast, family, "Tunde", kind="adult", shares_with=(cast.school, cast.health))
    started(cast, family)
    with acting_as_system("bench"):
        adults, children = [list(family.people().filter(kind=kind)) for kind in ("adult", "child")]
        Relationship.objects.bulk_create(
            Relationship(family=family, person=adult, to_person=child, kind="parent")
            for adult in adults
            for child in children
        )
    for user, agency in ((cast.alice, cast.school), (cast.charlie, cast.health)):
        _write_all(family, user, agency)
    return family


def _write_all(family: Family, user: User, agency: Agency) -> None:
    with acting_as(user):
        assessment = Assessment.objects.select_related("episode", "form").get(family=family)
        sheet = Sheet(assessment, family, agency)
        for place in [one.place for one in sheet.written if one.place.agency in (None, agency)]:
            words = _answers(assessment, place, sheet)
            writing.write(
                assessment=assessment,
                part=place.part.code,
                person=place.person,
                words=Words(words),
                actor=user,
                agency=agency,
            )


def _answers(assessment: Assessment, place: Place, sheet: Sheet) -> dict[tuple[str, int, str], str]:
    return {
        (question.code, 0, box.code): _answer(question, box, sheet.form, list(sheet.people.values()))
        for question in asked(assessment, place.part, place.person)
        for box in boxes(question)
        if box.code not in ("not_known", "nature", "source")
    }


def _answer(question: Question, box: Box, form: AssessmentForm, people: list[Person]) -> str:
    chosen = {
        "day": "2026-11-02",
        "number": "87",
        "scale": "4",
        "yes": "yes",
        "person": str(people[0].pk),
        "line": "As told",
    }
    if box.holds in ("choice", "checks"):
        return answers_to(question, box, form)[0][0]
    return chosen.get(box.holds, f"{SENTENCE} {SENTENCE}")
