from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import User
from earlyhelp.drafts.pages import FamilyFormPage
from families import forms, policies
from families.models import Document, Lead, Note
from families.presenters import whom_not_to_write_about
from families.services import episodes
from families.views.said import about

PER_PAGE = 25


class Notes(FamilyView):
    """Case notes, latest first."""

    action = policies.SEE_NOTES
    template_name = "families/notes.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        rows = Note.objects.filter(family=self.family).select_related("author", "author_agency")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        names = {p.pk: p.name for p in self.family.people()}
        readers = User.objects.in_bulk({pk for note in page for pk in note.readers or []})
        notes = [
            (
                note,
                [names[pk] for pk in note.about if pk in names],
                [readers[pk].name for pk in note.readers or [] if pk in readers],
            )
            for note in page
        ]
        return self.page(notes=notes, page_obj=page, may_write=policies.WRITE_NOTE.allows(self.asker, self.family))


class WriteNote(FamilyFormPage):
    action = policies.WRITE_NOTE
    form_class = forms.NoteForm
    title = "Write a case note"
    submit_text = "Keep the note"
    success = "The note is kept."

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}notes/"

    def form_kwargs(self) -> dict[str, Any]:
        where = "here, unless you tick their name above: then those people do not see the note"
        return {
            "people": list(self.family.people()),
            "may_supervise": policies.may_supervise(self.asker),
            "warnings": whom_not_to_write_about(self.family, self.asker, where),
        }

    def save(self, form: forms.NoteForm) -> str:
        data = dict(form.cleaned_data)
        lead = Lead.objects.filter(family=self.family, status="accepted").select_related("user").first()
        episodes.write_note(
            family=self.family,
            episode=self.family.episode(),
            about=[int(pk) for pk in data.pop("about")],
            lead=lead.user if lead else None,
            actor=self.user,
            **data,
        )
        return self.back_url()


class Documents(FamilyView):
    """What there is; who may open it is said beside it."""

    action = policies.SEE_DOCUMENTS
    template_name = "families/documents.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        rows = Document.objects.filter(family=self.family).select_related("uploaded_by")
        refusal = policies.OPEN_DOCUMENT.refusal(self.asker, self.family)
        return self.page(documents=rows, refusal=refusal)


class OpenDocument(FamilyView):
    action = policies.OPEN_DOCUMENT

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        document = self.row(Document, pk=pk)
        with document.file.open("rb") as file:
            data = file.read()
        ending = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[document.content_type]
        name = f"{document.get_kind_display().lower().replace(' ', '-')}-{self.family.reference}.{ending}"
        response = HttpResponse(data, content_type=document.content_type)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


class EndEpisode(FamilyFormPage):
    action = policies.END_EPISODE
    form_class = forms.EndForm
    title = "End early help for this family"
    submit_text = "End early help"
    warning = "The team’s access ends, and all deadlines stop. You keep the record. Tell the family, and where to get help next."

    def save(self, form: forms.EndForm) -> str:
        episodes.end(episode=self.family.episode(), reason=form.cleaned_data["reason"], actor=self.user)
        self.success = about("Early help has ended.", self.family)
        return "/"
