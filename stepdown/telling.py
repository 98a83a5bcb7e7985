"""What whoever is asked to lead hears of a step-down before they answer."""

from collections.abc import Iterator

from earlyhelp.access.identity import acting_as_system
from families.models import Lead
from stepdown.models import StepDown


def before_leading(asked: Lead) -> Iterator[str]:
    """Who steps the family down, and how to ask them why: what the record says is read once they lead."""
    if not asked.episode.steps_down:
        return
    with acting_as_system("what a step-down still needs"):
        rows = StepDown.objects.filter(episode=asked.episode_id, completed_at=None, stopped_at=None)
        found = rows.select_related("worker", "agency").first()
    if found:
        worker = found.worker
        reach = worker.phone or worker.email
        yield (
            f"Social care steps this family down. {worker} of {found.agency} hands over to you, and reads the record until that is complete."
            f" Ask them first what you want to know: {reach}"
        )
