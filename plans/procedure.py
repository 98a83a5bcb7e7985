"""What another local procedure does to reviews, said before it is loaded."""

from collections.abc import Iterator

from earlyhelp.access.identity import acting_as_system
from earlyhelp.procedures.services import Next, in_use
from plans.models import Review


def what_follows(change: Next) -> Iterator[str]:
    before, after = change.before.reasons.no_progress, change.after.reasons.no_progress
    with acting_as_system("what of a list of the procedure is in use"):
        yield from in_use(before, after, Review.objects.all(), "no_progress_for", "review")
