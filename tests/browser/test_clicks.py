"""How many clicks and pages the daily things take: counted, so that they don't become more."""

import pytest

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency
from families.services import people
from tests.access.test_doors import person_of
from tests.cast import add_sibling, child, make_cast, mother, new_family

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def agencies(*names: str) -> list[Agency]:
    return [Agency.objects.create(name=name, kind="voluntary") for name in names]


def test_an_agreement_of_a_parent_of_two_with_four_agencies_takes_12_clicks_on_2_pages(visitor):
    cast = make_cast()
    family = new_family(cast)
    add_sibling(family, cast.alice, kind="child", first_name="Ben", last_name="Okafor")
    with acting_as(cast.alice):
        grace, ada = person_of(family, mother), person_of(family, child)
        people.relate(person=grace, to_person=ada, kind="mother", parental_responsibility="yes", actor=cast.alice)
        for name in ("Oak Primary School", "Health visiting"):
            school = person_of(family, child) if name.startswith("Oak") else family.people().get(first_name="Ben")
            type(school.details).objects.filter(person=school).update(school=name)
    with acting_as_system("test"):
        url = family.get_absolute_url()
    alice = visitor(cast.alice).is_signed_in().goes_to(f"{url}sharing/")
    alice.clicks = 0
    alice.follows("Record a decision")
    alice.answers("What did they decide?", "They agree to early help").answers("How?", "Signed on paper")
    alice.ticks("All of this").presses("Continue")
    asked = alice.page.locator(".app-answers fieldset legend").all_inner_texts()
    assert len(asked) >= 3
    for agency in asked[:4]:
        alice.answers(agency, "Additional")
    alice.presses("Record the decision").sees("Recorded. Access follows at once")
    assert alice.clicks <= 12


def test_a_contact_takes_3_clicks_on_2_pages_from_its_deadline(visitor):
    cast = make_cast()
    new_family(cast)
    alice = visitor(cast.alice).is_signed_in().goes_to("/")
    alice.clicks = 0
    alice.follows("First contact").sees("Record a contact")
    alice.answers("What happened?", "We spoke on the phone").presses("Save").sees("The contact is recorded")
    assert alice.clicks == 3
