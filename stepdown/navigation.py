from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from earlyhelp.access.actions import Asker
from earlyhelp.access.levels import Level
from earlyhelp.access.navigation import BANNERS, MENU, Entry
from stepdown import policies


def step_up_banner(request: HttpRequest, asker: Asker, family: Any) -> str:
    """From every page of a family: the way to social care."""
    if asker.level < Level.CONTRIBUTE:
        return ""
    url = reverse("step_up", args=[family.reference])
    return (
        ""
        if request.path == url
        else format_html(
            '<nav class="app-step-up" aria-label="When early help is not enough"><a class="govuk-link" href="{}">Step up to social care</a></nav>',
            url,
        )
    )


BANNERS.append(step_up_banner)
MENU.append(Entry(35, "Step-downs", "step_downs", policies.LIST))
