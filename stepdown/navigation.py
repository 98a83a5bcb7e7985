from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from earlyhelp.access.actions import Asker
from earlyhelp.access.case import Case
from earlyhelp.access.levels import Level
from earlyhelp.access.navigation import BANNERS, MENU, Entry
from families.case import episode
from families.models.episodes import HelpLevel
from stepdown import policies
from stepdown.models import LevelChange, StepDown


def where_it_stands(request: HttpRequest, asker: Asker, case: Case) -> str:
    """On every page of a family: that it has more than early help, and whether it steps down."""
    current = episode(case)
    if asker.level < Level.VIEW or current is None or current.ended_at:
        return ""
    said = []
    if current.help_level == HelpLevel.CHILD_IN_NEED:
        words = f"{current.level_words}, overseen by {current.overseer}"
        said.append((reverse("level_of_help", args=[case.family.reference]), words))
        if current.overseer_id == asker.user.pk:
            waits = LevelChange.objects.filter(episode=current, overseer=asker.user, countersigned_at=None)
            said += [
                (reverse("countersign_level", args=[case.family.reference, pk]), "Waits for you to countersign")
                for pk in waits.values_list("pk", flat=True)
            ]
    if current.from_social_care and not current.steps_down:
        latest = StepDown.objects.filter(episode=current).first()
        if latest and latest.stopped_at:
            words = "The step-down was stopped: the case stays with social care"
            said.append((reverse("step_down_of", args=[case.family.reference]), words))
    if current.steps_down:
        said.append((reverse("step_down_of", args=[case.family.reference]), "Step-down under way: see what is next"))
    if not said:
        return ""
    links = format_html_join("", '<li><a class="govuk-link" href="{}">{}</a></li>', said)
    return format_html(
        '<nav class="app-standing" aria-label="Level of help"><ul class="app-actions">{}</ul></nav>', links
    )


def step_up_banner(request: HttpRequest, asker: Asker, case: Case) -> str:
    """From every page of a family: the way to social care."""
    if asker.level < Level.CONTRIBUTE:
        return ""
    url = reverse("step_up", args=[case.family.reference])
    return (
        ""
        if request.path == url
        else format_html(
            '<nav class="app-step-up" aria-label="When early help is not enough"><a class="govuk-link" href="{}">Step up to social care</a></nav>',
            url,
        )
    )


BANNERS.append(step_up_banner)
BANNERS.append(where_it_stands)
MENU.append(Entry(35, "Step-downs", "step_downs", policies.LIST))
