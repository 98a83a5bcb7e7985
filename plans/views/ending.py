from typing import Any

from earlyhelp.access.identity import acting_as_system
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.components import when_text
from earlyhelp.timescales.models import Extension, Timescale
from families import policies
from families.models import Lead, LocalityHelp, TeamMember
from families.views.said import about
from plans import services
from plans.forms.ending import EndForm
from plans.models import Action, Plan
from plans.policies import plan_of
from plans.presenters import Line, blocks


class EndEpisode(FamilyFormPage):
    """The end of early help, with what hangs on it and what becomes of each."""

    action = policies.END_EPISODE
    form_class = EndForm
    template_name = "plans/end.html"
    title = "End early help for this family"
    submit_text = "End early help"
    removes = True
    warning = "The team’s access ends, and all deadlines stop. You keep the record. Tell the family, and where to get help next."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.plan = plan_of(self.case)

    def lines(self) -> list[Line]:
        if self.plan is None or self.plan.status == Plan.Status.ENDED:
            return []
        return [line for block in blocks(self.plan) for line in block.lines if line.action.is_open]

    def form_kwargs(self) -> dict[str, Any]:
        planned = self.plan is not None and self.plan.status == Plan.Status.AGREED
        return {"lines": self.lines(), "planned": planned}

    def context(self) -> dict[str, Any]:
        return super().context() | {"hangs": self.hangs(), "plan": self.plan}

    def hangs(self) -> list[str]:
        """What hangs on early help, and what becomes of it: by name as far as the reader may know, else as a number."""
        episode, waits = self.family.episode(), Extension.Status.ASKED
        members = TeamMember.objects.filter(episode=episode, status="accepted").select_related("user", "agency")
        found = [f"{one.user} ({one.agency}) leaves the team, and sees the record no more." for one in members]
        invited = TeamMember.objects.filter(episode=episode, status="invited").select_related("user")
        found += [f"{one.user} is invited to the team: that is taken back." for one in invited]
        asked = Lead.objects.filter(episode=episode, status=Lead.Status.ASKED).select_related("user")
        found += [f"{one.user} is asked to lead: that is taken back." for one in asked]
        more = Extension.objects.filter(family=self.family, status=waits).select_related("asked_by")
        found += [f"{one.asked_by} asked for more time: that is taken back, and they are told." for one in more]
        if self.plan and self.plan.next_review_on:
            found.append(f"The review on {when_text(self.plan.next_review_on)} isn’t held.")
        running = Timescale.objects.filter(family=self.family, overseen=False, met_at=None, stopped_at=None).count()
        if running:
            found.append("The deadline that runs stops." if running == 1 else f"The {running} deadlines that run stop.")
        if LocalityHelp.objects.filter(episode=episode, status=LocalityHelp.Status.ASKED).exists():
            found.append(f"The early help team for {self.family.locality} helps to find a lead: that ends.")
        if unseen := self.unseen():
            found.append(f"{unseen} open action{'s' * (unseen != 1)} that you may not see: ended with early help.")
        return found

    def unseen(self) -> int:
        with acting_as_system("how many open actions end with early help"):
            actions = Action.objects.filter(outcome__plan__episode=self.family.episode())
            still_open = actions.exclude(status__in=Action.SETTLED).count()
        return still_open - len(self.lines())

    def save(self, form: EndForm) -> str:
        services.end_early_help(episode=self.family.episode(), said=form.said(), actor=self.user)
        self.success = about("Early help has ended.", self.family)
        return "/"
