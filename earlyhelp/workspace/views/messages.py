from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from earlyhelp.access.reads import log_reads
from earlyhelp.access.views import ActionView
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from earlyhelp.notifications.registry import Notice, words
from earlyhelp.workspace import policies
from earlyhelp.workspace.views.home import with_names

PER_PAGE = 25


class Messages(ActionView):
    """All of somebody's messages, the latest first, also those that they read or that needn't be read any more."""

    action = policies.SEE_HOME
    template_name = "workspace/messages.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        mine = Notification.objects.filter(user=self.user, kind__in=Notice.registry)
        page = Paginator(with_names(mine), PER_PAGE).get_page(request.GET.get("page"))
        rows = list(page)
        log_reads(what="workspace.home", families={m.family: m.reference for m in rows if m.family}.items())
        return self.page(page_obj=page, rows=[(m, words(m, name=m.name or "")) for m in rows])


class OpenNotification(ActionView):
    """Mark a notification as read, and go where it leads."""

    action = policies.SEE_HOME

    def post(self, request: HttpRequest, pk: object) -> HttpResponse:
        notification = Notification.objects.filter(pk=str(pk), user=self.user).first()
        if notification is None:
            return redirect("home")
        Notification.objects.filter(pk=notification.pk).update(read_at=clock.now())
        return redirect(notification.url)


class ReadAll(ActionView):
    action = policies.SEE_HOME

    def post(self, request: HttpRequest) -> HttpResponse:
        Notification.objects.filter(user=self.user, read_at=None).update(read_at=clock.now())
        return redirect("home")
