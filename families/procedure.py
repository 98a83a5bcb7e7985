"""What another local procedure does to requests and families, said before it is loaded."""

from collections.abc import Iterator

from earlyhelp.access.identity import acting_as_system
from earlyhelp.procedures.services import Next, in_use
from families.models import Lead, Request, TeamMember


def what_follows(change: Next) -> Iterator[str]:
    before, after = change.before, change.after
    declining = (before.reasons.declining, after.reasons.declining)
    with acting_as_system("what of a list of the procedure is in use"):
        yield from in_use(before.levels, after.levels, Request.objects.all(), "level_of_need", "request")
        yield from in_use(*declining, Lead.objects.all(), "declined_for", "answer about leading")
        yield from in_use(*declining, TeamMember.objects.all(), "declined_for", "answer to an invitation")
