"""A plan as a team makes it, and the forms' answers as a browser sends them."""

from datetime import date, timedelta
from typing import Any

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.models import Family
from plans import services
from plans.models import Action, ActionResult, Attendance, Outcome, Plan, Review
from plans.rules import ActionSaid, AgreeSaid, OutcomeSaid
from tests.cast import Cast, child, episode_of, mother

TABLES = (Plan, Outcome, Action, Review, Attendance, ActionResult)
NEXT = date(2027, 1, 4)


def counts() -> dict[str, int]:
    """How many rows there are in every table of plans."""
    with acting_as_system("test"):
        return {model.__name__: model.objects.count() for model in TABLES}


def day(name: str, when: date | None) -> dict[str, Any]:
    if when is None:
        return {f"{name}_day": "", f"{name}_month": "", f"{name}_year": ""}
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


def draft_plan(cast: Cast, family: Family) -> Plan:
    """Two outcomes, one about Ada; Grace, Alice and Charlie have something to do."""
    with acting_as(cast.alice):
        plan = services.open_plan(family=family, episode=episode_of(family), actor=cast.alice)
        mornings = outcome(cast, plan, "Mornings are calm")
        sleep = outcome(cast, plan, "Ada sleeps through", person=child(family))
        action(cast, mornings, "Ring the breakfast club", user=cast.alice)
        action(cast, mornings, "Put clothes out at night", person=mother(family))
        action(cast, sleep, "Teach a bedtime routine", user=cast.charlie)
    return plan


def outcome(cast: Cast, plan: Plan, words: str, person: Any = None) -> Outcome:
    said = OutcomeSaid(f"Worry behind: {words}", words, f"Sign of: {words}", person)
    return services.add_outcome(plan=plan, said=said, actor=cast.alice)


def action(cast: Cast, of: Outcome, text: str, **doer: Any) -> Action:
    """Due in eleven days."""
    due_on = clock.today() + timedelta(days=11)
    return services.add_action(outcome=of, said=ActionSaid(text, due_on, **doer), actor=cast.alice)


def agreed_plan(cast: Cast, family: Family, next_review_on: date = NEXT) -> Plan:
    plan = draft_plan(cast, family)
    with acting_as(cast.alice):
        services.agree(plan=plan, said=AgreeSaid(clock.today(), next_review_on), actor=cast.alice)
        plan.refresh_from_db()
    return plan


def review_answers(cast: Cast, family: Family, **changes: Any) -> dict[str, Any]:
    """A review of an agreed plan that says all that it must; None takes an answer out."""
    with acting_as(cast.alice):
        actions = list(Action.objects.filter(family=family).exclude(status__in=Action.SETTLED))
        grace = mother(family)
    now = clock.in_london(clock.now())
    answers: dict[str, Any] = {
        **day("held_at", now.date()),
        "held_at_time": "09:30",
        "how": "meeting",
        f"person_{grace.pk}": "came",
        f"user_{cast.alice.pk}": "came",
        f"user_{cast.charlie.pk}": "update",
        "others": "Priya, housing",
        "family_views": "Grace: mornings are better.",
        "child_voice": "Ada: I like my alarm.",
        "notes": "All went well.",
        **{f"result_{a.pk}": "done" for a in actions},
        **{f"note_{a.pk}": "" for a in actions},
        "finding": "positive",
        "decision": "continue",
        **day("next_review_on", date(2027, 1, 4)),
    }
    if str(changes.get("decision", "")).startswith("end_"):
        answers["end_agreed"] = "all"
    return {k: v for k, v in (answers | changes).items() if v is not None}
