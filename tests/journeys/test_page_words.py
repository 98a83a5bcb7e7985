"""What pages say where silence would mislead someone."""

import io

import pytest
from pypdf import PdfReader

from consent.models import Agreement, Tier
from consent.services.ledger import record_agreement, record_choices, withdraw_from
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as
from earlyhelp.core import clock
from families.models import Note
from families.services import episodes
from tests.assessments.helpers import page, started
from tests.cast import Cast, add_sibling, child, led_family, mother, set_procedure
from tests.pages import opened
from tests.plans.helpers import agreed_plan


def body(response) -> str:
    assert response.status_code == 200, response
    return " ".join(response.content.decode().split())


def refuses(cast: Cast, family, agency, *, never: bool = False) -> None:
    """Ada's mother says that this agency is to know nothing of Ada."""
    with acting_as(cast.alice):
        choice = Choice(child(family), agency, Tier.NONE, mother(family), never)
        record_choices(family=family, choices=[choice], actor=cast.alice)


def printed(pdf: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_note_for_few_says_who_they_are(cast, sign_in, family):
    with acting_as(cast.manager):
        episodes.write_note(
            family=family, episode=family.episode(), kind=Note.Kind.SUPERVISION, at=clock.now(), with_whom="Alice",
            about=[], text="Pace is right.", actor=cast.manager,
        )  # fmt: skip
    shown = body(sign_in(cast.alice).get(page("notes", family)))
    assert "Only Alice and Manager may read this" in shown


@pytest.mark.parametrize("name", ["write_note", "record_contact", "hold_review"])
def test_whoever_runs_the_family_reads_beside_the_text_whom_not_to_write_about(cast, sign_in, name, family):
    agreed_plan(cast, family)
    alice, bob = sign_in(cast.alice), sign_in(cast.charlie)
    assert "Don’t write about" not in body(alice.get(page(name, family)))
    refuses(cast, family, cast.health)
    warning = (
        "Ada Okafor does not share with Health visiting, whose people read this. Don’t write about Ada Okafor here"
    )
    assert warning in body(alice.get(page(name, family)))
    other = bob.get(page(name, family))
    assert "Ada" not in other.content.decode()


def test_a_brace_in_a_name_is_only_a_brace(cast, sign_in, family):
    add_sibling(family, cast.alice, kind="child", first_name="{{ 7|add:7 }} {% bad %}", last_name="Okafor")
    assert "{{ 7|add:7 }} {% bad %} Okafor does not share" in body(
        sign_in(cast.alice).get(page("write_note", family))
    ).replace("&#123;", "{")


def test_before_finalising_what_is_expected_is_named_apart_from_what_must_be_there(cast, sign_in, family):
    started(cast, family)
    shown = body(sign_in(cast.alice).get(page("assessment_finalise", family)))
    must, _, expected = shown.partition("These are expected too")
    assert "“What it means for the children” is empty" in must
    assert "“What led to this assessment” is empty" in expected


def test_the_team_page_says_who_can_no_longer_see_the_record_and_what_to_do(cast, sign_in, family):
    alice = sign_in(cast.alice)
    assert "Can’t see this record" not in body(alice.get(page("team", family)))
    with acting_as(cast.alice):
        withdraw_from(family=family, agency=cast.health, decided_by=mother(family), actor=cast.alice)
    shown = body(alice.get(page("team", family)))
    assert "Can’t see this record" in shown
    assert "The family does not share with Health visiting." in shown
    assert "or end their place" in shown


def test_a_lead_whose_agency_was_refused_reads_what_follows_and_what_they_can_do(cast, sign_in, family):
    with acting_as(cast.alice):
        withdraw_from(family=family, agency=cast.school, decided_by=mother(family), actor=cast.alice)
    shown = body(sign_in(cast.alice).get(family.get_absolute_url()))
    assert "The family does not share the record with Birch Primary School." in shown
    assert "Your manager has been told" in shown
    for name in ("ask_to_lead", "end_episode"):
        assert f'href="{page(name, family)}"' in shown
    assert "ask the early help service manager to record it" in shown
    assert "The lead can tell you more" not in shown
    manager = body(sign_in(cast.manager).get(family.get_absolute_url()))
    assert "Decide with whoever works with the family" in manager
    assert "You no longer see the whole record" not in body(sign_in(cast.charlie).get(family.get_absolute_url()))


def test_a_lead_whose_family_withdrew_reads_why_they_see_little(cast, sign_in, family):
    with acting_as(cast.alice):
        record_agreement(family=family, decision=Decision(person=mother(family), decision=Agreement.Decision.WITHDRAWN, how="verbal", decided_on=clock.today(), witness="Alice"), choices=[], actor=cast.alice)  # fmt: skip
    shown = body(sign_in(cast.alice).get(family.get_absolute_url()))
    assert "The family does not agree to early help." in shown
    assert "You can still:" in shown


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_who_has_no_cases_reads_at_home_what_they_can_do(cast, sign_in, who):
    shown = body(sign_in(getattr(cast, who)).get("/"))
    assert "What you can do here" in shown
    assert "You work with no family yet" not in shown
    assert "See where a deadline has passed" not in shown


def test_support_can_be_asked_for_from_home(cast, sign_in):
    assert 'href="/requests/new/"' in body(sign_in(cast.dana).get("/"))
    assert 'href="/requests/new/"' not in body(sign_in(cast.admin).get("/"))


def test_the_agreement_form_says_what_nothing_and_never_mean(cast, sign_in, family):
    alice, url = sign_in(cast.alice), page("record_agreement", family)
    first = {"decision": "given", "how": "signed", "explained": ["all"]}
    shown = body(alice.post(url, opened(alice, url) | first, follow=True))
    assert "you can ask again" in shown
    assert "“Never” holds unless the law requires sharing" in shown


def test_the_page_for_significant_harm_names_every_time_that_the_second_number_is_for(cast, sign_in):
    set_procedure({"safeguarding.phone_night": "01632 960003"})
    shown = body(sign_in(cast.dana).get("/requests/new/significant-harm/"))
    assert shown.count("At night, at weekends and on bank holidays") == 2
    assert 'href="tel:01632960001"' in shown


def test_drafts_of_two_families_are_told_apart(cast, sign_in):
    first, second = led_family(cast), led_family(cast, name="Nwosu")
    alice = sign_in(cast.alice)
    for family in (first, second):
        alice.post(page("write_note", family), {"text": "Half a note"})
    shown = body(alice.get("/drafts/"))
    for family in (first, second):
        assert f"Write a case note, {family.reference}" in shown


def test_a_limit_is_written_as_people_write_it(cast, sign_in, family):
    assert "up to 10,000 characters" in body(sign_in(cast.alice).get(page("write_note", family)))


def test_a_postcode_is_shown_as_on_a_letter(cast, sign_in, family):
    alice = sign_in(cast.alice)
    alice.post(page("add_address", family), {"person": "", "lines": "10 Tanglewell Street", "postcode": "mx16fq"})
    assert "MX1 6FQ" in body(alice.get(page("people", family)))
