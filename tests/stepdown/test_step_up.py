"""Step-up to social care: nothing delays it, nothing is typed twice, and the answer says what becomes of early help."""

from datetime import timedelta

import pytest
from django.urls import reverse

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales.models import Timescale
from families.services import episodes, people
from stepdown.models import StepUp
from stepdown.services import stepup
from tests.access.test_doors import person_of
from tests.cast import child, episode_of, mother
from tests.pages import opened, text_of

FEAR = {
    "ground": "harm",
    "what": "Ada said that she is locked in at night.",
    "agreed": "not_asked",
    "because": "child_harm",
}


def page(name, family, *more):
    return reverse(name, args=[family.reference, *more])


def stepped_up(cast, family, **changes):
    said = {
        "about": [person_of(family, child).pk],
        "ground": "harm",
        "what": "x",
        "tried": "",
        "agreed": "no",
        "because": "child_harm",
    }
    with acting_as(cast.alice):
        return stepup.step_up(
            family=family,
            episode=episode_of(family),
            said=stepup.Said(**said | changes),
            actor=cast.alice,
            agency=cast.school,
        )


def test_in_fear_for_a_child_without_agreement_and_returned_with_advice(cast, sign_in, family):
    ada, alice = person_of(family, child), sign_in(cast.alice)
    with acting_as(cast.alice):
        people.add_address(
            family=family,
            person=None,
            lines="1 High Street",
            postcode="MX1 2AB",
            do_not_disclose=False,
            actor=cast.alice,
        )
        people.add_address(
            family=family, person=person_of(family, mother), lines="Secret Lane", postcode="MX1 9ZZ", do_not_disclose=True, actor=cast.alice
        )  # fmt: skip
    assert page("step_up", family) in alice.get(page("plan", family)).content.decode()
    asks = text_of(alice.get(page("step_up", family)))
    assert asks.index("Call 999 now. No form comes first.") < asks.index("Which children is it about?")
    assert "01632 960001" in asks
    shown = alice.post(page("step_up", family), FEAR | {"about": [str(ada.pk)]}, follow=True)
    text = text_of(shown)
    for words in (
        "Ada Okafor, child or young person, born 9 June 2017 (the concern is about them)",
        "Address: 1 High Street, MX1 2AB",
        "1 address is not to be disclosed. Ring for it.",
        "Lead practitioner: Alice",
        "The family was not asked, or could not be reached. It is shared all the same: A child may be suffering",
        "Nobody could be reached for advice, and nothing waited for it.",
    ):
        assert words in text, text
    assert "Secret Lane" not in text
    with acting_as_system("test"):
        row, deadline = StepUp.objects.get(), Timescale.objects.get(kind="step_up_written")
    assert deadline.due_at == row.made_at + timedelta(hours=24)
    assert "Social care was told of the family" in text_of(sign_in(cast.charlie).get(reverse("messages")))
    alice.post(page("sent_step_up", family, row.pk), {"how": "Their online form"})
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="step_up_written").met_at
    answer = page("answer_step_up", family, row.pk)
    form = opened(alice, answer) | {
        "outcome": "advice", "words": "Lock the window, not the door; ring again if it happens.", "by": "Duty worker", "then": "alongside",
    }  # fmt: skip
    shown = text_of(alice.post(answer, form, follow=True))
    assert "Returned with advice" in shown
    assert "Early help goes on alongside" in shown
    assert "Social care was told" in text_of(alice.get(page("chronology", family)))
    assert alice.get(answer).status_code == 403


def test_needs_that_rise_say_what_was_tried(cast, sign_in, family):
    ada, alice = person_of(family, child), sign_in(cast.alice)
    said = FEAR | {"about": [str(ada.pk)], "ground": "rising", "agreed": "yes", "agreed_by": "Grace", "because": ""}
    shown = text_of(alice.post(page("step_up", family), said))
    assert "Enter what early help has tried" in shown
    assert "Ada said that she is locked in at night." in shown
    with pytest.raises(Refused, match="what early help has tried"):
        stepped_up(cast, family, ground="rising", agreed="yes", because="")


def test_without_agreement_the_ground_is_named_and_an_adviser_is_not_waited_for(cast, sign_in, family):
    ada, alice = person_of(family, child), sign_in(cast.alice)
    said = FEAR | {"about": [str(ada.pk)], "because": ""}
    assert "Select why it is shared without agreement" in text_of(alice.post(page("step_up", family), said))


def test_it_is_read_where_the_child_is_known_and_nowhere_else(cast, sign_in, family):
    ada = person_of(family, child)
    row = stepped_up(cast, family)
    charlie = sign_in(cast.charlie)
    assert charlie.get(page("show_step_up", family, row.pk)).status_code == 200
    with acting_as_system("test"):
        choice = Choice(ada, cast.health, Tier.NONE, mother(family))
        record_choices(family=family, choices=[choice], actor=cast.alice)
    assert charlie.get(page("show_step_up", family, row.pk)).status_code == 404


def test_it_is_open_also_when_early_help_has_ended(cast, sign_in, family):
    with acting_as(cast.alice):
        episodes.end(episode=episode_of(family), reason="met", actor=cast.alice)
    asks = sign_in(cast.alice).get(page("step_up", family))
    assert asks.status_code == 200
    assert "Call 999 now." in text_of(asks)


def test_two_who_record_the_answer_at_once_record_one(cast, family):
    row = stepped_up(cast, family)
    said = {"outcome": "accepted", "words": "x", "by": "x", "on": clock.today(), "then": "waits"}
    with acting_as(cast.alice):
        stepup.answered(row=row, actor=cast.alice, **said)
        with pytest.raises(Refused, match="recorded the answer already"):
            stepup.answered(row=row, actor=cast.alice, **said)
