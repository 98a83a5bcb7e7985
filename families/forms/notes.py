"""Notes, what was filed in the wrong family, and the end of early help."""

from typing import Any

from earlyhelp.accounts.models import Agency
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import CheckboxesField, PastMomentField, RadioField, ReasonField, TextAreaField, TextField
from earlyhelp.govuk.forms import GovukForm, Layout, inset
from earlyhelp.procedures.services import procedure_in_force
from families.models import Note, Person

EVERYONE, ONLY_AGENCY = "everyone", "agency"


NARROW_KINDS = (Note.Kind.SUPERVISION, Note.Kind.FEEDBACK)


class NoteForm(GovukForm):
    """Supervision and feedback are kinds of their own, which who may read them says."""

    kind = RadioField(
        label="What was it?",
        required=False,
        choices=[(kind.value, kind.label) for kind in Note.Kind if kind not in NARROW_KINDS],
    )
    at = PastMomentField(
        label="When was it?",
        noun="The time of the note",
        required_message="Enter when it was",
        help_text="For example, 27 3 2026 and 14:30.",
    )
    with_whom = TextField(label="With whom?", required_message="Enter with whom it was", width="two-thirds")
    about = CheckboxesField(
        label="Whom is it about? (optional)",
        required=False,
        small=True,
        help_text="Leave empty for the whole family. An agency that someone does not share with won’t see a note about them.",
    )
    text = TextAreaField(
        label="What happened?",
        required_message="Enter what happened",
        max_length=10_000,
        rows=10,
        help_text="Say what is fact, what is someone’s opinion, and whose.",
    )

    readers = RadioField(
        label="Who may read this?",
        required=False,
        initial=EVERYONE,
        empty_value=EVERYONE,
        help_text="It can’t be changed afterwards.",
    )
    kept_from = CheckboxesField(
        label="Is there anyone in the family who must not be told? (optional)",
        required=False,
        small=True,
        help_text="Such as a parent, when a young person asked you to keep it from them. Everyone who reads the note is told"
        " so, and it is in nothing that is printed for the family.",
    )

    def __init__(
        self,
        *args: Any,
        people: list[Person],
        may_supervise: bool,
        agency: Agency | None,
        may_feed_back: bool,
        warnings: list[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        self.warnings = warnings
        names = [(str(p.pk), p.name) for p in people]
        self.set_choices("about", names)
        self.set_choices("kept_from", names)
        lead = procedure_in_force().words.lead
        answers = [Choice(EVERYONE, "Everyone who may read this family’s record")]
        if agency:
            answers.append(Choice(ONLY_AGENCY, f"Only {agency.name}", hint=f"Not the {lead}, unless they work there."))
        if may_supervise:
            hint = f"You, the {lead} and your fellow managers."
            answers.append(Choice(Note.Kind.SUPERVISION, "Supervision", hint=hint))
        if may_feed_back:
            hint = f"You, the managers of their agency and the service manager. Never the {lead}."
            answers.append(Choice(Note.Kind.FEEDBACK, f"Feedback about the {lead}", hint=hint))
        self.set_choices("readers", answers)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        readers = data.pop("readers", EVERYONE)
        if readers in NARROW_KINDS:
            data["kind"] = readers
        elif "kind" in data and not data["kind"]:
            self.add_error("kind", "Select what it was")
        return data | {"only_agency": self.agency if readers == ONLY_AGENCY else None}

    def layout(self) -> Layout:
        return Layout("kind", "at", "with_whom", "about", *map(inset, self.warnings), "text", "readers", "kept_from")


class AddToNoteForm(GovukForm):
    corrects = RadioField(
        label="What do you add?",
        required_message="Select what you add",
        choices=[
            Choice("yes", "A correction: something in the note is wrong"),
            Choice("no", "Something more"),
        ],
    )
    text = TextAreaField(
        label="What is right, or what is more?",
        noun="What you add",
        required_message="Enter what is right, or what is more",
        help_text="The note stays as it is, and this stands below it. The same people read both.",
        max_length=10_000,
    )


class WrongFamilyForm(GovukForm):
    """`movable`: whether it can be filed where it belongs in the same step."""

    belongs_to = TextField(
        label="Reference of the family where it belongs (optional)",
        required=False,
        max_length=20,
        width="10",
        help_text="It is filed there at once, for whoever leads, if you may file documents there. Leave it empty to file it"
        " again yourself.",
    )
    reason = ReasonField(
        label="How do you know that it is in the wrong family?",
        required_message="Enter how you know that it is in the wrong family",
        help_text="Only the service manager reads this.",
        rows=3,
        max_length=1000,
    )

    def __init__(self, *args: Any, movable: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not movable:
            del self.fields["belongs_to"]
