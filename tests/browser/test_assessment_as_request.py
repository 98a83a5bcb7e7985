"""An assessment is sent as the request and answered, and someone is found to lead, on every page as a person sees it."""

from assessments.models import Assessment
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.models import Request
from families.services import team
from tests.assessments.helpers import started
from tests.cast import led_family


def written(cast):
    """A family that Alice opened by herself, with a final assessment that isn't sent yet."""
    family = started(cast, led_family(cast))
    with acting_as_system("test"):
        now = clock.now()
        Assessment.objects.update(status="finalised", finalised_at=now, finalised_by=cast.alice)
        Request.objects.update(outcome="waiting", submitted_at=None, outcome_at=None, asked_by=cast.alice)
        return family, Request.objects.get()


def test_alice_sends_the_assessment_and_the_officer_answers_it(cast, visitor):
    family, request = written(cast)
    alice, officer = visitor(cast.alice).is_signed_in(), visitor(cast.locality).is_signed_in()
    alice.goes_to(f"{family.get_absolute_url()}assessment/").follows("Send it to the early help team")
    alice.presses("Send the assessment").sees("Select yes if a child is suffering significant harm")
    alice.answers("Is a child suffering significant harm, or likely to?", "No")
    alice.presses("Send the assessment").sees("Select whether the family agrees that it is sent")
    alice.answers("Does the family agree that it is sent?", "Yes").types("Who agreed?", "Grace")
    alice.dates("When did they agree?", clock.today())
    alice.presses("Send the assessment").sees("Sent to the early help team as request")
    officer.goes_to("/requests/").sees("An assessment to read").goes_to(request.get_absolute_url())
    officer.follows("Answer it").presses("Send the answer").sees("Select the outcome")
    officer.answers("What is the outcome?", "Accepted").types(
        "Reason, or what was advised", "Yes. We join you next week."
    )
    officer.presses("Send the answer").sees("The answer is sent.")
    alice.goes_to(request.get_absolute_url()).sees("Accepted", "Grace agreed to that on")


def test_a_no_is_challenged_and_the_officer_suggests_someone(cast, visitor):
    family = led_family(cast)
    with acting_as(cast.alice):
        here = {"family": family, "episode": family.episode(), "actor": cast.alice}
        asked = team.ask_to_lead(
            **here, user=cast.charlie, agency=cast.health, without_wish="Charlie.", because="I leave."
        )
        team.ask_locality(**here, reason="Two said no.")
    with acting_as(cast.charlie):
        team.answer_lead(lead=asked, accept=False, reason="I lead for too many.", actor=cast.charlie)
    alice, officer = visitor(cast.alice).is_signed_in(), visitor(cast.locality).is_signed_in()
    alice.goes_to(f"{family.get_absolute_url()}team/").follows("Say how this was challenged")
    alice.presses("Save").sees("Enter who talked with them, and their role")
    alice.types("Who talked with them?", "Rosa Hill, their manager").types(
        "What was said?", "Less work from January on."
    )
    alice.answers("What came of it?", "They would lead after all").presses("Save").sees("Now ask them again.")
    officer.goes_to(f"{family.get_absolute_url()}team/").follows("Suggest who could lead")
    officer.types("Whom do you suggest, and why?", "Zoe Hall knows the father.").presses("Send the suggestion")
    officer.sees("Whoever asked for help is told.", "Zoe Hall knows the father.")
