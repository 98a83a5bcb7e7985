"""The outcomes of a plan and their actions."""

from typing import Any

from django.urls import reverse

from earlyhelp.accounts.models import User
from earlyhelp.drafts.changes import FamilyChangePage
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.forms import GovukForm
from plans import policies, services
from plans.forms import plan as forms
from plans.models import Action, Outcome
from plans.rules import ActionSaid


class PlanPage(FamilyFormPage, abstract=True):
    """A form of a family's plan."""

    plan: Any  # None while there is none: then nothing of it is found, and no action but adding an outcome is allowed

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.plan = policies.plan_of(self.case)

    def team(self) -> dict[User, str]:
        """Who is around the family, and the agency that each acts for."""
        return {user: agency.name for user, agency in services.people_around(self.plan.episode).items()}

    def back_url(self) -> str:
        return reverse("plan", args=[self.family.reference])


class OutcomePage(PlanPage, abstract=True):
    def form_kwargs(self) -> dict[str, Any]:
        return {"people": list(self.family.people())}


class AddOutcome(OutcomePage):
    """Adding the first outcome opens the plan."""

    action = policies.CHANGE
    form_class = forms.OutcomeForm
    title = "Add an outcome"
    lede = "Say what will be better for the family, not which service they get."
    submit_text = "Add this outcome"
    success = "The outcome is added. Now say who will do what."

    def save(self, form: forms.OutcomeForm) -> str:
        plan = services.open_plan(family=self.family, episode=self.family.episode(), actor=self.user)
        outcome = services.add_outcome(plan=plan, said=form.said(), actor=self.user)
        return f"{self.back_url()}#outcome-{outcome.pk}"


class ChangeOutcome(FamilyChangePage, OutcomePage):
    action = policies.CHANGE
    form_class = forms.OutcomeForm
    title = "Change the outcome"
    success = "Saved."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.outcome: Outcome = self.row(Outcome, plan=self.plan, pk=kwargs["pk"])

    def saved(self) -> Outcome:
        return Outcome.objects.get(pk=self.outcome.pk)

    def initial_of(self, row: Outcome) -> dict[str, Any]:
        return {
            "person": str(row.person_id or forms.WHOLE_FAMILY),
            "need": row.need,
            "outcome": row.outcome,
            "how_we_know": row.how_we_know,
        }

    def save(self, form: forms.OutcomeForm) -> str:
        services.change_outcome(outcome=self.outcome, said=form.said(), version=self.version, actor=self.user)
        return f"{self.back_url()}#outcome-{self.outcome.pk}"


class RemoveOutcome(PlanPage):
    action = policies.REMOVE_OUTCOME
    form_class = GovukForm
    title = "Remove this outcome?"
    submit_text = "Remove it"
    removes = True
    warning = "Its actions go with it."
    success = "The outcome is removed."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.outcome: Outcome = self.row(Outcome, plan=self.plan, pk=kwargs["pk"])
        self.lede = self.outcome.outcome

    def save(self, form: GovukForm) -> str:
        services.remove_outcome(outcome=self.outcome, actor=self.user)
        return self.back_url()


class ActionPage(PlanPage, abstract=True):
    """A form about one action."""

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.doing: Action = self.row(Action, outcome__plan=self.plan, pk=kwargs["pk"])


class AddAction(PlanPage):
    action = policies.CHANGE
    form_class = forms.ActionForm
    title = "Add an action"
    submit_text = "Add this action"
    success = "The action is added."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.outcome: Outcome = self.row(Outcome, plan=self.plan, pk=kwargs["pk"])
        self.lede = f"So that: {self.outcome.outcome}"

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": list(self.family.people()), "team": self.team()}

    def save(self, form: forms.ActionForm) -> str:
        services.add_action(outcome=self.outcome, said=form.said(), actor=self.user)
        return f"{self.back_url()}#outcome-{self.outcome.pk}"


class ChangeAction(FamilyChangePage, ActionPage):
    action = policies.CHANGE
    form_class = forms.ActionForm
    title = "Change the action"
    success = "Saved."

    def form_kwargs(self) -> dict[str, Any]:
        team, row = self.team(), self.doing
        before = ActionSaid(row.text, row.due_on, row.user, row.person)
        if self.doing.user:
            team.setdefault(self.doing.user, "No longer on the team")
        return {"people": list(self.family.people()), "team": team, "before": before}

    def saved(self) -> Action:
        return Action.objects.get(pk=self.doing.pk)

    def initial_of(self, row: Action) -> dict[str, Any]:
        who = f"user-{row.user_id}" if row.user_id else f"person-{row.person_id}"
        return {"text": row.text, "who": who, "due_on": row.due_on}

    def save(self, form: forms.ActionForm) -> str:
        services.change_action(action=self.doing, said=form.said(), version=self.version, actor=self.user)
        return f"{self.back_url()}#outcome-{self.doing.outcome_id}"


class SetActionStatus(ActionPage):
    action = policies.CHANGE
    form_class = forms.ActionStatusForm
    title = "Update the action"
    success = "Saved."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.lede = self.doing.text

    def initial(self) -> dict[str, Any]:
        return {"status": self.doing.status}

    def save(self, form: forms.ActionStatusForm) -> str:
        services.set_action_status(action=self.doing, status=form.cleaned_data["status"], actor=self.user)
        return f"{self.back_url()}#outcome-{self.doing.outcome_id}"


class RemoveAction(ActionPage):
    action = policies.REMOVE
    form_class = GovukForm
    title = "Remove this action?"
    submit_text = "Remove it"
    removes = True
    success = "The action is removed."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.lede = self.doing.text

    def save(self, form: GovukForm) -> str:
        services.remove_action(action=self.doing, actor=self.user)
        return self.back_url()
