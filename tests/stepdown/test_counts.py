"""Step-downs and step-ups in numbers: true, and of those alone that the reader may know of."""

from datetime import timedelta

from django.urls import reverse

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Role
from earlyhelp.core import clock
from families.services import team
from stepdown.models import StepDown
from stepdown.rules import StepSaid
from stepdown.services import completing, counts, steps, stepup
from tests.cast import make_user, set_procedure
from tests.pages import text_of
from tests.stepdown.helpers import PEOPLE, agrees, leads, now, opened_for, people_of, social_care, social_worker, step
from tests.stepdown.test_step_down import PANEL_TOO, ready


def another(cast, sasha, name):
    child = PEOPLE[1].__class__(kind="child", first_name=name, date_of_birth=PEOPLE[1].date_of_birth)
    return opened_for(cast, sasha, people=(child,), name=name)


def test_the_numbers_are_true(cast, sign_in):
    sasha = social_worker()
    first = opened_for(cast, sasha)
    agrees(first, cast.school)
    row = now(first)
    with acting_as(sasha):
        asked = team.ask_to_lead(
            family=row.family, episode=row.episode, user=cast.bob, agency=cast.school, without_wish="x", actor=sasha
        )
    with acting_as(cast.bob):
        team.answer_lead(lead=asked, accept=False, reason="No time.", declined_for="no_time", actor=cast.bob)
    with acting_as_system("test"):
        team.challenge(lead=asked, on=clock.today(), by="x", said="x", result="stands", actor=sasha)
    ready(cast, first, sasha)
    with acting_as(sasha):
        completing.complete(step_down=now(first), family_told="At home", actor=sasha)
    second = another(cast, sasha, "Ivo")
    with acting_as(sasha):
        completing.stop(step_down=now(second), reason="He was hurt.", actor=sasha)
    another(cast, sasha, "Ulla")
    with clock.frozen_at(clock.now() + timedelta(days=200)), acting_as(cast.alice):
        said = stepup.Said(
            about=[people_of(row.family)[1].pk], ground="harm", what="x", tried="", agreed="no", because="child_harm"
        )
        stepup.step_up(family=row.family, episode=row.episode, said=said, actor=cast.alice, agency=cast.school)
    with acting_as(cast.service):
        assert {line.name: (line.under_way, line.complete, line.stopped) for line in counts.by_agency()} == {
            "Children’s social care": (1, 1, 1)
        }
        assert {line.name[:2]: line.all for line in counts.by_route()} == {"No": 2, "A:": 1}
        assert counts.declines() == [("No time for it now", 1)]
        assert counts.step_ups() == [("No answer yet", 1)]
        assert counts.back_within_a_year() == (1, 1)
        assert [(one.days, bool(one.missing)) for one in counts.longest(cast.service)] == [(0, True)]
    shown = text_of(sign_in(cast.service).get(reverse("step_down_counts")))
    assert "Of 1 family stepped down, 1 was stepped up again within 12 months." in shown


def test_days_from_the_panel_to_the_visit(cast):
    set_procedure({"step_down.steps": PANEL_TOO})
    sasha = social_worker()
    handed = opened_for(cast, sasha)
    agrees(handed, cast.school)
    leads(handed, cast.alice, cast.school)
    for user, side in ((sasha, "social_care"), (cast.locality, "early_help")):
        with acting_as(user):
            steps.agree_at_panel(
                step_down=now(handed), side=side, said=StepSaid(clock.today(), "x", "Alice rings."), actor=user
            )
    with clock.frozen_at(clock.now() + timedelta(days=20)):
        with acting_as(cast.service):
            assert counts.late_visits() == 1
        step(handed, "visit")
        with acting_as(cast.service):
            assert (counts.days_to_visit(), counts.late_visits()) == ([20], 1)


def test_a_manager_counts_those_that_they_may_know_of(cast, sign_in):
    opened_for(cast, social_worker())
    boss, stranger = make_user("Boss", social_care(), Role.MANAGER), cast.manager
    with acting_as(boss):
        assert sum(line.all for line in counts.by_route()) == 1
    with acting_as(stranger):
        assert not StepDown.objects.exists()
        assert counts.by_route() == []
    assert "None yet." in text_of(sign_in(stranger).get(reverse("step_down_counts")))
    assert sign_in(cast.alice).get(reverse("step_down_counts")).status_code == 403
