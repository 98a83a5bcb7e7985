"""Who leads and who is on the team: only who was asked answers, once, with a reason to decline; and whoever asked hears of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from consent.models import Tier
from earlyhelp.access.identity import acting_as
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from earlyhelp.timescales.models import Extension, Timescale
from earlyhelp.timescales.services import ask_extension, decide_extension
from families.models import Lead, LocalityHelp, TeamMember
from families.services import team
from tests.cast import new_family, share
from tests.pages import text_of
from tests.plans.helpers import agreed_plan


def told(user, kind):
    with acting_as(user):
        return Notification.objects.filter(user=user, kind=kind).count()


def ask_to_lead(cast, family, *, user, agency, by=None):
    actor = by or cast.alice
    with acting_as(actor):
        return team.ask_to_lead(
            family=family, episode=family.episode(), user=user, agency=agency, without_wish="Yes", actor=actor
        )


def invite(cast, family, *, user, agency):
    with acting_as(cast.alice):
        return team.invite(
            family=family, episode=family.episode(), user=user, agency=agency, role="contributor", actor=cast.alice
        )


@pytest.fixture
def asked(cast, family):
    return ask_to_lead(cast, family, user=cast.charlie, agency=cast.health)


@pytest.fixture
def invited(cast, family):
    return invite(cast, family, user=cast.manager, agency=cast.school)


def test_who_declines_to_lead_says_why_and_whoever_asked_is_told(cast, asked):
    before = told(cast.alice, "families.lead_answered")
    with acting_as(cast.charlie):
        with pytest.raises(Refused, match="Enter your reason for declining"):
            team.answer_lead(lead=asked, accept=False, reason="", actor=cast.charlie)
        team.answer_lead(lead=asked, accept=False, reason="I move away.", actor=cast.charlie)
        asked.refresh_from_db()
        assert (asked.status, asked.reason) == (Lead.Status.DECLINED, "I move away.")
        with pytest.raises(Refused, match="answered already"):
            team.answer_lead(lead=asked, accept=True, reason="", actor=cast.charlie)
    assert told(cast.alice, "families.lead_answered") == before + 1


def test_nobody_answers_for_who_was_asked(cast, asked, invited):
    with acting_as(cast.alice):
        with pytest.raises(Refused, match="Only the person who was asked"):
            team.answer_lead(lead=asked, accept=True, reason="", actor=cast.alice)
        with pytest.raises(Refused, match="Only the person who was invited"):
            team.answer_invitation(member=invited, accept=True, reason="", actor=cast.alice)
        assert Lead.objects.get(pk=asked.pk).status == Lead.Status.ASKED
        assert TeamMember.objects.get(pk=invited.pk).status == TeamMember.Status.INVITED


def test_who_declines_an_invitation_says_why_and_whoever_invited_is_told(cast, invited):
    before = told(cast.alice, "families.invitation_answered")
    with acting_as(cast.manager):
        with pytest.raises(Refused, match="Enter your reason for declining"):
            team.answer_invitation(member=invited, accept=False, reason="", actor=cast.manager)
        team.answer_invitation(member=invited, accept=False, reason="No time.", actor=cast.manager)
        with pytest.raises(Refused, match="answered already"):
            team.answer_invitation(member=invited, accept=True, reason="", actor=cast.manager)
    assert told(cast.alice, "families.invitation_answered") == before + 1


def test_nobody_is_asked_or_invited_twice(cast, family, asked, invited):
    with pytest.raises(Refused, match="has been asked already"):
        ask_to_lead(cast, family, user=cast.charlie, agency=cast.health)
    with pytest.raises(Refused, match="or has been invited, already"):
        invite(cast, family, user=cast.manager, agency=cast.school)
    with acting_as(cast.alice), pytest.raises(Refused, match="You lead for this family already"):
        team.lead_myself(
            family=family, episode=family.episode(), agency=cast.school, without_wish="Yes", actor=cast.alice
        )


def test_nobody_is_asked_for_an_agency_that_they_do_not_work_for(cast, family):
    with pytest.raises(Refused, match="no longer works for"):
        ask_to_lead(cast, family, user=cast.charlie, agency=cast.school)
    with pytest.raises(Refused, match="no longer works for"):
        invite(cast, family, user=cast.manager, agency=cast.health)


def test_nobody_leads_through_an_agency_that_the_family_does_not_share_enough_with(cast):
    family = new_family(cast)
    share(cast, family, cast.health, tier=Tier.BASIC)
    asked = ask_to_lead(cast, family, user=cast.charlie, agency=cast.health)
    with acting_as(cast.charlie), pytest.raises(Refused, match="share additional information"):
        team.answer_lead(lead=asked, accept=True, reason="", actor=cast.charlie)
    with acting_as(cast.alice):
        assert Lead.objects.get(pk=asked.pk).status == Lead.Status.ASKED


def test_who_left_the_team_does_not_leave_again(cast, family):
    with acting_as(cast.alice):
        member = TeamMember.objects.get(family=family, user=cast.charlie)
        team.leave(member=member, actor=cast.alice)
        with pytest.raises(Refused, match="left the team already"):
            team.leave(member=member, actor=cast.alice)


def test_the_locality_is_asked_once_and_whoever_asked_hears_that_it_is_done(cast, family):
    with acting_as(cast.alice):
        asked = team.ask_locality(family=family, episode=family.episode(), reason="Nobody has time.", actor=cast.alice)
        with pytest.raises(Refused, match="has been asked already"):
            team.ask_locality(family=family, episode=family.episode(), reason="Again.", actor=cast.alice)
    assert told(cast.locality, "families.help_asked") == 1
    with acting_as(cast.locality):
        team.done_helping(asked=LocalityHelp.objects.get(pk=asked.pk), actor=cast.locality)
        with pytest.raises(Refused, match="ended already"):
            team.done_helping(asked=asked, actor=cast.locality)
    assert told(cast.alice, "families.help_done") == 1


def test_the_page_of_an_answer_says_that_it_was_given(cast, asked, invited, sign_in):
    """An old message leads there again: who was asked or invited, and has answered, reads so."""
    for user, name, row in ((cast.charlie, "answer_lead", asked), (cast.manager, "answer_invitation", invited)):
        client, url = sign_in(user), reverse(name, args=[row.family.reference, row.pk])
        assert client.post(url, {"answer": "no", "declined_for": "no_time", "reason": "No time."}).status_code == 302
        again = client.get(url)
        assert again.status_code == 403
        assert "This was answered already" in again.content.decode()


def test_an_old_page_says_that_it_is_over(cast, family, sign_in):
    with acting_as(cast.alice):
        asked = team.ask_locality(family=family, episode=family.episode(), reason="Nobody has time.", actor=cast.alice)
        team.done_helping(asked=asked, actor=cast.alice)
    page = sign_in(cast.alice).get(reverse("end_help", args=[family.reference, asked.pk]))
    assert (page.status_code, "This was ended already." in page.content.decode()) == (403, True)
    page = sign_in(cast.alice).get(reverse("agree_plan", args=[family.reference]))
    assert page.status_code == 403
    assert "There is no plan yet. Anyone on the team can add its first outcome." in page.content.decode()


def test_more_time_is_decided_once_on_its_page_too(cast, family, sign_in):
    agreed_plan(cast, family)
    with acting_as(cast.alice):
        clock_of = Timescale.objects.get(family=family, kind="review")
        more = ask_extension(
            timescale=clock_of, reason="x", due_at=clock_of.due_at + timedelta(days=3), actor=cast.alice
        )
    manager, url = sign_in(cast.manager), reverse("decide_extension", args=[family.reference, more.pk])
    assert manager.get(url).status_code == 200
    with acting_as(cast.manager):
        decide_extension(extension=Extension.objects.get(pk=more.pk), approve=True, reason="", actor=cast.manager)
    page = manager.get(url)
    assert (page.status_code, "This was decided already." in page.content.decode()) == (403, True)


CHALLENGE = {
    "by": "Rosa Hill, her manager", "on_day": "23", "on_month": "11", "on_year": "2026",
    "said": "She has two families less from January on.", "result": "ask_again",
}  # fmt: skip


def test_a_no_to_leading_is_challenged_by_someone_with_a_result_and_both_stay(cast, sign_in, family, asked):
    alice, team_url = sign_in(cast.alice), f"{family.get_absolute_url()}team/"
    url = reverse("challenge_lead", args=[family.reference, asked.pk])
    assert "They have not declined to lead." in text_of(alice.get(url))
    with acting_as(cast.charlie):
        team.answer_lead(lead=asked, accept=False, reason="I lead for too many families.", actor=cast.charlie)
    assert url in alice.get(team_url).content.decode()
    assert url not in sign_in(cast.charlie).get(team_url).content.decode()
    assert sign_in(cast.charlie).post(url, CHALLENGE).status_code == 403
    assert "that can’t be before they declined" in text_of(alice.post(url, CHALLENGE | {"on_day": "20"}))
    assert "Enter what was said" in text_of(alice.post(url, CHALLENGE | {"said": ""}))
    saved = text_of(alice.post(url, CHALLENGE, follow=True))
    assert "Saved. Now ask them again." in saved
    assert "Challenged by Rosa Hill, her manager, 23 November 2026: they would lead after all" in saved
    assert "I lead for too many families." in saved
    assert alice.get(url).status_code == 403
    again = ask_to_lead(cast, family, user=cast.charlie, agency=cast.health)
    assert again.pk != asked.pk


def test_a_no_is_challenged_once(cast, asked):
    with acting_as(cast.charlie):
        team.answer_lead(lead=asked, accept=False, reason="I move away.", actor=cast.charlie)
    said = {"on": clock.today(), "by": "Rosa Hill", "said": "She stays with it.", "result": "stands"}
    with acting_as(cast.alice):
        asked.refresh_from_db()
        team.challenge(lead=asked, actor=cast.alice, **said)
        with pytest.raises(Refused, match="Somebody has recorded this already"):
            team.challenge(lead=asked, actor=cast.alice, **said)


def test_the_officer_suggests_who_could_lead_and_whoever_asked_reads_it(cast, sign_in, family):
    with acting_as(cast.alice):
        help_asked = team.ask_locality(family=family, episode=family.episode(), reason="Two said no.", actor=cast.alice)
    url = reverse("suggest_lead", args=[family.reference, help_asked.pk])
    officer, team_url = sign_in(cast.locality), reverse("team", args=[family.reference])
    assert url in officer.get(team_url).content.decode()
    assert "Alice asked for help: Two said no." in text_of(officer.get(url))
    assert "Enter whom you suggest, and why" in text_of(officer.post(url, {"words": ""}))
    assert "Sent. Whoever asked for help is told." in text_of(
        officer.post(url, {"words": "Zoe Hall of Oak Primary School knows the father."}, follow=True)
    )
    assert told(cast.alice, "families.lead_suggested") == 1
    shown = text_of(sign_in(cast.alice).get(team_url))
    assert "Locality Officer suggests, 23 November 2026 at 10:00am: Zoe Hall of Oak Primary School" in shown
    assert sign_in(cast.alice).get(url).status_code == 403
    with acting_as(cast.alice):
        team.done_helping(asked=help_asked, actor=cast.alice)
    assert officer.get(url).status_code == 404
