"""From a review, in fear for a child: under two minutes and ten clicks to social care, and its return with advice."""

import time

import pytest

from earlyhelp.access.identity import acting_as_system
from tests.cast import led_family, make_cast
from tests.plans.helpers import agreed_plan

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def test_a_review_turns_into_fear_for_a_child(visitor):
    cast = make_cast()
    family = led_family(cast)
    with acting_as_system("test"):
        url = family.get_absolute_url()
    agreed_plan(cast, family)
    alice = (
        visitor(cast.alice)
        .is_signed_in()
        .goes_to(f"{url}plan/review/")
        .types("What do the children say?", "I sleep in the shed.")
    )
    began, alice.clicks = time.monotonic(), 0
    alice.follows("Step up to social care").sees("Call 999 now", "delays nothing")
    alice.presses("Keep this").sees("There is a problem", "Select why", "Enter what you have seen or been told")
    alice.answers("Why?", "A child is harmed, or may come to harm")
    alice.types("What have you seen or been told, and what has changed?", "Ada said: I sleep in the shed.")
    alice.answers("Does the family agree that social care is told?", "They weren’t asked, or couldn’t be reached")
    alice.answers(
        "Why is it shared without their agreement?",
        "A child may be suffering, or be likely to suffer, significant harm",
    )
    alice.presses("Keep this").sees(
        "The text to send", "Ada Okafor", "Ada said: I sleep in the shed.", "Social care doesn’t know of this yet."
    )
    alice.follows("The written part was sent").types("How did you send it, and to whom?", "Their online form").presses(
        "Save"
    )
    assert alice.clicks <= 10
    assert time.monotonic() - began < 120
    alice.sees("Their online form").follows("Record the answer").answers(
        "What did social care answer?", "Returned with advice"
    )
    alice.types("What did they say?", "Visit today, and ring again.").types("Who said so?", "Duty worker")
    alice.answers("What becomes of early help?", "Early help goes on as before").presses("Save")
    alice.sees("Returned with advice", "Visit today, and ring again.", "Early help goes on as before")
    alice.goes_to(f"{url}plan/review/").sees("I sleep in the shed.")
