"""A copy for one person of the family leaves out what another, who decides for themselves, hasn't agreed to show."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from assessments.services import starting
from consent.models import Disclosure
from earlyhelp.access.identity import acting_as, acting_as_system
from plans import services as plans
from plans.rules import ActionSaid, OutcomeSaid
from tests.access.test_doors import father
from tests.assessments.helpers import write
from tests.cast import child, mother
from tests.consent.test_own_word import tola_of
from tests.pages import text_of

WORDS = {"Tola": "Tola sleeps at her friend’s.", "Ada": "Ada loves school.", "Tunde": "Tunde looks for work."}
PAGES = ("assessment_print", "print_plan", "print_agreement")


@pytest.fixture
def world(cast, family):
    """A mother, a father, Ada of nine, and Tola of sixteen: something is written about each."""
    tola = tola_of(cast, family, cast.school, cast.health)
    tunde = father(cast, family)
    with acting_as(cast.alice):
        episode, ada, grace = family.episode(), child(family), mother(family)
        starting.start(family=family, episode=episode, actor=cast.alice)
    for person in (tola, ada, tunde):
        part, words = "adult" if person == tunde else "child", WORDS[person.first_name]
        write(cast.alice, family, part, agency=cast.school, person=person, needs__worried=words)
    with acting_as(cast.alice):
        plan = plans.open_plan(family=family, episode=episode, actor=cast.alice)
        for person in (tola, ada, tunde):
            said = OutcomeSaid(WORDS[person.first_name], "x", "x", person=person)
            outcome = plans.add_outcome(plan=plan, said=said, actor=cast.alice)
            plans.add_action(
                outcome=outcome, said=ActionSaid("x", episode.started_at.date(), cast.alice), actor=cast.alice
            )
    return {"Tola": tola, "Ada": ada, "Tunde": tunde, "Grace": grace}


def copy(client, family, which, **answers) -> str:
    answer = client.post(reverse(which, args=[family.reference]), {"for_whom": "family"} | answers)
    assert answer["Content-Type"] == "application/pdf", text_of(answer)
    pdf = PdfReader(io.BytesIO(answer.content))
    return re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in pdf.pages))


@pytest.mark.parametrize("which", PAGES)
def test_whose_copy_it_is_is_asked_first(cast, sign_in, family, world, which):
    answer = sign_in(cast.alice).post(reverse(which, args=[family.reference]), {"for_whom": "family"})
    assert "Select which of them it is for" in text_of(answer)


@pytest.mark.parametrize("which", PAGES)
def test_a_mothers_copy_says_nothing_of_her_daughter_of_sixteen(cast, sign_in, family, world, which):
    hers = copy(sign_in(cast.alice), family, which, whose=world["Grace"].pk)
    assert "Tola" not in hers
    assert "Tunde" not in hers
    assert "Ada" in hers


@pytest.mark.parametrize("which", PAGES)
def test_what_the_daughter_agreed_to_show_is_in_it(cast, sign_in, family, world, which):
    hers = copy(sign_in(cast.alice), family, which, whose=world["Grace"].pk, shown=[world["Tola"].pk])
    assert "Tola" in hers
    assert "Tunde" not in hers


@pytest.mark.parametrize("which", PAGES)
def test_the_daughters_copy_is_about_herself(cast, sign_in, family, world, which):
    hers = copy(sign_in(cast.alice), family, which, whose=world["Tola"].pk)
    assert "Tola" in hers
    assert "Ada" not in hers
    assert "Tunde" not in hers


@pytest.mark.parametrize("which", PAGES)
def test_a_copy_for_all_of_them_shows_only_whoever_agreed(cast, sign_in, family, world, which):
    alice = sign_in(cast.alice)
    url = reverse(which, args=[family.reference])
    asked = text_of(alice.post(url, {"for_whom": "family", "whose": "everyone"}))
    assert "Select who agreed that the others read it" in asked
    shown = [world["Grace"].pk, world["Tunde"].pk]
    assert "Tola" not in copy(alice, family, which, whose="everyone", shown=shown)


def test_the_log_says_whose_copy_it_was(cast, sign_in, family, world):
    copy(sign_in(cast.alice), family, "print_plan", whose=world["Grace"].pk)
    with acting_as_system("test"):
        row = Disclosure.objects.get()
    assert (row.to_whom, row.about) == ("Grace Okafor", [world["Grace"].pk])
