from typing import Any

from assessments.models.section import LONGEST
from earlyhelp.govuk.fields import RadioField, TextAreaField
from earlyhelp.govuk.forms import GovukForm
from families.models import Person


class SectionForm(GovukForm):
    """One section in three columns; `child`, the child that it is about, if it is about one: whoever can't speak yet isn't
    asked what they say."""

    voice = TextAreaField(label="What they say", required=False, max_length=LONGEST, rows=6)
    worried = TextAreaField(
        label="What are we worried about?",
        noun="What you are worried about",
        required=False,
        max_length=LONGEST,
        rows=8,
    )
    working_well = TextAreaField(
        label="What is working well?", noun="What is working well", required=False, max_length=LONGEST, rows=8
    )
    needs_to_happen = TextAreaField(
        label="What needs to happen?", noun="What needs to happen", required=False, max_length=LONGEST, rows=8
    )
    scale = RadioField(
        label="Where are things now, from 0 to 10? (optional)",
        help_text="0 is as bad as it can be. 10 means no worries: safe enough to close.",
        required=False,
        choices=[(number, str(number)) for number in range(11)],
        coerce=int,
        empty_value=None,
        inline=True,
        small=True,
    )

    def __init__(self, *args: Any, child: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if child is None or not child.speaks:
            del self.fields["voice"]
            return
        name = child.short_name
        self.fields["voice"].label = f"What {name} says"
        self.fields["voice"].help_text = (
            f"Use {name}’s own words where you can. For a baby, write what you see."
            " If it is not known, write “not known” and why."
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and all(data.get(name) in ("", None) for name in self.fields):
            self.add_error(
                next(iter(self.fields)), "Enter something in at least one box. If it is not known, write “not known”"
            )
        return data
