from datetime import timedelta

import structlog
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from earlyhelp.accounts.models import PasswordMail
from earlyhelp.core import clock
from earlyhelp.procedures.services import procedure_in_force

log = structlog.get_logger(__name__)
AT_ONCE, AGAIN = 200, timedelta(minutes=2)
TEMPLATES = {False: "account/email/password_reset_key_{}.txt", True: "account/email/invitation_{}.txt"}


@shared_task
def send_password_mails() -> int:
    """Mail the links for a new password that were asked for; each is claimed first, and one that fails is tried again for as
    long as its link would work."""
    now, sent = clock.true_now(), 0
    PasswordMail.objects.filter(asked_at__lt=now - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)).delete()
    for mail in PasswordMail.objects.filter(sent_at=None, try_at__lte=now).select_related("user")[:AT_ONCE]:
        if not PasswordMail.objects.filter(pk=mail.pk, sent_at=None).update(sent_at=now):
            continue
        try:
            _send(mail)
            sent += 1
        except Exception as error:  # whatever is wrong with one, the others are sent
            log.warning("password mail not sent; it will be tried again", kind=type(error).__name__)
            PasswordMail.objects.filter(pk=mail.pk).update(sent_at=None, try_at=now + AGAIN)
    return sent


def _send(mail: PasswordMail) -> None:
    if not mail.user.is_active:
        return
    key = default_token_generator.make_token(mail.user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(mail.user), key])
    procedure = procedure_in_force()
    context = {
        "password_reset_url": f"{settings.SITE_URL}{path}",
        "council_sign_in": settings.SITE_URL if all(settings.OIDC.values()) else "",
        "procedure": procedure,
        "email": mail.user.email,
    }
    template = TEMPLATES[mail.invites]
    send_mail(
        subject=render_to_string(template.format("subject"), context).strip(),
        message=render_to_string(template.format("message"), context).strip() + "\n",
        from_email=None,
        recipient_list=[mail.user.email],
    )
