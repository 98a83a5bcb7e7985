"""What stands in the way of writing in an assessment, and of finalising it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from assessments.models import Asked, Assessment, Contribution, Proposal
from assessments.places import CHILDREN, Place
from assessments.reading import Sheet, Written
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import agencies
from earlyhelp.core.errors import Gap
from earlyhelp.core.text import number
from earlyhelp.govuk.components import when_text
from earlyhelp.govuk.fields import list_words
from earlyhelp.procedures.form import Question
from earlyhelp.procedures.services import procedure_in_force
from families.models import Lead, Request
from families.services import requests


def closed_words(assessment: Assessment) -> str:
    """Why nothing can be changed any more, or "": who finalised it and when, or that early help has ended."""
    if not assessment.is_open:
        done = f"{assessment.finalised_by} finalised this assessment on {when_text(assessment.finalised_at or '')}."
    elif assessment.episode.ended_at:
        done = "Early help for this family has ended."
    else:
        return ""
    return f"{done} The assessment can be read and printed, and no longer changed."


def not_yours_to_change(contribution: Contribution, user: User) -> str:
    """Why `user` can't change what a contribution says, or "": what someone wrote stays theirs, and what is quoted stays as it
    was written."""
    if contribution.is_quoted:
        return f"This stands as {contribution.told_by} wrote it, and nobody changes it. Write what you know beside it."
    if contribution.pk is None or contribution.author_id == user.pk:
        return ""
    return f"Only {contribution.author} changes what they wrote. Write what you know beside it."


def not_yours_to_open_again(assessment: Assessment, lead: Lead | None, user: User) -> str:
    """Why `user` can't open the next version, or "": the lead does, of a final one, while early help goes on."""
    if assessment.is_open:
        return "This version is still open: finalise it first."
    if assessment.episode.ended_at:
        return "Early help for this family has ended."
    word = procedure_in_force().words.lead
    if lead is None or lead.user_id != user.pk:
        who = f" {lead.user} ({lead.agency}). Ask them." if lead else " Ask someone to lead under “Team”."
        return f"Only the {word} opens the next version.{who}"
    return ""


def not_yours_to_drop(contribution: Contribution, lead: Lead | None, user: User) -> str:
    """Why `user` can't leave out what came over from the last assessment, or is quoted, or "": whoever wrote it here does, or
    the lead."""
    unseen = contribution.carried_from_id is not None and contribution.checked_by_id is None
    if contribution.state == Contribution.State.DROPPED or not (unseen or contribution.is_quoted):
        return (
            "Only what came over from elsewhere is left out, and from the last assessment until somebody looked at it."
        )
    if user.pk in (contribution.author_id, lead.user_id if lead else None):
        return ""
    return f"Only {contribution.author}, who wrote it, or who leads leaves it out."


def not_to_be_checked(contribution: Contribution) -> str:
    """Why nobody has to say that a passage is still right, or ""."""
    if contribution.carried_from_id is None or contribution.checked_by_id:
        return "Somebody has looked at this already."
    return ""


def yours_to_change(contribution: Contribution, user: User) -> str:
    """Why `user` proposes nothing for what a contribution says, or "": they wrote it, or it is quoted."""
    if contribution.is_quoted:
        return f"This stands as {contribution.told_by} wrote it. Write what you know beside it."
    return "You wrote this: change it where it stands." if contribution.author_id == user.pk else ""


def answered_words(asked: Asked) -> str:
    """What became of asking an agency, or "" while it is waited for."""
    if asked.status == Asked.Status.WAITING:
        return ""
    return f"{asked.agency}: {asked.get_status_display().lower()}, {when_text(asked.answered_at or '')}."


def not_theirs_to_answer(asked: Asked, user: User) -> str:
    """Why `user` can't answer for the agency that was asked, or ""."""
    if asked.agency not in agencies(user):
        return f"Only people of {asked.agency} answer this."
    return answered_words(asked)


def not_yours_to_decide(proposal: Proposal, lead: Lead | None, user: User) -> str:
    """Why `user` can't decide on a proposed text, or "": who wrote the first one does, or who leads."""
    if proposal.status != Proposal.Status.WAITING:
        return "This was decided already."
    author = proposal.answer.contribution.author
    if user.pk in (author.pk, lead.user_id if lead else None):
        return ""
    others = f" or {lead.user}, who leads" if lead and lead.user_id != author.pk else ""
    return f"Only {author}, who wrote the text{others}, decides on it."


def not_yours_to_take_back(proposal: Proposal, user: User) -> str:
    """Why `user` can't take a proposed text back, or ""."""
    if proposal.status != Proposal.Status.WAITING:
        return "This was decided already."
    return "" if proposal.author_id == user.pk else f"Only {proposal.author} takes this back."


def not_yours_to_finalise(lead: Lead | None, user: User) -> str:
    """Why `user` can't finalise, or "": only who accepted to lead can, and the answer says who that is."""
    word = procedure_in_force().words.lead
    if lead is None:
        return (
            f"Nobody leads for this family yet. The {word} finalises the assessment: ask someone to lead under “Team”."
        )
    if lead.user_id != user.pk:
        return f"Only the {word} can finalise the assessment: {lead.user} ({lead.agency}). Ask them."
    return ""


@dataclass(frozen=True)
class Missing:
    """Something that isn't there yet: a must, or what was expected, which can be gone without for a reason. `about` are the
    people whom it concerns."""

    key: str
    gap: Gap
    must: bool
    about: tuple[int, ...] = ()


def missing(sheet: Sheet) -> list[Missing]:
    """What isn't there yet, as far as the asker can see, in the order of the form (PS-1, PS-6)."""
    found = [one for written in sheet.written for one in _unanswered(sheet, written)]
    return [*found, *_without_an_aim(sheet), *_still_to_come(sheet), *_not_looked_at(sheet), *_undecided(sheet)]


def place_url(reference: str, place: Place) -> str:
    """Where a place is written."""
    if place.person:
        return reverse("assessment_about", args=[reference, place.part.code, place.person.pk])
    return reverse("assessment_part", args=[reference, place.part.code])


def _unanswered(sheet: Sheet, written: Written) -> Iterator[Missing]:
    place = written.place
    needed = [one for one in written.questions if _is_needed(written, one) and not written.has(one)]
    url = place_url(sheet.family.reference, place)
    about = (place.person_id,) if place.person_id else ()
    if place.person and place.person.has_left:
        return
    for question in needed:
        text, who = _in_words(place, question, nothing=not written.contributions)
        key = f"{place.part.code}.{question.code}{f'.{place.person.pk}' if place.person else ''}"
        must = question.need == "must" or bool(question.unless)
        yield Missing(key, Gap(text, who, url, question.rule), must, about)


def _is_needed(written: Written, question: Question) -> bool:
    if not question.unless:
        return question.need != "may"
    before = written.questions[written.questions.index(question) - 1]
    answers = [passage.said.get((before.code, 0, "")) for passage in written.passages]
    return any(answer and answer != question.unless for answer in answers)


def _in_words(place: Place, question: Question, *, nothing: bool) -> tuple[str, str]:
    if question.voice and place.person:
        who = "If it is not known, write “not known” and why, do not leave it blank."
        return f"What {place.person.name} says is empty.", who
    if place.person:
        if nothing and place.alone:
            return f"Nothing is written about {place.person.name}.", ""
        return f"{place.person.name}: “{question.label.replace('{name}', place.person.short_name)}” is empty.", ""
    return f"“{place.title}”: “{question.label}” is empty.", ""


def _without_an_aim(sheet: Sheet) -> Iterator[Missing]:
    """Children, and worries, for which nothing is aimed at."""
    asks = [(written, one) for written in sheet.written for one in written.questions if one.kind == "outcomes"]
    if not asks or not any(written.has(question) for written, question in asks):
        return  # that nothing is aimed at for anyone is said once
    written, question = asks[0]
    url, aims = place_url(sheet.family.reference, written.place), list(_said(sheet, question.code))
    whom = {number(text) for box, text in aims if box == "whom"}
    children = [
        one for one in sheet.people.values() if one.kind in CHILDREN and not one.has_left and one.pk not in whom
    ]
    if children:
        names = list_words([child.name for child in children])
        gap = Gap(f"Nothing is aimed at for {names}.", "", url, question.rule)
        yield Missing("aim.children", gap, False, tuple(child.pk for child in children))
    aimed_at = {text for box, text in aims if box == "headline"}
    worries = list(_worries(sheet, aimed_at))
    if worries:
        text = f"There is a worry, and no aim for it: {list_words([label for label, _ in worries])}."
        people = sorted({pk for _, pk in worries if pk})
        yield Missing("aim.worries", Gap(text, "", url, question.rule), False, tuple(people))


def _still_to_come(sheet: Sheet) -> Iterator[Missing]:
    """Agencies that were asked for their part, which isn't in and isn't waived."""
    waiting = Asked.objects.filter(assessment=sheet.assessment, status=Asked.Status.WAITING)
    for asked in waiting.select_related("agency"):
        url = reverse("waive_asked", args=[sheet.family.reference, asked.pk])
        text = f"{asked.agency} was asked for its part by {when_text(asked.until)}, and has not sent it."
        yield Missing(
            f"asked.{asked.pk}", Gap(text, "Remind them, or say why you don’t wait for it.", url, "DEV-18"), True
        )


def not_yours_to_send(assessment: Assessment, lead: Lead | None, user: User) -> str:
    """Why `user` can't send an assessment to the front door as the request (MID-10), or "": only the accepted lead can."""
    if not requests.to_be_sent(assessment.episode).exists():
        return "No request waits for this assessment: it was sent already, or the front door asked for it."
    if lead is None or lead.user_id != user.pk:
        whom = f": {lead.user} ({lead.agency}). Ask them" if lead else ""
        return f"Only the {procedure_in_force().words.lead} can send the assessment{whom}."
    return "Finalise the assessment before you send it." if assessment.is_open else ""


def being_read(assessment: Assessment) -> str:
    """Why the next version can't be opened yet: the front door was sent this one, and reads no other."""
    waiting = Request.objects.filter(episode=assessment.episode_id, outcome=Request.Outcome.WAITING)
    if waiting.exclude(submitted_at=None).exists():
        return "The early help team is reading this assessment. Open the next version once they have answered."
    return ""


def _not_looked_at(sheet: Sheet) -> Iterator[Missing]:
    """What came over from the last assessment, and nobody said whether it is still right."""
    places = [one for one in sheet.written if any(not not_to_be_checked(c) for c in one.contributions)]
    if places:
        text = f"Nobody has looked at what came over from the last assessment in {list_words([f'“{one.title}”' for one in places])}."
        people = sorted({pk for one in places if (pk := one.place.person_id)})
        url = place_url(sheet.family.reference, places[0].place)
        yield Missing("carried", Gap(text, "", url, "WOR-12"), False, tuple(people))


def _undecided(sheet: Sheet) -> Iterator[Missing]:
    """Texts that somebody proposed, and nobody decided on."""
    known = {one.pk for one in sheet.contributions if not one.is_narrow and not one.kept_from}
    waiting = [one for pk, found in sheet.proposals.items() if pk in known for one in found]
    if waiting:
        people = sorted({pk for one in waiting for pk in one.about})
        url = reverse("proposal", args=[sheet.family.reference, waiting[0].pk])
        text = f"{len(waiting)} proposed text{'s wait' if len(waiting) > 1 else ' waits'} for an answer."
        yield Missing("proposals", Gap(text, "", url, ""), False, tuple(people))


def _said(sheet: Sheet, question: str) -> Iterator[tuple[str, str]]:
    for said in sheet.said.values():
        yield from ((box, text) for (code, _, box), text in said.items() if code == question)


def _worries(sheet: Sheet, aimed_at: set[str]) -> Iterator[tuple[str, int | None]]:
    for written in sheet.written:
        for question in written.questions:
            if not question.outcome or question.kind != "columns" or question.outcome in aimed_at:
                continue
            known = [
                one for one in written.passages if not one.contribution.is_narrow and not one.contribution.kept_from
            ]
            if any(passage.said.get((question.code, 0, "worried")) for passage in known):
                label = written.title if len(written.questions) == 1 else question.label
                yield f"“{label}”", written.place.person_id
