"""The administrator changes what the form says; the lead prints who can see."""

import pytest

from consent.services import wording as services
from tests.cast import led_family, make_cast

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def test_the_administrator_publishes_the_next_version(visitor):
    cast = make_cast()
    admin = visitor(cast.admin).is_signed_in()
    admin.goes_to("/").follows("Agreement form").follows("Write the next version")
    admin.types("Saying no", "You can say no to {counsil}.")
    admin.presses("Save and preview").sees("There is no word for {counsil}")
    admin.types("Saying no", "You can say no to {council}.")
    admin.presses("Save and preview").sees("You can say no to Castshire Council.")
    admin.follows("Publish").sees("From now on the form says this.")
    admin.presses("Publish").sees("The form says this from now on.")
    assert services.draft() is None


def test_the_administrator_changes_a_word(visitor):
    cast = make_cast()
    admin = visitor(cast.admin).is_signed_in().goes_to("/settings/words/")
    admin.types("Word for who leads the support", "")
    admin.presses("Save these words").sees("Enter your word for who leads the support")
    admin.types("Word for who leads the support", "lead professional")
    admin.presses("Save these words").sees("The form that families sign has the new words")


def test_the_lead_chooses_what_to_print_for_the_family(visitor):
    cast = make_cast()
    family = led_family(cast)
    alice = visitor(cast.alice).is_signed_in().goes_to(f"{family.get_absolute_url()}sharing/")
    alice.follows("Print the form").sees("Only Ada Okafor")
    alice.goes_to(f"{family.get_absolute_url()}who-can-see/")
    alice.follows("For the family: who can see").sees("Works with you, on the team around your family")
    alice.follows("Only Ada Okafor").sees("For Ada Okafor: who can see")
