"""A family moves from social care to early help: by route A, with four people; and where only the level of help changes."""

from datetime import date, datetime, timedelta

import pytest

from consent.models import Agreement, Tier
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Role
from earlyhelp.core import clock
from earlyhelp.core.clock import LONDON
from families.models import Document, Family, TeamMember
from stepdown.models import StepDown
from tests.browser.conftest import Visitor
from tests.cast import led_family, make_cast, make_user, set_procedure
from tests.consent.test_agreement import publish
from tests.plans.helpers import agreed_plan
from tests.stepdown.helpers import choices_of, social_care, social_worker

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]
SCAN = {"name": "signed.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\nsigned\n%%EOF\n"}
MONDAY = datetime(2026, 12, 14, 10, 0, tzinfo=LONDON)


@pytest.fixture
def on(settings):
    """The day that it is."""
    settings.MOVABLE_CLOCK = True
    yield lambda moment: clock.move(moment - clock.true_now())
    clock.move(None)


@pytest.fixture
def told_once(monkeypatch):
    """Nobody types what a page before has shown, to them or to anyone else."""
    shown: list[str] = []
    looks, types = Visitor.looks, Visitor.types

    def looking(self):
        shown.append(self.page.inner_text("body"))
        return looks(self)

    def typing(self, label, text):
        assert not [page for page in shown if text in page], f"“{text}” is typed again, into “{label}”"
        return types(self, label, text)

    monkeypatch.setattr(Visitor, "looks", looking)
    monkeypatch.setattr(Visitor, "types", typing)


def test_route_a_with_a_lead_who_declines_a_signature_that_lacks_and_a_late_visit(visitor, on, told_once):
    on(MONDAY)
    cast = make_cast()
    publish()
    sasha = social_worker()

    # Opened before anything is agreed
    social = visitor(sasha).is_signed_in().goes_to("/").follows("Step-downs").presses("Open a step-down")
    social.answers("Where does the family live?", "North")
    social.types("Family name", "Zeller").types("Why does the family step down now?", "Otto is safe at home now.")
    for number, kind, name, born in (
        (1, "Child or young person", "Otto", date(2017, 6, 9)),
        (2, "Adult", "Wanda", date(1990, 5, 5)),
    ):
        person = social.page.locator(f"#person-{number}")
        person.get_by_label(kind, exact=True).check()
        person.get_by_label("First name", exact=True).fill(name)
        for part, value in (("Day", born.day), ("Month", born.month), ("Year", born.year)):
            person.get_by_label(part, exact=True).fill(str(value))
    social.presses("Open the step-down").sees("The case can’t close to social care yet", "Zeller family")
    with acting_as_system("test"):
        step_down = StepDown.objects.get()
        family = Family.objects.get()
    page = f"/step-downs/{step_down.reference}/"
    home = family.get_absolute_url()

    # What may be offered; whom they would like; the agreement, said to be signed
    step(social, "offer").follows("Record it").types("Who was there?", "All of them, in their kitchen")
    social.types("What did they say?", "They want someone from his school.").presses("Save")
    step(social, "wishes").follows("Record whom they would like")
    social.types("Whom would Otto like, and why?", "Miss Alice. She laughs.")
    social.types("Whom would Wanda like, and why?", "Bob, who rings back.").presses("Save")
    social.goes_to(page)
    step(social, "agreement").follows("Record what the family agrees to")
    social.group("Who decided?").get_by_label("Wanda", exact=False).check()
    social.answers("What did they decide?", "They agree to early help").answers("How?", "Signed on paper")
    social.dates("When?", clock.today())
    social.ticks("What we write down, and why").ticks("That they can say no, and what happens then").presses("Continue")
    for agency in ("Children’s social care", "Birch Primary School"):
        if not social.page.get_by_role("group", name=agency).count():
            social.selects("Ask about another agency (optional)", agency).presses("Add this agency")
        social.answers(agency, "Additional")
    social.presses("Record the decision")

    # The gate finds that the signature isn't filed
    social.goes_to(page).sees("The signed agreement is not filed.")
    social.follows("File the signed form").page.set_input_files("input[type=file]", SCAN)
    social.page.get_by_label("Wanda Zeller", exact=False).check()
    social.dates("When was it signed?", clock.today()).presses("File it").sees("The signed form is filed.")
    social.goes_to(page).does_not_see("The signed agreement is not filed.")

    # The first lead declines, and is challenged; the second accepts
    step(social, "lead").follows("Ask someone to lead").presses("Ask someone to lead")
    finds(social, "Bob").presses("Ask them")
    bob = visitor(cast.bob).is_signed_in().goes_to(home).follows("Answer").sees("Ask them first what you want to know")
    bob.answers("Your answer", "No").answers("What keeps you from it?", "No time for it now")
    bob.types("Your reason", "I lead four already.").presses("Send your answer")
    social.goes_to(f"{home}team/").sees("I lead four already.").follows("Say how this was challenged")
    social.types("Who talked with them?", "The head of his school").dates("When?", clock.today())
    social.types("What was said?", "He can’t be spared before spring.")
    social.answers("What came of it?", "The answer stays no").presses("Save")
    social.goes_to(f"{home}team/ask-to-lead/")
    finds(social, "Alice").presses("Ask them")
    alice = visitor(cast.alice).is_signed_in().goes_to(home).follows("Answer").sees("Otto", "Miss Alice. She laughs.")
    alice.answers("Your answer", "Yes, I accept").presses("Send your answer")

    # Route A: a meeting; the assessment; the panel, each side for itself
    social.goes_to(page)
    step(social, "meeting").follows("Choose the route")
    social.page.get_by_label("Route A: from an initial response, with a single assessment", exact=True).check()
    social.presses("Save")
    step(alice.goes_to(page), "meeting").follows("Record a meeting that was held").dates("When was it?", clock.today())
    alice.types("What did Otto say?", "I like Tuesdays.").types("What came of the meeting?", "Breakfast club each day.")
    alice.answers("Was the family told what happens if they don’t take part?", "Yes")
    came(alice, "Alice").types("What were they told?", "That Alice asks Sasha first.").presses("Save")
    alice.does_not_see("There is a problem").goes_to(page)
    step(alice, "assessment").follows("Go to the assessment").presses("Start the assessment")
    on(MONDAY + timedelta(hours=2))
    social.goes_to(page)
    step(social, "analysis").follows("Bring it over")
    social.dates("When was it finished?", clock.today() - timedelta(days=20))
    social.types("Paste the passages that early help needs", "Otto sleeps well since June.").presses("Save")
    social.selects("Where in the assessment do they go?", "What led to this assessment")
    social.ticks("Otto sleeps well since June.").presses("Put them there").sees("They stand in the assessment now")
    social.goes_to(page)
    step(social, "panel").follows("Agree for social care").types("Who was there?", "Sasha, Lo and the panel’s chair")
    social.types("What does the new lead do first?", "Alice rings on Tuesday evening.").presses("We agree")
    officer = visitor(cast.locality).is_signed_in().goes_to(page)
    step(officer, "panel").follows("Agree for early help").sees("Alice rings on Tuesday evening.").presses("We agree")

    # Ten working days, with Christmas and Boxing Day's substitute between: due on 30 December, and late on the 31st
    social.goes_to(page).sees("Joint visit by", "30 December 2026")
    step(social, "case_note").follows("Record it").dates("On which day was it decided?", clock.today())
    social.types("What was decided?", "They are safe, and the school can do the rest").presses("Save")
    social.sees("For social care’s case notes", "it was decided that the family steps down")
    on(datetime(2026, 12, 31, 10, 0, tzinfo=LONDON))
    social.goes_to(page).sees("30 December 2026", "Overdue")
    step(social, "visit").follows("Record it").types("Whom of the family did you see?", "Mother and son")
    social.answers("Did the social worker and the new lead both go?", "Yes")
    social.types("What came of it?", "They showed us the school bag.").presses("Save").sees("Met late")

    # Complete: the social worker's access ends, and a page says so
    social.presses("Complete the step-down").sees("leads from now on", "access to the family’s record ends at once")
    social.presses("The case closes to social care").sees("There is a problem", "Enter how the family heard of it")
    social.types("How did the family hear of it, and from whom?", "At the visit, with their letter")
    social.types("Why are the steps above not done?", "Nothing else is needed for now.")
    social.presses("The case closes to social care").sees("Your access to the record has ended.", "Alice")
    assert social.status_of(home) == 404
    alice.goes_to("/messages/").sees("is complete: early help goes on")
    alice.goes_to(f"{home}assessment/read/").sees("Otto sleeps well since June.", "Sasha, social worker")
    alice.goes_to(f"{home}chronology/").sees("The case closed to social care", "Step-down: Visit the family together")


def test_route_b_where_nothing_changes_hands_but_the_level(visitor, told_once):
    cast = make_cast()
    set_procedure({"help_levels.child_in_need": "Family help for a child in need"})
    odette = make_user("Odette", social_care(), Role.SOCIAL_WORKER)
    family = led_family(cast)
    agreed_plan(cast, family)
    with acting_as_system("test"):
        TeamMember.objects.create(
            family=family, episode=family.episode(), user=odette, agency=social_care(), invited_by=cast.alice,
            invited_at=clock.now(), status=TeamMember.Status.ACCEPTED,
        )  # fmt: skip
        home = family.get_absolute_url()
        Document.objects.create(
            family=family, episode=family.episode(), kind="agreement", title="Signed", size=1, uploaded_by=cast.alice,
            content_type="application/pdf", signed_on=clock.today(),
        )  # fmt: skip
        Agreement.objects.filter(family=family).update(how="signed")
    choices_of(family, social_care(), Tier.ADDITIONAL, cast.alice)

    # Up: the same record, plan, lead and team, with someone who oversees
    alice = visitor(cast.alice).is_signed_in().goes_to(f"{home}level/").follows("Change")
    alice.presses("Save").sees("There is a problem", "Select who oversees", "Enter why")
    alice.answers("Who oversees?", "Odette").types("Why?", "Their mother is in hospital.").presses("Save")
    alice.sees("Waits to be countersigned").goes_to(home).sees("Family help for a child in need, overseen by Odette")
    overseer = visitor(odette).is_signed_in().goes_to("/messages/").sees("please read why, and countersign")
    overseer.goes_to(f"{home}level/").presses("Countersign").sees("Their mother is in hospital.").presses("Countersign")
    overseer.sees("Countersigned by Odette")

    # Down by route B: the child in need meeting had a clear plan, and the overseer agrees
    alice.goes_to(f"{home}level/").presses("Step down to early help")
    alice.types("Why does the family step down now?", "She is home, and her sister helps.").presses(
        "Open the step-down"
    )
    alice.sees("The family can’t step down yet").does_not_see("case notes", "Visit the family together")
    page = alice.page.url.removeprefix(alice.address)
    step(alice, "meeting").follows("Choose the route")
    alice.page.get_by_label("Route B: from child in need, with a clear plan to step down", exact=True).check()
    alice.presses("Save").sees("There is a problem", "Route B needs a child in need meeting").goes_to(page)
    step(alice, "meeting").follows("Record a child in need meeting").dates("When was it?", clock.today())
    alice.types("What did Ada say?", "I do my homework at my aunt’s.").types("What came of the meeting?", "All go on.")
    came(alice, "Odette").answers("Is the plan to step down clear?", "Yes")
    alice.answers("Was the family told what happens if they don’t take part?", "No").presses("Save")
    alice.does_not_see("There is a problem").goes_to(page)
    step(alice, "meeting").follows("Choose the route")
    alice.page.get_by_label("Route B: from child in need, with a clear plan to step down", exact=True).check()
    alice.presses("Save").sees("Whoever oversees the help for a child in need hasn’t agreed.")
    overseer.goes_to(home).follows("Step-down under way")
    step(overseer, "overseer").follows("Record it").dates("When did you agree?", clock.today())
    overseer.types("Why may the level of help go down?", "Two good months.").presses("Save").sees("may step down")
    alice.goes_to(page).presses("Complete the step-down").sees("Alice of Birch Primary School leads as before")
    alice.types("How did the family hear of it, and from whom?", "I rang them today")
    alice.types("Why are the steps above not done?", "The panel meets only for new families.")
    alice.presses("Help goes on as early help").sees("This step-down is complete", "I rang them today", "Odette")
    alice.goes_to(f"{home}level/").sees("Decided by Alice", "Countersigned by Odette")
    alice.goes_to(home).does_not_see("overseen by", "Step-down under way")
    alice.goes_to(f"{home}plan/").sees("Agreed", "With the family")
    assert overseer.status_of(home) == 200  # still on the team


def finds(visitor, name):
    """Looks for a colleague by name, and chooses them."""
    visitor.page.get_by_label("Find someone").fill(name)
    visitor.presses("Find").group("Who?").get_by_label(name, exact=False).first.check()
    return visitor


def came(visitor, name):
    visitor.group("Who of the team was there?").get_by_label(name, exact=False).first.check()
    return visitor


def step(visitor, code):
    """A step in the list, whose links are followed there."""
    return Within(visitor, code)


class Within:
    def __init__(self, visitor, code):
        self.visitor, self.code = visitor, code

    def follows(self, link):
        place = self.visitor.page.locator(f"#step-{self.code} a").filter(has_text=link)
        return self.visitor.comes_by(place)
