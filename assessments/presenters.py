"""An assessment as its pages show it: what there is to write, and how far it is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst

from assessments import policies
from assessments.kinds import boxes
from assessments.models import Asked, Assessment, Contribution, GoneWithout
from assessments.places import Place
from assessments.reading import Passage, Sheet, Written
from assessments.rules import not_to_be_checked, place_url
from earlyhelp.access.actions import Asker
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.prepared import Prepared
from earlyhelp.core.text import is_number
from earlyhelp.drafts.models import Draft
from earlyhelp.govuk.components import Task, when_text
from families.models import Family

NOT_STARTED, BEGUN, READY, YOUR_DRAFT, NOTHING = (
    "Not\N{NO-BREAK SPACE}started",
    "Begun",
    "Ready",
    "Your\N{NO-BREAK SPACE}draft",
    "Nothing written",
)
WAITS, TO_CHECK = "Waits for", "To\N{NO-BREAK SPACE}check"
COLOURS = {
    NOT_STARTED: "grey",
    BEGUN: "blue",
    READY: "green",
    YOUR_DRAFT: "yellow",
    TO_CHECK: "yellow",
    NOTHING: "grey",
}


def draft_key(assessment: Assessment, part: str, person_id: int | None) -> str:
    """Which form a place is, whatever its address."""
    return f"assessment:{assessment.pk}:{part}:{person_id or ''}"


@dataclass(frozen=True)
class AskedOf:
    """An agency that was asked for its part, and what the reader can do about it."""

    asked: Asked
    title: str
    is_late: bool
    may_remind: bool
    may_waive: bool
    may_answer: bool
    url: str


@dataclass(frozen=True)
class TaskList:
    """What there is to write, under headings, and how far it is in a sentence."""

    groups: list[tuple[str, list[Task]]]
    count: str


DRAFTS = Prepared(lambda user: Draft.objects.filter(user=user).values_list("form", flat=True))
ASKED = Prepared(
    lambda assessment: Asked.objects.filter(assessment=assessment).select_related("agency", "created_by", "answered_by")
)


def task_list(sheet: Sheet, asker: Asker, asked: Sequence[AskedOf]) -> TaskList:
    began = f"assessment:{sheet.assessment.pk}:"
    drafts = {form for form in DRAFTS(asker.user) if form.startswith(began)}
    may_write = policies.WRITE.allows(asker, Contribution(assessment=sheet.assessment))
    groups: dict[str, list[Task]] = {}
    states = []
    for written in sheet.written:
        state = state_of(written, sheet, drafts, asked)
        states.append(state)
        groups.setdefault(written.place.part.group, []).append(_task(written, sheet, state, may_write=may_write))
    ready = sum(state == READY for state in states)
    begun = sum(state in (BEGUN, YOUR_DRAFT) for state in states)
    waits = sum(state.startswith(WAITS) for state in states)
    to_check = states.count(TO_CHECK)
    more = [f"{begun} begun"] if begun else []
    more += [f"{to_check} to check"] if to_check else []
    more += [f"{waits} {'waits' if waits == 1 else 'wait'} for others"] if waits else []
    return TaskList(list(groups.items()), f"{', '.join([f'{ready} of {len(states)} parts are ready', *more])}.")


def state_of(written: Written, sheet: Sheet, drafts: Collection[str], asked: Sequence[AskedOf]) -> str:
    """How far a place is, for the asker."""
    place = written.place
    key = draft_key(sheet.assessment, place.part.code, place.person_id)
    ours = place.agency is None or place.agency == sheet.mine
    if not sheet.assessment.is_open:
        return "" if written.contributions else NOTHING
    if key in drafts and ours:
        return YOUR_DRAFT
    waits = [one.asked for one in asked if _waits(one.asked, place)]
    if waits and (not ours or waits[0].agency != sheet.mine):
        return f"{WAITS} {waits[0].agency}"
    if any(not not_to_be_checked(one) for one in written.contributions):
        return TO_CHECK
    return READY if written.is_ready else BEGUN if written.contributions else NOT_STARTED


def _waits(asked: Asked, place: Place) -> bool:
    """Whether a place waits for an agency that was asked."""
    at = asked.part == place.part.code and asked.status == Asked.Status.WAITING
    return at and place.agency in (None, asked.agency)


def _task(written: Written, sheet: Sheet, state: str, *, may_write: bool) -> Task:
    place = written.place
    hint = capfirst(place.person.born_words) if place.person else place.part.hint if sheet.assessment.is_open else ""
    if written.contributions:
        last = written.contributions[-1]
        more = len({one.whose for one in written.contributions}) - 1
        others = f", and {more} other{'s' if more > 1 else ''}" if more else ""
        waiting = any(one.is_proposed_to for one in written.contributions)  # type: ignore[attr-defined]
        hint = f"{last.whose}, {when_text(last.saved_at or '')}{others}{'. A proposed text waits' if waiting else ''}"
    elif place.agency and place.agency != sheet.mine:
        hint = "They write it."
    url = _url(written, sheet, may_write=may_write)
    return Task(written.title, url, state, COLOURS.get(state, "purple" if state else ""), hint)


def _url(written: Written, sheet: Sheet, *, may_write: bool) -> str:
    """Where the asker writes there, else where they read it."""
    place = written.place
    theirs = place.agency is not None and place.agency != sheet.mine
    if may_write and not theirs:
        return place_url(sheet.family.reference, place)
    return f"{read_url(sheet.family)}#{anchor(place)}" if written.contributions else ""


def read_url(family: Family) -> str:
    return f"{family.get_absolute_url()}assessment/read/"


def anchor(place: Place) -> str:
    """Where a place stands on the page that shows all."""
    part, person, agency = place.key
    return "-".join(str(one) for one in ("part", part, person or agency) if one)


def asked_of(sheet: Sheet, asker: Asker) -> list[AskedOf]:
    """Which agencies were asked for their part."""
    found = []
    for row in ASKED(sheet.assessment):
        row.assessment = sheet.assessment
        part = sheet.form.part(row.part)
        mine = policies.ANSWER_ASKED.allows(asker, row)
        found.append(
            AskedOf(
                row,
                part.title if part else "",
                is_late=row.status == Asked.Status.WAITING and row.until < clock.today(),
                may_remind=policies.REMIND.allows(asker, row),
                may_waive=policies.WAIVE.allows(asker, row),
                may_answer=mine,
                url=reverse("assessment_part", args=[sheet.family.reference, row.part]) if mine else "",
            )
        )
    return found


Link = tuple[str, str]


def links(passage: Passage, family: Family, user: User, *, may_propose: bool) -> list[Link]:
    """What someone can do about what stands in an assessment: words and an address each."""
    said, found = passage.contribution, list[Link]()

    def offer(words: str, name: str, pk: int = said.pk) -> None:
        found.append((words, reverse(name, args=[family.reference, pk])))

    mine = said.author_id == user.pk
    if may_propose and said.is_quoted:
        if mine and not said.carried_from_id:
            offer("Take it out again", "leave_out")
    elif may_propose:
        offer(*(("Change this", "change_contribution") if mine else ("Propose another text", "propose")))
    if may_propose and said.carried_from_id and not said.checked_by_id:
        offer("Still right", "still_right")
        offer("Leave out", "leave_out")
    if said.version > 1:
        offer("Earlier versions", "contribution_versions")
    for one in passage.proposals:
        offer(f"{one.author} proposes another text", "proposal", one.pk)
    return found


GONE_WITHOUT = Prepared(
    lambda assessment: GoneWithout.objects.filter(assessment=assessment).select_related("created_by")
)


def whole(sheet: Sheet) -> dict[str, Any]:
    """All that is written, in order, and the titles of what isn't: for the screen and for paper."""
    return {
        "assessment": sheet.assessment,
        "written": [(anchor(one.place), one) for one in sheet.written if one.contributions or one.remarks],
        "unwritten": [one.title for one in sheet.written if not one.contributions],
        "gone_without": [
            one
            for one in GONE_WITHOUT(sheet.assessment)
            if not set(one.about) & set(sheet.without) and not sheet.names(f"{one.what} {one.reason}")
        ],
    }


@dataclass(frozen=True)
class Scale:
    """A point on the line from 0 to 10: where, who says so, now, and in the last assessment; `now_at` and `then_at` are where
    they stand on a line of 200."""

    label: str
    who: str
    now: int
    then: int | None

    @property
    def now_at(self) -> str:
        return f"{10 + self.now * 20}"

    @property
    def then_at(self) -> str:
        return f"{10 + (self.then or 0) * 20}"


def scales(sheet: Sheet) -> list[Scale]:
    """Every scale that somebody gave, beside what it was in the last assessment."""
    found = []
    for written in sheet.written:
        who_is_it = written.place.person.short_name if written.place.person else "they"
        asked = [(one, box) for one in written.questions for box in boxes(one) if box.holds == "scale"]
        for passage, (question, box) in product(written.passages if asked else (), asked):
            key = (question.code, 0, box.code)
            if not is_number(passage.said.get(key, "")):
                continue
            before = (passage.before or {}).get(key)
            name = question.label.replace("{name}", who_is_it)
            label = written.title if len(written.questions) == 1 else f"{written.title}: {name}"
            who = passage.contribution.whose if box.code in ("scale", "practitioner") else box.label
            then = int(before) if before and is_number(before) else None
            found.append(Scale(label, who, int(passage.said[key]), then))
    return found


def by_name(family: Family) -> list[tuple[str, Written]]:
    """What is written of those whom the asker may read of by name; the assessment itself isn't for them."""
    rows = Contribution.objects.filter(family=family, version__gt=0).exclude(person=None)
    assessments = {one.assessment_id for one in rows}
    found: list[tuple[str, Written]] = []
    for assessment in _known_by_name(assessments):
        sheet = Sheet(assessment, family)
        found += [(anchor(one.place), one) for one in sheet.written if one.contributions and one.place.person]
    return found


def _known_by_name(ids: Iterable[int]) -> list[Assessment]:
    with acting_as_system("the form of what is read by name"):
        return list(Assessment.objects.filter(pk__in=ids).select_related("form", "episode").defer("form__body"))
