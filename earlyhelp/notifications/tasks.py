from uuid import UUID

import structlog
from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail

from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from earlyhelp.notifications.registry import Notice, words

log = structlog.get_logger(__name__)
BATCH = 200


@shared_task
def deliver() -> int:
    """E-mail what hasn't been e-mailed; each is claimed first, so that two runs at once send it once."""
    sent = 0
    with acting_as_system("deliver notifications"):
        waiting = list(
            Notification.objects.filter(emailed_at=None).order_by("created_at").values_list("pk", flat=True)[:BATCH]
        )
    for pk in waiting:
        try:
            sent += _deliver_one(pk)
        except OSError as error:
            log.warning("e-mail not sent; it will be tried again", kind=type(error).__name__)
    return sent


def _deliver_one(pk: UUID) -> int:
    with acting_as_system("deliver notifications"):
        if not Notification.objects.filter(pk=pk, emailed_at=None).update(emailed_at=clock.now()):
            return 0
        notification = Notification.objects.select_related("user").get(pk=pk)
        if not Notice.registry[notification.kind].by_email or not notification.user.is_active:
            return 0
        sentence = words(notification)
        send_mail(
            subject=f"Early Help: {sentence}",
            message=f"{sentence}\n\nSign in to see it: {settings.SITE_URL}{notification.url}\n",
            from_email=None,
            recipient_list=[notification.user.email],
        )
        return 1
