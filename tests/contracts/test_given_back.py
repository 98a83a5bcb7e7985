"""Every page that takes words gives them back when the database goes away under them: before anything was asked of it, or in
the middle of saving."""

from html import unescape

import pytest
from django.db import OperationalError, connection
from django.urls import get_resolver, reverse

from tests.access.test_who_may_do_what import EXPECTED, WHO, pages, table, world  # noqa: F401

pytestmark = pytest.mark.slow

WORDS = "Grace says <b>mornings</b> are calmer, and Ada sleeps."


class Away:
    """PostgreSQL from `after` statements on: every question fails; what only undoes what was begun is let through."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.asked = 0

    def __call__(self, execute, sql, params, many, context):
        if "SAVEPOINT" in sql:
            return execute(sql, params, many, context)
        self.asked += 1
        if self.asked > self.after:
            raise OperationalError("the connection is lost")
        return execute(sql, params, many, context)


def views():
    """The view of each page, by name."""

    def walk(resolver):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                yield from walk(entry)
            elif entry.name:
                yield entry.name, getattr(entry.callback, "view_class", None)

    return dict(walk(get_resolver()))


def test_what_is_sent_to_any_page_while_the_database_is_away_comes_back(world, sign_in):  # noqa: F811
    users, args = world
    clients = {who: sign_in(user) for who, user in users.items()}
    expected, view_of = table(EXPECTED), views()
    taking = {name: pattern for name, (pattern, _) in pages().items() if hasattr(view_of[name], "post")}
    lost, broke = [], 0
    for name, pattern in taking.items():
        may = [who for who in WHO if expected[name][who] == "+"]
        client = clients[may[0] if may else "lead"]
        client.raise_request_exception = False
        url = reverse(name, args=args(name, pattern))
        for after in (0, 12) if may else (0,):
            away = Away(after)
            with connection.execute_wrapper(away):
                answer = client.post(url, {"words": WORDS}, HTTP_ORIGIN="http://testserver")
            if away.asked <= after:
                continue
            broke += 1
            page = answer.content.decode()
            if answer.status_code != 503 or "stored, try again" not in page or WORDS not in unescape(page):
                lost.append((name, after, answer.status_code))
    assert len(taking) > 80
    assert lost == []
    assert broke > len(taking)
