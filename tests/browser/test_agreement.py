"""A family says yes, no, or not to them: by phone, on a tablet, against a parent, and in the middle of someone's typing."""

from datetime import date

import pytest

from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from tests.cast import add_sibling, led_family, make_cast, new_family
from tests.consent.test_agreement import publish

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def fills_in(alice, family, *, who="Grace", how="They said so", heard="Alice, on the phone"):
    alice.goes_to(f"{family.get_absolute_url()}sharing/agreement/")
    alice.group("Who decided?").get_by_label(who, exact=False).check()
    alice.answers("What did they decide?", "They agree to early help").answers("How?", how)
    alice.dates("When?", clock.today())
    alice.ticks("What we write down, and why").ticks("That they can say no, and what happens then")
    if how == "They said so":
        alice.types("Who heard it?", heard)
        alice.types("Their wishes and feelings, in their own words", "Not on Fridays, please.")
    alice.presses("Continue").sees("Grace Okafor agrees to early help")
    alice.answers("Birch Primary School", "Additional")
    return alice


def test_a_mother_agrees_on_the_phone_and_adds_an_agency_that_nobody_thought_of(visitor):
    cast = make_cast()
    family = new_family(cast)
    alice = fills_in(visitor(cast.alice).is_signed_in(), family)
    alice.selects("Ask about another agency (optional)", "Health visiting").presses("Add this agency")
    alice.answers("Health visiting", "Basic")
    alice.presses("Record the decision").sees(
        "Recorded. Access follows at once", "said so, heard by Alice, on the phone"
    )
    alice.sees("Not on Fridays, please.", "Health visiting", "Wording: version")


def test_a_mother_signs_on_the_tablet(visitor):
    cast = make_cast()
    publish()
    family = new_family(cast)
    alice = fills_in(visitor(cast.alice).is_signed_in(), family, how="Sign on this screen")
    alice.presses("Record the decision").sees("Grace Okafor, please read this", "About limits.", "I was told.")
    alice.presses("Done").sees("There is a problem", "Sign in the box, or type the name")
    box = alice.page.locator("canvas")
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    alice.page.mouse.move(at["x"] + 20, at["y"] + 100)
    alice.page.mouse.down()
    for x, y in ((80, 40), (140, 150), (220, 60), (300, 120)):
        alice.page.mouse.move(at["x"] + x, at["y"] + y, steps=6)
    alice.page.mouse.up()
    alice.looks().presses("Done").looks().sees("Signed and recorded", "Please give this back to Alice")
    alice.does_not_see("Sign out", "Families").follows("go on")
    alice.sees("signed on screen, watched by Alice", "See the signature")
    link = alice.page.get_by_role("link", name="See the signature").get_attribute("href")
    assert alice.status_of(link) == 200


def test_who_cannot_draw_signs_with_the_keyboard_and_without_javascript(visitor):
    cast = make_cast()
    publish()
    family = new_family(cast)
    alice = fills_in(visitor(cast.alice).is_signed_in(), family, how="Sign on this screen").presses(
        "Record the decision"
    )
    alice.page.get_by_label("Your full name", exact=False).fill("Grace Okafor")
    alice.page.keyboard.press("Enter")
    alice.sees("Signed and recorded").follows("go on").sees("typed their name, watched by Alice")


def test_a_fifteen_year_old_says_not_to_that_school_and_her_mother_cannot_change_it(visitor):
    cast = make_cast()
    family = led_family(cast)
    today = clock.today()
    tola = add_sibling(
        family, cast.alice, kind="child", first_name="Tola", last_name="Okafor",
        date_of_birth=date(today.year - 15, 1, 1),
    )  # fmt: skip
    with acting_as_system("test"):
        url = family.get_absolute_url()
    alice = visitor(cast.alice).is_signed_in().goes_to(f"{url}sharing/person/{tola.pk}/")
    alice.answers("Who decided?", "Tola Okafor")
    alice.answers("Birch Primary School", "Additional")
    alice.answers("Health visiting", "Never")
    alice.presses("Record these choices").sees("Recorded. Access follows at once", "Never share")

    fills_in(alice, family)
    assert alice.group("Whose information").get_by_role("checkbox").count() == 2
    assert alice.group("Whose information").get_by_label("Tola Okafor").count() == 0
    alice.answers("Health visiting", "Additional").presses("Record the decision").sees(
        "Recorded. Access follows at once"
    )

    charlie = visitor(cast.charlie).is_signed_in().goes_to(url)
    charlie.sees("Ada Okafor", "Grace Okafor").does_not_see("Tola")


def test_agreement_is_withdrawn_while_someone_else_is_typing_and_their_words_are_not_lost(visitor):
    cast = make_cast()
    family = led_family(cast)
    url = family.get_absolute_url()
    alice = visitor(cast.alice).is_signed_in().goes_to(url)
    alice.follows("Start the assessment").presses("Start the assessment")
    charlie = visitor(cast.charlie).is_signed_in().goes_to(url)
    charlie.follows("Assessment").follows("What Health visiting knows")
    charlie.types("What are we worried about?", "Ada’s hearing was never checked.")
    charlie.page.get_by_text("Draft saved").wait_for()

    alice.goes_to(f"{url}sharing/agreement/")
    alice.group("Who decided?").get_by_label("Grace", exact=False).check()
    alice.answers("What did they decide?", "They no longer agree").answers("How?", "They said so")
    alice.types("Who heard it?", "Alice").dates("When?", clock.today()).presses("Continue")
    alice.presses("Record the decision").sees(
        "What follows, and what you can still do", "End early help", "your own service can do alone"
    )

    charlie.presses("Save").sees("Ada’s hearing was never checked.").sees("You cannot do this", "Ask the lead")
    charlie.goes_to("/drafts/").follows("Throw away").sees("Ada’s hearing was never checked.")
    alice.goes_to(url).follows("End early help").answers(
        "Why does early help end?", "The family did not agree, or withdrew"
    )
    alice.presses("End early help").sees("Early help has ended")
