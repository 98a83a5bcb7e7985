"""The level of help, and who oversees it."""

from collections.abc import Sequence
from typing import Any

from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.govuk.fields import DateField, RadioField, ReasonField
from earlyhelp.govuk.forms import GovukForm


class LevelForm(GovukForm):
    """`overseers`: who can oversee."""

    overseer = RadioField(
        label="Who oversees?",
        required_message="Select who oversees",
        help_text="Qualified in social work. They countersign this, and agree before the level goes down again.",
    )
    on = DateField(
        label="From which day?", noun="The day", required_message="Enter from which day it is so", recent=True
    )
    reason = ReasonField(
        label="Why?", required_message="Enter why", rows=4, max_length=2000, help_text="The team reads it."
    )

    def __init__(self, *args: Any, overseers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.overseers = {str(user.pk): user for user in overseers}
        self.set_choices("overseer", [(pk, user.name) for pk, user in self.overseers.items()])
        self.initial.setdefault("on", clock.today())

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return data | {"overseer": self.overseers[data["overseer"]]}


class WithinForm(GovukForm):
    why = ReasonField(
        label="Why does the family step down now?",
        required_message="Enter why the family steps down now",
        help_text="What is better, and what help they still need.",
        max_length=2000,
    )
