from django.db.models import Max
from django.http import HttpRequest
from django.template.loader import render_to_string

from consent import policies
from consent.models import EmergencyAccess
from earlyhelp.access.actions import Asker
from earlyhelp.access.case import Case
from earlyhelp.access.models import Grant
from earlyhelp.access.navigation import BANNERS, MENU, TABS, Entry
from earlyhelp.access.reasons import EMERGENCY, LAWFUL
from earlyhelp.core import clock
from earlyhelp.govuk.fields import list_words
from families.policies import SEE_TEAM

MENU.extend(
    [
        Entry(35, "{agreement}s", "agreement_boards", policies.SEE_BOARDS),
        Entry(80, "{agreement} form", "wordings", policies.KEEP_WORDING),
    ]
)
TABS.extend([Entry(25, "Team", "team", SEE_TEAM), Entry(30, "Sharing", "sharing", policies.SEE_SHARING)])


def emergency_banner(request: HttpRequest, asker: Asker, case: Case) -> str:
    """Until when the asker's emergency access lasts, with a button that ends it."""
    if EMERGENCY not in asker.reasons:
        return ""
    mine = EmergencyAccess.objects.filter(family=case.family, user=asker.user, ends_at__gt=clock.now())
    access = mine.order_by("-ends_at").first()
    return render_to_string("consent/emergency_banner.html", {"access": access, "family": case.family}, request=request)


def by_name_banner(request: HttpRequest, asker: Asker, case: Case) -> str:
    """Of whom someone reads who was let in by a decision to share without agreement, and until when."""
    if not asker.by_name:
        return ""
    until = Grant.objects.in_force().filter(user=asker.user, family=case.family, reason=LAWFUL).aggregate(Max("until"))
    names = list_words([person.name for person in case.family.everyone()])
    context = {"until": until["until__max"], "names": names}
    return render_to_string("consent/by_name_banner.html", context, request=request)


BANNERS.extend([emergency_banner, by_name_banner])
