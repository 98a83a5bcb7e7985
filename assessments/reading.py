"""An assessment as someone may read it: each place with what is written there, whoever wrote it."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from assessments.kinds import DETAILS, NOT_KNOWN, TABLES, Box, Key, Said, boxes, in_words
from assessments.models import Answer, Assessment, Contribution, Proposal, Remark
from assessments.places import Place, asked, places
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core.prepared import Among, Prepared
from earlyhelp.govuk.fields import list_words
from earlyhelp.procedures.form import AssessmentForm, FormPart, Question
from families.models import Family, Person, TeamMember


def _contributed(assessment: Any) -> QuerySet[Contribution]:
    rows = Contribution.objects.filter(assessment=assessment, version__gt=0)
    waiting = Proposal.objects.filter(answer__contribution=OuterRef("pk"), status=Proposal.Status.WAITING)
    rows = rows.exclude(state=Contribution.State.DROPPED).annotate(is_proposed_to=Exists(waiting))
    return rows.select_related("author", "agency", "reader_agency").order_by("saved_at", "pk")


def _answered(assessment: Any, questions: Any) -> QuerySet[Answer, tuple[str, str, str, str]]:
    rows = Answer.objects.filter(
        Among("question", questions), contribution__assessment=assessment, readers=None, reader_agency=None
    )
    rows = rows.filter(contribution__kept_from=[]).exclude(contribution__state=Contribution.State.DROPPED)
    rows = rows.exclude(text="").order_by("contribution__saved_at", "pk")
    return rows.values_list("contribution__part", "question", "box", "text")


PEOPLE = Prepared(lambda family: Person.objects.of(family).filter(details__isnull=False))


def _said(ids: Any) -> QuerySet[Answer, tuple[int, str, int, str, str]]:
    rows = Answer.objects.filter(Among("contribution", ids)).exclude(text="").order_by("pk")
    return rows.values_list("contribution", "question", "row", "box", "text")


def _proposed(assessment: Any) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(answer__contribution__assessment=assessment, status=Proposal.Status.WAITING)
    return rows.select_related("author", "answer")


def _team(episode: Any) -> QuerySet[TeamMember]:
    status, role = TeamMember.Status.ACCEPTED, TeamMember.Role.CONTRIBUTOR
    return TeamMember.objects.filter(episode=episode, status=status, role=role).select_related("agency")


SAID = Prepared(_said)
PROPOSED = Prepared(_proposed)
TEAM = Prepared(_team)
CONTRIBUTED = Prepared(_contributed)
ANSWERED = Prepared(_answered)
REMARKS = Prepared(
    lambda assessment: Remark.objects.filter(assessment=assessment).select_related("author", "agency", "who")
)


def people_of(family: Family) -> list[Person]:
    """Everyone of whom the asker may know more than basic information, eldest first; also who died or left."""
    return PEOPLE(family)


def said_in(contributions: Sequence[Contribution]) -> dict[int, dict[Key, str]]:
    """What stands in each contribution, box by box, as far as the asker may read it."""
    return said_of([one.pk for one in contributions if one.pk])


def said_of(ids: Sequence[int]) -> dict[int, dict[Key, str]]:
    """As `said_in`, by the contributions' ids."""
    found: dict[int, dict[Key, str]] = {pk: {} for pk in ids}
    for pk, question, row, box, text in SAID(list(found)) if found else ():
        found[pk][question, row, box] = text
    return found


@dataclass(frozen=True)
class Shown:
    """One answer as people read it: a question, its boxes with words, or the lines of a table, and what is said of them."""

    question: Question
    label: str
    boxes: list[tuple[Box, str]]
    lines: list[list[str]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    told_as: str = ""
    source: str = ""

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """The three columns, where it has them, empty ones too."""
        if self.question.kind != "columns":
            return []
        said = {box.code: words for box, words in self.boxes}
        return [(box.label, said.get(box.code, "")) for box in boxes(self.question)[:3]]

    @cached_property
    def scale(self) -> str:
        return next((words for box, words in self.boxes if box.code == "scale"), "")


@dataclass(frozen=True)
class Piece:
    """A piece of a text that was compared: "same", "added" or "removed"."""

    kind: str
    text: str


def compared(before: str, after: str) -> list[Piece]:
    """Two texts as one, word by word: what was added, what was removed."""
    old, new = before.split(" "), after.split(" ")
    found: list[Piece] = []
    for what, i, j, k, m in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece("same", " ".join(old[i:j])))
            continue
        if i < j:
            found.append(Piece("removed", " ".join(old[i:j])))
        if k < m:
            found.append(Piece("added", " ".join(new[k:m])))
    return found


def differences(
    part: FormPart, before: Said, after: Said, form: AssessmentForm, people: Mapping[int, Person], person: Person | None
) -> list[tuple[str, list[Piece]]]:
    """What is said otherwise in a part than before, box by box."""
    found = []
    for question in part.questions:
        by_code = {box.code: box for box in boxes(question)}
        for key in sorted(key for key in {*before, *after} if key[0] == question.code and key[2] in by_code):
            old, new = before.get(key, ""), after.get(key, "")
            if old != new:
                label = question.label.replace("{name}", person.short_name if person else "they")
                box = by_code[key[2]]
                texts = (in_words(question, box, text, form, people) for text in (old, new))
                found.append((" – ".join(filter(None, (label, box.label))), compared(*texts)))
    return found


@dataclass(frozen=True)
class Passage:
    """What one contribution says."""

    contribution: Contribution
    said: Said
    answers: list[Shown]
    kept_from: list[str]
    proposals: list[Proposal]
    before: Said | None = None
    changes: list[tuple[str, list[Piece]]] = field(default_factory=list)
    few: str = ""

    @property
    def anchor(self) -> str:
        return f"by-{self.contribution.pk}"

    @property
    def is_new(self) -> bool:
        """Whether it says something that the last assessment didn't: written since, or changed."""
        return self.before is None or bool(self.changes)


@dataclass
class Written:
    """A place, what is asked there, and what stands there."""

    sheet: "Sheet"
    place: Place
    questions: tuple[Question, ...]
    contributions: list[Contribution]

    @property
    def title(self) -> str:
        return self.place.title

    @cached_property
    def passages(self) -> list[Passage]:
        return [self.sheet.passage(one) for one in self.contributions]

    @property
    def remarks(self) -> list[Remark]:
        """What is said beside it: by whom of the family who doesn't agree, or what is wrong. Beside what agencies know, it is
        said once."""
        code, agencies = self.place.part.code, self.sheet.agencies
        if self.place.agency and agencies and self.place.agency != agencies[0]:
            return []
        return [one for one in self.sheet.remarks if (one.part, one.person_id) == (code, self.place.person_id)]

    @property
    def is_ready(self) -> bool:
        states = [one.state for one in self.contributions]
        return bool(states) and all(state == Contribution.State.READY for state in states)

    def has(self, question: Question) -> bool:
        """Whether anybody answered a question, in words, not only what is said of them."""
        keys = (key for passage in self.passages for key, text in passage.said.items() if text)
        return any(code == question.code and box not in DETAILS for code, _, box in keys)


@dataclass
class Sheet:
    """All of an assessment that the asker may read: `written`, place by place. `without` leaves out what is about those people;
    `for_family`, what someone of the family must not be told; a `copy` on paper holds nothing that only some may read, and no text
    that names one of the `unnamed`."""

    assessment: Assessment
    family: Family
    mine: Agency | None = None
    without: Collection[int] = ()
    for_family: bool = False
    copy: bool = False
    unnamed: Collection[Person] = ()

    @cached_property
    def form(self) -> AssessmentForm:
        return self.assessment.form.form

    @cached_property
    def people(self) -> dict[int, Person]:
        return {person.pk: person for person in people_of(self.family) if person.pk not in self.without}

    @cached_property
    def contributions(self) -> list[Contribution]:
        return [one for one in CONTRIBUTED(self.assessment) if self._may_show(one)]

    def _may_show(self, one: Contribution) -> bool:
        left_out = one.person_id is not None and one.person_id not in self.people
        return not left_out and not (self.for_family and one.kept_from) and not (self.copy and one.is_narrow)

    @cached_property
    def said(self) -> dict[int, dict[Key, str]]:
        found = said_in(self.contributions)
        if not self.without:
            return found
        found = {pk: {key: text for key, text in said.items() if not self.names(text)} for pk, said in found.items()}
        return {pk: self._without_lines(said) for pk, said in found.items()}

    def _without_lines(self, said: dict[Key, str]) -> dict[Key, str]:
        """What is said but for the lines, and answers, that name someone who is left out."""
        persons = {(q.code, box.code) for _, q in self.form.each() for box in boxes(q) if box.holds == "person"}
        hidden = {str(pk) for pk in self.without}
        gone = {key[:2] for key, text in said.items() if (key[0], key[2]) in persons and text in hidden}
        return {key: text for key, text in said.items() if key[:2] not in gone}

    def names(self, text: str) -> bool:
        """Whether a text names one of the unnamed."""
        names = [re.escape(name) for one in self.unnamed for name in {one.first_name, one.known_as} if name]
        return bool(names) and bool(re.search(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", text, re.IGNORECASE))

    @cached_property
    def remarks(self) -> list[Remark]:
        hidden = set(self.without)
        return [
            one
            for one in REMARKS(self.assessment)
            if not {one.person_id, one.who_id} & hidden and not self.names(one.words)
        ]

    @property
    def _remarks_if_final(self) -> list[Remark]:
        """Remarks give their person a place once nobody writes any more; until then everyone has one."""
        return [] if self.assessment.is_open else self.remarks

    @cached_property
    def few(self) -> dict[int, str]:
        """The names of those who read what is for few, by their ids."""
        ids = {pk for one in self.contributions for pk in one.readers or ()}
        return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}

    @cached_property
    def proposals(self) -> dict[int, list[Proposal]]:
        """The texts that are proposed for a contribution and wait for an answer."""
        found: dict[int, list[Proposal]] = {}
        for one in PROPOSED(self.assessment):
            found.setdefault(one.answer.contribution_id, []).append(one)
        return found

    @cached_property
    def agencies(self) -> list[Agency]:
        """Those that write what they know: of the asker, of the team, and whoever has."""
        writes = {part.code for part in self.form.parts if part.about == "agency"}
        found = [one.agency for one in self.contributions if one.part in writes and one.agency]
        if self.assessment.is_open:
            found += [self.mine] if self.mine else []
            found += [member.agency for member in TEAM(self.assessment.episode_id)]
        return sorted({agency.pk: agency for agency in found}.values(), key=lambda agency: agency.name)

    @cached_property
    def written(self) -> list[Written]:
        about = [(one.part, one.person_id) for one in self.contributions]
        about += [(one.part, one.person_id) for one in self._remarks_if_final]
        also = {(part, pk) for part, pk in about if pk is not None and pk in self.people}
        shown = self.people.values() if self.assessment.is_open else (self.people[pk] for pk in {pk for _, pk in also})
        by_agency = {part.code for part in self.form.parts if part.about == "agency"}
        at: dict[tuple[str, int | None, int | None], list[Contribution]] = {}
        found = []
        for place in places(self.form, people=self._in_order(shown), agencies=self.agencies, also=also):
            questions = asked(self.assessment, place.part, place.person)
            found.append(Written(self, place, questions, at.setdefault(place.key, [])))
        for one in self.contributions:
            key = one.part, one.person_id, one.agency_id if one.part in by_agency else None
            if key in at:
                at[key].append(one)
        return found

    def _in_order(self, people: Any) -> list[Person]:
        order = list(self.people)
        return sorted(people, key=lambda person: order.index(person.pk))

    def passage(self, one: Contribution) -> Passage:
        said = self.said.get(one.pk, {})
        part = self.form.part(one.part)
        person = self.people.get(one.person_id or 0)
        shown = list(answers_of(part.questions if part else (), said, self.form, self.people, person))
        names = [self.people[pk].name for pk in one.kept_from if pk in self.people]
        before = self.said_before.get(one.carried_from_id or 0)
        changes = (
            [] if before is None or part is None else differences(part, before, said, self.form, self.people, person)
        )
        few = list_words(sorted(self.few[pk] for pk in one.readers or () if pk in self.few))
        return Passage(one, said, shown, names, self.proposals.get(one.pk, []), before, changes, few)

    @cached_property
    def said_before(self) -> dict[int, dict[Key, str]]:
        """What stood in the last assessment, of what came over from there."""
        ids = [one.carried_from_id for one in self.contributions if one.carried_from_id]
        return said_of(ids) if ids else {}


def answers_of(
    questions: Sequence[Question], said: Said, form: AssessmentForm, people: Mapping[int, Person], person: Person | None
) -> Iterator[Shown]:
    """What is said, question by question, in words."""
    lines: dict[str, set[int]] = {}
    for (code, row, _), text in said.items():
        if text:
            lines.setdefault(code, set()).add(row)
    for question in questions:
        if question.code not in lines:
            continue
        rows = sorted(lines[question.code])
        label = question.label.replace("{name}", person.short_name if person else "they") if len(questions) > 1 else ""
        words = {
            (row, box.code): in_words(question, box, said.get((question.code, row, box.code), ""), form, people)
            for row in rows
            for box in boxes(question)
        }
        if question.kind in TABLES:
            headings = [box.label for box in boxes(question)]
            table = [[words[row, box.code] for box in boxes(question)] for row in rows]
            yield Shown(question, label, [], table, headings)
            continue
        told_as, source = words.get((0, "nature"), ""), words.get((0, "source"), "")
        shown = [(box, words[0, box.code]) for box in boxes(question) if box.code not in DETAILS and words[0, box.code]]
        yield Shown(question, label, shown, told_as=told_as, source=source)


SPECIAL_NEEDS = ("send", "send_words")


def special_needs(assessment: Assessment, people: Collection[Person]) -> dict[int, list[str]]:
    """What an assessment says of each one's special educational needs or disability, in words, for all its readers."""
    by_id = {person.pk: person for person in people}
    rows = Answer.objects.filter(
        contribution__assessment=assessment, contribution__person__in=by_id, question__in=SPECIAL_NEEDS, box=""
    )
    rows = rows.filter(readers=None, reader_agency=None, contribution__kept_from=[]).exclude(text="")
    rows = rows.exclude(contribution__state=Contribution.State.DROPPED).exclude(text__in=["none", NOT_KNOWN])
    form, found = assessment.form.form, dict[int, list[str]]()
    for row in rows.select_related("contribution").order_by("contribution__person", "question", "pk"):
        part = form.part(row.contribution.part)
        question = part.question(row.question) if part else None
        if question and row.contribution.person_id:
            words = in_words(question, boxes(question)[0], row.text, form, by_id)
            found.setdefault(row.contribution.person_id, []).append(words)
    return found


def on_the_first_page(assessment: Assessment) -> dict[str, str]:
    """What an assessment says on the family's first page: by box, everyone's words in their order."""
    asked = {(part.code, one.code) for part, one in assessment.form.form.each() if one.overview}
    found: dict[str, str] = {}
    for part, question, box, text in ANSWERED(assessment, [code for _, code in asked]) if asked else ():
        if (part, question) in asked:
            found[box] = f"{found[box]}\n\n{text}" if box in found else text
    return found
