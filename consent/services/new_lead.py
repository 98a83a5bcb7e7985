"""What follows when someone else comes to lead: said before anyone asks or accepts, and told the family in a letter."""

from consent.models import Tier
from consent.services.alone import who_goes_on
from consent.word import FamilysWord
from earlyhelp.accounts.models import Agency
from earlyhelp.core import clock
from earlyhelp.govuk.components import when_text
from earlyhelp.printing.pdf import render_pdf
from families.models import Family, Lead, Person
from families.services.running import runner_of


def unseen_by(family: Family, agency: Agency) -> str:
    """How many of the family an agency knows nothing of, in words; "" when it knows of all."""
    word = FamilysWord.of(family)
    count = sum(word.held((pk, agency.pk)).tier == Tier.NONE for pk in word.people)
    return f"{count} of the family’s people" if count else ""


def left_with_nobody(family: Family, agency: Agency) -> list[Person]:
    """Those of whom neither a new lead's agency would know, nor that of whoever runs the support now once others lead: as far
    as the asker may know of them."""
    word, before = FamilysWord.of(family), runner_of(family.episode())
    agencies = {agency.pk, *([before.agency_id] if before else [])}
    people = list(family.people())
    named = who_goes_on(family, people)
    return [
        person
        for person in people
        if person.pk not in named and all(word.held((person.pk, one)).tier == Tier.NONE for one in agencies)
    ]


def follows_from(asked: Lead, family: Family) -> list[str]:
    """What follows for both if whoever is asked accepts, without a name of whom their agency isn't to know."""
    word, agency, before = FamilysWord.of(family), asked.agency, runner_of(asked.episode)
    tiers = [word.held((pk, agency.pk)).tier for pk in word.people]
    unseen, little = tiers.count(Tier.NONE), tiers.count(Tier.BASIC)
    lines = ["The family’s deadlines become yours, and you are their one point of contact."]
    if before and before.user_id != asked.user_id:
        now = "leads" if before.leads else "makes the first contact"
        goes = "is not on the team any more" if asked.episode.steps_down else "sees the record no more"
        stays = "stays on the team, and adds to the record" if asked.stays or unseen else goes
        lines.append(
            f"{before.user} ({before.agency}) {now} now. Once you accept, {before.user.get_short_name()} {stays}."
        )
    if unseen:
        asks = before.user.get_short_name() if before else "The early help team"
        lines.append(
            f"{_people(unseen)} of the family {'isn’t' if unseen == 1 else 'aren’t'} shown to you: they share nothing with"
            f" {agency}. {asks} stays the one who can ask them."
        )
    if little:
        lines.append(f"Of {_people(little).lower()} you see the name and the date of birth, and no more.")
    return lines


def _people(count: int) -> str:
    return "One person" if count == 1 else f"{count} people"


def letter(family: Family, lead: Lead) -> bytes:
    """To the family: who leads from when on, how to reach them, and who did before."""
    before = Lead.objects.filter(episode=lead.episode_id, status=Lead.Status.ENDED).select_related("user", "agency")
    context = {
        "family": family,
        "lead": lead,
        "phone": lead.user.phone or lead.agency.phone,
        "before": before.order_by("-ended_at").first(),
        "footer": f"{family.reference}, printed {when_text(clock.now())}",
    }
    return render_pdf("consent/lead_letter.html", context, title="Who works with you")
