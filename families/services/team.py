"""Who leads and who is on the team: asked, invited, answered, ended."""

from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import agencies
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales import services as timescales
from families import notices
from families.models import Episode, Family, Lead, TeamMember


def _works_for(user: User, agency: Agency) -> None:
    if agency not in agencies(user):
        raise Refused(f"{user} no longer works for {agency}. Choose someone else.")


@transaction.atomic
def ask_to_lead(*, family: Family, episode: Episode, user: User, agency: Agency, family_wish: str, actor: User) -> Lead:
    """Ask someone to lead; the family's wish is recorded with it (DEV-10, DEV-12, MID-06)."""
    _works_for(user, agency)
    if Lead.objects.filter(episode=episode, user=user, status__in=["asked", "accepted"]).exists():
        raise Refused(f"{user} has been asked already.")
    with acting_as_system("ask someone to lead"):
        lead = Lead.objects.create(
            family=family,
            episode=episode,
            user=user,
            agency=agency,
            family_wish=family_wish,
            asked_by=actor,
            asked_at=clock.now(),
            created_by=actor,
        )
    notices.AskedToLead.send(to=[user], reference=family.reference, url=family.get_absolute_url(), key=f"{lead.pk}")
    return lead


@transaction.atomic
def answer_lead(*, lead: Lead, accept: bool, reason: str, actor: User) -> None:
    """Accept, or decline with clear reasons (DEV-12). Only who was asked can answer."""
    if lead.user_id != actor.pk:
        raise Refused("Only the person who was asked can answer.")
    if not accept and not reason:
        raise Refused("Enter your reason for declining.")
    with acting_as_system("answer to being asked to lead"):
        status = Lead.Status.ACCEPTED if accept else Lead.Status.DECLINED
        now = clock.now()
        asked = Lead.objects.select_for_update(of=("self",)).filter(pk=lead.pk, status=Lead.Status.ASKED)
        if not asked.exists() or lead.episode.ended_at:
            raise Refused("This was answered already, or early help has ended.")
        if accept:
            before = Lead.objects.filter(episode_id=lead.episode_id, status=Lead.Status.ACCEPTED)
            before.update(status=Lead.Status.ENDED, ended_at=now)
        if not asked.update(status=status, answered_at=now, reason=reason):
            raise Refused("This was answered already.")
        lead.refresh_from_db()
        if accept:
            _check_can_lead(lead)
        if accept:
            timescales.hand_over(family_id=lead.family_id, owner=actor, owner_agency=lead.agency)
        family = Family.objects.get(pk=lead.family_id)
        notices.LeadAnswered.send(
            to=[lead.asked_by], reference=family.reference, url=family.get_absolute_url(), key=f"{lead.pk}:{status}"
        )


def _check_can_lead(lead: Lead) -> None:
    grants = Grant.objects.in_force().filter(user_id=lead.user_id, family_id=lead.family_id)
    if not grants.filter(level__gte=Level.LEAD).exists():
        raise Refused(
            "You can’t lead yet: the family has to agree to early help, and to share additional information with your"
            " agency. Ask the person who asked you."
        )


@transaction.atomic
def invite(*, family: Family, episode: Episode, user: User, agency: Agency, role: str, actor: User) -> TeamMember:
    """Invite someone of an agency that the family shares with to the team (MED-02)."""
    _works_for(user, agency)
    if TeamMember.objects.filter(episode=episode, user=user, status__in=["invited", "accepted"]).exists():
        raise Refused(f"{user} is on the team, or has been invited, already.")
    member = TeamMember.objects.create(
        family=family,
        episode=episode,
        user=user,
        agency=agency,
        role=role,
        invited_by=actor,
        invited_at=clock.now(),
        created_by=actor,
    )
    notices.Invited.send(to=[user], reference=family.reference, url=family.get_absolute_url(), key=f"{member.pk}")
    return member


@transaction.atomic
def answer_invitation(*, member: TeamMember, accept: bool, reason: str, actor: User) -> None:
    """Join the team, or decline with a reason."""
    if member.user_id != actor.pk:
        raise Refused("Only the person who was invited can answer.")
    if not accept and not reason:
        raise Refused("Enter your reason for declining.")
    with acting_as_system("answer to an invitation"):
        status = TeamMember.Status.ACCEPTED if accept else TeamMember.Status.DECLINED
        changed = TeamMember.objects.filter(pk=member.pk, status=TeamMember.Status.INVITED).update(
            status=status, answered_at=clock.now(), reason=reason
        )
        if not changed:
            raise Refused("This was answered already.")
        family = Family.objects.get(pk=member.family_id)
        notices.InvitationAnswered.send(
            to=[member.invited_by],
            reference=family.reference,
            url=family.get_absolute_url(),
            key=f"{member.pk}:{status}",
        )


@transaction.atomic
def leave(*, member: TeamMember, actor: User) -> None:
    """End someone's place on the team; their access ends with it."""
    changed = TeamMember.objects.filter(pk=member.pk, status__in=["invited", "accepted"]).update(
        status=TeamMember.Status.ENDED, ends_at=clock.now()
    )
    if not changed:
        raise Refused("They left the team already.")
