"""The dated list of what happened to one family, gathered from every app; row security decides what is in it."""

from collections.abc import Iterable
from heapq import nlargest
from typing import Any

from django.core.paginator import Page, Paginator

from assessments.models import Assessment
from consent.models import Agreement
from earlyhelp.govuk.components import TimelineItem
from families.models import ContactAttempt, Document, Episode, Family, Lead, Note, Request, TeamMember
from plans.models import Plan, Review

PER_PAGE = 25
EXCERPT = 280


def events(family: Family) -> list[TimelineItem]:
    """Everything of the family that the asker may see, latest first: one query for each kind of thing."""
    found = [item for gather in GATHER for item in gather(family)]
    return sorted(found, key=_moment, reverse=True)


def latest(family: Family, count: int) -> list[TimelineItem]:
    return nlargest(count, events(family), key=_moment)


def page(family: Family, number: str | None) -> Page[Any]:
    return Paginator(events(family), PER_PAGE).get_page(number)


def _moment(item: TimelineItem) -> str:
    when = item.when
    return when if isinstance(when, str) else when.isoformat()


def _short(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _requests(family: Family) -> Iterable[TimelineItem]:
    for row in Request.objects.filter(family=family).select_related("asked_by", "agency"):
        yield TimelineItem("Support was asked for", row.received_at, f"{row.asked_by}, {row.agency.name}")
        if row.outcome_at:
            yield TimelineItem(f"Request: {row.get_outcome_display().lower()}", row.outcome_at)


def _contacts(family: Family) -> Iterable[TimelineItem]:
    for row in ContactAttempt.objects.filter(family=family).select_related("by"):
        title = "Contact made" if row.reached else "Contact tried"
        yield TimelineItem(f"{title}: {row.get_how_display().lower()}", row.at, row.by.name, _short(row.note))


def _agreements(family: Family) -> Iterable[TimelineItem]:
    for row in Agreement.objects.filter(family=family).select_related("person", "created_by"):
        who = row.created_by.name if row.created_by else ""
        yield TimelineItem(f"{row.person.name}: {row.get_decision_display().lower()}", row.created_at, who)


def _team(family: Family) -> Iterable[TimelineItem]:
    for lead in Lead.objects.filter(family=family).select_related("user", "asked_by"):
        yield TimelineItem(f"{lead.user} was asked to lead", lead.asked_at, lead.asked_by.name)
        if lead.answered_at:
            answer = "declined to lead" if lead.status == "declined" else "accepted to lead"
            yield TimelineItem(f"{lead.user} {answer}", lead.answered_at, "", lead.reason)
    for member in TeamMember.objects.filter(family=family).select_related("user", "agency"):
        if member.answered_at:
            answer = "declined to join the team" if member.status == "declined" else "joined the team"
            yield TimelineItem(f"{member.user}, {member.agency.name}, {answer}", member.answered_at, "", member.reason)


def _assessments(family: Family) -> Iterable[TimelineItem]:
    for row in Assessment.objects.filter(family=family).select_related("started_by", "finalised_by"):
        yield TimelineItem("Assessment started", row.started_at, row.started_by.name)
        if row.finalised_at:
            yield TimelineItem("Assessment finalised", row.finalised_at, str(row.finalised_by))


def _plans(family: Family) -> Iterable[TimelineItem]:
    for plan in Plan.objects.filter(family=family).exclude(agreed_on=None):
        yield TimelineItem("Plan agreed", plan.agreed_on or "")
    for review in Review.objects.filter(family=family).select_related("recorded_by"):
        text = f"{review.get_finding_display()}. {review.get_decision_display()}."
        yield TimelineItem("Review held", review.held_at, review.recorded_by.name, text)


def _notes(family: Family) -> Iterable[TimelineItem]:
    for row in Note.objects.filter(family=family).select_related("author"):
        title = f"{row.get_kind_display()} with {row.with_whom}"
        yield TimelineItem(title, row.at, row.author.name, _short(row.text), f"{family.get_absolute_url()}notes/")


def _documents(family: Family) -> Iterable[TimelineItem]:
    for row in Document.objects.filter(family=family).select_related("uploaded_by"):
        yield TimelineItem(f"Filed: {row.title}", row.created_at, row.uploaded_by.name)


def _episodes(family: Family) -> Iterable[TimelineItem]:
    for row in Episode.objects.filter(family=family).exclude(ended_at=None):
        yield TimelineItem(f"Early help ended: {row.get_end_reason_display().lower()}", row.ended_at or "")


GATHER = (_requests, _contacts, _agreements, _team, _assessments, _plans, _notes, _documents, _episodes)
