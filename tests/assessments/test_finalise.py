"""Finalising, and what is read and printed before and after."""

import io
import uuid

import pytest
from pypdf import PdfReader

from assessments.models import GoneWithout
from assessments.services import finalising
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
    part_url,
    started,
    the_child,
    why_not,
)


def body(response) -> str:
    return response.content.decode()


def finalise(client, family):
    """As its page asks: a reason for what was expected."""
    return client.post(page("assessment_finalise", family), why_not(client, family), follow=True)


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
    response = finalise(alice, family)
    assert "The assessment is finalised" in body(response)
    assert "Alice finalised this assessment on 23 November 2026 at 10:00am" in body(response)
    assert assessment_of(family).finalised_by == cast.alice
    url = part_url(family, "child", the_child(family))
    assert alice.get(url).status_code == 403
    assert url not in body(response)
    anchor = f"part-child-{the_child(family).pk}"
    assert f"#{anchor}" in body(response)
    assert f'id="{anchor}"' in body(alice.get(page("assessment_read", family)))
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
        finalising.finalise(assessment=assessment_of(family), actor=cast.charlie, reasons={})
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
    fill(alice, family, "child", the_child(family), needs__worried="Late for school.")
    for response in (alice.get(page("assessment_finalise", family)), alice.post(page("assessment_finalise", family))):
        text = body(response)
        assert "Nothing is written about Ben Okafor." in text
        assert "Nothing is written about Ada Okafor." not in text
        assert "“What we make of it”: “What it means for the children” is empty.</a>" in text
        assert "What Ada Okafor says is empty.</a> If it is not known, write “not known” and why" in text
        assert f'href="{part_url(family, "child", the_child(family, "Ben"))}"' in text
    assert assessment_of(family).is_open
    assert assessment_of(family).finalised_at is None


def test_what_was_expected_is_gone_without_for_a_reason_that_stays_with_it(cast, sign_in, family):
    started(cast, family)
    alice, ada = sign_in(cast.alice), the_child(family)
    fill(alice, family, "start", harm="no")
    fill(alice, family, "child", ada, needs__worried="Late for school.")
    fill(alice, family, "analysis", needs__needs_to_happen="Calmer mornings first.")
    shown = body(alice.get(page("assessment_finalise", family)))
    assert "What Ada Okafor says is empty." in shown
    assert "“The first meeting”: “When it is held” is empty." in shown
    refused = body(alice.post(page("assessment_finalise", family)))
    assert "Enter why it is finalised without: What Ada Okafor says is empty" in refused
    assert assessment_of(family).is_open
    reasons = why_not(alice, family)
    first = next(iter(reasons))
    assert "Enter why it is finalised without" in body(
        alice.post(page("assessment_finalise", family), reasons | {first: "No."})
    )
    assert "The assessment is finalised" in body(finalise(alice, family))
    for text in (body(alice.get(page("assessment_read", family))), printed(alice, family)):
        assert "Finalised without" in text
        assert "What Ada Okafor says is empty." in text
        assert "The family wants to wait with it." in text
    does_not_share(cast, family, ada, cast.health)
    for text in (
        body(sign_in(cast.charlie).get(page("assessment_read", family))),
        printed(sign_in(cast.charlie), family),
    ):
        assert "Ada" not in text
        assert "“The first meeting”" in text
    with acting_as(cast.charlie):
        assert not GoneWithout.objects.filter(about__contains=[ada.pk]).exists()


def test_children_and_worries_for_which_nothing_is_aimed_at_are_named(cast, sign_in, family):
    started(cast, family)
    alice, ada = sign_in(cast.alice), the_child(family)
    fill(alice, family, "home_money_work", money__worried="The rent is late.")
    shown = body(alice.get(page("assessment_finalise", family)))
    assert "“What you and the family aim for” is empty" in shown
    assert "Nothing is aimed at" not in shown
    fill(alice, family, "analysis", outcomes__outcome="Calm mornings", needs__worried="x y")
    shown = body(alice.get(page("assessment_finalise", family)))
    assert "Nothing is aimed at for Ada Okafor." in shown
    assert "There is a worry, and no aim for it: “Money and work”." in shown
    aim = {"outcomes__outcome": "Calm mornings", "outcomes__whom": ada.pk, "outcomes__headline": "money"}
    fill(alice, family, "analysis", version=1, needs__worried="x y", **aim)
    assert "Nothing is aimed at" not in body(alice.get(page("assessment_finalise", family)))


def test_finalising_asks_nothing_about_a_child_whom_the_lead_may_not_know_of(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    fill(alice, family, "start", harm="no")
    fill(alice, family, "analysis", needs__needs_to_happen="Calmer mornings first.")
    does_not_share(cast, family, the_child(family), cast.school)
    text = body(alice.get(page("assessment_finalise", family)))
    assert "Ada" not in text
    assert "The assessment is finalised" in body(finalise(alice, family))


def test_finalising_twice_with_one_click_is_no_error(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    fill_all(alice, family)
    form = {"form_token": str(uuid.uuid4())} | why_not(alice, family)
    first, second = (alice.post(page("assessment_finalise", family), form) for _ in range(2))
    assert first.url == second.url == page("assessment", family)
    another = alice.post(page("assessment_finalise", family))
    assert "Alice finalised this assessment" in body(another)


def test_the_whole_page_and_the_print_hold_every_section(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    fill_all(alice, family)
    fill(alice, family, "why_now", reason="Late <b>again</b>.")
    fill(alice, family, "parenting", needs__working_well="Loves drawing.", needs__scale="4", worry__parent="6")
    fill(sign_in(cast.charlie), family, "agency", needs__worried="Weight.")
    read, text = body(alice.get(page("assessment_read", family))), printed(alice, family)
    words = [
        "Why now", "Looking after the children", "Ada Okafor", "What Health visiting knows", "What we make of it",
        "Help so far", "I like my class.", "Late for school.", "Calmer mornings first.", "Loves drawing.", "Weight.",
        "4 out of 10", "6 out of 10", "Alice (Birch Primary School)", "Charlie (Health visiting)",
    ]  # fmt: skip
    for word in words:
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
    does_not_share(cast, family, the_child(family), cast.health)
    text = printed(sign_in(cast.charlie), family)
    assert "Why now" in text
    for word in ("Ada", "I like my class", "Late for school"):
        assert word not in text


def test_twenty_thousand_characters_fit_the_print(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    words = ("سلام 🙂 mornings " * 1300)[:19_980] + " the end"
    fill(alice, family, "why_now", reason=words)
    text = printed(alice, family)
    assert "the end" in text
    assert text.count("mornings") > 1000


def test_a_print_is_logged(cast, sign_in, family):
    started(cast, family)
    sign_in(cast.charlie).post(page("assessment_print", family), {"for_whom": "family"})
    with acting_as_system("test"):
        assert ReadLog.objects.filter(user=cast.charlie, what="assessments.print", family_id=family.pk).exists()


def test_there_is_nothing_to_read_print_or_finalise_before_the_start(cast, sign_in, family):
    for name in ("assessment_read", "assessment_print", "assessment_finalise", "ask_more"):
        assert sign_in(cast.alice).get(page(name, family)).status_code == 404
    assert sign_in(cast.alice).get(part_url(family)).status_code == 404
