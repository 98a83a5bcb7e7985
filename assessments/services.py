"""An assessment is started, written by several people at a time, and finalised by the lead: all here.

A section is saved on top of the version that its writer saw; whoever comes second gets both texts, and nothing is lost.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from assessments.models import Assessment, Section
from consent.services.asking import still_to_ask
from consent.services.ledger import agreed
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import agencies, home_agency
from earlyhelp.core import clock
from earlyhelp.core.errors import Gap, Refused
from earlyhelp.govuk.components import when_text
from earlyhelp.govuk.fields import list_words
from earlyhelp.procedures.services import procedure_in_force, version_in_force
from earlyhelp.timescales import services as timescales
from families.clocks import ASSESSMENT_START
from families.models import Episode, Family, Person
from families.services import episodes
from families.services.running import agency_seen_through, lead_of

Key = Section.Key
WHOLE_FAMILY = (
    Key.WHY_NOW,
    Key.FAMILY_LIFE,
    Key.PARENTING,
    Key.HOME_MONEY_WORK,
    Key.HEALTH,
    Key.HELP_SO_FAR,
    Key.ANALYSIS,
)
FIELDS = (*Section.WORDS, "scale")


def current(family: Family) -> Assessment | None:
    """The assessment of the family's present episode, else of its latest."""
    rows = Assessment.objects.filter(family=family, episode=family.episode())
    return rows.select_related("episode", "started_by", "finalised_by").first()


def children_of(family: Family) -> QuerySet[Person]:
    """The children, born and unborn, of whom the asker may know more than basic information; eldest first."""
    return family.people().filter(kind__in=[Person.Kind.CHILD, Person.Kind.UNBORN], details__isnull=False)


def acting_agency(*, user: User, family: Family) -> Agency | None:
    """The agency for which someone adds to this family's record."""
    return agency_seen_through(user=user, family=family) or home_agency(user)


def obstacle(episode: Episode) -> Gap | None:
    """What is missing before the assessment can start (DEV-05)."""
    word = agreed(episode)
    family = Family.objects.get(pk=episode.family_id)
    if word:
        return _ask_first(family)
    lead = lead_of(episode)
    who = "Whoever leads for this family or makes the first contact"
    if lead:
        who = f"{lead.user}, who leads for this family,"
    elif episode.first_contact_by:
        who = f"{episode.first_contact_by}, who makes the first contact,"
    agreement = f"The family’s {procedure_in_force().words.agreement} is missing"
    url = reverse("sharing", args=[family.reference])
    if word is None:
        return Gap(f"{agreement}: it is not recorded yet.", f"{who} can record it under “Sharing”.", url, "DEV-05")
    who = f"{who} can record it under “Sharing” if they agree now."
    return Gap(f"{agreement}: they did not agree, or withdrew.", who, url, "DEV-05")


def _ask_first(family: Family) -> Gap | None:
    """A child of whom nobody may write yet, because nobody asked, is asked before an assessment begins without them."""
    unasked = still_to_ask(family)
    if not unasked:
        return None
    names = list_words([person.short_name for person in unasked])
    url = reverse("change_choices", args=[family.reference, unasked[0].pk])
    return Gap(
        f"{names} {'hasn’t' if len(unasked) == 1 else 'haven’t'} been asked yet, since early help began again.",
        "Ask what may be shared about them, and record it: nothing can be written about them before.",
        url,
        "DEV-05",
    )


@transaction.atomic
def start(*, family: Family, episode: Episode, actor: User) -> Assessment:
    """Start the assessment with a section for each child and each part of family life; the clock is met (PS-1, PS-2)."""
    with acting_as_system("start an assessment"):
        episode = Episode.objects.select_for_update(no_key=True).get(pk=episode.pk)
        if gap := obstacle(episode):
            raise Refused(str(gap))
        before = Assessment.objects.filter(episode=episode).select_related("started_by").first()
        if before:
            raise Refused(f"{before.started_by} started the assessment on {when_text(before.started_at)}.")
        now = clock.now()
        assessment = Assessment.objects.create(
            family=family,
            episode=episode,
            procedure_id=version_in_force(),
            started_at=now,
            started_by=actor,
            created_by=actor,
        )
        about: list[tuple[str, Person | None]] = [(key, None) for key in WHOLE_FAMILY]
        about += [(Key.CHILD, child) for child in children_of(family)]
        Section.objects.bulk_create(
            [
                Section(family=family, assessment=assessment, key=key, person=person, created_by=actor)
                for key, person in about
            ]
        )
        if episode.stage != Episode.Stage.PLAN:  # a plan may have been agreed first
            episodes.advance(episode=episode, step="assessment")
        timescales.meet(ASSESSMENT_START, episode, at=now)
    return assessment


@transaction.atomic
def save_section(*, section: Section, version: int, actor: User, agency: Agency | None, **texts: Any) -> None:
    """Save a section's `texts` (worried, working_well, needs_to_happen, scale, voice) on top of `version`.

    Raises Stale when someone saved something else in between; nothing is overwritten.
    """
    _lock_open(section.assessment)
    if reason := not_your_agencys(section=section, user=actor):
        raise Refused(reason)
    section.save_version(version, texts, saved_by=actor, saved_agency=agency, saved_at=clock.now())


@transaction.atomic
def contribute(*, assessment: Assessment, agency: Agency, version: int, actor: User, **texts: Any) -> None:
    """Save what one agency knows; its first save makes the section. Only that agency's people write it (DEV-18)."""
    section = _section(assessment=assessment, key=Key.AGENCY, agency=agency, person=None, actor=actor)
    save_section(section=section, version=version, actor=actor, agency=agency, **texts)


@transaction.atomic
def write_about_child(
    *, assessment: Assessment, person: Person, version: int, actor: User, agency: Agency | None, **texts: Any
) -> None:
    """Save a child's section; for a child who joined the record after the start, the first save makes it (PS-1)."""
    section = _section(assessment=assessment, key=Key.CHILD, agency=None, person=person, actor=actor)
    save_section(section=section, version=version, actor=actor, agency=agency, **texts)


def _section(*, assessment: Assessment, key: str, agency: Agency | None, person: Person | None, actor: User) -> Section:
    _lock_open(assessment)
    section, _ = Section.objects.select_related("assessment", "agency").get_or_create(
        assessment=assessment,
        key=key,
        agency=agency,
        person=person,
        defaults={"family_id": assessment.family_id, "created_by": actor},
    )
    return section


def _lock_open(assessment: Assessment) -> None:
    """Hold the assessment until this transaction ends; refused once it is closed.

    Nothing is joined: a joined row would be as it was before the wait for the lock.
    """
    row = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    if reason := closed_words(row):
        raise Refused(reason)


def not_your_agencys(*, section: Section, user: User) -> str:
    """Why `user` can't write a section, or "": what an agency knows is written by its own people."""
    if section.key != Key.AGENCY or section.agency in agencies(user):
        return ""
    return f"Only people who work for {section.agency} write this section. You can read it with the whole assessment."


def closed_words(assessment: Assessment) -> str:
    """Why nothing can be changed any more, or "": who finalised it and when, or that early help has ended."""
    if not assessment.is_open:
        done = f"{assessment.finalised_by} finalised this assessment on {when_text(assessment.finalised_at or '')}."
    elif assessment.episode.ended_at:
        done = "Early help for this family has ended."
    else:
        return ""
    return f"{done} The assessment can be read and printed, and no longer changed."


def not_yours_to_finalise(*, episode: Episode, user: User) -> str:
    """Why `user` can't finalise, or "": only who accepted to lead can, and the answer says who that is."""
    lead = lead_of(episode)
    word = procedure_in_force().words.lead
    if lead is None:
        return (
            f"Nobody leads for this family yet. The {word} finalises the assessment: ask someone to lead under “Team”."
        )
    if lead.user_id != user.pk:
        return f"Only the {word} can finalise the assessment: {lead.user} ({lead.agency}). Ask them."
    return ""


def missing(assessment: Assessment) -> list[Gap]:
    """What is to be written before the assessment can be finalised, as far as the asker can see (PS-1, PS-6)."""
    family = Family.objects.get(pk=assessment.family_id)
    sections = list(Section.objects.filter(assessment=assessment).select_related("person"))
    written = {section.person_id: section for section in sections if section.person_id}
    gaps = []
    for child in children_of(family):
        section, url = written.get(child.pk), reverse("assessment_child", args=[family.reference, child.pk])
        if section:
            url = reverse("assessment_section", args=[family.reference, section.pk])
        if section is None or not section.has_words:
            gaps.append(Gap(f"Nothing is written about {child.name}.", "", url, "PS-1"))
        if child.speaks and (section is None or not section.voice):
            who = "If it is not known, write “not known” and why, do not leave it blank."
            gaps.append(Gap(f"What {child.name} says is empty.", who, url, "PS-1"))
    analysis = next(section for section in sections if section.key == Key.ANALYSIS)
    if not analysis.has_words:
        url = reverse("assessment_section", args=[family.reference, analysis.pk])
        gaps.append(Gap(f"“{Key.ANALYSIS.label}” is empty.", "", url, "PS-6"))
    return gaps


@transaction.atomic
def finalise(*, assessment: Assessment, actor: User) -> None:
    """Finalise: from now on the assessment is only read. Done by the accepted lead, once nothing is missing (DEV-18)."""
    _lock_open(assessment)
    if reason := not_yours_to_finalise(episode=assessment.episode, user=actor):
        raise Refused(reason)
    if gaps := missing(assessment):
        raise Refused("The assessment can’t be finalised yet.", *map(str, gaps))
    Assessment.objects.filter(pk=assessment.pk).update(
        status=Assessment.Status.FINALISED, finalised_at=clock.now(), finalised_by=actor
    )
