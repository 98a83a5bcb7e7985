from datetime import timedelta

from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import PasswordMail
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from earlyhelp.workspace import policies

SOON = timedelta(minutes=5)  # a delivery runs each minute: what waits longer couldn't be sent
MOST = 100


class WaitingMail(ActionView):
    """Who wasn't told by e-mail yet, since when, and when it is tried again: by account, never what about."""

    action = policies.SEE_WAITING_MAIL
    template_name = "workspace/waiting_mail.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        with acting_as_system("who wasn't told by e-mail yet"):
            waiting = Notification.objects.filter(
                emailed_at=None, created_at__lte=clock.now() - SOON, user__is_active=True
            )
            people = waiting.values("user__name", "user__email").annotate(
                count=Count("pk"), since=Min("created_at"), again=Min("email_at"), tries=Max("attempts")
            )
            rows = list(people.order_by("since", "user__name")[:MOST])
            passwords = PasswordMail.objects.filter(sent_at=None).count()
        return self.page(rows=rows, passwords=passwords, most=MOST)
