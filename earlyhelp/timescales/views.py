from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from earlyhelp.access.views import FamilyView
from earlyhelp.core import clock
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.timescales import forms, policies, services
from earlyhelp.timescales.models import Extension, Timescale


class ShowTimescale(FamilyView):
    """The rule of a deadline, where it started, and what was said about more time."""

    action = policies.SEE_TIMESCALE
    template_name = "timescales/timescale.html"

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        timescale = self.row(Timescale, pk=pk)
        extensions = Extension.objects.filter(timescale=timescale).select_related("timescale", "asked_by", "decided_by")
        return self.page(
            clock=timescale,
            extensions=[(e, policies.DECIDE_EXTENSION.allows(self.asker, e)) for e in extensions],
            may_ask=policies.ASK_EXTENSION.allows(self.asker, timescale),
        )


class AskExtension(FamilyFormPage):
    action = policies.ASK_EXTENSION
    form_class = forms.AskExtensionForm
    title = "Ask for more time"
    submit_text = "Ask the manager"
    success = "Asked. You get a message when a manager has decided."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.timescale = self.row(Timescale, pk=kwargs["pk"])

    def thing(self) -> Timescale:
        return self.timescale

    def get_lede(self) -> str:
        latest = clock.in_london(services.longest(self.timescale))
        return (
            f"A manager decides, and can give time until {latest:%-d %B %Y}. The first date stays on the record beside the new"
            " one."
        )

    def form_kwargs(self) -> dict[str, Any]:
        return {"by_hours": self.timescale.unit == "hours"}

    def back_url(self) -> str:
        return reverse("timescale", args=[self.family.reference, self.timescale.pk])

    def save(self, form: forms.AskExtensionForm) -> str:
        services.ask_extension(
            timescale=self.timescale,
            reason=form.cleaned_data["reason"],
            due_at=form.due_at(),
            actor=self.user,
        )
        return self.back_url()


class DecideExtension(FamilyFormPage):
    action = policies.DECIDE_EXTENSION
    form_class = forms.DecideExtensionForm
    template_name = "timescales/decide_extension.html"
    title = "Decide on more time"
    submit_text = "Send the decision"
    success = "The decision is sent."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.extension = self.row(Extension, pk=kwargs["pk"])

    def thing(self) -> Extension:
        return self.extension

    def back_url(self) -> str:
        return reverse("timescale", args=[self.family.reference, self.extension.timescale_id])

    def context(self) -> dict[str, Any]:
        return super().context() | {"extension": self.extension, "clock": self.extension.timescale}

    def save(self, form: forms.DecideExtensionForm) -> str:
        services.decide_extension(
            extension=self.extension,
            approve=form.cleaned_data["answer"] == "yes",
            reason=form.cleaned_data["reason"],
            actor=self.user,
        )
        return self.back_url()
