"""Writing the sections: who may, two at a time, and that no word is lost."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from assessments import services
from assessments.models import Section
from consent.services.ledger import withdraw_from
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change, ReadLog
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.drafts.models import Draft
from families.services import episodes, team
from tests.assessments.helpers import (
    add_child,
    assessment_of,
    does_not_share,
    fill,
    fill_all,
    page,
    section_of,
    section_url,
    sections_of,
    started,
)
from tests.cast import child, led_family, make_user, mother

WORDS = "🙂 مرحبا بكم <script>alert('x')</script> {{ secret }} & O’Neill "
LONG = (WORDS * 200)[:4999] + "§"


def body(response) -> str:
    return response.content.decode()


def test_alice_writes_a_section_and_the_list_says_who_and_when(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    assert "Not\N{NO-BREAK SPACE}started" in body(alice.get(page("assessment", family)))
    response = alice.post(section_url(family), {"version": 0, "worried": "Ada is late.", "scale": "4"}, follow=True)
    assert "Saved." in body(response)
    assert "Last saved by Alice (Birch Primary School), 23 November 2026 at 10:00am" in body(response)
    section = section_of(family)
    assert (section.worried, section.scale, section.version) == ("Ada is late.", 4, 1)
    assert "Ada is late." in body(alice.get(section_url(family)))


def test_charlie_of_health_contributes_and_alice_reads_it(cast, sign_in, family):
    started(cast, family)
    charlie, alice = sign_in(cast.charlie), sign_in(cast.alice)
    assert "What Health visiting knows" in body(charlie.get(page("assessment", family)))
    charlie.post(page("assessment_contribute", family), {"version": 0, "working_well": "Checks are up to date."})
    section = section_of(family, "agency")
    assert (section.agency, section.saved_by) == (cast.health, cast.charlie)
    read = body(alice.get(page("assessment_read", family)))
    assert "What Health visiting knows" in read
    assert "Checks are up to date." in read


def test_what_an_agency_knows_is_written_by_its_people_alone(cast, sign_in, family):
    started(cast, family)
    sign_in(cast.charlie).post(page("assessment_contribute", family), {"version": 0, "worried": "Weight."})
    url = section_url(family, "agency")
    for response in (sign_in(cast.alice).get(url), sign_in(cast.alice).post(url, {"version": 1, "worried": "Mine."})):
        assert response.status_code == 403
        assert "Only people who work for Health visiting write this section" in body(response)
    assert "Mine." in body(sign_in(cast.alice).post(url, {"version": 1, "worried": "Mine."}))
    with acting_as(cast.alice), pytest.raises(Refused):
        services.save_section(
            section=section_of(family, "agency"), version=1, actor=cast.alice, agency=cast.school, worried="Mine."
        )
    assert section_of(family, "agency").worried == "Weight."


def test_the_list_offers_my_agencys_section_and_names_the_agencies_still_to_write(cast, sign_in, family):
    started(cast, family)
    shown = body(sign_in(cast.alice).get(page("assessment", family)))
    assert f'href="{page("assessment_contribute", family)}"' in shown
    assert "What Birch Primary School knows" in shown
    assert "What Health visiting knows" in shown
    assert "They write it." in shown


def test_when_two_save_the_same_section_both_texts_are_shown_and_nothing_is_overwritten(cast, sign_in, family):
    started(cast, family)
    fill(sign_in(cast.alice), family, "why_now", worried="Ada is late.", working_well="She likes school.")
    alice, charlie, url = sign_in(cast.alice), sign_in(cast.charlie), section_url(family)
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        sent = charlie.post(
            url, {"version": 1, "worried": "Ada is tired.", "working_well": "She likes school.", "scale": "3"}
        )
        assert sent.status_code == 302
    mine = {"version": 1, "worried": "Ada is hungry.", "working_well": "She likes school.", "needs_to_happen": "Food."}
    conflict = body(alice.post(url, mine))
    assert "Charlie (Health visiting) saved this section on 23 November 2026 at 10:02am" in conflict
    assert "What Charlie (Health visiting) saved, 23 November 2026 at 10:02am" in conflict
    assert ">\nAda is tired.\n\nAda is hungry.</textarea>" in conflict
    assert "What are we worried about? Both texts" in conflict
    assert ">\nFood.</textarea>" in conflict
    assert re.search(r'value="3"\s+checked', conflict)
    kept = section_of(family)
    assert (kept.worried, kept.needs_to_happen, kept.version) == ("Ada is tired.", "", 2)

    unread = mine | {"version": 2, "worried": "Ada is tired.\r\n\r\nAda is hungry.", "scale": "3"}
    assert alice.post(url, unread).status_code == 302
    assert section_of(family).worried.split() == ["Ada", "is", "tired.", "Ada", "is", "hungry."]
    both = mine | {"version": 3, "worried": "Ada is hungry and tired.", "scale": "3"}
    assert alice.post(url, both).status_code == 302
    kept = section_of(family)
    assert (kept.worried, kept.needs_to_happen, kept.scale) == ("Ada is hungry and tired.", "Food.", 3)


def test_when_two_write_different_boxes_each_keeps_theirs(cast, sign_in, family):
    started(cast, family)
    alice, charlie, url = sign_in(cast.alice), sign_in(cast.charlie), section_url(family)
    charlie.post(url, {"version": 0, "worried": "Ada is tired."})
    conflict = body(alice.post(url, {"version": 0, "working_well": "She likes school."}))
    assert "Nothing is lost" in conflict
    assert ">\nAda is tired.</textarea>" in conflict
    assert ">\nShe likes school.</textarea>" in conflict
    assert "also wrote here" not in conflict


def test_two_windows_of_one_person_are_told_apart_in_words(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), section_url(family)
    alice.post(url, {"version": 0, "worried": "First window."})
    conflict = body(alice.post(url, {"version": 0, "worried": "Second window."}))
    assert (
        "You saved this section in another window on 23 November 2026 at 10:00am, after you opened it here" in conflict
    )
    assert "You also wrote here in another window. Both texts are in the box: make them one" in conflict
    assert "What you saved in another window, 23 November 2026 at 10:00am" in conflict
    assert "First window." in conflict
    assert "Second window." in conflict


def test_a_draft_begun_before_someone_else_saved_shows_both_when_it_is_opened_again(cast, sign_in, family):
    started(cast, family)
    alice, charlie, url = sign_in(cast.alice), sign_in(cast.charlie), section_url(family)
    keep_draft(alice, url, {"version": "0", "worried": "Typed before lunch."})
    charlie.post(url, {"version": 0, "worried": "Saved at lunch."})
    assert "Your\N{NO-BREAK SPACE}draft" in body(alice.get(page("assessment", family)))
    shown = body(alice.get(url))
    assert ">\nSaved at lunch.\n\nTyped before lunch.</textarea>" in shown
    assert "Saved at lunch." in shown


def test_two_first_contributions_of_one_agency_keep_both(cast, sign_in, family):
    started(cast, family)
    second = make_user("Carla", cast.health)
    joins(cast, family, second, cast.health)
    url = page("assessment_contribute", family)
    sign_in(cast.charlie).post(url, {"version": 0, "worried": "Weight."})
    conflict = body(sign_in(second).post(url, {"version": 0, "worried": "Sleep."}))
    assert "Weight." in conflict
    assert ">\nWeight.\n\nSleep.</textarea>" in conflict
    assert section_of(family, "agency").worried == "Weight."


def test_five_thousand_characters_of_anything_are_kept_and_shown_as_text(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), section_url(family)
    assert len(LONG) == 5000
    assert alice.post(url, {"version": 0, "worried": LONG}).status_code == 302
    assert section_of(family).worried == LONG
    for address in (url, page("assessment_read", family)):
        shown = body(alice.get(address))
        assert escape(LONG) in shown
        assert "<script>alert" not in shown


def test_one_character_too_many_keeps_every_one_of_them_in_the_form(cast, sign_in, family):
    started(cast, family)
    response = sign_in(cast.alice).post(section_url(family), {"version": 0, "worried": LONG + "!"})
    assert "What you are worried about must be 5,000 characters or fewer" in body(response)
    assert escape(LONG + "!") in body(response)
    assert section_of(family).version == 0


def test_an_empty_form_is_not_saved(cast, sign_in, family):
    started(cast, family)
    response = sign_in(cast.alice).post(section_url(family), {"version": 0, "worried": "  \r\n "})
    assert "Enter something in at least one box" in body(response)
    assert section_of(family).version == 0


def test_the_same_form_sent_twice_is_saved_once(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), section_url(family)
    form = {"version": 0, "worried": "Late.", "form_token": str(uuid.uuid4())}
    assert alice.post(url, form).url == alice.post(url, form).url
    assert section_of(family).version == 1
    assert alice.post(url, form | {"form_token": str(uuid.uuid4())}).status_code == 302
    assert section_of(family).version == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "9" * 30])
def test_a_tampered_version_overwrites_nothing(cast, sign_in, version, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), section_url(family)
    alice.post(url, {"version": 0, "worried": "Kept."})
    response = alice.post(url, {"version": version, "worried": "Other."})
    assert ">\nKept.\n\nOther.</textarea>" in body(response)
    assert section_of(family).worried == "Kept."


def test_a_child_added_after_the_start_has_a_row_and_a_section_once_it_is_saved(cast, sign_in, family):
    started(cast, family)
    ben = add_child(cast, family, "Ben", shares_with=(cast.school, cast.health))
    alice, url = sign_in(cast.alice), page("assessment_child", family, ben.pk)
    assert url in body(alice.get(page("assessment", family)))
    assert not any(s.person_id == ben.pk for s in sections_of(family))
    assert "What Ben says" in body(alice.get(url))
    assert not any(s.person_id == ben.pk for s in sections_of(family))
    alice.post(url, {"version": 0, "voice": "I want a quiet room."})
    section = section_of(family, "child", person=ben)
    assert section.voice == "I want a quiet room."
    assert url not in body(alice.get(page("assessment", family)))
    with acting_as(cast.alice):
        adult = family.people().get(first_name="Grace")
    assert alice.get(page("assessment_child", family, adult.pk)).status_code == 404


@pytest.mark.parametrize("tier", [0, 1])
def test_a_child_who_does_not_share_with_health_is_on_no_page_of_charlies(cast, sign_in, tier, family):
    started(cast, family)
    fill_all(sign_in(cast.alice), family)
    with acting_as(cast.alice):
        ada = child(family)
    ben = add_child(cast, family, "Ben", shares_with=(cast.school,))
    url = section_url(family, "child")
    does_not_share(cast, family, ada, cast.health, tier=tier)
    charlie = sign_in(cast.charlie)
    for name in ("assessment", "assessment_read"):
        shown = body(charlie.get(page(name, family)))
        for word in ("Ada", "Ben", "I like my class", "Late for school"):
            assert word not in shown
    for address in (url, page("assessment_child", family, ada.pk), page("assessment_child", family, ben.pk)):
        assert charlie.get(address).status_code == 404
        assert charlie.post(address, {"version": 0, "worried": "Guessed."}).status_code == 404
    assert not any("Guessed" in s.worried for s in sections_of(family))
    with acting_as(cast.charlie):
        history = Change.objects.in_table(Section).filter(family_id=family.pk)
        assert not history.filter(people__contains=[ada.pk]).exists()
        assert history.exists()


def test_whoever_runs_the_family_is_told_whom_not_to_write_about(cast, sign_in, family):
    started(cast, family)
    add_child(cast, family, "Ben", shares_with=(cast.school,))
    joins(cast, family, cast.bob, cast.school)
    alice, bob, charlie = sign_in(cast.alice), sign_in(cast.bob), sign_in(cast.charlie)
    assert "Ben Okafor" in body(bob.get(page("assessment", family)))
    assert "Don’t write about" not in body(bob.get(section_url(family)))
    assert "Don’t write about Ben Okafor here." in body(alice.get(section_url(family)))
    assert "Don’t write about" not in body(alice.get(section_url(family, "child", person__first_name="Ada")))
    shown = body(charlie.get(section_url(family)))
    assert "Don’t write about" not in shown
    assert "Ben" not in shown


def test_dana_finds_no_page_of_it(cast, sign_in, family):
    started(cast, family)
    sign_in(cast.charlie).post(page("assessment_contribute", family), {"version": 0, "worried": "Weight."})
    with acting_as(cast.alice):
        ada = child(family)
    dana = sign_in(cast.dana)
    addresses = [
        *(page(name, family) for name in ("assessment", "start_assessment", "assessment_contribute")),
        *(page(name, family) for name in ("assessment_finalise", "assessment_print", "assessment_read")),
        section_url(family),
        section_url(family, "agency"),
        page("assessment_child", family, ada.pk),
    ]
    for address in addresses:
        assert dana.get(address).status_code == 404, address
        assert dana.post(address, {"version": 0, "worried": "Hello"}).status_code in (404, 405), address
    for user in (cast.dana, cast.superuser, None):
        with acting_as(user):
            assert not Section.objects.exists()
            assert not Change.objects.in_table(Section).exists()


def test_a_section_of_another_family_is_not_found_under_this_one(cast, sign_in, family):
    other = started(cast, led_family(cast, name="Smith"))
    started(cast, family)
    address = page("assessment_section", family, section_of(other).pk)
    assert sign_in(cast.alice).get(address).status_code == 404


def test_charlies_words_are_still_his_when_the_family_withdraws_while_he_writes(cast, sign_in, family):
    started(cast, family)
    charlie, url = sign_in(cast.charlie), section_url(family)
    keep_draft(charlie, url, {"version": "0", "worried": "Typed in the waiting room."})
    with acting_as(cast.alice):
        withdraw_from(family=family, agency=cast.health, decided_by=mother(family), actor=cast.alice)
    response = charlie.post(url, {"version": 0, "worried": "Typed in the waiting room."})
    assert response.status_code == 404
    assert "Your access has ended" in body(response)
    drafts = body(charlie.get(reverse("drafts")))
    assert "Typed in the waiting room." in drafts
    assert "Okafor" not in drafts
    assert section_of(family).version == 0


def test_a_childs_name_is_not_in_the_title_of_a_draft(cast, sign_in, family):
    started(cast, family)
    charlie = sign_in(cast.charlie)
    keep_draft(charlie, section_url(family, "child"), {"version": "0", "worried": "Sleep."})
    with acting_as(cast.charlie):
        assert Draft.objects.get().title == f"Assessment {family.reference}: a child"


def test_whoever_types_while_it_is_finalised_gets_their_words_back(cast, sign_in, family):
    started(cast, family)
    alice, charlie, url = sign_in(cast.alice), sign_in(cast.charlie), section_url(family)
    fill_all(alice, family)
    alice.post(page("assessment_finalise", family))
    response = charlie.post(url, {"version": 0, "worried": "Typed <b>too</b> late."})
    assert response.status_code == 403
    assert "Alice finalised this assessment on 23 November 2026 at 10:00am" in body(response)
    assert "Typed &lt;b&gt;too&lt;/b&gt; late." in body(response)
    assert section_of(family).version == 0


def test_nothing_is_written_once_early_help_has_ended(cast, sign_in, family):
    started(cast, family)
    url = section_url(family)
    with acting_as(cast.alice):
        episodes.end(episode=family.episode(), reason="met", actor=cast.alice)
        with pytest.raises(Refused, match="Early help for this family has ended"):
            services.save_section(
                section=section_of(family), version=0, actor=cast.alice, agency=cast.school, worried="Late."
            )
    response = sign_in(cast.alice).get(url)
    assert response.status_code == 403
    assert "Early help for this family has ended" in body(response)
    assert sign_in(cast.alice).get(page("assessment_read", family)).status_code == 200


def test_opening_reading_and_writing_are_logged(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    alice.get(page("assessment_read", family))
    alice.get(section_url(family))
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


def joins(cast, family, user, agency) -> None:
    """Alice invites someone to the team, and they come."""
    with acting_as(cast.alice):
        member = team.invite(
            family=family, episode=family.episode(), user=user, agency=agency, role="contributor", actor=cast.alice
        )
    with acting_as(user):
        team.answer_invitation(member=member, accept=True, reason="", actor=user)


def keep_draft(client, url, data) -> None:
    """What the page's script does a second after the last key."""
    address = body(client.get(url)).split('data-draft-url="')[1].split('"')[0]
    assert client.post(address, data).status_code == 200


def test_an_open_section_page_says_that_it_is_a_draft(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), section_url(family)
    keep_draft(alice, url, {"version": "0", "worried": "Half a sent"})
    shown = body(alice.get(url))
    assert "This is your draft" in shown
    assert ">\nHalf a sent</textarea>" in shown
    alice.post(url, {"version": 0, "worried": "Half a sentence."})
    assert "This is your draft" not in body(alice.get(url))
    assert assessment_of(family).is_open
