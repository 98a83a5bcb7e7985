"""Asking for support, page by page: nothing is asked twice, nothing is lost between pages, and all is read once more."""

import pytest

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.models import Address, Request
from families.services import requests
from tests.journeys.test_refusals import DETAILS, filled
from tests.pages import opened, text_of

CHECK = "/requests/check/"


def walk(client, cast, **changes):
    """All three pages, as a browser sends them; returns the last."""
    said = filled(cast, **changes)
    url, page = DETAILS, client.get(DETAILS)
    for step in ("people", "need"):
        shown = opened(client, url, page)
        assert shown["step"] == step
        page = client.post(DETAILS, shown | {n: v for n, v in said.items() if n in shown or n in ASKED}, follow=True)
        url = page.request["PATH_INFO"]
    return page


ASKED = {
    "who_asks", "locality", "level_of_need", "asked", "agreed_how", "person-0-kind", "asked_who", "agreed_by", "talked_agreed",
}  # fmt: skip


def test_three_pages_and_all_answers_once_more(cast, sign_in):
    dana = sign_in(cast.dana)
    more = {
        "address": "1 High Street", "postcode": "MX1 2AB", "interpreter": "Grace, Polish", "talked_with": "Our SENCO",
        "talked_agreed": "yes",
    }  # fmt: skip
    page = walk(dana, cast, **more)
    shown = text_of(page)
    for words in ("Check your answers", "1 High Street", "Grace, Polish", "Our SENCO", "Breakfast club.", "North"):
        assert words in shown
    with acting_as_system("test"):
        assert not Request.objects.exists()
    sent = dana.post(DETAILS, opened(dana, DETAILS, page), follow=True)
    assert "Request sent" in text_of(sent)
    with acting_as_system("test"):
        request = Request.objects.get()
    page = text_of(sign_in(cast.locality).get(f"/requests/{request.reference}/"))
    for words in ("Our SENCO. The family agreed to that.", "Grace, Polish", "1 High Street", "MX1 2AB"):
        assert words in page
    with acting_as(cast.locality):
        family = requests.accept(request=request, agency=cast.school, practitioner=cast.alice, actor=cast.locality)
    with acting_as(cast.alice):
        home = Address.objects.get(family=family)
        assert (home.lines, home.postcode.replace(" ", "")) == ("1 High Street", "MX12AB")
        assert all(person.last_name for person in family.people())
    assert "Interpreter, as the request says: Grace, Polish" in text_of(
        sign_in(cast.alice).get(family.get_absolute_url())
    )


def test_now_is_filled_in_and_a_page_says_only_what_is_wrong_on_it(cast, sign_in):
    dana = sign_in(cast.dana)
    page = dana.post(DETAILS, opened(dana, DETAILS))
    assert "Enter the family’s name" in text_of(page)
    assert "Enter what you are worried about" not in text_of(page)
    said = {name: value for name, value in filled(cast).items() if not name.startswith("received_at")}
    page = dana.post(DETAILS, opened(dana, DETAILS, page) | said | {"step": "people"}, follow=True)
    need = opened(dana, DETAILS, page)
    assert need["received_at_day"] == str(clock.today().day)
    assert "There is a problem" not in text_of(page)


@pytest.mark.parametrize("day", ["9", ""])
def test_a_check_leads_on_and_carries_over_whom_it_was_about(cast, sign_in, day):
    dana = sign_in(cast.dana)
    born = {"date_of_birth_day": day, "date_of_birth_month": day and "6", "date_of_birth_year": day and "2019"}
    about = {"first_name": "Zebedee", "last_name": "Quince", "postcode": "MX1 2AB", **born}
    answer = dana.post(CHECK, about)
    assert "Not known" in text_of(answer)
    begun = dana.post("/requests/new/carry-over/", about)
    assert "Zebedee" not in begun.url
    assert "Quince" not in begun.url
    on = dana.post(begun.url, {"at_risk": "no", "can_meet": "no"}, follow=True)
    page = opened(dana, "", on)
    assert (page["family_name"], page["postcode"], page["person-0-first_name"]) == ("Quince", "MX1 2AB", "Zebedee")
    assert page["person-0-date_of_birth_day"] == day


def test_a_check_without_a_birth_date_needs_the_postcode_and_finds_by_it(cast, sign_in, family):
    dana = sign_in(cast.dana)
    nothing = text_of(dana.post(CHECK, {"first_name": "Ada", "last_name": "Okafor"}))
    assert "Enter their date of birth, or the postcode" in nothing
    with acting_as(cast.alice):
        Address.objects.filter(family=family).delete()
    assert "Not known" in text_of(dana.post(CHECK, {"first_name": "Ada", "last_name": "Okafor", "postcode": "MX1 9ZZ"}))
