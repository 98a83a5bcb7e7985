"""A step-down as its page shows it: the steps in the procedure's order, each with what was done, what is next, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import reverse

from assessments import policies as assessments
from assessments.models import Assessment
from consent import policies as consent
from consent.models import Agreement
from earlyhelp.access.actions import Action, Asker
from earlyhelp.access.case import Case
from earlyhelp.access.levels import Level
from earlyhelp.govuk.components import when_text
from families import policies as families
from families.models import Family, Lead, ServiceRequest
from families.services import wishes
from families.services.running import runner_of
from plans import policies as plans
from plans.models import Meeting, Outcome
from stepdown import policies
from stepdown.models import Analysis, Step, StepDown
from stepdown.rules import CONDITIONS, NO_EXCEPTION, Facts, says_of_the_record
from stepdown.services.gate import PANEL, in_words, steps_of, who_can

RECORDED = (
    "offer",
    "talked_over",
    "told",
    "case_note",
    "visit",
    "overseer",
)  # steps that are said on a form of their own


@dataclass(frozen=True)
class Done:
    """Something that was recorded of a step, in words; with where to take it back."""

    step: Step
    text: str
    undo: str = ""


@dataclass
class Line:
    code: str
    title: str
    rule: str
    needed: bool
    state: str
    colour: str
    lacks: str = ""
    waits: str = ""
    happened: list[str] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    who: str = ""


def lines(step_down: StepDown, facts: Facts, asker: Asker, family: Family | None, closed: bool = False) -> list[Line]:
    """Each step; `family` is None for whoever can't open its record, which is `closed` where early help was open before."""
    rows: dict[str, list[Step]] = {}
    for step in Step.objects.filter(step_down=step_down).select_related("by", "undone_by", "step_down"):
        rows.setdefault("panel" if step.code in PANEL else step.code, []).append(step)
    found, happened = [], _happened(step_down) if family else {}
    runner = runner_of(step_down.episode) if family and step_down.episode else None
    for rule in steps_of(step_down):
        condition = CONDITIONS[rule.code]
        lacks, waits = condition.lacks(facts), condition.waits(facts)
        state, colour = _state(rule.code, lacks, waits, facts)
        if closed and says_of_the_record(rule.code) and not rows.get(rule.code):
            found.append(
                Line(rule.code, in_words(condition.title), condition.rule, rule.gate, "Early help’s part", "grey")
            )
            continue
        line = Line(
            rule.code,
            in_words(condition.title),
            condition.rule,
            rule.gate,
            state,
            colour,
            in_words(lacks) if lacks else "",
            in_words(waits) if lacks and waits and not closed else "",
            happened.get(rule.code, []),
            [_done(step_down, step, asker) for step in rows.get(rule.code, ())],
        )
        if step_down.is_open and (not waits or not lacks):
            line.links = list(_links(step_down, rule.code, lacks, facts, asker, family))
            if lacks and not line.links and not closed:
                line.who = f"{who_can(step_down, rule.code, runner)} can do this."
        found.append(line)
    return found


def _happened(step_down: StepDown) -> dict[str, list[str]]:
    """What was done elsewhere of a step, by whom and when, as far as the asker may read it."""
    episode = step_down.episode_id
    found: dict[str, list[str]] = {"checked": [f"{step_down.opened_by}, {when_text(step_down.opened_at)}"]}
    said = Agreement.objects.filter(episode=episode, mistake=None).select_related("person", "created_by").order_by("pk")
    latest = {row.person_id: row for row in said}
    found["agreement"] = [
        f"{row.person.name}: {row.get_decision_display().lower()}, {row.get_how_display().lower()}, {when_text(row.decided_on)}"
        for row in latest.values()
    ]
    found["wishes"] = [f"{one.person.short_name}: {one.words}" for one in wishes.of(step_down.episode)]
    leads = Lead.objects.filter(episode=episode).select_related("user", "agency")
    found["lead"] = [
        f"{one.user}, {one.agency}: {one.get_status_display().lower()}, {when_text(one.answered_at)}"
        if one.answered_at
        else f"{one.user}, {one.agency}: asked {when_text(one.asked_at)}, no answer yet"
        for one in leads
    ]
    held = Meeting.objects.filter(episode=episode).exclude(status=Meeting.Status.OFF)
    found["meeting"] = [
        f"{one.title}: {one.get_status_display().lower()}"
        f"{' for' if one.status == Meeting.Status.ARRANGED else ''} {when_text(one.on)}"
        for one in held
    ]
    counted = [f"{one.title}, {when_text(one.on)}" for one in held if one.status == Meeting.Status.HELD]
    outcomes = Outcome.objects.filter(plan__episode=episode).count()
    in_plan = [f"The plan has {outcomes} outcome{'' if outcomes == 1 else 's'}"] if outcomes else []
    found["outcomes"] = [*counted, *in_plan]
    found["told"] = [f"{one.title}, {when_text(one.on)}: {one.told}" for one in held if one.told]
    begun = Assessment.objects.filter(episode=episode).select_related("started_by")
    found["assessment"] = [f"Started by {one.started_by}, {when_text(one.started_at)}" for one in begun]
    found["opened"] = [f"Assessment: {line}" for line in found["assessment"]] or counted
    asked = ServiceRequest.objects.filter(episode=episode)
    found["services"] = [f"{one.service_name}: {one.get_status_display().lower()}" for one in asked]
    brought = Analysis.objects.filter(step_down=step_down)
    found["analysis"] = [
        f"{one.title}, {one.author}, {when_text(one.written_on)}. {one.unreadable}".strip() for one in brought
    ]
    return found


def _state(code: str, lacks: str, waits: str, facts: Facts) -> tuple[str, str]:
    if not lacks:
        left_out = code in facts.without or (code == "wishes" and facts.wishes_missing)
        return ("Left out", "grey") if left_out else ("Done", "green")
    if code in facts.excepted:
        return "Exception", "purple"
    return ("Can’t be done yet", "grey") if waits else ("To do", "blue")


def _done(step_down: StepDown, step: Step, asker: Asker) -> Done:
    words = {"panel_social": "For social care", "panel_help": "For early help"}
    parts = [words.get(step.code, ""), step.get_how_display() if step.how != Step.How.DONE else "", when_text(step.on)]
    if step.code == "visit" and not step.together:
        parts.append("only one of the two went")
    text = ", ".join(filter(None, [*parts, step.present]))
    may = policies.TAKE_BACK.allows(asker, step) and step_down.is_open
    undo = reverse("take_back_step", args=[step_down.reference, step.pk]) if may else ""
    return Done(step, text[:1].upper() + text[1:], undo)


def _links(
    step_down: StepDown, code: str, lacks: str, facts: Facts, asker: Asker, family: Family | None
) -> Iterator[tuple[str, str]]:
    """Where a step is done, for who can do it: as words and an address."""
    reference = step_down.reference
    may_step = policies.STEP.allows(asker, policies.OneStep(step_down, code))
    if code in RECORDED and may_step and (lacks or code == "visit"):
        yield "Record it", reverse("record_step", args=[reference, code])
    if code == "panel" and (side := policies.side_of(asker, step_down)) and side not in facts.panel:
        yield f"Agree for {side.replace('_', ' ')}", reverse("agree_at_panel", args=[reference])
    if code == "meeting" and may_step and (lacks or step_down.route):
        yield ("Change the route" if step_down.route else "Choose the route"), reverse("choose_route", args=[reference])
    if code == "services" and lacks and may_step:
        yield "None is needed", reverse("leave_out_step", args=[reference, code])
    keeps_open = any(rule.gate and rule.code == code for rule in steps_of(step_down))
    may_lack = keeps_open and code not in NO_EXCEPTION and code not in facts.excepted
    may_except = may_lack and policies.EXCEPT.allows(asker, step_down)
    if lacks and may_except:
        yield "Make an exception", reverse("allow_exception", args=[reference, code])
    if family is None:
        return
    if code == "meeting" and lacks and step_down.route and asker.level >= Level.CONTRIBUTE:
        kind = "taf" if step_down.route == "a" else "cin"
        arranged = Meeting.objects.filter(episode=step_down.episode_id, status=Meeting.Status.ARRANGED, kind=kind)
        if planned := arranged.first():
            yield "Record what came of it", reverse("record_arranged", args=[family.reference, planned.pk])
            return
        yield "Arrange the meeting", f"{reverse('arrange_meeting', args=[family.reference])}?kind={kind}"
        yield "Record a meeting that was held", f"{reverse('record_meeting', args=[family.reference])}?kind={kind}"
    if code == "meeting" and lacks and step_down.route == "a" and may_step:
        yield "Go without a meeting", reverse("leave_out_step", args=[reference, code])
    if code == "meeting" and lacks and not step_down.route and asker.level >= Level.CONTRIBUTE:
        yield "Record a child in need meeting", f"{reverse('record_meeting', args=[family.reference])}?kind=cin"
    if code == "analysis" and policies.BRING.allows(asker, step_down):
        yield "Bring it over", reverse("bring_analysis", args=[reference])
    if code == "analysis" and policies.PLACE.allows(asker, step_down):
        for one in Analysis.objects.filter(step_down=step_down):
            yield f"Choose passages of: {one.title}", reverse("place_analysis", args=[reference, one.pk])
    if code == "services" and asker.level >= Level.VIEW:
        yield "See the services", reverse("services", args=[family.reference])
    if lacks:
        doors = FILING if code == "agreement" and facts.agreed_duly else ELSEWHERE.get(code, ())
        for action, text, name in doors:
            if action.allows(asker, Case(family)):
                yield text, reverse(name, args=[family.reference])
                break


# Where a step is done in the family's record: the first of them that the asker may
Doors = tuple[tuple[Action, str, str], ...]
FILING: Doors = (
    (consent.FILE_SCAN, "File the signed form", "file_scan"),
    (families.FILE_DOCUMENT, "File the signed form", "file_document"),
)
ELSEWHERE: dict[str, Doors] = {
    "agreement": ((consent.RECORD, "Record what the family agrees to", "record_agreement"),),
    "wishes": ((families.RECORD_WISHES, "Record whom they would like", "record_wishes"),),
    "outcomes": ((plans.SEE, "Go to the plan", "plan"),),
    "opened": ((assessments.SEE, "Go to the assessment", "assessment"),),
    "assessment": ((assessments.SEE, "Go to the assessment", "assessment"),),
    "lead": ((families.ASK_TO_LEAD, "Ask someone to lead", "team"),),
}
