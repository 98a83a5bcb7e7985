"""Who leads and who is on the team: asked, invited, answered, ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reasons import LEADS
from earlyhelp.accounts.models import Agency, User, WorksFor
from earlyhelp.accounts.roles import locality_officers, service_managers
from earlyhelp.core import clock
from earlyhelp.core.clock import in_london
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.fields import list_words
from earlyhelp.timescales import services as timescales
from families import notices
from families.models import Episode, Family, Lead, LocalityHelp, Runner, TeamMember
from families.services import giving, wishes
from families.services.running import lock, runner_of


def _may_take_part(family: Family, user: User) -> None:
    """Nobody is told of a family that they may not see, such as one that they know privately."""
    if not who_may_know(family.pk, [user]):
        raise Refused(f"{user} can’t take part for this family. Choose someone else.")


@transaction.atomic
def ask_to_lead(
    *,
    family: Family,
    episode: Episode,
    user: User,
    agency: Agency,
    actor: User,
    without_wish: str = "",
    without_challenge: str = "",
    stays: bool = True,
    because: str = "",
) -> Lead:
    """Ask someone to lead, once everyone of the family has said whom they would like, or for a reason; and why the lead
    changes (DEV-10, DEV-12, MID-06). While the family steps down from social care, nobody else is asked before it was talked
    over with whoever declined, unless for a reason. `stays`: whether who runs the support until then stays on the team."""
    giving.check(giving.TO_LEAD, user=user, agency=agency)
    wishes.check(family, episode, without_wish)
    declined = unchallenged(episode, but=user)
    if declined and not without_challenge:
        raise Refused(
            f"Record first how it was talked over with {list_words([str(one) for one in declined])}, who declined; or enter why"
            " somebody else is asked without that",
            field="without_challenge",
        )
    if Lead.objects.filter(episode=episode, user=user, status__in=["asked", "accepted"]).exists():
        raise Refused(f"{user} has been asked already.")
    with acting_as_system("ask someone to lead"):
        lead = Lead.objects.create(
            family=family,
            episode=episode,
            user=user,
            agency=agency,
            without_wish=without_wish,
            without_challenge=without_challenge if declined else "",
            because=because,
            stays=stays,
            asked_by=actor,
            asked_at=clock.now(),
            created_by=actor,
        )
        _may_take_part(family, user)
    notices.AskedToLead.tell([user], about=family, key=lead.pk)
    return lead


def unchallenged(episode: Episode, *, but: User | None = None) -> list[User]:
    """Who declined to lead a family that steps down from social care, and with whom nobody has talked it over (DEV-12)."""
    if not episode.steps_down:
        return []
    rows = Lead.objects.filter(episode=episode, status=Lead.Status.DECLINED, challenged_on=None)
    return [row.user for row in rows.select_related("user") if row.user != but]


@transaction.atomic
def lead_myself(*, family: Family, episode: Episode, agency: Agency, actor: User, without_wish: str = "") -> Lead:
    """Lead at once, where the family agrees and shares enough with one's agency: nobody asks themselves."""
    giving.check(giving.TO_LEAD, user=actor, agency=agency)
    wishes.check(family, episode, without_wish)
    if Lead.objects.filter(episode=episode, user=actor, status=Lead.Status.ACCEPTED).exists():
        raise Refused("You lead for this family already.")
    now = clock.now()
    with acting_as_system("lead a family oneself"):
        lead, _ = Lead.objects.update_or_create(
            episode=episode,
            user=actor,
            status=Lead.Status.ASKED,
            defaults={"agency": agency, "without_wish": without_wish},
            create_defaults={
                "family": family,
                "agency": agency,
                "without_wish": without_wish,
                "asked_by": actor,
                "asked_at": now,
                "created_by": actor,
            },
        )
        _begin_to_lead(lead, reason="", actor=actor)
    return lead


@transaction.atomic
def answer_lead(*, lead: Lead, accept: bool, reason: str, actor: User, declined_for: str = "") -> None:
    """Accept, or decline with clear reasons (DEV-12). Only who was asked can answer."""
    if lead.user_id != actor.pk:
        raise Refused("Only the person who was asked can answer.")
    if not accept and not reason:
        raise Refused("Enter your reason for declining.")
    with acting_as_system("answer to being asked to lead"):
        former = _begin_to_lead(lead, reason=reason, actor=actor) if accept else None
        if not accept:
            _answer(lead, Lead.Status.DECLINED, reason, declined_for)
        notices.AskedToLead.settle(lead.pk)
        family = Family.objects.get(pk=lead.family_id)
        if lead.asked_by != former:
            notices.LeadAnswered.tell([lead.asked_by], about=family, key=f"{lead.pk}:{lead.status}")


@transaction.atomic
def challenge(*, lead: Lead, on: date, by: str, said: str, result: str, actor: User) -> None:
    """Record how somebody talked with who declined to lead, and what came of it (DEV-12): the answer and its reason stay."""
    if on < in_london(lead.answered_at or lead.asked_at).date():
        raise Refused(
            "Enter the day on which somebody talked with them: that can’t be before they declined", field="on"
        )
    rows = Lead.objects.filter(pk=lead.pk, status=Lead.Status.DECLINED, challenged_on=None)
    with acting_as_system("record how a no to leading was challenged"):
        if not rows.update(challenged_on=on, challenged_by=by, challenge=said, result=result):
            raise Refused("Somebody has recorded this already.")


def _begin_to_lead(lead: Lead, *, reason: str, actor: User) -> User | None:
    """One leads: of two who were asked, whoever accepts first. Returns who ran the support until now, if someone else did:
    they stay on the team, as was chosen, and wherever someone isn't shown to the new lead."""
    family = lock(lead.family_id)
    _refuse_second(lead)
    before = runner_of(lead.episode)
    leading = Lead.objects.filter(episode_id=lead.episode_id, status=Lead.Status.ACCEPTED)
    leading.update(status=Lead.Status.ENDED, ended_at=clock.now())
    _answer(lead, Lead.Status.ACCEPTED, reason)
    _check_can_lead(lead)
    others = Lead.objects.filter(episode_id=lead.episode_id, status=Lead.Status.ASKED).select_related("user")
    not_needed = [other.user for other in others]
    notices.AskedToLead.settle(*(other.pk for other in others))
    others.update(status=Lead.Status.NOT_NEEDED, answered_at=clock.now())
    timescales.hand_over(family_id=lead.family_id, owner=actor, owner_agency=lead.agency)
    end_help(episode=lead.episode, actor=actor)
    notices.LeadNotNeeded.tell(not_needed, about=family, key=lead.pk)
    if before is None or before.user == lead.user:
        return None
    if lead.episode.from_social_care and not before.leads:
        notices.LeadFound.tell([before.user], about=family, key=lead.pk)
        return before.user
    stays = (lead.stays or _hides_someone(lead)) and _stay_on(before, lead)
    if not stays:
        _pass_on(lead.episode, before.user, lead.user)
    told = notices.StaysOnTeam if stays else notices.LedUntilNow
    told.tell([before.user], about=family, key=lead.pk)
    return before.user


def _refuse_second(lead: Lead) -> None:
    leading = Lead.objects.filter(episode_id=lead.episode_id, status=Lead.Status.ACCEPTED)
    first = leading.select_related("user", "agency", "asked_by").first()
    if first and Lead.objects.filter(pk=lead.pk, status=Lead.Status.NOT_NEEDED).exists():
        raise Refused(
            f"{first.user} ({first.agency}) accepted to lead before you, asked by {first.asked_by}. You needn’t do anything."
        )


def _hides_someone(lead: Lead) -> bool:
    """Whether the new lead doesn't know of someone in the family, whom then only who led before can ask."""
    grants = Grant.objects.in_force().filter(user_id=lead.user_id, family_id=lead.family_id)
    return not grants.filter(withheld=[]).exists()


def _stay_on(before: Runner, lead: Lead) -> bool:
    """Give who ran the support until now a place on the team; they stay only while their work lets them."""
    if not WorksFor.objects.filter(giving.TO_JOIN, user=before.user, agency=before.agency).exists():
        return False
    now = clock.now()
    accepted = {"status": TeamMember.Status.ACCEPTED, "role": TeamMember.Role.CONTRIBUTOR, "answered_at": now}
    places = TeamMember.objects.filter(
        episode=lead.episode, user=before.user, status__in=["invited", "accepted"], agency=before.agency
    )
    if not places.update(**accepted):
        TeamMember.objects.create(
            family_id=lead.family_id,
            episode=lead.episode,
            user=before.user,
            agency=before.agency,
            invited_by=lead.user,
            invited_at=now,
            created_by=lead.user,
            **accepted,
        )
    return True


def _answer(lead: Lead, status: str, reason: str, declined_for: str = "") -> None:
    asked = Lead.objects.filter(pk=lead.pk, status=Lead.Status.ASKED, episode__ended_at=None)
    if not asked.update(status=status, answered_at=clock.now(), reason=reason, declined_for=declined_for):
        raise Refused("This was answered already, or early help has ended.")
    lead.refresh_from_db()


def _check_can_lead(lead: Lead) -> None:
    grants = Grant.objects.in_force().filter(
        user_id=lead.user_id, family_id=lead.family_id, reason=LEADS, agency_id=lead.agency_id
    )
    if not grants.filter(level__gte=Level.LEAD).exists():
        raise Refused(
            "You can’t lead yet: the family has to agree to early help, and to share additional information with your"
            " agency. Ask the person who asked you."
        )


@transaction.atomic
def invite(*, family: Family, episode: Episode, user: User, agency: Agency, role: str, actor: User) -> TeamMember:
    """Invite someone of an agency that the family shares with to the team (MED-02)."""
    giving.check(giving.TO_JOIN, user=user, agency=agency)
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
    _may_take_part(family, user)
    notices.Invited.tell([user], about=family, key=member.pk)
    return member


@transaction.atomic
def answer_invitation(*, member: TeamMember, accept: bool, reason: str, actor: User, declined_for: str = "") -> None:
    """Join the team, or decline with a reason."""
    if member.user_id != actor.pk:
        raise Refused("Only the person who was invited can answer.")
    if not accept and not reason:
        raise Refused("Enter your reason for declining.")
    with acting_as_system("answer to an invitation"):
        status = TeamMember.Status.ACCEPTED if accept else TeamMember.Status.DECLINED
        changed = TeamMember.objects.filter(pk=member.pk, status=TeamMember.Status.INVITED).update(
            status=status, answered_at=clock.now(), reason=reason, declined_for="" if accept else declined_for
        )
        if not changed:
            raise Refused("This was answered already.")
        notices.Invited.settle(member.pk)
        family = Family.objects.get(pk=member.family_id)
        notices.InvitationAnswered.tell([member.invited_by], about=family, key=f"{member.pk}:{status}")


@dataclass(frozen=True)
class Handing:
    """What may hang on someone's place: each in words, and how it passes to someone else."""

    hangs: Callable[[Episode, User], list[str]]
    passes: Callable[[Episode, User, User], None]


HANDINGS: list[Handing] = []  # each app adds its own


def hangs_on(member: TeamMember) -> list[str]:
    """What would pass to whoever runs the support if someone left, as far as the asker may know of it."""
    return [line for handing in HANDINGS for line in handing.hangs(member.episode, member.user)]


def _pass_on(episode: Episode, leaves: User, to: User) -> None:
    with acting_as_system("pass on what hangs on a place"):
        for handing in HANDINGS:
            handing.passes(episode, leaves, to)


@transaction.atomic
def leave(*, member: TeamMember, actor: User, by_mistake: bool = False) -> None:
    """End someone's place on the team, or one that they were given `by_mistake`: their access ends with it, they are told,
    and what they were to do passes to whoever runs the support."""
    status = TeamMember.Status.MISTAKE if by_mistake else TeamMember.Status.ENDED
    changed = TeamMember.objects.filter(pk=member.pk, status__in=["invited", "accepted"]).update(
        status=status, ends_at=clock.now()
    )
    if not changed:
        raise Refused("They left the team already.")
    runner = runner_of(member.episode)
    if runner and runner.user != member.user:
        _pass_on(member.episode, member.user, runner.user)
        notices.AccessEnded.tell({member.user} - {actor}, about=member.family, key=f"place:{member.pk}")


@transaction.atomic
def ask_locality(*, family: Family, episode: Episode, reason: str, actor: User) -> LocalityHelp:
    """Ask the locality officer to help find a lead, and say why one is hard to find (DEV-11)."""
    with acting_as_system("ask the locality to help find a lead"):
        if LocalityHelp.objects.filter(episode=episode, status=LocalityHelp.Status.ASKED).exists():
            raise Refused(f"The early help team for {family.locality} has been asked already.")
        asked = LocalityHelp.objects.create(
            family=family,
            episode=episode,
            locality=family.locality,
            reason=reason,
            asked_by=actor,
            asked_at=clock.now(),
            created_by=actor,
        )
    notices.HelpAsked.tell(
        who_may_know(family.pk, locality_officers(family.locality)) or who_may_know(family.pk, service_managers()),
        about=family,
        key=asked.pk,
    )
    return asked


@transaction.atomic
def suggest(*, asked: LocalityHelp, words: str, actor: User) -> None:
    """Say who could lead, to who asked for help (DEV-11). What was suggested before stays in the history."""
    with acting_as_system("suggest who could lead"):
        rows = LocalityHelp.objects.filter(pk=asked.pk, status=LocalityHelp.Status.ASKED)
        if not rows.update(suggested=words, suggested_by=actor, suggested_at=clock.now()):
            raise Refused("Somebody has been found, or the help was ended, meanwhile.")
        family = Family.objects.get(pk=asked.family_id)
        runner = runner_of(asked.episode)
        told = {asked.asked_by, *([runner.user] if runner else [])} - {actor}
    notices.LeadSuggested.tell(told, about=family, key=f"{asked.pk}:{clock.now():%Y%m%d%H%M}")


def end_help(*, episode: Episode, actor: User) -> None:
    """The locality's help is over: a lead was found, someone said so, or early help ended."""
    asked = LocalityHelp.objects.filter(episode=episode, status=LocalityHelp.Status.ASKED)
    notices.HelpAsked.settle(*asked.values_list("pk", flat=True))
    asked.update(status=LocalityHelp.Status.DONE, ended_at=clock.now(), ended_by=actor)


@transaction.atomic
def done_helping(*, asked: LocalityHelp, actor: User) -> None:
    """End the locality's help, and tell who asked."""
    with acting_as_system("end the locality's help"):
        if not LocalityHelp.objects.filter(pk=asked.pk, status=LocalityHelp.Status.ASKED).exists():
            raise Refused("This was ended already.")
        end_help(episode=asked.episode, actor=actor)
    if asked.asked_by_id != actor.pk:
        family = asked.family
        notices.HelpDone.tell([asked.asked_by], about=family, key=asked.pk)
