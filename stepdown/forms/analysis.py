"""Bringing over what social care wrote, and choosing where its passages go."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from earlyhelp.core.errors import Refused
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import (
    CheckboxesField,
    DateField,
    FileField,
    ReasonField,
    SelectField,
    TextAreaField,
    TextField,
)
from earlyhelp.govuk.forms import GovukForm
from families.models import Person
from stepdown.extract import LONGEST
from stepdown.reading import MOST_MB, Read, read
from stepdown.services.analysis import Brought, Target

AGAIN = "Choose the file once more when the rest is right: it can’t be kept before that"
READ_HERE = (
    "The file could be read, so its passages need no pasting. Empty this box, or bring what you paste over on its own."
)


class AnalysisFile(FileField):
    """A file that is read here, so that what is wrong with it stands beside it."""

    def clean(self, *args: Any, **kwargs: Any) -> Any:
        upload: UploadedFile | None = super().clean(*args, **kwargs)
        if upload is None:
            return None
        try:
            return upload, read(upload)
        except Refused as refused:
            raise ValidationError(refused.reason) from refused


class BringForm(GovukForm):
    title = TextField(
        label="What is it?",
        required_message="Enter what it is",
        max_length=120,
        width="two-thirds",
        help_text="Such as “Single assessment”.",
    )
    author = TextField(
        label="Who wrote it, and in which role?",
        required_message="Enter who wrote it, and their role",
        max_length=200,
        width="two-thirds",
    )
    about = CheckboxesField(
        label="Whom is it about?",
        required_message="Select whom it is about",
        small=True,
        help_text="Who may not know of one of them doesn’t read it.",
    )
    written_on = DateField(
        label="When was it finished?", noun="The day", required_message="Enter when it was finished", past=True
    )
    file = AnalysisFile(
        label="The file (optional)",
        required=False,
        accept=".docx,.pdf,.txt",
        help_text=f"A Word document (DOCX), a PDF or plain text: up to {MOST_MB} MB and 400 pages. It is kept for whoever leads.",
    )
    text = TextAreaField(
        label="Paste the passages that early help needs (optional)",
        noun="What you paste",
        required=False,
        max_length=200_000,
        rows=10,
        count=False,
        help_text="Instead of a file, or beside one that can’t be read, such as a scan. An empty line parts two passages.",
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.set_choices("about", [(pk, person.name) for pk, person in self.people.items()])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("file") and data["file"][1].passages and data.get("text"):
            self.add_error("text", READ_HERE)
        if self.errors and "file" not in self.errors and data.get("file"):
            self.add_error("file", AGAIN)
        return data

    def said(self) -> Brought:
        data = self.cleaned_data
        pasted = [" ".join(text.split("\n")).strip() for text in data["text"].split("\n\n")]
        parts = [text[at : at + LONGEST] for text in pasted for at in range(0, len(text), LONGEST)]
        file: tuple[UploadedFile, Read] | None = data["file"]
        return Brought(
            title=data["title"],
            author=data["author"],
            written_on=data["written_on"],
            about=[self.people[pk] for pk in data["about"]],
            file=file,
            pasted=parts,
        )


class TakeOutForm(GovukForm):
    reason = ReasonField(
        label="How do you know that it is about another family?",
        required_message="Enter how you know that it is about another family",
        rows=3,
        max_length=1000,
    )


class PlaceForm(GovukForm):
    """`passages`: those on this page, each with where it stands already; `targets`: where they can go."""

    where = SelectField(
        label="Where in the assessment do they go?", required_message="Select where in the assessment they go"
    )
    passages = CheckboxesField(label="Which passages?", required_message="Select the passages", small=True)

    def __init__(
        self, *args: Any, passages: Sequence[tuple[int, str, str]], targets: Sequence[Target], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.targets = {one.key: one for one in targets}
        parts = groupby(targets, key=lambda one: one.place.title)
        grouped = [(title, [(one.key, one.words or title) for one in boxes]) for title, boxes in parts]
        self.set_choices("where", [("", "Select an answer"), *grouped])
        self.set_choices("passages", [Choice(str(at), text, hint=where) for at, text, where in passages])
