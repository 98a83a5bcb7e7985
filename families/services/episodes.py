"""The course of an episode: first contact, its stages, its end; and the notes kept along it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from earlyhelp.access.holding import hold
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import home_agency, managers_of, service_managers
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.core.workflow import Workflow
from earlyhelp.timescales import services as timescales
from families import notices
from families.clocks import FIRST_CONTACT
from families.models import ContactAttempt, Episode, EpisodeEnd, Family, Lead, Note, Request, TeamMember
from families.models.episodes import HelpLevel
from families.services.running import lead_of, lock
from families.services.team import end_help

Stage = Episode.Stage
TWICE = "You recorded exactly this already. If it happened twice, say so in the notes or correct the time."


WORKFLOW = Workflow(
    "episode",
    {
        "agreement": (frozenset({Stage.FIRST_CONTACT, Stage.AGREEMENT}), Stage.AGREEMENT),
        "assessment": (frozenset({Stage.FIRST_CONTACT, Stage.AGREEMENT, Stage.ASSESSMENT}), Stage.ASSESSMENT),
        "plan": (frozenset({Stage.AGREEMENT, Stage.ASSESSMENT, Stage.PLAN}), Stage.PLAN),
        "end": (frozenset({Stage.FIRST_CONTACT, Stage.AGREEMENT, Stage.ASSESSMENT, Stage.PLAN}), Stage.ENDED),
    },
)


def advance(*, episode: Episode, step: str) -> None:
    """Take the episode's stage to where `step` leads; going back is no step."""
    episode.stage = WORKFLOW.after(episode.stage, step)
    episode.save(update_fields=["stage"])


@transaction.atomic
def record_contact(
    *,
    family: Family,
    episode: Episode,
    at: datetime,
    how: str,
    reached: bool,
    note: str,
    actor: User,
    whom: Sequence[int] = (),
) -> ContactAttempt:
    """Record a try to reach the family, or those of it `whom` it was with. A try meets the 72 hours; contact made is shown beside it (PS-2)."""
    started = episode.started_at
    at = started if at == started.replace(second=0, microsecond=0) else at  # typed to the minute
    if at < started:
        raise Refused("The contact can’t be before the request was received. Check the date and time.")
    with acting_as_system("record a contact, and meet the first contact's clock"):
        hold(family.pk)
        said = {"at": at, "how": how, "reached": reached, "note": note, "by": actor, "whom": sorted(whom)}
        if ContactAttempt.objects.filter(episode=episode, **said).exists():
            raise Refused(TWICE)
        attempt = ContactAttempt.objects.create(family=family, episode=episode, created_by=actor, **said)
        for request in Request.objects.filter(family=family, received_at__lte=at).only("pk"):
            timescales.meet(FIRST_CONTACT, request, at=at)
        notices.FirstContactIsYours.settle(episode.pk)
        if reached and episode.stage == Stage.FIRST_CONTACT:
            advance(episode=episode, step="agreement")
    return attempt


# What else hangs on an episode: each app settles its own when it ends
SETTLED_AT_END: list[Callable[[Episode], None]] = []


@transaction.atomic
def end(*, episode: Episode, reason: str, actor: User, agency: str = "", note: str = "") -> None:
    """End the episode, and whatever hangs on it: clocks stop, what waits is withdrawn, the team's access ends and they are
    told. The lead keeps the record."""
    with acting_as_system("end early help"):
        now = clock.now()
        family = lock(episode.family_id)
        _refuse_past_overseer(episode, reason, actor)
        for settle in SETTLED_AT_END:
            settle(episode)
        told = _around(episode) - {actor}
        timescales.stop_for_good(family_id=episode.family_id, because="early help ended")
        end_help(episode=episode, actor=actor)
        _settle_assessments(episode, actor)
        TeamMember.objects.filter(episode=episode, status__in=["invited", "accepted"]).update(
            status=TeamMember.Status.ENDED, ends_at=now
        )
        Lead.objects.filter(episode=episode, status=Lead.Status.ASKED).update(status=Lead.Status.ENDED, ended_at=now)
        episode.stage = WORKFLOW.after(episode.stage, "end")
        episode.end_reason, episode.ended_at = reason, now
        episode.save(update_fields=["stage", "end_reason", "ended_at"])
        if agency or note:
            EpisodeEnd.objects.create(family=family, episode=episode, agency=agency, note=note, created_by=actor)
    notices.EarlyHelpEnded.tell(told, about=family, key=episode.pk)


# Social care goes on with the family, or the family doesn't want help: nobody can make that wait
# Why that isn't so: apps above know of the family's agreement
STANDS_AGAINST: list[Callable[[Episode, str], bool]] = []
ENDS_AT_ANY_LEVEL = (Episode.End.STEP_UP, Episode.End.NOT_AGREED)


def _refuse_past_overseer(episode: Episode, reason: str, actor: User) -> None:
    """Help for a child in need is stepped down first, with whoever oversees it, or is ended by them (R2)."""
    now = Episode.objects.select_related("overseer").get(pk=episode.pk)
    if now.help_level == HelpLevel.EARLY_HELP or now.overseer_id == actor.pk:
        return
    if reason in ENDS_AT_ANY_LEVEL and not any(stands(now, reason) for stands in STANDS_AGAINST):
        return
    raise Refused(
        f"Help is given as “{now.level_words}”. Step the family down first, under “Level of help”: {now.overseer} has to agree."
    )


def _settle_assessments(episode: Episode, actor: User) -> None:
    """An assessment that was to be the request, and nobody has answered, is one no more."""
    rows = Request.objects.filter(episode=episode, outcome=Request.Outcome.WAITING)
    for request in rows.select_related("asked_by"):
        request.outcome, request.outcome_at, request.outcome_by = Request.Outcome.ENDED, clock.now(), actor
        request.save(update_fields=["outcome", "outcome_at", "outcome_by"])
        notices.RequestReceived.settle(request.pk)
        notices.RequestAnswered.tell({request.asked_by} - {actor}, about=request, key=f"{request.pk}:ended")


def _around(episode: Episode) -> set[User]:
    """Whoever has, or was offered, a part in it."""
    members = TeamMember.objects.filter(episode=episode, status__in=["invited", "accepted"]).select_related("user")
    leads = Lead.objects.filter(episode=episode, status__in=["asked", "accepted"]).select_related("user")
    first = {episode.first_contact_by} if episode.first_contact_by else set()
    return {member.user for member in members} | {lead.user for lead in leads} | first


@transaction.atomic
def add_to_note(*, note: Note, text: str, corrects: bool, actor: User) -> Note:
    """Add to a note of one's own, or correct it: the first text stays, and the same people read both."""
    if note.author_id != actor.pk:
        raise Refused("Only who wrote the note adds to it. Write a note of your own.")
    said = {"text": text, "corrects": corrects, "adds_to": note}
    if Note.objects.filter(**said).exists():
        raise Refused(TWICE)
    same = ("family_id", "episode_id", "kind", "with_whom", "about", "readers", "reader_agency_id", "kept_from")
    kept = {name: getattr(note, name) for name in same}
    return Note.objects.create(
        **kept, **said, at=clock.now(), author=actor, author_agency_id=note.author_agency_id, created_by=actor
    )


@transaction.atomic
def write_note(
    *,
    family: Family,
    episode: Episode,
    kind: str,
    at: datetime,
    with_whom: str,
    about: Sequence[int],
    text: str,
    actor: User,
    only_agency: Agency | None = None,
    kept_from: Sequence[int] = (),
) -> Note:
    """Keep a case note. With `only_agency`, its people alone read it. Supervision is read by its author, the lead and the
    author's fellow managers; feedback about who leads, by its author, the managers of the lead's agency and the service
    managers, and never by the lead."""
    agency = only_agency or home_agency(actor)
    lead = lead_of(episode)
    readers: set[User] | None = None
    if kind == Note.Kind.SUPERVISION:
        readers = {actor, *([lead.user] if lead else []), *(managers_of(agency) if agency else [])}
    elif kind == Note.Kind.FEEDBACK:
        if lead is None or lead.user == actor:
            raise Refused("Feedback about who leads needs someone else who leads. Write a case note.")
        readers = {actor, *managers_of(lead.agency), *service_managers()} - {lead.user}
    said = {"kind": kind, "at": at, "with_whom": with_whom, "text": text, "about": list(about), "author": actor}
    same = Note.objects.filter(episode=episode, **said)
    if same.exists():
        raise Refused(TWICE)
    return Note.objects.create(
        family=family,
        episode=episode,
        kind=kind,
        at=at,
        with_whom=with_whom,
        about=list(about),
        text=text,
        author=actor,
        author_agency=agency,
        readers=None if readers is None else sorted(reader.pk for reader in readers),
        reader_agency=only_agency,
        kept_from=list(kept_from),
        created_by=actor,
    )
