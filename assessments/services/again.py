"""The next assessment begins with what the last one said: each passage with its author and date, to be kept, changed or left
out (WOR-12)."""

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from assessments import notices
from assessments.kinds import boxes
from assessments.models import Answer, Assessment, Contribution, Remark
from assessments.places import is_about
from assessments.reading import Sheet
from assessments.rules import being_read, not_yours_to_drop, not_yours_to_open_again
from assessments.services.locking import lock_open
from assessments.services.versions import form_in_force
from assessments.services.writing import few_readers
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.procedures.form import AssessmentForm
from earlyhelp.procedures.services import version_in_force
from families.models import Family
from families.services.running import lead_of


@transaction.atomic
def open_next(*, assessment: Assessment, actor: User) -> Assessment:
    """Review and update: the next version of a final assessment, by the lead; the final one stays as it is."""
    row = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    if Assessment.objects.filter(previous=row).exists():
        raise Refused("The next version is open already.")
    if reason := being_read(row):
        raise Refused(reason)
    if reason := not_yours_to_open_again(row, lead_of(row.episode), actor):
        raise Refused(reason)
    made = Assessment.objects.create(
        family_id=row.family_id,
        episode_id=row.episode_id,
        number=row.number + 1,
        previous=row,
        form=form_in_force(),
        procedure_id=version_in_force(),
        level=row.level,
        deeper=row.deeper,
        started_at=clock.now(),
        started_by=actor,
        created_by=actor,
    )
    carry_over(before=row, after=made, actor=actor)
    return made


def carry_over(*, before: Assessment, after: Assessment, actor: User) -> None:
    """What one assessment says, into the next, where its form still asks for it of someone who is here: all of it, also what
    `actor` may not read, for whoever may; and what is said beside it."""
    with acting_as_system("what the last assessment said, into the next"):
        family = Family.objects.get(pk=before.family_id)
        sheet, form = Sheet(before, family), after.form.form
        kept = [one for one in sheet.contributions if _still_asked(sheet, form, one.part, one.person_id)]
        made = Contribution.objects.bulk_create(_copied(one, after, actor) for one in kept)
        new = {one.carried_from_id: one for one in made if one.carried_from_id}
        _carry_answers(sheet.form, form, {one.pk: one.part for one in kept}, new, actor)
        Remark.objects.bulk_create(
            Remark(
                family_id=one.family_id,
                assessment=after,
                part=one.part,
                person_id=one.person_id,
                kind=one.kind,
                who_id=one.who_id,
                words=one.words,
                said_on=one.said_on,
                author_id=one.author_id,
                agency_id=one.agency_id,
                created_by=actor,
            )
            for one in sheet.remarks
            if _still_asked(sheet, form, one.part, one.person_id)
        )


def _copied(one: Contribution, after: Assessment, actor: User) -> Contribution:
    same = ("family_id", "part", "person_id", "author_id", "agency_id", "saved_at", "told_by", "told_how", "told_on", "is_quoted", "reader_agency_id", "kept_from")  # fmt: skip
    readers = None if one.readers is None else few_readers(after, one.agency, one.author)
    return Contribution(
        **{name: getattr(one, name) for name in same},
        assessment=after,
        version=1,
        carried_from=one,
        readers=readers,
        created_by=actor,
    )


def _carry_answers(
    old: AssessmentForm, form: AssessmentForm, parts: dict[int, str], new: dict[int, Contribution], actor: User
) -> None:
    known = {(part.code, one.code, box.code): box.holds for part, one in form.each() for box in boxes(one)}
    was = {(part.code, one.code, box.code): box.holds for part, one in old.each() for box in boxes(one)}
    answers = Answer.objects.filter(contribution__in=new).exclude(text="")
    Answer.objects.bulk_create(
        Answer(
            family_id=answer.family_id,
            contribution=new[answer.contribution_id],
            question=answer.question,
            row=answer.row,
            box=answer.box,
            text=answer.text,
            about=answer.about,
            readers=new[answer.contribution_id].readers,
            reader_agency_id=answer.reader_agency_id,
            created_by=actor,
        )
        for answer in answers
        if known.get(at := (parts[answer.contribution_id], answer.question, answer.box), "") == was.get(at)
    )


def _still_asked(sheet: Sheet, form: AssessmentForm, code: str, person_id: int | None) -> bool:
    part = form.part(code)
    person = sheet.people.get(person_id or 0)
    if part is None or (person_id is None) != (part.about in ("family", "agency")):
        return False
    return person_id is None or (person is not None and is_about(part, person))


@transaction.atomic
def still_right(*, contribution: Contribution, actor: User) -> None:
    """Say that what came over from the last assessment is still right."""
    lock_open(contribution.assessment)
    rows = Contribution.objects.filter(pk=contribution.pk, checked_by=None).exclude(carried_from=None)
    rows.update(checked_by=actor, state=Contribution.State.READY, version=F("version") + 1)


@transaction.atomic
def leave_out(*, contribution: Contribution, actor: User) -> None:
    """Leave out what came over from the last assessment, or is quoted: it stays where it came from."""
    lock_open(contribution.assessment)
    if reason := not_yours_to_drop(contribution, lead_of(contribution.assessment.episode), actor):
        raise Refused(reason)
    rows = Contribution.objects.filter(pk=contribution.pk).exclude(state=Contribution.State.DROPPED)
    if not contribution.is_quoted:
        rows = rows.filter(checked_by=None).exclude(carried_from=None)
    if not rows.update(checked_by=actor, state=Contribution.State.DROPPED, version=F("version") + 1):
        raise Refused("Somebody has looked at it meanwhile: read it again.")
    family = Family.objects.get(pk=contribution.family_id)
    before = contribution.assessment.previous_id
    at = ("assessment_version", [family.reference, before]) if before else ("assessment_read", [family.reference])
    url = reverse(at[0], args=at[1])
    told = {contribution.author} - {actor}
    notices.LeftOut.tell(told, about=family, key=contribution.pk, url=url)
