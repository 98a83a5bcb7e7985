"""The family's own copy of the plan: plain words, who does what by when, the next date, whom to ring (WOR-07, WOR-15)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from earlyhelp.core import clock
from earlyhelp.printing.pdf import render_pdf
from earlyhelp.procedures.services import words_then
from families.models import Family
from families.services.running import runner_of
from plans.models import Action, Plan
from plans.presenters import Block, Line, blocks


@dataclass(frozen=True)
class Printed:
    """One line of a print's table of actions."""

    what: str
    who: str
    when: str | date


def family_copy(family: Family, plan: Plan, *, without: Collection[int] = (), large_print: bool = False) -> bytes:
    """The plan as a PDF. Holds no address; shows what whoever prints it may know, `without` what is about those people."""
    runner, then = runner_of(plan.episode), words_then(plan.procedure_id)
    context = {
        "family": family,
        "plan": plan,
        "ended": plan.status == Plan.Status.ENDED or plan.episode.ended_at is not None,
        "sections": [
            (block, _actions(block, without)) for block in blocks(plan) if block.outcome.person_id not in without
        ],
        "procedure": then,
        "lead": runner.user if runner else None,
        "lead_agency": runner.agency if runner else None,
        "lead_phone": (runner.user.phone or runner.agency.phone) if runner else "",
        "footer": f"Plan for {family.reference}, printed on {clock.today():%-d %B %Y}",
    }
    return render_pdf("plans/print.html", context, title=f"Our {then.words.plan}", large_print=large_print)


def _actions(block: Block, without: Collection[int]) -> list[Printed]:
    return [
        Printed(line.action.text, _who(line), _when(line.action))
        for line in block.lines
        if line.action.person_id not in without
    ]


def _who(line: Line) -> str:
    if line.action.person:
        return f"You: {line.action.person.short_name}"
    return f"{line.who}, {line.agency}" if line.agency else line.who


def _when(action: Action) -> str | date:
    return action.due_on if action.is_open else action.get_status_display()
