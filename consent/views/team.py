"""Who leads and who is on the team, and what the family shares with their agencies."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from consent import policies
from consent.forms.team import (
    MISTAKE,
    AnswerForm,
    AskLocalityForm,
    AskToLeadForm,
    ChallengeForm,
    EndPlaceForm,
    InviteForm,
    LeadMyselfForm,
    PractitionerForm,
    SuggestForm,
    WishesForm,
)
from consent.models import Disclosure, Tier
from consent.services.agencies import agencies_around
from consent.services.alone import tell_who_can_name
from consent.services.disclosures import record_disclosure
from consent.services.excluding import people_excluded
from consent.services.ledger import (
    agencies_that_know,
    all_choices,
    tier_of,
    tiers,
)
from consent.services.new_lead import follows_from, left_with_nobody, letter, unseen_by
from consent.services.passages import Passage, passages
from consent.team_print import team_pdf
from consent.views.choices import ConsentPage
from earlyhelp.access.levels import Level
from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import Agency
from earlyhelp.accounts.roles import memberships
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.drafts.pages import FamilyFormPage, keep
from earlyhelp.govuk.fields import list_words
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.printing.pdf import pdf_response
from earlyhelp.procedures.services import procedure_in_force
from families import policies as family_policies
from families.case import episode
from families.models import Lead, LeadWish, LocalityHelp, Person, TeamMember
from families.services import giving, team, wishes
from families.services.running import runner_of
from families.views.said import about


class TeamPage(FamilyFormPage, abstract=True):
    """Choosing someone of an agency that the family shares with; nothing typed is lost by looking for them."""

    template_name = "consent/choose_practitioner.html"
    additional_only = False
    who = giving.TO_JOIN
    naming: Sequence[Passage] = ()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "look" not in request.POST:
            return super().post(request, *args, **kwargs)
        return HttpResponseRedirect(f"{keep(self.draft_about(), request.POST).address}#id_find")

    def back_url(self) -> str:
        url = self.family.get_absolute_url()
        return f"{url}team/" if self.asker.level >= Level.VIEW else url

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.known = agencies_that_know(self.family)
        if self.additional_only:
            self.known = {agency for agency, tier in tiers(self.family).items() if tier == Tier.ADDITIONAL}

    def form_kwargs(self) -> dict[str, Any]:
        but = {*people_excluded(self.family), self.user.pk}
        return {"people": giving.candidates(self.who, self.known, but=but)}

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "shares": bool(self.known),
            "missing": self.missing(),
            "changeable": self.family.people() if self.may(policies.CHANGE_CHOICES) else [],
            "naming": [(one, reverse(one.page, args=[self.family.reference])) for one in self.naming],
            "may_lead": self.additional_only and self.may(family_policies.LEAD_MYSELF),
            "asks_to_lead": self.additional_only,
            "wishes": wishes.of(episode(self.case)) if self.additional_only else [],
        }

    def look_through(self, form: PractitionerForm) -> None:
        """Before someone comes to read the record: it may name people of whom their agency isn't to know."""
        agency = form.chosen()[1]
        self.naming = passages(family=self.family, agency=agency)
        if self.naming and not form.cleaned_data["has_read"]:
            raise Refused(
                f"Read the passages below: they name someone who shares nothing with {agency}. Then tick that you have",
                field="has_read",
            )

    def missing(self) -> list[tuple[Agency, str]]:
        """The agencies around the family whose people can't be chosen, and why."""
        answered: dict[int, set[bool]] = {}
        seen = {person.pk for person in self.family.people()}
        for (person, agency), held in all_choices(self.family).items():
            if person in seen:
                answered.setdefault(agency, set()).add(held.never)
        little = agencies_that_know(self.family)

        def why(agency: Agency) -> str:
            if agency.pk in little:
                return "the family shares basic information only, which is too little to lead."
            if agency.pk not in answered:
                return "the family wasn’t asked yet. Ask them, and record what they choose."
            if True in answered[agency.pk]:
                return "the family said never to share with them."
            return "the family shares nothing with them."

        return [(a, why(a)) for a in agencies_around(self.family) if a.pk not in self.known]


class Invite(TeamPage):
    action = family_policies.INVITE
    form_class = InviteForm
    title = "Invite someone to the team"
    submit_text = "Send the invitation"
    success = "The invitation is sent."

    def save(self, form: InviteForm) -> str:
        self.look_through(form)
        user, agency = form.chosen()
        team.invite(
            family=self.family,
            episode=self.family.episode(),
            user=user,
            agency=agency,
            role=form.cleaned_data["role"],
            actor=self.user,
        )
        return self.back_url()


class AskToLead(TeamPage):
    action = family_policies.ASK_TO_LEAD
    form_class = AskToLeadForm
    submit_text = "Ask them"
    success = "They have been asked. You get a message when they answer."
    additional_only = True
    who = giving.TO_LEAD

    def get_title(self) -> str:
        return f"Ask someone to be {procedure_in_force().words.lead}"

    def form_kwargs(self) -> dict[str, Any]:
        self.runner = runner_of(self.family.episode())
        mine = self.runner is None or self.runner.user_id == self.user.pk
        who = "you" if mine else str(self.runner.user) if self.runner else ""
        leads = bool(self.runner and self.runner.leads)
        current = episode(self.case)
        declined = team.unchallenged(current) if current else []
        return super().form_kwargs() | {"runner": who, "leads": leads, "unasked": self.unasked(), "declined": declined}

    def unasked(self) -> list[Person]:
        return wishes.missing(self.family, episode(self.case))

    def save(self, form: AskToLeadForm) -> str:
        self.look_through(form)
        user, agency = form.chosen()
        stays = form.cleaned_data["stays"] == "yes"
        if alone := left_with_nobody(self.family, agency):
            raise Refused(
                f"{list_words([one.short_name for one in alone])} would be left with nobody who may know of them. Ask first"
                f" what they share with {agency}, or with whoever stays on the team, and record it",
                field="who",
            )
        unseen = unseen_by(self.family, agency)
        if unseen and not stays:
            raise Refused(
                f"{unseen} share nothing with {agency}. Whoever runs the support now stays on the team, so that somebody can"
                " still ask them",
                field="stays",
            )
        team.ask_to_lead(
            family=self.family,
            episode=self.family.episode(),
            user=user,
            agency=agency,
            without_wish=form.reason,
            without_challenge=form.cleaned_data.get("without_challenge", ""),
            because=form.cleaned_data.get("because", ""),
            stays=stays,
            actor=self.user,
        )
        return self.back_url()


class LeadMyself(ConsentPage):
    """Lead at once; nobody has to ask themselves."""

    action = family_policies.LEAD_MYSELF
    form_class = LeadMyselfForm
    title = "Lead for this family yourself"
    lede = "You are the family’s one point of contact, and bring the team and the plan together."
    submit_text = "I will lead"
    success = "You lead for this family."
    template_name = "consent/lead_myself.html"

    def form_kwargs(self) -> dict[str, Any]:
        return {"unasked": wishes.missing(self.family, episode(self.case))}

    def context(self) -> dict[str, Any]:
        return super().context() | {"wishes": wishes.of(episode(self.case))}

    def save(self, form: LeadMyselfForm) -> str:
        agencies = {work.agency for work in memberships(self.user) if work.may_lead}
        mine = sorted(agencies, key=lambda a: tier_of(self.family, a), reverse=True)
        if not mine:
            raise Refused("You work for no agency now. Ask your administrator.")
        team.lead_myself(
            family=self.family,
            episode=self.family.episode(),
            agency=mine[0],
            without_wish=form.reason,
            actor=self.user,
        )
        return str(self.family.get_absolute_url())


class RecordWishes(FamilyFormPage):
    """Whom each of the family would like to lead (DEV-10, MID-06)."""

    action = family_policies.RECORD_WISHES
    form_class = WishesForm
    title = "Whom would the family like to lead?"
    lede = (
        "Ask everyone, the children too, before anyone is asked to lead. Write what they say in their own words: whoever is"
        " asked to lead reads it."
    )

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.people = wishes.to_ask(self.family)

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": self.people}

    def initial(self) -> dict[str, Any]:
        return {f"wish_{wish.person_id}": wish.words for wish in wishes.of(episode(self.case))}

    def back_url(self) -> str:
        return self.family.get_absolute_url() + ("team/" if self.asker.level >= Level.VIEW else "")

    def save(self, form: WishesForm) -> str:
        current = episode(self.case)
        assert current
        wishes.record(family=self.family, episode=current, wishes=form.wishes(), actor=self.user)
        self.success = "Saved."
        return self.back_url()


class Team(FamilyView):
    """Who leads, who is on the team, who was asked and what they said; and whose agency the family doesn't share with."""

    action = family_policies.SEE_TEAM
    template_name = "consent/team.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        leads = Lead.objects.filter(family=self.family).select_related("user", "agency", "asked_by")
        members = TeamMember.objects.filter(family=self.family).select_related("user", "agency", "invited_by")
        helped = LocalityHelp.objects.filter(family=self.family).select_related(
            "locality", "asked_by", "ended_by", "suggested_by"
        )
        open_help = next((row for row in helped if row.status == LocalityHelp.Status.ASKED), None)
        leader = next((row for row in leads if row.status == Lead.Status.ACCEPTED), None)
        known = tiers(self.family)
        return self.page(
            # Who leads keeps basic information, come what may
            leads=[(row, max(known.get(row.agency_id, Tier.NONE), Tier.BASIC)) for row in leads],
            challengeable=[row.pk for row in leads if family_policies.CHALLENGE_LEAD.allows(self.asker, row)],
            members=[(row, known.get(row.agency_id, Tier.NONE)) for row in members],
            leader=leader,
            episode=episode(self.case),
            wishes=wishes.of(episode(self.case)),
            may_record_wishes=self.may(family_policies.RECORD_WISHES),
            helped=helped,
            may_suggest=bool(open_help and family_policies.SUGGEST_LEAD.allows(self.asker, open_help)),
            may_end_help=bool(open_help and family_policies.END_HELP.allows(self.asker, open_help)),
            may_ask_locality=open_help is None and self.may(family_policies.ASK_LOCALITY),
            may_lead=self.may(family_policies.LEAD_MYSELF),
            may_ask=self.may(family_policies.ASK_TO_LEAD),
            may_invite=self.may(family_policies.INVITE),
            may_print_team=self.may(policies.PRINT_TEAM),
            may_print_letter=leader is not None and self.may(policies.PRINT_LETTER),
            may_record=self.may(policies.RECORD),
        )


class AnswerPage(FamilyFormPage, abstract=True):
    form_class = AnswerForm
    template_name = "consent/answer.html"
    submit_text = "Send your answer"
    row_of: type[Lead] | type[TeamMember]

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.asked = self.row(self.row_of, pk=kwargs["pk"])

    def thing(self) -> Any:
        return self.asked

    def back_url(self) -> str:
        return "/"

    def context(self) -> dict[str, Any]:
        return super().context() | {"asked": self.asked, "wishes": self.wishes()}

    def wishes(self) -> list[LeadWish]:
        return []


# What else whoever is asked to lead is to know before a yes, in sentences
BEFORE_LEADING: list[Callable[[Lead], Iterable[str]]] = []


class AnswerLead(AnswerPage):
    action = family_policies.ANSWER_LEAD
    row_of = Lead
    title = "Will you lead for this family?"
    lede = "The lead is the family’s one point of contact, and brings the team and the plan together."
    success = "Your answer is sent."

    def context(self) -> dict[str, Any]:
        first = [line for tells in BEFORE_LEADING for line in tells(self.asked)]
        return super().context() | {"follows": [*first, *follows_from(self.asked, self.family)]}

    def wishes(self) -> list[LeadWish]:
        return wishes.of(self.asked.episode)

    def save(self, form: AnswerForm) -> str:
        accept = form.cleaned_data["answer"] == "yes"
        team.answer_lead(lead=self.asked, accept=accept, actor=self.user, **form.declined)
        if not accept:
            return "/"
        tell_who_can_name(self.family, key=f"lead:{self.asked.pk}")
        self.success = "You lead for this family now. Print the letter that tells the family, under “Team”."
        return str(self.family.get_absolute_url())


class ChallengeLead(FamilyFormPage):
    """A no to leading is talked over, by whom and with what result; whoever would lead after all is asked again."""

    action = family_policies.CHALLENGE_LEAD
    form_class = ChallengeForm
    submit_text = "Save"

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.asked = self.row(Lead, pk=kwargs["pk"])
        self.title = f"{self.asked.user} declined to lead: how was that challenged?"
        self.lede = f"Their reason: {self.asked.reason}"

    def thing(self) -> Lead:
        return self.asked

    def initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def back_url(self) -> str:
        return self.family.get_absolute_url() + ("team/" if self.asker.level >= Level.VIEW else "")

    def save(self, form: ChallengeForm) -> str:
        team.challenge(lead=self.asked, actor=self.user, **form.cleaned_data)
        again = form.cleaned_data["result"] == Lead.Result.ASK_AGAIN
        self.success = "Saved. Now ask them again." if again else "Saved."
        return self.back_url()


class AnswerInvitation(AnswerPage):
    action = family_policies.ANSWER_INVITATION
    row_of = TeamMember
    title = "Will you join the team around this family?"
    lede = "You would see the record as far as the family shares with your agency."
    success = "Your answer is sent."

    def save(self, form: AnswerForm) -> str:
        accept = form.cleaned_data["answer"] == "yes"
        team.answer_invitation(member=self.asked, accept=accept, actor=self.user, **form.declined)
        return self.family.get_absolute_url() if accept else "/"


class AskLocality(FamilyFormPage):
    """Ask the locality officer to help find a lead, with the reason (DEV-11)."""

    action = family_policies.ASK_LOCALITY
    form_class = AskLocalityForm
    submit_text = "Ask them"

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.title = f"Ask the early help team for {self.family.locality} to help find a lead"

    def save(self, form: AskLocalityForm) -> str:
        team.ask_locality(
            family=self.family,
            episode=self.family.episode(),
            reason=form.cleaned_data["reason"],
            actor=self.user,
        )
        self.success = f"The early help team for {self.family.locality} has been asked."
        return str(self.family.get_absolute_url())


class SuggestLead(FamilyFormPage):
    """The locality officer says who could lead (DEV-11)."""

    action = family_policies.SUGGEST_LEAD
    form_class = SuggestForm
    title = "Suggest who could lead"
    submit_text = "Send the suggestion"
    success = "Sent. Whoever asked for help is told."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.asked = self.row(LocalityHelp, pk=kwargs["pk"])
        self.lede = f"{self.asked.asked_by} asked for help: {self.asked.reason}"

    def thing(self) -> LocalityHelp:
        return self.asked

    def initial(self) -> dict[str, Any]:
        return {"words": self.asked.suggested}

    def back_url(self) -> str:
        return self.family.get_absolute_url() + ("team/" if self.asker.level >= Level.VIEW else "")

    def save(self, form: SuggestForm) -> str:
        team.suggest(asked=self.asked, actor=self.user, **form.cleaned_data)
        return self.back_url()


class EndHelp(FamilyFormPage):
    action = family_policies.END_HELP
    form_class = GovukForm
    title = "Is your help to find a lead done?"
    lede = "It also ends by itself when someone accepts to lead."
    submit_text = "It is done"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.asked = self.row(LocalityHelp, pk=kwargs["pk"])

    def thing(self) -> LocalityHelp:
        return self.asked

    def save(self, form: GovukForm) -> str:
        team.done_helping(asked=self.asked, actor=self.user)
        self.success = about("Ended. Who asked has been told.", self.family)
        return "/"


class EndMembership(FamilyFormPage):
    action = family_policies.END_MEMBERSHIP
    form_class = EndPlaceForm
    template_name = "consent/end_place.html"
    submit_text = "End their place on the team"
    warning = "They lose access to this family’s record at their next click."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.member = self.row(TeamMember, pk=kwargs["pk"])
        self.title = f"End {self.member.user.name}’s place on the team?"

    def context(self) -> dict[str, Any]:
        runner = runner_of(self.family.episode())
        return super().context() | {"hangs": team.hangs_on(self.member), "runner": runner, "member": self.member}

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}team/"

    def save(self, form: EndPlaceForm) -> str:
        team.leave(member=self.member, by_mistake=form.cleaned_data["why"] == MISTAKE, actor=self.user)
        return self.back_url()


class PrintLetter(FamilyFormPage):
    """A letter to the family that names who leads."""

    action = policies.PRINT_LETTER
    form_class = GovukForm
    title = "Print the letter that names the lead"
    submit_text = "Make the PDF"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.lead = self.row(Lead, status=Lead.Status.ACCEPTED)
        self.lede = (
            f"It tells the family that {self.lead.user} leads, how to reach them, and how to say what they think of it."
        )

    def back_url(self) -> str:
        return reverse("team", args=[self.family.reference])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pdf = letter(self.family, self.lead)
        record_disclosure(
            family=self.family,
            how=Disclosure.How.PRINTED,
            what="The letter that names the lead",
            to_whom="The family",
            basis=Disclosure.Basis.FAMILY,
            actor=self.user,
        )
        return pdf_response(pdf, filename=f"lead-{self.family.reference}.pdf")


class PrintTeam(FamilyFormPage):
    """One page for the family: who works with them, and how they are reached."""

    action = policies.PRINT_TEAM
    form_class = GovukForm
    title = "Print who works with this family"
    submit_text = "Make the PDF"
    keeps_draft = False

    def get_lede(self) -> str:
        return (
            "One page, with names, agencies and phone numbers. That it was given is kept, with your name and the time."
        )

    def back_url(self) -> str:
        return reverse("team", args=[self.family.reference])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pdf = team_pdf(self.family, large_print="large" in request.GET)
        record_disclosure(
            family=self.family,
            how=Disclosure.How.PRINTED,
            what="Who works with the family, and how they are reached",
            to_whom="The family",
            about=(),
            basis=Disclosure.Basis.FAMILY,
            actor=self.user,
        )
        return pdf_response(pdf, filename=f"who-works-with-us-{self.family.reference}.pdf")
