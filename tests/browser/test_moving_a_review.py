"""A review is brought forward and then ends early help, in a browser."""

from datetime import timedelta

import pytest

from earlyhelp.core import clock
from tests.cast import led_family, make_cast
from tests.plans.helpers import agreed_plan

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def test_a_review_is_brought_forward_and_ends_early_help_without_everyones_agreement(visitor):
    cast = make_cast()
    family = led_family(cast)
    today = clock.today()
    agreed_plan(cast, family, next_review_on=today + timedelta(days=40))
    alice = visitor(cast.alice).is_signed_in()
    alice.goes_to(f"{family.get_absolute_url()}plan/").follows("Move")
    alice.presses("Move the review").sees("Enter the new day of the review", "Enter why the review is moved")
    alice.dates("On which day is it now?", today + timedelta(days=7)).types("Why is it moved?", "Things got harder.")
    alice.presses("Move the review").sees("The review is moved", "Moved from", "Things got harder.")
    alice.follows("Chronology").sees("Next review moved from")

    alice.goes_to(f"{family.get_absolute_url()}plan/review/")
    alice.dates("When was the review?", today, f"{clock.in_london(clock.now()):%H:%M}")
    alice.answers("How was it held?", "By phone or video").selects("Grace Okafor", "Came")
    for action in (1, 2, 3):
        alice.answers(f"Action {action}:", "Done")
    alice.answers("What did the review find?", "Positive change")
    alice.answers("What was decided?", "End: needs fully met").presses("Record the review")
    alice.sees("Select whether the children, the family and the others at the review agree to the end")
    alice.answers("Does everyone agree that early help ends?", "Not everyone agrees").presses("Record the review")
    alice.sees("Enter who does not agree")
    alice.types(
        "Who does not agree, what do they say, and why does it end all the same?", "Ada would like to keep Charlie."
    )
    alice.presses("Record the review").sees("Not everyone agrees", "Ada would like to keep Charlie.")
