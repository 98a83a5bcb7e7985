from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from earlyhelp.accounts.models import Agency
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import CheckboxesField, FileField, RadioField, TextField
from earlyhelp.govuk.forms import GovukForm, Layout, inset
from earlyhelp.procedures.services import procedure_in_force
from families.models import Document, Person
from families.uploads import read_scan

EVERYONE, LEAD, ONLY_AGENCY = "everyone", "lead", "agency"
AGAIN = "Choose the file again: it can’t be kept while something else is missing"


class ScanField(FileField):
    """A PDF or a picture, looked into here, so that what is wrong with it stands beside it; its limits stand there too."""

    def __init__(self, **kwargs: Any) -> None:
        limit = procedure_in_force().limits.scan_mb
        kinds = f"A PDF, or a picture: JPEG, PNG or HEIC. Smaller than {limit} MB and 40 million pixels."
        super().__init__(**{"accept": ".pdf,.jpg,.jpeg,.png,.heic,.heif", "help_text": kinds, **kwargs})

    def clean(self, *args: Any, **kwargs: Any) -> Any:
        upload: UploadedFile = super().clean(*args, **kwargs)
        try:
            read_scan(upload)
        except Refused as refused:
            raise ValidationError(refused.reason) from refused
        upload.seek(0)
        return upload


class ScanFormBase(GovukForm):
    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors and "scan" not in self.errors:
            self.add_error("scan", AGAIN)
        return data


class DocumentForm(ScanFormBase):
    kind = RadioField(
        label="What is it?",
        required_message="Select what it is",
        choices=[choice for choice in Document.Kind.choices if choice[0] != Document.Kind.AGREEMENT],
    )
    title = TextField(
        label="What do you call it?",
        required_message="Enter what you call it",
        max_length=150,
        width="two-thirds",
        help_text="Such as “Speech therapy report, March 2026”. Everyone who reads the record sees this.",
    )
    about = CheckboxesField(
        label="Whom is it about? (optional)",
        required=False,
        small=True,
        help_text="Leave empty for the whole family. An agency that someone does not share with won’t see a document about"
        " them.",
    )
    readers = RadioField(label="Who may open it?", required_message="Select who may open it")

    def __init__(
        self, *args: Any, people: list[Person], agency: Agency | None, warnings: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scan"] = ScanField(label="The file", required_message="Choose the file")
        self.agency, self.warnings = agency, warnings
        self.people = {str(person.pk): person for person in people}
        self.set_choices("about", [(pk, person.name) for pk, person in self.people.items()])
        lead = procedure_in_force().words.lead
        answers = [
            Choice(EVERYONE, "Everyone who reads this record"),
            Choice(LEAD, f"The {lead} and their manager", hint="Others see that it exists."),
        ]
        if agency:
            answers.append(Choice(ONLY_AGENCY, f"Only {agency.name}", hint="Others don’t see that it exists."))
        self.set_choices("readers", answers)

    def layout(self) -> Layout:
        return Layout("scan", "kind", "title", "about", *map(inset, self.warnings), "readers")

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "upload": data["scan"],
            "kind": data["kind"],
            "title": data["title"],
            "about": [self.people[pk] for pk in data["about"]],
            "for_lead": data["readers"] == LEAD,
            "only_agency": self.agency if data["readers"] == ONLY_AGENCY else None,
        }
