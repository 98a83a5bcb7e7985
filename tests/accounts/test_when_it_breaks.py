"""Whatever goes wrong, the page says whom to ring: the council's own numbers, when they were ever read."""

from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import path

from earlyhelp.procedures import services
from earlyhelp.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]
NUMBERS = ("01632 960001", "01632 960002", "Castshire Front Door")


def broken(request):
    raise RuntimeError


def broken_query(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing")


def odd(request):
    raise SuspiciousOperation


urlpatterns = [
    path("broken/", broken),
    path("broken-query/", broken_query),
    path("odd/", odd),
    *urlpatterns,
]


@pytest.fixture(autouse=True)
def pages_that_break(settings):
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def alice(sign_in, cast):
    client = sign_in(cast.alice)
    client.raise_request_exception = False
    return client


@pytest.fixture
def never_read(monkeypatch):
    monkeypatch.setattr(services, "_last_read", None)


def says_whom_to_ring(response, status) -> None:
    assert response.status_code == status
    shown = response.content.decode()
    for each in ("999", *NUMBERS):
        assert each in shown


@pytest.mark.parametrize(("url", "status"), [("/broken/", 500), ("/odd/", 400)])
@pytest.mark.usefixtures("never_read")
def test_an_error_page_gives_the_councils_own_numbers(alice, url, status):
    says_whom_to_ring(alice.get(url), status)


@pytest.mark.usefixtures("never_read")
def test_an_error_that_leaves_the_database_unreadable_gives_what_was_read_before(alice):
    assert alice.get("/").status_code == 200
    cache.clear()
    says_whom_to_ring(alice.get("/broken-query/"), 500)


@pytest.mark.usefixtures("never_read")
def test_a_page_that_was_open_too_long_gives_them_too(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/search/", {"q": "Ada"})
    assert "This page had been open too long" in answer.content.decode()
    says_whom_to_ring(answer, 403)


@contextmanager
def everything_down(settings):
    """Neither the cache nor the database answers."""

    def refuse(*args, **kwargs):
        raise DatabaseError

    up = settings.CACHES
    with pytest.MonkeyPatch.context() as patch:
        settings.CACHES = {"default": {**up["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
        patch.setattr(connection, "cursor", refuse)
        yield
    settings.CACHES = up


@pytest.mark.usefixtures("never_read")
def test_with_everything_down_it_gives_what_was_read_before(alice, settings):
    assert alice.get("/").status_code == 200
    with everything_down(settings):
        answer = alice.get("/")
    says_whom_to_ring(answer, 500)


@pytest.mark.usefixtures("never_read")
def test_with_everything_down_and_nothing_ever_read_it_still_says_999(alice, settings):
    with everything_down(settings):
        answer = alice.get("/")
    assert answer.status_code == 500
    shown = answer.content.decode()
    assert "Sorry, something went wrong" in shown
    assert 'href="tel:999"' in shown
    assert "at the foot of every other page" in shown
