from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError

from consent.services.lawful import LawfulSaid, longest, too_long
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.dates import end_of
from earlyhelp.govuk.fields import (
    CheckboxesField,
    DateField,
    ModelSelectField,
    PastMomentField,
    RadioField,
    ReasonField,
    SelectField,
    TextAreaField,
    TextField,
    YesNoField,
)
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.procedures.services import procedure_in_force
from families.models import Person
from families.services.giving import Candidate


class LawfulSharingForm(GovukForm):
    """A decision to share without agreement; the words for reasons and lawful bases are the local procedure's."""

    reason = RadioField(label="Why is it shared without agreement?", required_message="Select why it is shared")
    explanation = ReasonField(
        label="Explain why",
        required_message="Enter why it is shared",
        help_text="What you know, how you know it, and what may happen if nothing is shared.",
    )
    basis = RadioField(
        label="What is the lawful basis?",
        required_message="Select the lawful basis",
        help_text="Your adviser can help you choose.",
    )
    what = TextAreaField(
        label="What is shared?",
        required_message="Enter what is shared",
        help_text="Only what they need to know.",
        rows=3,
    )
    about = CheckboxesField(
        label="Whom is it about?", required_message="Select whom the information is about", small=True
    )
    with_whom = TextField(
        label="With whom is it shared?",
        required_message="Enter with whom it is shared",
        help_text="Their name and organisation.",
        width="two-thirds",
    )
    agency = ModelSelectField(
        label="Their agency, if it uses this system",
        required=False,
        queryset=Agency.objects.none(),
        empty_label="None of these",
        width="two-thirds",
    )
    how = RadioField(
        label="How is it shared?",
        required_message="Select how it is shared",
        choices=[("told", "Told"), ("sent", "Sent"), ("printed", "Printed and handed over")],
    )
    decided_at = PastMomentField(
        label="When was it decided?",
        noun="The time it was decided",
        required_message="Enter when it was decided",
        help_text="For example, 27 3 2026 and 14:30.",
    )
    adviser = SelectField(
        label="Who advised you?",
        required_message="Select who advised you",
        blank="Select a person",
        help_text="A manager of your agency, a safeguarding lead who is one, or the service manager. Someone other than you.",
        width="two-thirds",
    )
    advice = ReasonField(label="What did they advise?", required_message="Enter what they advised", rows=3)
    told = YesNoField(
        label="Was the family told?",
        required_message="Select whether the family was told",
        no_reveals=("not_told_because",),
    )
    not_told_because = ReasonField(
        label="Why not?", required_message="Enter why the family was not told", rows=3, max_length=2000
    )
    gives_access = YesNoField(
        label="Should they see the record here?",
        required_message="Select whether they should see the record here",
        help_text="They see the people you ticked and nobody else, until a date. You can end it earlier.",
        yes_reveals=("account", "access_until"),
    )
    account = SelectField(
        label="Whose account?",
        required_message="Select whose account it is",
        blank="Select a person",
        width="two-thirds",
    )
    access_until = DateField(
        label="Until when?",
        noun="The last day of access",
        required_message="Enter the last day of access",
        future=True,
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[Person],
        advisers: Sequence[User],
        accounts: Sequence[Candidate],
        may_give_access: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        procedure = procedure_in_force()
        self.fields["reason"].label = f"Why is it shared without {procedure.words.agreement}?"
        self.set_choices("reason", [(row.code, row.name) for row in procedure.reasons.without_agreement])
        self.set_choices("basis", [(row.code, row.name) for row in procedure.reasons.lawful_bases])
        self.set_choices("about", [(str(person.pk), person.name) for person in people])
        self.set_queryset("agency", Agency.objects.filter(is_open=True).order_by("name"))
        self.advisers = {str(user.pk): user for user in advisers}
        self.set_choices("adviser", [("", "Select a person"), *((pk, user.name) for pk, user in self.advisers.items())])
        self.accounts = {one.key: (one.user, one.agency) for one in accounts}
        words = [(one.key, f"{one.user.name}, {one.agency.name}") for one in accounts]
        self.set_choices("account", [("", "Select a person"), *words])
        self.fields["access_until"].initial = clock.today() + timedelta(days=procedure.sharing.lawful_days)
        self.fields["access_until"].help_text = f"{procedure.sharing.lawful_days_longest} days at most."
        if not may_give_access:
            for name in ("gives_access", "account", "access_until"):
                del self.fields[name]

    def clean_access_until(self) -> Any:
        day = self.cleaned_data["access_until"]
        if day and day > clock.today() + longest():
            raise ValidationError(too_long())
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        user, works_for = self.accounts.get(data.get("account") or "", (None, None))
        agency = data.get("agency")
        if user and agency and agency != works_for:
            self.add_error("account", f"{user} works for {works_for}, not for {agency}. Check whose account it is")
        return data

    def said(self) -> LawfulSaid:
        data = dict(self.cleaned_data)
        gives, account = data.pop("gives_access", False), data.pop("account", "")
        day = data.pop("access_until", None)
        data["about"] = [int(pk) for pk in data["about"]]
        data["adviser"] = self.advisers[data["adviser"]]
        if gives:
            data["user"], data["agency"] = self.accounts[account]
            data["access_until"] = end_of(day)
        return LawfulSaid(**data)
