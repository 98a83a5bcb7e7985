"""Signing in, and what a role needs for it."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from earlyhelp.core import clock


def test_a_wrong_password_says_so_without_saying_which_was_wrong(cast):
    page = Client().post("/accounts/login/", {"login": "alice@cast.example", "password": "wrong"}).content.decode()
    assert "The e-mail address or password is not right" in page


def test_nothing_typed_says_what_to_enter(cast):
    page = Client().post("/accounts/login/", {}).content.decode()
    assert "Enter your e-mail address" in page
    assert "Enter your password" in page


def test_after_signing_in_one_is_at_home(cast):
    client = Client()
    page = client.post(
        "/accounts/login/", {"login": "ALICE@cast.example", "password": "a good long password"}, follow=True
    ).content.decode()
    assert "Hello, Alice" in page


def test_someone_switched_off_cannot_sign_in(cast):
    cast.alice.is_active = False
    cast.alice.save()
    client = Client()
    client.post("/accounts/login/", {"login": "alice@cast.example", "password": "a good long password"})
    assert client.get("/").status_code == 302


def test_a_role_that_needs_a_code_sets_it_up_before_anything_else(cast, sign_in, settings):
    settings.MFA_REQUIRED_ROLES = ["manager"]
    assert sign_in(cast.manager).get("/").url == "/accounts/2fa/totp/activate/"
    assert sign_in(cast.alice).get("/").status_code == 200
    Authenticator.objects.create(user=cast.manager, type="totp", data={})
    assert sign_in(cast.manager).get("/").status_code == 200


@pytest.mark.parametrize("who", ["auditor", "admin"])
def test_who_works_with_no_family_reads_what_they_will_do(cast, sign_in, who):
    client = sign_in(getattr(cast, who))
    assert "no record" in client.get("/").content.decode() or "no family" in client.get("/").content.decode()
    refused = client.get("/families/")
    assert refused.status_code == 403
    assert "Your role works with no families" in refused.content.decode()


def test_no_page_stays_in_a_shared_computers_cache(cast, sign_in):
    assert "no-store" in sign_in(cast.alice).get("/")["Cache-Control"]


def test_pages_allow_no_script_but_ours(cast, sign_in):
    policy = sign_in(cast.alice).get("/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.true_clock
def test_a_trainer_moves_the_clock_and_puts_it_right(cast):
    client = Client()
    before = clock.now()
    client.post("/demo/clock/", {"by": "3"})
    assert 71 < (clock.now() - before).total_seconds() / 3600 < 73
    assert "The clock is moved" in client.get("/demo/").content.decode()
    cache.clear()
    assert 71 < (clock.now() - before).total_seconds() / 3600 < 73
    client.post("/demo/clock/", {"by": "0"})
    assert clock.moved_to() is None


@pytest.mark.true_clock
def test_outside_the_demo_no_clock_moves(settings):
    settings.MOVABLE_CLOCK = False
    with pytest.raises(RuntimeError):
        clock.move(clock.WEEK)


@pytest.mark.parametrize(
    ("address", "data", "message"),
    [
        ("/accounts/password/change/", {}, "Enter the password that you have now"),
        ("/accounts/reauthenticate/", {}, "Enter your password"),
    ],
)
def test_an_empty_form_about_signing_in_is_answered_in_plain_words(cast, sign_in, address, data, message):
    shown = sign_in(cast.alice).post(address, data).content.decode()
    assert message in shown
    assert "This field is required" not in shown


def test_who_is_signed_in_finds_how_they_sign_in_on_every_page(cast, sign_in):
    alice = sign_in(cast.alice)
    assert 'href="/accounts/2fa/"' in alice.get("/").content.decode()
    assert "Change your password" in alice.get("/accounts/2fa/").content.decode()
