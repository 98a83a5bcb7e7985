"""Step-up to social care: why, with whose agreement; what was sent, and the answer."""

from collections.abc import Sequence
from typing import Any

from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import CheckboxesField, DateField, RadioField, ReasonField, TextAreaField, TextField
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.procedures.services import procedure_in_force
from families.models import Person
from stepdown.models import StepUp
from stepdown.services.stepup import Said


class StepUpForm(GovukForm):
    about = CheckboxesField(label="Which children is it about?", required_message="Select which children it is about")
    ground = RadioField(
        label="Why?",
        required_message="Select why",
        choices=[
            Choice(StepUp.Ground.HARM, StepUp.Ground.HARM.label),
            Choice(StepUp.Ground.RISING, StepUp.Ground.RISING.label, reveals=("tried",)),
        ],
    )
    tried = TextAreaField(
        label="What has early help tried?",
        required_message="Enter what early help has tried",
        rows=3,
        max_length=2000,
    )
    what = ReasonField(
        label="What have you seen or been told, and what has changed?",
        noun="What you have seen or been told",
        required_message="Enter what you have seen or been told",
        help_text="In the child’s own words where you can. Names, birth dates and addresses are in the record already.",
        rows=6,
    )
    agreed = RadioField(
        label="Does the family agree that social care is told?",
        required_message="Select whether the family agrees",
        help_text="Ask them, unless that puts a child at risk. Not being able to reach them delays nothing.",
        choices=[
            Choice(StepUp.Agreed.YES, StepUp.Agreed.YES.label, reveals=("agreed_by",)),
            Choice(StepUp.Agreed.NO, StepUp.Agreed.NO.label, reveals=("because", "spoke_with")),
            Choice(StepUp.Agreed.NOT_ASKED, StepUp.Agreed.NOT_ASKED.label, reveals=("because", "spoke_with")),
        ],
    )
    agreed_by = TextField(label="Who agrees?", required_message="Enter who agrees", max_length=200, width="two-thirds")
    because = RadioField(
        label="Why is it shared without their agreement?", required_message="Select why it is shared without agreement"
    )
    spoke_with = TextField(
        label="With whom did you talk it over? (optional)",
        required=False,
        max_length=200,
        width="two-thirds",
        help_text="Your manager or safeguarding lead. Leave it empty if you asked nobody, or could reach nobody: don’t wait.",
    )
    rang = TextField(
        label="Whom did you ring? (optional)",
        required=False,
        max_length=200,
        width="two-thirds",
        help_text="Who answered, and when.",
    )

    def __init__(self, *args: Any, children: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("about", [(str(child.pk), child.name) for child in children])
        if len(children) == 1:
            self.fields["about"].initial = [str(children[0].pk)]
        reasons = procedure_in_force().reasons.without_agreement
        self.set_choices("because", [(reason.code, reason.name) for reason in reasons])

    def said(self) -> Said:
        data = self.cleaned_data
        plain = {name: data.get(name) or "" for name in Said.__dataclass_fields__ if name not in ("about", "adviser")}
        return Said(about=sorted(map(int, data["about"])), adviser=data.get("spoke_with") or "", **plain)


class TakeBackForm(GovukForm):
    reason = ReasonField(
        label="Why was it a mistake?",
        required_message="Enter why it was a mistake",
        help_text="The step-up stays to be read, with your reason. If social care was told, ring them too.",
        rows=3,
        max_length=1000,
    )


class SentForm(GovukForm):
    how = ReasonField(
        label="How did you send it, and to whom?",
        rows=2,
        count=False,
        required_message="Enter how you sent it, and to whom",
        help_text="For example, their online form, or by secure e-mail.",
        max_length=200,
    )


class AnswerForm(GovukForm):
    outcome = RadioField(
        label="What did social care answer?",
        required_message="Select what social care answered",
        choices=StepUp.Outcome.choices,
    )
    words = ReasonField(label="What did they say?", required_message="Enter what they said", rows=4, max_length=2000)
    by = TextField(label="Who said so?", required_message="Enter who said so", max_length=200, width="two-thirds")
    on = DateField(label="When?", noun="The day", required_message="Enter when they said so", recent=True)
    then = RadioField(label="What becomes of early help?", required_message="Select what becomes of early help")

    def __init__(self, *args: Any, higher: str, can_wait: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (code, label)
            for code, label in StepUp.Then.choices
            if code != StepUp.Then.LEVEL and (can_wait or code != StepUp.Then.WAITS)
        ]
        if higher:
            choices.append((StepUp.Then.LEVEL, f"Help goes on here, as “{higher}”"))
        self.set_choices("then", choices)
        if not can_wait:
            self.fields[
                "then"
            ].help_text = "There is no agreed plan that could wait. If social care leads from now on, end early help once this is saved."
