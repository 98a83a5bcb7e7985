"""What social care wrote comes over word for word, and into the assessment: whoever wrote it stays its author (DEV-17,
ROT-13)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from assessments.kinds import boxes
from assessments.models import Assessment, Contribution
from assessments.models.writing import LONGEST
from assessments.places import Place, asked, places
from assessments.reading import people_of
from assessments.services import writing
from assessments.services.writing import Told, Words
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Problem, Refused, refuse
from earlyhelp.govuk.components import when_text
from families.models import Document, Family, FiledInError, Person
from families.services import errors
from families.services.documents import file_document
from stepdown.models import Analysis, Placing, StepDown
from stepdown.reading import Read
from stepdown.services.gate import CONDITIONS, facts_of, family_of, in_words, look
from stepdown.services.steps import locked


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What is brought over: a file that was read, passages that were pasted, or both."""

    title: str
    author: str
    written_on: date
    about: Sequence[Person]
    file: tuple[UploadedFile, Read] | None = None
    pasted: Sequence[str] = ()


@transaction.atomic
def bring(*, step_down: StepDown, brought: Brought, actor: User) -> Analysis:
    """Keep what social care wrote: its passages, and the file as a document of the family for whoever leads. The family's
    agreement comes first."""
    with acting_as_system("bring social care's analysis over"):
        step_down = locked(step_down)
        if waits := CONDITIONS["analysis"].waits(facts_of(step_down)):
            raise Refused(in_words(waits))
        refuse(_problems(brought))
        family, document = family_of(step_down), None
        read = brought.file[1] if brought.file else None
        if brought.file and read:
            upload, scan = brought.file[0], read.scan
            document = file_document(
                family=family,
                upload=upload,
                kind=Document.Kind.REPORT,
                title=f"{brought.title}, {brought.written_on:%-d %B %Y}"[:150],
                for_lead=True,
                about=brought.about,
                read=lambda _: scan,
                actor=actor,
            )
        return Analysis.objects.create(
            family=family,
            step_down=step_down,
            title=brought.title,
            author=brought.author,
            about=sorted(person.pk for person in brought.about),
            written_on=brought.written_on,
            passages=[*(read.passages if read else ()), *brought.pasted],
            unreadable=read.unreadable if read else "",
            document=document,
            created_by=actor,
        )


def _problems(brought: Brought) -> Iterator[Problem]:
    if brought.written_on > clock.today():
        yield Problem("The day must be today or in the past", "written_on")
    if not brought.file and not brought.pasted:
        yield Problem("Choose the file, or paste the passages", "file")


@dataclass(frozen=True)
class Target:
    """A box of the assessment, where passages can go."""

    place: Place
    question: str
    box: str
    words: str

    @property
    def label(self) -> str:
        return ": ".join(filter(None, (self.place.title, self.words)))

    @property
    def key(self) -> str:
        return f"{self.place.part.code}.{self.place.person_id or 0}.{self.question}.{self.box}"


def targets(assessment: Assessment, family: Family, step_down: StepDown) -> list[Target]:
    """Every box for words that the assessment has, of those of the family whom the asker may read."""
    found = []
    for place in places(assessment.form.form, people=people_of(family), agencies=[step_down.agency]):
        questions = asked(assessment, place.part, place.person)
        for question in questions:
            name = place.person.short_name if place.person else "they"
            label = question.label.replace("{name}", name) if len(questions) > 1 else ""
            for box in boxes(question):
                if box.holds == "long" and question.kind in ("text", "columns"):
                    found.append(Target(place, question.code, box.code, ": ".join(filter(None, (label, box.label)))))
    return found


@transaction.atomic
def place(
    *, analysis: Analysis, assessment: Assessment, target: Target, passages: Sequence[int], actor: User
) -> Contribution:
    """Put passages into a box of the assessment, word for word, under the name of whoever wrote them. Others write beside them;
    nobody changes them."""
    text = "\n\n".join(analysis.passages[at] for at in sorted(passages))
    if len(text) > LONGEST:
        raise Refused(
            f"These passages have {len(text):,} characters, and a box holds {LONGEST:,}. Choose fewer of them",
            field="passages",
        )
    contribution = writing.write(
        assessment=assessment,
        part=target.place.part.code,
        person=target.place.person,
        words=Words(
            {(target.question, 0, target.box): text},
            ready=True,
            told=Told(analysis.author, analysis.title, analysis.written_on, quoted=True),
        ),
        actor=actor,
        agency=analysis.step_down.agency,
    )
    with acting_as_system("bring social care's analysis over"):
        Placing.objects.create(
            family_id=analysis.family_id,
            step_down=analysis.step_down,
            analysis=analysis,
            about=analysis.about,
            contribution=contribution,
            passages=sorted(passages),
            created_by=actor,
        )
        look(analysis.step_down)
    return contribution


@transaction.atomic
def take_out(*, analysis: Analysis, reason: str, actor: User) -> None:
    """It is about another family: nobody reads it here any more, and what was chosen from it is left out of the assessment."""
    if analysis.document:
        errors.file_in_error(item=analysis.document, reason=reason, actor=actor)
    else:
        _hide(analysis, reason=reason, actor=actor)


def _hide(analysis: Analysis, *, reason: str, actor: User) -> None:
    with acting_as_system("filed in error"):
        rows = list(Placing.objects.filter(analysis=analysis).select_related("contribution"))
        Contribution.objects.filter(pk__in=[one.contribution_id for one in rows]).update(
            state=Contribution.State.DROPPED
        )
        for row in (analysis, *rows):
            FiledInError.objects.get_or_create(
                table_name=row._meta.db_table,
                row_id=row.pk,
                defaults={
                    "family_id": analysis.family_id,
                    "what": f"report of social care of {when_text(analysis.written_on)}",
                    "about": analysis.about,
                    "filed_at": row.created_at,
                    "filed_by": row.created_by,
                    "reason": reason,
                    "created_by": actor,
                },
            )
        look(analysis.step_down)


def _with_its_document(document: errors.Item, reason: str, actor: User) -> None:
    for analysis in Analysis.objects.filter(document_id=document.pk) if isinstance(document, Document) else ():
        _hide(analysis, reason=reason, actor=actor)


errors.GONE.append(_with_its_document)


def placed(analysis: Analysis) -> dict[int, Contribution]:
    """Where each passage stands that is in the assessment now."""
    rows = Placing.objects.filter(analysis=analysis).select_related("contribution")
    return {
        at: one.contribution
        for one in rows
        if one.contribution.state != Contribution.State.DROPPED
        for at in one.passages
    }
