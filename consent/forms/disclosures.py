from collections.abc import Sequence
from typing import Any

from consent.models import Disclosure, LawfulSharing
from consent.services.disclosures import not_shared_with
from earlyhelp.accounts.models import Agency
from earlyhelp.govuk.components import Choice, when_text
from earlyhelp.govuk.fields import (
    CheckboxesField,
    ModelSelectField,
    PastMomentField,
    RadioField,
    SelectField,
    TextField,
)
from earlyhelp.govuk.forms import GovukForm, Layout
from families.models import Family

Basis = Disclosure.Basis


class RecipientForm(GovukForm):
    """To whom information goes, and on which basis; not to an agency that the family doesn't share with."""

    everything = True

    for_whom = RadioField(
        label="Who is it for?",
        required_message="Select who it is for",
        choices=[
            Choice("family", "The family"),
            Choice("agency", "An agency that the family shares with", reveals=("agency",)),
            Choice("agreed", "Someone else, as the family agreed", reveals=("to_whom",)),
            Choice("lawful", "Someone else, though the family does not agree", reveals=("decision",)),
        ],
    )
    agency = ModelSelectField(
        label="Which agency?",
        required_message="Select the agency",
        queryset=Agency.objects.none(),
        width="two-thirds",
    )
    to_whom = TextField(
        label="Who, and where do they work?",
        required_message="Enter who it is for, and where they work",
        width="two-thirds",
    )
    decision = SelectField(
        label="Which decision allows it?",
        required_message="Select the decision that allows it. If there is none, record it first: see the link below",
        help_text="Record the decision first: see the link below.",
        blank="Select a decision",
        width="two-thirds",
    )

    def __init__(
        self, *args: Any, family: Family, about: set[int], decisions: Sequence[LawfulSharing], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.family, self.about = family, about
        self.decisions = {str(row.pk): row for row in decisions}
        self.set_queryset("agency", Agency.objects.filter(is_open=True).order_by("name"))
        words = [(pk, f"{row.with_whom}, {when_text(row.decided_at)}") for pk, row in self.decisions.items()]
        self.set_choices("decision", [("", "Select a decision"), *words])

    def clean(self) -> None:
        super().clean()
        decision = self.decisions.get(self.cleaned_data.get("decision") or "")
        if decision and not self.told_of() <= set(decision.about):
            self.add_error(
                "decision",
                "That decision is not about everyone whom this tells of. Select another, or record one that is",
            )
        agency = self.cleaned_data.get("agency")
        if agency and (
            refusal := not_shared_with(family=self.family, agency=agency, about=self.about if self.everything else None)
        ):
            self.add_error("agency", refusal)

    def told_of(self) -> set[int]:
        """Whom the information is about."""
        return self.about

    def recipient(self) -> dict[str, Any]:
        """To whom and on which basis, as the log takes it."""
        data = self.cleaned_data
        if data["for_whom"] == "agency":
            return {"to_whom": data["agency"].name, "agency": data["agency"], "basis": Basis.AGREEMENT}
        if data["for_whom"] == "agreed":
            return {"to_whom": data["to_whom"], "basis": Basis.AGREEMENT}
        if data["for_whom"] == "lawful":
            decision = self.decisions[data["decision"]]
            return {
                "to_whom": decision.with_whom,
                "agency": decision.agency,
                "basis": Basis.LAWFUL,
                "lawful_sharing": decision,
            }
        return {"to_whom": "The family", "basis": Basis.FAMILY}


class DisclosureForm(RecipientForm):
    """Information that was given already: perhaps no more than that the family is known."""

    everything = False
    field_order = ("what", "of", "how", "for_whom", "agency", "to_whom", "decision", "at")

    what = TextField(
        label="What was given?",
        required_message="Enter what was given",
        help_text="For example: the plan of 3 March, or that Ada was at school.",
        max_length=300,
    )
    how = RadioField(
        label="How was it given?",
        required_message="Select how it was given",
        choices=Disclosure.How.choices,
    )
    at = PastMomentField(
        label="When was it given?",
        noun="The time it was given",
        required_message="Enter when it was given",
        help_text="For example, 27 3 2026 and 14:30.",
    )
    of = CheckboxesField(
        label="Whom was it about? (optional)",
        required=False,
        small=True,
        help_text="Leave empty if it was about the whole family.",
    )

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, family=family, **kwargs)
        self.set_choices("of", [(str(person.pk), person.name) for person in family.people()])

    def told_of(self) -> set[int]:
        return {int(pk) for pk in self.cleaned_data.get("of") or []}

    def layout(self) -> Layout:
        return Layout("what", "of", "how", "for_whom", "at")
