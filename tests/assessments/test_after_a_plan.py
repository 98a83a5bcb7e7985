"""A plan that was agreed first is no reason why an assessment can't start."""

from django.urls import reverse

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.timescales import services as timescales
from families.clocks import ASSESSMENT_START
from tests.pages import text_of
from tests.plans.helpers import agreed_plan


def test_after_a_plan_was_agreed_it_still_starts_and_the_stage_stays(cast, sign_in, family):
    agreed_plan(cast, family)
    alice = sign_in(cast.alice)
    answer = alice.post(reverse("start_assessment", args=[family.reference]), {}, follow=True)
    assert "The assessment has started" in text_of(answer)
    with acting_as_system("test"):
        assert timescales.of(ASSESSMENT_START, family.episode()).get().met_at
    with acting_as(cast.alice):
        assert family.episode().stage == "plan"
