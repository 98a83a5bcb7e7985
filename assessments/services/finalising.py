"""An assessment is finalised by the lead: from then on it is only read."""

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse

from assessments import notices
from assessments.models import Assessment, GoneWithout
from assessments.reading import Sheet
from assessments.rules import missing, not_yours_to_finalise
from assessments.services.locking import lock_open
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import managers_of
from earlyhelp.core import clock
from earlyhelp.core.errors import Problem, Refused
from families.models import Family
from families.services.running import lead_of


@transaction.atomic
def finalise(*, assessment: Assessment, actor: User, reasons: Mapping[str, str]) -> None:
    """Finalise: done by the accepted lead, once nothing is missing that must be there; what was expected and isn't takes a
    reason, by the key of what is missing, which stays with the assessment (DEV-18)."""
    lock_open(assessment)
    if reason := not_yours_to_finalise(lead_of(assessment.episode), actor):
        raise Refused(reason)
    family = Family.objects.get(pk=assessment.family_id)
    found = missing(Sheet(assessment, family))
    if musts := [one for one in found if one.must]:
        raise Refused("The assessment can’t be finalised yet.", *(str(one.gap) for one in musts))
    if unsaid := [one for one in found if not reasons.get(one.key)]:
        raise Refused(*(Problem(f"Enter why: {one.gap.text}", one.key) for one in unsaid))
    GoneWithout.objects.bulk_create(
        GoneWithout(
            family=family,
            assessment=assessment,
            what=one.gap.text[:400],
            about=list(one.about),
            reason=reasons[one.key],
            created_by=actor,
        )
        for one in found
    )
    Assessment.objects.filter(pk=assessment.pk).update(
        status=Assessment.Status.FINALISED, finalised_at=clock.now(), finalised_by=actor
    )
    lead = lead_of(assessment.episode)
    managers = set(managers_of(lead.agency)) - {actor} if lead else set()
    url = reverse("oversee", args=[family.reference])
    notices.Final.tell(managers, about=family, key=assessment.pk, url=url)
