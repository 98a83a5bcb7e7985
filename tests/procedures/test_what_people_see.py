"""For each value of a procedure, what a person sees change; or the test of the feature that it is of."""

import re
from datetime import timedelta

import pytest
from pydantic import BaseModel

from consent.models import Agreement
from consent.services.ledger import ways_that_count
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.procedures.schema import Procedure
from earlyhelp.timescales.models import Timescale
from families.services import team
from tests.access.test_doors import person_of
from tests.cast import ask, child, episode_of, led_family, new_family, set_procedure
from tests.journeys.test_refusals import DETAILS, filled
from tests.pages import opened, text_of
from tests.plans.helpers import agreed_plan, draft_plan, review_answers
from tests.plans.test_plan_pages import send
from tests.sources import ROOT

NEW = {"code": "x", "name": "Some words of ours", "meaning": "What it means with us."}
REASON = {"code": "x", "name": "Some words of ours"}
# What is changed to what, who looks, at which page ({family}, {ada}), and what they read there
SEEN = [
    ("authority.name", "Hollow County", "dana", "/", "Hollow County"),
    ("authority.service", "Family Help", "admin", "/settings/agreement-form/draft/", "Family Help"),
    ("words.lead", "key worker", "alice", "{family}team/ask-to-lead/", "key worker"),
    ("words.agreement", "consent", "alice", "{family}sharing/", "Consent and sharing"),
    ("words.agreement_form", "Our form", "admin", "/settings/agreement-form/", "Our form"),
    ("words.request", "call for help", "dana", "/requests/", "Each call for help goes to"),
    ("words.locality", "patch", "dana", "/requests/", "the family’s patch"),
    ("words.front_door", "Hollow Hub", "locality", "{request}answer/", "Passed to Hollow Hub"),
    ("words.assessment", "Family story", "alice", "{family}assessment/", "Family story"),
    ("words.plan", "family agreement", "alice", "{family}plan/", "Family agreement and reviews"),
    *[
        (f"reasons.ending.{way}", "Some words of ours", "alice", "{family}end/", "Some words of ours")
        for way in ("met", "single_agency", "universal", "not_agreed", "step_up", "other")
    ],
    ("safeguarding.name", "Hollow Hub", "dana", "/", "Hollow Hub, in the day"),
    ("safeguarding.phone_day", "01632 960077", "dana", "/", "01632 960077"),
    ("safeguarding.phone_night", "01632 960078", "dana", "/", "01632 960078"),
    ("safeguarding.written", "Send the SAFER form", "dana", "/", "Send the SAFER form"),
    ("ages.own_word", 12, "alice", "{family}sharing/", "From 12 young people decide"),
    ("clocks.first_contact.amount", 2, "alice", "{family}contact/", "meets the 2 hours"),
    ("clocks.first_contact.unit", "weeks", "alice", "{family}contact/", "meets the 72 weeks"),
    ("clocks.review.amount", 9, "alice", "{family}plan/", "9 weeks"),
    ("clocks.review.unit", "calendar_days", "alice", "{family}plan/", "6 calendar days"),
    ("clocks.own_word.amount", 4, "alice", "{family}sharing/competence/{ada}/", "4 working days"),
    ("telling.remind_after", "1/2", "alice", "{family}deadlines/{deadline}/", "when 1/2 of the time are gone"),
    ("sharing.lawful_days_longest", 9, "alice", "{family}sharing/without/record/", "9 days at most"),
    ("sharing.emergency_hours", 5, "manager", "/emergency/", "5 hours"),
    ("reasons.without_agreement", [REASON], "alice", "{family}sharing/without/record/", "Some words of ours"),
    ("reasons.lawful_bases", [REASON], "alice", "{family}sharing/without/record/", "Some words of ours"),
    ("help_levels.early_help", "Help for families", "alice", "{family}level/", "Help for families"),
    ("services.form", "Call for more", "alice", "{family}services/ask/", "Call for more"),
    ("services.not_sure", "Ring Jo: 01632 960044", "alice", "{family}services/ask/?service=not_sure", "Ring Jo: 01632 960044"),
    ("services.offered", [NEW], "alice", "{family}services/ask/", "What it means with us."),
    ("limits.scan_mb", 3, "alice", "{family}documents/file/", "3 MB"),
]  # fmt: skip
# The rest is seen in what happens, each in a test of its own
HAPPENS = {
    "reasons.no_progress": "tests/procedures/test_what_people_see.py::test_a_review_without_progress_says_why_in_our_words",
    "reasons.declining": "tests/procedures/test_what_people_see.py::test_who_declines_says_why_in_our_words",
    "levels": "tests/procedures/test_what_people_see.py::test_levels_are_asked_with_what_they_mean",
    "clocks.*.amount": "tests/timescales/test_following.py::test_what_is_said_before_is_what_happens",
    "clocks.*.unit": "tests/timescales/test_following.py::test_what_is_said_before_is_what_happens",
    "clocks.*.extendable": "tests/procedures/test_what_people_see.py::test_no_manager_gives_time_where_the_procedure_gives_none",
    "clocks.*.extended_by_days": "tests/timescales/test_following.py::test_no_more_time_than_the_procedure_allows_can_be_asked_for",
    "clocks.*.hears": "tests/timescales/test_following.py::test_others_hear_from_now_on_also_of_what_runs",
    "clocks.assessment_start.anchor": "tests/timescales/test_following.py::test_the_assessment_counts_from_acceptance_where_the_procedure_says_so",
    "telling.hours_between": "tests/timescales/test_following.py::test_others_hear_from_now_on_also_of_what_runs",
    "ages.oldest_child": "tests/procedures/test_what_people_see.py::test_who_is_too_old_for_a_child_is_asked_about",
    "reviews.earliest_weeks": "tests/procedures/test_what_people_see.py::test_a_review_before_the_window_needs_a_reason",
    "agreement.ways.early_help": "tests/consent/test_agreement.py::test_only_ways_that_local_procedure_accepts_count_but_a_no_may_always_be_spoken",
    "agreement.ways.step_down": "tests/procedures/test_what_people_see.py::test_ways_count_per_step",
    "agreement.expiring_days": "tests/procedures/test_what_people_see.py::test_boards_look_as_far_as_the_procedure_says",
    "agreement.missing_days": "tests/procedures/test_what_people_see.py::test_boards_look_as_far_as_the_procedure_says",
    "sharing.lawful_days": "tests/procedures/test_what_people_see.py::test_access_without_agreement_begins_with_its_usual_end",
    "assessment.extends": "tests/assessments/test_forms.py::test_a_form_of_a_councils_own_is_asked_read_and_printed",
    "assessment.parts": "tests/assessments/test_forms.py::test_a_form_of_a_councils_own_is_asked_read_and_printed",
    "assessment.outcomes": "tests/assessments/test_forms.py::test_a_form_of_a_councils_own_is_asked_read_and_printed",
    "assessment.rewords": "tests/assessments/test_forms.py::test_what_a_form_says_otherwise_is_said_on_its_pages",
    "assessment.questions": "tests/assessments/test_forms.py::test_what_a_form_says_otherwise_is_said_on_its_pages",
    "assessment.leaves_out": "tests/assessments/test_forms.py::test_what_a_form_says_otherwise_is_said_on_its_pages",
    "help_levels.child_in_need": "tests/stepdown/test_level.py::test_the_level_goes_up_in_the_same_record_and_the_overseer_countersigns",
    "step_down.steps": "tests/stepdown/test_step_down.py::test_conditions_that_change_do_not_change_those_that_are_under_way",
    "asking.by_assessment": "tests/journeys/test_assessment_as_request.py::test_where_the_procedure_does_not_say_so_nobody_is_asked",
    "limits.record_checks_a_day": "tests/journeys/test_search.py::test_checks_are_limited_a_day",
    "limits.long_ago_days": "tests/procedures/test_what_people_see.py::test_what_is_long_ago_is_asked_about",
}  # fmt: skip


def paths(part: type[BaseModel] = Procedure, before: str = "") -> list[str]:
    found = []
    for name, field in part.model_fields.items():
        inner = field.annotation
        path = f"{before}{name}"
        is_part = isinstance(inner, type) and issubclass(inner, BaseModel)
        found += paths(inner, f"{path}.") if is_part else [path]
    return found


def test_every_value_is_seen_somewhere():
    seen = {path for path, *_ in SEEN}
    general = {re.sub(r"^clocks\.\w+\.", "clocks.*.", path) for path in paths()}
    assert {path for path in general if path not in seen and path not in HAPPENS} <= {"clocks.*.anchor"}
    for test in HAPPENS.values():
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(), test


@pytest.mark.parametrize(("path", "value", "who", "where", "words"), SEEN, ids=[row[0] for row in SEEN])
def test_who_looks_sees_it(cast, sign_in, path, value, who, where, words):
    family, request = new_family(cast), ask(cast, name="Quigley")
    with acting_as_system("test"):
        clock_of = Timescale.objects.get(family=family, kind="first_contact")
    page = where.format(
        family=family.get_absolute_url(), ada=person_of(family, child).pk, deadline=clock_of.pk, request=f"/requests/{request.reference}/"
    )  # fmt: skip
    client = sign_in(getattr(cast, who))
    before = text_of(client.get(page))
    set_procedure({path: value})
    after = text_of(client.get(page))
    assert words in after
    assert words not in before


def test_levels_are_asked_with_what_they_mean(cast, sign_in):
    set_procedure({"levels": [NEW]})
    dana = sign_in(cast.dana)
    page = dana.post(DETAILS, opened(dana, DETAILS) | filled(cast) | {"step": "people"}, follow=True)
    assert "Some words of ours What it means with us." in text_of(page)


def test_no_manager_gives_time_where_the_procedure_gives_none(cast, sign_in):
    family = new_family(cast)
    with acting_as_system("test"):
        url = f"{family.get_absolute_url()}deadlines/{Timescale.objects.get(kind='first_contact').pk}/more-time/"
    alice = sign_in(cast.alice)
    assert alice.get(url).status_code == 200
    set_procedure({"clocks.first_contact.extendable": False, "clocks.first_contact.extended_by_days": 0})
    refused = alice.get(url)
    assert refused.status_code == 403
    assert "Nobody can give more time for this deadline" in text_of(refused)


def test_who_is_too_old_for_a_child_is_asked_about(cast, sign_in):
    family, born = new_family(cast), clock.today().year - 22
    url = f"{family.get_absolute_url()}people/add/"
    alice = sign_in(cast.alice)
    said = {"kind": "child", "first_name": "Tola", "date_of_birth_day": 1, "date_of_birth_month": 1}
    form = opened(alice, url) | said | {"date_of_birth_year": born}
    set_procedure({"ages.oldest_child": 19})
    assert "Check the year: a child or young person is under 20. Or select “Adult”" in text_of(alice.post(url, form))
    set_procedure({"ages.oldest_child": 25})
    assert alice.post(url, form | {"home": "here"}).status_code == 302


def test_a_review_before_the_window_needs_a_reason(cast, sign_in, family):
    draft_plan(cast, family)
    alice, url = sign_in(cast.alice), f"{family.get_absolute_url()}plan/agree/"
    soon = clock.today() + timedelta(weeks=3)
    day = {"next_review_on_day": soon.day, "next_review_on_month": soon.month, "next_review_on_year": soon.year}
    assert "Enter why the review is before" in text_of(alice.post(url, opened(alice, url) | day))
    set_procedure({"reviews.earliest_weeks": 2})
    assert "Enter why the review is before" not in text_of(alice.post(url, opened(alice, url) | day))


def test_ways_count_per_step(cast):
    set_procedure({"agreement.ways.step_down": ["signed"]})
    assert ways_that_count("step_down") == ["signed"]
    assert "verbal" in ways_that_count()


def test_boards_look_as_far_as_the_procedure_says(cast, sign_in):
    new_family(cast)
    manager = sign_in(cast.manager)
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        assert "Okafor" not in text_of(manager.get("/agreements/?board=missing"))
        set_procedure({"agreement.missing_days": 1})
        assert "Okafor" in text_of(manager.get("/agreements/?board=missing"))
    led_family(cast, name="Quigley")
    with acting_as_system("test"):
        Agreement.objects.update(until=clock.now() + timedelta(days=50))
    assert "Quigley" not in text_of(manager.get("/agreements/?board=expiring"))
    set_procedure({"agreement.expiring_days": 60})
    assert "Quigley" in text_of(manager.get("/agreements/?board=expiring"))


def test_access_without_agreement_begins_with_its_usual_end(cast, sign_in, family):
    set_procedure({"sharing.lawful_days": 3})
    alice, url = sign_in(cast.alice), f"{family.get_absolute_url()}sharing/without/record/"
    assert opened(alice, url)["access_until_day"] == str((clock.today() + timedelta(days=3)).day)


def test_what_is_long_ago_is_asked_about(cast, sign_in):
    set_procedure({"limits.long_ago_days": 30})
    dana, long_ago = sign_in(cast.dana), clock.today() - timedelta(days=40)
    said = {"received_at_day": long_ago.day, "received_at_month": long_ago.month, "received_at_year": long_ago.year}
    page = dana.post(DETAILS, filled(cast, **said), follow=True)
    assert "the time you heard of the need is more than 30 days ago" in text_of(page)


def test_who_declines_says_why_in_our_words(cast, sign_in, family):
    with acting_as(cast.alice):
        asked = team.ask_to_lead(
            family=family,
            episode=episode_of(family),
            user=cast.charlie,
            agency=cast.health,
            without_wish="x",
            actor=cast.alice,
        )
    set_procedure({"reasons.declining": [REASON]})
    charlie, url = sign_in(cast.charlie), f"{family.get_absolute_url()}team/lead/{asked.pk}/"
    form = opened(charlie, url) | {"answer": "no", "reason": "Not this year."}
    assert "Select what keeps you from it" in text_of(charlie.post(url, form))
    charlie.post(url, form | {"declined_for": "x"})
    set_procedure({"reasons.declining": [REASON | {"code": "y", "name": "Something else"}]})
    assert "Some words of ours Not this year." in text_of(sign_in(cast.alice).get(f"{family.get_absolute_url()}team/"))


def test_a_review_without_progress_says_why_in_our_words(cast, sign_in, family):
    agreed_plan(cast, family)
    set_procedure({"reasons.no_progress": [REASON]})
    answers = review_answers(cast, family, finding="no_change", unchanged_reason="Club starts in January")
    alice = sign_in(cast.alice)
    page = send(alice, "hold_review", family, **answers)
    assert "Select why things are no better" in text_of(page)
    answer = send(alice, "hold_review", family, **answers, no_progress_for="x")
    assert "Some words of ours" in text_of(alice.get(answer.url))
