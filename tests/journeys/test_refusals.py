"""What can't be done says what is missing and who can put it right, keeps what was typed, and leaves nothing half saved."""

from datetime import timedelta

import pytest

from assessments.models import Assessment
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.drafts.models import Draft
from families.models import Family, Lead, Request, RequestPerson
from families.services import team
from tests.cast import ask, new_family

REQUEST = {
    "who_asks": "practitioner",
    "family_name": "Okafor",
    "what_for": "Ada is tired. <b>Often</b> 😟 عائلة",
    "tried": "Breakfast club.",
    "level_of_need": "2",
    "received_at_day": "22",
    "received_at_month": "11",
    "received_at_year": "2026",
    "received_at_time": "9:30",
    "asked": "yes",
    "asked_who": "Grace",
    "agreed_by": "Grace",
    "agreed_how": "verbal",
    "agreed_on_day": "22",
    "agreed_on_month": "11",
    "agreed_on_year": "2026",
    "person-TOTAL_FORMS": "2",
    "person-INITIAL_FORMS": "0",
    "person-0-kind": "child",
    "person-0-first_name": "Ada",
    "person-0-last_name": "O’Kafor-Łukasz",
    "person-0-date_of_birth_year": "2017",
}

DETAILS = "/requests/new/details/6b1c2a0e-0000-4000-8000-00000000000d/"


def filled(cast, **changes):
    return REQUEST | {"agency": str(cast.other_school.pk), "locality": str(cast.north.pk)} | changes


def counts():
    with acting_as_system("test"):
        return Request.objects.count(), RequestPerson.objects.count(), Family.objects.count()


def test_significant_harm_gets_the_numbers_and_no_form(cast, sign_in):
    dana = sign_in(cast.dana)
    page = dana.post("/requests/new/", {"at_risk": "yes"}, follow=True).content.decode()
    assert "Call now. Do not write a request" in page
    assert "01632 960001" in page
    assert "01632 960002" in page
    assert "<textarea" not in page


def test_a_request_goes_out_with_all_that_was_typed(cast, sign_in):
    dana = sign_in(cast.dana)
    answer = dana.post(DETAILS, filled(cast), follow=True).content.decode()
    assert "Request sent" in answer
    assert counts() == (1, 1, 0)
    page = dana.get("/requests/").content.decode()
    assert "Okafor" in page


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"asked": "no"}, "Ask the family first"),
        ({"asked": ""}, "Select whether they agree to this request"),
        ({"asked_who": ""}, "Enter who was asked"),
        ({"agreed_by": ""}, "Enter who agreed"),
        ({"agreed_how": ""}, "Select how they agreed"),
        ({"agreed_on_day": ""}, "The date they agreed must include a day"),
        ({"agreed_on_day": "23", "agreed_on_month": "12"}, "The date they agreed must be today or in the past"),
        ({"agreed_on_day": "31", "agreed_on_month": "2"}, "The date they agreed must be a real date"),
        ({"received_at_year": "2027"}, "The time you heard of the need must be in the past"),
        ({"received_at_year": "2025"}, "Check the year: the time you heard of the need is more than 180 days ago"),
        ({"person-0-date_of_birth_year": "1985"}, "Check the year: a child or young person is under 26"),
        ({"person-0-kind": "adult"}, "Check the year: an adult is 16 or older"),
        ({"what_for": ""}, "Enter what you are worried about"),
        ({"what_for": "x" * 5000}, "must be 4,000 characters or fewer"),
        ({"person-0-first_name": ""}, "Enter their first name"),
        (
            {"person-0-first_name": "", "person-0-last_name": "", "person-0-date_of_birth_year": ""},
            "Add at least one child",
        ),
    ],
)
def test_a_request_that_lacks_something_says_what_keeps_the_rest_and_saves_nothing(cast, sign_in, changes, message):
    dana = sign_in(cast.dana)
    page = dana.post(DETAILS, filled(cast, **changes))
    text = page.content.decode()
    assert page.status_code == 200
    assert message in text
    assert counts() == (0, 0, 0)
    again = dana.get(DETAILS).content.decode()
    for page_text in (text, again):
        assert "Breakfast club." in page_text
        if "what_for" not in changes:
            assert "Ada is tired. &lt;b&gt;Often&lt;/b&gt; 😟 عائلة" in page_text
    if len(changes.get("what_for", "")) == 5000:
        assert "x" * 5000 in text


def test_nobody_to_ask_for_is_said_beside_the_first_persons_name(cast, sign_in):
    empty = dict.fromkeys(("first_name", "last_name", "date_of_birth_year"), "")
    data = filled(cast, **{f"person-0-{name}": value for name, value in empty.items()})
    page = sign_in(cast.dana).post(DETAILS, data).content.decode()
    assert '<a href="#id_person-0-first_name">Add at least one child or adult whom the request is about</a>' in page


def test_another_person_can_be_added_without_losing_a_word(cast, sign_in):
    answer = sign_in(cast.dana).post(DETAILS, filled(cast, add_person="1"), follow=True)
    assert answer.redirect_chain[0][0].endswith("#person-3")
    page = answer.content.decode()
    assert "Person 3" in page
    assert "Breakfast club." in page
    assert "There is a problem" not in page
    assert counts() == (0, 0, 0)


def test_the_same_form_sent_twice_makes_one_request(cast, sign_in):
    dana = sign_in(cast.dana)
    data = filled(cast, form_token="6b1c2a0e-0000-4000-8000-000000000001")
    dana.post(DETAILS, data)
    second = dana.post(DETAILS, data, follow=True).content.decode()
    assert "You had sent this already" in second
    assert counts() == (1, 1, 0)


def test_one_draft_in_two_windows_makes_one_request_and_shows_what_was_not_sent(cast, sign_in):
    dana = sign_in(cast.dana)
    dana.post(DETAILS, filled(cast, form_token="6b1c2a0e-0000-4000-8000-000000000001"))
    other = filled(cast, form_token="6b1c2a0e-0000-4000-8000-000000000002") | {"what_for": "Written in another window."}
    page = dana.post(DETAILS, other).content.decode()
    assert "You sent this before, and nothing was sent again" in page
    assert "Written in another window." in page
    assert counts() == (1, 1, 0)
    bob = sign_in(cast.bob)
    assert "You sent this already" not in bob.get(DETAILS, follow=True).content.decode()


def test_leaving_keeps_the_draft_without_javascript(cast, sign_in):
    dana = sign_in(cast.dana)
    left = dana.post(DETAILS, filled(cast, leave="yes", what_for="Half a thought"))
    assert left.status_code == 302
    assert "Half a thought" in dana.get(DETAILS).content.decode()
    untouched = {"leave": "yes", "person-TOTAL_FORMS": "2", "person-INITIAL_FORMS": "0", "agency": cast.other_school.pk}
    dana.post(DETAILS.replace("000d/", "000e/"), untouched)
    with acting_as(cast.dana):
        assert Draft.objects.filter(user=cast.dana).count() == 1
    assert counts() == (0, 0, 0)


def test_whoever_is_not_asked_cannot_answer_and_declining_needs_a_reason(cast, sign_in, family):
    with acting_as(cast.alice):
        lead = team.ask_to_lead(
            family=family,
            episode=family.episode(),
            user=cast.bob,
            agency=cast.school,
            without_wish="Not asked yet.",
            actor=cast.alice,
        )
    url = f"{family.get_absolute_url()}team/lead/{lead.pk}/"
    stranger = sign_in(cast.charlie).post(url, {"answer": "yes"})
    assert stranger.status_code == 403
    assert "Only the person who was asked can answer" in stranger.content.decode()
    page = sign_in(cast.bob).post(url, {"answer": "no", "reason": ""}).content.decode()
    assert "Enter your reason for declining" in page
    with acting_as_system("test"):
        lead.refresh_from_db()
        assert lead.status == "asked"
    sign_in(cast.bob).post(
        url, {"answer": "no", "declined_for": "moving", "reason": "I have moved to another year group."}
    )
    with acting_as_system("test"):
        lead.refresh_from_db()
        assert (lead.status, lead.reason) == ("declined", "I have moved to another year group.")
        assert Lead.objects.get(status="accepted").user == cast.alice


def test_two_officers_answer_one_request_and_the_second_is_told(cast, sign_in):
    request = ask(cast)
    url = f"/requests/{request.reference}/answer/"
    data = {"outcome": "advice", "reason": "The school nurse can help."}
    assert sign_in(cast.locality).post(url, data).status_code == 302
    second = sign_in(cast.service).post(url, data | {"outcome": "declined"})
    assert second.status_code == 403
    assert "has an outcome already" in second.content.decode()
    page = sign_in(cast.dana).get(f"/requests/{request.reference}/").content.decode()
    assert "Advice given" in page
    assert "The school nurse can help." in page


def test_a_request_declined_without_a_reason_stays_open(cast, sign_in):
    request = ask(cast)
    page = sign_in(cast.locality).post(f"/requests/{request.reference}/answer/", {"outcome": "declined", "reason": ""})
    assert "Enter the reason. The person who asked will see it" in page.content.decode()
    with acting_as(cast.locality):
        assert Request.objects.get().outcome == "waiting"


def test_the_asker_sees_the_outcome_and_who_leads_and_no_more(cast, sign_in, family):
    with acting_as(cast.dana):
        request = Request.objects.get()
    page = sign_in(cast.dana).get(f"/requests/{request.reference}/").content.decode()
    assert "Alice, Birch Primary School" in page
    assert family.reference not in page
    assert sign_in(cast.bob).get(f"/requests/{request.reference}/").status_code == 404


def test_an_assessment_cannot_start_without_agreement(cast, sign_in):
    family = new_family(cast)
    refused = sign_in(cast.alice).post(f"{family.get_absolute_url()}assessment/start/", follow=True)
    page = refused.content.decode()
    assert "There is a problem" in page
    assert "it is not recorded yet" in page
    assert "can record it under “Sharing”" in page
    with acting_as(cast.alice):
        assert not Assessment.objects.exists()


def test_a_contact_in_the_future_or_before_the_request_is_refused(cast, sign_in):
    family = new_family(cast)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}contact/"

    def contact(at):
        local = at.astimezone(clock.LONDON)
        return alice.post(
            url,
            {
                "happened": "call:yes",
                "note": "Spoke to Grace.",
                "at_day": local.day,
                "at_month": local.month,
                "at_year": local.year,
                "at_time": f"{local:%H:%M}",
            },
        ).content.decode()

    assert "must be in the past" in contact(clock.now() + timedelta(hours=1))
    page = contact(clock.now() - timedelta(days=2))
    assert "can’t be before the request was received" in page
    assert "Spoke to Grace." in page
