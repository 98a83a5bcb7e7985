"""Three agencies write one assessment at the same time, the web is killed while they type, a session ends: no word is lost."""

import signal
from types import SimpleNamespace

import pytest

from tests.browser.conftest import Visitor
from tests.processes.conftest import installation

__all__ = ["installation"]
THIRD = """
from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, User
from families.models import Family, TeamMember
from families.services import team
from assessments.services import starting
from tests.cast import child, make_user, mother

with acting_as_system("test"):
    family, alice, charlie = Family.objects.get(), User.objects.get(email__startswith="alice"), User.objects.get(email__startswith="charlie")
    school = Agency.objects.get(name="Oak School") if Agency.objects.filter(name="Oak School").exists() else Agency.objects.create(name="Oak School", kind="school")
    zoe = make_user("Zoe", school)
with acting_as(alice):
    ada, grace = child(family), mother(family)
    agencies = [school, TeamMember.objects.get(user=charlie).agency]
    choices = [Choice(person, agency, Tier.ADDITIONAL, grace) for person in (ada, grace) for agency in agencies]
    record_choices(family=family, choices=choices, actor=alice)
    member = team.invite(family=family, episode=family.episode(), user=zoe, agency=school, role="contributor", actor=alice)
with acting_as(zoe):
    team.answer_invitation(member=member, accept=True, reason="", actor=zoe)
with acting_as(alice):
    starting.start(family=family, episode=family.episode(), actor=alice)
"""
WHAT = "What led to this assessment"


def types_more(visitor: Visitor, text: str) -> None:
    visitor.page.get_by_label(WHAT, exact=True).press_sequentially(text)


@pytest.mark.slow
def test_three_agencies_write_at_the_same_time_and_no_word_is_lost(installation, browser):
    installation.python("manage.py", "shell", "--no-imports", "-c", THIRD)
    installation.starts("web")
    writers = {
        name: Visitor(browser, installation.address, SimpleNamespace(email=f"{name}@cast.example"))
        for name in ("alice", "charlie", "zoe")
    }
    part, read = (f"{installation.family['url']}assessment/{path}" for path in ("part/why_now/", "read/"))
    for name, writer in writers.items():
        writer.signs_in().goes_to(part).types(WHAT, f"{name} begins.")
        writer.page.get_by_text("Draft saved").wait_for()
    writers["charlie"].presses("Save and go on").sees("Saved.")

    installation.running["web"].send_signal(signal.SIGKILL)
    installation.stops("web")
    types_more(writers["alice"], " The web is away.")
    writers["alice"].page.get_by_text("Not saved").wait_for()
    installation.starts("web")
    writers["alice"].page.get_by_text("Draft saved").wait_for(timeout=30_000)

    zoe = writers["zoe"]
    zoe.context.clear_cookies(name="sessionid")
    types_more(zoe, " Signed out.")
    zoe.page.get_by_text("You have been signed out").wait_for()
    zoe.signs_in().goes_to(part).sees("zoe begins.")
    types_more(zoe, " And back again.")
    zoe.presses("Save and go on").sees("Saved.")
    writers["alice"].presses("Save and go on").sees("Saved.")
    for writer in writers.values():
        writer.goes_to(read)
        writer.sees("alice begins. The web is away.", "charlie begins.", "zoe begins.", "And back again.")
        writer.sees("Alice (Birch Primary School)", "Charlie (Health visiting)", "Zoe (Oak School)")
    installation.stops("web")
