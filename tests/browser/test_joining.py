"""Joining, without training: the invitation, a password, a one-time code, and a first page that says what to do."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from earlyhelp.accounts.models import Role, User
from earlyhelp.accounts.tasks import send_password_mails
from earlyhelp.desk.services import people
from tests.browser.test_an_empty_authority import joins, link_in
from tests.cast import make_cast

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]
MOST_CLICKS = 12  # with a third of a minute for each, well under five minutes


def test_a_manager_joins_with_a_code_and_reads_what_to_do(visitor, settings, mailoutbox):
    settings.MFA_REQUIRED_ROLES = ["manager"]
    cast = make_cast()
    place = people.Place(cast.health, Role.MANAGER)
    people.invite(name="Mia Lund", email="mia@health.example", place=place, actor=cast.admin)
    send_password_mails()
    (mail,) = mailoutbox
    mia = joins(visitor, User.objects.get(email="mia@health.example"), link_in(mail.body))
    mia.sees("Your role needs a one-time code as well as a password", "Install an authenticator app on your phone")
    mia.opens("I can’t scan the picture")
    key = mia.page.locator(".app-code").inner_text().strip()
    mia.types("Code", format_hotp_value(hotp_value(key, next(yield_hotp_counters_from_time()))))
    mia.presses("Continue").sees("Recovery codes")
    mia.goes_to("/").sees("Hello, Mia", "Requests without an answer", "Your team", "Charlie")
    assert mia.clicks <= MOST_CLICKS
