"""Who wasn't told by e-mail stands where the administrator sees it, by account, and never what about."""

from datetime import timedelta

from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.notifications import tasks
from earlyhelp.notifications.models import Notification
from tests.pages import text_of

PAGE = "/settings/mail/"


def test_who_was_not_told_stands_there_until_they_are(cast, sign_in, family, monkeypatch, mailoutbox):
    admin = sign_in(cast.admin)
    assert "Everyone was told" in text_of(admin.get(PAGE))

    def fails(**_: object) -> None:
        raise ConnectionRefusedError

    with clock.frozen_at(clock.now() + timedelta(minutes=10)):
        with monkeypatch.context() as away:
            away.setattr(tasks, "send_mail", fails)
            assert tasks.deliver() == 0
        page = text_of(admin.get(PAGE))
        assert cast.dana.email in page
        assert family.reference not in page
        assert "Okafor" not in page
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        sent = tasks.deliver()
        assert sent == len(mailoutbox) > 0
        assert tasks.deliver() == 0
        assert "Everyone was told" in text_of(admin.get(PAGE))
    with acting_as_system("test"):
        assert not Notification.objects.filter(emailed_at=None).exists()
