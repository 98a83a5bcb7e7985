"""Opening a step-down, and its steps."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from earlyhelp.accounts.models import Agency, District, Locality, User
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import (
    DateField,
    ModelRadioField,
    RadioField,
    ReasonField,
    TextAreaField,
    TextField,
    YesNoField,
)
from earlyhelp.govuk.forms import GovukForm
from families.forms.people import PostcodeField
from families.forms.requests import RequestPersonForm
from stepdown.models import StepDown
from stepdown.rules import StepSaid
from stepdown.services.opening import Opened


class OpenForm(GovukForm):
    """`workers`: for whom whoever opens it may."""

    worker = RadioField(label="Which social worker?", required_message="Select the social worker")
    locality = ModelRadioField(
        label="Where does the family live?",
        required_message="Select the area where the family lives",
        queryset=Locality.objects.none(),
    )
    family_name = TextField(
        label="Family name", required_message="Enter the family’s name", max_length=150, width="two-thirds"
    )
    postcode = PostcodeField(
        label="Postcode (optional)",
        required=False,
        help_text="Enter it if you don’t know everyone’s date of birth: an earlier record is found by one of them.",
    )
    address = TextAreaField(label="Where do they live? (optional)", required=False, rows=3, max_length=400, count=False)
    why = ReasonField(
        label="Why does the family step down now?",
        required_message="Enter why the family steps down now",
        help_text="What is better, and what help they need from early help. Whoever finds or opens the record reads it.",
    )

    def __init__(self, *args: Any, workers: Sequence[tuple[User, Agency]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workers = {f"{user.pk}-{agency.pk}": (user, agency) for user, agency in workers}
        choices = [Choice(key, user.name, hint=str(agency)) for key, (user, agency) in self.workers.items()]
        self.set_choices("worker", choices)
        if len(choices) == 1:
            self.fields["worker"].initial = next(iter(self.workers))
        self.set_queryset("locality", Locality.objects.all())
        self.finds_area = District.objects.exists()
        if self.finds_area:
            self.fields["locality"].required = False
            self.fields["locality"].help_text = "Leave it empty if you enter the postcode: it is found by that."

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.finds_area and not data.get("locality") and "locality" not in self.errors:
            data["locality"] = District.locality_of(data.get("postcode") or "")
            if data["locality"] is None:
                where = "Nobody has said yet where this postcode lies. " if data.get("postcode") else ""
                self.add_error("locality", f"{where}Select the area where the family lives")
        return data

    def said(self, people: Iterable[RequestPersonForm]) -> Opened:
        data = self.cleaned_data
        told = [form.said() for form in people if not form.is_empty]
        name, code = data["family_name"], data["postcode"]
        there = tuple(replace(one, last_name=one.last_name or name, postcode=one.postcode or code) for one in told)
        worker, agency = self.workers[data["worker"]]
        return Opened(
            worker=worker,
            agency=agency,
            locality=data["locality"],
            family_name=name,
            why=data["why"],
            people=there,
            address=data["address"],
        )


# For each step that is said on a form: when, who and what is asked, each with what to enter
Question = tuple[str, str]
WHO = ("Who was there?", "Enter who was there")
ASKED: dict[str, tuple[Question, Question | None, Question]] = {
    "offer": (
        ("When was it discussed with the family?", "Enter the day when it was discussed"),
        WHO,
        ("What did they say?", "Enter what they said"),
    ),
    "talked_over": (
        ("When was it talked over?", "Enter the day when it was talked over"),
        ("With whom, of the family and of the professionals?", "Enter with whom it was talked over"),
        ("What did each say?", "Enter what each said"),
    ),
    "told": (
        ("When were they told?", "Enter the day when they were told"),
        ("Who was told?", "Enter who was told"),
        ("What were they told?", "Enter what they were told"),
    ),
    "case_note": (
        ("On which day was it decided?", "Enter the day of the decision"),
        None,
        ("What was decided?", "Enter what was decided"),
    ),
    "visit": (
        ("When was the visit?", "Enter the day of the visit"),
        ("Whom of the family did you see?", "Enter whom of the family you saw"),
        ("What came of it?", "Enter what came of the visit"),
    ),
    "overseer": (
        ("When did you agree?", "Enter the day when you agreed"),
        None,
        ("Why may the level of help go down?", "Enter why the level of help may go down"),
    ),
    "panel": (
        ("When was the panel?", "Enter the day of the panel"),
        WHO,
        ("What does the new lead do first?", "Enter what the new lead does first"),
    ),
}


class StepForm(GovukForm):
    """A step that was done: `asked` are its three questions."""

    on = DateField(label="When?", noun="The day", required_message="Enter the day", recent=True)
    present = TextField(label="Who was there?", required_message="Enter who was there", max_length=500)
    together = YesNoField(
        label="Did the social worker and the new lead both go?",
        required_message="Select whether both went",
    )
    words = ReasonField(label="What was said?", required_message="Enter what was said", rows=5)

    def __init__(
        self, *args: Any, asked: tuple[Question, Question | None, Question], visit: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, question in zip(("on", "present", "words"), asked, strict=True):
            if question is None:
                del self.fields[name]
            else:
                self.fields[name].label, self.fields[name].error_messages["required"] = question
        if not visit:
            del self.fields["together"]

    def said(self) -> StepSaid:
        data = self.cleaned_data
        return StepSaid(data["on"], data.get("present", ""), data["words"], data.get("together", True))


class RouteForm(GovukForm):
    route = RadioField(
        label="By which way does the family come?",
        required_message="Select the route",
        choices=[
            Choice(
                StepDown.Route.A,
                "Route A: from an initial response, with a single assessment",
                hint="A team around the family meeting is arranged, to talk over the plan.",
            ),
            Choice(
                StepDown.Route.B,
                "Route B: from child in need, with a clear plan to step down",
                hint="The child in need meeting agreed the plan. No further meeting is needed.",
            ),
        ],
    )


class WhyForm(GovukForm):
    reason = ReasonField(
        label="Why?",
        required_message="Enter why",
        help_text="The reason is kept, and stays visible.",
        max_length=1000,
    )


class CompleteForm(GovukForm):
    """`undone`: whether steps are not done that don't keep it open."""

    without = ReasonField(
        label="Why are the steps above not done?",
        required_message="Enter why the steps above are not done",
        help_text="The reason is kept with each of them, and stays visible.",
        rows=3,
        max_length=1000,
    )
    family_told = ReasonField(
        label="How did the family hear of it, and from whom?",
        rows=2,
        count=False,
        required_message="Enter how the family heard of it, and from whom",
        help_text="For example, “Both of us at the visit on Tuesday, with the letter”.",
        max_length=500,
    )

    def __init__(self, *args: Any, undone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not undone:
            del self.fields["without"]


class LetterForm(GovukForm):
    visit_on = DateField(
        label="When do you both visit them? (optional)", noun="The day of the visit", required=False, future=True
    )


class ShareForm(GovukForm):
    answer = YesNoField(
        label="Were they asked again, and do they let social care read it?",
        required_message="Select whether they let social care read it",
    )


class GiveForm(GovukForm):
    to = RadioField(label="Who goes on with it?", required_message="Select who goes on with it")

    def __init__(self, *args: Any, colleagues: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(user.pk): user for user in colleagues}
        self.set_choices("to", [(pk, user.name) for pk, user in self.colleagues.items()])

    def chosen(self) -> User:
        return self.colleagues[self.cleaned_data["to"]]
