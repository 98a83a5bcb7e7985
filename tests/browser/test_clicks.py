"""How many clicks and pages the daily things take: counted, so that they don't become more."""

import pytest

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency
from families.models import Request
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


def test_a_check_and_a_request_for_a_new_family_of_four_take_20_clicks_on_5_pages(visitor):
    cast = make_cast()
    dana = visitor(cast.dana).is_signed_in().goes_to("/requests/check/")
    dana.clicks = 0
    dana.types("First name", "Ada").types("Last name", "Brandt").types("Postcode", "MX1 2AB")
    dana.presses("Check").sees("Not known").presses("Ask for support for them")
    dana.answers("Is a child suffering significant harm", "No")
    dana.answers("Can your own service meet the need?", "No, the family needs help from others too").presses("Continue")
    assert dana.page.get_by_label("Family name", exact=True).input_value() == "Brandt"
    dana.answers("Where does the family live?", "North")
    kinds = ("Child or young person", "Child or young person", "Adult", "Adult")
    for number, (name, kind) in enumerate(zip(("", "Ben", "Mia", "Tom"), kinds, strict=True), start=1):
        person = dana.group(f"Person {number}")
        dana.clicks += 1
        person.get_by_label(kind).check()
        if name:
            person.get_by_label("First name").fill(name)
    dana.presses("Continue").answers("Who is asking for support?", "A practitioner")
    dana.types("What are you worried about, and what help is needed?", "Ada is often late.")
    dana.types("What has your own service tried?", "Breakfast club.").answers("Level of need", "Level 2: Early help")
    dana.answers("Do those who ask for help agree to this request?", "Yes, they were asked and agree")
    dana.types("Who was asked?", "Mia").types("Who agreed?", "Mia").answers("How did they agree?", "Said so")
    dana.presses("Continue").sees("Check your answers", "Ada", "MX1 2AB").presses("Send the request").sees(
        "Request sent"
    )
    assert dana.clicks <= 20
    with acting_as(cast.dana):
        request = Request.objects.get()
        told = [(person.name, person.postcode.replace(" ", "")) for person in request.people.all()]
    assert told == [(f"{name} Brandt", "MX12AB") for name in ("Ada", "Ben", "Mia", "Tom")]
