"""A service administrator sees no family: not on any page, in any file or history, whatever address is tried."""

import re

import pytest
from django.urls import reverse

from earlyhelp.accounts.models import Membership, Role, WorksFor
from tests.access.test_who_may_do_what import pages, world  # noqa: F401

pytestmark = pytest.mark.slow
OF_THE_FAMILY = re.compile(r"Okafor|Grace|\bAda\b|Tola|1 High Street|MX1 2AB|01632 960777")


def test_no_page_or_file_says_a_word_of_a_family(world, sign_in):  # noqa: F811
    users, args = world
    seen, tried = {}, 0
    for who in ("admin", "super"):
        client = sign_in(users[who])
        client.raise_request_exception = False
        for name, (pattern, _) in pages().items():
            url = reverse(name, args=args(name, pattern))
            for answer in (client.get(url), client.post(url, {}), client.get(url, {"find": "kafo", "q": "kafo"})):
                tried += 1
                text = answer.content.decode(errors="replace")
                if found := OF_THE_FAMILY.search(text):
                    seen[f"{who}: {name}"] = found[0]
    assert tried > 600
    assert seen == {}


def test_nobody_puts_them_on_a_team_or_lets_them_lead(world):  # noqa: F811
    users, _ = world
    theirs = WorksFor.objects.filter(user=users["admin"])
    assert theirs.exists()
    assert not theirs.filter(may_lead=True).exists()
    assert not theirs.filter(may_join=True).exists()
    assert Membership.objects.filter(user=users["admin"], role=Role.ADMINISTRATOR).exists()
