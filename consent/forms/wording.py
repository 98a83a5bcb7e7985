from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from consent.services import wording as services
from earlyhelp.govuk.fields import TextAreaField
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
