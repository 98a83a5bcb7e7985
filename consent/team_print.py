"""One page for the family: who works with them, and how they are reached."""

from dataclasses import dataclass

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import Agency, Cover, User
from earlyhelp.core import clock
from earlyhelp.govuk.components import until_text, when_text
from earlyhelp.printing.pdf import render_pdf
from earlyhelp.procedures.services import procedure_in_force
from families.models import Family, Runner, TeamMember


@dataclass(frozen=True)
class Worker:
    """Someone who works with the family, as the family knows them."""

    name: str
    job: str
    agency: str
    does: str
    phone: str


def who_works(family: Family, *, to_family: bool = True) -> list[Worker]:
    """Who leads or makes the first contact, who stands in for them, and who is on the team: those who still may. What each
    does is said to the family, or of it."""
    episode, words = family.episode(), procedure_in_force().words
    if episode is None or episode.ended_at:
        return []
    runner = Runner.objects.filter(episode=episode).select_related("user", "agency").first()
    team = TeamMember.objects.filter(episode=episode, status=TeamMember.Status.ACCEPTED)
    with acting_as_system("who works with a family, for its print"):
        seeing = set(Grant.objects.in_force().filter(family=family).values_list("user", flat=True))
    found = []
    if runner and runner.user_id in seeing:
        leads = f"Your {words.lead}" if to_family else words.lead.capitalize()
        first = "The first person who gets in touch with you" if to_family else "Makes the first contact"
        does = leads if runner.leads else first
        found.append(_worker(runner.user, runner.agency, does))
        covers = Cover.objects.current().filter(covered=runner.user, agency=runner.agency).select_related("user")
        found += [
            _worker(one.user, runner.agency, f"Stands in for {runner.user.name} until {until_text(one.until)}")
            for one in covers
            if one.user_id in seeing
        ]
    rows = team.select_related("user", "agency").order_by("agency__name", "user__name")
    return found + [
        _worker(row.user, row.agency, f"On the team around {'your' if to_family else 'the'} family")
        for row in rows
        if row.user_id in seeing
    ]


def _worker(user: User, agency: Agency, does: str) -> Worker:
    return Worker(user.name, user.job_title, agency.name, does, user.phone or agency.phone)


def team_pdf(family: Family, *, large_print: bool = False) -> bytes:
    context = {
        "family": family,
        "workers": who_works(family),
        "footer": f"{family.reference}, printed {when_text(clock.now())}",
    }
    return render_pdf("consent/team_print.html", context, title="Who works with our family", large_print=large_print)
