"""What people who tried it for the first time ran into."""

from django.core.files.uploadedfile import SimpleUploadedFile

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as
from families.models import Request
from tests.cast import child, mother, new_family
from tests.journeys.test_refusals import DETAILS, filled


def test_a_request_about_one_person_goes_out(cast, sign_in):
    page = sign_in(cast.dana).post(DETAILS, filled(cast), follow=True).content.decode()
    assert "Request sent" in page


def test_who_makes_the_first_contact_reads_what_was_asked_and_why(cast, sign_in):
    family = new_family(cast)
    alice = sign_in(cast.alice)
    assert "What was asked, and why" in alice.get(family.get_absolute_url()).content.decode()
    with acting_as(cast.alice):
        reference = Request.objects.get(family=family).reference
    page = alice.get(f"/requests/{reference}/").content.decode()
    assert "Ada is often late and tired." in page
    assert "Breakfast club." in page


def test_who_answers_a_request_sees_all_that_was_typed(cast, sign_in):
    extra = {"person-0-phone": "07700 900123", "person-0-postcode": "mx1 2ab"}
    sign_in(cast.dana).post(DETAILS, filled(cast, **extra))
    with acting_as(cast.dana):
        reference = Request.objects.get().reference
    page = sign_in(cast.locality).get(f"/requests/{reference}/").content.decode()
    for text in ("07700 900123", "MX1 2AB", "Level of need", "O’Kafor-Łukasz"):
        assert text in page


def test_a_birth_to_come_and_a_postcode_that_is_none_are_noticed(cast, sign_in):
    data = filled(cast, **{"person-0-date_of_birth_year": "2031", "person-0-postcode": "banana"})
    page = sign_in(cast.dana).post(DETAILS, data).content.decode()
    assert "Date of birth must be today or in the past" in page
    assert "Enter a full UK postcode" in page


def test_adding_a_person_keeps_the_draft_without_javascript(cast, sign_in):
    dana = sign_in(cast.dana)
    dana.post(DETAILS, filled(cast, add_person="1"))
    assert "Breakfast club." in dana.get(DETAILS).content.decode()


def test_what_one_may_not_see_is_not_said_to_be_missing(cast, sign_in, family):
    with acting_as(cast.alice):
        grace = mother(family)
        record_choices(family=family, choices=[Choice(grace, cast.health, Tier.NONE, grace)], actor=cast.alice)
    charlie = sign_in(cast.charlie)
    assert "Ask the family for their agreement" not in charlie.get(family.get_absolute_url()).content.decode()
    page = charlie.get(f"{family.get_absolute_url()}sharing/").content.decode()
    assert "Nobody has been asked yet" not in page
    assert "The family has decided" in page
    with acting_as(cast.charlie):
        assert child(family)


def test_what_is_wrong_with_a_file_stands_beside_it(cast, sign_in, family):
    data = {
        "scan": SimpleUploadedFile("a.jpg", b"MZ"),
        "signed_on_day": 23,
        "signed_on_month": 11,
        "signed_on_year": 2026,
    }
    page = sign_in(cast.alice).post(f"{family.get_absolute_url()}sharing/scan/", data).content.decode()
    beside = page.split("govuk-form-group--error", 1)[1]
    assert "This one is something else" in beside
    assert 'type="file"' in beside
