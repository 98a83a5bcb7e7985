from collections.abc import Sequence
from typing import Any

from consent.models import Disclosure, LawfulSharing, Tier
from consent.services.disclosures import not_shared_with, who_said_no
from consent.word import FamilysWord
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
from families.models import Family, Person

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
        if agency and (refusal := not_shared_with(family=self.family, agency=agency, about=self.must_share())):
            self.add_error("agency", refusal)

    def must_share(self) -> set[int] | None:
        """Who has to share with an agency so that it may have it; None where no more is given than that the family is known."""
        return self.about if self.everything else None

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


class CopyForm(RecipientForm):
    """Whom a copy is for, and of the family which of them. What is about someone else who decides for themselves is left out
    of it, unless they agreed that it is shown.

    `deciding`: those of the family's people who decide for themselves; the copy of `one` alone is theirs.
    """

    field_order = ("for_whom", "whose", "shown", "agency", "to_whom", "decision")

    whose = RadioField(label="Which of them is it for?", required_message="Select which of them it is for")
    shown = CheckboxesField(
        label="Who agreed that the others read what is about them?",
        required=False,
        small=True,
        help_text="What is about anyone else who decides for themselves is left out.",
    )

    def __init__(
        self, *args: Any, people: Sequence[Person], deciding: set[int], one: Person | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.deciding = [] if one else [person for person in people if person.pk in deciding]
        if len(self.deciding) < 2:
            del self.fields["whose"], self.fields["shown"]
            return
        names = [(str(person.pk), person.name) for person in self.deciding]
        self.set_choices("whose", [*names, ("everyone", "All of them together")])
        self.set_choices("shown", names)
        for_whom: Any = self.fields["for_whom"]
        for_whom.reveals = {**for_whom.reveals, "family": ("whose", "shown")}

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("whose") == "everyone" and not self.cleaned_data.get("shown"):
            self.add_error("shown", "Select who agreed that the others read it. Or make a copy for each of them")

    def reader(self) -> Person | None:
        """Whom of the family it is for; None for all of them."""
        whose = self.cleaned_data.get("whose")
        return next((person for person in self.deciding if str(person.pk) == whose), None)

    def left_out(self) -> set[int]:
        """What is about these people isn't in the copy: whoever else decides for themselves and didn't agree, and, in that of
        a young person, other children."""
        if "whose" not in self.fields or self.cleaned_data["for_whom"] != "family":
            return set()
        reader, shown = self.reader(), {int(pk) for pk in self.cleaned_data["shown"]}
        kept = {person.pk for person in self.deciding}
        if reader and reader.kind != Person.Kind.ADULT:
            kept = {person.pk for person in self.people}
        return kept - shown - ({reader.pk} if reader else set())

    def recipient(self) -> dict[str, Any]:
        reader = self.reader() if self.cleaned_data["for_whom"] == "family" else None
        return super().recipient() | ({"to_whom": reader.name, "about": [reader.pk]} if reader else {})


class PartialCopyForm(CopyForm):
    """A copy from which what an agency may not know is left out, rather than that it gets none."""

    def must_share(self) -> set[int]:
        return set()

    def left_out(self) -> set[int]:
        agency = self.cleaned_data.get("agency")
        if not agency:
            return super().left_out()
        word = FamilysWord.of(self.family)
        kept = {pk for pk in word.people if word.held((pk, agency.pk)).tier < Tier.ADDITIONAL}
        return kept | who_said_no(self.family)


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
