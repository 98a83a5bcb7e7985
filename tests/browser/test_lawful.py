"""The lead shares without agreement, and lets one person in for some days."""

import pytest

from tests.cast import led_family, make_cast

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def test_the_lead_shares_without_agreement_after_calling_and_ends_the_access(visitor):
    cast = make_cast()
    family = led_family(cast)
    url = family.get_absolute_url()
    alice = visitor(cast.alice).is_signed_in().goes_to(f"{url}sharing/").follows("Share without agreement")
    alice.sees("Nothing that you can see was shared").follows("Share without agreement")
    alice.sees("Never wait for this form").presses("Continue").sees("There is a problem")
    alice.answers("Is a child suffering significant harm", "Yes, or I am not sure").presses("Continue")
    alice.sees("Call now. Do not wait", "01632 960002").follows("I have called: record it")
    alice.presses("Record the decision").sees(
        "There is a problem", "Select why it is shared", "Select who advised you", "Select whether the family was told"
    )
    alice.answers("Why is it shared", "A child may be suffering, or be likely to suffer, significant harm")
    alice.types("Explain why", "Ada told me what happens at night.")
    alice.answers("What is the lawful basis?", "Public task: it is needed for what the law asks us to do")
    alice.types("What is shared?", "What Ada said on Friday.")
    alice.group("Whom is it about?").get_by_label("Ada Okafor").check()
    alice.types("With whom is it shared?", "Dana, Oak Primary School")
    alice.answers("How is it shared?", "Told").just_now("When was it decided?")
    alice.selects("Who advised you?", "Manager").types("What did they advise?", "Tell the school now.")
    alice.answers("Was the family told?", "No").types("Why not?", "It would put Ada at risk.")
    alice.answers("Should they see the record here?", "Yes").selects("Whose account?", "Dana, Oak Primary School")
    alice.presses("Record the decision").sees("The decision is recorded", "Dana can see this part of the record until")

    dana = visitor(cast.dana).is_signed_in().goes_to(f"{url}people/").sees("Ada Okafor").does_not_see("Grace")
    alice.presses("End this access now").sees("Their access has ended").does_not_see("End this access now")
    assert dana.status_of(url) == 404
    alice.follows("All that was shared").sees("Dana, Oak Primary School", "Ended")
    alice.follows("Sharing").follows("What was given to whom").sees("Told: What Ada said on Friday.")
    alice.follows("Record that information was given").presses("Record it").sees("Enter what was given")
    alice.goes_to(f"{url}sharing/form/").presses("Make the PDF").sees("Select who it is for")
    alice.answers("Who is it for?", "An agency that the family shares with").selects(
        "Which agency?", "Early help service"
    )
    alice.presses("Make the PDF").sees("The family does not share with Early help service")
