"""An assessment starts, on the form in force."""

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from assessments.models import Assessment, FormVersion
from consent.services.asking import still_to_ask
from consent.services.ledger import agreed
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import home_agency
from earlyhelp.core import clock
from earlyhelp.core.errors import Gap, Refused
from earlyhelp.govuk.components import when_text
from earlyhelp.govuk.fields import list_words
from earlyhelp.procedures.form import AssessmentForm, whole
from earlyhelp.procedures.services import one_at_a_time, procedure_in_force, version_in_force
from earlyhelp.timescales import services as timescales
from families.clocks import ASSESSMENT_START
from families.models import Episode, Family, Request
from families.services import episodes
from families.services.running import agency_seen_through, lead_of


def current(family: Family, episode: Episode | None = None) -> Assessment | None:
    """The assessment of the family's present episode, else of its latest."""
    rows = Assessment.objects.filter(family=family, episode=episode or family.episode())
    return rows.select_related("episode", "form", "started_by", "finalised_by").first()


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
    """Start the assessment; the clock is met (PS-2). It asks as much as the level of need that the starter knows calls for."""
    requests = Request.objects.filter(family=family).exclude(level_of_need="").order_by("-created_at")
    level = requests.values_list("level_of_need", flat=True).first() or ""
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
            started_at=now,
            started_by=actor,
            created_by=actor,
        )
        if episode.stage != Episode.Stage.PLAN:  # a plan may have been agreed first
            episodes.advance(episode=episode, step="assessment")
        timescales.meet(ASSESSMENT_START, episode, at=now)
    return assessment


def form_in_force() -> FormVersion:
    """The form by which an assessment that starts now is asked."""
    return published(whole(procedure_in_force().assessment), version_in_force())


def published(form: AssessmentForm, procedure: int | None) -> FormVersion:
    """A form as a version of its own: the one that says the same, if there is one."""
    body = form.model_dump(mode="json")
    digest = FormVersion.digest_of(body)
    found = FormVersion.objects.filter(digest=digest).first()
    if found:
        return found
    one_at_a_time()
    number = (FormVersion.objects.aggregate(highest=Max("number"))["highest"] or 0) + 1
    found, _ = FormVersion.objects.get_or_create(
        digest=digest, defaults={"number": number, "body": body, "procedure_id": procedure}
    )
    return found
