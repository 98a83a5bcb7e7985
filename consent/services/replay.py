"""What the ledger said at a moment, told again from its rows: none is ever changed."""

from datetime import datetime

from consent.models import Agreement, SharingChoice
from families.models import Family


def choices_on(family: Family, moment: datetime) -> dict[tuple[int, int], tuple[int, bool, datetime | None]]:
    """(person, agency) → the tier, never-share mark and end of the latest row then, whether or not it had run out."""
    rows = SharingChoice.objects.filter(family=family, created_at__lte=moment).order_by("pk")
    return {
        (person, agency): (tier, never, until)
        for person, agency, tier, never, until in rows.values_list("person", "agency", "tier", "never", "ends_at")
    }


def agreements_on(family: Family, moment: datetime) -> list[Agreement]:
    """Each person's latest word then, in the order of the people."""
    rows = Agreement.objects.filter(family=family, created_at__lte=moment).select_related("person").order_by("pk")
    return sorted({row.person_id: row for row in rows}.values(), key=lambda row: row.person_id)
