import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from consent.services import wording as services
from earlyhelp.accounts.models import LocalProcedure
from earlyhelp.govuk.fields import NumberField, PhoneField, TextAreaField, TextField
from earlyhelp.govuk.forms import GovukForm

LABELS = {
    "introduction": ("What this is about", 4000, 8),
    "held": ("What we hold", 4000, 10),
    "shared": ("What is shared, with whom and why", 4000, 8),
    "basic": ("Basic information", 2000, 4),
    "additional": ("Additional information", 2000, 4),
    "refusing": ("Saying no", 2000, 6),
    "withdrawing": ("Changing your mind", 2000, 6),
    "limits": ("When we share without asking", 4000, 12),
    "statements": ("What people sign", 4000, 8),
}
SAID_IN_A_SENTENCE = re.compile(r"[^\W\d_][\w’' -]*")


class FormText(TextAreaField):
    """A text of the form: says beside the field which placeholder is unknown."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if wrong := services.problem(value):
            raise ValidationError(wrong, code="placeholder")


class WordingForm(GovukForm):
    """The words of the next version."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, limit, rows) in LABELS.items():
            self.fields[name] = FormText(
                label=label,
                required_message=f"Enter what the form says under “{label}”",
                max_length=limit,
                rows=rows,
                help_text="One statement a line." if name == "statements" else "",
            )


class PublishForm(GovukForm):
    """What was read when the draft was published."""

    seen = forms.DateTimeField(widget=forms.HiddenInput)


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
    own_consent_age = NumberField(
        label="Age from which young people decide for themselves",
        noun="Age from which young people decide for themselves",
        required_message="Enter the age from which young people decide for themselves",
        min_value=10,
        max_value=18,
    )

    def __init__(self, *args: Any, procedure: LocalProcedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        p = procedure
        shown = {
            "authority_name": f"At the top of every page and print: “{p.authority_name}”",
            "service_name": f"“{p.service_name} in North: Noor Hill”",
            "agreement_word": f"“Record the family’s {p.agreement_word}”",
            "agreement_form_name": f"The heading of the printed form: “{p.agreement_form_name}”",
            "lead_word": f"“Ask someone to be {p.lead_word}”",
            "request_name": f"“Make a {p.request_name}”",
            "locality_word": f"“{p.locality_word.capitalize()}: North”",
            "front_door_name": f"“It goes to {p.front_door_name}”",
            "safeguarding_name": f"At the foot of every page and print: “{p.safeguarding_name}”",
            "own_consent_age": "A recorded judgement of a young person’s own understanding goes before it",
        }
        for name, sentence in shown.items():
            self.fields[name].help_text = f"{sentence}."


WORD_FIELDS = tuple(LocalWordsForm.base_fields)
