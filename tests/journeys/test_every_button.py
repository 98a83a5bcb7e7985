"""At every stage of a family, every link leads somewhere, and every button that asks nothing does what it says."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import transaction

from assessments.services import starting
from consent.models import Agreement
from consent.services.ledger import record_agreement
from consent.word import Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.services import episodes
from tests.access.test_doors import end, open_again
from tests.cast import led_family, mother, new_family
from tests.pages import text_of
from tests.plans.helpers import agreed_plan, draft_plan


def contacted(cast):
    family = new_family(cast)
    with acting_as(cast.alice):
        contact = {"at": clock.now(), "how": "call", "reached": True, "note": ""}
        episodes.record_contact(family=family, episode=family.episode(), actor=cast.alice, **contact)
    return family


def assessed(cast):
    family = led_family(cast)
    with acting_as(cast.alice):
        starting.start(family=family, episode=family.episode(), actor=cast.alice)
    return family


def drafted(cast):
    family = assessed(cast)
    draft_plan(cast, family)
    return family


def planned(cast):
    family = assessed(cast)
    agreed_plan(cast, family)
    return family


def planned_without_assessment(cast):
    family = led_family(cast)
    agreed_plan(cast, family)
    return family


def withdrew(cast):
    family = planned(cast)
    with acting_as_system("test"):
        no = Decision(mother(family), Agreement.Decision.WITHDRAWN, "verbal", clock.today(), witness="Alice")
        record_agreement(family=family, decision=no, choices=[], actor=cast.alice)
    return family


def ended(cast):
    family = planned(cast)
    end(cast, family)
    return family


def again(cast):
    family = ended(cast)
    open_again(cast, family, cast.school, cast.alice)
    return family


pytestmark = pytest.mark.slow
STAGES = [
    new_family, contacted, led_family, assessed, drafted, planned, planned_without_assessment, withdrew, ended, again,
]  # fmt: skip
WHO = ("alice", "charlie", "manager")
FORM = re.compile(r'<form([^>]*method="post"[^>]*)>(.*?)</form>', re.DOTALL)
ACTION = re.compile(r'action="(/[^"]*)"')
ANSWERED = re.compile(r'<(?:textarea|select|input(?![^>]*type="hidden"))')
LINK = re.compile(r'href="(/families/[^"#]*)')


def links(page, url: str) -> set[str]:
    main = page.content.decode().partition("<main")[2] or page.content.decode()
    tabs = page.content.decode()
    return {unescape(link) for link in LINK.findall(main) + LINK.findall(tabs) if link.startswith(url)}


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_every_link_opens_and_every_plain_button_works(cast, sign_in, stage):
    family = stage(cast)
    url, dead, pressed = family.get_absolute_url(), [], 0
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        for who in WHO:
            client = sign_in(getattr(cast, who))
            if client.get(url).status_code != 200:
                continue
            waiting, seen = {url}, set()
            while waiting:
                address = waiting.pop()
                seen.add(address)
                page = client.get(address)
                if page.status_code >= 400:
                    dead.append((who, address, page.status_code))
                    continue
                if page.headers.get("Content-Type", "").startswith("text/html"):
                    waiting |= links(page, url) - seen
                    pressed += press(client, address, page, who, dead)
            assert len(seen) > 1, who
    assert dead == []
    assert pressed or stage not in (led_family, planned)


def press(client, address: str, page, who: str, dead: list) -> int:
    """Press each button beside which nothing is asked, and take it back."""
    found = FORM.findall(page.content.decode().partition("<main")[2])
    forms = [ACTION.search(attributes) for attributes, inside in found if not ANSWERED.search(inside)]
    for elsewhere in forms:
        save = transaction.savepoint()
        answer = client.post(unescape(elsewhere[1]) if elsewhere else address, {})
        done = answer.status_code == 302 or answer.headers["Content-Type"] == "application/pdf"
        if not done:
            dead.append((who, f"POST {address}", answer.status_code, text_of(answer)[:300]))
        transaction.savepoint_rollback(save)
    return len(forms)
