"""Writing an assessment together: who may, two at a time, and that no word is lost."""

import re
import uuid
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from assessments.models import Answer, Contribution
from assessments.models.writing import LONGEST
from assessments.services import writing
from assessments.services.writing import Words
from consent.services.ledger import withdraw_from
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change, ReadLog
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.drafts.models import Draft
from families.models import Person
from families.services import episodes
from tests.assessments.helpers import (
    add_child,
    assessment_of,
    contributions_to,
    does_not_share,
    fill,
    fill_all,
    joins,
    page,
    part_url,
    said_to,
    started,
    the_child,
    why_not,
    write,
)
from tests.cast import child, led_family, make_user, mother
from tests.pages import opened, text_of

WORDS = "🙂 مرحبا بكم <script>alert('x')</script> {{ secret }} & O’Neill "
LONG = (WORDS * 800)[: LONGEST - 1] + "§"


def body(response) -> str:
    return response.content.decode()


def test_alice_writes_a_part_and_the_list_says_who_and_when(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    before = body(alice.get(page("assessment", family)))
    assert "Not\N{NO-BREAK SPACE}started" in before
    assert "0 of 13 parts are ready." in before
    said = {"version": 0, "needs-worried": "Ada is late.", "needs-scale": "4"}
    response = alice.post(part_url(family, "parenting"), said, follow=True)
    assert "Saved." in body(response)
    assert "Alice (Birch Primary School), 23 November 2026 at 10:00am" in body(response)
    assert "0 of 13 parts are ready, 1 begun." in body(response)
    assert said_to(family, "parenting") == {"needs-worried": "Ada is late.", "needs-scale": "4"}
    assert "Ada is late." in body(alice.get(part_url(family, "parenting")))


def test_a_part_is_ready_when_whoever_wrote_there_says_so(cast, sign_in, family):
    started(cast, family)
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    fill(alice, family, "why_now", reason="Late for school.", ready="on")
    assert "1 of 13 parts are ready." in body(alice.get(page("assessment", family)))
    fill(charlie, family, "why_now", reason="Her weight.")
    assert "0 of 13 parts are ready, 1 begun." in body(alice.get(page("assessment", family)))
    fill(charlie, family, "why_now", version=1, reason="Her weight.", ready="on")
    assert "1 of 13 parts are ready." in body(alice.get(page("assessment", family)))


def test_the_next_part_is_one_click_after_saving(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    shown = body(alice.get(part_url(family, "start")))
    assert "Save and go on" in shown
    assert "Next: Why now" in shown
    saved = alice.post(part_url(family, "start"), {"version": 0, "harm": "no", "ready": "on", "go": "next"})
    assert saved.url == part_url(family, "why_now")
    fill(alice, family, "first_taf", members="Grace’s sister", ready="on")
    assert alice.post(
        part_url(family, "analysis"), {"version": 0, "priorities": "Sleep.", "go": "next"}
    ).url == part_url(family, "why_now")


def test_charlie_of_health_adds_what_his_agency_knows_and_alice_reads_it(cast, sign_in, family):
    started(cast, family)
    charlie, alice = sign_in(cast.charlie), sign_in(cast.alice)
    assert "What Health visiting knows" in body(charlie.get(page("assessment", family)))
    fill(charlie, family, "agency", needs__working_well="Checks are up to date.")
    (contribution,) = contributions_to(family, "agency")
    assert (contribution.agency, contribution.author) == (cast.health, cast.charlie)
    read = body(alice.get(page("assessment_read", family)))
    assert "What Health visiting knows" in read
    assert "Checks are up to date." in read


def test_others_write_beside_what_someone_wrote_and_each_is_named(cast, sign_in, family):
    started(cast, family)
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    fill(alice, family, "why_now", reason="Ada is late.")
    shown = body(charlie.get(part_url(family)))
    assert "What is written here already" in shown
    assert "Alice (Birch Primary School)" in shown
    assert "Ada is late." in shown
    assert 'name="reason"' in shown
    assert ">\nAda is late.</textarea>" not in shown
    fill(charlie, family, "why_now", reason="Ada is tired.")
    read = body(alice.get(page("assessment_read", family)))
    for words in ("Ada is late.", "Ada is tired.", "Alice (Birch Primary School)", "Charlie (Health visiting)"):
        assert words in read
    assert [said.author for said in contributions_to(family)] == [cast.alice, cast.charlie]


def test_nobody_changes_what_another_wrote(cast, sign_in, family):
    started(cast, family)
    fill(sign_in(cast.charlie), family, "agency", needs__worried="Weight.")
    (contribution,) = contributions_to(family, "agency")
    url, mine = page("change_contribution", family, contribution.pk), {"version": 1, "needs-worried": "Mine are these."}
    for response in (sign_in(cast.alice).get(url), sign_in(cast.alice).post(url, mine)):
        assert response.status_code == 403
        assert "Only Charlie changes what they wrote. Write what you know beside it." in body(response)
    assert "Mine are these." in body(sign_in(cast.alice).post(url, mine))
    contribution.assessment, words = assessment_of(family), Words({("needs", 0, "worried"): "Mine."})
    with acting_as(cast.alice), pytest.raises(Refused):
        writing.change(contribution=contribution, words=words, version=1, actor=cast.alice)
    assert said_to(family, "agency") == {"needs-worried": "Weight."}


def test_the_list_offers_my_agencys_part_and_names_the_agencies_still_to_write(cast, sign_in, family):
    started(cast, family)
    shown = body(sign_in(cast.alice).get(page("assessment", family)))
    assert f'href="{part_url(family, "agency")}"' in shown
    assert "What Birch Primary School knows" in shown
    assert "What Health visiting knows" in shown
    assert "They write it." in shown


def test_two_windows_of_one_person_are_told_apart_and_nothing_is_overwritten(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), part_url(family, "parenting")
    fill(alice, family, "parenting", needs__worried="Ada is late.", needs__working_well="She likes school.")
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        first = {"version": 1, "needs-worried": "Ada is tired.", "needs-working_well": "She likes school."}
        assert alice.post(url, first | {"needs-scale": "3"}).status_code == 302
    mine = {
        "version": 1,
        "needs-worried": "Ada is hungry.",
        "needs-working_well": "She likes school.",
        "needs-needs_to_happen": "Food.",
    }
    conflict = body(alice.post(url, mine))
    assert "You saved this part in another window on 23 November 2026 at 10:02am, after you opened it here" in conflict
    assert "You also wrote here in another window. Both texts are in the box: make them one" in conflict
    assert "What you saved in another window, 23 November 2026 at 10:02am" in conflict
    assert ">\nAda is tired.\n\nAda is hungry.</textarea>" in conflict
    assert "What are we worried about? Both texts" in conflict
    assert ">\nFood.</textarea>" in conflict
    assert re.search(r'value="3"\s+checked', conflict)
    assert said_to(family, "parenting") == {
        "needs-worried": "Ada is tired.",
        "needs-working_well": "She likes school.",
        "needs-scale": "3",
    }
    both = mine | {"version": 2, "needs-worried": "Ada is hungry and tired.", "needs-scale": "3"}
    assert alice.post(url, both).status_code == 302
    assert said_to(family, "parenting")["needs-worried"] == "Ada is hungry and tired."


def test_two_windows_that_write_different_boxes_each_keep_theirs(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), part_url(family, "parenting")
    alice.post(url, {"version": 0, "needs-worried": "Ada is tired."})
    conflict = body(alice.post(url, {"version": 0, "needs-working_well": "She likes school."}))
    assert "Nothing is lost" in conflict
    assert ">\nAda is tired.</textarea>" in conflict
    assert ">\nShe likes school.</textarea>" in conflict
    assert "also wrote here" not in conflict


def test_a_draft_begun_before_another_window_saved_shows_both_when_it_is_opened_again(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), part_url(family)
    keep_draft(alice, url, {"version": "0", "reason": "Typed before lunch."})
    alice.post(url, {"version": 0, "reason": "Saved at lunch.", "form_token": str(uuid.uuid4())})
    assert "Your\N{NO-BREAK SPACE}draft" in body(alice.get(page("assessment", family)))
    assert ">\nSaved at lunch.\n\nTyped before lunch.</textarea>" in body(alice.get(url))


def test_two_of_one_agency_each_add_what_they_know(cast, sign_in, family):
    started(cast, family)
    second = make_user("Carla", cast.health)
    joins(cast, family, second, cast.health)
    fill(sign_in(cast.charlie), family, "agency", needs__worried="Weight.")
    carla = sign_in(second)
    assert "Weight." in body(carla.get(part_url(family, "agency")))
    fill(carla, family, "agency", needs__worried="Sleep.")
    assert len(contributions_to(family, "agency", agency=cast.health)) == 2
    assert body(carla.get(page("assessment_read", family))).count(">What Health visiting knows</h2>") == 1


def test_twenty_thousand_characters_of_anything_are_kept_and_shown_as_text(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), part_url(family)
    assert len(LONG) == 20_000
    assert alice.post(url, {"version": 0, "reason": LONG}).status_code == 302
    assert said_to(family)["reason"] == LONG
    for address in (url, page("assessment_read", family)):
        shown = body(alice.get(address))
        assert escape(LONG) in shown
        assert "<script>alert" not in shown


def test_one_character_too_many_keeps_every_one_of_them_in_the_form(cast, sign_in, family):
    started(cast, family)
    response = sign_in(cast.alice).post(part_url(family), {"version": 0, "reason": LONG + "!"})
    assert "What led to this assessment must be 20,000 characters or fewer" in body(response)
    assert escape(LONG + "!") in body(response)
    assert contributions_to(family) == []


def test_an_empty_form_is_not_saved(cast, sign_in, family):
    started(cast, family)
    response = sign_in(cast.alice).post(part_url(family), {"version": 0, "reason": "  \r\n "})
    assert "Enter something in at least one box" in body(response)
    assert contributions_to(family) == []


def test_a_box_that_is_emptied_again_is_empty_and_its_words_stay_in_its_history(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    fill(alice, family, "why_now", reason="Late.", hopes="Peace.")
    fill(alice, family, "why_now", version=1, hopes="Peace.")
    assert said_to(family) == {"hopes": "Peace."}
    assert "Late." not in body(alice.get(page("assessment_read", family)))
    (contribution,) = contributions_to(family)
    with acting_as(cast.alice):
        assert writing.said_at(contribution, 1) == {("reason", 0, ""): "Late.", ("hopes", 0, ""): "Peace."}
        assert writing.said_at(contribution, 2) == {("hopes", 0, ""): "Peace."}
        assert writing.said_at(contribution, 3) is None


def test_the_same_form_sent_twice_is_saved_once(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), part_url(family)
    form = {"version": 0, "reason": "Late.", "form_token": str(uuid.uuid4())}
    assert alice.post(url, form).url == alice.post(url, form).url
    assert contributions_to(family)[0].version == 1
    assert alice.post(url, form | {"form_token": str(uuid.uuid4())}).status_code == 302
    assert contributions_to(family)[0].version == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "9" * 30])
def test_a_tampered_version_overwrites_nothing(cast, sign_in, version, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), part_url(family)
    alice.post(url, {"version": 0, "reason": "Kept."})
    response = alice.post(url, {"version": version, "reason": "Other."})
    assert ">\nKept.\n\nOther.</textarea>" in body(response)
    assert said_to(family) == {"reason": "Kept."}


@pytest.mark.parametrize("part", ["nothing", "child", "adult"])
def test_a_part_that_the_form_does_not_have_for_the_family_is_not_found(cast, sign_in, family, part):
    started(cast, family)
    assert sign_in(cast.alice).get(part_url(family, part)).status_code == 404
    assert sign_in(cast.alice).post(part_url(family, part), {"version": 0, "voice": "x y"}).status_code == 404


def test_a_table_has_two_lines_more_than_are_filled_in_and_reads_as_one(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), part_url(family, "help_so_far")
    shown = body(alice.get(url))
    assert 'name="professionals-3-name"' in shown  # two of the team stand there already
    assert 'name="professionals-4-name"' not in shown
    said = {f"professionals-{n}-name": f"Nurse {n}" for n in (1, 2)} | {"professionals-name": "Dr Reed"}
    kept = alice.post(url, {"version": 0, **said, "go": "stay"})
    assert kept.url == url
    assert 'name="professionals-4-name"' in body(alice.get(url))
    read = body(alice.get(page("assessment_read", family)))
    for name in ("Dr Reed", "Nurse 1", "Nurse 2"):
        assert read.count(name) == 1


def test_more_lines_than_there_were_are_kept_as_a_draft(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), part_url(family, "help_so_far")
    keep_draft(alice, url, {"version": "0", "events-7-what": "Moved house."})
    assert "Moved house." in body(alice.get(url))


def test_not_known_is_an_answer(cast, sign_in, family):
    started(cast, family)
    alice, ada = sign_in(cast.alice), the_child(family)
    fill(alice, family, "child", ada, attendance__not_known="on", send="not_known")
    read = body(alice.get(page("assessment_read", family)))
    assert read.count("Not known") >= 2
    assert re.search(r'name="attendance-not_known"[^>]*checked', body(alice.get(part_url(family, "child", ada))))


def test_a_number_and_a_day_are_read_as_people_write_them(cast, sign_in, family):
    started(cast, family)
    alice, ada = sign_in(cast.alice), the_child(family)
    url = part_url(family, "child", ada)
    wrong = body(alice.post(url, {"version": 0, "attendance": "about 90"}))
    assert "School attendance must be a number, like 87 or 87.5" in wrong
    day = {"attendance-on_day": "13", "attendance-on_month": "11", "attendance-on_year": "2026"}
    assert alice.post(url, {"version": 0, "attendance": "87.5", **day}).status_code == 302
    read = body(alice.get(page("assessment_read", family)))
    assert "87.5 %" in read
    assert "13 November 2026" in read
    assert 'value="13"' in body(alice.get(url))


def test_fact_opinion_and_allegation_stand_beside_the_words_with_their_source(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    said = {"tried": "He shouts at night.", "tried__nature": "allegation", "tried__source": "A neighbour, by phone"}
    fill(alice, family, "why_now", **said)
    read = body(alice.get(page("assessment_read", family)))
    assert "Allegation, not proven" in read
    assert "Source: A neighbour, by phone" in read


def test_what_is_said_of_no_words_counts_as_nothing(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    fill(alice, family, "analysis", needs__source="The school")
    assert "“What we make of it”: “What it means for the children” is empty" in body(
        alice.get(page("assessment_finalise", family))
    )


def test_only_my_agency_reads_what_i_write_for_it_alone(cast, sign_in, family):
    started(cast, family)
    charlie, alice = sign_in(cast.charlie), sign_in(cast.alice)
    fill(charlie, family, "why_now", reason="For our own file.", who_reads="agency")
    assert "For our own file." in body(charlie.get(page("assessment_read", family)))
    assert "Only people of Health visiting read this" in body(charlie.get(page("assessment_read", family)))
    for name in ("assessment_read", "assessment"):
        shown = body(alice.get(page(name, family)))
        assert "For our own file." not in shown
        assert "Charlie" not in shown.split("<main")[1]
    assert "For our own file." not in body(alice.get(part_url(family)))
    (narrow,) = contributions_to(family)
    assert alice.get(page("change_contribution", family, narrow.pk)).status_code == 404
    with acting_as(cast.alice):
        assert not Answer.objects.exists()
        assert not Change.objects.in_table(Answer).exists()


def test_what_few_read_stands_beside_what_all_read_and_each_is_changed_by_itself(cast, sign_in, family):
    started(cast, family)
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    fill(charlie, family, "why_now", reason="For Alice’s eyes.", who_reads="few")
    fill(charlie, family, "why_now", reason="For everyone.")
    assert "For Alice’s eyes." in body(alice.get(page("assessment_read", family)))
    narrow = next(one for one in contributions_to(family) if one.readers)
    url = page("change_contribution", family, narrow.pk)
    assert url in body(charlie.get(part_url(family)))
    assert ">\nFor Alice’s eyes.</textarea>" in body(charlie.get(url))
    assert charlie.post(url, {"version": 1, "reason": "For her.", "who_reads": "few"}).status_code == 302
    joins(cast, family, cast.bob, cast.school)
    read = body(sign_in(cast.bob).get(page("assessment_read", family)))
    assert "For everyone." in read
    assert "For her." not in read


def test_what_was_for_few_can_be_given_to_all_and_taken_back_to_few(cast, sign_in, family):
    started(cast, family)
    joins(cast, family, cast.bob, cast.school)
    charlie, bob = sign_in(cast.charlie), sign_in(cast.bob)
    fill(charlie, family, "why_now", reason="Her weight.", who_reads="few")
    (one,) = contributions_to(family)
    url = page("change_contribution", family, one.pk)
    assert charlie.post(url, {"version": 1, "reason": "Her weight.", "who_reads": "everyone"}).status_code == 302
    assert "Her weight." in body(bob.get(page("assessment_read", family)))
    assert charlie.post(url, {"version": 2, "reason": "Her weight.", "who_reads": "few"}).status_code == 302
    assert "Her weight." not in body(bob.get(page("assessment_read", family)))


def test_a_child_added_after_the_start_has_a_part_and_one_who_left_keeps_theirs(cast, sign_in, family):
    started(cast, family)
    ben = add_child(cast, family, "Ben", shares_with=(cast.school, cast.health))
    alice, url = sign_in(cast.alice), part_url(family, "child", ben)
    assert url in body(alice.get(page("assessment", family)))
    assert "What Ben says" in body(alice.get(url))
    alice.post(url, {"version": 0, "voice": "I want a quiet room."})
    assert said_to(family, "child", person=ben) == {"voice": "I want a quiet room."}
    with acting_as_system("test"):
        Person.objects.filter(pk=ben.pk).update(left_on=clock.today(), left_because="moved")
    assert alice.get(url).status_code == 404
    assert "I want a quiet room." in body(alice.get(page("assessment_read", family)))
    assert "Ben" not in body(alice.get(page("assessment_finalise", family)))
    grace = the_child(family, "Grace")
    assert alice.get(part_url(family, "child", grace)).status_code == 404
    assert alice.get(part_url(family, "adult", grace)).status_code == 200


@pytest.mark.parametrize("tier", [0, 1])
def test_a_child_who_does_not_share_with_health_is_on_no_page_of_charlies(cast, sign_in, tier, family):
    started(cast, family)
    fill_all(sign_in(cast.alice), family)
    with acting_as(cast.alice):
        ada = child(family)
    ben = add_child(cast, family, "Ben", shares_with=(cast.school,))
    does_not_share(cast, family, ada, cast.health, tier=tier)
    charlie = sign_in(cast.charlie)
    for name in ("assessment", "assessment_read"):
        shown = body(charlie.get(page(name, family)))
        for word in ("Ada", "Ben", "I like my class", "Late for school"):
            assert word not in shown
    for address in (part_url(family, "child", ada), part_url(family, "child", ben)):
        assert charlie.get(address).status_code == 404
        assert charlie.post(address, {"version": 0, "needs-worried": "Guessed."}).status_code == 404
    assert len(contributions_to(family, "child")) == 1
    with acting_as(cast.charlie):
        for model in (Contribution, Answer):
            history = Change.objects.in_table(model).filter(family_id=family.pk)
            assert not history.filter(people__contains=[ada.pk]).exists()
            assert history.exists()


def test_a_line_that_names_a_child_is_not_for_whom_that_child_does_not_share_with(cast, sign_in, family):
    started(cast, family)
    alice, ada = sign_in(cast.alice), the_child(family)
    aims = {"outcomes__outcome": "Ada sleeps.", "outcomes__whom": str(ada.pk), "priorities": "Calm evenings."}
    fill(alice, family, "analysis", **aims | {"outcomes__how": "She says so."})
    does_not_share(cast, family, ada, cast.health)
    read = body(sign_in(cast.charlie).get(page("assessment_read", family)))
    assert "Calm evenings." in read
    for words in ("Ada sleeps.", "She says so.", "Ada"):
        assert words not in read
    fill(alice, family, "analysis", version=1, **aims | {"outcomes__whom": ""})
    assert "Ada sleeps." in body(sign_in(cast.charlie).get(page("assessment_read", family)))


def test_whoever_runs_the_family_is_told_whom_not_to_write_about(cast, sign_in, family):
    started(cast, family)
    add_child(cast, family, "Ben", shares_with=(cast.school,))
    joins(cast, family, cast.bob, cast.school)
    alice, bob, charlie = sign_in(cast.alice), sign_in(cast.bob), sign_in(cast.charlie)
    assert "Ben Okafor" in body(bob.get(page("assessment", family)))
    assert "Don’t write about" not in body(bob.get(part_url(family)))
    assert "Don’t write about Ben Okafor here." in body(alice.get(part_url(family)))
    assert "Don’t write about" not in body(alice.get(part_url(family, "child", the_child(family))))
    shown = body(charlie.get(part_url(family)))
    assert "Don’t write about" not in shown
    assert "Ben" not in shown


def test_dana_finds_no_page_of_it(cast, sign_in, family):
    started(cast, family)
    fill(sign_in(cast.charlie), family, "agency", needs__worried="Weight.")
    (contribution,) = contributions_to(family, "agency")
    dana = sign_in(cast.dana)
    addresses = [
        *(page(name, family) for name in ("assessment", "start_assessment", "ask_more")),
        *(page(name, family) for name in ("assessment_finalise", "assessment_print", "assessment_read")),
        part_url(family),
        page("change_contribution", family, contribution.pk),
        part_url(family, "child", the_child(family)),
    ]
    for address in addresses:
        assert dana.get(address).status_code == 404, address
        assert dana.post(address, {"version": 0, "reason": "Hello"}).status_code in (404, 405), address
    for user in (cast.dana, cast.superuser, None):
        with acting_as(user):
            for model in (Contribution, Answer):
                assert not model.objects.exists()
                assert not Change.objects.in_table(model).exists()


def test_what_stands_in_another_family_is_not_found_under_this_one(cast, sign_in, family):
    other = started(cast, led_family(cast, name="Smith"))
    started(cast, family)
    alice = sign_in(cast.alice)
    fill(alice, other, "why_now", reason="Late.")
    (theirs,) = contributions_to(other)
    assert alice.get(page("change_contribution", family, theirs.pk)).status_code == 404
    assert alice.get(part_url(family, "child", the_child(other))).status_code == 404


def test_charlies_words_are_still_his_when_the_family_withdraws_while_he_writes(cast, sign_in, family):
    started(cast, family)
    charlie, url = sign_in(cast.charlie), part_url(family)
    keep_draft(charlie, url, {"version": "0", "reason": "Typed in the waiting room."})
    with acting_as(cast.alice):
        withdraw_from(family=family, agency=cast.health, decided_by=mother(family), actor=cast.alice)
    response = charlie.post(url, {"version": 0, "reason": "Typed in the waiting room."})
    assert response.status_code == 404
    assert "Your access has ended" in body(response)
    drafts = body(charlie.get(reverse("drafts")))
    assert "Typed in the waiting room." in drafts
    assert "Okafor" not in drafts
    assert contributions_to(family) == []


def test_a_childs_name_is_not_in_the_title_of_a_draft(cast, sign_in, family):
    started(cast, family)
    charlie = sign_in(cast.charlie)
    keep_draft(charlie, part_url(family, "child", the_child(family)), {"version": "0", "day": "Up at six."})
    with acting_as(cast.charlie):
        assert Draft.objects.get().title == (f"Assessment {family.reference}: voice, daily life, strengths and needs")


def test_whoever_types_while_it_is_finalised_gets_their_words_back(cast, sign_in, family):
    started(cast, family)
    alice, charlie, url = sign_in(cast.alice), sign_in(cast.charlie), part_url(family)
    fill_all(alice, family)
    alice.post(page("assessment_finalise", family), why_not(alice, family))
    response = charlie.post(url, {"version": 0, "reason": "Typed <b>too</b> late."})
    assert response.status_code == 403
    assert "Alice finalised this assessment on 23 November 2026 at 10:00am" in body(response)
    assert "Typed &lt;b&gt;too&lt;/b&gt; late." in body(response)
    assert contributions_to(family) == []


def test_nothing_is_written_once_early_help_has_ended(cast, sign_in, family):
    started(cast, family)
    with acting_as(cast.alice):
        episodes.end(episode=family.episode(), reason="met", actor=cast.alice)
    with pytest.raises(Refused, match="Early help for this family has ended"):
        write(cast.alice, family, "why_now", agency=cast.school, reason="Late.")
    response = sign_in(cast.alice).get(part_url(family))
    assert response.status_code == 403
    assert "Early help for this family has ended" in body(response)
    assert sign_in(cast.alice).get(page("assessment_read", family)).status_code == 200


def test_opening_reading_and_writing_are_logged(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    alice.get(page("assessment_read", family))
    alice.get(part_url(family))
    with acting_as_system("test"):
        logged = set(ReadLog.objects.filter(user=cast.alice).values_list("what", flat=True))
    assert {"assessments.see", "assessments.write"} <= logged


def test_the_list_and_the_whole_page_cost_the_same_for_one_child_and_for_six(cast, sign_in, family):
    one, six = started(cast, family), led_family(cast, name="Smith")
    for n in range(5):
        add_child(cast, six, f"Child{n}", shares_with=(cast.school, cast.health))
    started(cast, six)
    alice = sign_in(cast.alice)
    for name in ("assessment", "assessment_read"):
        alice.get(page(name, one))
        counts = []
        for each in (one, six):
            with CaptureQueriesContext(connection) as queries:
                assert "What we make of it" in body(alice.get(page(name, each)))
            counts.append(len(queries))
        assert counts[0] == counts[1] < 40, (name, counts)


def keep_draft(client, url, data) -> None:
    """What the page's script does a second after the last key."""
    address = body(client.get(url)).split('data-draft-url="')[1].split('"')[0]
    assert client.post(address, data).status_code == 200


def test_an_open_part_says_that_it_is_a_draft(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), part_url(family)
    keep_draft(alice, url, {"version": "0", "reason": "Half a sent"})
    shown = body(alice.get(url))
    assert "This is your draft" in shown
    assert ">\nHalf a sent</textarea>" in shown
    alice.post(url, {"version": 0, "reason": "Half a sentence."})
    assert "This is your draft" not in body(alice.get(url))
    assert assessment_of(family).is_open


def test_who_names_harm_is_told_whom_to_call_and_says_who_was_told(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    saved = text_of(alice.post(part_url(family, "start"), {"version": 0, "harm": "unsure"}, follow=True))
    assert "call Castshire Front Door now" in saved
    assert "01632 960001 in the day" in saved
    finalise = text_of(alice.get(page("assessment_finalise", family)))
    assert (
        "“Who was asked or told, when, and what they said” is empty" in finalise.partition("These are expected too")[0]
    )
    alice.post(part_url(family, "start"), {"version": 1, "harm": "no"})
    assert "Who was asked or told" not in text_of(alice.get(page("assessment_finalise", family)))


def test_what_the_request_said_is_not_typed_again(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    form = opened(alice, part_url(family))
    assert (form["reason"], form["tried"]) == ("Ada is often late and tired.", "Breakfast club.")
    assert "What the request said stands in the boxes already" in text_of(alice.get(part_url(family)))
    assert opened(sign_in(cast.charlie), part_url(family))["reason"] == ""
    fill(alice, family, "why_now", reason="Ada is often late.")
    assert opened(alice, part_url(family))["tried"] == ""


def test_no_more_than_all_of_the_lessons_are_attended(cast, sign_in, family):
    started(cast, family)
    url = part_url(family, "child", the_child(family))
    shown = text_of(sign_in(cast.alice).post(url, {"version": 0, "attendance": "180"}))
    assert "must be 100 or less" in shown, shown


def test_the_parts_are_read_in_the_order_of_their_list(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    listed = re.findall(r'href="([^"]*/assessment/part/[^"]+)"', body(alice.get(page("assessment", family))))
    for here, after in pairwise(listed):
        said = opened(alice, here) | {
            "harm": "no",
            "needs-worried": "x",
            "reason": "x",
            "go": "next",
            "home-worried": "x",
        }
        said |= {"hopes": "x", "view": "x", "needs-working_well": "x", "who_comes": "x", "venue": "x"}
        assert alice.post(here, said).url == after, here
