"""The level of help: early help, or help for a child in need, in one record with one plan (R1). Who, qualified in social work,
oversees the second, and countersigns what is decided (R2)."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import Q

from consent.services.ledger import agreed
from earlyhelp.access.holding import hold
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Agency, Role, User, WorksFor
from earlyhelp.core import clock
from earlyhelp.core.errors import Problem, Refused, refuse
from earlyhelp.procedures.services import procedure_in_force
from families.models import Episode, Family, Request
from families.models.episodes import HelpLevel
from families.services import episodes
from families.services.running import lead_of
from plans.services import people_around
from stepdown import notices
from stepdown.models import LevelChange, Step, StepDown, StepUp

QUALIFIED = Q(role=Role.SOCIAL_WORKER) | Q(role=Role.MANAGER, agency__kind=Agency.Kind.SOCIAL_CARE)


def given_here() -> bool:
    """Whether help for children in need is given in this system too, by the local procedure."""
    return bool(procedure_in_force().help_levels.child_in_need)


def may_oversee(episode: Episode) -> list[User]:
    """Who can oversee: qualified in social work, adds to this family's record already, and doesn't lead."""
    with acting_as_system("change the level of help"):
        adds = Grant.objects.in_force().filter(family_id=episode.family_id, level__gte=Level.CONTRIBUTE)
        lead = lead_of(episode)
        users = User.objects.filter(pk__in=adds.values("user")).filter(
            pk__in=WorksFor.objects.filter(QUALIFIED).values("user")
        )
        return list(users.exclude(pk=lead.user_id if lead else 0).order_by("name"))


def overseer_now(episode: Episode) -> User | None:
    """Who oversees, while they still can."""
    return episode.overseer if episode.overseer in may_oversee(episode) else None


def _problems(episode: Episode, overseer: User, on: date) -> Iterator[Problem]:
    if overseer not in may_oversee(episode):
        yield Problem(f"{overseer} can’t oversee this family now. Choose someone else", "overseer")
    if on > clock.today():
        yield Problem("The day must be today or in the past", "on")


@transaction.atomic
def set_level(*, episode: Episode, level: str, on: date, reason: str, overseer: User, actor: User) -> LevelChange:
    """Help is given at the level for a child in need from now on, or somebody else oversees it. It counts at once, and the
    overseer is asked to countersign. How the level goes down again is a step-down."""
    if not given_here():
        raise Refused("Social care keeps these families in a system of its own: step the family up to it.")
    if level != HelpLevel.CHILD_IN_NEED:
        raise Refused("The level goes down by a step-down.")
    refuse(_problems(episode, overseer, on))
    with acting_as_system("change the level of help"):
        hold(episode.family_id)
        now = Episode.objects.get(pk=episode.pk)
        if now.ended_at:
            raise Refused("Early help for this family has ended. A new request opens it again.")
        if now.help_level == level and now.overseer_id == overseer.pk:
            raise Refused("This is so already.")
        Episode.objects.filter(pk=episode.pk).update(help_level=level, overseer=overseer)
        change = LevelChange.objects.create(
            family_id=episode.family_id,
            episode=episode,
            level=level,
            on=on,
            reason=reason,
            overseer=overseer,
            decided_by=actor,
            created_by=actor,
            countersigned_at=clock.now() if actor == overseer else None,
        )
        under_way = StepDown.objects.filter(episode=episode, within=True, completed_at=None, stopped_at=None)
        agency = agency_of(overseer)
        Request.objects.filter(step_down__in=under_way).update(asked_by=overseer, agency=agency)
        under_way.update(worker=overseer, agency=agency)
        for before in LevelChange.objects.filter(episode=episode, countersigned_at=None).exclude(overseer=overseer):
            notices.PleaseCountersign.settle(before.pk)
        Step.objects.filter(step_down__in=under_way, code="overseer", undone_at=None).exclude(by=overseer).update(
            undone_at=clock.now(), undone_by=actor, undone_reason="Somebody else oversees now."
        )
    family = Family.objects.get(pk=episode.family_id)
    if actor != overseer:
        notices.PleaseCountersign.tell([overseer], about=family, key=change.pk)
    notices.LevelChanged.tell({*people_around(episode)} - {actor, overseer}, about=family, key=change.pk)
    return change


@transaction.atomic
def countersign(*, change: LevelChange, actor: User) -> None:
    """The overseer stands by what was decided (R2)."""
    with acting_as_system("change the level of help"):
        oversees = Episode.objects.values_list("overseer", flat=True).get(pk=change.episode_id)
        if not actor.pk == change.overseer_id == oversees:
            raise Refused(f"Only {change.overseer}, while they oversee, countersigns this.")
        rows = LevelChange.objects.filter(pk=change.pk, countersigned_at=None)
        if not rows.update(countersigned_at=clock.now()):
            raise Refused("This is countersigned already.")
    notices.PleaseCountersign.settle(change.pk)


def goes_down(step_down: StepDown, *, reason: str, actor: User) -> None:
    """A step-down in one record is complete: help goes on at the level of early help. The overseer agreed before."""
    episode = step_down.episode
    assert episode
    Episode.objects.filter(pk=episode.pk).update(help_level=HelpLevel.EARLY_HELP, overseer=None)
    LevelChange.objects.create(
        family_id=episode.family_id,
        episode=episode,
        level=HelpLevel.EARLY_HELP,
        on=clock.today(),
        reason=reason,
        overseer=step_down.worker,
        decided_by=actor,
        created_by=actor,
        countersigned_at=clock.now(),
    )


def agency_of(overseer: User) -> Agency:
    """The agency through which someone is qualified to oversee."""
    return WorksFor.objects.filter(QUALIFIED, user=overseer).select_related("agency").order_by("agency")[0].agency


def _is_not_so(episode: Episode, reason: str) -> bool:
    """Whether an end that nobody can make wait isn't what happened: the family still agrees, or nobody stepped it up."""
    if reason == Episode.End.NOT_AGREED:
        return bool(agreed(episode))
    return not StepUp.objects.filter(episode=episode, withdrawn_at=None).exists()


episodes.STANDS_AGAINST.append(_is_not_so)
