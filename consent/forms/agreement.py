from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from consent.models import Agreement, Tier
from earlyhelp.accounts.models import Agency
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.forms import (
    CheckboxesField,
    Choice,
    DateField,
    FileField,
    GovukForm,
    Layout,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    heading,
    paragraph,
)
from families.models import Person
from families.uploads import read_scan

NOTHING, BASIC, ADDITIONAL, NEVER = "0", "1", "2", "never"
ANSWERS = [
    (NOTHING, "Nothing for now"),
    (BASIC, "Basic information"),
    (ADDITIONAL, "Basic and additional"),
    (NEVER, "Never share: do not ask again"),
]


class ChoicesMixin:
    """One question for each agency: how much it may know. What isn't answered means nothing."""

    agencies: dict[str, Agency]

    def ask_about(self, agencies: list[Agency], known: Mapping[int, str]) -> None:
        form: Any = self
        self.agencies = {f"agency_{agency.pk}": agency for agency in agencies}
        for name, agency in self.agencies.items():
            field = SelectField(
                label=agency.name,
                required=False,
                choices=ANSWERS[1:],
                blank="Nothing for now",
                size="",
                width="two-thirds",
            )
            field.initial = known.get(agency.pk, "")
            form.fields[name] = field

    def answers(self) -> dict[Agency, tuple[int, bool]]:
        """Agency → (tier, never share)."""
        form: Any = self
        given = {agency: form.cleaned_data.get(name) or NOTHING for name, agency in self.agencies.items()}
        return {a: (Tier.NONE, True) if g == NEVER else (int(g), False) for a, g in given.items()}


class AgreementForm(ChoicesMixin, GovukForm):
    person = RadioField(label="Who decided?", required_message="Select who decided")
    decision = RadioField(
        label="What did they decide?",
        required_message="Select what they decided",
        choices=[
            Choice("given", "They agree to early help"),
            Choice("refused", "They do not agree", hint="You can still offer what your own service can do alone."),
            Choice("withdrawn", "They withdraw their agreement"),
        ],
    )
    how = RadioField(
        label="How?",
        required_message="Select how they decided",
        choices=[
            Choice("signed", "Signed on paper", hint="File the scan afterwards."),
            Choice("verbal", "They said so", reveals=("witness",)),
        ],
    )
    witness = TextField(
        label="Who heard it?",
        required_message="Enter who heard it",
        max_length=150,
        width="two-thirds",
    )
    decided_on = DateField(
        label="When?",
        noun="The date they decided",
        required_message="Enter the date they decided",
        past=True,
        help_text="For example, 27 3 2026.",
    )
    wishes = TextAreaField(
        label="Their wishes and feelings, in their own words (optional)",
        required=False,
        rows=3,
        help_text="The children’s too.",
    )
    covers = CheckboxesField(
        label="Whose information are these choices about?",
        required=False,
        small=True,
        help_text="A parent decides for younger children. A young person who can decide for themselves is asked themselves.",
    )

    def __init__(self, *args: Any, people: list[Person], agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(p.pk): p for p in people}
        deciders = [(str(p.pk), f"{p.name}, {p.age_words}") for p in people if p.kind != Person.Kind.UNBORN]
        self.set_choices("person", deciders)
        self.set_choices("covers", [(str(p.pk), p.name) for p in people])
        self.ask_about(agencies, {})

    def layout(self) -> Layout:
        return Layout(
            "person",
            "decision",
            "how",
            "decided_on",
            "wishes",
            heading("Who may know what"),
            paragraph(
                "Basic information is that the family gets early help, their names and who leads. Additional information "
                "is the needs, the assessment, the plan and the notes."
            ),
            paragraph(
                "Leave “Nothing for now” for the others: they are told nothing, and you can ask the family again. Choose "
                "“Never share” where the family says that somebody must never know."
            ),
            "covers",
            *self.agencies,
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        shares = any(tier for tier, _ in self.answers().values())
        if data.get("decision") == Agreement.Decision.GIVEN and not shares:
            self.add_error(
                None,
                "Select for at least one agency what it may know, such as your own. Without that nobody can help the family",
            )
        if shares and not data.get("covers"):
            self.add_error("covers", "Select whose information these choices are about")
        return data


class ChoicesForm(ChoicesMixin, GovukForm):
    """One person's choices."""

    decided_by = RadioField(label="Who decided?", required_message="Select who decided")

    def __init__(
        self,
        *args: Any,
        people: list[Person],
        agencies: list[Agency],
        known: Mapping[int, str],
        about: Person,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        deciders = sorted((p for p in people if p.kind != Person.Kind.UNBORN), key=lambda p: p.pk != about.pk)
        self.people = {str(p.pk): p for p in deciders}
        self.set_choices("decided_by", [(str(p.pk), p.name) for p in deciders])
        self.ask_about(agencies, known)


class WithdrawForm(GovukForm):
    decided_by = RadioField(label="Who decided?", required_message="Select who decided")

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(p.pk): p for p in people if p.kind != Person.Kind.UNBORN}
        self.set_choices("decided_by", [(pk, p.name) for pk, p in self.people.items()])


class ScanForm(GovukForm):
    """The file is looked into here, so that what is wrong with it stands beside it."""

    scan = FileField(
        label="The signed form",
        required_message="Choose the scan of the signed form",
        accept=".pdf,.jpg,.jpeg,.png,.heic,.heif",
        help_text="A PDF, or a picture: JPEG, PNG or HEIC.",
    )
    signed_on = DateField(
        label="When was it signed?",
        noun="The date it was signed",
        required_message="Enter the date it was signed",
        past=True,
        help_text="For example, 27 3 2026.",
    )

    def clean_scan(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["scan"]
        try:
            read_scan(upload)
        except Refused as refused:
            raise ValidationError(refused.reason) from refused
        upload.seek(0)
        return upload
