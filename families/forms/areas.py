from typing import Any

from earlyhelp.accounts.models import Locality
from earlyhelp.govuk.fields import DateField, ModelRadioField, ReasonField, TextField
from earlyhelp.govuk.forms import GovukForm


class NameForm(GovukForm):
    name = TextField(
        label="Which name does the family go by?",
        required_message="Enter the name that the family goes by",
        max_length=150,
        width="two-thirds",
        help_text="One name, such as Okafor.",
    )


class AreaForm(GovukForm):
    to = ModelRadioField(
        label="Which area do they belong to?",
        required_message="Select the area that they belong to",
        queryset=Locality.objects.none(),
    )
    on = DateField(
        label="From which day on?",
        noun="The day",
        required_message="Enter from which day on",
        help_text="For example, 27 3 2026. It may be one that is still to come.",
    )
    because = ReasonField(
        label="Why?",
        noun="The reason",
        required_message="Enter why they belong to another area",
        help_text="Such as a new address. Not the address itself.",
        rows=2,
        max_length=1000,
    )

    def __init__(self, *args: Any, now: Locality, is_to_move: bool, **kwargs: Any) -> None:
        """Where it is now is offered while a move is still to come: to take that back."""
        super().__init__(*args, **kwargs)
        self.set_queryset("to", Locality.objects.all() if is_to_move else Locality.objects.exclude(pk=now.pk))
