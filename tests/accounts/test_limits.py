"""Whoever tries passwords is stopped, and shuts nobody else out."""

import re
from datetime import timedelta
from itertools import count

import pytest
from django.core import mail
from django.test import Client

from earlyhelp.accounts import sign_ins
from earlyhelp.accounts.models import PasswordMail, SignInFailure
from earlyhelp.accounts.tasks import send_password_mails
from earlyhelp.core import clock
from tests.cast import PASSWORD

TOO_MANY = "Too many passwords were wrong. Try again after "
PROXY = {"REMOTE_ADDR": "10.0.0.1"}


@pytest.fixture(autouse=True)
def behind_a_proxy(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def tries(client: Client, who: str, password: str, *, place: str = "192.0.2.1", claims: str = "") -> str:
    """What someone reads who signs in from a place; the proxy adds it after what the client claims."""
    forwarded = f"{claims}, {place}" if claims else place
    sent = {"login": f"{who}@cast.example", "password": password}
    page = client.post("/accounts/login/", sent, follow=True, HTTP_X_FORWARDED_FOR=forwarded, **PROXY)
    return page.content.decode()


def fails(count: int, who: str = "alice", **where: str) -> None:
    for _ in range(count):
        tries(Client(), who, "wrong", **where)


def earlier(minutes: float) -> None:
    for failure in SignInFailure.objects.all():
        failure.at -= timedelta(minutes=minutes)
        failure.save()


def test_wrong_passwords_for_invented_accounts_keep_nobody_out(cast):
    for number in range(11):
        fails(1, who=f"nobody{number}", place=f"192.0.2.{number}")
    assert "Hello, Alice" in tries(Client(), "alice", PASSWORD, place="192.0.2.77")


def test_an_account_waits_after_five_wrong_passwords_and_says_until_when(cast):
    fails(5)
    page = tries(Client(), "alice", PASSWORD)
    assert re.search(TOO_MANY + r"\d{1,2}:\d\d[ap]m\.", page)
    assert "Hello, Bob" in tries(Client(), "bob", PASSWORD)
    earlier(5.1)
    assert "Hello, Alice" in tries(Client(), "alice", PASSWORD)


def test_other_places_spare_no_account_that_is_tried(cast):
    for number in range(5):
        fails(1, place=f"192.0.2.{number}")
    assert TOO_MANY in tries(Client(), "alice", PASSWORD, place="192.0.2.77")


@pytest.mark.parametrize("attack", ["alice", "everybody"])
def test_whoever_signed_in_here_before_is_never_shut_out(cast, attack):
    mine = Client()
    assert "Hello, Alice" in tries(mine, "alice", PASSWORD)
    mine.post("/accounts/logout/")
    for number in range(6 if attack == "alice" else 60):
        fails(1, who="alice" if attack == "alice" else f"nobody{number}")
    assert TOO_MANY in tries(Client(), "alice", PASSWORD)
    assert "Hello, Alice" in tries(mine, "alice", PASSWORD)


def test_on_a_shared_computer_each_has_their_own_tries(cast):
    shared = Client()
    for who in ("alice", "bob"):
        assert "Hello" in tries(shared, who, PASSWORD)
        shared.post("/accounts/logout/")
    for _ in range(5):
        tries(shared, "alice", "wrong")
    assert TOO_MANY in tries(shared, "alice", PASSWORD)
    assert "Hello, Bob" in tries(shared, "bob", PASSWORD)
    assert "Hello, Alice" in tries(Client(), "alice", PASSWORD)


def test_one_place_that_tries_many_accounts_waits_and_no_other_does(cast):
    for number in range(sign_ins.TRIES_OF_A_CLIENT):
        fails(1, who=f"nobody{number}", claims=f"198.51.100.{number}")
    assert TOO_MANY in tries(Client(), "alice", PASSWORD)
    assert "Hello, Alice" in tries(Client(), "alice", PASSWORD, place="192.0.2.2")


def test_of_ipv6_one_subscriber_is_one_place(cast):
    for number in range(sign_ins.TRIES_OF_A_CLIENT):
        fails(1, who=f"nobody{number}", place=f"2001:db8::{number:x}")
    assert TOO_MANY in tries(Client(), "alice", PASSWORD, place="2001:db8::ffff")
    assert "Hello, Alice" in tries(Client(), "alice", PASSWORD, place="2001:db8:1::1")


def test_a_device_that_someone_made_up_is_a_new_one(cast):
    fails(5)
    made_up = Client()
    made_up.cookies["device"] = "a:b:c"
    assert TOO_MANY in tries(made_up, "alice", PASSWORD)


def test_a_new_password_by_e_mail_ends_the_wait(cast):
    fails(5)
    client = Client()
    client.post("/accounts/password/reset/", {"email": "alice@cast.example"})
    send_password_mails()
    link = re.search(r"http://127.0.0.1:8000(\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "quite another password", "password2": "quite another password"})
    assert "Hello, Alice" in tries(client, "alice", "quite another password")


def test_whoever_confirms_their_password_is_counted_too(cast, sign_in):
    alice = sign_in(cast.alice)
    answers = (alice.post("/accounts/reauthenticate/", {"password": "wrong"}).content.decode() for _ in count())
    seen = [next(answers) for _ in range(6)]
    assert TOO_MANY in seen[-1]
    assert TOO_MANY not in seen[0]


def test_confirming_with_the_right_password_goes_on(cast, sign_in):
    answer = sign_in(cast.alice).post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def test_nothing_typed_is_kept_of_a_sign_in_that_failed(cast):
    fails(1, who="a-password-in-the-wrong-box")
    kept = str(list(SignInFailure.objects.values_list()))
    assert "wrong" not in kept
    assert "192.0.2.1" in kept


def test_what_failed_a_month_ago_is_gone(cast):
    fails(1)
    earlier(31 * 24 * 60)
    fails(1, who="bob")
    assert [failure.user for failure in SignInFailure.objects.all()] == [cast.bob]


def test_the_administrator_sees_who_waits_and_whose_sign_ins_failed(cast, sign_in):
    fails(5)
    fails(1, who="bob", place="192.0.2.9")
    fails(2, who="nobody")
    page = sign_in(cast.admin).get("/settings/sign-ins/").content.decode()
    alice, bob = page.index("Alice"), page.index("Bob")
    assert bob < alice, "the latest first"
    assert "Birch Primary School" in page
    assert "Waits" in page[alice:]
    assert "Waits" not in page[bob:alice]
    assert "Besides, 2 tries with 1" in page
    assert "@" not in page.partition("<main")[2]


def test_the_administrator_reads_that_nothing_failed(cast, sign_in):
    assert "No account’s sign-in failed" in sign_in(cast.admin).get("/settings/sign-ins/").content.decode()


def test_no_mail_goes_to_an_address_without_an_account(cast):
    answers = {
        Client().post("/accounts/password/reset/", {"email": f"{who}@cast.example"}, follow=True).content
        for who in ("nobody", "alice")
    }
    assert len(answers) == 1, "what one reads doesn't tell either"
    send_password_mails()
    assert [message.to for message in mail.outbox] == [["alice@cast.example"]]


def test_mail_about_a_password_is_in_our_words(cast):
    Client().post("/accounts/password/reset/", {"email": "alice@cast.example"})
    send_password_mails()
    message = mail.outbox[0]
    assert message.subject == "Choose a new password for Early Help"
    assert "Hello from" not in message.body
    assert "signup" not in message.body
    assert "example.com" not in message.body


def test_while_mail_is_away_nothing_fails_and_the_link_goes_out_later(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = Client().post("/accounts/password/reset/", {"email": "alice@cast.example"}, follow=True)
    assert "Check your e-mail" in page.content.decode()
    assert send_password_mails() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_password_mails() == 0, "not yet"
    PasswordMail.objects.update(try_at=clock.true_now())
    assert send_password_mails() == 1
    assert send_password_mails() == 0, "once"
    assert [message.to for message in mail.outbox] == [["alice@cast.example"]]
