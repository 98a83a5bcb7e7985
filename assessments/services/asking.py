"""An agency is asked for its part: by when, and what became of it (DEV-18)."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from assessments import notices
from assessments.models import Asked, Assessment
from assessments.services.locking import lock_open
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import Family, Lead, TeamMember

ANSWERED = "This was answered already: look at the list."


def team_of(assessment: Assessment, agency: Agency) -> list[User]:
    """Who writes for an agency: those of its people who are on the team."""
    rows = TeamMember.objects.filter(
        episode_id=assessment.episode_id,
        agency=agency,
        status=TeamMember.Status.ACCEPTED,
        role=TeamMember.Role.CONTRIBUTOR,
    )
    return [row.user for row in rows.select_related("user")]


def can_be_asked(assessment: Assessment) -> list[Agency]:
    """The agencies of the team, of whoever leads too."""
    team = TeamMember.objects.filter(
        episode_id=assessment.episode_id, status=TeamMember.Status.ACCEPTED, role=TeamMember.Role.CONTRIBUTOR
    )
    leads = Lead.objects.filter(episode_id=assessment.episode_id, status=Lead.Status.ACCEPTED)
    rows = Agency.objects.filter(Q(pk__in=team.values("agency")) | Q(pk__in=leads.values("agency")))
    return list(rows.order_by("name"))


@transaction.atomic
def ask(*, assessment: Assessment, agency: Agency, part: str, words: str, until: date, actor: User) -> Asked:
    """Ask an agency of the team for what it knows, by a day; its people on the team hear of it."""
    lock_open(assessment)
    if agency not in can_be_asked(assessment):
        raise Refused(f"Nobody of {agency} is on the team: invite someone first.", field="agency")
    if Asked.objects.filter(assessment=assessment, agency=agency, part=part, status=Asked.Status.WAITING).exists():
        raise Refused(f"{agency} has been asked for this already. Remind them instead.", field="agency")
    asked = Asked.objects.create(
        family_id=assessment.family_id,
        assessment=assessment,
        agency=agency,
        part=part,
        words=words,
        until=until,
        created_by=actor,
    )
    _tell(notices.PartAsked, asked, key=asked.pk)
    return asked


@transaction.atomic
def remind(*, asked: Asked, actor: User) -> None:
    """Remind those who were asked, once a day at most."""
    lock_open(asked.assessment)
    row = _waiting(asked)
    if row.reminded_at and row.reminded_at > clock.now() - timedelta(days=1):
        raise Refused("They were reminded within the last day. Ring them, if it can’t wait.")
    Asked.objects.filter(pk=asked.pk).update(reminded_at=clock.now())
    _tell(notices.PartReminded, asked, key=f"{asked.pk}:{clock.now():%Y%m%d%H%M%S}")


@transaction.atomic
def waive(*, asked: Asked, reason: str, actor: User) -> None:
    """Not wait for it any more."""
    lock_open(asked.assessment)
    _settle(_waiting(asked), Asked.Status.WAIVED, actor, reason)


@transaction.atomic
def nothing_to_add(*, asked: Asked, words: str, actor: User) -> None:
    """Say that one's agency has nothing to add."""
    lock_open(asked.assessment)
    _settle(_waiting(asked), Asked.Status.NOTHING, actor, words)
    _answered(asked)


def sent(*, assessment: Assessment, part: str, agency: Agency | None, actor: User) -> None:
    """What an agency was asked for is there, as whoever wrote it says that it is all they know."""
    for asked in Asked.objects.filter(assessment=assessment, part=part, agency=agency, status=Asked.Status.WAITING):
        _settle(asked, Asked.Status.SENT, actor, "")
        _answered(asked)


def _waiting(asked: Asked) -> Asked:
    row = Asked.objects.select_for_update(no_key=True).get(pk=asked.pk)
    if row.status != Asked.Status.WAITING:
        raise Refused(ANSWERED)
    return row


def _settle(asked: Asked, status: str, actor: User, reason: str) -> None:
    Asked.objects.filter(pk=asked.pk).update(status=status, reason=reason, answered_by=actor, answered_at=clock.now())
    notices.PartAsked.settle(asked.pk)
    notices.PartReminded.settle(asked.pk)


def _tell(notice: type[notices.Notice], asked: Asked, *, key: object) -> None:
    family = Family.objects.get(pk=asked.family_id)
    url = reverse("assessment_part", args=[family.reference, asked.part])
    notice.tell(team_of(asked.assessment, asked.agency), about=family, key=key, url=url)


def _answered(asked: Asked) -> None:
    family = Family.objects.get(pk=asked.family_id)
    url = reverse("assessment", args=[family.reference])
    if asked.created_by:
        notices.PartAnswered.tell([asked.created_by], about=family, key=asked.pk, url=url)
