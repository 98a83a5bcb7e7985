"""What an assessment asks is the local procedure’s: those that come with the product, and a council’s own, without any code."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from assessments.models import FormVersion
from assessments.services.versions import form_in_force
from earlyhelp.access.identity import acting_as_system
from earlyhelp.procedures import services as procedures
from earlyhelp.procedures.document import NAMES, Unreadable, read, text_of
from earlyhelp.procedures.form import built_in, whole
from tests.assessments.helpers import (
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
from tests.assessments.test_finalise import body, printed
from tests.cast import led_family
from tests.pages import text_of as words_of

OTHERWISE = """
[[assessment.rewords]]
of = "child.voice"
words = "In {name}’s own words"
hint = "Write it down as it is said."
prompts = ["At home", "At school"]
need = "must"
rule = "ours"

[[assessment.rewords]]
of = "health"
words = "How healthy everyone is"
rule = "ours"

[[assessment.questions]]
part = "health"
after = "needs"
code = "gp"
kind = "text"
label = "Who is the family doctor?"
need = "should"

[[assessment.parts]]
code = "safer"
title = "Keeping safe online"
about = "child"
group = "Each child"
after = "child"
rule = "ours"

[[assessment.parts.questions]]
code = "online"
kind = "checks"
label = "Where {name} is online"
options = [{ code = "games", name = "Games" }, { code = "chat", name = "Chats" }]
"""
OWN = """
[assessment]

[[assessment.outcomes]]
code = "calm"
name = "A calm home"

[[assessment.parts]]
code = "story"
title = "The family’s story"
about = "family"
group = "Start"

[[assessment.parts.questions]]
code = "first"
kind = "text"
label = "How it began"
need = "must"

[[assessment.parts.questions]]
code = "who"
kind = "person"
label = "Who told it"

[[assessment.parts.questions]]
code = "told_on"
kind = "date"
label = "When it was told"

[[assessment.parts.questions]]
code = "aims"
kind = "outcomes"
label = "Our aims"
"""


def loaded(text: str) -> None:
    procedures.load(text=text, actor=None)


def extended(more: str, leaves_out: str = "") -> str:
    line = 'extends = "whole_family"'
    return text_of("default").replace(line, f"{line}\n{leaves_out}", 1) + more


def own(form: str = OWN) -> str:
    return text_of("default").partition("[assessment]")[0] + form


@pytest.mark.parametrize("name", NAMES)
def test_the_forms_that_come_with_the_product_are_asked_read_and_finalised(cast, sign_in, family, name):
    loaded(text_of(name))
    started(cast, family)
    alice = sign_in(cast.alice)
    listed = body(alice.get(page("assessment", family)))
    for part in assessment_of(family).form.form.parts:
        if part.about == "family":
            assert part.title in listed
            assert alice.get(part_url(family, part.code)).status_code == 200
    fill(alice, family, "start", harm="no", meeting="held")
    ada = the_child(family)
    fill(alice, family, "child", ada, voice="I like it.", needs__worried="Late.", send="none")
    aims = {"outcomes__outcome": "Calm", "outcomes__whom": ada.pk}
    fill(alice, family, "analysis", needs__worried="Tired.", priorities="Sleep.", **aims)
    assert "The assessment is finalised" in body(
        alice.post(page("assessment_finalise", family), why_not(alice, family), follow=True)
    )
    assert "I like it." in printed(alice, family)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rotherham", [("child.voice", "PS-1"), ("analysis.priorities", "PS-6"), ("first_taf.childcare", "PS-7")]),
        ("worcestershire", [("start.meeting", "WOR-04"), ("analysis.needs", "WOR-05")]),
        ("middlesbrough", [("why_now.asked_for", "MID-10")]),
        ("medway", [("child.send", "MED-03")]),
        ("devon", []),
    ],
)
def test_where_a_source_asks_for_something_else_the_form_says_so_with_its_rule(name, said):
    form = read(text_of(name)).assessment
    changed = {one.of: one.rule for one in form.rewords}
    changed |= {f"{one.part}.{one.code}": one.rule for one in form.questions}
    assert all(changed.values())
    assert dict(said).items() <= changed.items()
    assert bool(changed) == bool(said)


def test_what_a_form_says_otherwise_is_said_on_its_pages(cast, sign_in, family):
    loaded(extended(OTHERWISE, 'leaves_out = ["adult", "why_now.tried"]'))
    started(cast, family)
    alice, ada = sign_in(cast.alice), the_child(family)
    listed = body(alice.get(page("assessment", family)))
    assert "How healthy everyone is" in listed
    assert "Each adult" not in listed
    assert "Ada Okafor: Keeping safe online" in listed
    about = body(alice.get(part_url(family, "child", ada)))
    for words in ("In Ada’s own words", "Write it down as it is said.", "At home · At school"):
        assert words in about
    assert "What was tried before" not in body(alice.get(part_url(family, "why_now")))
    assert "Who is the family doctor?" in body(alice.get(part_url(family, "health")))
    fill(alice, family, "safer", ada, online=["chat", "games"])
    assert "Games, Chats" in body(alice.get(page("assessment_read", family)))
    missing, _, expected = body(alice.get(page("assessment_finalise", family))).partition("These are expected too")
    assert "What Ada Okafor says is empty" in missing
    assert "“Who is the family doctor?” is empty" in expected


def test_a_form_of_a_councils_own_is_asked_read_and_printed(cast, sign_in, family):
    loaded(own())
    started(cast, family)
    alice, ada = sign_in(cast.alice), the_child(family)
    assert "0 of 1 parts are ready." in body(alice.get(page("assessment", family)))
    day = {"told_on_day": "2", "told_on_month": "11", "told_on_year": "2026"}
    aims = {"aims__outcome": "Quiet evenings", "aims__whom": ada.pk, "aims__headline": "calm"}
    fill(alice, family, "story", first="With the move.", who=ada.pk, **day, **aims)
    assert "With the move." in body(alice.get(part_url(family, "story")))
    assert alice.post(page("assessment_finalise", family), follow=True).status_code == 200
    text = printed(alice, family)
    for words in (
        "The family’s story",
        "How it began",
        "With the move.",
        "Ada Okafor",
        "2 November 2026",
        "A calm home",
    ):
        assert words in text
    assert alice.get(family.get_absolute_url()).status_code == 200


def test_an_open_assessment_stays_on_its_form_when_another_is_published(cast, sign_in, family):
    started(cast, family)
    other = led_family(cast, name="Smith")
    loaded(own())
    started(cast, other)
    alice = sign_in(cast.alice)
    fill_all(alice, family)
    assert "Looking after the children" in body(alice.get(page("assessment", family)))
    assert alice.get(part_url(family, "story")).status_code == 404
    assert alice.get(part_url(other, "why_now")).status_code == 404
    assert assessment_of(family).form.number < assessment_of(other).form.number


def test_a_form_is_a_version_once_however_often_it_is_loaded(cast, family):
    started(cast, family)
    first = assessment_of(family).form
    procedures.load(text=text_of("default").replace("Marchshire", "Hollow"), actor=None)
    with acting_as_system("test"):
        assert form_in_force() == first
        assert FormVersion.objects.count() == 1
    loaded(extended(OTHERWISE))
    with acting_as_system("test"):
        assert form_in_force() != first
    loaded(text_of("default"))
    with acting_as_system("test"):
        assert form_in_force() == first


MISTAKES = [
    ("there is no “child.vioce”", extended('\n[[assessment.rewords]]\nof = "child.vioce"\nneed = "must"\nrule = "x"\n'), 'of = "child.vioce"'),
    ("nothing is said of “health”", extended('\n[[assessment.rewords]]\nof = "health"\nrule = "x"\n'), 'of = "health"'),
    ("say “need” and “prompts” of its questions", extended('\n[[assessment.rewords]]\nof = "health"\nneed = "must"\nrule = "x"\n'), 'of = "health"'),
    ("“rule” is missing", extended('\n[[assessment.rewords]]\nof = "health"\nwords = "x"\n'), "[[assessment.rewords]]"),
    ("there is no “healht” to come after", extended(OTHERWISE.replace('after = "child"', 'after = "healht"')), 'after = "healht"'),
    ("there is a part “health” already", extended(OTHERWISE.replace('"safer"', '"health"')), 'code = "health"'),
    ("there is a question “health.needs” already", extended(OTHERWISE.replace('code = "gp"', 'code = "needs"')), 'code = "needs"'),
    ("there is no “school” in the form", extended("", 'leaves_out = ["school"]'), "leaves_out"),
    ("“kind” must be one of", own(OWN.replace('kind = "person"', 'kind = "people"')), 'kind = "people"'),
    ("“about” must be one of", own(OWN.replace('about = "family"', 'about = "families"')), 'about = "families"'),
    ("list the answers of “who”", own(OWN.replace('kind = "person"', 'kind = "choice"')), "[[assessment.parts.questions]]"),
    ("“options” is for a choice or checks", own(OWN.replace('label = "Who told it"', 'label = "Who"\noptions = [{ code = "a", name = "A" }]')), "[[assessment.parts.questions]]"),
    ("“voice” is for a part about each child", own(OWN.replace('need = "must"', "voice = true")), "[[assessment.parts]]"),
    ("“voice” is for text", own(OWN.replace('label = "Who told it"', 'label = "Who"\nvoice = true')), "[[assessment.parts.questions]]"),
    ("“unit” is for a number", own(OWN.replace('label = "Who told it"', 'label = "Who"\nunit = "%"')), "[[assessment.parts.questions]]"),
    ("“overview” is for columns", own(OWN.replace('label = "Who told it"', 'label = "Who"\noverview = true')), "[[assessment.parts.questions]]"),
    ("“who” stands here twice", own(OWN.replace('code = "first"', 'code = "who"')), "questions"),
    ("there is no level of need “9”", own(OWN.replace('need = "must"', 'level = "9"')), 'level = "9"'),
    ("a headline outcome that isn’t listed: “rich”", own(OWN.replace('need = "must"', 'outcome = "rich"')), "[assessment]"),
    ("A form needs “parts”", own("[assessment]\n"), "[assessment]"),
    ("are for a form that extends another", own("[assessment]\nleaves_out = [\"x\"]" + OWN.replace("[assessment]", "")), "[assessment]"),
    ("there is no “colour” in a procedure", own(OWN.replace('need = "must"', 'colour = "red"')), 'colour = "red"'),
    ("must have at least one entry", own('[assessment]\n[[assessment.parts]]\ncode = "a"\ntitle = "A"\nabout = "family"\ngroup = "G"\nquestions = []\n'), "questions = []"),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "text", "line"), MISTAKES, ids=[reason for reason, *_ in MISTAKES])
def test_a_mistake_is_refused_with_its_line_and_reason_and_the_old_form_stays(cast, reason, text, line):
    before = form_in_force()
    with pytest.raises(Unreadable) as unreadable:
        loaded(text)
    (mistake,) = unreadable.value.mistakes
    assert reason in mistake.reason
    assert line in text.splitlines()[mistake.line - 1]
    assert form_in_force() == before


def test_what_another_form_asks_is_said_before_it_is_loaded(cast, sign_in):
    admin = sign_in(cast.admin)
    preview = body(
        admin.post(reverse("change_procedure"), {"text": extended(OTHERWISE), "why": "We ask otherwise.", "version": 1})
    )
    assert "What an assessment asks: Keeping safe online" in preview
    assert "not asked" in preview
    assert "Who is the family doctor?" in preview


def test_a_question_for_higher_needs_is_asked_from_its_level_on_or_when_everything_is(cast, sign_in, family):
    started(cast, family)
    alice, url = sign_in(cast.alice), part_url(family, "health")
    shown = body(alice.get(url))
    assert "Asked when needs are many" in shown
    assert 'name="substances-worried"' not in shown
    more = page("ask_more", family)
    assert "Level 3" in body(alice.get(more))
    assert alice.post(more, {"level": "3", "deeper": "no"}).status_code == 302
    assert 'name="substances-worried"' in body(alice.get(url))
    alice.post(more, {"level": "2", "deeper": "no"})
    assert 'name="substances-worried"' not in body(alice.get(url))
    alice.post(more, {"level": "2", "deeper": "yes"})
    assert 'name="substances-worried"' in body(alice.get(url))


def test_the_form_that_comes_with_the_product_names_each_practice_standard():
    met = {standard for _, question in built_in_questions() for standard in question.standards}
    assert met >= {f"PS-{number}" for number in (1, 3, 4, 5, 6, 7, 8, 9)}


def built_in_questions():
    return whole(built_in()).each()


def pdf_text(response) -> str:
    assert response["Content-Type"] == "application/pdf"
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(response.content)).pages).split())


def test_the_administrator_sees_the_form_on_screen_and_on_paper(cast, sign_in):
    admin = sign_in(cast.admin)
    shown = words_of(admin.get(reverse("assessment_form")))
    assert "No assessment has begun yet." in shown
    assert "What {name} says text expected PS-1" in shown
    preview = body(admin.get(reverse("preview_form")))
    assert "What Sam says" in preview
    assert 'name="child-voice"' in preview
    paper = pdf_text(admin.get(reverse("print_form")))
    assert "A day in Sam’s life" in paper
    assert "☐ Talking alone" in paper


def test_a_form_is_tried_on_screen_and_paper_before_it_is_loaded(cast, sign_in):
    admin, url = sign_in(cast.admin), reverse("try_form")
    assert "extends = &quot;whole_family&quot;" in body(admin.get(url))
    shown = body(admin.post(url, {"text": own()}))
    assert "The family’s story" in shown
    assert "See it on paper" in shown
    assert "How it began" in pdf_text(admin.post(url, {"text": own(), "print": "yes"}))
    wrong = body(admin.post(url, {"text": own(OWN.replace('kind = "person"', 'kind = "people"'))}))
    assert "“kind” must be one of" in wrong
    assert "kind = &quot;people&quot;" in wrong
    with acting_as_system("test"):
        assert not FormVersion.objects.exists()


def test_a_blank_form_for_a_visit_has_the_names_and_nothing_that_was_written(cast, sign_in, family):
    started(cast, family)
    alice, ada = sign_in(cast.alice), the_child(family)
    fill(alice, family, "child", ada, voice="I like my class.")
    paper = pdf_text(alice.get(page("print_blank", family)))
    assert "What Ada says" in paper
    assert family.reference in paper
    assert "I like my class." not in paper
    does_not_share(cast, family, ada, cast.health)
    assert "Ada" not in pdf_text(sign_in(cast.charlie).get(page("print_blank", family)))


def test_what_is_written_about_one_person_stands_on_a_page_of_its_own(cast, sign_in, family):
    started(cast, family)
    alice, ada = sign_in(cast.alice), the_child(family)
    fill(alice, family, "child", ada, voice="I like my class.")
    fill(alice, family, "why_now", reason="The rent is late.")
    url = page("assessment_read", family)
    assert f'href="?about={ada.pk}"' in body(alice.get(url))
    about = words_of(alice.get(url, {"about": ada.pk}))
    assert "I like my class." in about
    assert "The rent is late." not in about
    for wrong in ("x", "999999", ""):
        assert "The rent is late." in words_of(alice.get(url, {"about": wrong}))


def test_scales_stand_in_a_table_and_on_a_line(cast, sign_in, family):
    started(cast, family)
    alice = sign_in(cast.alice)
    fill(alice, family, "parenting", needs__worried="Tired.", needs__scale="4", worry__parent="6")
    shown = body(alice.get(page("assessment_read", family)))
    assert 'cx="90"' in shown
    assert 'cx="130"' in shown
    assert "Looking after the children: How worried is each? Parents and carers 6" in words_of(
        alice.get(page("assessment_read", family))
    )
