"""What a step-down needs, step by step, and when the case may close to social care (DEV-06 to 21, ROT-10 to 13). What is so
is said in Facts; what is missing follows from nothing else."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date

from earlyhelp.core.errors import Problem
from earlyhelp.procedures.schema import NEVER_WITHOUT, StepRule


@dataclass(frozen=True)
class Facts:
    """What is so of a step-down now."""

    _: KW_ONLY
    found: bool = False  # the family was found or opened
    checked: bool = False
    agreed: bool = False  # the agreement is in force
    said_no: bool = False  # they were asked, and don't agree now
    agreed_duly: bool = False  # in a way that counts for stepping down
    filed: bool = False  # and is filed: signed on screen, or its scan
    wishes_missing: bool = True
    lead_asked: bool = False
    lead: bool = False  # someone accepted, and may lead now
    lead_accepted: bool = False
    route: str = ""
    taf_held: bool = False
    cin_clear: bool = False  # a child in need meeting was held whose plan to step down is clear
    cin_held: bool = False
    outcomes: bool = False
    told_at_meeting: bool = False
    assessment: bool = False
    analysis: bool = False  # passages of it stand in the assessment
    service_asked: bool = False
    done: frozenset[str] = frozenset()  # steps that were recorded
    without: frozenset[str] = frozenset()  # left out for a reason
    excepted: frozenset[str] = frozenset()  # by the service manager
    panel: frozenset[str] = frozenset()  # the sides that agreed
    visited_together: bool = False


Lacks = Callable[[Facts], str]


@dataclass(frozen=True)
class Condition:
    """A step that a procedure can ask for: its title, its rules, who does it, what is missing ("" for nothing) and why it
    can't be done yet ("" when it can)."""

    code: str
    title: str
    rule: str
    who: str

    def lacks(self, facts: Facts) -> str:
        return LACKS[self.code](facts)

    def waits(self, facts: Facts) -> str:
        return _waits(self.code, facts)


def _agreement(facts: Facts) -> str:
    if not facts.agreed:
        return "The family has not given its {agreement}, or has taken it back."
    if not facts.agreed_duly:
        return "The family’s {agreement} was said, and not signed."
    return "" if facts.filed else "The signed {agreement} is not filed."


def _meeting(facts: Facts) -> str:
    if facts.route == "a":
        left_out = facts.taf_held or "meeting" in facts.without
        return (
            "" if left_out else "No team around the family meeting was held, and no reason is given for going without."
        )
    if facts.route == "b":
        return "" if facts.cin_clear else "No child in need meeting with a clear plan to step down is recorded."
    return "The route isn’t chosen yet."


def _panel(facts: Facts) -> str:
    if len(facts.panel) == 2:
        return ""
    missing = {"social_care": "social care", "early_help": "early help"}.keys() - facts.panel
    sides = " and ".join(sorted(one.replace("_", " ") for one in missing))
    return f"The panel’s agreement of {sides} is missing."


def _recorded(code: str, words: str) -> Lacks:
    return lambda facts: "" if code in facts.done | facts.without else words


def _true(name: str, words: str) -> Lacks:
    return lambda facts: "" if getattr(facts, name) else words


LACKS: dict[str, Lacks] = {
    "checked": _true("checked", "Nobody checked for an earlier record."),
    "offer": _recorded("offer", "It isn’t recorded that what {service} may offer was discussed with the family."),
    "agreement": _agreement,
    "wishes": lambda f: "Not everyone was asked whom they would like to lead." if f.wishes_missing and not f.lead_asked else "",
    "talked_over": _recorded("talked_over", "It isn’t recorded that it was talked over with child, family and professionals."),
    "meeting": _meeting,
    "outcomes": _true("outcomes", "What came of the meeting, or the plan, is not entered."),
    "told": lambda f: "" if f.told_at_meeting or "told" in f.done else (
        "It isn’t recorded what the family was told of what happens if they don’t take part."
    ),
    "panel": _panel,
    "opened": lambda f: "" if f.assessment or f.taf_held or f.cin_held else (
        "No assessment is opened, and no meeting was held."
    ),
    "assessment": _true("assessment", "The assessment isn’t opened."),
    "analysis": _true("analysis", "Nothing of social care’s analysis stands in the assessment."),
    "services": lambda f: "" if f.service_asked or "services" in f.without else (
        "No additional service was asked for, and it isn’t said that none is needed."
    ),
    "lead": lambda f: "" if f.lead else (
        "The {lead} can’t lead now: they work there no more, or the family shares too little with their agency."
        if f.lead_accepted
        else "Nobody has accepted to be the {lead}."
    ),
    "case_note": _recorded("case_note", "The date and decision are not in social care’s case notes."),
    "overseer": _recorded("overseer", "Whoever oversees the help for a child in need hasn’t agreed."),
    "visit": _true("visited_together", "The social worker and the new {lead} have not visited the family together."),
}  # fmt: skip


SOCIAL, EITHER, OVERSEER = "The social worker", "The social worker, or whoever leads,", "Whoever oversees"
CONDITIONS = {
    one.code: one
    for one in (
        Condition("checked", "Check for an earlier record", "DEV-08", SOCIAL),
        Condition("offer", "Discuss with the family what {service} may offer", "DEV-09", SOCIAL),
        Condition("agreement", "Get the {agreement} signed, and file it", "DEV-07, ROT-20", EITHER),
        Condition("wishes", "Ask the family, and each child, whom they would like to lead", "DEV-10, MID-06", EITHER),
        Condition("talked_over", "Talk it over with child, family and professionals", "ROT-10", SOCIAL),
        Condition("meeting", "Choose the route, and hold its meeting", "DEV-13, DEV-14", EITHER),
        Condition("outcomes", "Enter what came of the meeting", "DEV-15", EITHER),
        Condition("told", "Tell the family what happens if they don’t take part", "DEV-21", EITHER),
        Condition("panel", "Agree at the panel, social care and early help together", "ROT-11", "Each side for itself"),
        Condition(
            "opened", "Have something to begin with: an assessment opened, or the meeting held", "DEV-20", EITHER
        ),
        Condition(
            "assessment", "Open the assessment, and leave it open for others to add to", "DEV-17, DEV-18", EITHER
        ),
        Condition("analysis", "Bring the analysis over from social care", "DEV-17, ROT-13", EITHER),
        Condition("services", "Ask for additional services, if the family needs them", "DEV-19", EITHER),
        Condition("lead", "Find a {lead}, who accepts", "DEV-20", EITHER),
        Condition("case_note", "Put date and decision into social care’s case notes", "DEV-16", SOCIAL),
        Condition("overseer", "Agree that the level of help goes down", "R2", OVERSEER),
        Condition("visit", "Visit the family together", "ROT-12", SOCIAL),
    )
}
THEIRS = ("checked", "panel")


def says_of_the_record(code: str) -> bool:
    """Whether how a step stands says something of what early help has recorded."""
    return CONDITIONS[code].who != SOCIAL and code not in THEIRS


NEEDS_AGREEMENT = ("panel", "assessment", "opened", "analysis")  # refused before it (ROT-20, DEV-05, DEV-07)
NO_EXCEPTION = (*NEVER_WITHOUT, "overseer")
BETWEEN_SYSTEMS = ("checked", "analysis", "case_note", "visit")  # of a handover that one record doesn't need
MAY_BE_LEFT_OUT = ("meeting", "services")  # for a reason that whoever does the step gives


def _waits(code: str, facts: Facts) -> str:
    if code != "checked" and not facts.found:
        return "The family has to be found or opened first."
    if code in NEEDS_AGREEMENT and _agreement(facts):
        return "The signed {agreement} comes first."
    if code == "outcomes" and not (facts.taf_held or facts.cin_held or facts.outcomes):
        return "The meeting comes first."
    if code == "visit" and not facts.lead:
        return "A {lead} has to accept first."
    return ""


def missing(steps: Sequence[StepRule], facts: Facts) -> Iterator[str]:
    """The steps without which the case can't close to social care, and which aren't there: the gate is open exactly when there
    is none (DEV-20). The service manager's exception counts for any but three."""
    for step in steps:
        may_lack = step.code in facts.excepted and step.code not in NO_EXCEPTION
        if step.gate and not may_lack and CONDITIONS[step.code].lacks(facts):
            yield step.code


@dataclass(frozen=True)
class StepSaid:
    """What was done: on which day, who was there, in words; of a visit, whether both went."""

    on: date | None
    present: str = ""
    words: str = ""
    together: bool = True


ASKS = {
    "on": "Enter the day",
    "present": "Enter who was there",
    "words": "Enter what was said",
}


def step_problems(code: str, said: StepSaid, *, facts: Facts, today: date, panel_on: date | None) -> Iterator[Problem]:
    if waits := _waits(code, facts):
        yield Problem(waits)
    if said.on is None:
        yield Problem(ASKS["on"], "on")
    elif said.on > today:
        yield Problem("The day must be today or in the past", "on")
    elif code == "visit" and panel_on and said.on < panel_on:
        yield Problem(f"The visit can’t have been before the panel, which was on {panel_on:%-d %B %Y}", "on")
