"""Lists of families. `Family.objects` is already what the asker may see; these say which of them are theirs."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reasons import that_own
from earlyhelp.accounts.models import User
from earlyhelp.timescales.models import Timescale
from families.models import Episode, Family, Lead


def families() -> QuerySet[Any]:
    """Every family that the asker may know of, with its stage, its lead and its next deadline."""
    latest = Episode.objects.filter(family=OuterRef("pk")).order_by(F("ended_at").desc(nulls_first=True))
    lead = Lead.objects.filter(family=OuterRef("pk"), status="accepted")
    return (
        Family.objects.select_related("locality")
        .annotate(
            stage=Subquery(latest.values("stage")[:1]),
            first_contact_name=Subquery(latest.values("first_contact_by__name")[:1]),
            lead_name=Subquery(lead.values("user__name")[:1]),
            next_due=Min("timescales__due_at", filter=Q(timescales__met_at=None, timescales__stopped_at=None)),
        )
        .order_by(F("next_due").asc(nulls_last=True), "name", "pk")
    )


def mine(user: User) -> QuerySet[Any]:
    """The families that the user leads, makes the first contact with, is on the team of, or may see for some days."""
    own = Grant.objects.in_force().filter(
        user=user, family=OuterRef("pk"), reason__in=that_own(), level__gte=Level.BASIC
    )
    return families().filter(Exists(own)).exclude(stage=Episode.Stage.ENDED)


def with_first_dates(listed: Iterable[Any]) -> list[Any]:
    """A page of families, each with when its next deadline was first due, where more time was given (`first_due`)."""
    listed = list(listed)
    open_clocks = Timescale.objects.filter(family__in=listed, met_at=None, stopped_at=None)
    nearest = {clock.family_id: clock for clock in open_clocks.order_by("family_id", "due_at").distinct("family_id")}
    for family in listed:
        clock = nearest.get(family.pk)
        family.first_due = clock.first_due_at if clock and clock.extended else None
    return listed
