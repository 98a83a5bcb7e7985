"""Finalising, and what is read and printed before and after."""

import io
import uuid

import pytest
from pypdf import PdfReader

from assessments import services
from assessments.models import Section
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import ReadLog
from earlyhelp.core.errors import Refused
from families.models import Lead
from tests.assessments.helpers import (
    add_child,
    assessment_of,
    does_not_share,
    fill,
    fill_all,
    page,
    section_of,
    section_url,
    started,
)
from tests.cast import child


def body(response) -> str:
    return response.content.decode()


def printed(client, family) -> str:
    response = client.post(page("assessment_print", family), {"for_whom": "family"})
    assert response["Content-Type"] == "application/pdf"
    assert family.reference in response["Content-Disposition"]
    reader = PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(p.extract_text() for p in reader.pages).split())


def test_alice_finalises_and_from_then_on_it_is_only_read(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    fill_all(alice, family)
    assert "Finalise the assessment" in body(alice.get(page("assessment", family)))
    response = alice.post(page("assessment_finalise", family), follow=True)
    assert "The assessment is finalised" in body(response)
    assert "Alice finalised this assessment on 23 November 2026 at 10:00am" in body(response)
    assert assessment_of(family).finalised_by == cast.alice
    assert alice.get(section_url(family)).status_code == 403
    assert section_url(family, "child") not in body(response)
    child_row = section_of(family, "child")
    assert f"#section-{child_row.pk}" in body(response)
    assert f'id="section-{child_row.pk}"' in body(alice.get(page("assessment_read", family)))
    assert "Finalised by Alice" in printed(alice, family)


def test_charlie_cannot_finalise_and_is_told_who_can(cast, sign_in, family):
    started(cast, family)
    fill_all(sign_in(cast.alice), family)
    charlie = sign_in(cast.charlie)
    assert page("assessment_finalise", family) not in body(charlie.get(page("assessment", family)))
    for response in (
        charlie.get(page("assessment_finalise", family)),
        charlie.post(page("assessment_finalise", family)),
    ):
        assert response.status_code == 403
        assert "Only the lead practitioner can finalise the assessment: Alice (Birch Primary School)" in body(response)
    assert assessment_of(family).is_open


def test_nor_can_the_leads_manager_or_anyone_in_code(cast, sign_in, family):
    started(cast, family)
    fill_all(sign_in(cast.alice), family)
    assert sign_in(cast.manager).post(page("assessment_finalise", family)).status_code == 403
    with acting_as(cast.charlie), pytest.raises(Refused, match="Alice"):
        services.finalise(assessment=assessment_of(family), actor=cast.charlie)
    assert assessment_of(family).is_open


def test_without_a_lead_it_says_to_ask_someone(cast, sign_in, family):
    started(cast, family)
    with acting_as_system("test"):
        Lead.objects.filter(family=family).update(status="ended")
    response = sign_in(cast.service).get(page("assessment_finalise", family))
    assert response.status_code == 403
    assert "Nobody leads for this family yet" in body(response)
    assert "Nobody leads for this family yet" in body(sign_in(cast.service).get(page("assessment", family)))


def test_what_is_missing_is_named_and_nothing_is_half_saved(cast, sign_in, family):
    started(cast, family)
    add_child(cast, family, "Ben", shares_with=(cast.school,))
    alice = sign_in(cast.alice)
    fill(alice, family, "child", worried="Late for school.")
    for response in (alice.get(page("assessment_finalise", family)), alice.post(page("assessment_finalise", family))):
        text = body(response)
        assert "Nothing is written about Ben Okafor." in text
        assert "Nothing is written about Ada Okafor." not in text
        assert "What Ada Okafor says is empty.</a> If it is not known, write “not known” and why" in text
        assert "“What we make of it” is empty." in text
    assert assessment_of(family).is_open
    assert assessment_of(family).finalised_at is None


def test_finalising_asks_nothing_about_a_child_whom_the_lead_may_not_know_of(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    fill(alice, family, "analysis", needs_to_happen="Calmer mornings first.")
    with acting_as(cast.alice):
        ada = child(family)
    does_not_share(cast, family, ada, cast.school)
    text = body(alice.get(page("assessment_finalise", family)))
    assert "Ada" not in text
    assert alice.post(page("assessment_finalise", family)).status_code == 302


def test_finalising_twice_with_one_click_is_no_error(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    fill_all(alice, family)
    form = {"form_token": str(uuid.uuid4())}
    first, second = (alice.post(page("assessment_finalise", family), form) for _ in range(2))
    assert first.url == second.url == page("assessment", family)
    another = alice.post(page("assessment_finalise", family))
    assert "Alice finalised this assessment" in body(another)


def test_the_whole_page_and_the_print_hold_every_section(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    fill_all(alice, family)
    fill(alice, family, "why_now", worried="Late <b>again</b>.", working_well="Loves drawing.", scale="4")
    sign_in(cast.charlie).post(page("assessment_contribute", family), {"version": 0, "worried": "Weight."})
    read, text = body(alice.get(page("assessment_read", family))), printed(alice, family)
    titles = [label for key, label in Section.Key.choices if key not in ("child", "agency")]
    titles += ["Ada Okafor", "What Health visiting knows"]
    words = [
        "I like my class.",
        "Late for school.",
        "Calmer mornings first.",
        "Loves drawing.",
        "Weight.",
        "4 out of 10",
    ]
    for word in titles + words:
        assert word in read
        assert word in text
    assert "Late <b>again</b>." in text
    assert "Late &lt;b&gt;again&lt;/b&gt;." in read
    assert f"reference {family.reference}" in text
    assert "Nothing written yet" in text
    order = ["Why now", "Ada Okafor", "What Health visiting knows", "What we make of it", "Nothing written yet"]
    assert sorted(order, key=text.index) == order


def test_a_print_for_charlie_has_no_word_about_a_child_who_does_not_share_with_health(cast, sign_in, family):
    started(cast, family)
    fill_all(sign_in(cast.alice), family)
    with acting_as(cast.alice):
        ada = child(family)
    does_not_share(cast, family, ada, cast.health)
    text = printed(sign_in(cast.charlie), family)
    assert "Why now" in text
    for word in ("Ada", "I like my class", "Late for school"):
        assert word not in text


def test_five_thousand_characters_fit_the_print(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    words = ("سلام 🙂 mornings " * 400)[:4990] + " the end"
    fill(alice, family, "why_now", worried=words[:5000])
    text = printed(alice, family)
    assert "the end" in text
    assert text.count("mornings") > 250


def test_a_print_is_logged(cast, sign_in, family):
    started(cast, family)
    sign_in(cast.charlie).post(page("assessment_print", family), {"for_whom": "family"})
    with acting_as_system("test"):
        assert ReadLog.objects.filter(user=cast.charlie, what="assessments.print", family_id=family.pk).exists()


def test_there_is_nothing_to_read_print_or_finalise_before_the_start(cast, sign_in, family):
    for name in ("assessment_read", "assessment_print", "assessment_finalise", "assessment_contribute"):
        assert sign_in(cast.alice).get(page(name, family)).status_code == 404
