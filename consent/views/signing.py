"""The page for the tablet: what is agreed, in words, and the name under it."""

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from consent import policies
from consent.forms import agreement as forms
from consent.models import Signature, Wording
from consent.services.ledger import record_agreement, ways_that_count
from consent.services.wording import read
from consent.views.agreement import after, agreement_questions
from consent.views.choices import ConsentPage
from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import Agency
from earlyhelp.core.text import is_number
from earlyhelp.drafts.models import Draft
from earlyhelp.drafts.pages import uuid_of
from earlyhelp.procedures.services import procedure_in_force

LABELS = forms.IN_FULL


class SignAgreement(ConsentPage):
    """The last step of recording an agreement on screen: nothing counts, and nobody's access changes, before it."""

    action = policies.RECORD
    form_class = forms.SignForm
    template_name = "consent/sign.html"
    submit_text = "Done"
    success = "Signed and recorded. Access follows at once."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.title = procedure_in_force().words.agreement_form
        self.wording = Wording.current()
        form = reverse("record_agreement", args=[self.family.reference])
        drafts = Draft.objects.filter(user=self.user, form=form)
        self.filled_in = drafts.filter(pk=uuid_of(self.request.GET.get("draft", ""))).first() or drafts.first()
        self.questions = self._questions()

    def _questions(self) -> forms.AgreementForm | None:
        """The form before this page, as it was filled in; None when it is gone or no longer right."""
        if self.filled_in is None or self.wording is None:
            return None
        data = QueryDict(mutable=True)
        for name, values in self.filled_in.data.items():
            data.setlist(name, values)
        also = [int(pk) for pk in data.getlist("also") if is_number(pk)]
        form = forms.AgreementForm(data, **agreement_questions(self.case, self.asker, also=also))
        return form if form.is_valid() and form.cleaned_data["how"] == "drawn" else None

    def back_url(self) -> str:
        return self.filled_in.address if self.filled_in else reverse("record_agreement", args=[self.family.reference])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.questions is None:
            messages.info(request, "Fill in the form first. The signature comes after it.")
            return HttpResponseRedirect(self.back_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.questions is None:
            before = self.sent_before()
            return HttpResponseRedirect(before.url) if before else self.get(request, *args, **kwargs)
        if request.POST.get("shown") != self.shown():
            messages.info(
                request, "What is agreed was changed while this page was open. Read it again before you sign."
            )
            return HttpResponseRedirect(request.get_full_path())
        return super().post(request, *args, **kwargs)

    def shown(self) -> str:
        """What is signed, in short: the words and the choices on this page, and what was filled in before it."""
        assert self.filled_in is not None
        assert self.wording is not None
        choices = [[agency.pk, answer] for agency, answer in self.chosen()]
        said = json.dumps([self.wording.pk, choices, self.filled_in.data], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def chosen(self) -> list[tuple[Agency, str]]:
        assert self.questions is not None
        data = self.questions.cleaned_data
        return [(a, LABELS[data[name]]) for name, a in self.questions.agencies.items() if data.get(name)]

    def initial(self) -> dict[str, Any]:
        return {"shown": self.shown()}

    def form_kwargs(self) -> dict[str, Any]:
        assert self.questions is not None
        person = self.questions.people[self.questions.cleaned_data["person"]]
        return {"person": person, "ways": ways_that_count()}

    def context(self) -> dict[str, Any]:
        form = self.questions
        assert form is not None
        assert self.wording is not None
        data = form.cleaned_data
        return super().context() | {
            "words": read(self.wording),
            "person": form.people[data["person"]],
            "about": [form.people[pk].name for pk in data["covers"]],
            "choices": self.chosen(),
            "ends_on": data["ends_on"],
        }

    def save(self, form: forms.SignForm) -> str:
        assert self.questions is not None
        assert self.filled_in is not None
        agreement = record_agreement(
            family=self.family,
            decision=self.questions.said(form.mark(), self.wording),
            choices=self.questions.choices(),
            actor=self.user,
        )
        self.filled_in.delete()
        return after(self.family, agreement, reverse("signed", args=[self.family.reference]))


class Signed(FamilyView):
    """Between the family and whoever lent them the tablet: who it is to be given back to."""

    action = policies.SEE_WHAT_FOLLOWS
    template_name = "consent/signed.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        page = "sharing" if self.may(policies.SEE_SHARING) else "family"
        return self.page(next_url=reverse(page, args=[reference]))


class OpenSignature(FamilyView):
    """A drawn signature, for who leads; the opening is logged."""

    action = policies.OPEN_SIGNATURE

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        signature = self.row(Signature, pk=pk)
        if not signature.image:
            raise Http404
        with signature.image.open("rb") as file:
            data = file.read()
        response = HttpResponse(data, content_type="image/png")
        response["Content-Disposition"] = f'inline; filename="signature-{self.family.reference}.png"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
