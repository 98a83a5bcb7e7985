import re
from typing import Any

from django.core.exceptions import ValidationError

from earlyhelp.govuk.fields import FileField, PhoneField, ReasonField, TextAreaField, TextField
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.procedures.document import Unreadable, read
from earlyhelp.procedures.schema import Procedure

SAID_IN_A_SENTENCE = re.compile(r"[^\W\d_][\w’' -]*")
LARGEST = 100_000


class DocumentForm(GovukForm):
    """A document, typed or chosen as a file, with everything that is wrong in it."""

    document = FileField(
        label="Choose a file (optional)",
        required=False,
        accept=".toml,text/plain",
        help_text="It takes the place of what stands in the box. A text file of at most 100 kB.",
    )
    text = TextAreaField(
        label="The procedure",
        required_message="Enter the procedure, or choose a file",
        rows=28,
        max_length=LARGEST,
        count=False,
        help_text="The lines that begin with # are for people. Keep the rest as it is, and change what stands behind “=”.",
    )

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        self.wrong_file = ""
        chosen = files.get("document") if files else None
        if data is not None and chosen:
            data = data.copy()
            try:
                data["text"] = chosen.read(LARGEST + 1).decode()
            except UnicodeDecodeError:
                self.wrong_file = "The file must be text. Save it as UTF-8, and choose it again"
        super().__init__(data, files, **kwargs)
        self.fields["text"].widget.attrs["class"] = "app-document"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.wrong_file:
            self.add_error("document", self.wrong_file)
        elif text := data.get("text"):
            try:
                read(text)
            except Unreadable as unreadable:
                lines = text.splitlines()
                for mistake in unreadable.mistakes:
                    self.add_error(
                        "text", f"{mistake}. It says: {lines[mistake.line - 1].partition('#')[0].strip()[:80]}"
                    )
        return data


class ProcedureForm(DocumentForm):
    """The next procedure, and why."""

    why = ReasonField(
        label="Why is it changed?",
        required_message="Enter why the procedure is changed",
        help_text="It stays with this version.",
        rows=3,
        max_length=2000,
    )


class SpokenWord(TextField):
    """A word that stands in the middle of sentences."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not SAID_IN_A_SENTENCE.fullmatch(value):
            raise ValidationError(f"{self.noun} must be words only, without numbers or signs", code="invalid")


class Name(TextField):
    """A name: anything but braces, which mark placeholders."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if set("{}") & set(value):
            raise ValidationError(f"{self.noun} must not have braces in it", code="invalid")


class LocalWordsForm(GovukForm):
    """The authority's own words, each with a sentence that has it."""

    authority_name = Name(label="Name of the council", required_message="Enter the name of the council", max_length=100)
    service_name = Name(label="Name of the service", required_message="Enter the name of the service", max_length=100)
    agreement_word = SpokenWord(
        label="Word for what the family gives",
        required_message="Enter your word for what the family gives, such as agreement or consent",
        max_length=60,
        width=20,
    )
    agreement_form_name = Name(
        label="Name of the form that the family signs",
        required_message="Enter the name of the form that the family signs",
        max_length=120,
    )
    lead_word = SpokenWord(
        label="Word for who leads the support",
        required_message="Enter your word for who leads the support, such as lead practitioner",
        max_length=60,
        width=20,
    )
    request_name = SpokenWord(
        label="Word for asking for support",
        required_message="Enter your word for asking for support, such as request for support",
        max_length=60,
        width=20,
    )
    locality_word = SpokenWord(
        label="Word for an area of the council",
        required_message="Enter your word for an area of the council, such as locality",
        max_length=60,
        width=20,
    )
    front_door_name = Name(
        label="Name of the front door", required_message="Enter the name of the front door", max_length=100
    )
    safeguarding_name = Name(
        label="Who to call when a child is not safe",
        required_message="Enter who to call when a child is not safe",
        max_length=100,
    )
    safeguarding_phone_day = PhoneField(
        label="Their number in the day", required_message="Enter the number to call in the day"
    )
    safeguarding_phone_night = PhoneField(
        label="Their number at night, at weekends and on bank holidays",
        required_message="Enter the number to call at night. If it is the same, enter it again",
    )

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        p = procedure
        shown = {
            "authority_name": f"At the top of every page and print: “{p.authority.name}”",
            "service_name": f"“{p.authority.service} in North: Noor Hill”",
            "agreement_word": f"“Record the family’s {p.words.agreement}”",
            "agreement_form_name": f"The heading of the printed form: “{p.words.agreement_form}”",
            "lead_word": f"“Ask someone to be {p.words.lead}”",
            "request_name": f"“Make a {p.words.request}”",
            "locality_word": f"“{p.words.locality.capitalize()}: North”",
            "front_door_name": f"“It goes to {p.words.front_door}”",
            "safeguarding_name": f"At the foot of every page and print: “{p.safeguarding.name}”",
        }
        for name, sentence in shown.items():
            self.fields[name].help_text = f"{sentence}."


# Where each word stands in the procedure
PATHS = {
    "authority_name": "authority.name",
    "service_name": "authority.service",
    "agreement_word": "words.agreement",
    "agreement_form_name": "words.agreement_form",
    "lead_word": "words.lead",
    "request_name": "words.request",
    "locality_word": "words.locality",
    "front_door_name": "words.front_door",
    "safeguarding_name": "safeguarding.name",
    "safeguarding_phone_day": "safeguarding.phone_day",
    "safeguarding_phone_night": "safeguarding.phone_night",
}
