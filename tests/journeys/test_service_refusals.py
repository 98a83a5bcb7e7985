"""What services refuse whoever comes past the page: in a second window, by an old address, or because things moved on.

A service is asked directly, as a page would that didn't know better. `make faults` says which refusals nothing here raises.
"""

import base64
import io
from datetime import timedelta

import pytest
from PIL import Image

from consent.models import Agreement, Disclosure, EmergencyAccess
from consent.services import disclosures, emergency, excluding, reviewing, wording
from consent.services.lawful import LawfulSaid, lawful_problems
from consent.services.ledger import record_agreement, withdraw_from
from consent.services.own_word import judge
from consent.services.signing import PREFIX, Mark, read_drawing, sign
from consent.word import Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Role
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import Episode, Family
from families.services import episodes, requests
from plans import services as plans
from plans.models import Action, Outcome, Plan
from plans.rules import ActionSaid, AgreeSaid, MoveSaid, OutcomeSaid, ReviewSaid, action_problems, outcome_problems
from tests.cast import ask, child, make_user, mother, new_family
from tests.journeys.test_the_familys_word import withdraw_agreement


@pytest.fixture
def alice(cast, family):
    with acting_as(cast.alice):
        yield cast.alice


def refused(sentence):
    return pytest.raises(Refused, match=sentence)


def ended(family, alice):
    episodes.end(episode=family.episode(), reason=Episode.End.MET, actor=alice)
    return Family.objects.get(pk=family.pk).episode()


def note(family, alice, **changes):
    said = {"kind": "call", "at": clock.now() - timedelta(hours=1), "with_whom": "Grace", "about": [], "text": "Rang."}
    return episodes.write_note(family=family, episode=family.episode(), actor=alice, **said | changes)


def test_the_same_note_or_contact_twice(family, alice):
    note(family, alice)
    with refused("You recorded exactly this already"):
        note(family, alice)
    contact = {"at": clock.now() - timedelta(hours=1), "how": "call", "reached": False, "note": "", "actor": alice}
    episodes.record_contact(family=family, episode=family.episode(), **contact)
    with refused("You recorded exactly this already"):
        episodes.record_contact(family=family, episode=family.episode(), **contact)


def test_feedback_about_oneself(family, alice):
    with refused("Feedback about who leads needs someone else who leads"):
        note(family, alice, kind="feedback")


def test_a_step_back(family, alice):
    with refused("has moved on since you opened the page"):
        episodes.advance(episode=Episode(stage=Episode.Stage.PLAN), step="agreement")


class TestRequests:
    def test_one_that_was_answered_already(self, cast):
        request = ask(cast)
        with acting_as(cast.locality):
            say = {"outcome": "advice", "reason": "Ask again.", "actor": cast.locality}
            requests.answer(request=request, **say)
            with refused("Someone else has dealt with this request"):
                requests.answer(request=request, **say)

    def test_an_answer_without_a_reason(self, cast):
        request = ask(cast)
        with acting_as(cast.locality), refused("Enter the reason"):
            requests.answer(request=request, outcome="advice", reason="", actor=cast.locality)

    def test_a_practitioner_who_has_left_the_agency(self, cast):
        request = ask(cast)
        with acting_as(cast.locality), refused("Charlie no longer works for Birch Primary School"):
            requests.accept(request=request, agency=cast.school, practitioner=cast.charlie, actor=cast.locality)

    def test_joining_a_family_whose_help_has_ended_or_that_nobody_runs(self, cast):
        family, request = new_family(cast), ask(cast, by=cast.bob)
        with acting_as_system("test"):
            Episode.objects.filter(family=family).update(first_contact_by=None, first_contact_agency=None)
        with acting_as(cast.locality), refused("Nobody runs this family’s support now"):
            requests.join(request=request, family=family, actor=cast.locality)
        with acting_as_system("test"):
            Episode.objects.filter(family=family).update(ended_at=clock.now(), end_reason="met", stage="ended")
        with acting_as(cast.locality), refused("Early help for this family has ended"):
            requests.join(request=request, family=family, actor=cast.locality)


class TestConsent:
    def test_a_judgement_of_an_adult_or_of_tomorrow(self, family, alice):
        said = {"family": family, "competent": True, "reasons": "x", "actor": alice}
        with refused("for children and young people only"):
            judge(person=mother(family), judged_on=clock.today(), **said)
        with refused("must be today or in the past"):
            judge(person=child(family), judged_on=clock.today() + timedelta(days=1), **said)

    def test_a_disclosure_still_to_come_or_of_no_decision(self, family, alice):
        said = {"family": family, "how": "told", "what": "x", "to_whom": "x", "actor": alice}
        with refused("must be in the past"):
            later = clock.now() + timedelta(hours=1)
            disclosures.record_disclosure(**said, basis=Disclosure.Basis.FAMILY, at=later)
        with refused("Say which decision allows it"):
            disclosures.record_disclosure(**said, basis=Disclosure.Basis.LAWFUL)

    def test_a_review_of_emergency_access_by_whoever_opened_it_without_words_or_twice(self, cast, family):
        head = make_user("Head", cast.other_school, Role.MANAGER)
        with acting_as(head):
            emergency.open_record(reference=family.reference, reason="x", actor=head)
        with acting_as(cast.manager):
            access = EmergencyAccess.objects.get()
            with refused("you opened the record"):
                reviewing.review(access=access, finding="wrong", note="x", actor=head)
            with refused("Enter what was wrong"):
                reviewing.review(access=access, finding="wrong", note="", actor=cast.manager)
            reviewing.review(access=access, finding="wrong", note="x", actor=cast.manager)
            with refused("Someone else has reviewed this already"):
                reviewing.review(access=access, finding="wrong", note="x", actor=cast.manager)

    def test_someone_kept_out_twice_or_let_in_twice(self, cast, family, alice):
        said = {"family": family, "name": "A neighbour", "user": None, "decided_by": mother(family), "actor": alice}
        kept_out = excluding.exclude(**said)
        with refused("A neighbour is kept from the record already"):
            excluding.exclude(**said)
        excluding.end_exclusion(excluded=kept_out, actor=alice)
        with refused("This was ended already"):
            excluding.end_exclusion(excluded=kept_out, actor=alice)

    def test_a_word_after_the_end_of_tomorrow_or_unsigned(self, cast, family, alice):
        said = {"person": mother(family), "decision": "given", "decided_on": clock.today(), "witness": "Alice"}
        with refused("must be today or in the past"):
            later = Decision(**said | {"decided_on": clock.today() + timedelta(days=1)}, how="verbal")
            record_agreement(family=family, decision=later, choices=[], actor=alice)
        with refused("counts once it is signed"):
            record_agreement(family=family, decision=Decision(**said, how="typed"), choices=[], actor=alice)
        ended(family, alice)
        with refused("Early help for this family has ended"):
            record_agreement(family=family, decision=Decision(**said, how="verbal"), choices=[], actor=alice)

    def test_stopping_what_is_not_shared(self, cast, family, alice):
        with refused("The family shares nothing with Oak Primary School now"):
            withdraw_from(family=family, agency=cast.other_school, decided_by=mother(family), actor=alice)

    def test_a_signature_under_no_words(self, family, alice):
        agreement = Agreement.objects.filter(family=family).first()
        agreement.wording = None
        with refused("nobody can sign it on screen"):
            sign(agreement=agreement, mark=Mark("Grace"), actor=alice)

    def test_a_placeholder_that_means_nothing(self, cast):
        with refused("There is no word for {counsil}"):
            wording.save_draft(texts={"held": "{counsil}"}, version=0, actor=cast.admin)

    def test_what_stands_in_the_way_of_sharing_without_agreement_is_said_at_once(self, cast):
        now = clock.now()
        said = LawfulSaid(
            reason="x", explanation="x", basis="x", what="x", about=[], with_whom="x", how="told", advice="x", told=False,
            decided_at=now + timedelta(hours=1), adviser=cast.manager, access_until=now + timedelta(days=40),
        )  # fmt: skip
        found = [problem.field for problem in lawful_problems(said, actor=cast.alice, advisers=[cast.manager], now=now)]
        assert found == ["about", "decided_at", "not_told_because", "access_until"]


class TestPlans:
    @pytest.fixture
    def plan(self, family, alice) -> Plan:
        plan = plans.open_plan(family=family, episode=family.episode(), actor=alice)
        outcome = plans.add_outcome(plan=plan, said=OutcomeSaid("x", "x", "x"), actor=alice)
        plans.add_action(outcome=outcome, said=ActionSaid("x", clock.today() + timedelta(days=9), alice), actor=alice)
        return plan

    def test_before_it_is_agreed(self, alice, plan):
        with refused("No review is arranged yet"):
            plans.move_review(plan=plan, said=MoveSaid(clock.today(), "x"), actor=alice)
        with refused("There is no agreed plan to review"):
            said = ReviewSaid(clock.now(), "meeting", "positive", "continue")
            plans.hold_review(plan=plan, said=said, actor=alice)

    def test_once_it_is_agreed_its_outcomes_stay(self, alice, plan):
        outcome = Outcome.objects.get(plan=plan)
        first = clock.today() + timedelta(days=35)
        plans.agree(plan=plan, said=AgreeSaid(clock.today(), first), actor=alice)
        with refused("The family agreed this plan: its outcomes stay"):
            plans.remove_outcome(outcome=outcome, actor=alice)

    def test_an_action_of_no_kind_or_out_of_reach(self, cast, family, alice, plan):
        action = Action.objects.get(outcome__plan=plan)
        with refused("Select how far the action is"):
            plans.set_action_status(action=action, status="somewhere", actor=alice)
        action.pk += 1000
        with refused("doesn’t share that much with your agency"):
            plans.set_action_status(action=action, status="done", actor=alice)

    def test_after_the_end(self, family, alice, plan):
        episode = ended(family, alice)
        with refused("This plan has ended"):
            plans.add_outcome(plan=plan, said=OutcomeSaid("x", "x", "x"), actor=alice)
        with refused("Early help for this family has ended"):
            plans.open_plan(family=family, episode=episode, actor=alice)

    def test_by_who_only_reads_it(self, cast, family, plan):
        with acting_as(cast.manager):
            withdraw_agreement(cast, family)
        with acting_as(cast.charlie), refused("You can read this plan but not change it any more"):
            plans.add_outcome(plan=plan, said=OutcomeSaid("x", "x", "x"), actor=cast.charlie)

    def test_someone_of_another_family_or_no_words(self, cast, family, alice):
        with acting_as_system("test"):
            other = mother(new_family(cast, name="Quigley"))
        said = OutcomeSaid("x", "x", "x", person=other)
        assert [p.text for p in outcome_problems(said, family_id=family.pk)] == ["Choose someone of this family"]
        nothing = ActionSaid("", clock.today(), alice)
        found = action_problems(nothing, family_id=family.pk, around=[alice], today=clock.today())
        assert [problem.field for problem in found] == ["text"]


def drawing(size: tuple[int, int], kind: str = "PNG", *, noise: bool = False) -> str:
    image = Image.effect_noise(size, 100) if noise else Image.new("1", size, 1)
    out = io.BytesIO()
    image.save(out, format=kind)
    return PREFIX + base64.b64encode(out.getvalue()).decode()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(lambda: drawing((4001, 4)), id="wider than any screen"),
        pytest.param(lambda: drawing((40, 40), "JPEG"), id="a photograph"),
        pytest.param(lambda: drawing((10_000, 10_000)), id="small to send, huge to open"),
        pytest.param(lambda: drawing((800, 800), noise=True), id="too much to keep"),
        pytest.param(lambda: "data:text/html;base64,PGI+", id="no picture"),
    ],
)
def test_what_is_no_drawn_name(sent):
    with refused("The drawing could not be read"):
        read_drawing(sent())
