from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View

from earlyhelp.access.views import ActionView
from earlyhelp.workspace import health, policies


class Health(ActionView):
    """Whether everything that runs by itself runs."""

    action = policies.SEE_HEALTH
    template_name = "workspace/health.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(checks=health.checks())


@method_decorator(login_not_required, name="dispatch")
class Healthz(View):
    """The same for a machine that watches: codes alone, 503 when something stands still."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = health.checks()
        body = {check.code: check.is_well for check in found}
        return JsonResponse(body, status=200 if all(body.values()) else 503)
