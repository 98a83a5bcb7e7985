"""One assessment through its pages: from a part that came by phone to its second version."""

from datetime import timedelta

from assessments.models import Assessment
from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from tests.assessments.helpers import contributions_to, fill, fill_all, page, said_to, started, the_child, why_not
from tests.assessments.test_forms import pdf_text
from tests.assessments.test_together import TODAY, ask_health, proposed, the_asked
from tests.pages import text_of

BY_PHONE = {
    "told_by": "Mr Hill, housing officer", "told_how": "By phone",
    "told_on_day": "20", "told_on_month": "11", "told_on_year": "2026", "needs-worried": "The rent is late.",
}  # fmt: skip


def test_several_agencies_write_it_and_all_that_they_said_is_in_the_next_version(cast, sign_in, family):
    started(cast, family)
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    alice.post(page("assessment_told", family, "agency"), BY_PHONE | {"told_for": cast.other_school.pk})
    proposal = proposed(cast, sign_in, family)
    alice.post(page("proposal", family, proposal.pk), {"accept": "yes"})
    ask_health(cast, alice, family)
    fill_all(alice, family)

    missing = text_of(alice.get(page("assessment_finalise", family)))
    assert "Health visiting" in missing
    waived = {"reason": "The health visitor is ill until Christmas."}
    alice.post(page("waive_asked", family, the_asked(family).pk), waived)
    reasons = why_not(alice, family)
    assert reasons
    kept = alice.post(page("assessment_finalise", family), reasons | {next(iter(reasons)): ""})
    assert "Enter why it is finalised without" in text_of(kept)
    assert "The assessment is finalised" in text_of(
        alice.post(page("assessment_finalise", family), reasons, follow=True)
    )

    not_agreed = {
        "kind": "disagrees",
        "who": the_child(family, "Grace").pk,
        "words": "She was late because of the bus.",
        **TODAY,
    }
    said = alice.post(page("remark_about", family, "child", the_child(family).pk), not_agreed, follow=True)
    assert "She was late because of the bus." in text_of(alice.get(page("assessment_read", family))), text_of(said)

    with clock.frozen_at(clock.now() + timedelta(days=40)):
        alice.post(page("open_next", family))
        with acting_as_system("test"):
            second = Assessment.objects.filter(family=family).first()
        (mine,) = contributions_to(family, assessment=second)
        fill(alice, family, "why_now", version=1, reason="Ada is on time.", ready="on")
        read = text_of(alice.get(page("assessment_read", family)))
        for words in (
            "The rent is late.",
            "Mr Hill, housing officer",
            "Ada is on time.",
            "Nobody has looked at it yet",
        ):
            assert words in read
        assert said_to(family, assessment=second) == {"reason": "Ada is on time."}
        assert mine.carried_from_id
        first = page("assessment_version", family, second.previous_id)
        before = text_of(charlie.get(first))
        for words in (
            "Ada is often late.", "She was late because of the bus.", "The health visitor is ill until Christmas.",
            "The family wants to wait with it.",
        ):  # fmt: skip
            assert words in before
        assert "Ada is on time." not in before
        paper = pdf_text(alice.post(page("print_version", family, second.previous_id), {"for_whom": "family"}))
        assert "Ada is often late." in paper
        assert "Mr Hill, housing officer" in paper
