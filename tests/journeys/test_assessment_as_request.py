"""An assessment can be the request itself (MID-10): the harm question, agreement, then the front door reads it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.models import Tier
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Grant
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from earlyhelp.timescales.models import Timescale
from families.models import Episode, Family, PersonDetails, RecordCheck, Request
from families.services import areas, episodes, requests, team
from tests.access.test_own_no import says
from tests.assessments.helpers import does_not_share, fill_all, page, part_url, started, the_child, why_not
from tests.cast import add_sibling, ask, led_family, make_user, mother, new_family, set_procedure, share
from tests.journeys.test_refusals import DETAILS, filled
from tests.pages import text_of

SEND = {
    "at_risk": "no", "agreed": "yes", "agreed_by": "Grace",
    "agreed_on_day": "23", "agreed_on_month": "11", "agreed_on_year": "2026",
}  # fmt: skip
PEOPLE = {
    "postcode": "MX1 2AB",
    "person-0-kind": "child", "person-0-first_name": "Ada", "person-0-last_name": "Okafor",
    "person-0-date_of_birth_year": "2017",
    "person-1-kind": "adult", "person-1-first_name": "Grace", "person-1-last_name": "Okafor",
    "person-1-date_of_birth_year": "1990", "person-TOTAL_FORMS": "2",
}  # fmt: skip


@pytest.fixture(autouse=True)
def by_assessment(cast):
    set_procedure({"asking.by_assessment": True})


@pytest.fixture
def begun(cast, sign_in):
    """Alice asks with an assessment that she is to write with the family."""
    told = filled(cast, agency=str(cast.school.pk), by="assessment", **PEOPLE)
    shown = sign_in(cast.alice).post(DETAILS, told, follow=True)
    assert "The record is open. Record what the family agrees to, then write the assessment with them." in text_of(
        shown
    )
    with acting_as_system("test"):
        return Family.objects.get()


@pytest.fixture
def final(cast, sign_in, begun):
    """Grace agrees, Alice leads, and the assessment is final."""
    alice = sign_in(cast.alice)
    share(cast, begun, cast.school)
    leads(cast, begun)
    started(cast, begun)
    fill_all(alice, begun)
    alice.post(page("assessment_finalise", begun), why_not(alice, begun))
    return begun


def leads(cast, family) -> None:
    with acting_as(cast.alice):
        whose = {"family": family, "episode": family.episode(), "user": cast.alice, "agency": cast.school}
        lead = team.ask_to_lead(**whose, without_wish="Her.", actor=cast.alice)
        team.answer_lead(lead=lead, accept=True, reason="", actor=cast.alice)


def the_request() -> Request:
    with acting_as_system("test"):
        return Request.objects.get()


def request_url() -> str:
    return the_request().get_absolute_url()


def reads(user) -> bool:
    with acting_as(user):
        return Grant.objects.filter(reason="answers_request", user=user).exists()


def test_an_assessment_is_the_request_and_the_front_door_reads_and_answers_it(cast, sign_in, final):
    alice, officer = sign_in(cast.alice), sign_in(cast.locality)
    assert officer.get(request_url()).status_code == 404
    assert officer.get(page("assessment", final)).status_code == 403
    assert "This assessment is the request for support" in text_of(alice.get(page("assessment", final)))
    sent = alice.post(page("send_assessment", final), SEND, follow=True)
    assert "The assessment is sent. You get a message with the answer." in text_of(sent)
    assert "This assessment is the request for support" not in text_of(sent)
    home = text_of(officer.get("/requests/"))
    assert "An assessment to read" in home
    shown = officer.get(request_url())
    assert "Alice of Birch Primary School asked, and it was sent 23 November 2026" in text_of(shown)
    assert f'href="{final.get_absolute_url()}"' in shown.content.decode()
    assert "Late for school." in text_of(officer.get(page("assessment_read", final)))
    answer = {"outcome": "accepted", "reason": "Yes. Family support joins you next week."}
    assert "The answer is sent." in text_of(officer.post(f"{request_url()}answer/", answer, follow=True))
    assert officer.get(page("assessment_read", final)).status_code == 403
    there = text_of(alice.get(request_url()))
    assert "Accepted" in there
    assert "Family support joins you next week." in there
    with acting_as_system("test"):
        told = Notification.objects.filter(kind="families.request_answered").values_list("user", flat=True)
        assert set(told) == {cast.alice.pk}
        assert Episode.objects.get().ended_at is None


def test_nothing_is_sent_while_a_child_may_be_at_risk_or_before_the_family_agreed(cast, sign_in, final):
    alice = sign_in(cast.alice)
    url = page("send_assessment", final)
    assert "Call now" in text_of(alice.post(url, {"at_risk": "yes"}, follow=True))
    long_ago = text_of(alice.post(url, SEND | {"agreed_on_year": "2019"}))
    assert "that can’t be before you asked for support" in long_ago
    assert "Ask the family first" in text_of(alice.post(url, SEND | {"agreed": "no"}))
    assert "Enter who agreed" in text_of(alice.post(url, SEND | {"agreed_by": ""}))
    assert the_request().submitted_at is None


def test_it_is_sent_once_and_only_when_final_and_by_the_lead(cast, sign_in, begun):
    share(cast, begun, cast.school)
    started(cast, begun)
    alice = sign_in(cast.alice)
    url = page("send_assessment", begun)
    assert "Only the lead practitioner can send the assessment" in text_of(alice.get(url))
    leads(cast, begun)
    assert "Finalise the assessment before you send it." in text_of(alice.get(url))
    assert url not in alice.get(page("assessment", begun)).content.decode()
    assert "Only the lead practitioner can send the assessment" in text_of(sign_in(cast.manager).get(url))
    assert sign_in(cast.dana).get(url).status_code == 404


def test_a_second_click_sends_nothing_again(cast, sign_in, final):
    alice = sign_in(cast.alice)
    alice.post(page("send_assessment", final), SEND)
    assert alice.post(page("send_assessment", final), SEND).status_code == 403
    with acting_as(cast.alice), pytest.raises(Refused, match="It was sent already"):
        requests.send_assessment(episode=final.episode(), agreed_by="Grace", agreed_on=clock.today(), actor=cast.alice)


def test_the_front_door_opens_no_second_record_for_it(cast, sign_in, final):
    sign_in(cast.alice).post(page("send_assessment", final), SEND)
    officer = sign_in(cast.locality)
    assert "The family’s record is open already" in text_of(officer.get(f"{request_url()}accept/"))
    assert officer.get(f"{request_url()}accept/new/").status_code == 403


def test_who_said_no_is_on_no_page_of_the_front_door(cast, sign_in, final):
    tunde = add_sibling(final, cast.alice, kind="adult", first_name="Tunde", last_name="Okafor")
    sign_in(cast.alice).post(page("send_assessment", final), SEND)
    with acting_as(cast.alice):
        grace = mother(final)
    with acting_as(cast.locality):
        assert PersonDetails.objects.filter(person=tunde).exists()
    says(cast, final, tunde, "refused")
    with acting_as(cast.locality):
        assert not PersonDetails.objects.filter(person=tunde).exists()
    assert reads(cast.locality)
    officer = sign_in(cast.locality)
    says(cast, final, grace, "refused")
    assert not reads(cast.locality)
    assert officer.get(page("assessment_read", final)).status_code == 403


def test_what_the_front_door_may_read_ends_with_early_help(cast, sign_in, final):
    sign_in(cast.alice).post(page("send_assessment", final), SEND)
    with acting_as(cast.alice):
        episodes.end(episode=final.episode(), reason="met", actor=cast.alice)
    assert not reads(cast.locality)
    officer = sign_in(cast.locality)
    assert officer.get(page("assessment_read", final)).status_code == 403
    assert "No request waits for you" in text_of(officer.get("/requests/"))
    assert "Early help ended before there was an answer" in text_of(officer.get(request_url()))


def test_one_that_was_not_sent_is_settled_with_early_help(cast, sign_in, begun):
    share(cast, begun, cast.school)
    with acting_as(cast.alice):
        episodes.end(episode=begun.episode(), reason="met", actor=cast.alice)
    assert the_request().outcome == "ended"
    assert "Early help ended before there was an answer" in text_of(sign_in(cast.alice).get("/requests/"))


def test_another_area_reads_it_once_the_family_has_moved_there(cast, sign_in, final):
    sign_in(cast.alice).post(page("send_assessment", final), SEND)
    with acting_as(cast.alice):
        areas.move(family=final, to=cast.south, on=clock.today(), because="They moved.", actor=cast.alice)
    assert not reads(cast.locality)
    assert the_request().locality == cast.south
    with acting_as_system("test"):
        south = make_user("Sue", cast.council, "locality_officer", locality=cast.south)
        assert not Notification.objects.filter(kind="families.request_received", read_at=None).exists()
    assert reads(south)


def test_where_someone_may_be_known_the_front_door_reads_the_request_first(cast, sign_in):
    led_family(cast)
    child = {"person-0-date_of_birth_day": "9", "person-0-date_of_birth_month": "6"}
    told = filled(cast, agency=str(cast.other_school.pk), by="assessment", **PEOPLE, **child)
    shown = text_of(sign_in(cast.dana).post(DETAILS, told, follow=True))
    assert "Someone of them may be known already, so the early help team reads your request first." in shown
    with acting_as_system("test"):
        assert Family.objects.count() == 1
        assert Request.objects.filter(outcome="waiting", family=None).get().submitted_at
        assert RecordCheck.objects.get(user=cast.dana, about="Ada Okafor").may_be_known


def test_each_person_counts_as_a_check_and_the_days_limit_holds(cast, sign_in, begun):
    with acting_as_system("test"):
        assert set(RecordCheck.objects.values_list("about", flat=True)) == {"Ada Okafor", "Grace Okafor"}
    set_procedure({"limits.record_checks_a_day": 3})
    alice = sign_in(cast.alice)
    told = filled(cast, agency=str(cast.school.pk), by="assessment", **PEOPLE, family_name="Hill")
    assert "you have 1 of 3 checks left for today" in text_of(alice.post(DETAILS.replace("0d/", "0e/"), told))
    with acting_as_system("test"):
        assert Family.objects.count() == 1


def test_nothing_opens_while_the_check_cannot_be_made(cast, sign_in):
    told = filled(cast, by="assessment", **PEOPLE | {"postcode": "", "person-0-date_of_birth_year": ""})
    shown = text_of(sign_in(cast.dana).post(DETAILS, told))
    assert "Enter everyone’s date of birth, or the postcode" in shown
    with acting_as_system("test"):
        assert not Family.objects.exists()


def test_who_opens_no_records_learns_nothing_of_who_is_known(cast, sign_in):
    led_family(cast)
    support = make_user("Support", cast.other_school, "business_support", supports=cast.dana)
    child = {"person-0-date_of_birth_day": "9", "person-0-date_of_birth_month": "6"}
    for known in (child, {"person-0-first_name": "Zoe"}):
        told = filled(cast, by="assessment", **PEOPLE | known)
        assert "your role opens no record" in text_of(sign_in(support).post(DETAILS, told))


def test_two_who_open_it_at_once_open_one(cast, sign_in):
    """The second waits for the first, and then finds who is known."""
    alice, bob = sign_in(cast.alice), sign_in(cast.bob)
    told = filled(cast, agency=str(cast.school.pk), by="assessment", **PEOPLE)
    with CaptureQueriesContext(connection) as captured:
        alice.post(DETAILS, told)
    asked = [query["sql"] for query in captured]
    lock = next(n for n, sql in enumerate(asked) if "pg_advisory_xact_lock" in sql)
    assert lock < next(n for n, sql in enumerate(asked) if "families_searchkey" in sql)
    bob.post(DETAILS.replace("0d/", "0e/"), told)
    with acting_as_system("test"):
        assert Family.objects.count() == 1


def test_a_record_beside_a_restricted_one_is_told_to_the_service_manager(cast, sign_in):
    restricted = led_family(cast)
    with acting_as_system("test"):
        Family.objects.filter(pk=restricted.pk).update(restricted=True)
    child = {"person-0-date_of_birth_day": "9", "person-0-date_of_birth_month": "6"}
    sign_in(cast.dana).post(DETAILS, filled(cast, by="assessment", **PEOPLE | child))
    with acting_as_system("test"):
        kinds = set(Notification.objects.filter(user=cast.service).values_list("kind", flat=True))
    assert {"families.restricted_asked", "families.opened_beside_restricted"} <= kinds


def test_a_restricted_familys_assessment_goes_to_the_service_manager(cast, sign_in, final):
    with acting_as_system("test"):
        Family.objects.filter(pk=final.pk).update(restricted=True)
    sign_in(cast.alice).post(page("send_assessment", final), SEND)
    with acting_as_system("test"):
        told = Notification.objects.filter(kind="families.request_received").values_list("user", flat=True)
        assert set(told) == {cast.service.pk}


def test_nobody_answers_before_it_is_sent_nor_their_own(cast, sign_in, final):
    service = sign_in(cast.service)
    assert "It isn’t sent yet" in text_of(service.get(f"{request_url()}answer/"))
    with acting_as_system("test"):
        Request.objects.update(asked_by=cast.locality)
    sign_in(cast.alice).post(page("send_assessment", final), SEND)
    assert "You asked: someone else" in text_of(sign_in(cast.locality).get(f"{request_url()}answer/"))


def test_no_more_is_read_than_is_shared_with_the_officers_agency(cast, sign_in, final):
    sign_in(cast.alice).post(page("send_assessment", final), SEND)
    does_not_share(cast, final, the_child(final), cast.council, Tier.BASIC)
    assert "Late for school." not in text_of(sign_in(cast.locality).get(page("assessment_read", final)))
    assert reads(cast.locality)


def test_the_next_version_waits_for_the_answer(cast, sign_in, final):
    alice = sign_in(cast.alice)
    alice.post(page("send_assessment", final), SEND)
    assert "The early help team is reading this assessment" in text_of(alice.get(page("open_next", final)))
    sign_in(cast.locality).post(f"{request_url()}answer/", {"outcome": "advice", "reason": "Thank you for asking."})
    assert alice.post(page("open_next", final)).status_code == 302


def test_sending_is_what_comes_next_and_stays_in_the_chronology(cast, sign_in, final):
    alice = sign_in(cast.alice)
    assert "Send the assessment to the early help team." in text_of(alice.get(final.get_absolute_url()))
    alice.post(page("send_assessment", final), SEND)
    assert "Send the assessment to" not in text_of(alice.get(final.get_absolute_url()))
    assert "The assessment was sent as the request" in text_of(alice.get(page("chronology", final)))
    assert "Grace agreed to that on 23 November 2026" in text_of(alice.get(request_url()))


def test_the_last_page_says_that_a_record_opens(cast, sign_in):
    dana = sign_in(cast.dana)
    told = filled(cast, by="assessment", **PEOPLE)
    dana.post(DETAILS, told | {"step": "people"})
    dana.post(DETAILS, told | {"step": "need"})
    shown = text_of(dana.get(DETAILS))
    assert "A record opens for your agency when you press “Open the record”" in shown


def test_a_young_person_who_asks_for_themselves_is_not_written_about_first(cast, sign_in):
    told = filled(cast, by="assessment", who_asks="young_person", no_parent="She is afraid.", **PEOPLE)
    shown = text_of(sign_in(cast.dana).post(DETAILS, told))
    assert "a young person asks for themselves, and not for the family" in shown
    with acting_as_system("test"):
        assert not Request.objects.exists()


def test_where_the_procedure_does_not_say_so_nobody_is_asked(cast, sign_in):
    set_procedure({"asking.by_assessment": False})
    dana = sign_in(cast.dana)
    assert "How do you want to ask?" not in text_of(dana.get(DETAILS))
    assert "Request sent" in text_of(dana.post(DETAILS, filled(cast, by="assessment"), follow=True))


def test_it_says_where_it_stands_until_it_is_sent(cast, sign_in, begun):
    alice = sign_in(cast.alice)
    assert "Not sent yet" in text_of(alice.get("/requests/"))
    assert "Ask the family for their agreement, and record it." in text_of(alice.get(begun.get_absolute_url()))
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="first_contact").met_at
    assert "The family’s assessment is the request" in text_of(alice.get(request_url()))
    assert "No request waits for you" in text_of(sign_in(cast.locality).get("/requests/"))
    assert alice.get(part_url(begun, "child", the_child(begun))).status_code in (403, 404)


def test_an_ordinary_request_is_not_accepted_as_an_assessment(cast):
    asked = ask(cast)
    with acting_as(cast.locality), pytest.raises(Refused, match="Say which family it is about"):
        requests.answer(
            request=Request.objects.get(pk=asked.pk), outcome="accepted", reason="Yes.", actor=cast.locality
        )


def test_no_other_assessment_can_be_sent(cast, sign_in):
    family = new_family(cast)
    assert sign_in(cast.alice).get(page("send_assessment", family)).status_code == 404
