"""Several agencies write one assessment: asked for their part, told by phone, other texts proposed, and what isn’t agreed."""

from datetime import timedelta

import pytest

from assessments.models import Asked, Assessment, Proposal, Remark
from assessments.services import asking
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from families.models import PersonDetails
from tests.assessments.helpers import (
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
)
from tests.assessments.test_finalise import body, printed
from tests.cast import make_user
from tests.pages import opened, text_of

UNTIL = {"until_day": "30", "until_month": "11", "until_year": "2026"}
TODAY = {"said_on_day": "23", "said_on_month": "11", "said_on_year": "2026"}


def ask_health(cast, client, family, **words):
    said = {"agency": cast.health.pk, "part": "agency", "words": "How has Ada grown?", **UNTIL}
    return client.post(page("ask_agency", family), said | words, follow=True)


def the_asked(family) -> Asked:
    with acting_as_system("test"):
        return Asked.objects.get(family=family)


def messages(user, kind) -> list[Notification]:
    with acting_as_system("test"):
        return list(Notification.objects.filter(user=user, kind=f"assessments.{kind}", read_at=None))


@pytest.fixture
def open_one(cast, family):
    return started(cast, family)


def test_health_is_asked_lands_on_its_part_in_one_click_and_sends_it(cast, sign_in, open_one):
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    shown = ask_health(cast, alice, open_one)
    assert "They are asked." in text_of(shown)
    assert "Still to come by 30 November 2026" in text_of(shown)
    assert "1 waits for others" in text_of(shown)
    assert "Waits for Health visiting" in text_of(shown)
    home = charlie.get("/")
    assert "Write the part of the assessment that your agency was asked for" in text_of(home)
    assert part_url(open_one, "agency") in body(home)
    (message,) = messages(cast.charlie, "part_asked")
    assert message.url == part_url(open_one, "agency")
    there = text_of(charlie.get(message.url))
    assert "Alice asks for what Health visiting knows, by 30 November 2026. How has Ada grown?" in there
    fill(charlie, open_one, "agency", needs__worried="Her weight.")
    assert the_asked(open_one).status == "waiting"
    fill(charlie, open_one, "agency", version=1, needs__worried="Her weight.", ready="on")
    assert the_asked(open_one).status == "sent"
    assert messages(cast.alice, "part_answered")
    assert not messages(cast.charlie, "part_asked")
    assert "Write the part of the assessment that your agency" not in text_of(charlie.get("/"))
    assert "sent, Charlie, 23 November 2026" in text_of(alice.get(page("assessment", open_one)))


def test_nothing_to_add_is_an_answer(cast, sign_in, open_one):
    ask_health(cast, sign_in(cast.alice), open_one)
    charlie, asked = sign_in(cast.charlie), the_asked(open_one)
    url = page("nothing_to_add", open_one, asked.pk)
    assert url in body(charlie.get(part_url(open_one, "agency")))
    assert sign_in(cast.alice).get(url).status_code == 403
    assert charlie.post(url, {"words": "We have not seen them since 2024."}).status_code == 302
    shown = text_of(sign_in(cast.alice).get(page("assessment", open_one)))
    assert "nothing to add, Charlie" in shown
    assert "We have not seen them since 2024." in shown
    assert charlie.get(url).status_code == 403


def test_it_cannot_be_finalised_before_the_part_is_in_or_waived_with_a_reason(cast, sign_in, open_one):
    alice = sign_in(cast.alice)
    fill_all(alice, open_one)
    ask_health(cast, alice, open_one)
    shown = text_of(alice.get(page("assessment_finalise", open_one)))
    assert "Health visiting was asked for its part by 30 November 2026, and has not sent it." in shown
    alice.post(page("assessment_finalise", open_one), why_not(alice, open_one))
    assert assessment_of(open_one).is_open
    url = page("waive_asked", open_one, the_asked(open_one).pk)
    assert "Enter why you don’t wait for it" in text_of(alice.post(url, {"reason": ""}))
    assert alice.post(url, {"reason": "The health visitor is ill this month."}).status_code == 302
    alice.post(page("assessment_finalise", open_one), why_not(alice, open_one))
    assert not assessment_of(open_one).is_open
    assert "The health visitor is ill this month." in text_of(alice.get(page("assessment", open_one)))


def test_they_are_reminded_once_a_day(cast, sign_in, open_one):
    alice = sign_in(cast.alice)
    ask_health(cast, alice, open_one)
    url = page("remind_asked", open_one, the_asked(open_one).pk)
    assert alice.post(url).status_code == 302
    assert len(messages(cast.charlie, "part_reminded")) == 1
    assert "They were reminded within the last day" in text_of(alice.post(url))
    with clock.frozen_at(clock.now() + timedelta(days=1, minutes=1)):
        assert alice.post(url).status_code == 302
    assert len(messages(cast.charlie, "part_reminded")) == 2


def test_it_is_late_the_day_after(cast, sign_in, open_one):
    alice = sign_in(cast.alice)
    ask_health(cast, alice, open_one)
    with clock.frozen_at(clock.now() + timedelta(days=8)):
        assert "Late by 30 November 2026" in text_of(alice.get(page("assessment", open_one)))


def test_only_an_agency_of_the_team_can_be_asked_and_once(cast, sign_in, open_one):
    alice = sign_in(cast.alice)
    shown = text_of(alice.get(page("ask_agency", open_one)))
    assert "Health visiting" in shown
    assert str(cast.other_school) not in shown
    refused = alice.post(page("ask_agency", open_one), {"agency": cast.other_school.pk, "part": "agency", **UNTIL})
    assert "Select one of the answers shown" in text_of(refused)
    ask_health(cast, alice, open_one)
    assert "Health visiting has been asked for this already" in text_of(
        ask_health(cast, alice, open_one, words="Again.")
    )
    assert sign_in(cast.charlie).get(page("ask_agency", open_one)).status_code == 403


def test_who_lost_access_in_the_middle_is_waited_for_until_it_is_waived(cast, sign_in, open_one):
    alice = sign_in(cast.alice)
    ask_health(cast, alice, open_one)
    with acting_as(cast.charlie):
        asked = Asked.objects.select_related("assessment__episode").get()
    with acting_as_system("test"):
        open_one.episode().team.filter(user=cast.charlie).update(status="ended")
    assert sign_in(cast.charlie).get(part_url(open_one, "agency")).status_code == 404
    with acting_as(cast.charlie), pytest.raises(Assessment.DoesNotExist):
        asking.nothing_to_add(asked=asked, words="", actor=cast.charlie)
    assert "Still to come" in text_of(alice.get(page("assessment", open_one)))


def test_a_part_that_came_by_phone_stands_under_the_name_of_who_told_it(cast, sign_in, open_one):
    alice, url = sign_in(cast.alice), page("assessment_told", open_one, "agency")
    assert url in body(alice.get(part_url(open_one, "agency")))
    said = {
        "told_by": "Mr Hill, housing officer", "told_for": cast.other_school.pk, "told_how": "By phone",
        "told_on_day": "20", "told_on_month": "11", "told_on_year": "2026", "needs-worried": "The rent is late.",
    }  # fmt: skip
    assert "Enter who told you this, and their role" in text_of(alice.post(url, said | {"told_by": ""}))
    assert alice.post(url, said).status_code == 302
    for text in (text_of(alice.get(page("assessment_read", open_one))), printed(alice, open_one)):
        assert f"Mr Hill, housing officer ({cast.other_school})" in text
        assert "By phone, 20 November 2026. Typed by Alice" in text
        assert "The rent is late." in text
    (told,) = contributions_to(open_one, "agency")
    assert (told.author, told.agency, told.told_by) == (cast.alice, cast.other_school, "Mr Hill, housing officer")
    assert sign_in(cast.charlie).get(page("change_contribution", open_one, told.pk)).status_code == 403
    change = page("change_contribution", open_one, told.pk)
    assert alice.post(change, {"version": 1, "needs-worried": "The rent was late."}).status_code == 302
    assert said_to(open_one, "agency") == {"needs-worried": "The rent was late."}


def test_what_was_told_about_a_child_for_the_agency_that_was_asked_is_its_answer(cast, sign_in, open_one):
    alice = sign_in(cast.alice)
    ask_health(cast, alice, open_one)
    url = page("assessment_told", open_one, "agency")
    said = {
        "told_by": "Charlie", "told_for": cast.health.pk, "told_how": "By e-mail", "needs-worried": "Weight.", "ready": "on",
        "told_on_day": "20", "told_on_month": "11", "told_on_year": "2026",
    }  # fmt: skip
    assert alice.post(url, said).status_code == 302
    assert the_asked(open_one).status == "sent"
    ada = the_child(open_one)
    about = page("assessment_told_about", open_one, "child", ada.pk)
    assert alice.post(about, said | {"voice": "I miss my dad."}).status_code == 302
    assert said_to(open_one, "child", person=ada)["voice"] == "I miss my dad."


def proposed(cast, sign_in, family) -> Proposal:
    """Charlie proposes another text for what Alice wrote."""
    fill(sign_in(cast.alice), family, "why_now", reason="Ada is always late.")
    (contribution,) = contributions_to(family)
    charlie = sign_in(cast.charlie)
    url = page("propose", family, contribution.pk)
    assert url in body(charlie.get(part_url(family)))
    shown = body(charlie.get(url))
    name = shown.split('name="text-')[1].split('"')[0]
    assert ">\nAda is always late.</textarea>" in shown
    unchanged = {f"text-{name}": "Ada is always late.", "why": "It reads harshly."}
    assert "Change what you would word otherwise" in text_of(charlie.post(url, unchanged))
    said = {f"text-{name}": "Ada is often late.", "why": "The register says twice a week."}
    assert charlie.post(url, said).url == part_url(family)
    with acting_as_system("test"):
        return Proposal.objects.get(family=family)


def test_a_proposed_text_is_taken_over_by_who_wrote_the_first_and_both_are_kept(cast, sign_in, open_one):
    proposal = proposed(cast, sign_in, open_one)
    assert said_to(open_one) == {"reason": "Ada is always late."}
    alice, url = sign_in(cast.alice), page("proposal", open_one, proposal.pk)
    (message,) = messages(cast.alice, "change_proposed")
    assert message.url == url
    assert url in body(alice.get(page("assessment_read", open_one)))
    shown = body(alice.get(url))
    assert "<del>always</del>" in shown
    assert "<ins>often</ins>" in shown
    assert "The register says twice a week." in shown
    assert "Enter why not" in text_of(alice.post(url, {"accept": "no"}))
    assert alice.post(url, {"accept": "yes"}).status_code == 302
    assert said_to(open_one) == {"reason": "Ada is often late."}
    (contribution,) = contributions_to(open_one)
    assert (contribution.author, contribution.version) == (cast.alice, 2)
    assert messages(cast.charlie, "proposal_decided")
    assert not messages(cast.alice, "change_proposed")
    assert alice.post(url, {"accept": "yes"}).status_code == 403
    versions = body(alice.get(page("contribution_versions", open_one, contribution.pk)))
    assert "<del>always</del>" in versions
    assert page("contribution_versions", open_one, contribution.pk) in body(
        alice.get(page("assessment_read", open_one))
    )


def test_it_is_declined_with_a_reason_that_who_proposed_it_reads(cast, sign_in, open_one):
    proposal = proposed(cast, sign_in, open_one)
    url = page("proposal", open_one, proposal.pk)
    sign_in(cast.alice).post(url, {"accept": "no", "reason": "It was three times last week."})
    assert said_to(open_one) == {"reason": "Ada is always late."}
    shown = text_of(sign_in(cast.charlie).get(url))
    assert "Not taken over by Alice" in shown
    assert "It was three times last week." in shown


def test_who_proposed_it_takes_it_back_and_decides_nothing(cast, sign_in, open_one):
    proposal = proposed(cast, sign_in, open_one)
    charlie, url = sign_in(cast.charlie), page("proposal", open_one, proposal.pk)
    assert "Do you want to use the proposed text?" not in text_of(charlie.get(url))
    refused = charlie.post(url, {"accept": "yes"})
    assert refused.status_code == 403
    assert "Only Alice, who wrote the text, decides on it." in text_of(refused)
    assert charlie.post(page("take_back_proposal", open_one, proposal.pk)).status_code == 302
    assert "Taken back" in text_of(charlie.get(url))
    assert sign_in(cast.alice).post(url, {"accept": "yes"}).status_code == 403


def test_the_lead_decides_for_who_wrote_it(cast, sign_in, open_one):
    carla = make_user("Carla", cast.health)
    joins(cast, open_one, carla, cast.health)
    charlie = sign_in(cast.charlie)
    fill(charlie, open_one, "why_now", reason="Her weight.")
    (contribution,) = contributions_to(open_one)
    third = sign_in(carla)
    url = page("propose", open_one, contribution.pk)
    name = body(third.get(url)).split('name="text-')[1].split('"')[0]
    third.post(url, {f"text-{name}": "Her weight, since May.", "why": "It began in May."})
    with acting_as_system("test"):
        proposal = Proposal.objects.get(family=open_one)
    alice = sign_in(cast.alice)
    assert messages(cast.alice, "change_proposed")
    assert alice.post(page("proposal", open_one, proposal.pk), {"accept": "yes"}).status_code == 302
    assert said_to(open_one) == {"reason": "Her weight, since May."}


def test_a_text_that_has_changed_meanwhile_is_not_overwritten(cast, sign_in, open_one):
    proposal = proposed(cast, sign_in, open_one)
    alice, url = sign_in(cast.alice), page("proposal", open_one, proposal.pk)
    fill(alice, open_one, "why_now", version=1, reason="Ada is late on Mondays.")
    assert "The text has changed since this was proposed" in text_of(alice.get(url))
    assert "The text has changed since this was proposed" in text_of(alice.post(url, {"accept": "yes"}))
    assert said_to(open_one) == {"reason": "Ada is late on Mondays."}


def test_what_is_mine_i_change_and_propose_nothing(cast, sign_in, open_one):
    fill(sign_in(cast.alice), open_one, "why_now", reason="Late.")
    (contribution,) = contributions_to(open_one)
    refused = sign_in(cast.alice).get(page("propose", open_one, contribution.pk))
    assert refused.status_code == 403
    assert "You wrote this: change it where it stands." in text_of(refused)


def test_a_mother_does_not_agree_also_after_it_is_final_and_both_texts_stay(cast, sign_in, open_one):
    alice = sign_in(cast.alice)
    fill_all(alice, open_one)
    fill(alice, open_one, "why_now", reason="Grace shouts.")
    alice.post(page("assessment_finalise", open_one), why_not(alice, open_one))
    url, grace = page("remark", open_one, "why_now"), the_child(open_one, "Grace")
    assert url in body(alice.get(page("assessment_read", open_one)))
    assert "Enter what should stand beside it" in text_of(
        alice.post(url, {"kind": "disagrees", "who": grace.pk, **TODAY})
    )
    said = {"kind": "disagrees", "who": grace.pk, "words": "I do not shout. I was asked once.", **TODAY}
    assert alice.post(url, said).status_code == 302
    for text in (text_of(alice.get(page("assessment_read", open_one))), printed(alice, open_one)):
        assert "Grace shouts." in text
        assert "does not agree" in text
        assert "I do not shout. I was asked once." in text
    about = page("remark_about", open_one, "child", the_child(open_one).pk)
    assert alice.post(about, {"kind": "corrects", "words": "Ada is in year 4.", **TODAY}).status_code == 302
    assert "Ada is in year 4." in text_of(alice.get(page("assessment_read", open_one)))
    assert "This stands there already" in text_of(alice.post(url, said))


def test_what_a_child_does_not_agree_with_is_not_for_whom_they_do_not_share_with(cast, sign_in, open_one):
    alice, ada = sign_in(cast.alice), the_child(open_one)
    said = {"kind": "disagrees", "who": ada.pk, "words": "That is not what I said.", **TODAY}
    assert alice.post(page("remark", open_one, "why_now"), said).status_code == 302
    does_not_share(cast, open_one, ada, cast.health)
    assert "That is not what I said." not in body(sign_in(cast.charlie).get(page("assessment_read", open_one)))
    with acting_as(cast.charlie):
        assert not Remark.objects.exists()
        assert not Change.objects.in_table(Remark).exists()


@pytest.mark.parametrize("who_reads", ["agency", "few"])
def test_a_text_proposed_for_what_few_read_is_read_by_as_few(cast, sign_in, open_one, who_reads):
    carla = make_user("Carla", cast.health)
    joins(cast, open_one, carla, cast.health)
    joins(cast, open_one, cast.bob, cast.school)
    charlie = sign_in(cast.charlie)
    fill(charlie, open_one, "why_now", reason="Her weight.", who_reads=who_reads)
    (contribution,) = contributions_to(open_one)
    reader = sign_in(carla if who_reads == "agency" else cast.alice)
    url = page("propose", open_one, contribution.pk)
    name = body(reader.get(url)).split('name="text-')[1].split('"')[0]
    assert reader.post(url, {f"text-{name}": "Her sleep.", "why": "It is her sleep."}).status_code == 302
    with acting_as(cast.bob):
        assert not Proposal.objects.exists()
        assert not Change.objects.in_table(Proposal).exists()
    with acting_as(cast.charlie):
        assert Proposal.objects.exists()


def test_what_the_record_knows_is_not_written_again(cast, sign_in, open_one):
    alice, ada = sign_in(cast.alice), the_child(open_one)
    with acting_as_system("test"):
        PersonDetails.objects.update_or_create(person=ada, defaults={"family": open_one, "school": "Birch Primary"})
    shown = text_of(alice.get(part_url(open_one, "child", ada)))
    assert "What the record says already" in shown
    assert "School Birch Primary" in shown
    table = body(alice.get(part_url(open_one, "help_so_far")))
    assert "Who is on the team stands in the table already" in table
    assert 'value="Charlie"' in table
    assert 'value="Team, 23 November 2026"' in table
    url = part_url(open_one, "help_so_far")
    assert alice.post(url, opened(alice, url)).status_code == 302
    read = text_of(alice.get(page("assessment_read", open_one)))
    assert "Charlie" in read
    assert "Who is on the team stands" not in text_of(sign_in(cast.charlie).get(url))
