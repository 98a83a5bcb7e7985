"""Asking an agency for its part, saying what someone told, and what stands beside a part."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from assessments.forms.part import PartForm
from assessments.models import Answer, Remark
from assessments.models.writing import LONGEST
from earlyhelp.accounts.models import Agency
from earlyhelp.core import clock
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import DateField, ModelSelectField, RadioField, ReasonField, TextAreaField, TextField
from earlyhelp.govuk.forms import GovukForm, Layout
from earlyhelp.procedures.form import FormPart
from families.models import Person


class AskForm(GovukForm):
    agency = RadioField(label="Which agency do you ask?", required_message="Select which agency you ask")
    part = RadioField(label="For which part?", required_message="Select for which part you ask")
    words = TextAreaField(
        label="What would you like to know? (optional)",
        noun="What you would like to know",
        required=False,
        max_length=2000,
        rows=4,
        help_text="They read it above the part that they write.",
    )
    until = DateField(
        label="By when?", noun="The day", required_message="Enter the day by when you need it", future=True
    )

    def __init__(self, *args: Any, agencies: Sequence[Agency], parts: Sequence[FormPart], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(one.pk): one for one in agencies}
        self.set_choices("agency", [(pk, one.name) for pk, one in self.agencies.items()])
        self.set_choices("part", [(one.code, one.title) for one in parts])
        own = next((one.code for one in parts if one.about == "agency"), "")
        self.initial = {"part": own, "until": clock.today() + timedelta(days=7)}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("agency"):
            data["agency"] = self.agencies[data["agency"]]
        return data


class WaiveForm(GovukForm):
    reason = ReasonField(
        label="Why don’t you wait for it?",
        required_message="Enter why you don’t wait for it",
        help_text="It stays with the assessment.",
        rows=3,
        max_length=2000,
    )


class NothingForm(GovukForm):
    words = TextAreaField(
        label="Is there anything that they should know about that? (optional)",
        noun="What they should know",
        required=False,
        rows=3,
        max_length=2000,
        help_text="Such as that you have not seen the family for a year.",
    )


class ToldForm(PartForm):
    """A part as someone told it, by phone or e-mail, to whoever types it."""

    told_by = TextField(
        label="Who told you this, and what is their role?",
        noun="Who told you",
        required_message="Enter who told you this, and their role",
        max_length=200,
    )
    told_for = ModelSelectField(
        label="Which agency are they from? (optional)", queryset=Agency.objects.none(), required=False, size="s"
    )
    told_how = RadioField(
        label="How did they tell you?",
        required_message="Select how they told you",
        choices=[(way, way) for way in ("By phone", "By e-mail", "By letter", "In person")],
    )
    told_on = DateField(
        label="When did they tell you?", noun="The day", required_message="Enter when they told you", past=True
    )

    def __init__(self, *args: Any, by_agency: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_agency:
            field = self.fields["told_for"]
            field.label, field.required = "Which agency are they from?", True
            field.error_messages["required"] = "Select which agency they are from"
        self.set_queryset("told_for", Agency.objects.filter(is_open=True).order_by("name"))

    def layout(self) -> Layout:
        return Layout("told_by", "told_for", "told_how", "told_on", *super().layout().fields)


class RemarkForm(GovukForm):
    kind = RadioField(label="What do you add?", required_message="Select what you add")
    who = RadioField(label="Who does not agree?", required_message="Select who does not agree")
    words = TextAreaField(
        label="What should stand beside it?",
        noun="The words",
        required_message="Enter what should stand beside it",
        max_length=LONGEST,
        rows=8,
        help_text="If someone doesn’t agree, use their own words. If something is wrong, write what is wrong and what is right. The first text stays, and this stands beside it, on screen and in print.",
    )
    said_on = DateField(label="When was it said?", noun="The day", required_message="Enter when it was said", past=True)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people if one.speaks}
        self.set_choices(
            "kind",
            [
                Choice(Remark.Kind.DISAGREES, "A family member does not agree", reveals=("who",)),
                Choice(Remark.Kind.CORRECTS, "Something is factually wrong"),
            ],
        )
        self.set_choices("who", [(pk, one.name) for pk, one in self.people.items()])
        self.initial = {"said_on": clock.today()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        return data | {"who": self.people.get(data.get("who") or "")}


class ProposeForm(GovukForm):
    """Each text of a contribution, to be worded otherwise."""

    why = ReasonField(label="Why?", required_message="Enter why you would word it otherwise", rows=3, max_length=2000)

    def __init__(self, *args: Any, texts: Sequence[tuple[str, Answer]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why = self.fields.pop("why")
        self.answers = {f"text-{answer.pk}": answer for _, answer in texts}
        for (label, answer), name in zip(texts, self.answers, strict=True):
            self.fields[name] = TextAreaField(
                label=label,
                required_message="Enter what should stand there. If nothing should, write why not",
                max_length=LONGEST,
                initial=answer.text,
                rows=8,
            )
        self.fields["why"] = why

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.changed():
            self.add_error(next(iter(self.answers)), "Change what you would word otherwise, or go back")
        return data

    def changed(self) -> list[tuple[Answer, str]]:
        """The answers that are worded otherwise, and how."""
        data = self.cleaned_data
        return [(answer, data[name]) for name, answer in self.answers.items() if data[name] != answer.text]


class DecideForm(GovukForm):
    accept = RadioField(
        label="Do you want to use the proposed text?",
        required_message="Select whether you want to use the proposed text",
        choices=[
            Choice("yes", "Yes", hint="It takes the place of the text. What stood there stays in its history."),
            Choice("no", "No", reveals=("reason",)),
        ],
    )
    reason = ReasonField(label="Why not?", required_message="Enter why not", rows=3, max_length=2000)
