from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from earlyhelp.access.views import FamilyView, Forbidden
from earlyhelp.accounts.models import User
from earlyhelp.core.prepared import Among, Prepared
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.fields import list_words
from families import case as family_case
from families import policies
from families.forms import notes as forms
from families.forms.documents import DocumentForm
from families.models import ContactAttempt, Document, FiledInError, Note
from families.presenters import whom_not_to_write_about
from families.services import episodes, viruses
from families.services.documents import file_document
from families.services.running import agency_seen_through, lead_of

PER_PAGE = 25
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "text/plain": "txt"}


@dataclass(frozen=True)
class Entry:
    """A note or a contact, what is said beside it, and where to say that it is in the wrong family."""

    row: Any
    about: list[str]
    readers: str
    kept_from: list[str]
    wrong_url: str
    additions: list[Note]
    add_url: str


KINDS: dict[str, tuple[QuerySet[Any], str]] = {
    "note": (Note.objects.filter(adds_to=None).select_related("author", "author_agency", "reader_agency"), "at"),
    "contact": (ContactAttempt.objects.select_related("by"), "at"),
    "error": (FiledInError.of(Note, ContactAttempt), "filed_at"),
}


def _keys(family: Any) -> QuerySet[Any, Any]:
    """When each of them was, which kind it is, and which row."""
    each = [
        rows.order_by().filter(family=family).annotate(of=Value(kind)).values_list(at, "of", "pk")
        for kind, (rows, at) in KINDS.items()
    ]
    return each[0].union(*each[1:], all=True)


def _read(rows: QuerySet[Any]) -> Prepared[Any]:
    return Prepared(lambda keys: rows.filter(Among("pk", keys)))


KEYS = Prepared(_keys)
READ = {kind: _read(rows) for kind, (rows, _) in KINDS.items()}
ADDITIONS = Prepared(lambda notes: Note.objects.filter(Among("adds_to", notes)).select_related("author").order_by("pk"))


class Notes(FamilyView):
    """Case notes and contacts, latest first; what was filed in error leaves a line in its place."""

    action = policies.SEE_NOTES
    template_name = "families/notes.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        keys = sorted(((at, kind, int(pk)) for at, kind, pk in KEYS(self.family)), reverse=True)
        page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
        found: dict[tuple[str, int], Any] = {}
        for kind, read in READ.items():
            if wanted := [pk for _, of, pk in page if of == kind]:
                found |= {(kind, row.pk): row for row in read(wanted)}
        people = {p.pk: p.name for p in family_case.everyone(self.case)}
        notes = [row for (kind, _), row in found.items() if kind == "note"]
        self.additions: dict[int | None, list[Note]] = {}
        for more in ADDITIONS([note.pk for note in notes]) if notes else ():
            self.additions.setdefault(more.adds_to_id, []).append(more)
        readers = {pk for note in notes for pk in note.readers or []}
        users = {u.pk: u.name for u in User.objects.filter(pk__in=readers)} if readers else {}
        entries = [
            (kind, found[kind, pk] if kind == "error" else self.entry(kind, found[kind, pk], people, users))
            for _, kind, pk in page
        ]
        may_write = self.may(policies.WRITE_NOTE)
        return self.page(entries=entries, page_obj=page, may_write=may_write)

    def entry(self, kind: str, row: Any, people: dict[int, str], users: dict[int, str]) -> Entry:
        may = policies.FILE_IN_ERROR.allows(self.asker, row)
        wrong_url = reverse(f"{kind}_in_error", args=[self.family.reference, row.pk]) if may else ""
        if kind == "contact":
            return Entry(row, [people[pk] for pk in row.whom if pk in people], "", [], wrong_url, [], "")
        mine = policies.ADD_TO_NOTE.allows(self.asker, row) and row.author_id == self.user.pk
        readers = list_words(sorted(users[pk] for pk in row.readers)) if row.readers else ""
        return Entry(
            row=row,
            about=[people[pk] for pk in row.about if pk in people],
            readers=row.reader_agency.name if row.reader_agency else readers,
            kept_from=[people[pk] for pk in row.kept_from if pk in people],
            wrong_url=wrong_url,
            additions=self.additions.get(row.pk, []),
            add_url=reverse("add_to_note", args=[self.family.reference, row.pk]) if mine else "",
        )


class WriteNote(FamilyFormPage):
    action = policies.WRITE_NOTE
    form_class = forms.NoteForm
    title = "Write a case note"
    submit_text = "Keep the note"
    success = "The note is kept."

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}notes/"

    def form_kwargs(self) -> dict[str, Any]:
        episode = self.family.episode()
        lead = lead_of(episode) if episode else None
        where = "here, unless you tick their name above: then those people do not see the note"
        return {
            "people": list(self.family.people()),
            "may_supervise": policies.may_supervise(self.asker),
            "agency": agency_seen_through(user=self.user, family=self.family),
            "may_feed_back": lead is not None and lead.user_id != self.user.pk,
            "warnings": whom_not_to_write_about(self.family, self.asker, where),
        }

    def save(self, form: forms.NoteForm) -> str:
        data = dict(form.cleaned_data)
        episodes.write_note(
            family=self.family,
            episode=self.family.episode(),
            about=[int(pk) for pk in data.pop("about")],
            kept_from=[int(pk) for pk in data.pop("kept_from")],
            actor=self.user,
            **data,
        )
        return self.back_url()


class AddToNote(FamilyFormPage):
    """What its author adds to a note, or corrects in it."""

    action = policies.ADD_TO_NOTE
    form_class = forms.AddToNoteForm
    template_name = "families/add_to_note.html"
    title = "Add to your note"
    submit_text = "Add it"
    success = "It stands below the note."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.note = self.row(Note, pk=kwargs["pk"], adds_to=None)

    def thing(self) -> Note:
        return self.note

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}notes/"

    def context(self) -> dict[str, Any]:
        return super().context() | {"note": self.note}

    def save(self, form: forms.AddToNoteForm) -> str:
        corrects = form.cleaned_data["corrects"] == "yes"
        episodes.add_to_note(note=self.note, text=form.cleaned_data["text"], corrects=corrects, actor=self.user)
        return self.back_url()


class Documents(FamilyView):
    """What there is; who may open it is said beside it."""

    action = policies.SEE_DOCUMENTS
    template_name = "families/documents.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        rows = Document.objects.filter(family=self.family).select_related("uploaded_by", "moved_by", "reader_agency")
        people = {person.pk: person.name for person in self.family.everyone()}
        documents = [
            (
                row,
                policies.OPEN_DOCUMENT.allows(self.asker, row) and not viruses.held_back(row),
                policies.FILE_IN_ERROR.allows(self.asker, row),
                list_words([people[pk] for pk in row.about if pk in people]),
            )
            for row in rows
        ]
        stubs = FiledInError.of(Document).filter(family=self.family)
        return self.page(documents=documents, stubs=stubs, may_file=self.may(policies.FILE_DOCUMENT))


class FileDocument(FamilyFormPage):
    action = policies.FILE_DOCUMENT
    form_class = DocumentForm
    title = "File a document"
    submit_text = "File it"
    success = "It is filed."

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}documents/"

    def form_kwargs(self) -> dict[str, Any]:
        where = "here, unless you tick their name: then those people do not see the document"
        return {
            "people": list(self.family.people()),
            "agency": agency_seen_through(user=self.user, family=self.family),
            "warnings": whom_not_to_write_about(self.family, self.asker, where),
        }

    def save(self, form: DocumentForm) -> str:
        file_document(family=self.family, actor=self.user, **form.said())
        return self.back_url()


class OpenDocument(FamilyView):
    action = policies.OPEN_DOCUMENT

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.document = self.row(Document, pk=kwargs["pk"])

    def thing(self) -> Document:
        document: Document = self.document
        return document

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        document = self.thing()
        if reason := viruses.held_back(document):
            raise Forbidden(reason, self.action.label)
        with document.file.open("rb") as file:
            data = file.read()
        ending = ENDINGS.get(document.content_type, "docx")
        name = f"{document.get_kind_display().lower().replace(' ', '-')}-{self.family.reference}.{ending}"
        response = HttpResponse(data, content_type=document.content_type)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
