from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from consent import policies
from consent.documents import blank_pdf
from consent.forms import wording as forms
from consent.models import Wording
from consent.services import wording as services
from earlyhelp.access.views import ActionView
from earlyhelp.drafts.changes import ChangePage
from earlyhelp.drafts.pages import FormPage
from earlyhelp.printing.pdf import pdf_response
from earlyhelp.procedures.services import procedure_in_force

LIST = "/settings/agreement-form/"


class Wordings(ActionView):
    """Each version of what the form says, and how many agreements were given to it."""

    action = policies.KEEP_WORDING
    template_name = "consent/wordings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        counts = services.agreements_by_version()
        published = Wording.objects.exclude(published_at=None).select_related("published_by").order_by("-published_at")
        return self.page(draft=services.draft(), versions=[(w, counts.get(w.pk, 0)) for w in published])


class WriteWording(ChangePage):
    """The words of the next version."""

    action = policies.KEEP_WORDING
    form_class = forms.WordingForm
    template_name = "consent/write_wording.html"
    title = "Write the next version"
    lede = "The form says what it said before until you publish this."
    submit_text = "Save and preview"

    this = "the draft"

    def saved(self) -> Wording:
        return services.draft() or services.next_draft()

    def initial_of(self, row: Wording) -> dict[str, Any]:
        return {name: getattr(row, name) for name in services.TEXTS}

    def back_url(self) -> str:
        return LIST

    def context(self) -> dict[str, Any]:
        words = services.words_of(procedure_in_force())
        return super().context() | {"placeholders": [(f"{{{name}}}", word) for name, word in words.items()]}

    def save(self, form: forms.WordingForm) -> str:
        wording = services.save_draft(texts=form.cleaned_data, version=self.version, actor=self.user)
        return f"{LIST}{wording.pk}/"


class WordingView(ActionView, abstract=True):
    wording: Wording

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.wording = get_object_or_404(Wording, pk=kwargs["pk"])


class ShowWording(WordingView):
    """A version, or the draft, as people read it."""

    action = policies.KEEP_WORDING
    template_name = "consent/wording.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(
            wording=self.wording, words=services.read(self.wording), in_force=self.wording == Wording.current()
        )


class PrintWording(WordingView):
    """The blank form with a version's words, or with the draft's."""

    action = policies.KEEP_WORDING

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        pdf = blank_pdf(large_print="large" in request.GET, wording=self.wording)
        return pdf_response(pdf, filename=f"agreement-version-{self.wording.pk}.pdf")


class PublishWording(FormPage, WordingView):
    """From now on the form says what the draft says."""

    action = policies.PUBLISH_WORDING
    form_class = forms.PublishForm
    submit_text = "Publish"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.title = f"Publish version {self.wording.pk}?"
        before = Wording.current()
        stays = f" Version {before.pk} stays as it was signed." if before else ""
        self.warning = f"From now on the form says this.{stays} Nobody can change a version once it is published."
        self.success = f"Version {self.wording.pk} is published. The form says this from now on."

    def initial(self) -> dict[str, Any]:
        return {"seen": self.wording.changed_at.isoformat()}

    def back_url(self) -> str:
        return f"{LIST}{self.wording.pk}/"

    def save(self, form: forms.PublishForm) -> str:
        services.publish(wording=self.wording, seen=form.cleaned_data["seen"], actor=self.user)
        return LIST
