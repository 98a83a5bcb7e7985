"""One family, from a request to a reviewed plan, with two agencies."""

from datetime import timedelta

import pytest

from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from families.models import Family
from tests.cast import make_cast

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


def test_a_family_gets_help_from_a_request_to_a_reviewed_plan(visitor):
    cast = make_cast()
    today = clock.today()

    dana = visitor(cast.dana).signs_in()
    dana.sees("Hello, Dana").follows("Requests").follows("Ask for support")
    dana.presses("Continue").sees("There is a problem")
    dana.answers("Is a child suffering significant harm", "No")
    dana.answers("Can your own service meet the need?", "No, the family needs help from others too").presses("Continue")
    dana.presses("Continue").sees("There is a problem", "Enter the family’s name")
    dana.answers("Where does the family live?", "North").types("Family name", "Okafor")
    grace, ada = dana.group("Person 1"), dana.group("Person 2")
    grace.get_by_label("Adult").check()
    grace.get_by_label("First name").fill("Grace")
    grace.get_by_label("Last name").fill("O’Kafor-Ní Bhriain")
    grace.get_by_label("Phone number").fill("07700 900123")
    ada.get_by_label("Child or young person").check()
    ada.get_by_label("First name").fill("Ada")
    ada.get_by_label("Year").fill(str(today.year - 8))
    dana.presses("Continue").answers("Who is asking for support?", "A practitioner")
    dana.types("Whom did you talk with first?", "Our SENCO")
    dana.types("What are you worried about, and what help is needed?", "Ada is tired and often late. 😟")
    dana.types("What has your own service tried?", "Breakfast club for a term.")
    dana.answers("Level of need", "Level 2: Early help")
    dana.dates("When did you hear of the need?", today - timedelta(days=1), "09:30")
    dana.answers("Do those who ask for help agree to this request?", "Yes, they were asked and agree")
    dana.types("Who was asked?", "Grace, Ada’s mother")
    dana.types("Who agreed?", "Grace Okafor")
    dana.answers("How did they agree?", "Said so")
    dana.presses("Continue").sees("Check your answers", "Our SENCO", "Breakfast club for a term.", "07700 900123")
    dana.follows("Change whom it is about").types("Postcode", "MX1 2AB").presses("Continue").presses("Continue")
    dana.sees("MX1 2AB").presses("Send the request").sees("Request sent", "Keep supporting the family meanwhile")

    officer = visitor(cast.locality).is_signed_in()
    officer.goes_to("/").sees("Requests to answer", "Level 2: Early help", "1 day").follows("Okafor")
    officer.sees("Ada is tired and often late. 😟").follows("Accept")
    officer.selects("Which agency will make the first contact?", "Birch Primary School").presses("Continue")
    officer.answers("Who will make the first contact?", "Alice").presses("Accept the request").sees("Accepted.")

    dana.follows("See the request").sees(
        "Accepted", "First contact: Alice, Birch Primary School, until there is a lead practitioner"
    )

    alice = visitor(cast.alice).is_signed_in()
    alice.goes_to("/").sees("First contact", "Okafor family").follows("Families").follows("Okafor family")
    alice.sees("Make the first contact")
    alice.follows("People").follows("Add a contact for Grace")
    alice.answers("What is it?", "Phone").types("Number or address", "07700 900456")
    alice.types("When is it safe to call?", "School days, 10am to 2pm").types(
        "Who must not know that we called?", "Joe"
    )
    alice.presses("Save").sees("07700 900456", "Must not know of it: Joe")
    alice.follows("Overview").follows("Record a contact").sees("Must not know of it: Joe")
    alice.answers("What happened?", "We spoke on the phone").types("Notes", "Grace would like help in the mornings.")
    alice.presses("Save").sees("The contact is recorded", "First contact: met")

    alice.follows("Ask the family for their agreement")
    alice.presses("Continue").sees("There is a problem", "Select what they decided")
    alice.answers("What did they decide?", "They agree to early help").answers("How?", "They said so")
    alice.types("Who heard it?", "Alice").dates("When?", today)
    alice.group("What did you explain to them?").get_by_label("All of this").check()
    alice.presses("Continue").answers("Birch Primary School", "Additional")
    alice.selects("Ask about another agency (optional)", "Health visiting").presses("Add this agency")
    alice.answers("Health visiting", "Additional")
    alice.presses("Record the decision").sees("Recorded. Access follows at once", "Health visiting")

    alice.follows("Team").follows("Ask someone to lead").follows("I will lead")
    alice.sees("didn’t say yet whom they would like to lead").follows("Record whom they would like")
    for box in alice.page.locator("textarea[name^=wish_]").all():
        box.fill("Alice, from the school gate.")
    alice.presses("Save").sees("Alice, from the school gate.").follows("I will lead")
    alice.does_not_see("didn’t say yet").presses("I will lead").sees("You lead for this family").follows(
        "Team"
    ).follows("Invite someone")
    alice.types("Find someone", "health visiting").presses("Find").sees("1 person found")
    alice.answers("Who?", "Charlie").answers("What will they do?", "Contribute")
    alice.presses("Send the invitation").sees("Charlie", "Invited")

    charlie = visitor(cast.charlie).is_signed_in()
    charlie.goes_to("/").follows("Say whether you will join the team")
    charlie.answers("Your answer", "Yes, I accept").presses("Send your answer").sees("Okafor family", "Ada Okafor")

    alice.follows("Overview").follows("Start the assessment").presses("Start the assessment")
    alice.sees("Not started", "0 of 13 parts are ready").follows("Is this the right way?")
    alice.answers("Is a child suffering significant harm, or likely to?", "No").ticks("My part here is ready")
    alice.presses("Save and go on").sees("Why now").follows("Back").sees("1 of 13 parts are ready").follows("Ada")
    alice.types("What Ada says", "I like my breakfast with Mum.")
    alice.types("What are we worried about?", "Ada is tired.").types("What is working well?", "Ada loves reading.")
    alice.types("What needs to happen?", "A calm bedtime.").answers("Where are things now, from 0 to 10?", "5")
    alice.presses("Save and go on").follows("Back")
    charlie.follows("Assessment").follows("What Health visiting knows")
    charlie.types("What are we worried about?", "Ada’s hearing has not been checked.").presses("Save")
    alice.follows("What we make of it")
    alice.types("What are we worried about?", "Mornings wear everyone out.")
    alice.types("What is working well?", "They are close.").types(
        "What needs to happen?", "Sleep, and a hearing check."
    )
    alice.answers("Where are things now, from 0 to 10?", "6").presses("Save and go on")
    alice.follows("Back").follows("Finalise the assessment")
    alice.presses("Finalise the assessment").sees("There is a problem", "Enter why it is finalised without")
    for expected in (
        "“Why now”: “What led to this assessment” is empty.",
        "“What we make of it”: “What you and the family aim for” is empty.",
        "“The first meeting”: “When it is held” is empty.",
    ):
        alice.types(expected, "We agreed with Grace to leave it for the plan.")
    alice.presses("Finalise the assessment").sees("The assessment is finalised")

    alice.follows("Plan and reviews").follows("Add the first outcome")
    alice.answers("Whom is it about?", "The whole family")
    alice.types("What is it about?", "Ada is tired and late for school")
    alice.types("What will be better?", "Ada sleeps well and is at school on time")
    alice.types("How will everyone know?", "On time four days of five").presses("Add this outcome")
    alice.follows("Add an action").presses("Add this action").sees(
        "Select who will do it", "Enter the date by when it will be done"
    )
    alice.types("What will be done?", "Ring to book a hearing check").answers("Who will do it?", "Charlie")
    alice.dates("By when?", today + timedelta(days=14)).presses("Add this action").sees("Ring to book a hearing check")
    alice.follows("Agree the plan").dates("When was the plan agreed with the family?", today)
    alice.dates("When is the first review?", today + timedelta(weeks=6)).presses("The plan is agreed").sees(
        "Next review"
    )

    alice.follows("Record a review").just_now("When was the review?").answers("How was it held?", "A meeting")
    alice.presses("Record the review").sees(
        "There is a problem", "Select what the review found", "Select what was decided"
    )
    alice.selects("Ada Okafor", "Came").selects("Charlie, Health visiting", "Sent an update")
    alice.types("What does the family say?", "Mornings are calmer.").types(
        "What do the children say?", "I am not late now."
    )
    alice.answers("Action 1: Ring to book a hearing check", "Done")
    alice.answers("What did the review find?", "Positive change").answers("What was decided?", "Continue as is")
    alice.dates("When is the next review?", today + timedelta(weeks=6)).presses("Record the review")
    alice.sees("The review is recorded", "Positive change")

    alice.follows("Chronology").sees("Review held", "Contact made", "Support was asked for")
    alice.follows("Who can see this").sees("Charlie", "On the team").follows("Why can’t someone see it?")
    alice.types("Name or e-mail address", "Dana").presses("Find").follows("Dana").sees(
        "They can’t see this family", "Missing"
    )
    alice.goes_to("/families/").sees("Okafor family").goes_to("/search/")
    alice.types("Name, reference, date of birth or postcode", "okaffor").presses("Search").sees("1 family found")
    charlie.goes_to("/search/").types("Name, reference, date of birth or postcode", "Ada").presses("Search")
    charlie.sees("1 family found")

    with acting_as_system("test"):
        family = Family.objects.get()
    for path in ("assessment/print/", "plan/print/", "sharing/form/"):
        assert alice.status_of(f"{family.get_absolute_url()}{path}") == 200
        assert dana.status_of(f"{family.get_absolute_url()}{path}") == 404
