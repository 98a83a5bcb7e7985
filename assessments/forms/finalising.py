from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html

from assessments.models import Assessment, Oversight
from assessments.rules import Missing
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import DateField, RadioField, ReasonField, TextAreaField, TextField
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.procedures.services import words_then


class FinaliseForm(GovukForm):
    """Why it is finalised without each of the things that were `expected` of it."""

    def __init__(self, *args: Any, expected: Sequence[Missing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {f"why-{one.key}": one.key for one in expected}
        for name, one in zip(self.keys, expected, strict=True):
            self.fields[name] = ReasonField(
                label=one.gap.text,
                help_text=format_html(
                    '{} <a class="govuk-link" href="{}">Write it</a>, or say why it is finalised without.',
                    one.gap.who,
                    one.gap.url,
                ),
                required_message=f"Enter why it is finalised without: {one.gap.text.rstrip('.')}",
                rows=2,
                max_length=2000,
            )

    def reasons(self) -> dict[str, str]:
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}


class OverseeForm(GovukForm):
    kind = RadioField(
        label="What do you want to do?",
        required_message="Select what you want to do",
        choices=[
            Choice(Oversight.Kind.COMMENT, "Add a comment"),
            Choice(
                Oversight.Kind.RETURNED,
                "Send it back",
                hint="It stays as it is. The next version puts right what you say.",
            ),
            Choice(Oversight.Kind.SIGNED, "Sign it off"),
        ],
    )
    words = TextAreaField(
        label="Your comment",
        required=False,
        max_length=4000,
        rows=6,
        help_text="Whoever leads reads it, and whoever oversees them. Needed for a comment, or to send it back.",
    )


class SendForm(GovukForm):
    """The two questions before an assessment goes to the front door: harm, and agreement (MID-10)."""

    at_risk = RadioField(
        label="Is a child suffering significant harm, or likely to?",
        required_message="Select yes if a child is suffering significant harm, or likely to",
        choices=[
            Choice("yes", "Yes, or I am not sure", hint="You are told whom to ring. Nothing is sent."),
            Choice("no", "No", reveals=("agreed",)),
        ],
        help_text="Significant harm includes physical, emotional or sexual abuse, and neglect.",
    )
    agreed = RadioField(
        label="Does the family agree that it is sent?",
        required_message="Select whether the family agrees that it is sent",
        help_text="The parents, and young people who decide for themselves.",
        choices=[
            Choice("yes", "Yes", reveals=("agreed_by", "agreed_on")),
            Choice("no", "Not yet", hint="Ask them first. The assessment stays here as it is."),
        ],
    )
    agreed_by = TextField(label="Who agreed?", required_message="Enter who agreed", width="two-thirds", max_length=200)
    agreed_on = DateField(
        label="When did they agree?",
        noun="The date they agreed",
        required_message="Enter the date they agreed",
        past=True,
        help_text="For example, 27 3 2026.",
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("agreed") == "no" and data.get("at_risk") == "no":
            self.add_error("agreed", "Ask the family first, then say here who agreed and when")
        return data


class StartForm(GovukForm):
    """Whether it begins with what the last assessment said."""

    from_last = RadioField(
        label="There is an earlier assessment. Do you want to begin with what it says?",
        required_message="Select whether you want to begin with what the last assessment says",
        choices=[
            Choice(
                "yes",
                "Yes",
                hint="Each passage comes over with its author and date. You keep, change or leave out each.",
            ),
            Choice("no", "No, begin with nothing"),
        ],
    )

    def __init__(self, *args: Any, earlier: Assessment | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if earlier is None:
            del self.fields["from_last"]


class AskMoreForm(GovukForm):
    level = RadioField(label="What is the level of need?", required_message="Select the level of need")
    deeper = RadioField(
        label="Should it ask everything?",
        required_message="Select whether it should ask everything",
        choices=[
            Choice("no", "What this level of need calls for"),
            Choice("yes", "Everything", hint="For needs that are many or hard to understand."),
        ],
        coerce=lambda value: value == "yes",
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = words_then(assessment.procedure_id).levels
        self.set_choices("level", [Choice(level.code, level.name, hint=level.meaning) for level in levels])
        self.initial = {"level": assessment.level, "deeper": "yes" if assessment.deeper else "no"}
