from typing import Any, ClassVar

from django.utils.text import capfirst

from earlyhelp.core.clock import in_london
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.components import Row, when_text
from families import policies
from families.forms import notes as forms
from families.models import Document, Note
from families.services import errors


class FileInError(FamilyFormPage):
    """Something stands in the wrong family: look at what it is, say how that is known, and it is gone from here."""

    action = policies.FILE_IN_ERROR
    form_class = forms.WrongFamilyForm
    template_name = "families/wrong_family.html"
    title = "This was filed in the wrong family"
    submit_text = "Remove it from this family"
    removes = True
    warning = (
        "Nobody sees it here from the next click on, its file and its history neither. The service manager is told, and can"
        " see who had opened it."
    )
    success = "It is gone from this family. The service manager is told."
    model: ClassVar[type[errors.Item]] = Note

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.item = self.row(self.model, pk=kwargs["pk"])

    def thing(self) -> errors.Item:
        item: errors.Item = self.item
        return item

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}{'documents' if self.model is Document else 'notes'}/"

    def form_kwargs(self) -> dict[str, Any]:
        return {"movable": self.model is Document}

    def context(self) -> dict[str, Any]:
        filed = f"{when_text(in_london(self.item.created_at))}, by {errors.author_of(self.item)}"
        rows = [Row("What", capfirst(errors.describe(self.item))), Row("Filed", filed)]
        return super().context() | {"rows": rows, "signed_form": self.model is Document}

    def save(self, form: forms.WrongFamilyForm) -> str:
        if belongs_to := form.cleaned_data.get("belongs_to"):
            errors.move_document(
                document=self.thing(), belongs_to=belongs_to, reason=form.cleaned_data["reason"], actor=self.user
            )
            self.success = "It is gone from this family, and filed where it belongs. The service manager is told."
            return self.back_url()
        errors.file_in_error(item=self.item, reason=form.cleaned_data["reason"], actor=self.user)
        return self.back_url()
