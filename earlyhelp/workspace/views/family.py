from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from assessments.models import Assessment, Section
from assessments.policies import SEE as SEE_ASSESSMENT
from assessments.policies import START as START_ASSESSMENT
from consent.policies import RECORD as RECORD_AGREEMENT
from consent.policies import SHARE_LAWFULLY
from consent.services.ledger import agreed
from earlyhelp.access.levels import Level
from earlyhelp.access.reasons import ASKS_AGAIN
from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import LocalProcedure, TimescaleRule
from earlyhelp.govuk.components import when_text
from earlyhelp.timescales.models import Timescale
from earlyhelp.workspace import chronology, policies
from families import policies as family_policies
from families.models import ContactAttempt, Episode, Family, Lead, LocalityHelp, Request, TeamMember
from plans.models import Outcome, Plan, Review
from plans.policies import CHANGE as CHANGE_PLAN

RECENT = 6


@dataclass(frozen=True)
class Step:
    """What happens next, where, and whether the reader may do it."""

    text: str
    url: str = ""


class Overview(FamilyView):
    """Who are they; what stage, what next, by when, by whom; worries and strengths; the team; what changed lately."""

    action = policies.SEE_OVERVIEW
    template_name = "workspace/overview.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        family = self.family
        episode = family.episode()
        people = list(family.people())
        leads = Lead.objects.filter(family=family, status__in=["accepted", "asked"]).select_related("user", "agency")
        lead = next((row for row in leads if row.status == "accepted"), None)
        asked = [row for row in leads if row.status == "asked"]
        team = TeamMember.objects.filter(family=family, status__in=["accepted", "invited"]).select_related(
            "user", "agency"
        )
        clocks = Timescale.objects.filter(family=family).select_related("owner", "owner_agency")
        if episode:
            clocks = clocks.filter(anchor_at__gte=episode.started_at)
        running = [clock for clock in clocks if clock.is_open or clock.stopped_because == "agreement withdrawn"]
        plan = Plan.objects.filter(family=family, episode=episode).first()
        contacts = ContactAttempt.objects.filter(family=family, episode=episode).order_by("at")
        tries = {attempt.at: attempt.reached for attempt in contacts}
        helped = LocalityHelp.objects.filter(family=family, status=LocalityHelp.Status.ASKED).select_related("locality")
        context: dict[str, Any] = {
            "episode": episode,
            "people": people,
            "lead": lead,
            "asked": asked,
            "my_asked": next((row for row in asked if row.user_id == self.user.pk), None),
            "my_invitation": next((m for m in team if m.user_id == self.user.pk and m.status == "invited"), None),
            "team": team,
            "clocks": running,
            "met": [(clock, _how_met(clock, clock.met_at, tries)) for clock in clocks if clock.met_at],
            "contact_made": next((at for at, reached in tries.items() if reached), None),
            "helped": [
                {
                    "pk": row.pk,
                    "locality": row.locality,
                    "asked_at": row.asked_at,
                    "may_end": family_policies.END_HELP.allows(self.asker, row),
                }
                for row in helped
            ],
            "may_ask_locality": not helped and not lead and family_policies.ASK_LOCALITY.allows(self.asker, family),
            "next_step": self.next_step(episode, lead, plan),
            "assessment": Assessment.objects.filter(family=family, episode=episode).first(),
            "analysis": Section.objects.filter(family=family, key=Section.Key.ANALYSIS).order_by("-pk").first(),
            "plan": plan,
            "outcomes": Outcome.objects.filter(family=family, plan=plan) if plan else [],
            "latest_review": Review.objects.filter(family=family).order_by("-held_at").first(),
            "requests": Request.objects.filter(family=family),
            "changes": chronology.latest(family, RECENT) if self.asker.level >= Level.VIEW else [],
            "may_write_note": family_policies.WRITE_NOTE.allows(self.asker, family),
            "may_record_contact": family_policies.RECORD_CONTACT.allows(self.asker, family),
            "may_end": family_policies.END_EPISODE.allows(self.asker, family),
            "basic_only": self.asker.level == Level.BASIC and not self.cut_off,
            "cut_off": self.why_cut_off(episode, lead) if self.cut_off else "",
            "may_hand_over": family_policies.ASK_TO_LEAD.allows(self.asker, family),
            "may_record_choices": RECORD_AGREEMENT.allows(self.asker, family),
            "asks_again": ASKS_AGAIN in self.asker.reasons,
            "is_lead": lead is not None and lead.user_id == self.user.pk,
            "may_share_lawfully": SHARE_LAWFULLY.allows(self.asker, family),
        }
        return self.page(**context)

    @property
    def cut_off(self) -> bool:
        """Whether the asker runs the family's support, and the family no longer lets them see more than basic."""
        return self.asker.level == Level.BASIC and self.asker.runs

    def why_cut_off(self, episode: Episode | None, lead: Lead | None) -> str:
        agency = lead.agency if lead else episode.first_contact_agency if episode else None
        answer = agreed(episode) if episode else None
        if answer is False:
            return "The family does not agree to early help."
        if answer is None:
            return f"The family’s {LocalProcedure.current().agreement_word} is not recorded."
        return f"The family does not share the record with {agency}."

    def next_step(self, episode: Episode | None, lead: Lead | None, plan: Plan | None) -> Step:
        """One sentence on what happens next, with a link for whoever may do it."""
        family: Family = self.family
        base = family.get_absolute_url()

        def step(text: str, path: str, action: Any) -> Step:
            return Step(text, base + path if action.allows(self.asker, family) else "")

        if episode is None or episode.ended_at:
            return Step("Early help has ended.")
        if self.asker.level < Level.VIEW and not self.cut_off:
            return Step("The lead can tell you more.")
        if self.asker.by_name:
            return Step("Use what was shared with you to keep someone safe, and tell the lead what you do.")
        if episode.stage == Episode.Stage.FIRST_CONTACT:
            return step("Make the first contact, and record each try.", "contact/", family_policies.RECORD_CONTACT)
        answer = agreed(episode)
        if answer is None:
            word = LocalProcedure.current().agreement_word
            return step(f"Ask the family for their {word}, and record it.", "sharing/agreement/", RECORD_AGREEMENT)
        if not answer:
            return step(
                "The family does not agree. Offer what one service can do alone, and end early help.",
                "end/",
                family_policies.END_EPISODE,
            )
        if self.cut_off:
            return step(
                "Ask someone whose agency the family shares with to lead.",
                "team/ask-to-lead/",
                family_policies.ASK_TO_LEAD,
            )
        if lead is None:
            return step("Ask someone to lead.", "team/ask-to-lead/", family_policies.ASK_TO_LEAD)
        if plan and plan.status != Plan.Status.DRAFT:
            on = f" on {when_text(plan.next_review_on)}" if plan.next_review_on else ""
            return step(f"Carry out the plan, and hold the next review{on}.", "plan/", CHANGE_PLAN)
        assessment = Assessment.objects.filter(episode=episode).first()
        if plan is None and assessment is None:
            return step("Start the assessment.", "assessment/", START_ASSESSMENT)
        if assessment and assessment.is_open:
            return step("Finish the assessment, then agree a plan with the family.", "assessment/", SEE_ASSESSMENT)
        return step("Agree a plan with the family.", "plan/", CHANGE_PLAN)


def _how_met(clock: Timescale, at: datetime, tries: dict[datetime, bool]) -> str:
    """How a clock was met: a try meets the first contact's, and is no contact (PS-2)."""
    what, when = clock.get_kind_display(), when_text(at)
    if clock.kind != TimescaleRule.Kind.FIRST_CONTACT or tries.get(at):
        return f"{what}: met {when}"
    if at in tries:
        return f"{what}: a try was made on {when} (nobody reached); the clock is met"
    return f"{what}: the clock was met {when}"


class Chronology(FamilyView):
    """Everything that happened, latest first, as far as the reader may know."""

    action = policies.SEE_CHRONOLOGY
    template_name = "workspace/chronology.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        page = chronology.page(self.family, request.GET.get("page"))
        asked = Request.objects.filter(family=self.family)
        return self.page(items=page.object_list, page_obj=page, requests=asked)
