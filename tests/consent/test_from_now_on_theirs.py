"""From when on a young person decides: what others chose for them holds five working days, and they are asked."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from consent.clocks import OWN_WORD
from consent.models import Agreement, SharingChoice, Tier
from consent.services.ledger import all_choices, record_agreement, record_choices
from consent.services.own_word import come_of_age, judge
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.clock import LONDON
from earlyhelp.timescales import services as timescales
from families.models import Person, PersonDetails
from tests.cast import add_sibling, child, mother, share
from tests.pages import copy_for_all, text_of

LAST = datetime(2026, 11, 30, 23, 59, 59, tzinfo=LONDON)  # the fifth working day after Monday the 23rd


@pytest.fixture
def mia(cast, family):
    """Twelve, for whom her mother shares with school and health."""
    mia = add_sibling(
        family, cast.alice, kind="child", first_name="Mia", last_name="Okafor", date_of_birth=date(2014, 3, 1)
    )
    share(cast, family, cast.school, cast.health)
    return mia


def judged(cast, family, mia, *, competent=True):
    with acting_as(cast.alice):
        return judge(
            family=family,
            person=mia,
            competent=competent,
            reasons="She knows what it means.",
            judged_on=clock.today(),
            actor=cast.alice,
        )


def task_of(person):
    with acting_as_system("test"):
        return timescales.of(OWN_WORD, person).first()


def knows(user, person) -> bool:
    with acting_as(user):
        return PersonDetails.objects.filter(person=person).exists()


def own(cast, family, mia, *agencies, tier=Tier.ADDITIONAL):
    with acting_as(cast.alice):
        choices = [Choice(mia, agency, tier, mia) for agency in agencies]
        record_choices(family=family, choices=choices, actor=cast.alice)


def test_what_her_mother_chose_holds_five_working_days_and_then_ends(cast, family, mia):
    judged(cast, family, mia)
    held = all_choices(family)
    assert {held[mia.pk, agency.pk].until for agency in (cast.school, cast.health)} == {LAST}
    assert (task_of(mia).due_at, task_of(mia).owner) == (LAST, cast.alice)
    assert knows(cast.charlie, mia)
    with clock.frozen_at(LAST + timedelta(minutes=1)):
        assert not knows(cast.charlie, mia)
        assert not knows(cast.alice, mia)
        with acting_as(cast.alice):
            assert Person.objects.filter(pk=mia.pk).exists(), "whoever runs the support is to ask her"


def test_page_ledger_and_print_say_the_same(cast, sign_in, family, mia):
    judged(cast, family, mia)
    alice = sign_in(cast.alice)
    page = text_of(alice.get(f"{family.get_absolute_url()}sharing/"))
    assert "What others chose for Mia holds until the end of 30 November 2026" in page
    assert "Ask Mia, and record what they choose" in page
    with acting_as_system("test"):
        rows = SharingChoice.objects.filter(person=mia, ends_at=LAST, decided_by__first_name="Grace")
        assert rows.count() == 2
    assert "what they choose for themselves" in text_of(alice.get("/"))
    url = f"{family.get_absolute_url()}sharing/form/"
    pdf = alice.post(url, copy_for_all(alice, url)).content
    paper = " ".join(" ".join(sheet.extract_text().split()) for sheet in PdfReader(BytesIO(pdf)).pages)
    assert paper.count("until the end of 30 November 2026") == 2
    judging = text_of(alice.get(f"{family.get_absolute_url()}sharing/competence/{mia.pk}/"))
    assert "holds for another 5 working days" in judging


def test_what_she_chooses_herself_stays_and_the_task_is_met(cast, family, mia):
    judged(cast, family, mia)
    own(cast, family, mia, cast.school, cast.health)
    assert task_of(mia).met_at == clock.now()
    with clock.frozen_at(LAST + timedelta(days=1)):
        assert knows(cast.charlie, mia)


def test_what_she_chooses_for_one_agency_leaves_the_other_to_end(cast, family, mia):
    judged(cast, family, mia)
    own(cast, family, mia, cast.school)
    with clock.frozen_at(LAST + timedelta(days=1)):
        assert knows(cast.alice, mia)
        assert not knows(cast.charlie, mia)


def test_her_own_decision_is_an_answer_too(cast, family, mia):
    judged(cast, family, mia)
    with acting_as(cast.alice):
        no = Decision(mia, Agreement.Decision.REFUSED, "verbal", clock.today(), witness="Alice")
        record_agreement(family=family, decision=no, choices=[], actor=cast.alice)
    assert task_of(mia).met_at == clock.now()


def test_who_decides_already_is_not_asked_again_and_nothing_of_theirs_ends(cast, family, mia):
    judged(cast, family, mia)
    own(cast, family, mia, cast.school, cast.health)
    judged(cast, family, mia)
    assert all_choices(family)[mia.pk, cast.health.pk].until is None
    assert task_of(mia).met_at


def test_whoever_turns_out_not_to_decide_yet_is_not_asked(cast, family, mia):
    judged(cast, family, mia)
    judged(cast, family, mia, competent=False)
    assert task_of(mia) is None


def test_a_choice_that_ends_sooner_still_does(cast, family, mia):
    sooner = clock.now() + timedelta(days=2)
    with acting_as(cast.alice):
        with acting_as_system("test"):
            grace = mother(family)
        less = [Choice(mia, cast.health, Tier.ADDITIONAL, grace)]
        record_choices(family=family, choices=less, actor=cast.alice, until=sooner)
    judged(cast, family, mia)
    assert all_choices(family)[mia.pk, cast.health.pk].until == sooner


def test_a_birthday_does_what_a_judgement_does(cast, family, mia):
    assert come_of_age() == 0
    with clock.frozen_at(datetime(2027, 3, 1, 9, tzinfo=LONDON)):
        assert come_of_age() == 1
        assert come_of_age() == 0
        assert task_of(mia).due_at == datetime(2027, 3, 8, 23, 59, 59, tzinfo=LONDON)
        with acting_as(cast.alice):
            ada = child(family)
        held = all_choices(family)
        assert held[mia.pk, cast.health.pk].until == task_of(mia).due_at
        assert held[ada.pk, cast.health.pk].until is None


def test_a_birthday_changes_nothing_for_who_was_judged_not_to_decide(cast, family, mia):
    judged(cast, family, mia, competent=False)
    with clock.frozen_at(datetime(2027, 3, 1, 9, tzinfo=LONDON)):
        assert come_of_age() == 0
        assert all_choices(family)[mia.pk, cast.health.pk].until is None
