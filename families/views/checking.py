"""Asking whether a family is known."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from earlyhelp.drafts.pages import FormPage
from families import policies
from families.forms import requests as forms
from families.services import records


class CheckRecord(FormPage):
    """Whether someone may already be known: never more than whom to speak to (DEV-08)."""

    action = policies.CHECK_RECORD
    form_class = forms.RecordCheckForm
    template_name = "families/check_record.html"
    title = "Check for an existing record"
    lede = "Your check is recorded, with your name and whom you asked about."
    submit_text = "Check"
    keeps_draft = False

    def back_url(self) -> str:
        return reverse("requests")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        self.answer: records.Answer | None = None
        if form.is_valid():
            self.answer = records.check(actor=self.user, **form.cleaned_data)
            if self.answer.refused:
                form.add_error(None, self.answer.refused)
                self.answer = None
        return self.show(form, None)

    def context(self) -> dict[str, Any]:
        answer = getattr(self, "answer", None)
        names = (
            "first_name",
            "last_name",
            "date_of_birth_day",
            "date_of_birth_month",
            "date_of_birth_year",
            "postcode",
        )
        carried = [(name, self.request.POST.get(name, "")) for name in names] if answer else []
        return super().context() | {"answer": answer, "carried": carried}
