"""The dated list of what happened to one family, gathered from every app; row security decides what is in it.

One query finds which events a page holds, (moment, source, row); then each source gives the rows that are on it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, DateTimeField, F, Func, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Least
from django.urls import reverse

from assessments.models import Assessment
from consent.models import Agreement
from earlyhelp.core.clock import in_london
from earlyhelp.core.prepared import Among, Prepared
from earlyhelp.govuk.components import TimelineItem, when_text
from families.models import (
    ContactAttempt,
    Document,
    Episode,
    Family,
    FiledInError,
    Lead,
    Note,
    Person,
    Request,
    ServiceRequest,
    TeamMember,
)
from plans.models import Meeting, Plan, Review, ReviewMove
from plans.rules import start_of
from stepdown.models import LevelChange, Step, StepDown, StepUp
from stepdown.rules import CONDITIONS
from stepdown.services.gate import PANEL, in_words

PER_PAGE = 25
RECENT = 6
EXCERPT = 280
Key = tuple[datetime, int, str]


def _end_of(day: str) -> Func:
    """The last moment of a column's day in England."""
    ends = "(%(expressions)s + 1)::timestamp AT TIME ZONE 'Europe/London'"
    return Func(F(day), template=ends, output_field=DateTimeField())


@dataclass(frozen=True)
class Source:
    """One kind of event: its rows, when each happened and was recorded, and the words for it. `whom`: where a row names people
    of the family. `matters`: whether it is one that a short chronology has."""

    of: type[Model]
    happened: Any
    recorded: Any
    item: Callable[[Any], TimelineItem]
    only: Q = field(default_factory=Q)
    whom: str = ""
    matters: bool = False

    def keys(self, family: Any, number: int, moment: Any) -> QuerySet[Any]:
        rows = ROWS[self.of].filter(self.only, family=family).order_by()
        return rows.annotate(
            moment=Cast(moment, DateTimeField()), source=Value(number), row=Cast("pk", CharField())
        ).values_list("moment", "source", "row")

    def is_about(self, people: Collection[int]) -> Q:
        """That a row names one of the people."""
        if self.whom.endswith("_id"):
            return Q(**{f"{self.whom}__in": list(people)})
        return Q(**{f"{self.whom}__overlap": list(people)})


@dataclass(frozen=True)
class Wanted:
    """What of the chronology is asked for: between two days, about someone, or what matters alone: when support or a service was
    asked for, agreed, assessed, planned, reviewed, stepped up or down."""

    since: date | None = None
    until: date | None = None
    person: int | None = None
    matters: bool = False

    def between(self) -> Q:
        found = Q()
        if self.since:
            found &= Q(moment__gte=start_of(self.since))
        if self.until:
            found &= Q(moment__lt=start_of(self.until + timedelta(days=1)))
        return found


def page(family: Family, number: str | None, wanted: Wanted) -> Page[Any]:
    """A page of what is wanted of the family, as far as the asker may see it, by when it happened, latest first."""
    keys = ALL(family) if wanted == Wanted() else list(_wanted(family, wanted))
    found = Paginator(keys, PER_PAGE).get_page(number)
    found.object_list = [item for _, item in _items(list(found.object_list))]
    return found


def printed(
    family: Family, wanted: Wanted, *, without: Collection[int] = (), for_family: bool = False
) -> list[TimelineItem]:
    """What is wanted, first things first, for a print `without` what names these people. No copy has what only some read. One
    for the family has no one's free words, nor what the services wrote among themselves or told social care."""
    named = [person.short_name for person in family.everyone() if person.pk in without]
    narrow = _narrow(family)
    found = []
    for (_, source, row), item in reversed(_items(list(_wanted(family, wanted, without)))):
        of = SOURCES[source].of
        if (of, row) in narrow or (for_family and of in AMONG_SERVICES):
            continue
        if not any(name in f"{item.title} {item.text}" for name in named):
            found.append(replace(item, text="") if for_family else item)
    return found


def in_short(family: Family, since: date, *, without: Collection[int], for_family: bool) -> list[TimelineItem]:
    """What mattered most from a day on, for a print."""
    return printed(family, Wanted(since=since, matters=True), without=without, for_family=for_family)


def _wanted(family: Family, wanted: Wanted, without: Collection[int] = ()) -> QuerySet[Any]:
    each = []
    for n, source in enumerate(SOURCES):
        if (wanted.matters and not source.matters) or (wanted.person and not source.whom):
            continue
        keys = source.keys(family, n, source.happened).filter(wanted.between())
        if wanted.person:
            keys = keys.filter(source.is_about([wanted.person]))
        if without and source.whom:
            keys = keys.exclude(source.is_about(without))
        each.append(keys)
    return _union(each)


def latest(family: Family, known: Iterable[Any] = ()) -> list[TimelineItem]:
    """The few things that were recorded last, whenever they happened; it says so where that was another day. `known`: rows
    that the page has read already, with all that their lines name."""
    return [_with_recorded(item, key[0]) for key, item in _items(LATEST(family), known)]


def _union(each: Sequence[QuerySet[Any]]) -> QuerySet[Any]:
    return each[0].union(*each[1:], all=True).order_by("-moment", "-source", "-row")


def _items(keys: Sequence[Key], known: Iterable[Any] = ()) -> list[tuple[Key, TimelineItem]]:
    rows = {(type(row), str(row.pk)): row for row in known}
    found = [(key, (SOURCES[key[1]].of, key[2])) for key in keys]
    wanted: dict[type[Model], set[str]] = {}
    for of, row in {one for _, one in found} - rows.keys():
        wanted.setdefault(of, set()).add(row)
    rows |= {(of, str(row.pk)): row for of, pks in wanted.items() for row in READ[of](_keys(of, pks))}
    return [(key, SOURCES[key[1]].item(rows[one])) for key, one in found if one in rows]


def _keys(of: type[Model], pks: Iterable[str]) -> list[Any]:
    return [of._meta.pk.to_python(pk) for pk in pks]


def _with_recorded(item: TimelineItem, recorded: datetime) -> TimelineItem:
    day = in_london(recorded).date()
    happened = in_london(item.when).date() if isinstance(item.when, datetime) else item.when
    return item if happened == day else replace(item, who=f"{item.who}, recorded on {when_text(day)}".strip(", "))


def _short(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _on(day: date | None, recorded: datetime | None) -> date | datetime:
    """A day, with the time when it was recorded where that was the same day."""
    assert day is not None
    return recorded if recorded and in_london(recorded).date() == day else day


def _asked_for(row: Request) -> TimelineItem:
    return TimelineItem("Support was asked for", row.received_at, f"{row.asked_by}, {row.agency.name}")


def _sent(row: Request) -> TimelineItem:
    agreed = f"The family agreed on {when_text(row.agreed_to_send_on or '')}"
    return TimelineItem("The assessment was sent as the request", row.submitted_at or "", agreed)


def _outcome(row: Request) -> TimelineItem:
    return TimelineItem(f"Request: {row.outcome_words[:1].lower()}{row.outcome_words[1:]}", row.outcome_at or "")


def _contact(row: ContactAttempt) -> TimelineItem:
    title = "Contact made" if row.reached else "Contact tried"
    url = reverse("notes", args=[row.family.reference])
    return TimelineItem(f"{title}: {row.get_how_display().lower()}", row.at, row.by.name, _short(row.note), url)


def _agreement(row: Agreement) -> TimelineItem:
    who = row.created_by.name if row.created_by else ""
    title = f"{row.person.name}: {row.get_decision_display().lower()}"
    if row.mistake_id:
        title = f"Recorded by mistake, and taken back: what {row.person.name} decided"
    return TimelineItem(title, _on(row.decided_on, row.created_at), who)


def _asked_to_lead(row: Lead) -> TimelineItem:
    return TimelineItem(f"{row.user} was asked to lead", row.asked_at, row.asked_by.name)


def _answered_lead(row: Lead) -> TimelineItem:
    answers = {
        Lead.Status.DECLINED: "declined to lead",
        Lead.Status.NOT_NEEDED: "needn’t answer any more: someone else leads",
    }
    answer = answers.get(Lead.Status(row.status), "accepted to lead")
    return TimelineItem(f"{row.user} {answer}", row.answered_at or "", "", row.reason)


def _answered_invitation(row: TeamMember) -> TimelineItem:
    answers = {
        TeamMember.Status.DECLINED: "declined to join the team",
        TeamMember.Status.MISTAKE: "was on the team by mistake",
    }
    answer = answers.get(TeamMember.Status(row.status), "joined the team")
    return TimelineItem(f"{row.user}, {row.agency.name}, {answer}", row.answered_at or "", "", row.reason)


def _assessment_started(row: Assessment) -> TimelineItem:
    return TimelineItem("Assessment started", row.started_at, row.started_by.name)


def _assessment_finalised(row: Assessment) -> TimelineItem:
    return TimelineItem("Assessment finalised", row.finalised_at or "", str(row.finalised_by))


def _plan_agreed(row: Plan) -> TimelineItem:
    return TimelineItem("Plan agreed", _on(row.agreed_on, row.agreed_recorded_at))


def _review_moved(row: ReviewMove) -> TimelineItem:
    title = f"Next review moved from {when_text(row.moved_from)} to {when_text(row.moved_to)}"
    return TimelineItem(title, row.created_at, row.moved_by.name, row.reason)


def _review(row: Review) -> TimelineItem:
    text = f"{row.get_finding_display()}. {row.get_decision_display()}."
    url = reverse("review", args=[row.family.reference, row.pk])
    return TimelineItem("Review held", row.held_at, row.recorded_by.name, text, url)


def _meeting(row: Meeting) -> TimelineItem:
    url = reverse("meeting", args=[row.family.reference, row.pk])
    who = row.recorded_by.name if row.recorded_by else ""
    return TimelineItem(f"{row.title} held", row.on, who, _short(row.outcomes), url)


def _note(row: Note) -> TimelineItem:
    title = f"{row.get_kind_display()} with {row.with_whom}"
    if row.adds_to_id:
        title = "A note was corrected" if row.corrects else "A note was added to"
    return TimelineItem(title, row.at, row.author.name, _short(row.text), reverse("notes", args=[row.family.reference]))


def _document(row: Document) -> TimelineItem:
    return TimelineItem(f"Filed: {row.title}", row.created_at, row.uploaded_by.name)


def _service_asked(row: ServiceRequest) -> TimelineItem:
    url = reverse("services", args=[row.family.reference])
    return TimelineItem(f"{row.service_name} was asked to help", row.sent_on, row.sent_by.name, _short(row.why), url)


def _service_answered(row: ServiceRequest) -> TimelineItem:
    url = reverse("services", args=[row.family.reference])
    answer = row.get_status_display()
    title = f"{row.service_name}: {answer[:1].lower()}{answer[1:]}"
    return TimelineItem(title, row.answered_on or "", row.answered_by, _short(row.answer), url)


def _stepping_down(row: StepDown) -> TimelineItem:
    if row.within:
        return TimelineItem(
            "A step-down to early help was opened", row.found_at or "", row.opened_by.name, "", row.get_absolute_url()
        )
    who = f"{row.worker}, {row.agency}"
    return TimelineItem(
        "Social care began to step the family down", row.found_at or "", who, "", row.get_absolute_url()
    )


def _step(row: Step) -> TimelineItem:
    title = in_words(CONDITIONS["panel" if row.code in PANEL else row.code].title)
    url = reverse("step_down_of", args=[row.family.reference])
    return TimelineItem(f"Step-down: {title}", _on(row.on, row.at), row.by.name, _short(row.words), url)


def _stepped_down(row: StepDown) -> TimelineItem:
    return TimelineItem("The case closed to social care", row.completed_at or "", f"{row.worker}, {row.agency}")


def _level(row: LevelChange) -> TimelineItem:
    return TimelineItem(
        f"Level of help: {row.words}", _on(row.on, row.decided_at), row.decided_by.name, _short(row.reason)
    )


def _stepped_up(row: StepUp) -> TimelineItem:
    url = reverse("show_step_up", args=[row.family.reference, row.pk])
    title = "Social care was told" if row.is_told else "A step-up to social care was written, and isn’t sent yet"
    if row.withdrawn_at:
        title = "A step-up to social care was made by mistake, and taken back"
    return TimelineItem(title, row.made_at, row.made_by.name, f"{row.get_ground_display()}.", url)


def _step_up_answered(row: StepUp) -> TimelineItem:
    url = reverse("show_step_up", args=[row.family.reference, row.pk])
    return TimelineItem(row.outcome_title, row.outcome_on or "", row.outcome_by, _short(row.outcome_words), url)


def _ended(row: Episode) -> TimelineItem:
    return TimelineItem(f"Early help ended: {row.end_words[:1].lower()}{row.end_words[1:]}", row.ended_at or "")


def _filed_in_error(row: FiledInError) -> TimelineItem:
    return TimelineItem("Filed here in error", row.filed_at, "", row.words)


OF_A_STEP_DOWN = Q(who_asks=Request.Asker.SOCIAL_CARE)  # which says for itself when it began
AGREED_OR_SEEN = Q(code__in=[*PANEL, "visit", "overseer"])
# The rows of each kind, with what a line names of others
ROWS: dict[type[Model], QuerySet[Any]] = {
    Request: Request.objects.select_related("asked_by", "agency"),
    ContactAttempt: ContactAttempt.objects.select_related("by", "family"),
    Agreement: Agreement.ever.filter(continues=None).select_related("person", "created_by"),
    Lead: Lead.objects.select_related("user", "asked_by"),
    TeamMember: TeamMember.objects.select_related("user", "agency"),
    Assessment: Assessment.objects.select_related("started_by", "finalised_by"),
    Plan: Plan.objects.all(),
    ReviewMove: ReviewMove.objects.select_related("moved_by"),
    Note: Note.objects.select_related("author", "family"),
    Review: Review.objects.select_related("recorded_by", "family"),
    Meeting: Meeting.objects.select_related("recorded_by", "family"),
    Document: Document.objects.select_related("uploaded_by"),
    ServiceRequest: ServiceRequest.objects.select_related("sent_by", "family"),
    StepDown: StepDown.objects.select_related("worker", "agency", "opened_by"),
    Step: Step.objects.select_related("by", "family"),
    LevelChange: LevelChange.objects.select_related("decided_by"),
    StepUp: StepUp.objects.select_related("made_by", "family"),
    FiledInError: FiledInError.of(Note, Document, ContactAttempt, Person),
    Episode: Episode.objects.all(),
}
# In the order in which things come about: of two with the same moment, the one further down is the later
SOURCES = (
    Source(
        Request,
        F("received_at"),
        F("created_at"),
        _asked_for,
        ~OF_A_STEP_DOWN,
        matters=True,
    ),
    Source(
        Request,
        F("submitted_at"),
        F("submitted_at"),
        _sent,
        Q(agreed_to_send_on__isnull=False),
    ),
    Source(
        Request,
        F("outcome_at"),
        F("outcome_at"),
        _outcome,
        Q(outcome_at__isnull=False) & ~OF_A_STEP_DOWN,
        matters=True,
    ),
    Source(ContactAttempt, F("at"), F("created_at"), _contact, whom="whom"),
    Source(
        Agreement,
        Least("created_at", _end_of("decided_on")),
        F("created_at"),
        _agreement,
        whom="person_id",
        matters=True,
    ),
    Source(Lead, F("asked_at"), F("asked_at"), _asked_to_lead),
    Source(
        Lead,
        F("answered_at"),
        F("answered_at"),
        _answered_lead,
        Q(answered_at__isnull=False),
        matters=True,
    ),
    Source(
        TeamMember,
        F("answered_at"),
        F("answered_at"),
        _answered_invitation,
        Q(answered_at__isnull=False),
    ),
    Source(
        Assessment,
        F("started_at"),
        F("created_at"),
        _assessment_started,
        matters=True,
    ),
    Source(
        Assessment,
        F("finalised_at"),
        F("finalised_at"),
        _assessment_finalised,
        Q(finalised_at__isnull=False),
        matters=True,
    ),
    Source(
        Plan,
        Least("agreed_recorded_at", _end_of("agreed_on")),
        Coalesce("agreed_recorded_at", _end_of("agreed_on")),
        _plan_agreed,
        Q(agreed_on__isnull=False),
        matters=True,
    ),
    Source(ReviewMove, F("created_at"), F("created_at"), _review_moved),
    Source(Note, F("at"), F("created_at"), _note, whom="about"),
    Source(Review, F("held_at"), F("created_at"), _review, matters=True),
    Source(
        Meeting,
        Least("recorded_at", _end_of("on")),
        F("recorded_at"),
        _meeting,
        Q(status="held"),
        matters=True,
    ),
    Source(Document, F("created_at"), F("created_at"), _document, whom="about"),
    Source(
        ServiceRequest,
        Least("created_at", _end_of("sent_on")),
        F("created_at"),
        _service_asked,
        whom="about",
        matters=True,
    ),
    Source(
        ServiceRequest,
        Least("answer_recorded_at", _end_of("answered_on")),
        F("answer_recorded_at"),
        _service_answered,
        Q(answer_recorded_at__isnull=False),
        whom="about",
        matters=True,
    ),
    Source(
        StepDown,
        F("found_at"),
        F("found_at"),
        _stepping_down,
        Q(found_at__isnull=False),
        matters=True,
    ),
    Source(
        Step,
        Least("at", _end_of("on")),
        F("at"),
        _step,
        Q(undone_at=None) & ~AGREED_OR_SEEN,
    ),
    Source(
        Step,
        Least("at", _end_of("on")),
        F("at"),
        _step,
        Q(undone_at=None) & AGREED_OR_SEEN,
        matters=True,
    ),
    Source(
        StepDown,
        F("completed_at"),
        F("completed_at"),
        _stepped_down,
        Q(completed_at__isnull=False, within=False),
        matters=True,
    ),
    Source(
        LevelChange,
        Least("decided_at", _end_of("on")),
        F("decided_at"),
        _level,
        matters=True,
    ),
    Source(
        StepUp,
        F("made_at"),
        F("made_at"),
        _stepped_up,
        whom="about",
        matters=True,
    ),
    Source(
        StepUp,
        Least("recorded_at", _end_of("outcome_on")),
        F("recorded_at"),
        _step_up_answered,
        Q(recorded_at__isnull=False, withdrawn_at=None),
        matters=True,
    ),
    Source(FiledInError, F("filed_at"), F("created_at"), _filed_in_error),
    Source(Episode, F("ended_at"), F("ended_at"), _ended, Q(ended_at__isnull=False), matters=True),
)


def _read(rows: QuerySet[Any]) -> Prepared[Any]:
    return Prepared(lambda keys: rows.filter(Among("pk", keys)))


READ = {of: _read(rows) for of, rows in ROWS.items()}
ALL = Prepared(lambda family: _union([one.keys(family, n, one.happened) for n, one in enumerate(SOURCES)]))
LATEST = Prepared(lambda family: _union([one.keys(family, n, one.recorded) for n, one in enumerate(SOURCES)])[:RECENT])
AMONG_SERVICES = (Request, Note, Document, ContactAttempt, StepUp, FiledInError)


def _narrow(family: Family) -> set[tuple[type[Any], str]]:
    """The notes and documents that only some read who read the record."""
    notes = Note.objects.filter(family=family).exclude(readers=None, reader_agency=None)
    files = Document.objects.filter(family=family).exclude(reader_agency=None)
    return {(rows.model, str(pk)) for rows in (notes, files) for pk in rows.values_list("pk", flat=True)}
