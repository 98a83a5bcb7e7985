"""E-mails go out, whatever is wrong with some of them."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from earlyhelp.notifications.tasks import BATCH, deliver
from tests.cast import make_user


class Choosy(EmailBackend):
    """A mail server that takes nothing for one address."""

    def send_messages(self, messages):
        if any(to.startswith("full@") for message in messages for to in message.to):
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def choosy(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_delivery.Choosy"


def notify(user, count=1, kind="families.access_ended"):
    with acting_as_system("test"):
        start = Notification.objects.count()
        return Notification.objects.bulk_create(
            Notification(user=user, kind=kind, reference="482-9157", url="/", key=f"test:{start + n}")
            for n in range(count)
        )


def full_mailbox():
    user = make_user("Full")
    user.email = "full@cast.example"
    user.save()
    return user


def later(minutes):
    return clock.frozen_at(clock.now() + timedelta(minutes=minutes))


def test_those_that_no_server_takes_do_not_block_the_ones_behind_them(cast):
    notify(full_mailbox(), BATCH)
    with later(1):
        notify(cast.alice)
        assert deliver() == 0
        assert deliver() == 1
    assert [m.to for m in mail.outbox] == [["alice@cast.example"]]


def test_one_that_failed_is_tried_again_after_longer_and_longer(cast):
    user = full_mailbox()
    (only,) = notify(user)
    tried = []
    for minute in range(20):
        with later(minute), acting_as_system("test"):
            before = Notification.objects.get(pk=only.pk).attempts
            deliver()
            if Notification.objects.get(pk=only.pk).attempts > before:
                tried.append(minute)
    assert tried == [0, 1, 3, 7, 15]
    user.email = "empty@cast.example"
    user.save()
    with later(60):
        assert deliver() == 1
        assert deliver() == 0


def test_a_kind_that_nobody_knows_stays_and_the_others_go(cast, sign_in, caplog):
    (unknown,) = notify(cast.alice, kind="families.of_a_later_version")
    notify(cast.alice)
    assert deliver() == 1
    with acting_as_system("test"):
        assert Notification.objects.get(pk=unknown.pk).emailed_at is None
    said = " ".join(str(record.msg) for record in caplog.records)
    assert "families.of_a_later_version" in said
    for personal in ("Alice", "alice@", "482-9157"):
        assert personal not in said
    home = sign_in(cast.alice).get("/")
    assert home.status_code == 200
    assert home.content.decode().count("access to the family 482-9157 has ended") == 1
