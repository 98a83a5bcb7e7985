"""Where an assessment meets the practice standards (PS-1 to 9), and what is missing: never a score."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from assessments.places import Place
from assessments.presenters import anchor
from assessments.reading import Sheet, Written
from assessments.rules import closed_words, place_url
from earlyhelp.procedures.form import Question
from earlyhelp.timescales import services as timescales
from families.clocks import ASSESSMENT_START, FIRST_CONTACT
from families.models import Episode

NAMES = {
    "PS-1": "What everyone says, in their own words, children first",
    "PS-2": "Contact sought and the assessment started in time",
    "PS-3": "Informed by professionals now and before, by records and by what happened when",
    "PS-4": "Strengths and needs, of each person and of the family",
    "PS-5": "Facts with their day, to see later what has changed",
    "PS-6": "What it all means, what comes first, and what is aimed for",
    "PS-7": "The first meeting, prepared so that the family can come",
    "PS-8": "Aims in plain words, and how everyone will know",
    "PS-9": "Who the family is: identity, culture, faith and what else matters to them (the GGRRAACCEESS)",
}


@dataclass(frozen=True)
class Point:
    """Something that meets a standard, or is missing for it: in words, and where. `must`: it has to be there to finalise."""

    text: str
    url: str
    must: bool = False


@dataclass(frozen=True)
class Standard:
    code: str
    name: str
    met: list[Point]
    missing: list[Point]


def standards(sheet: Sheet, episode: Episode) -> list[Standard]:
    """Each standard that the form has questions for, and PS-2, by the deadlines."""
    found = []
    for code, name in NAMES.items():
        points = list(_in_time(episode) if code == "PS-2" else _answers(sheet, code))
        if points:
            found.append(
                Standard(code, name, [p for p, is_met in points if is_met], [p for p, is_met in points if not is_met])
            )
    return found


def _in_time(episode: Episode) -> Iterator[tuple[Point, bool]]:
    reference = episode.family.reference
    for clock, said in ((FIRST_CONTACT, "First contact"), (ASSESSMENT_START, "The assessment’s start")):
        if timescale := timescales.of(clock, episode).first():
            url = reverse("timescale", args=[reference, timescale.pk])
            kept = timescale.kept if timescale.met_at else "not yet"
            yield Point(f"{said}: {kept}", url), timescale.state == "met"


def _answers(sheet: Sheet, code: str) -> Iterator[tuple[Point, bool]]:
    for written in sheet.written:
        if written.place.person and written.place.person.has_left:
            continue
        for question in written.questions:
            if code in question.standards:
                yield from _answer(sheet, written, question, code)


def _answer(sheet: Sheet, written: Written, question: Question, code: str) -> Iterator[tuple[Point, bool]]:
    place, is_met = written.place, written.has(question)
    name = place.person.short_name if place.person else "they"
    label = question.label.replace("{name}", name)
    text = f"{written.title}: {label}" if len(written.questions) > 1 else written.title
    yield Point(text, _url(sheet, place, is_met), question.need == "must"), is_met
    if code == "PS-8" and question.kind == "outcomes":
        for passage in written.passages:
            rows = {key[1] for key, words in passage.said.items() if key[0] == question.code and words}
            for row in sorted(rows):
                aim = passage.said.get((question.code, row, "outcome"), "")
                if not passage.said.get((question.code, row, "how")):
                    yield (
                        Point(f"How everyone will know: “{aim[:80]}”", _url(sheet, place, False)),
                        False,
                    )


def _url(sheet: Sheet, place: Place, is_met: bool) -> str:
    """Where it is read, once it is there; else where it is written, or who writes it is asked, while anybody can."""
    closed = closed_words(sheet.assessment)
    if is_met:
        return f"{reverse('assessment_read', args=[sheet.family.reference])}#{anchor(place)}"
    if place.agency and place.agency != sheet.mine:
        return "" if closed else reverse("ask_agency", args=[sheet.family.reference])
    return "" if closed else place_url(sheet.family.reference, place)
