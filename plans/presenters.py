"""The plan as pages and prints show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from earlyhelp.core.prepared import Among, Prepared
from families.models import Family, Lead, TeamMember
from plans.models import Action, Outcome, Plan

COLOURS = {
    Action.Status.OPEN: "",
    Action.Status.DONE: "green",
    Action.Status.PARTLY: "yellow",
    Action.Status.NOT_DONE: "orange",
    Action.Status.NOT_NEEDED: "grey",
    Action.Status.GOES_ON: "blue",
}


@dataclass(frozen=True)
class Line:
    """One action, with its doer in words; `agency` is empty for someone of the family."""

    action: Action
    who: str
    agency: str

    @property
    def colour(self) -> str:
        return COLOURS[Action.Status(self.action.status)]


@dataclass(frozen=True)
class Block:
    """One outcome with its actions."""

    number: int
    outcome: Outcome
    lines: list[Line]


def blocks(plan: Plan) -> list[Block]:
    """The outcomes in order with their actions, soonest first, as far as the asker may know: a set number of queries."""
    return _blocks(OUTCOMES(plan), agencies_by_user(plan))


def by_name(family: Family) -> list[Block]:
    """The outcomes about those whom the asker may read of by name; the plan itself isn't for them."""
    return _blocks(BY_NAME(family), {})


OUTCOMES = Prepared(lambda plan: Outcome.objects.filter(plan=plan).select_related("person"))
BY_NAME = Prepared(
    lambda family: (
        Outcome.objects.filter(family=family, person__isnull=False)
        .order_by("-plan_id", "position", "pk")
        .select_related("person")
    )
)
ACTIONS = Prepared(lambda outcomes: Action.objects.filter(Among("outcome", outcomes)).select_related("user", "person"))


def _blocks(outcomes: Sequence[Outcome], agencies: dict[int, str]) -> list[Block]:
    lines: dict[int, list[Line]] = {}
    for action in ACTIONS([one.pk for one in outcomes]) if outcomes else ():
        doer = action.user or action.person
        agency = agencies.get(action.user_id, "") if action.user_id else ""
        lines.setdefault(action.outcome_id, []).append(Line(action, doer.name if doer else "", agency))
    return [Block(number, o, lines.get(o.pk, [])) for number, o in enumerate(outcomes, start=1)]


def _around(episode: Any) -> QuerySet[Any, Any]:
    members = TeamMember.objects.filter(episode=episode).order_by().values_list("user", "agency__name")
    return members.union(Lead.objects.filter(episode=episode).order_by().values_list("user", "agency__name"))


AROUND = Prepared(_around)


def agencies_by_user(plan: Plan) -> dict[int, str]:
    """For whom each user acts, or acted, around the family."""
    names = dict(AROUND(plan.episode_id))
    episode = plan.episode
    if episode.first_contact_by_id and episode.first_contact_agency:
        names.setdefault(episode.first_contact_by_id, episode.first_contact_agency.name)
    return names
