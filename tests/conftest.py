"""A strict harness: warnings are errors, an undefined template variable fails, nothing leaves this machine, and the
clock is frozen unless a test moves it."""

import copy
import inspect
import os
import re
import socket
import string
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client, TransactionTestCase

from earlyhelp.access.identity import acting_as
from earlyhelp.core import clock
from families.models import Family
from tests import hunting  # noqa: F401  (how far random tests look)
from tests.cast import MONDAY, Cast, known_cast, make_cast
from tests.databases import Databases, template

TEMPLATES = Path(__file__).parents[1] / "templates"
LOOPBACK = ("127.", "::1", "localhost")


SLOW = ("browser", "printing", "demo", "processes", "test_commands.py")
MANY = re.compile("of_25|of_few|of_many|2400")
LAYERS = [
    "core", "govuk", "procedures", "accounts", "access", "notifications", "drafts", "timescales", "printing", "desk", "families", "consent",
    "assessments", "plans", "stepdown", "workspace", "demo",
]  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--above", default="", help="leave out the tests of layers below this one")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What modules make while they are read is made on the same day, and asks no database for the time."""
    with clock.frozen_at(MONDAY):
        return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long, what draws its cases, and, with --above, only the layers that a change can reach."""
    above = config.getoption("above")
    lowest = LAYERS.index(above) if above else 0
    kept = []
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        draws = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if draws:
            item.add_marker("property")
        many = MANY.search(item.name)
        if folder in SLOW or many or (draws and "cast" in item.fixturenames):  # type: ignore[attr-defined]
            item.add_marker("slow")
        if folder not in LAYERS or LAYERS.index(folder) >= lowest:
            kept.append(item)
    items[:] = kept


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Last, what failed and how to see it again."""
    reports = [*terminalreporter.stats.get("failed", []), *terminalreporter.stats.get("error", [])]
    failed = sorted({report.nodeid for report in reports})
    if failed:
        seed = getattr(config.option, "randomly_seed", "")
        terminalreporter.write_line(f"\n{len(failed)} failed, with seed {seed}:")
        for nodeid in failed:
            terminalreporter.write_line(f"  {nodeid}")
        tests = " ".join(f"'{nodeid}'" for nodeid in failed[:20])
        terminalreporter.write_line(f'Again: make again SEED={seed} TESTS="{tests}"')


@pytest.fixture(scope="session")
def databases(django_test_environment, django_db_blocker, worker_id) -> Iterator[Databases]:
    """This worker's copies of the databases that tests begin from; a test that commits leaves a new copy behind."""
    with django_db_blocker.unblock():
        template("empty")
    databases = Databases(worker_id + os.environ.get("SLOT", ""))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: databases.spoil())
        yield databases
        databases.drop()


@pytest.fixture
def django_db_setup(request, databases, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        databases.use("led" if "led_already" in request.fixturenames else "empty")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections go to this machine only."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError("A test tried to reach another machine")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


class Undefined(str):
    """What Django puts where a variable is missing: in a template of ours that is an error."""

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        frame = inspect.currentframe()
        while frame and frame.f_code.co_name != "render_annotated":
            frame = frame.f_back
        origin = str(frame.f_locals["self"].origin) if frame else ""
        if origin.startswith(str(TEMPLATES)):
            raise AssertionError(f"{name} is not defined in {origin.removeprefix(str(TEMPLATES))}")
        return ""


@pytest.fixture(autouse=True)
def no_undefined_variables(settings) -> None:
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("undefined")


@pytest.fixture(autouse=True)
def plain_settings(settings, tmp_path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def nothing_random_spells_a_name(monkeypatch) -> None:
    """What is random on a page (tokens, signed addresses) has no capital: no name that a page must not show comes about."""
    monkeypatch.setattr("django.middleware.csrf.CSRF_ALLOWED_CHARS", string.ascii_lowercase + string.digits)
    monkeypatch.setattr("django.core.signing.b64_encode", lambda data: data.hex().encode())
    monkeypatch.setattr("django.core.signing.b64_decode", lambda text: bytes.fromhex(text.decode()))
    monkeypatch.setattr("django.core.signing.b62_encode", str)
    monkeypatch.setattr("django.core.signing.b62_decode", int)


@pytest.fixture(autouse=True)
def own_cache(settings) -> None:
    """Each test's cache is its own, also when two run at once."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture(autouse=True)
def frozen_clock(request) -> Iterator[datetime | None]:
    """Monday 23 November 2026, ten in the morning; tests marked `true_clock` keep true time."""
    if request.node.get_closest_marker("true_clock"):
        yield None
        return
    with clock.frozen_at(MONDAY):
        yield MONDAY


@pytest.fixture
def cast(request, db) -> Cast:
    return known_cast() if "led_already" in request.fixturenames else make_cast()


@pytest.fixture
def led_already() -> None:
    """The test begins with the cast and with a family that Alice leads and Charlie is on the team of."""


@pytest.fixture
def family(led_already, cast) -> Family:
    with acting_as(cast.alice):
        return Family.objects.get()


@pytest.fixture
def sign_in(cast):
    """A signed-in browser for a member of the cast."""

    def sign_in_as(user) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in_as
