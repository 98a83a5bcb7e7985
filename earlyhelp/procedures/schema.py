"""What a local procedure says (domain 1.6): one document, checked as a whole. A key is here from the day that code reads it."""

import re
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from earlyhelp.core.dates import Unit
from earlyhelp.procedures.form import AssessmentForm
from earlyhelp.procedures.parts import Code, Part, Reason, once

Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^{}]+$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\W\d_][\w’' -]*$")]
Phone = Annotated[str, StringConstraints(max_length=40, pattern=r"^\+?[\d ()-]{3,}( ext\.? \d+)?$")]
PART = re.compile(r"[1-9]\d?/[1-9]\d?")
Hearer = Literal["due_soon", "overdue", "manager", "locality", "service"]
Way = Literal["signed", "drawn", "typed", "verbal"]
StepCode = Literal[
    "checked",
    "offer",
    "agreement",
    "wishes",
    "talked_over",
    "analysis",
    "meeting",
    "outcomes",
    "told",
    "panel",
    "opened",
    "assessment",
    "services",
    "lead",
    "case_note",
    "visit",
]
NEVER_WITHOUT = ("agreement", "lead", "opened")


def _part_of_one(said: str) -> str:
    if not PART.fullmatch(said) or not 0 < Fraction(said) < 1:
        raise ValueError("“remind_after” must be a part of the time, like 2/3")
    return said


class Authority(Part):
    name: Name = Field(title="Name of the council")
    service: Name = Field(title="Name of the service")


class Words(Part):
    lead: Word = Field(title="Word for who leads the support")
    agreement: Word = Field(title="Word for what the family gives")
    agreement_form: Name = Field(title="Name of the form that the family signs")
    request: Word = Field(title="Word for asking for support")
    locality: Word = Field(title="Word for an area of the council")
    front_door: Name = Field(title="Name of the front door")
    assessment: Name = Field(title="Name of the assessment")
    plan: Name = Field(title="Name of the plan")


class Safeguarding(Part):
    name: Name = Field(title="Who to call when a child is not safe")
    phone_day: Phone = Field(title="Their number in the day")
    phone_night: Phone = Field(title="Their number at night, at weekends and on bank holidays")
    written: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^{}]*$")] = Field(
        title="How they are told in writing, when it is urgent"
    )


class Level(Part):
    code: Annotated[str, StringConstraints(min_length=1, max_length=10, pattern=r"^[a-z0-9_]+$")] = Field(title="Code")
    name: Name = Field(title="Name")
    meaning: Annotated[str, StringConstraints(max_length=300)] = Field(title="What it means")


class Ages(Part):
    own_word: int = Field(title="Age from which young people decide for themselves", ge=10, le=18)
    oldest_child: int = Field(title="Age above which nobody is recorded as a child", ge=17, le=25)


class Rule(Part):
    """What a clock is given: how long, whether a manager may give more and how much, and who hears of it."""

    amount: int = Field(title="How long", ge=1, le=366)
    unit: Unit = Field(title="In what")
    extendable: bool = Field(title="Whether a manager may give more time")
    extended_by_days: int = Field(title="How many days a manager may give at most", ge=0, le=366)
    hears: Annotated[tuple[Hearer, ...], AfterValidator(once)] = Field(title="Who hears", strict=False)

    @model_validator(mode="after")
    def _extended_or_not(self) -> "Rule":
        if self.extendable != bool(self.extended_by_days):
            raise ValueError("Say by how many days it may be extended: 0 where extendable is false, else 1 or more")
        return self

    @property
    def words(self) -> str:
        """How long, in words: "72 hours", "1 week"."""
        unit = self.unit.replace("_", " ")
        return f"{self.amount} {unit.removesuffix('s') if self.amount == 1 else unit}"


class FromRequest(Rule):
    anchor: Literal["request_received", "request_accepted"] = Field(title="What starts it")


class Clocks(Part):
    first_contact: Rule = Field(title="First contact")
    assessment_start: FromRequest = Field(title="Start of the assessment")
    review: Rule = Field(title="Review")
    emergency_review: Rule = Field(title="Review of emergency access")
    own_word: Rule = Field(title="A young person’s own choices")
    who_decides: Rule = Field(title="Who decides now")
    joint_visit: Rule = Field(title="Joint visit")
    step_up_written: Rule = Field(title="Written part of a step-up")

    def of(self, kind: str) -> Rule:
        rule: Rule = getattr(self, kind)
        return rule


class Telling(Part):
    remind_after: Annotated[str, AfterValidator(_part_of_one)] = Field(
        title="Part of the time after which its owner is reminded"
    )
    hours_between: int = Field(title="Hours until the next one hears", ge=1, le=240)


class Reviews(Part):
    earliest_weeks: int = Field(title="Weeks before which a review needs a reason", ge=0, le=52)


class Ways(Part):
    early_help: Annotated[tuple[Way, ...], AfterValidator(once)] = Field(
        title="Ways of agreeing to early help", min_length=1, strict=False
    )
    step_down: Annotated[tuple[Way, ...], AfterValidator(once)] = Field(
        title="Ways of agreeing before a step-down", min_length=1, strict=False
    )


class Agreement(Part):
    ways: Ways = Field(title="Ways of agreeing")
    expiring_days: int = Field(title="Days before an end on which a board shows it", ge=1, le=366)
    missing_days: int = Field(title="Days after which a board shows that nobody was asked", ge=1, le=60)


class Sharing(Part):
    lawful_days: int = Field(
        title="Days that access without agreement lasts, unless less or more is said", ge=1, le=366
    )
    lawful_days_longest: int = Field(title="Days that it lasts at most", ge=1, le=366)
    emergency_hours: int = Field(title="Hours that emergency access lasts", ge=1, le=168)

    @model_validator(mode="after")
    def _usual_within_longest(self) -> "Sharing":
        if self.lawful_days > self.lawful_days_longest:
            raise ValueError("lawful_days must not be more than lawful_days_longest")
        return self


class Endings(Part):
    met: Name = Field(title="Needs met")
    single_agency: Name = Field(title="One agency")
    universal: Name = Field(title="Universal services")
    not_agreed: Name = Field(title="Not agreed")
    step_up: Name = Field(title="Step up")
    other: Name = Field(title="Another")


class Reasons(Part):
    ending: Endings = Field(title="How the end of early help is called")
    declining: Annotated[tuple[Reason, ...], AfterValidator(once)] = Field(
        title="Why someone doesn’t take the lead, or a place on a team", min_length=1, strict=False
    )
    no_progress: Annotated[tuple[Reason, ...], AfterValidator(once)] = Field(
        title="Why a review finds that things are no better", min_length=1, strict=False
    )
    without_agreement: Annotated[tuple[Reason, ...], AfterValidator(once)] = Field(
        title="When information may be shared without agreement", min_length=1, strict=False
    )
    lawful_bases: Annotated[tuple[Reason, ...], AfterValidator(once)] = Field(
        title="Lawful bases", min_length=1, strict=False
    )


class Service(Part):
    """A service that can be asked to help a family beside what the team gives."""

    code: Code = Field(title="Code")
    name: Name = Field(title="Name")
    meaning: Annotated[str, StringConstraints(max_length=300)] = Field(title="What it is for")


class Services(Part):
    """Additional services, how asking for one is called, and whom to ring when it isn't clear which (DEV-19, WOR-06)."""

    form: Name = Field(title="Name of the request for an additional service")
    not_sure: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^{}]*$")] = Field(
        title="Whom to ring when it is not clear which service"
    )
    offered: Annotated[tuple[Service, ...], AfterValidator(once)] = Field(title="Services", default=(), strict=False)


class HelpLevels(Part):
    """How the levels of help are called. Without a name for the second, social care keeps those families elsewhere (R1)."""

    early_help: Name = Field(title="Level of early help")
    child_in_need: Annotated[str, StringConstraints(max_length=120, pattern=r"^[^{}]*$")] = Field(
        title="Level of help for a child in need, where it is given here"
    )


class StepRule(Part):
    """A step of a step-down; where `gate`, the case can't close to social care without it."""

    code: StepCode = Field(title="Step")
    gate: bool = Field(title="Whether the case can’t close to social care without it")


class StepsDown(Part):
    """How families come from social care: the steps, in their order (DEV-06 to 21, ROT-10 to 13)."""

    steps: Annotated[tuple[StepRule, ...], AfterValidator(once)] = Field(title="Steps", strict=False)

    @model_validator(mode="after")
    def _gate_keeps_these(self) -> "StepsDown":
        kept = {step.code for step in self.steps if step.gate}
        for code in NEVER_WITHOUT:
            if code not in kept:
                raise ValueError(
                    f"The step “{code}” must be there, with gate = true: no case closes without it (DEV-20)"
                )
        return self


class Asking(Part):
    by_assessment: bool = Field(title="Whether an assessment can be the request")


class Limits(Part):
    record_checks_a_day: int = Field(title="Record checks that one person may make a day", ge=1, le=1000)
    scan_mb: int = Field(title="Largest scan, in MB", ge=1, le=50)
    long_ago_days: int = Field(title="Days after which a date in the past is asked about", ge=7, le=3660)


class Procedure(Part):
    """One authority's way of working: its words, numbers, levels, clocks and lists."""

    authority: Authority
    words: Words
    safeguarding: Safeguarding
    levels: Annotated[tuple[Level, ...], AfterValidator(once)] = Field(
        title="Levels of need", min_length=1, strict=False
    )
    ages: Ages
    clocks: Clocks
    telling: Telling
    reviews: Reviews
    agreement: Agreement
    sharing: Sharing
    reasons: Reasons
    asking: Asking
    services: Services
    help_levels: HelpLevels
    step_down: StepsDown
    limits: Limits
    assessment: AssessmentForm = Field(title="What an assessment asks")
