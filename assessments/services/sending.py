"""An assessment goes to the front door as the request (MID-10)."""

from datetime import date

from django.db import transaction

from assessments.models import Assessment
from assessments.rules import not_yours_to_send
from earlyhelp.accounts.models import User
from earlyhelp.core.errors import Refused
from families.services import requests
from families.services.running import lead_of


@transaction.atomic
def send(*, assessment: Assessment, agreed_by: str, agreed_on: date, actor: User) -> None:
    """Send a final assessment: done by the accepted lead, once the family agreed to that."""
    row = (
        Assessment.objects.select_related("episode").select_for_update(no_key=True, of=("self",)).get(pk=assessment.pk)
    )
    if reason := not_yours_to_send(row, lead_of(row.episode), actor):
        raise Refused(reason)
    requests.send_assessment(episode=row.episode, agreed_by=agreed_by, agreed_on=agreed_on, actor=actor)
