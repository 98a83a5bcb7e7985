"""Which step-downs wait for whom."""

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from earlyhelp.accounts.models import User
from families.models import Family, Request
from stepdown.models import StepDown
from stepdown.rules import CONDITIONS
from stepdown.services.gate import in_words


def under_way() -> QuerySet[StepDown]:
    """Those that the asker may know of and that aren't over, the longest first."""
    rows = StepDown.objects.filter(completed_at=None, stopped_at=None)
    return _named(rows).order_by("opened_at", "pk")


def _named(rows: QuerySet[StepDown]) -> QuerySet[StepDown]:
    """With the name that the family goes by, for who may know it."""
    family = Family.objects.filter(pk=OuterRef("family"))
    said = Request.objects.filter(pk=OuterRef("request"))
    name = Coalesce(Subquery(family.values("name")[:1]), Subquery(said.values("family_name")[:1]), Value(""))
    return rows.annotate(name=name).select_related("worker", "agency", "locality")


def of_worker(user: User) -> QuerySet[StepDown]:
    """Their own that are under way, and those that they opened for somebody."""
    return under_way().filter(Q(worker=user) | Q(opened_by=user))


def over() -> QuerySet[StepDown]:
    """Those that are over, the latest first."""
    rows = StepDown.objects.exclude(completed_at=None, stopped_at=None)
    return _named(rows).order_by(Coalesce("completed_at", "stopped_at").desc(), "-pk")


def next_of(step_down: StepDown) -> str:
    """What comes next, in a few words, as it was seen last."""
    if step_down.confirmed_at is None:
        return "Waits for its social worker to say that it is theirs"
    if step_down.family_id is None:
        return "The early help team of the area checks whether it knows the family"
    if step_down.open_since:
        return "Everything is there: it can be completed"
    return in_words(CONDITIONS[step_down.missing[0]].title) if step_down.missing else "See what is next"
