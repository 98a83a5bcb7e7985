"""The next assessment begins with what the last one said: each passage with its author and date, to be kept, changed or left
out (WOR-12)."""

from django.db import transaction
from django.db.models import F

from assessments.kinds import boxes
from assessments.models import Answer, Assessment, Contribution
from assessments.places import is_about
from assessments.reading import Sheet
from assessments.rules import not_yours_to_drop, not_yours_to_open_again
from assessments.services.locking import lock_open
from assessments.services.versions import form_in_force
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
    """What `actor` may read of one assessment, into the next, where its form still asks for it of someone who is here."""
    family = Family.objects.get(pk=before.family_id)
    sheet, form = Sheet(before, family), after.form.form
    kept = [one for one in sheet.contributions if _still_asked(sheet, form, one)]
    made = Contribution.objects.bulk_create(
        Contribution(
            family_id=one.family_id,
            assessment=after,
            part=one.part,
            person_id=one.person_id,
            author_id=one.author_id,
            agency_id=one.agency_id,
            version=1,
            saved_at=one.saved_at,
            told_by=one.told_by,
            told_how=one.told_how,
            told_on=one.told_on,
            carried_from=one,
            readers=one.readers,
            reader_agency_id=one.reader_agency_id,
            kept_from=one.kept_from,
            created_by=actor,
        )
        for one in kept
    )
    new = {one.carried_from_id: one for one in made}
    known = {(part.code, question.code, box.code) for part, question in form.each() for box in boxes(question)}
    parts = {one.pk: one.part for one in kept}
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
            readers=answer.readers,
            reader_agency_id=answer.reader_agency_id,
            created_by=actor,
        )
        for answer in answers
        if (parts[answer.contribution_id], answer.question, answer.box) in known
    )


def _still_asked(sheet: Sheet, form: AssessmentForm, one: Contribution) -> bool:
    part = form.part(one.part)
    person = sheet.people.get(one.person_id or 0)
    if part is None or (one.person_id is None) != (part.about in ("family", "agency")):
        return False
    return one.person_id is None or (person is not None and is_about(part, person))


@transaction.atomic
def still_right(*, contribution: Contribution, actor: User) -> None:
    """Say that what came over from the last assessment is still right."""
    lock_open(contribution.assessment)
    rows = Contribution.objects.filter(pk=contribution.pk, checked_by=None).exclude(carried_from=None)
    rows.update(checked_by=actor, state=Contribution.State.READY, version=F("version") + 1)


@transaction.atomic
def leave_out(*, contribution: Contribution, actor: User) -> None:
    """Leave out what came over from the last assessment: it stays there."""
    lock_open(contribution.assessment)
    if reason := not_yours_to_drop(contribution, lead_of(contribution.assessment.episode), actor):
        raise Refused(reason)
    rows = Contribution.objects.filter(pk=contribution.pk).exclude(carried_from=None)
    rows.update(checked_by=actor, state=Contribution.State.DROPPED, version=F("version") + 1)
