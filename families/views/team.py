from typing import Any

from earlyhelp.accounts.models import Agency, Membership, User
from earlyhelp.drafts.pages import FamilyFormPage
from families import policies
from families.forms import team as forms
from families.models import Lead, LocalityHelp, TeamMember
from families.services import team
from families.views.said import about


def practitioners_of(agency_ids: set[int]) -> list[tuple[User, Agency]]:
    """The active people of some agencies, each with the agency they would act for."""
    rows = Membership.objects.current().filter(agency__in=agency_ids, user__is_active=True, agency__is_open=True)
    pairs = {(m.user_id, m.agency_id): (m.user, m.agency) for m in rows.select_related("user", "agency")}
    return list(pairs.values())


class AnswerPage(FamilyFormPage, abstract=True):
    form_class = forms.AnswerForm
    template_name = "families/answer.html"
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
        return super().context() | {"asked": self.asked}


class AnswerLead(AnswerPage):
    action = policies.ANSWER_LEAD
    row_of = Lead
    title = "Will you lead for this family?"
    lede = "The lead is the family’s one point of contact, and brings the team and the plan together."
    success = "Your answer is sent."

    def save(self, form: forms.AnswerForm) -> str:
        accept = form.cleaned_data["answer"] == "yes"
        team.answer_lead(lead=self.asked, accept=accept, reason=form.cleaned_data["reason"], actor=self.user)
        return self.family.get_absolute_url() if accept else "/"


class AnswerInvitation(AnswerPage):
    action = policies.ANSWER_INVITATION
    row_of = TeamMember
    title = "Will you join the team around this family?"
    lede = "You would see the record as far as the family shares with your agency."
    success = "Your answer is sent."

    def save(self, form: forms.AnswerForm) -> str:
        accept = form.cleaned_data["answer"] == "yes"
        team.answer_invitation(member=self.asked, accept=accept, reason=form.cleaned_data["reason"], actor=self.user)
        return self.family.get_absolute_url() if accept else "/"


class AskLocality(FamilyFormPage):
    """Ask the locality officer to help find a lead, with the reason (DEV-11)."""

    action = policies.ASK_LOCALITY
    form_class = forms.AskLocalityForm
    submit_text = "Ask them"

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.title = f"Ask the early help team for {self.family.locality} to help find a lead"

    def save(self, form: forms.AskLocalityForm) -> str:
        team.ask_locality(
            family=self.family,
            episode=self.family.episode(),
            reason=form.cleaned_data["reason"],
            actor=self.user,
        )
        self.success = f"The early help team for {self.family.locality} has been asked."
        return str(self.family.get_absolute_url())


class EndHelp(FamilyFormPage):
    action = policies.END_HELP
    form_class = forms.GovukForm
    title = "Is your help to find a lead done?"
    lede = "It also ends by itself when someone accepts to lead."
    submit_text = "It is done"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.asked = self.row(LocalityHelp, pk=kwargs["pk"])

    def thing(self) -> LocalityHelp:
        return self.asked

    def save(self, form: forms.GovukForm) -> str:
        team.done_helping(asked=self.asked, actor=self.user)
        self.success = about("Ended. Who asked has been told.", self.family)
        return "/"


class EndMembership(FamilyFormPage):
    action = policies.END_MEMBERSHIP
    form_class = forms.GovukForm
    submit_text = "End their place on the team"
    warning = "They lose access to this family’s record at their next click."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.member = self.row(TeamMember, pk=kwargs["pk"])
        self.title = f"End {self.member.user.name}’s place on the team?"

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}team/"

    def save(self, form: forms.GovukForm) -> str:
        team.leave(member=self.member, actor=self.user)
        return self.back_url()
