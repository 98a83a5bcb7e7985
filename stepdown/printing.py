"""The handover pack for the new lead and the family's meeting; and the family's letter."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.models import Assessment
from assessments.reading import special_needs
from consent.team_print import who_works
from consent.word import FamilysWord
from earlyhelp.accounts.models import Agency
from earlyhelp.core import clock
from earlyhelp.core.clock import in_london
from earlyhelp.govuk.components import TimelineItem, when_text
from earlyhelp.printing.pdf import render_pdf
from earlyhelp.timescales import services as timescales
from families.models import Family, Person, PersonDetails, RequestWords
from families.services import wishes
from families.services.running import lead_of
from plans.models import Action, Meeting, Plan, Present
from plans.presenters import blocks
from stepdown.clocks import JOINT_VISIT
from stepdown.models import Analysis, Step, StepDown, StepUp
from stepdown.services.gate import PANEL, gate, in_force, visit_that_counts
from stepdown.services.stepup import text_for_front_door

# What happened to a family from a day on, in short, `without` some people; the chronology tells it
HAPPENED: list[Callable[..., list[TimelineItem]]] = []
BEFORE = timedelta(days=183)
SHARES = {1: "Basic information", 2: "Basic and additional information"}


@dataclass(frozen=True)
class Doing:
    """An action of the plan: what, who, and by when or what came of it."""

    what: str
    who: str
    when: str


@dataclass(frozen=True)
class Voice:
    """What someone of the family said, and where."""

    name: str
    words: str
    where: str


def pack_pdf(
    step_down: StepDown,
    family: Family,
    *,
    without: Collection[int] = (),
    for_family: bool = False,
    large_print: bool = False,
) -> bytes:
    """All that a new lead begins with, as far as whoever prints it may know: no address, and `without` what is about those
    people, or names them. A copy for the family leaves out what the services wrote among themselves, and what is still missing,
    which is theirs to put right."""
    kept = [person.short_name for person in family.everyone() if person.pk in without]
    people = [person for person in family.people() if person.pk not in without]
    plan = Plan.objects.filter(episode=step_down.episode_id).first()
    meetings = list(Meeting.objects.filter(episode=step_down.episode_id, status=Meeting.Status.HELD))
    steps = list(in_force(step_down).select_related("by"))
    visit = timescales.of(JOINT_VISIT, step_down).first()
    since = in_london(step_down.opened_at - BEFORE).date()
    context = {
        "family": family,
        "step_down": step_down,
        "why": None if for_family else RequestWords.objects.filter(request=step_down.request_id).first(),
        "people": people,
        "support": _support(people, step_down),
        "lead": lead_of(step_down.episode) if step_down.episode else None,
        "workers": who_works(family, to_family=for_family),
        "voices": _voices(step_down, meetings, people),
        "first": [] if for_family else [step for step in steps if step.code in PANEL and step.words][:1],
        "meetings": [one for one in meetings if not any(name in f"{one.outcomes} {one.told}" for name in kept)],
        "doing": _doing(plan, without),
        "brought": [] if for_family else list(Analysis.objects.filter(step_down=step_down)),
        "next_review_on": plan.next_review_on if plan else None,
        "visit_by": in_london(visit.due_at).date() if visit and visit.is_open else None,
        "shares": _shares(family, people),
        "since": since,
        "items": [item for tell in HAPPENED for item in tell(family, since, without=without, for_family=for_family)],
        "missing": [] if for_family or not step_down.is_open else gate(step_down),
        "exceptions": [] if for_family else [step for step in steps if step.how == Step.How.EXCEPTION],
        "footer": f"Handover of {family.reference}, printed {when_text(clock.now())}",
    }
    return render_pdf("stepdown/pack_print.html", context, title="Handover to early help", large_print=large_print)


def _support(people: Sequence[Person], step_down: StepDown) -> list[tuple[str, str]]:
    """What each of the people named needs so that they can take part: a disability, access, an interpreter; and what the
    assessment says of special educational needs."""
    found = []
    latest = Assessment.objects.filter(episode=step_down.episode_id).select_related("form").first()
    for pk, said in special_needs(latest, people).items() if latest else ():
        found.append((next(one.short_name for one in people if one.pk == pk), "; ".join(said)))
    for row in PersonDetails.objects.filter(person__in=people).select_related("person"):
        interpreter = f"needs an interpreter ({row.language or 'language not recorded'})" if row.interpreter else ""
        if needs := ", ".join(filter(None, (row.disability, row.access_needs, interpreter))):
            found.append((row.person.short_name, needs))
    return found


def _voices(step_down: StepDown, meetings: Sequence[Meeting], people: Sequence[Person]) -> list[Voice]:
    """Children first: what each said at the latest meeting where they said something, and whom they would like to lead."""
    found: list[Voice] = []
    rows = (
        Present.objects.filter(meeting__in=meetings, person__in=people)
        .exclude(words="")
        .select_related("person", "meeting")
    )
    spoke: set[int] = set()
    for row in rows.order_by("-meeting__on", "-pk"):
        if row.person and row.person.pk not in spoke:
            spoke.add(row.person.pk)
            found.append(Voice(row.person.short_name, row.words, f"{row.meeting.title}, {when_text(row.meeting.on)}"))
    named = {person.pk for person in people}
    found += [
        Voice(one.person.short_name, one.words, "whom they would like to lead")
        for one in wishes.of(step_down.episode)
        if one.person_id in named
    ]
    children = {person.short_name for person in people if person.kind != Person.Kind.ADULT}
    return sorted(found, key=lambda voice: voice.name not in children)


def _doing(plan: Plan | None, without: Collection[int]) -> list[Doing]:
    if plan is None:
        return []
    lines = [line for block in blocks(plan) if block.outcome.person_id not in without for line in block.lines]
    return [
        Doing(
            line.action.text,
            f"{line.who}, {line.agency}" if line.agency else line.who,
            _by_when(line.action),
        )
        for line in lines
        if line.action.person_id not in without
    ]


def _by_when(action: Action) -> str:
    if not action.is_open:
        return action.get_status_display()
    return when_text(action.due_on) if action.due_on else "No day is set"


def _shares(family: Family, people: Sequence[Person]) -> list[tuple[str, str]]:
    """With which agencies these people share, and how much at most."""
    word, named = FamilysWord.of(family), {person.pk for person in people}
    known: dict[int, int] = {}
    for (person, agency), held in word.choices.items():
        if person in named and held.tier:
            known[agency] = max(known.get(agency, 0), held.tier)
    agencies = Agency.objects.filter(pk__in=known).order_by("name")
    return [(agency.name, SHARES[known[agency.pk]]) for agency in agencies]


def step_up_pdf(row: StepUp, family: Family, *, without: Collection[int] = (), large_print: bool = False) -> bytes:
    """For the front door: why, as it is sent; what is being done, and what mattered in the last half year."""
    since = in_london(row.made_at - BEFORE).date()
    context = {
        "family": family,
        "row": row,
        "text": text_for_front_door(row, family),
        "doing": _doing(Plan.objects.filter(episode=row.episode_id).first(), without),
        "since": since,
        "items": [item for tell in HAPPENED for item in tell(family, since, without=without, for_family=False)],
        "footer": f"Step-up of {family.reference}, printed {when_text(clock.now())}",
    }
    return render_pdf("stepdown/step_up_print.html", context, title="Step-up to social care", large_print=large_print)


def letter_pdf(step_down: StepDown, family: Family, *, visit_on: date | None, large_print: bool = False) -> bytes:
    """To the family: who helps now, who comes to the joint visit and when, and whom to ring."""
    visit = timescales.of(JOINT_VISIT, step_down).first()
    lead = lead_of(step_down.episode) if step_down.episode else None
    came = visit_that_counts(step_down, in_force(step_down), lead)
    context = {
        "family": family,
        "step_down": step_down,
        "lead": lead,
        "visit_on": visit_on,
        "came_on": came.on if came else None,
        "visit_by": in_london(visit.due_at).date() if visit and visit.is_open else None,
        "footer": f"{family.reference}, printed {when_text(clock.now())}",
    }
    return render_pdf("stepdown/letter_print.html", context, title="Who helps you from now on", large_print=large_print)
