"""An assessment starts, on the form in force."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from assessments.models import Assessment
from assessments.services import again
from assessments.services.versions import form_in_force
from consent.services.asking import still_to_ask
from consent.services.ledger import agreed
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Gap, Refused
from earlyhelp.core.prepared import Prepared
from earlyhelp.govuk.components import when_text
from earlyhelp.govuk.fields import list_words
from earlyhelp.procedures.services import procedure_in_force, version_in_force
from earlyhelp.timescales import services as timescales
from families.clocks import ASSESSMENT_START
from families.models import Episode, Family, Request
from families.services import episodes
from families.services.running import lead_of

IS_AN_ASSESSMENT = Q(submitted_at=None, outcome=Request.Outcome.WAITING) | Q(agreed_to_send_on__isnull=False)


# What apps above say stands in the way of starting an assessment in an episode
OBSTACLES: list[Callable[[Episode], Gap | None]] = []


def current(family: Family, episode: Episode | None = None) -> Assessment | None:
    """The assessment of the family's present episode, else of its latest; with the request that it is to be, or was."""
    return CURRENT.first(family, episode or family.episode())


def _current(family: Any, episode: Any) -> QuerySet[Assessment]:
    begun = Request.objects.filter(episode=OuterRef("episode")).filter(IS_AN_ASSESSMENT)
    said = JSONObject(reference="reference", sent_at="submitted_at", answer="outcome")
    rows = Assessment.objects.filter(family=family, episode=episode)
    rows = rows.annotate(as_request=Subquery(begun.values(said=said)[:1]))
    return rows.select_related("episode", "form", "started_by", "finalised_by").defer("form__body")[:1]


CURRENT = Prepared(_current)


def obstacle(episode: Episode) -> Gap | None:
    """What is missing before the assessment can start (DEV-05)."""
    word = agreed(episode)
    family = Family.objects.get(pk=episode.family_id)
    if word:
        return _ask_first(family) or next(filter(None, (stands(episode) for stands in OBSTACLES)), None)
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


def earlier(family: Family) -> Assessment | None:
    """The last final assessment of the family, from an earlier episode too, with which the next one can begin."""
    rows = Assessment.objects.filter(family=family, status=Assessment.Status.FINALISED)
    return rows.select_related("episode", "form").defer("form__body").first()


@transaction.atomic
def start(*, family: Family, episode: Episode, actor: User, previous: Assessment | None = None) -> Assessment:
    """Start the assessment; the clock is met (PS-2). It asks as much as the level of need that the starter knows calls for, and
    begins with what a `previous` one said, as far as the starter may read it."""
    said = Request.objects.filter(family=family).exclude(level_of_need="").order_by("-created_at")
    level = said.values_list("level_of_need", flat=True).first() or ""
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
            form=form_in_force(),
            procedure_id=version_in_force(),
            level=level,
            previous=previous,
            started_at=now,
            started_by=actor,
            created_by=actor,
        )
        if episode.stage != Episode.Stage.PLAN:  # a plan may have been agreed first
            episodes.advance(episode=episode, step="assessment")
        timescales.meet(ASSESSMENT_START, episode, at=now)
    if previous:
        again.carry_over(before=previous, after=assessment, actor=actor)
    return assessment
