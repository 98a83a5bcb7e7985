"""The same work under five procedures: what differs is on the page, whoever looks."""

import re
from datetime import timedelta

import pytest

from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.procedures import services
from earlyhelp.procedures.document import text_of as document
from earlyhelp.timescales.models import Timescale
from families.models import Person
from tests.access.test_doors import person_of
from tests.cast import child, led_family, new_family
from tests.journeys.test_refusals import DETAILS, filled
from tests.pages import opened, text_of
from tests.plans.helpers import draft_plan

DIFFERS = {
    "default": ("lead practitioner", "agreement", "locality", "Level 2: Early help", 4, 6),
    "devon": ("lead practitioner", "consent", "locality", "Level 2: Early help", 4, 6),
    "rotherham": ("lead professional", "consent", "locality", "Vulnerable", 4, 6),
    "middlesbrough": ("lead practitioner", "agreement", "locality", "Level 2: Early help", 4, 6),
    "medway": ("lead practitioner", "agreement", "area", "Level 2: Early help", 4, 6),
}


@pytest.mark.parametrize("name", DIFFERS)
def test_asking_agreeing_planning_and_deciding_under_a_procedure(cast, sign_in, name):
    lead, agreement, locality, level, first_week, last_week = DIFFERS[name]
    services.load(text=document(name), actor=cast.admin)
    now = services.procedure_in_force()
    alice, dana = sign_in(cast.alice), sign_in(cast.dana)

    foot = text_of(dana.get("/"))
    assert f"{now.safeguarding.name}, in the day {now.safeguarding.phone_day}" in foot
    assert f"At night, at weekends and on bank holidays {now.safeguarding.phone_night}" in foot
    assert now.safeguarding.written in foot
    assert f"the family’s {locality}" in text_of(dana.get("/requests/"))
    asked = dana.post(DETAILS, opened(dana, DETAILS) | filled(cast) | {"step": "people"}, follow=True)
    assert level in text_of(asked)
    assert f"The {now.clocks.first_contact.words} for the first contact count from here" in text_of(asked)

    new = new_family(cast, name="Quigley")
    with acting_as_system("test"):
        clocks = {row.kind: row for row in Timescale.objects.filter(family=new)}
    assert f"{clocks['assessment_start'].amount} {clocks['assessment_start'].unit_words}" == "10 calendar days"
    page = text_of(alice.get(f"{new.get_absolute_url()}deadlines/{clocks['assessment_start'].pk}/"))
    assert "10 calendar days" in page

    family = led_family(cast)
    assert f"{agreement.capitalize()} and sharing" in text_of(alice.get(f"{family.get_absolute_url()}sharing/"))
    assert lead in text_of(alice.get(f"{family.get_absolute_url()}team/ask-to-lead/")).lower()
    draft_plan(cast, family)
    url = f"{family.get_absolute_url()}plan/agree/"
    for weeks, says in ((first_week - 1, "Enter why the review is before"), (last_week + 1, "must be on or before")):
        day = clock.today() + timedelta(weeks=weeks)
        said = {"next_review_on_day": day.day, "next_review_on_month": day.month, "next_review_on_year": day.year}
        assert says in text_of(alice.post(url, opened(alice, url) | said))

    ada = person_of(family, child)
    with acting_as_system("test"):
        today = clock.today()
        for years, says in ((now.ages.own_word, "Yes: they are old enough"), (now.ages.own_word - 1, "Not yet")):
            Person.objects.filter(pk=ada.pk).update(date_of_birth=today.replace(year=today.year - years))
            shown = text_of(alice.get(f"{family.get_absolute_url()}sharing/"))
            assert f"From {now.ages.own_word} young people decide for themselves here" in shown
            assert re.search(rf"Ada Okafor, {years} years? (old )?{says}|Ada Okafor, {years} {says}", shown), shown
