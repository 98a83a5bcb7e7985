"""A second request about a family that is known, at a screen."""

from datetime import date

import pytest

from earlyhelp.access.identity import acting_as
from families.services import episodes
from tests.cast import ask, led_family, make_cast, new_family, share

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.true_clock]


def test_the_officer_adds_a_request_to_a_family_that_is_known(visitor):
    cast = make_cast()
    family = led_family(cast)
    joe = {"kind": "child", "first_name": "Joe", "last_name": "Okafor", "date_of_birth": date(2020, 1, 5)}
    ada = {"kind": "child", "first_name": "Adah", "last_name": "Okafor", "date_of_birth": date(2017, 6, 8)}
    request = ask(cast, by=cast.bob, people=[ada, joe])
    officer = visitor(cast.locality).is_signed_in().goes_to(f"/requests/{request.reference}/").follows("Accept")
    officer.sees("Is this a family that we know?", "Early help is open")
    officer.presses("Continue").sees("There is a problem", "Select a family")
    officer.page.get_by_label(f"Okafor family, {family.reference}").check()
    officer.presses("Continue").sees("Joe Okafor", "May be the same as Ada Okafor")
    officer.presses("Add the request to this family").sees(
        "The request is added, and whoever runs the family’s support was told"
    )
    officer.comes_by(officer.page.get_by_role("link", name=family.reference))
    officer.sees("Support was asked for again").follows(request.reference)
    officer.sees("Added to early help that was open already")

    bob = visitor(cast.bob).is_signed_in().goes_to(f"/requests/{request.reference}/")
    bob.sees("First contact: Alice, Birch Primary School, until there is a lead practitioner")
    bob.does_not_see(family.reference, "open already")


def test_a_family_is_opened_again(visitor):
    cast = make_cast()
    family = led_family(cast)
    with acting_as(cast.alice):
        episodes.end(episode=family.episode(), reason="met", actor=cast.alice)
    request = ask(cast)
    officer = visitor(cast.locality).is_signed_in().goes_to(f"/requests/{request.reference}/accept/")
    officer.page.get_by_label(f"Okafor family, {family.reference}").check()
    officer.presses("Continue").sees("opens early help again")
    officer.selects("Which agency will make the first contact?", "Birch Primary School").presses("Continue")
    officer.sees("is opened again", "until the family has been asked again").answers(
        "Who will make the first contact?", "Alice"
    )
    officer.presses("Accept the request").sees("Accepted.", family.reference)


def test_the_locality_helps_and_someone_leads_themselves(visitor):
    cast = make_cast()
    family = new_family(cast)
    alice = visitor(cast.alice).is_signed_in().goes_to(f"{family.get_absolute_url()}sharing/agreement/")
    alice.sees("Check it with the family")
    share(cast, family, cast.school)
    alice.goes_to(family.get_absolute_url()).follows("Ask the locality to help find a lead")
    alice.types("Why is a lead hard to find?", "Two people declined.").presses("Ask them").sees("has been asked")
    officer = visitor(cast.locality).is_signed_in().goes_to("/").sees("Two people declined.")
    officer.follows("Done").sees("Is your help to find a lead done?")
    alice.follows("Team").sees("Help to find a lead").follows("I will lead")
    alice.page.locator("[name=without_wish]").fill("They are away until Monday.")
    alice.presses("I will lead")
    alice.sees("You lead for this family")
    alice.follows("Team").does_not_see("until there is a lead practitioner")


def test_drafts_of_requests_are_listed(visitor):
    cast = make_cast()
    dana = visitor(cast.dana).is_signed_in()
    for name in ("Okafor", "Quigley"):
        dana.goes_to("/requests/new/details/").types("Family name", name)
        dana.page.get_by_label("Family name").blur()
        dana.page.locator("[data-draft-status]").filter(has_text="saved").wait_for()
    dana.goes_to("/requests/").sees("Requests you began", "Okafor", "Quigley").follows(
        "Continue the draft about Quigley"
    )
    assert dana.page.get_by_label("Family name").input_value() == "Quigley"
    dana.goes_to("/requests/").follows("Discard the draft about Okafor").sees("Throw this draft away?")
