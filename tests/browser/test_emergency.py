"""A manager of another agency opens a record in an emergency; the lead's manager reviews it."""

import pytest

from earlyhelp.accounts.models import Role
from tests.cast import led_family, make_cast, make_user

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def test_a_record_is_opened_in_an_emergency_and_reviewed(visitor):
    cast = make_cast()
    head = make_user("Head", cast.other_school, Role.MANAGER)
    family = led_family(cast)
    url = family.get_absolute_url()

    someone = visitor(head).is_signed_in().goes_to("/").follows("Open a record in an emergency")
    someone.sees("The lead’s manager is told at once").presses("Open the record").sees("There is a problem")
    someone.types("Reference", "482-9156").types("What is the emergency?", "Ada rang 999 from a neighbour’s.")
    someone.presses("Open the record").sees("There is no record that you can open with this reference", "01632 960001")
    someone.types("Reference", family.reference).presses("Open the record")
    someone.sees("Emergency access until", "Okafor family").follows("Notes").sees("Emergency access until")

    manager = visitor(cast.manager).is_signed_in().goes_to("/").sees("please review it")
    manager.follows("Emergency access to review").sees("Ada rang 999 from a neighbour’s.").follows("Okafor family")
    manager.sees("What they opened", "Read case notes")
    manager.answers("Was it right to open the record?", "No").presses("Record the review").sees("Enter what was wrong")
    manager.types("Note", "The lead could be reached.").presses("Record the review")
    manager.sees("The review is recorded", "The record should not have been opened", "The lead could be reached.")
    someone.goes_to(url).sees("Your access has ended")


def test_the_boards_show_whose_agreement_needs_someone_to_act(visitor):
    cast = make_cast()
    led_family(cast)
    manager = visitor(cast.manager).is_signed_in().goes_to("/").follows("Agreements").sees("Not asked yet (0)")
    manager.follows("Withdrew").sees("No family that you may see has withdrawn")
