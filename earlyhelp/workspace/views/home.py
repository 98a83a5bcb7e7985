from django.http import HttpRequest, HttpResponse

from earlyhelp.access.views import ActionView
from earlyhelp.workspace import policies


class Home(ActionView):
    """What is due, what waits for me, and my families."""

    action = policies.SEE_HOME
    template_name = "workspace/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()
