"""What another local procedure does to requests and families, said before it is loaded."""

from collections.abc import Iterator

from django.db.models import Count

from earlyhelp.access.identity import acting_as_system
from earlyhelp.procedures.services import Next, vanished
from families.models import Request


def what_follows(change: Next) -> Iterator[str]:
    gone = vanished(change.before.levels, change.after.levels)
    with acting_as_system("what of a list of the procedure is in use"):
        used = dict(
            Request.objects.filter(level_of_need__in=gone).values_list("level_of_need").annotate(Count("pk")).order_by()
        )
    for code, name in gone.items():
        count = used.get(code, 0)
        yield f"“{name}” can’t be chosen any more. {count} request{'s' * (count != 1)} keep{'s' * (count == 1)} it."
