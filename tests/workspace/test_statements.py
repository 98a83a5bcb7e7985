"""How much each of the main pages asks of the database, besides savepoints and settings."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.plans.helpers import agreed_plan

AT_MOST = {"": 19, "sharing/": 18, "plan/": 15, "/": 12}


@pytest.mark.parametrize("page", AT_MOST)
def test_a_page_asks_little(cast, sign_in, page, family):
    agreed_plan(cast, family)
    alice = sign_in(cast.alice)
    url = page if page == "/" else family.get_absolute_url() + page
    alice.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert alice.get(url).status_code == 200
    furniture = ("SAVEPOINT", "RELEASE", "SELECT set_config")
    asked = [query["sql"][:150] for query in captured if not query["sql"].startswith(furniture)]
    assert len(asked) <= AT_MOST[page], "\n".join([str(len(asked)), *asked])
