"""Additional services: asked for with why that one, answered, and nothing handed over by it (DEV-19, WOR-06, ROT-06)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import ServiceRequest
from families.services import additional
from tests.cast import child, episode_of, mother, set_procedure
from tests.pages import opened, text_of
from tests.plans.helpers import day

WORCESTERSHIRE = [
    {"code": "eifs", "name": "Level 2: Early Intervention Family Support", "meaning": "Additional needs."},
    {"code": "tfs", "name": "Level 3: Targeted Family Support", "meaning": "Complex needs."},
]


def page(name, family, *more):
    return reverse(name, args=[family.reference, *more])


def filled(client, url, **changes):
    told = {
        "needs": "Ada misses school, and Grace can’t walk her there.",
        "why": "They come in the mornings, and the team can’t.",
        "agreed_by": "Grace Okafor",
        "sent_how": "Their online form",
    }
    told |= day("agreed_on", clock.today()) | day("sent_on", clock.today())
    return opened(client, url) | told | changes


def asked(cast, family, **changes):
    said = {
        "service": "family_support",
        "needs": "Mornings.",
        "why": "They visit.",
        "agreed_by": "Grace",
        "sent_how": "By phone",
    }
    said |= {"agreed_on": clock.today(), "sent_on": clock.today()} | changes
    with acting_as(cast.alice):
        return additional.ask(
            family=family, episode=episode_of(family), said=additional.Asked(**said), actor=cast.alice
        )


def test_a_service_is_asked_for_and_answers(cast, sign_in, family):
    charlie, url = sign_in(cast.charlie), page("ask_service_for", family, "family_support")
    choice = charlie.get(page("ask_service", family), {"service": "family_support"})
    assert choice.headers["Location"] == url
    assert "the lead practitioner stays responsible" in text_of(charlie.get(url))
    sent = charlie.post(url, filled(charlie, url))
    assert sent.status_code == 302, sent.context["form"].errors
    with acting_as(cast.charlie):
        row = ServiceRequest.objects.get()
    answer = page("answer_service", family, row.pk)
    form = opened(charlie, answer) | {
        "status": "waiting",
        "answer": "A wait of six weeks.",
        "answered_by": "Duty worker",
    }
    charlie.post(answer, form)
    shown = text_of(sign_in(cast.alice).get(page("services", family)))
    for words in ("Family support", "Accepted, on a waiting list", "A wait of six weeks.", "They come in the mornings"):
        assert words in shown
    assert "waiting list" not in [label for _, label in opened_choices(charlie, answer)]
    form = opened(charlie, answer) | {"status": "declined", "answer": "They have no worker here.", "answered_by": "Jo"}
    charlie.post(answer, form)
    assert charlie.get(answer).status_code == 403
    assert "Family support: declined" in text_of(charlie.get(page("chronology", family)))


def opened_choices(client, url):
    return [(choice[0], str(choice[1])) for choice in client.get(url).context["form"].fields["status"].choices]


def test_why_that_service_is_asked(cast, sign_in, family):
    alice, url = sign_in(cast.alice), page("ask_service_for", family, "family_support")
    refused = alice.post(url, filled(alice, url, why=""))
    assert "Enter why this service, and not what the team gives" in text_of(refused)
    assert "Grace can’t walk her there" in text_of(refused)


def test_whoever_is_not_sure_sees_whom_to_ring_and_asks_for_nothing(cast, sign_in, family):
    set_procedure({"services.offered": WORCESTERSHIRE, "services.not_sure": "The local team: 01632 960033"})
    alice = sign_in(cast.alice)
    first = text_of(alice.get(page("ask_service", family)))
    assert "Level 2: Early Intervention Family Support Additional needs." in first
    assert "The local team: 01632 960033" not in first
    sure = text_of(alice.get(page("ask_service", family), {"service": "not_sure"}))
    assert "The local team: 01632 960033" in sure
    with acting_as_system("test"):
        assert not ServiceRequest.objects.exists()


def test_the_same_is_not_asked_twice_while_it_waits(cast, family):
    first = asked(cast, family)
    with pytest.raises(Refused, match="asked already"):
        asked(cast, family)
    with acting_as(cast.alice):
        additional.answered(
            asked=first, status="declined", answer="No.", answered_by="Jo", answered_on=clock.today(), actor=cast.alice
        )
    asked(cast, family)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"agreed_on": "tomorrow"}, "after it was sent"),
        ({"sent_on": "tomorrow"}, "today or in the past"),
        ({"service": "unheard_of"}, "can’t be asked for any more"),
    ],
)
def test_what_makes_no_sense_is_refused(cast, family, changes, why):
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(Refused, match=why):
        asked(cast, family, **{name: tomorrow if said == "tomorrow" else said for name, said in changes.items()})


def test_what_is_for_someone_who_is_kept_from_an_agency_is_not_read_there(cast, sign_in, family):
    with acting_as(cast.alice):
        ada, grace = child(family), mother(family)
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.NONE, grace)], actor=cast.alice)
    asked(cast, family, about=[ada.pk])
    asked(cast, family, service="youth")
    shown = text_of(sign_in(cast.charlie).get(page("services", family)))
    assert "Youth support" in shown
    assert "Family support" not in shown
