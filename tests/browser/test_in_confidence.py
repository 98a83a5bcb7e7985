"""A girl of sixteen asks for help in confidence: from asking to the first contact, past whoever must not know."""

from datetime import date

import pytest

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from families.services import people
from tests.cast import add_sibling, ask, led_family, make_cast, mother

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]
BORN = date(2010, 3, 1)


def test_her_request_reaches_someone_whom_she_trusts_and_nobody_else(visitor):
    cast = make_cast()
    family = led_family(cast)
    tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=BORN)
    with acting_as(cast.alice):
        people.add_contact_detail(
            person=mother(family), actor=cast.alice, kind="phone", value="01632 960777", safe_times="", voicemail=None,
            text=None, who_may_answer="", must_not_know="",
        )  # fmt: skip
    with acting_as_system("test"):
        choices = [Choice(tola, cast.health, Tier.ADDITIONAL, tola), Choice(tola, cast.school, Tier.NONE, tola)]
        record_choices(family=family, choices=choices, actor=cast.alice)
    girl = {
        "kind": "child",
        "first_name": "Tola",
        "last_name": "Okafor",
        "date_of_birth": BORN,
        "phone": "07700 900123",
    }
    request = ask(
        cast, who_asks="young_person", must_not_know="My mother must not know.", what_for="Home is hard.", people=[girl]
    )

    officer = visitor(cast.locality).is_signed_in().goes_to(request.get_absolute_url()).follows("Accept")
    officer.answers("Is this a family that we know?", f"Okafor family, {family.reference}").presses("Continue")
    officer.sees("Must not be told of this request: My mother must not know.", "Tola and Birch Primary School: nothing")
    officer.presses("Add the request to this family").sees("Select who makes the first contact")
    officer.answers("Who makes the first contact?", "Charlie").answers("Who of them must not be told?", "Grace Okafor")
    officer.presses("Add the request to this family").sees("Charlie was told")

    charlie = visitor(cast.charlie).is_signed_in().goes_to("/").sees("asked for help in confidence")
    charlie.goes_to(request.get_absolute_url()).sees("Home is hard.", "07700 900123")
    charlie.goes_to(f"{family.get_absolute_url()}contact/").sees("My mother must not know.")
    charlie.does_not_see("01632 960777").answers("What happened?", "We spoke on the phone")
    charlie.presses("Save").sees("The contact is recorded")

    alice = visitor(cast.alice).is_signed_in().goes_to(family.get_absolute_url())
    alice.does_not_see("Home is hard.", request.reference)
    assert alice.status_of(request.get_absolute_url()) == 404
