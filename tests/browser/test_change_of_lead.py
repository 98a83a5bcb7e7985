"""The lead passes from a school to health visiting: both read before what follows, and each sees their side after."""

from datetime import date

import pytest

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as_system
from tests.cast import add_sibling, led_family, make_cast

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def test_the_lead_passes_between_two_agencies_and_nobody_is_surprised(visitor):
    cast = make_cast()
    family = led_family(cast)
    tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", date_of_birth=date(2010, 3, 1))
    with acting_as_system("test"):
        choices = [Choice(tola, cast.school, Tier.ADDITIONAL, tola), Choice(tola, cast.health, Tier.NONE, tola)]
        record_choices(family=family, choices=choices, actor=cast.alice)
    url = family.get_absolute_url()

    alice = visitor(cast.alice).is_signed_in().goes_to(f"{url}team/").follows("Ask someone to lead")
    alice.sees("Whoever accepts first leads from then on", "Once someone else leads, what will you do?")
    alice.ticks("Charlie").page.locator("[name=without_wish]").fill("They are away until Monday.")
    alice.types("Why does the lead change?", "Ada has left the school.").presses("Ask them")

    charlie = visitor(cast.charlie).is_signed_in().goes_to(url).follows("Answer")
    charlie.sees("Ada has left the school.", "Once you accept, Alice stays on the team")
    charlie.sees("One person of the family isn’t shown to you", "Alice stays the one who can ask them")
    charlie.does_not_see("Tola")
    charlie.answers("Your answer", "Yes, I accept").presses("Send your answer")
    charlie.sees("You lead for this family now").goes_to(f"{url}team/")
    charlie.sees("Why the lead changed: Ada has left the school.").follows("Print a letter to the family")
    charlie.sees("It tells the family that Charlie leads")

    alice.goes_to("/").sees("Someone else leads now for the family", "you stay on its team")
    alice.goes_to(url).sees("Charlie", "Tola").does_not_see("Your access has ended")
