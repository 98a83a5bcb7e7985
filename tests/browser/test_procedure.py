"""An administrator puts another way of working in force, and the next person works by it."""

from datetime import timedelta

import pytest

from earlyhelp.core import clock
from earlyhelp.procedures.document import text_of as document
from tests.cast import led_family, make_cast
from tests.plans.helpers import draft_plan

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def test_worcestershires_procedure_is_put_in_force_and_worked_by(visitor):
    cast = make_cast()
    family = led_family(cast)
    draft_plan(cast, family)
    admin = visitor(cast.admin).is_signed_in()
    admin.goes_to("/").follows("Local procedure").follows("Change the procedure")
    admin.types("The procedure", document("worcestershire").replace("amount = 12", "amount = 0"))
    admin.types("Why is it changed?", "We are Worcestershire from today.")
    admin.presses("Show what changes").sees("“amount” must be 1 or more. It says: amount = 0")
    admin.types("The procedure", document("worcestershire")).presses("Show what changes")
    admin.sees("Word for who leads the support", "lead professional", "The form that families sign has the new words")
    admin.presses("Load this procedure").sees("The procedure is loaded, as version 2")

    dana = visitor(cast.dana).is_signed_in()
    dana.goes_to("/requests/").sees(
        "Each request for family support goes to the early help team of the family’s local area"
    )
    dana.sees("Family Front Door, in the day", "01632 960003")
    alice = visitor(cast.alice).is_signed_in()
    alice.goes_to(f"{family.get_absolute_url()}sharing/").sees("Consent and sharing")
    alice.goes_to(f"{family.get_absolute_url()}team/ask-to-lead/").sees("Ask someone to be lead professional")
    alice.goes_to(f"{family.get_absolute_url()}plan/agree/")
    alice.dates("When is the first review?", clock.today() + timedelta(weeks=5)).presses("The plan is agreed")
    alice.sees("Enter why the review is before")
    alice.dates("When is the first review?", clock.today() + timedelta(weeks=11)).presses("The plan is agreed")
    alice.sees("The plan is agreed. Print the family’s copy")
