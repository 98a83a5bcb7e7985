"""Judgements about young people, and people whom the family keeps from its record."""

from typing import Any

from consent import policies
from consent.clocks import OWN_WORD
from consent.forms import agreement as forms
from consent.models import Competence, ExcludedPerson
from consent.services.competence import deciding
from consent.services.excluding import end_exclusion, exclude
from consent.services.own_word import judge
from consent.views.choices import ConsentPage
from earlyhelp.core import clock
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.procedures.services import procedure_in_force
from families.models import Person


class Judge(ConsentPage):
    """Whether a young person understands enough to decide for themselves; earlier judgements stay to be read."""

    action = policies.JUDGE
    form_class = forms.CompetenceForm
    template_name = "consent/judge.html"
    submit_text = "Record the judgement"
    success = "The judgement is recorded."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.person = self.row(Person, pk=kwargs["pk"], kind=Person.Kind.CHILD)
        self.title = f"Can {self.person.short_name} decide for themselves?"

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "person": self.person,
            "own_age": procedure_in_force().ages.own_word,
            "time": OWN_WORD.rule.words,
            "judgements": Competence.objects.filter(family=self.family, person=self.person).select_related("judged_by"),
        }

    def initial(self) -> dict[str, Any]:
        return {"judged_on": clock.today()}

    def save(self, form: forms.CompetenceForm) -> str:
        judge(family=self.family, person=self.person, actor=self.user, **form.cleaned_data)
        return self.back_url()


class Exclude(ConsentPage):
    """Someone named must not see the record."""

    action = policies.EXCLUDE
    form_class = forms.ExcludeForm
    title = "Keep someone from the record"
    lede = "Someone whom the family does not want to see their information, whatever their job."
    submit_text = "Keep them from the record"
    warning = "If they have an account, they lose the record at their next click. They are told that it ended, not why."
    success = "They are kept from the record."

    def form_kwargs(self) -> dict[str, Any]:
        people = list(self.family.people())
        deciders = deciding(self.family, people)
        return {"people": [person for person in people if person.pk in deciders]}

    def save(self, form: forms.ExcludeForm) -> str:
        user = form.user()
        exclude(
            family=self.family,
            name=user.name if user else form.cleaned_data["name"],
            user=user,
            decided_by=form.people[form.cleaned_data["decided_by"]],
            actor=self.user,
        )
        return self.back_url()


class EndExclusion(ConsentPage):
    """The family no longer minds."""

    action = policies.EXCLUDE
    form_class = GovukForm
    submit_text = "They may see it again"
    warning = (
        "They see the record again if their work gives them access to it. Do this only if the family asked for it."
    )
    success = "They are no longer kept from the record."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.excluded = self.row(ExcludedPerson, pk=kwargs["pk"], ended_at=None)
        self.title = f"May {self.excluded.name} see the record again?"

    def save(self, form: GovukForm) -> str:
        end_exclusion(excluded=self.excluded, actor=self.user)
        return self.back_url()
