from datetime import date
from typing import Any

import holidays
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Closure
from earlyhelp.core import clock
from earlyhelp.desk import policies
from earlyhelp.desk.forms import calendar as forms
from earlyhelp.desk.models import DeskChange
from earlyhelp.desk.services import calendar
from earlyhelp.desk.views.previews import PreviewPage
from earlyhelp.drafts.pages import FormPage
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.timescales import following


class Calendar(ActionView):
    """Bank holidays, and the council's own days."""

    action = policies.KEEP_PLACES
    template_name = "desk/calendar.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        found = holidays.country_holidays("GB", subdiv="ENG", years=[today.year, today.year + 1], observed=True)
        return self.page(
            closures=Closure.objects.filter(day__gte=today),
            holidays=sorted((day, name) for day, name in found.items() if day >= today),
            history=DeskChange.objects.filter(thing__startswith="accounts.closure:").select_related("by")[:10],
        )


class AddClosure(PreviewPage):
    """A day, and which deadlines it moves."""

    action = policies.KEEP_PLACES
    form_class = forms.ClosureForm
    preview_template = "desk/preview_closure.html"
    title = "Add a day on which the council is closed"
    submit_text = "Show what changes"
    success = "The day is closed. Deadlines follow."

    def back_url(self) -> str:
        return reverse("calendar")

    def may_preview(self, form: forms.ClosureForm) -> bool:
        problems = list(calendar.closure_problems(form.cleaned_data["day"]))
        form.add_problems(problems)
        return not problems

    def preview_of(self, form: forms.ClosureForm) -> dict[str, Any]:
        day: date = form.cleaned_data["day"]
        effects = following.what_closures_move(calendar.closed() | {day})
        return {"title": f"Close {day:%A %-d %B %Y}?", "effects": list(effects)}

    def save(self, form: forms.ClosureForm) -> str:
        calendar.add_closure(actor=self.user, **form.cleaned_data)
        return self.back_url()


class RemoveClosure(FormPage):
    action = policies.KEEP_PLACES
    form_class = GovukForm
    keeps_draft = False
    template_name = "desk/remove_closure.html"
    submit_text = "It is open"
    success = "The day counts again. Deadlines follow."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.closure = get_object_or_404(Closure, pk=kwargs["pk"], day__gte=clock.today())

    def get_title(self) -> str:
        return f"Is the council open on {self.closure.day:%-d %B %Y}?"

    def context(self) -> dict[str, Any]:
        effects = following.what_closures_move(calendar.closed() - {self.closure.day})
        return super().context() | {"effects": list(effects)}

    def back_url(self) -> str:
        return reverse("calendar")

    def save(self, form: GovukForm) -> str:
        calendar.remove_closure(closure=self.closure, actor=self.user)
        return self.back_url()
