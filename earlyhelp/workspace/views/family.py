from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from assessments.models import Assessment
from assessments.reading import on_the_first_page
from consent.policies import RECORD as RECORD_AGREEMENT
from consent.policies import SHARE_LAWFULLY
from earlyhelp.access.levels import Level
from earlyhelp.access.reasons import ASKS_AGAIN
from earlyhelp.access.views import FamilyView
from earlyhelp.core.prepared import Prepared
from earlyhelp.govuk.components import when_text
from earlyhelp.timescales.models import Timescale
from earlyhelp.workspace import chronology, policies
from earlyhelp.workspace.forms import ChronologyForm
from earlyhelp.workspace.next_step import is_cut_off, next_step, why_cut_off
from earlyhelp.workspace.people import drawing, everyone, lines, warnings
from families import policies as family_policies
from families.case import episode, lead
from families.case import everyone as case_everyone
from families.case import leads as case_leads
from families.clocks import FIRST_CONTACT
from families.models import ContactAttempt, Episode, EpisodeEnd, Lead, LocalityHelp, Request, TeamMember
from plans.models import Outcome, Review
from plans.policies import plan_of
from stepdown.services.level import given_here

TEAM = Prepared(
    lambda family: TeamMember.objects.filter(family=family, status__in=["accepted", "invited"]).select_related(
        "user", "agency"
    )
)
CONTACTS = Prepared(
    lambda family, episode: (
        ContactAttempt.objects.filter(family=family, episode=episode).order_by("at").select_related("by", "family")
    )
)
REQUESTS = Prepared(lambda family: Request.objects.filter(family=family).select_related("asked_by", "agency", "words"))
REVIEW = Prepared(
    lambda family: Review.objects.filter(family=family).select_related("recorded_by", "family").order_by("-held_at")[:1]
)
ASSESSMENT = Prepared(
    lambda family: (
        Assessment.objects.filter(family=family)
        .select_related("form", "started_by", "finalised_by")
        .defer("form__body")[:1]
    )
)
OUTCOMES = Prepared(lambda family, plan: Outcome.objects.filter(family=family, plan=plan))
END = Prepared(lambda episode: EpisodeEnd.objects.filter(episode=episode)[:1])
HELP = Prepared(
    lambda family: LocalityHelp.objects.filter(family=family, status=LocalityHelp.Status.ASKED).select_related(
        "locality"
    )
)
CLOCKS = Prepared(
    lambda family, since: Timescale.objects.filter(family=family, anchor_at__gte=since).select_related(
        "owner", "owner_agency"
    )
)
ASKED_FOR = Prepared(
    lambda family: Request.objects.filter(family=family).exclude(chronology.OF_A_STEP_DOWN).select_related("words")
)
EVER = datetime.min.replace(tzinfo=UTC)


class Overview(FamilyView):
    """Who are they; what stage, what next, by when, by whom; worries and strengths; the team; what changed lately."""

    action = policies.SEE_OVERVIEW
    template_name = "workspace/overview.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        family, case, asker = self.family, self.case, self.asker
        current, leads, leader, plan = episode(case), case_leads(case), lead(case), plan_of(case)
        team, contacts, requests = TEAM(family), CONTACTS(family, current), REQUESTS(family)
        review, latest = REVIEW.first(family), ASSESSMENT.first(family)
        assessment = latest if latest and current and latest.episode_id == current.pk else None
        if latest:
            begun = [one for one in requests if one.is_being_written and one.episode_id == latest.episode_id]
            latest.as_request = {"sent_at": None, "answer": "waiting"} if begun else None  # type: ignore[attr-defined]
        known = [*leads, *team, *contacts, *requests, *filter(None, (plan, review, assessment, current))]
        cut_off = is_cut_off(asker)
        people = everyone(case)
        shown = lines(people, asker)
        return self.page(
            episode=current,
            levels=given_here(),
            end=END.first(current) if current and current.ended_at else None,
            people=shown,
            drawing=drawing(people),
            take_care=warnings(shown, requests if asker.level >= Level.VIEW else ()),
            lead=leader,
            asked=[row for row in leads if row.status == "asked"],
            my_asked=next((row for row in leads if row.status == "asked" and row.user_id == self.user.pk), None),
            my_invitation=next((m for m in team if m.user_id == self.user.pk and m.status == "invited"), None),
            team=team,
            next_step=next_step(case, asker, assessment),
            assessment=assessment,
            analysis=on_the_first_page(latest) if latest else {},
            plan=plan,
            outcomes=OUTCOMES(family, plan) if plan else [],
            latest_review=review,
            requests=requests,
            changes=chronology.latest(family, known) if asker.level >= Level.VIEW else [],
            may_write_note=self.may(family_policies.WRITE_NOTE),
            may_record_contact=self.may(family_policies.RECORD_CONTACT),
            may_end=self.may(family_policies.END_EPISODE),
            basic_only=asker.level == Level.BASIC and not cut_off,
            cut_off=why_cut_off(case) if cut_off else "",
            may_hand_over=self.may(family_policies.ASK_TO_LEAD),
            may_record_choices=self.may(RECORD_AGREEMENT),
            asks_again=ASKS_AGAIN in asker.reasons,
            is_lead=leader is not None and leader.user_id == self.user.pk,
            may_share_lawfully=self.may(SHARE_LAWFULLY),
            **self.help(leader),
            **self.clocks(current, {attempt.at: attempt.reached for attempt in contacts}),
        )

    def help(self, leader: Lead | None) -> dict[str, Any]:
        """The locality's help to find a lead: it ends when there is one."""
        helped = [] if leader else HELP(self.family)
        return {
            "helped": [
                {
                    "pk": row.pk,
                    "locality": row.locality,
                    "asked_at": row.asked_at,
                    "may_end": family_policies.END_HELP.allows(self.asker, row),
                }
                for row in helped
            ],
            "may_ask_locality": not helped and not leader and self.may(family_policies.ASK_LOCALITY),
        }

    def clocks(self, current: Episode | None, tries: dict[datetime, bool]) -> dict[str, Any]:
        """The clocks that run, those that were met and how, and when contact was made."""
        clocks = CLOCKS(self.family, current.started_at if current else EVER)
        return {
            "clocks": [one for one in clocks if one.is_open or one.stopped_because == "agreement withdrawn"],
            "met": [(one, _how_met(one, one.met_at, tries)) for one in clocks if one.met_at],
            "contact_made": next((at for at, reached in tries.items() if reached), None),
        }


def _how_met(clock: Timescale, at: datetime, tries: dict[datetime, bool]) -> str:
    """How a clock was met, and how well kept: a try meets the first contact's, and is no contact (PS-2)."""
    what, when = clock.label, when_text(at)
    if clock.kind != FIRST_CONTACT.kind or tries.get(at):
        return f"{what}: met {when}, {clock.kept}"
    if at in tries:
        return f"{what}: a try was made on {when} (nobody reached); the clock is met, {clock.kept}"
    return f"{what}: the clock was met {when}, {clock.kept}"


class Chronology(FamilyView):
    """Everything that happened, latest first, as far as the reader may know."""

    action = policies.SEE_CHRONOLOGY
    template_name = "workspace/chronology.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = ChronologyForm(request.GET, people=case_everyone(self.case))
        page = chronology.page(self.family, request.GET.get("page"), form.wanted())
        return self.page(
            items=page.object_list,
            page_obj=page,
            requests=ASKED_FOR(self.family),
            form=form,
            narrowed=form.wanted() != chronology.Wanted(),
            may_print=self.may(policies.PRINT_CHRONOLOGY),
        )
