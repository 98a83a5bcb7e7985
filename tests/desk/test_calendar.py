"""Days on which the council is closed: what they move is said before, and is what happens."""

from datetime import date

import pytest
from django.apps import apps

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Closure
from earlyhelp.core import clock
from earlyhelp.core.dates import due
from earlyhelp.timescales.clocks import registry
from earlyhelp.timescales.models import Timescale
from earlyhelp.timescales.services import start
from tests.cast import new_family, set_procedure
from tests.pages import opened, text_of

URL = "/settings/calendar/add/"
DAY = {"day_day": 25, "day_month": 11, "day_year": 2026, "name": "Staff training"}


@pytest.fixture
def running(cast):
    """One clock of each kind, all in working days."""
    kinds = [name for name, kind in registry.items() if not kind.keeps_its_date]
    set_procedure({f"clocks.{name}.{key}": v for name in kinds for key, v in (("amount", 5), ("unit", "working_days"))})
    family = new_family(cast)
    with acting_as_system("test"):
        Timescale.objects.all().delete()
        for kind in registry.values():
            start(
                kind, apps.get_model(kind.of)(pk=9), at=clock.now(), about=family, family_id=family.pk, owner=cast.alice
            )
    return family


def dates() -> dict:
    with acting_as_system("test"):
        return {row.kind: row.due_at for row in Timescale.objects.all()}


def test_what_a_closed_day_moves_is_said_and_happens_and_can_be_undone(cast, sign_in, running):
    admin, before = sign_in(cast.admin), dates()
    preview = admin.post(URL, opened(admin, URL) | DAY)
    said = text_of(preview)
    assert "Close Wednesday 25 November 2026?" in said
    for name, kind in registry.items():
        moves = f"{kind.label}: 1 open deadline will have another date." in said
        assert moves != kind.keeps_its_date, name
    assert dates() == before
    page = text_of(admin.post(URL, opened(admin, URL, preview) | {"done": "yes"}, follow=True))
    assert "Wednesday 25 November 2026 Staff training" in page
    closed = frozenset({date(2026, 11, 25)})
    for name, kind in registry.items():
        now = clock.now()
        assert dates()[name] == (before[name] if kind.keeps_its_date else due(now, 5, "working_days", closed))
    url = f"/settings/calendar/{Closure.objects.get().pk}/remove/"
    assert "First contact: 1 open deadline will have another date." in text_of(admin.get(url))
    admin.post(url, opened(admin, url))
    assert dates() == before
    assert "25 November 2026 is open again" in text_of(admin.get("/settings/calendar/"))


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 11, 28), "Nobody works on this day anyway"),
        (date(2026, 12, 25), "Nobody works on this day anyway"),
        (date(2026, 11, 20), "The day must be today or in the future"),
    ],
)
def test_a_day_that_cannot_be_closed_is_refused(cast, sign_in, day, says):
    admin = sign_in(cast.admin)
    sent = opened(admin, URL) | DAY | {"day_day": day.day, "day_month": day.month}
    page = admin.post(URL, sent)
    assert says in text_of(page)
    assert opened(admin, URL, page)["name"] == "Staff training"


def test_bank_holidays_stand_there_with_their_substitutes(cast, sign_in):
    page = text_of(sign_in(cast.admin).get("/settings/calendar/"))
    assert "Friday 25 December 2026: Christmas Day" in page
    assert "Monday 28 December 2026" in page
    assert "No day from today on." in page
    assert "2025" not in page
