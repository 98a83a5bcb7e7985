"""A deadline that was put off shows both dates in the list of families too."""

from datetime import timedelta

from earlyhelp.access.identity import acting_as_system
from earlyhelp.govuk.components import short_text
from earlyhelp.timescales.models import Timescale
from tests.pages import text_of


def test_the_list_of_families_shows_both_dates(cast, sign_in, family):
    with acting_as_system("test"):
        clock = Timescale.objects.filter(family=family, met_at=None).order_by("due_at").first()
        Timescale.objects.filter(family=family).exclude(pk=clock.pk).update(stopped_at=clock.anchor_at)
    alice = sign_in(cast.alice)
    for url in ("/families/", "/"):
        assert "first due" not in text_of(alice.get(url))
    with acting_as_system("test"):
        Timescale.objects.filter(pk=clock.pk).update(due_at=clock.due_at + timedelta(days=4))
    for url in ("/families/", "/"):
        page = text_of(alice.get(url))
        assert f"first due {short_text(clock.first_due_at)}" in page
        assert short_text(clock.due_at + timedelta(days=4)) in page
