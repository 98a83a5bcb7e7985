"""The plan as the people around a family make it, read it and print it."""

import io
import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import ReadLog
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from families.models import Address, Episode, Lead, TeamMember
from plans import services
from plans.models import Action, Outcome, Plan
from plans.rules import AgreeSaid
from tests.cast import child, episode_of, led_family, mother, new_family, set_procedure, share
from tests.plans.helpers import NEXT, action, agreed_plan, counts, day, draft_plan, outcome


def page(client, name, family, *args):
    return client.get(reverse(name, args=[family.reference, *args]))


def send(client, name, family, *args, **answers):
    return client.post(reverse(name, args=[family.reference, *args]), answers)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def pdf_of(response) -> PdfReader:
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def words_of(pdf: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(p.extract_text() for p in pdf.pages))


OUTCOME = {"person": "family", "need": "Late", "outcome": "On time", "how_we_know": "Four days of five"}


def test_from_the_first_outcome_to_an_agreed_plan(cast, sign_in, family):
    alice = sign_in(cast.alice)
    assert "Add the first outcome" in text_of(page(alice, "plan", family))

    answer = send(alice, "add_outcome", family, **OUTCOME)
    assert answer.status_code == 302
    with acting_as(cast.alice):
        wanted = Outcome.objects.get()
    refusal = "Outcome 1 has no action. Anyone on the team can add one."
    assert refusal in re.sub(r"<[^>]*>", "", text_of(page(alice, "plan", family)))

    who = f"person-{mother_of(cast, family).pk}"
    send(alice, "add_action", family, wanted.pk, text="Set two alarms", who=who, **day("due_on", date(2026, 11, 30)))
    shown = text_of(page(alice, "plan", family))
    assert refusal not in shown
    assert "Set two alarms" in shown
    assert "Grace Okafor" in shown
    assert "30 November 2026" in shown

    agreed = send(alice, "agree_plan", family, **day("agreed_on", clock.today()), **day("next_review_on", NEXT))
    assert agreed.status_code == 302
    shown = text_of(page(alice, "plan", family))
    assert "4 January 2027" in shown
    assert "Record a review" in shown
    with acting_as(cast.charlie):
        assert Episode.objects.get(family=family).stage == "plan"
        assert Notification.objects.filter(user=cast.charlie, kind="plans.agreed").count() == 1


def mother_of(cast, family):
    with acting_as(cast.alice):
        return mother(family)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"who": None}, "Select who will do it. If they are not on the list, the lead can invite them to the team"),
        (day("due_on", None), "Enter the date by when it will be done. Agree it with the person who will do it"),
        (day("due_on", date(2026, 11, 22)), "The date by when it will be done must be today or in the future"),
        ({"who": "user-999999"}, "Select one of the answers shown"),
    ],
)
def test_an_action_without_a_person_or_a_date_is_refused(cast, sign_in, family, changes, says):
    draft_plan(cast, family)
    before = counts()
    with acting_as(cast.alice):
        wanted = Outcome.objects.first()
    answers = {"text": "Take the bus <b>pass</b>", "who": f"user-{cast.alice.pk}", **day("due_on", NEXT)} | changes
    answer = send(
        sign_in(cast.alice), "add_action", family, wanted.pk, **{k: v for k, v in answers.items() if v is not None}
    )
    assert answer.status_code == 200
    shown = text_of(answer)
    assert says in shown
    assert "Take the bus &lt;b&gt;pass&lt;/b&gt;" in shown
    assert counts() == before


def test_who_is_not_on_the_team_cannot_be_given_an_action(cast, family):
    plan = draft_plan(cast, family)
    with acting_as(cast.alice):
        wanted = Outcome.objects.filter(plan=plan).first()
        with pytest.raises(services.Refused, match="Dana is not on the team"):
            action(cast, wanted, "Visit", user=cast.dana)
        with pytest.raises(services.Refused, match="Select who will do it"):
            action(cast, wanted, "Visit", user=cast.alice, person=mother(family))
        other = led_family(cast, name="Novak")
        with acting_as(cast.alice), pytest.raises(services.Refused, match="someone of this family"):
            action(cast, wanted, "Visit", person=mother(other))


AGREE = {**day("agreed_on", date(2026, 11, 23)), **day("next_review_on", NEXT)}


def refused_agreement(cast, sign_in, family, says, **changes):
    before = counts()
    answer = send(sign_in(cast.alice), "agree_plan", family, **(AGREE | changes))
    assert answer.status_code == 200
    shown = text_of(answer)
    assert says in shown
    assert counts() == before
    with acting_as_system("test"):
        plan = Plan.objects.get(family=family)
        assert (plan.status, plan.agreed_on, plan.next_review_on) == ("draft", None, None)
        assert Episode.objects.get(family=family).stage == "agreement"
        assert not services.timescales.Timescale.objects.filter(kind="review").exists()
    return shown


def test_a_plan_without_an_outcome_cannot_be_agreed(cast, sign_in, family):
    with acting_as(cast.alice):
        services.open_plan(family=family, episode=family.episode(), actor=cast.alice)
    shown = refused_agreement(
        cast, sign_in, family, "The plan has no outcome yet. Anyone on the team can add one.", early_reason=""
    )
    assert 'value="2027"' in shown


def test_an_outcome_without_an_action_cannot_be_agreed(cast, sign_in, family):
    plan = draft_plan(cast, family)
    with acting_as(cast.alice):
        outcome(cast, plan, "A third thing")
    refused_agreement(cast, sign_in, family, "Outcome 3 has no action. Anyone on the team can add one.")


def test_a_plan_of_several_agencies_needs_an_accepted_lead(cast, sign_in, family):
    draft_plan(cast, family)
    with acting_as_system("test"):
        Lead.objects.filter(family=family).update(status="asked")
    refused_agreement(cast, sign_in, family, "no lead practitioner has accepted. Ask someone to lead, under “Team”")


def test_one_agency_alone_may_agree_a_plan_without_a_lead(cast, sign_in):
    family = new_family(cast)
    share(cast, family, cast.school)
    with acting_as(cast.alice):
        plan = services.open_plan(family=family, episode=family.episode(), actor=cast.alice)
        action(cast, outcome(cast, plan, "On time"), "Set an alarm", person=mother(family))
    assert send(sign_in(cast.alice), "agree_plan", family, **AGREE).status_code == 302
    refusal = page(sign_in(cast.alice), "hold_review", family)
    assert refusal.status_code == 403
    assert "Only the lead practitioner or their manager can hold or move a review. Ask someone to lead" in text_of(
        refusal
    )
    assert page(sign_in(cast.manager), "hold_review", family).status_code == 200


def test_a_plan_without_the_familys_agreement_cannot_be_agreed(cast, sign_in):
    family = new_family(cast)
    with acting_as(cast.alice):
        plan = services.open_plan(family=family, episode=family.episode(), actor=cast.alice)
        action(cast, outcome(cast, plan, "On time"), "Set an alarm", user=cast.alice)
    answer = send(sign_in(cast.alice), "agree_plan", family, **AGREE)
    assert "agreement to early help is not recorded. Whoever leads can record it, under “Sharing”." in text_of(answer)
    with acting_as(cast.alice):
        assert Plan.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("when", "says"),
    [
        (None, "Enter the date of the first review. Agree it with the family before everyone leaves"),
        (date(2027, 1, 5), "The next review must be on or before 4 January 2027. Enter an earlier date."),
        (date(2026, 12, 20), "Enter why the review is before 21 December 2026, or choose a later date"),
        (date(2026, 11, 20), "The date of the first review must be today or in the future"),
        (date(2026, 11, 23), "must be later than the day it counts from"),
    ],
)
def test_a_plan_needs_a_review_date_within_the_time_allowed(cast, sign_in, family, when, says):
    draft_plan(cast, family)
    changes = {**day("next_review_on", when)}
    if when == clock.today():
        changes["early_reason"] = "Today already"
    shown = refused_agreement(cast, sign_in, family, says, **changes)
    if when:
        assert f'value="{when.day}"' in shown


def test_an_early_review_goes_on_with_a_reason_that_is_kept_and_shown(cast, sign_in, family):
    draft_plan(cast, family)
    alice = sign_in(cast.alice)
    early = {**AGREE, **day("next_review_on", date(2026, 12, 7))}
    assert 'name="early_reason"' not in text_of(page(alice, "agree_plan", family))
    assert 'name="early_reason"' in text_of(send(alice, "agree_plan", family, **early))
    assert send(alice, "agree_plan", family, **early, early_reason="Court on the 9th").status_code == 302
    assert "Court on the 9th" in text_of(page(alice, "plan", family))


def test_the_plan_cannot_be_agreed_twice_or_before_it_was_asked_for(cast, family):
    plan = draft_plan(cast, family)
    with acting_as(cast.alice):
        with pytest.raises(services.Refused, match="before support was asked for"):
            services.agree(plan=plan, said=AgreeSaid(date(2026, 11, 1), date(2026, 12, 10)), actor=cast.alice)
        services.agree(plan=plan, said=AgreeSaid(clock.today(), NEXT), actor=cast.alice)
        with pytest.raises(services.Refused, match="agreed already"):
            services.agree(plan=plan, said=AgreeSaid(clock.today(), NEXT), actor=cast.alice)


def test_a_contributor_adds_an_action_but_neither_agrees_the_plan_nor_reviews_it(cast, sign_in, family):
    draft_plan(cast, family)
    charlie = sign_in(cast.charlie)
    with acting_as(cast.charlie):
        wanted = Outcome.objects.first()
    added = send(
        charlie, "add_action", family, wanted.pk, text="Weigh", who=f"user-{cast.charlie.pk}", **day("due_on", NEXT)
    )
    assert added.status_code == 302
    assert "Weigh" in text_of(page(charlie, "plan", family))
    reason = "Only the family’s lead or their manager can do this. Ask the lead."
    for name in ("agree_plan", "hold_review"):
        for answer in (page(charlie, name, family), send(charlie, name, family)):
            assert answer.status_code == 403
            assert reason in text_of(answer)
        assert reverse(name, args=[family.reference]) not in text_of(page(charlie, "plan", family))


def test_a_stranger_finds_nothing_not_even_the_print(cast, sign_in, family):
    agreed_plan(cast, family)
    with acting_as(cast.alice):
        wanted, act = Outcome.objects.first(), Action.objects.first()
    dana = sign_in(cast.dana)
    for name, *args in [
        ("plan",),
        ("add_outcome",),
        ("change_outcome", wanted.pk),
        ("remove_outcome", wanted.pk),
        ("add_action", wanted.pk),
        ("change_action", act.pk),
        ("set_action_status", act.pk),
        ("remove_action", act.pk),
        ("agree_plan",),
        ("hold_review",),
        ("review", 1),
        ("print_plan",),
    ]:
        for answer in (page(dana, name, family, *args), send(dana, name, family, *args)):
            assert answer.status_code == 404, name
            assert b"Okafor" not in answer.content
    for user in (cast.dana, cast.superuser, None):
        with acting_as(user):
            assert not any(model.objects.exists() for model in (Plan, Outcome, Action))


def test_another_familys_outcome_cannot_be_reached_through_ones_own(cast, sign_in, family):
    draft_plan(cast, family)
    with acting_as(cast.alice):
        theirs = Outcome.objects.first()
    other = led_family(cast, name="Novak")
    draft_plan(cast, other)
    assert page(sign_in(cast.alice), "change_outcome", other, theirs.pk).status_code == 404


def test_what_is_about_a_withheld_person_is_neither_in_that_agencys_page_nor_in_its_print(cast, sign_in, family):
    plan = draft_plan(cast, family)
    with acting_as(cast.alice):
        ada = child(family)
        mornings = Outcome.objects.get(outcome="Mornings are calm")
        action(cast, mornings, "Choose an alarm clock", person=ada)
        action(cast, Outcome.objects.get(person=ada), "Fit a blind", user=cast.alice)
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.NONE, ada)], actor=cast.alice)
    hidden = ["Ada sleeps through", "Teach a bedtime routine", "Choose an alarm clock", "Fit a blind", "Ada Okafor"]
    seen = {}
    for user in (cast.alice, cast.charlie):
        client = sign_in(user)
        shown = text_of(page(client, "plan", family))
        printed = words_of(pdf_of(send(client, "print_plan", family, for_whom="family")))
        seen[user.name] = [[words in text for words in hidden[:4]] for text in (shown, printed)]
        assert "Mornings are calm" in shown
        assert "Mornings are calm" in printed
    assert seen == {"Alice": [[True] * 4] * 2, "Charlie": [[False] * 4] * 2}
    form = text_of(page(sign_in(cast.charlie), "add_action", family, mornings.pk))
    assert "Grace Okafor" in form
    assert "Ada Okafor" not in form
    with acting_as(cast.charlie):
        assert Action.objects.filter(outcome__plan=plan).count() == 2


def test_who_an_outcome_is_about_decides_who_reads_its_actions_also_afterwards(cast, sign_in, family):
    draft_plan(cast, family)
    with acting_as(cast.alice):
        ada = child(family)
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.NONE, ada)], actor=cast.alice)
        mornings = Outcome.objects.get(outcome="Mornings are calm")
    answers = {"need": "n", "outcome": "Mornings are calm", "how_we_know": "h", "version": "0"}
    assert send(sign_in(cast.alice), "change_outcome", family, mornings.pk, person=ada.pk, **answers).status_code == 302
    with acting_as(cast.charlie):
        assert not Outcome.objects.exists()
        assert not Action.objects.exists()


def test_the_same_form_sent_twice_saves_once(cast, sign_in, family):
    alice, token = sign_in(cast.alice), str(uuid.uuid4())
    for _ in range(2):
        assert send(alice, "add_outcome", family, **OUTCOME, form_token=token).status_code == 302
    assert counts()["Outcome"] == counts()["Plan"] == 1


def test_a_change_made_in_between_is_shown_beside_what_was_typed_and_not_overwritten(cast, sign_in, family):
    draft_plan(cast, family)
    with acting_as(cast.alice):
        mornings = Outcome.objects.get(outcome="Mornings are calm")
        act = Action.objects.get(text="Ring the breakfast club")
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    base = {"person": "family", "need": "n", "how_we_know": "h", "version": "0"}
    assert send(charlie, "change_outcome", family, mornings.pk, outcome="Charlie’s", **base).status_code == 302
    answer = send(alice, "change_outcome", family, mornings.pk, outcome="Alice’s", **base)
    shown = text_of(answer)
    assert "Charlie saved this on 23 November 2026 at 10:00am, after you opened it here. Nothing is lost" in shown
    assert "Charlie’s" in shown
    assert "Alice’s" in shown
    with acting_as(cast.alice):
        assert Outcome.objects.get(pk=mornings.pk).outcome == "Charlie’s"
    assert (
        send(alice, "change_outcome", family, mornings.pk, outcome="Both", **base | {"version": "1"}).status_code == 302
    )

    who = {"who": f"user-{cast.alice.pk}", **day("due_on", NEXT), "version": "0"}
    assert send(charlie, "change_action", family, act.pk, text="Charlie’s", **who).status_code == 302
    assert "Charlie’s" in text_of(send(alice, "change_action", family, act.pk, text="Alice’s", **who))
    with acting_as(cast.alice):
        assert Action.objects.get(pk=act.pk).text == "Charlie’s"


def test_an_action_is_removed_from_a_draft_and_marked_not_needed_later(cast, sign_in, family):
    plan = draft_plan(cast, family)
    alice = sign_in(cast.alice)
    with acting_as(cast.alice):
        act = Action.objects.get(text="Put clothes out at night")
        kept = Action.objects.get(text="Ring the breakfast club")
    assert "Put clothes out at night" in text_of(page(alice, "remove_action", family, act.pk))
    assert send(alice, "remove_action", family, act.pk).status_code == 302
    assert counts()["Action"] == 2
    with acting_as(cast.alice):
        services.agree(plan=plan, said=AgreeSaid(clock.today(), NEXT), actor=cast.alice)
    assert send(alice, "remove_action", family, kept.pk).status_code == 403
    with acting_as(cast.alice), pytest.raises(services.Refused, match="Mark it as not needed any more instead"):
        services.remove_action(action=kept, actor=cast.alice)
    assert send(alice, "set_action_status", family, kept.pk, status="not_needed").status_code == 302
    assert "Not needed any more" in text_of(page(alice, "plan", family))


def test_an_outcome_of_a_draft_is_removed_with_all_its_actions(cast, sign_in, family):
    draft_plan(cast, family)
    with acting_as(cast.alice):
        sleep = Outcome.objects.get(outcome="Ada sleeps through")
    assert send(sign_in(cast.charlie), "remove_outcome", family, sleep.pk).status_code == 403
    assert send(sign_in(cast.alice), "remove_outcome", family, sleep.pk).status_code == 302
    assert (counts()["Outcome"], counts()["Action"]) == (1, 2)


def test_overdue_actions_are_marked(cast, sign_in, family):
    agreed_plan(cast, family)
    assert "Overdue" not in text_of(page(sign_in(cast.alice), "plan", family))
    with clock.frozen_at(clock.now() + timedelta(days=20)):
        shown = text_of(page(sign_in(cast.alice), "plan", family))
    assert "3 actions overdue" in shown
    assert shown.count("Overdue") == 3


def test_the_familys_copy_holds_every_action_in_plain_words_on_two_tagged_pages(cast, sign_in, family):
    set_procedure({"authority.name": "Marshshire", "safeguarding.phone_day": "01632 960111"})
    plan = agreed_plan(cast, family)
    type(cast.school).objects.filter(pk=cast.school.pk).update(phone="01632 960 333")
    with acting_as(cast.alice):
        Address.objects.create(family=family, lines="12 Secret Close", postcode="ZZ1 1ZZ", do_not_disclose=True)
        third = outcome(cast, plan, "Łucja & Grace have time “together” 😀")
        action(cast, third, "Book the <i>pool</i>", person=child(family))
    response = send(sign_in(cast.alice), "print_plan", family, for_whom="family")
    pdf = pdf_of(response)
    words = words_of(pdf)
    for each in [
        "Ring the breakfast club",
        "Alice, Birch Primary School",
        "Put clothes out at night",
        "You: Grace",
        "Teach a bedtime routine",
        "Charlie, Health visiting",
        "Book the <i>pool</i>",
        "You: Ada",
        "Łucja & Grace have time “together”",
        "4 December 2026",
        "4 January 2027",
        "01632 960 333",
        "Noor Hill",
        "01632 960111",
        "999",
    ]:
        assert each in words, each
    assert "Secret Close" not in words
    assert "ZZ1" not in words
    assert len(pdf.pages) <= 2
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"
    with acting_as_system("test"):
        assert ReadLog.objects.filter(what="plans.print", user=cast.alice).count() == 1


def test_where_the_next_review_is_and_what_people_need_is_on_the_page_and_in_the_copy(cast, sign_in, family):
    draft_plan(cast, family)
    alice = sign_in(cast.alice)
    words = "Library, 3pm. Crèche booked."
    assert send(alice, "agree_plan", family, **AGREE, arrangements=words).status_code == 302
    assert words in text_of(page(alice, "plan", family))
    assert words in words_of(pdf_of(send(alice, "print_plan", family, for_whom="family")))


def test_large_print_is_larger_and_linked(cast, sign_in, family):
    agreed_plan(cast, family)
    alice = sign_in(cast.alice)
    url = reverse("print_plan", args=[family.reference])
    assert f'href="{url}?large=1"' in text_of(page(alice, "plan", family))
    family_copy = {"for_whom": "family"}
    plain, large = pdf_of(alice.post(url, family_copy)), pdf_of(alice.post(f"{url}?large=1", family_copy))
    assert "Ring the breakfast club" in words_of(large)
    assert len(large.pages) > len(plain.pages)


def test_there_is_nothing_to_print_before_there_is_a_plan(cast, sign_in, family):
    assert page(sign_in(cast.alice), "print_plan", family).status_code == 404


def test_only_viewers_read_without_buttons(cast, sign_in, family):
    agreed_plan(cast, family)
    with acting_as_system("test"):
        TeamMember.objects.filter(family=family).update(role="attendee")
    shown = text_of(page(sign_in(cast.charlie), "plan", family))
    assert "Ring the breakfast club" in shown
    for name in ("add_outcome", "hold_review", "agree_plan"):
        assert reverse(name, args=[family.reference]) not in shown
    assert "Change<" not in shown
    assert "Update<" not in shown


def test_twelve_outcomes_take_as_many_queries_as_two(cast, sign_in, family):
    plan = draft_plan(cast, family)
    alice = sign_in(cast.alice)
    page(alice, "plan", family)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert page(alice, "plan", family).status_code == 200
        return len(captured)

    few = queries()
    with acting_as(cast.alice):
        for number in range(10):
            action(cast, outcome(cast, plan, f"Thing {number}"), "Do it", person=mother(family))
    assert queries() == few


def test_what_stands_in_the_way_leads_to_where_it_is_put_right(cast, sign_in, family):
    with acting_as(cast.alice):
        plan = services.open_plan(family=family, episode=episode_of(family), actor=cast.alice)
        gaps = services.missing(plan)
    assert [(gap.text, gap.rule) for gap in gaps] == [("The plan has no outcome yet.", "WOR-07")]
    alice = sign_in(cast.alice)
    assert f'href="{gaps[0].url}"' in text_of(page(alice, "plan", family))
    assert alice.get(gaps[0].url).status_code == 200
