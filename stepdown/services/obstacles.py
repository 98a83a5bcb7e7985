"""What a step-down that is under way puts before a meeting or an assessment of its family."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from assessments.services import starting
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core.errors import Gap, Problem
from families.models import Episode, Family
from plans.models import Meeting
from plans.services import meetings
from stepdown.models import StepDown
from stepdown.rules import CONDITIONS
from stepdown.services.gate import facts_of, in_words, steps_of


def _under_way(episode: Episode) -> StepDown | None:
    if not episode.steps_down:
        return None
    with acting_as_system("what a step-down still needs"):
        rows = StepDown.objects.filter(episode=episode, completed_at=None, stopped_at=None)
        return rows.select_related("worker", "agency").first()


def arranging(episode: Episode, kind: str, on: date, reason: str) -> Iterator[Problem]:
    """What early help may offer is discussed with the family before a meeting is arranged (DEV-09), or there is a reason."""
    step_down = _under_way(episode)
    if step_down is None or kind == Meeting.Kind.PANEL or reason:
        return
    asked = {step.code for step in steps_of(step_down)}
    if "offer" in asked and CONDITIONS["offer"].lacks(facts_of(step_down)):
        yield Problem(
            in_words(
                "Discuss with the family first what {service} may offer, and record it; or enter why the meeting is arranged"
                " before."
            )
            + f" {step_down.worker} records it",
            "early_reason",
        )


def recording(episode: Episode, kind: str, on: date, reason: str) -> Iterator[Problem]:
    """No outcome of a meeting without the signed agreement (DEV-07, ROT-20)."""
    step_down = _under_way(episode)
    if step_down and CONDITIONS["agreement"].lacks(facts_of(step_down)):
        yield Problem(
            in_words("The signed {agreement} comes first: file it under “Sharing”. What you typed here is kept")
        )


def starting_assessment(episode: Episode) -> Gap | None:
    """No assessment is opened before the agreement is signed and filed (DEV-05, DEV-07, ROT-20)."""
    step_down = _under_way(episode)
    if step_down is None or not (lacks := CONDITIONS["agreement"].lacks(facts_of(step_down))):
        return None
    family = Family.objects.get(pk=episode.family_id)
    who = "Whoever leads or makes the first contact can put it right, under “Sharing”."
    return Gap(in_words(lacks), who, reverse("sharing", args=[family.reference]), "DEV-07")


def its_worker(episode: Episode) -> dict[User, Agency]:
    step_down = _under_way(episode)
    return {step_down.worker: step_down.agency} if step_down else {}


meetings.ALSO_AROUND.append(its_worker)
meetings.BEFORE_ARRANGING.append(arranging)
meetings.BEFORE_RECORDING.append(recording)
starting.OBSTACLES.append(starting_assessment)
