"""What one person shares, agency by agency, and stopping."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from consent import case as consent_case
from consent import policies
from consent.forms import agreement as forms
from consent.models import SharingChoice
from consent.services.agencies import agencies_around
from consent.services.competence import deciding
from consent.services.ledger import (
    agencies_that_know,
    all_choices,
    record_choices,
    running_agency,
    withdraw_from,
)
from consent.word import FamilysWord, Held
from earlyhelp.access.levels import Level
from earlyhelp.accounts.models import Agency
from earlyhelp.core import clock
from earlyhelp.core.text import is_number
from earlyhelp.drafts.pages import FamilyFormPage, keep
from earlyhelp.govuk.fields import list_words
from families.models import Family, Person


class ConsentPage(FamilyFormPage, abstract=True):
    def back_url(self) -> str:
        url = self.family.get_absolute_url()
        return f"{url}sharing/" if self.asker.level >= Level.VIEW else url


class ChoicesPage(ConsentPage, abstract=True):
    """A form with a question for each agency around the family; any other is added by its name, and nothing typed is
    lost by that."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        another = request.POST.get("another", "")
        if not is_number(another):
            return super().post(request, *args, **kwargs)
        draft = keep(self.draft_about(), request.POST)
        draft.data |= {"another": [""], "also": [*map(str, self.also()), another]}
        draft.save(update_fields=["data"])
        return HttpResponseRedirect(f"{draft.address}#id_agency_{another}")

    def also(self) -> list[int]:
        """The agencies that were added by name."""
        if self.request.method == "POST":
            added = self.request.POST.getlist("also")
        else:
            draft = self.draft()
            added = draft.data.get("also", []) if draft else []
        return [int(pk) for pk in added if is_number(pk)]


def agencies_to_ask_about(
    family: Family, word: FamilysWord, *, also: list[int], earlier: bool = True
) -> dict[str, Any]:
    around = agencies_around(family, also=also, earlier=earlier)
    around.sort(key=lambda agency: agency != word.running)
    others = Agency.objects.filter(is_open=True).exclude(pk__in=[agency.pk for agency in around]).order_by("name")
    return {"agencies": around, "others": others, "also": also}


LATEST = 10


def recorded_choices(person: Person) -> list[list[SharingChoice]]:
    """What was recorded of what someone shares, a list for each time, the latest first."""
    left = person.family.everyone().exclude(leaving=None).values("leaving")
    rows = SharingChoice.objects.filter(person=person).exclude(together=None).exclude(together__in=left)
    found: dict[UUID, list[SharingChoice]] = {}
    for row in rows.select_related("agency", "created_by").order_by("-pk")[:200]:
        found.setdefault(row.together, []).append(row)
    return list(found.values())[:LATEST]


def choices_now(family: Family) -> dict[tuple[int, int], Held]:
    """(person, agency) → what holds now."""
    now = clock.now()
    return {key: held.at(now) for key, held in all_choices(family).items()}


def ends_of(choices: Iterable[Held]) -> dict[str, date | None]:
    """The last day and the day to ask again, where all that is shared has the same."""
    shared = [held for held in choices if held.tier]
    ends, asked = {held.until for held in shared}, {held.review_on for held in shared}
    end = ends.pop() if len(ends) == 1 else None
    return {
        "ends_on": clock.in_london(end - timedelta(minutes=1)).date() if end else None,
        "review_on": asked.pop() if len(asked) == 1 else None,
    }


class ChangeChoices(ChoicesPage):
    """One person's choices, agency by agency."""

    action = policies.CHANGE_CHOICES
    form_class = forms.ChoicesForm
    template_name = "consent/change_choices.html"
    submit_text = "Record these choices"
    success = "Recorded. Access follows at once."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.person = self.row(Person, pk=kwargs["pk"])
        self.title = f"What {self.person.name} shares"
        self.word = consent_case.word(self.case)
        self.in_force = self.word.choices
        self.known = {
            agency: forms.answer_of(held)
            for (person, agency), held in self.in_force.items()
            if person == self.person.pk
        }

    def context(self) -> dict[str, Any]:
        return super().context() | {"recorded": recorded_choices(self.person)}

    def initial(self) -> dict[str, Any]:
        return ends_of([held for (person, _), held in self.in_force.items() if person == self.person.pk])

    def form_kwargs(self) -> dict[str, Any]:
        people = list(self.family.people())
        return {
            "people": people,
            "deciding": {person.pk for person in people if self.word.decides_alone(person)},
            "about": self.person,
            "known": self.known,
            "word": self.word,
            **agencies_to_ask_about(self.family, self.word, also=self.also()),
        }

    def save(self, form: forms.ChoicesForm) -> str:
        record_choices(
            family=self.family,
            choices=form.choices(),
            until=form.until(),
            review_on=form.cleaned_data["review_on"],
            actor=self.user,
        )
        return self.back_url()


class Withdraw(ConsentPage):
    """Stop sharing with one agency altogether, once it is plain what follows."""

    action = policies.WITHDRAW
    form_class = forms.WithdrawForm
    template_name = "consent/withdraw.html"
    submit_text = "Stop sharing"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        known = Agency.objects.filter(pk__in=agencies_that_know(self.family))
        self.agency = get_object_or_404(known, pk=kwargs["agency"])
        self.runs = self.agency == running_agency(self.family)
        self.title = f"Stop sharing with {self.agency.name}?"

    def context(self) -> dict[str, Any]:
        return super().context() | {"agency": self.agency, "runs": self.runs}

    def form_kwargs(self) -> dict[str, Any]:
        people = list(self.family.people())
        deciders = deciding(self.family, people)
        return {"people": [person for person in people if person.pk in deciders]}

    def save(self, form: forms.WithdrawForm) -> str:
        decided_by = form.people[form.cleaned_data["decided_by"]]
        withdraw_from(family=self.family, agency=self.agency, decided_by=decided_by, actor=self.user)
        self.success = self.what_is_left(decided_by)
        return reverse("what_follows", args=[self.family.reference]) if self.runs else self.back_url()

    def what_is_left(self, decided_by: Person) -> str:
        """Whether anyone else's own choice lets the agency go on knowing of them."""
        if self.agency.pk not in agencies_that_know(self.family):
            return f"Nothing is shared with {self.agency.name} any more."
        names = {person.pk: person.short_name for person in self.family.people()}
        still = {
            pk for (pk, agency), held in choices_now(self.family).items() if agency == self.agency.pk and held.tier
        }
        others = list_words([name for pk, name in names.items() if pk in still])
        left = f" It still knows of {others}: ask whoever decides about that." if others else ""
        return f"What {decided_by.short_name} decides is no longer shared with {self.agency.name}.{left}"
