"""The next version begins with what the last said; a manager oversees; and anyone checks it against the standards."""

from datetime import timedelta

import pytest

from assessments.models import Assessment, Contribution
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.models import Person
from families.services import episodes, team
from tests.access.test_doors import end, mother_agrees, open_again
from tests.assessments.helpers import (
    add_child,
    contributions_to,
    does_not_share,
    fill,
    fill_all,
    page,
    part_url,
    said_to,
    started,
    the_child,
    why_not,
)
from tests.assessments.test_finalise import body, printed
from tests.assessments.test_together import messages
from tests.pages import opened, text_of


@pytest.fixture
def final(cast, sign_in, family):
    """A final assessment that Alice and Charlie wrote."""
    started(cast, family)
    alice = sign_in(cast.alice)
    fill_all(alice, family)
    fill(alice, family, "why_now", reason="Ada is late every day.")
    fill(sign_in(cast.charlie), family, "agency", needs__worried="Her weight.", needs__scale="3")
    alice.post(page("assessment_finalise", family), why_not(alice, family))
    return family


@pytest.fixture
def second(cast, sign_in, final):
    """Its second version, open, five days later."""
    with clock.frozen_at(clock.now() + timedelta(days=5)):
        assert sign_in(cast.alice).post(page("open_next", final)).status_code == 302
        yield final


def latest(family) -> Assessment:
    with acting_as_system("test"):
        return Assessment.objects.filter(family=family).first()


def carried(family, part: str) -> Contribution:
    (one,) = contributions_to(family, part, assessment=latest(family))
    return one


def test_the_lead_opens_version_two_with_all_that_the_first_said(cast, sign_in, second):
    alice = sign_in(cast.alice)
    assert latest(second).number == 2
    listed = text_of(alice.get(page("assessment", second)))
    assert "Early Help Assessment, version 2" in listed
    assert "Version 1, finalised by Alice, 23 November 2026" in listed
    assert "0 of 13 parts are ready, 5 to check." in listed
    read = text_of(alice.get(page("assessment_read", second)))
    for words in ("Ada is late every day.", "Her weight.", "Charlie (Health visiting)", "As in the last assessment"):
        assert words in read
    assert "Nobody has looked at it yet" in read
    assert carried(second, "agency").author == cast.charlie
    first = page("assessment_version", second, latest(second).previous_id)
    assert "Ada is late every day." in text_of(alice.get(first))
    assert page("print_version", second, latest(second).previous_id) in body(alice.get(first))


def test_what_changed_since_is_marked_on_screen_and_paper_and_the_first_stays(cast, sign_in, second):
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    shown = body(alice.get(part_url(second)))
    assert "What you wrote last time came over" in shown
    assert ">\nAda is late every day.</textarea>" in shown
    fill(alice, second, "why_now", version=1, reason="Ada is late on Mondays.", ready="on")
    fill(alice, second, "home_money_work", home__worried="The boiler broke.")
    read = body(alice.get(page("assessment_read", second)))
    assert "<del>every day.</del>" in read
    assert "<ins>on Mondays.</ins>" in read
    assert "Changed" in read
    assert "New" in text_of(alice.get(page("assessment_read", second)))
    paper = printed(alice, second)
    assert "version 2" in paper
    assert "Changed since the last assessment." in paper
    assert "New since the last assessment." in paper
    assert "As in the last assessment." in paper
    first = page("assessment_version", second, latest(second).previous_id)
    assert "Ada is late every day." in text_of(charlie.get(first))
    assert "Mondays" not in text_of(charlie.get(first))


def test_each_passage_is_kept_or_left_out(cast, sign_in, second):
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    weight, reason = carried(second, "agency"), carried(second, "why_now")
    assert page("still_right", second, weight.pk) in body(charlie.get(page("assessment_read", second)))
    assert charlie.post(page("still_right", second, weight.pk)).status_code == 302
    assert carried(second, "agency").state == "ready"
    assert charlie.post(page("still_right", second, weight.pk)).status_code == 403
    assert charlie.post(page("leave_out", second, reason.pk)).status_code == 403
    assert alice.post(page("leave_out", second, reason.pk)).status_code == 302
    assert "Ada is late every day." not in text_of(alice.get(page("assessment_read", second)))
    assert "Ada is late every day." in text_of(
        alice.get(page("assessment_version", second, latest(second).previous_id))
    )


def test_whose_words_are_left_out_is_told_and_they_are_shown_first(cast, sign_in, second):
    alice, theirs = sign_in(cast.alice), carried(second, "agency")
    for page_of in ("still_right", "leave_out"):
        assert "Her weight." in text_of(alice.get(page(page_of, second, theirs.pk)))
    alice.post(page("leave_out", second, theirs.pk))
    (told,) = messages(cast.charlie, "left_out")
    assert told.url == page("assessment_version", second, latest(second).previous_id)
    assert "Her weight." in text_of(sign_in(cast.charlie).get(told.url))


def test_saving_what_came_over_without_a_change_says_that_it_is_right_and_keeps_its_date(cast, sign_in, second):
    alice, mine = sign_in(cast.alice), carried(second, "why_now")
    form = opened(alice, part_url(second))
    assert form["ready"] == "on"
    alice.post(part_url(second), form)
    now = carried(second, "why_now")
    assert (now.saved_at, now.checked_by, now.state) == (mine.saved_at, cast.alice, "ready")


def test_what_nobody_looked_at_is_named_before_it_is_final(cast, sign_in, second):
    alice = sign_in(cast.alice)
    shown = text_of(alice.get(page("assessment_finalise", second)))
    assert (
        "Nobody has looked at what came over from the last assessment in “Is this the right way?”, “Why now”" in shown
    )
    alice.post(page("assessment_finalise", second), why_not(alice, second))
    assert latest(second).status == "finalised"
    assert latest(second).number == 2


def test_only_the_lead_opens_it_once_and_of_a_final_one(cast, sign_in, family, final):
    charlie, alice = sign_in(cast.charlie), sign_in(cast.alice)
    refused = charlie.post(page("open_next", final))
    assert refused.status_code == 403
    assert "Only the lead practitioner opens the next version. Alice (Birch Primary School). Ask them." in text_of(
        refused
    )
    assert page("open_next", final) in body(alice.get(page("assessment", final)))
    assert alice.post(page("open_next", final)).status_code == 302
    again = alice.post(page("open_next", final))
    assert again.status_code == 403
    assert "This version is still open" in text_of(again)


def test_what_the_lead_may_not_know_comes_over_for_those_who_may(cast, sign_in, final):
    alice, charlie, ada = sign_in(cast.alice), sign_in(cast.charlie), the_child(final)
    does_not_share(cast, final, ada, cast.school)
    assert alice.post(page("open_next", final)).status_code == 302
    assert "Ada" not in body(alice.get(page("assessment_read", final))).partition("Each child")[2]
    assert "I like my class." not in body(alice.get(page("assessment_read", final)))
    assert "I like my class." in body(charlie.get(page("assessment_read", final)))


def test_a_child_who_left_stays_in_the_first_alone(cast, sign_in, family):
    ben = add_child(cast, family, "Ben", shares_with=(cast.school, cast.health))
    started(cast, family)
    alice = sign_in(cast.alice)
    fill_all(alice, family)
    fill(alice, family, "child", ben, voice="Hello.", needs__worried="Quiet.")
    alice.post(page("assessment_finalise", family), why_not(alice, family))
    with acting_as_system("test"):
        Person.objects.filter(pk=ben.pk).update(left_on=clock.today(), left_because="moved")
    alice.post(page("open_next", family))
    assert "Quiet." not in text_of(alice.get(page("assessment_read", family)))
    assert "Quiet." in text_of(alice.get(page("assessment_version", family, latest(family).previous_id)))


def test_when_early_help_begins_again_the_assessment_can_begin_with_the_last_one(cast, sign_in, final):
    with acting_as(cast.alice):
        episodes.end(episode=final.episode(), reason="met", actor=cast.alice)
    with clock.frozen_at(clock.now() + timedelta(days=30)):
        open_again(cast, final, cast.school, cast.alice)
    with clock.frozen_at(clock.now() + timedelta(days=32)):
        _goes_on(cast, final)
        alice = sign_in(cast.alice)
        begin = page("start_assessment", final)
        assert "Select whether you want to begin with what the last assessment says" in text_of(alice.post(begin))
        assert alice.post(begin, {"from_last": "yes"}).status_code == 302
        read = text_of(alice.get(page("assessment_read", final)))
        assert "Ada is late every day." in read
        assert latest(final).number == 1
        assert latest(final).previous_id


def test_it_can_begin_with_nothing(cast, sign_in, final):
    end(cast, final)
    open_again(cast, final, cast.school, cast.alice)
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        _goes_on(cast, final)
        alice = sign_in(cast.alice)
        assert alice.post(page("start_assessment", final), {"from_last": "no"}).status_code == 302
        assert "Ada is late every day." not in text_of(alice.get(page("assessment_read", final)))


def _goes_on(cast, family) -> None:
    """The first contact is made and everyone agrees again."""
    with acting_as(cast.alice):
        contact = {"at": clock.now(), "how": "call", "reached": True, "note": ""}
        episodes.record_contact(family=family, episode=family.episode(), actor=cast.alice, **contact)
    mother_agrees(cast, family, cast.school, cast.health)
    with acting_as(cast.alice):
        team.lead_myself(
            family=family,
            episode=family.episode(),
            agency=cast.school,
            without_wish="Grace knows her.",
            actor=cast.alice,
        )


def test_a_manager_returns_it_with_reasons_and_signs_the_next_one_off(cast, sign_in, final):
    manager, alice = sign_in(cast.manager), sign_in(cast.alice)
    url = page("oversee", final)
    (told,) = messages(cast.manager, "final")
    assert told.url == url
    assert url in body(manager.get(page("assessment", final)))
    assert alice.get(url).status_code == 403
    assert "Enter what you want to say" in text_of(manager.post(url, {"kind": "returned", "words": ""}))
    assert manager.post(url, {"kind": "returned", "words": "Nothing is said of her father."}).status_code == 302
    assert messages(cast.alice, "sent_back")
    shown = text_of(alice.get(page("assessment", final)))
    assert "Returned, Manager" in shown or "Returned" in shown
    assert "Nothing is said of her father." in shown
    assert "Nothing is said of her father." not in text_of(sign_in(cast.charlie).get(page("assessment", final)))
    alice.post(page("open_next", final))
    assert "It isn’t final yet" in text_of(manager.post(url, {"kind": "signed", "words": ""}))
    assert manager.post(url, {"kind": "comment", "words": "Thank you, that is better."}).status_code == 302
    alice.post(page("assessment_finalise", final), why_not(alice, final))
    assert manager.post(url, {"kind": "signed", "words": ""}).status_code == 302
    assert "It is signed off already" in text_of(manager.post(url, {"kind": "signed", "words": "Again."}))
    assert "Signed off" in text_of(alice.get(page("assessment", final)))


def test_the_check_says_of_each_standard_what_is_there_and_what_is_not_with_links(cast, sign_in, family):
    started(cast, family)
    alice, ada = sign_in(cast.alice), the_child(family)
    fill(alice, family, "child", ada, voice="I like it.")
    aims = {"outcomes__outcome": "Calm mornings"}
    fill(alice, family, "analysis", **aims)
    shown = text_of(alice.get(page("self_check", family)))
    for number in range(1, 10):
        assert f"PS-{number}:" in shown
    one = shown.partition("PS-1:")[2].partition("PS-2:")[0]
    missing, _, there = one.partition("There ")
    assert "Ada Okafor: What Ada says" in there
    assert "Ada Okafor: A day in Ada’s life" in missing
    assert "How everyone will know: “Calm mornings”" in shown.partition("PS-8:")[2]
    assert "The assessment’s start: on time" in shown.partition("PS-2:")[2]
    html = body(alice.get(page("self_check", family)))
    assert f'href="{part_url(family, "child", ada)}"' in html
    assert "score" not in shown.lower()


def test_scales_and_numbers_of_the_last_one_come_over_to_be_compared(cast, sign_in, second):
    charlie = sign_in(cast.charlie)
    fill(charlie, second, "agency", version=1, needs__worried="Her weight.", needs__scale="6")
    assert said_to(second, "agency", assessment=latest(second))["needs-scale"] == "6"
    read = body(charlie.get(page("assessment_read", second)))
    assert "<del>3</del>" in read
    assert "<ins>6</ins>" in read
