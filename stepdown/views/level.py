"""The level of help of a family: what it is and was, who oversees, and how it changes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from earlyhelp.access.views import FamilyView
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.forms import GovukForm
from families.case import episode
from families.models import Episode
from families.models.episodes import HelpLevel, level_words
from stepdown import policies
from stepdown.forms import level as forms
from stepdown.models import LevelChange
from stepdown.services import level, opening


class LevelOfHelp(FamilyView):
    """The level now, who oversees it, and each change with who decided and who countersigned."""

    action = policies.SEE_LEVEL
    template_name = "stepdown/level.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        current = episode(self.case)
        changes = LevelChange.objects.filter(family=self.family).select_related("overseer", "decided_by")
        overseer = level.overseer_now(current) if current and current.overseer_id else None
        return self.page(
            episode=current,
            overseer_gone=bool(current and current.overseer_id and overseer is None),
            changes=[(one, policies.COUNTERSIGN.allows(self.asker, one)) for one in reversed(changes)],
            higher=level_words(HelpLevel.CHILD_IN_NEED),
            may_raise=self.may(policies.RAISE_LEVEL),
            may_name=self.may(policies.CHANGE_OVERSEER),
            may_step_down=self.may(policies.STEP_DOWN_WITHIN),
        )


class LevelPage(FamilyFormPage, abstract=True):
    @property
    def current(self) -> Episode:
        found = episode(self.case)
        assert found
        return found

    def back_url(self) -> str:
        return reverse("level_of_help", args=[self.family.reference])


class RaiseLevel(LevelPage):
    """Help is given at the level for a child in need, in the same record and plan."""

    action = policies.RAISE_LEVEL
    form_class = forms.LevelForm
    template_name = "stepdown/change_level.html"
    success = "The level of help is changed. The overseer is asked to countersign."

    def get_title(self) -> str:
        return f"Change the level of help to “{level_words(HelpLevel.CHILD_IN_NEED)}”"

    def get_lede(self) -> str:
        return "The record, the plan, the lead and the team stay. It counts at once."

    def form_kwargs(self) -> dict[str, Any]:
        return {"overseers": level.may_oversee(self.current)}

    def context(self) -> dict[str, Any]:
        return super().context() | {"current_overseer": self.current.overseer}

    def save(self, form: forms.LevelForm) -> str:
        level.set_level(episode=self.current, level=HelpLevel.CHILD_IN_NEED, actor=self.user, **form.said())
        return self.back_url()


class ChangeOverseer(RaiseLevel):
    action = policies.CHANGE_OVERSEER
    success = "Saved. They are asked to countersign."

    def get_title(self) -> str:
        return "Name who oversees"

    def get_lede(self) -> str:
        return f"{self.current.overseer} oversees now."

    def form_kwargs(self) -> dict[str, Any]:
        return {"overseers": [one for one in level.may_oversee(self.current) if one != self.current.overseer]}


class Countersign(LevelPage):
    action = policies.COUNTERSIGN
    form_class = GovukForm
    title = "Countersign"
    submit_text = "Countersign"
    success = "Countersigned."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.change: LevelChange = self.row(LevelChange, pk=kwargs["pk"])

    def thing(self) -> LevelChange:
        return self.change

    def get_lede(self) -> str:
        return f"{self.change.words}, decided by {self.change.decided_by}: {self.change.reason}"

    def save(self, form: GovukForm) -> str:
        level.countersign(change=self.change, actor=self.user)
        return self.back_url()


class StepDownWithin(LevelPage):
    """Nothing changes hands: the level of help goes down once everything is there, and the overseer agrees."""

    action = policies.STEP_DOWN_WITHIN
    form_class = forms.WithinForm
    title = "Step down to early help"
    lede = "The record, the plan, the lead and the team stay. The next page shows what is needed first."
    submit_text = "Open the step-down"

    def save(self, form: forms.WithinForm) -> str:
        step_down = opening.open_within(
            family=self.family, episode=self.current, why=form.cleaned_data["why"], actor=self.user
        )
        return step_down.get_absolute_url()
