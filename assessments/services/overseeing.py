"""A manager comments on an assessment, returns it with reasons, or signs it off (ROT-08)."""

from django.db import transaction
from django.urls import reverse

from assessments import notices
from assessments.models import Assessment, Oversight
from earlyhelp.accounts.models import User
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.registry import Notice
from families.models import Family
from families.services.running import lead_of

Kind = Oversight.Kind
TELLS: dict[Kind, type[Notice]] = {
    Kind.COMMENT: notices.Overseen,
    Kind.RETURNED: notices.SentBack,
    Kind.SIGNED: notices.SignedOff,
}


@transaction.atomic
def oversee(*, assessment: Assessment, kind: str, words: str, actor: User) -> Oversight:
    """Say something of it to who leads; they hear of it. Returned and signed off is what is final, and once."""
    row = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    if kind != Kind.COMMENT and row.is_open:
        raise Refused("It isn’t final yet: comment on it, and return it or sign it off once it is.", field="kind")
    if kind != Kind.COMMENT and Oversight.objects.filter(assessment=row, kind=Kind.SIGNED).exists():
        raise Refused("It is signed off already.", field="kind")
    lead = lead_of(row.episode)
    if kind != Kind.COMMENT and actor.pk in (row.finalised_by_id, lead.user_id if lead else None):
        raise Refused("You finalised it, or lead: someone else returns it or signs it off.", field="kind")
    if kind != Kind.SIGNED and not words:
        raise Refused("Enter what you want to say", field="words")
    if kind != Kind.COMMENT:
        notices.Final.settle(row.pk)
    made = Oversight.objects.create(
        family_id=row.family_id, assessment=row, kind=kind, words=words, author=actor, created_by=actor
    )
    if lead:
        family = Family.objects.get(pk=row.family_id)
        url = reverse("assessment", args=[family.reference])
        TELLS[Kind(kind)].tell([lead.user], about=family, key=made.pk, url=url)
    return made
