from datetime import timedelta
from uuid import UUID

import structlog
from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F

from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from earlyhelp.notifications.registry import Notice, words

log = structlog.get_logger(__name__)
BATCH = 200
LONGEST_WAIT = timedelta(hours=4)


@shared_task
def deliver() -> int:
    """E-mail what hasn't been e-mailed; each is claimed first, so that two runs at once send it once.

    One that fails is set aside, each time for twice as long, so that it never stands in the way of others.
    """
    sent = 0
    with acting_as_system("deliver notifications"):
        due = Notification.objects.filter(emailed_at=None, email_at__lte=clock.now()).order_by("email_at", "pk")
        waiting = list(due.values_list("pk", "kind", "attempts")[:BATCH])
    for pk, kind, attempts in waiting:
        try:
            sent += _deliver_one(pk)
        except Exception as error:  # whatever is wrong with one, the others are sent
            log.warning("e-mail not sent; it will be tried again", notification=kind, kind=type(error).__name__)
            _set_aside(pk, attempts)
    return sent


def _deliver_one(pk: UUID) -> int:
    with acting_as_system("deliver notifications"):
        if not Notification.objects.filter(pk=pk, emailed_at=None).update(emailed_at=clock.now()):
            return 0
        notification = Notification.objects.select_related("user").get(pk=pk)
        kind = Notice.registry[notification.kind]
        read = notification.read_at and not kind.though_read
        if read or not (kind.by_email and notification.user.is_active and kind.may_still_be_told(notification)):
            return 0
        sentence = words(notification)
        send_mail(
            subject=f"Early Help: {sentence}",
            message=f"{sentence}\n\nSign in to see it: {settings.SITE_URL}{notification.url}\n",
            from_email=None,
            recipient_list=[notification.user.email],
        )
        return 1


def _set_aside(pk: UUID, attempts: int) -> None:
    wait = min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)
    with acting_as_system("set aside a notification that could not be sent"):
        Notification.objects.filter(pk=pk, emailed_at=None).update(
            email_at=clock.now() + wait, attempts=F("attempts") + 1
        )
