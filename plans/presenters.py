"""The plan as pages and prints show it."""

from dataclasses import dataclass

from django.db.models import QuerySet

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
    return _blocks(Outcome.objects.filter(plan=plan), agencies_by_user(plan))


def by_name(family: Family) -> list[Block]:
    """The outcomes about those whom the asker may read of by name; the plan itself isn't for them."""
    return _blocks(
        Outcome.objects.filter(family=family, person__isnull=False).order_by("-plan_id", "position", "pk"), {}
    )


def _blocks(outcomes: QuerySet[Outcome], agencies: dict[int, str]) -> list[Block]:
    lines: dict[int, list[Line]] = {}
    for action in Action.objects.filter(outcome__in=outcomes).select_related("user", "person"):
        doer = action.user or action.person
        agency = agencies.get(action.user_id, "") if action.user_id else ""
        lines.setdefault(action.outcome_id, []).append(Line(action, doer.name if doer else "", agency))
    rows = outcomes.select_related("person")
    return [Block(number, o, lines.get(o.pk, [])) for number, o in enumerate(rows, start=1)]


def agencies_by_user(plan: Plan) -> dict[int, str]:
    """For whom each user acts, or acted, around the family."""
    members = TeamMember.objects.filter(episode=plan.episode_id).order_by().values_list("user", "agency__name")
    leads = Lead.objects.filter(episode=plan.episode_id).order_by().values_list("user", "agency__name")
    names = dict(members.union(leads))
    episode = plan.episode
    if episode.first_contact_by_id and episode.first_contact_agency:
        names.setdefault(episode.first_contact_by_id, episode.first_contact_agency.name)
    return names
