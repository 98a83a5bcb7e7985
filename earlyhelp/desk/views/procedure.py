"""The local procedure: what it says, what it said before, and the next one, whose effects are shown before they happen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import User
from earlyhelp.core.errors import Refused, Stale
from earlyhelp.core.text import number
from earlyhelp.desk import policies
from earlyhelp.desk.forms import procedure as forms
from earlyhelp.desk.views.previews import PreviewPage
from earlyhelp.drafts.changes import ChangePage
from earlyhelp.procedures import services
from earlyhelp.procedures.document import Unreadable, differences, read, read_kept, value_at, with_values
from earlyhelp.procedures.models import Version
from earlyhelp.procedures.schema import Procedure


class Procedures(ActionView):
    """The version in force, and those before it."""

    action = policies.KEEP_PROCEDURE
    template_name = "desk/procedures.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(versions=Version.objects.select_related("loaded_by"))


class OneVersion(ActionView, abstract=True):
    action = policies.KEEP_PROCEDURE

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.version = get_object_or_404(Version.objects.select_related("loaded_by"), number=kwargs["number"])


class ShowProcedure(OneVersion):
    """One version: who loaded it when and why, what it changed, and its words."""

    template_name = "desk/procedure.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        before = Version.objects.filter(number=self.version.number - 1).first()
        was = read_kept(before.text) if before else services.not_loaded_yet()
        return self.page(
            version=self.version,
            before=before,
            differences=differences(was, read_kept(self.version.text)),
            in_force=self.version.number == services.version_in_force(),
        )


class DownloadProcedure(OneVersion):
    """The document as a file."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        headers = {"Content-Disposition": f'attachment; filename="procedure-{self.version.number}.toml"'}
        return HttpResponse(self.version.text, content_type="text/plain; charset=utf-8", headers=headers)


class ChangeProcedure(PreviewPage):
    """The next procedure: written, looked at with all that follows from it, and loaded."""

    action = policies.KEEP_PROCEDURE
    form_class = forms.ProcedureForm
    template_name = "desk/change_procedure.html"
    preview_template = "desk/preview_procedure.html"
    title = "Change the local procedure"
    submit_text = "Show what changes"
    lede = "Nothing changes before you have seen what follows from it, and loaded it."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        latest = services.version_in_force() or 0
        self.began_with = number(self.request.POST.get("version")) if self.request.method == "POST" else latest
        self.theirs: dict[str, Any] | None = None

    def back_url(self) -> str:
        return reverse("procedures")

    def initial(self) -> dict[str, Any]:
        return {"text": services.text_in_force()}

    def context(self) -> dict[str, Any]:
        return super().context() | {"version": self.began_with, "theirs": self.theirs}

    def may_preview(self, form: forms.ProcedureForm) -> bool:
        return not self._someone_else_was_quicker(form)

    def preview_of(self, form: forms.ProcedureForm) -> dict[str, Any]:
        text = form.cleaned_data["text"]
        return {
            "title": "What changes",
            "differences": differences(services.procedure_in_force(), read(text)),
            "effects": services.effects(text),
        }

    def _someone_else_was_quicker(self, form: forms.ProcedureForm) -> bool:
        latest = Version.objects.select_related("loaded_by").first()
        if latest is None or self.began_with == latest.number:
            return False
        who = latest.loaded_by or "Someone"
        form.add_error(
            None,
            f"{who} loaded another procedure after you opened this page. Nothing of yours is lost: put what theirs says into"
            " yours, where it is right, and go on",
        )
        self.began_with = latest.number
        self.theirs = {
            "version": latest,
            "differences": differences(read(form.cleaned_data["text"]), read_kept(latest.text)),
        }
        return True

    def save(self, form: forms.ProcedureForm) -> str:
        if self._someone_else_was_quicker(form):
            raise Stale("Look at both, and go on.")
        data = form.cleaned_data
        version = services.load(text=data["text"], why=data["why"], seen=self.began_with, actor=self.user)
        self.success = f"The procedure is loaded, as version {version.number}."
        return reverse("procedures")


@dataclass(frozen=True)
class Kept:
    """A version as a form of words shows it."""

    version: int
    procedure: Procedure


class LocalWords(ChangePage):
    """The council's own words, shown in use."""

    action = policies.KEEP_WORDS
    form_class = forms.LocalWordsForm
    title = "Words"
    lede = "Pages and prints use the words that your council uses. Ages, deadlines and lists stand in the local procedure, where you see what follows before you change them."
    warning = (
        "A word that stands on the form that families sign makes a new version of it. What people signed already stays."
    )
    submit_text = "Save these words"
    success = "Saved."
    this = "the procedure"

    def form_kwargs(self) -> dict[str, Any]:
        return {"procedure": services.procedure_in_force()}

    def saved(self) -> Kept:
        return Kept(services.version_in_force() or 0, services.procedure_in_force())

    def at(self, row: Any, version: int) -> Kept | None:
        before = Version.objects.filter(number=version).first()
        return Kept(version, read_kept(before.text)) if before else None

    def saver(self, row: Any) -> tuple[User | None, str, datetime | None]:
        latest = Version.objects.select_related("loaded_by").first()
        user: Any = latest.loaded_by if latest else None
        return user, str(user or "Someone else"), latest.holds_from if latest else None

    def initial_of(self, row: Kept) -> dict[str, Any]:
        return {name: value_at(row.procedure, path) for name, path in forms.PATHS.items()}

    def back_url(self) -> str:
        return "/"

    def save(self, form: forms.LocalWordsForm) -> str:
        now = services.procedure_in_force()
        said = {path: form.cleaned_data[name] for name, path in forms.PATHS.items()}
        changed = {path: value for path, value in said.items() if value != value_at(now, path)}
        if changed:
            text = with_values(services.text_in_force(), changed)
            try:
                told = services.effects(text)
            except Unreadable as unreadable:
                raise Refused(*(mistake.reason.capitalize() for mistake in unreadable.mistakes)) from None
            services.load(text=text, actor=self.user, why="Words were changed.", seen=self.version)
            self.success = " ".join(["Saved.", *told])
        return self.request.path
