"""Who leads and who is on the team: asked, invited, answered."""

from collections.abc import Sequence
from typing import Any, ClassVar

from earlyhelp.accounts.models import Agency, User
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import (
    ConfirmField,
    DateField,
    RadioField,
    ReasonField,
    TextAreaField,
    TextField,
    list_words,
)
from earlyhelp.govuk.forms import GovukForm, Layout, Part
from earlyhelp.procedures.services import procedure_in_force
from families.models import Lead, Person
from families.search import plain
from families.services.giving import Candidate

MOST = 20
YOUNG = "In their own words. Of a child who is too young to say, whom they settle with."


class PractitionerForm(GovukForm):
    """Someone of an agency that the family shares with: found by name, work or agency, where they are many."""

    find = TextField(
        label="Find someone",
        required=False,
        help_text="A name, an agency or a kind of work. For example, Jo Smith, or health visitor.",
        max_length=100,
    )
    who = RadioField(label="Who?", required_message="Select a person")
    has_read = ConfirmField(
        label="I have read these passages, and reworded what they should not read",
        required=False,
    )
    asked_if_needed = ("has_read",)
    after: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, people: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.key: one for one in people}
        typed = self.data if self.is_bound else self.draft or {}
        self.text = str(typed.get("find") or "").strip()
        self.found = [one for one in people if self.text or len(people) <= MOST if self._is_meant(one)]
        shown = {one.key: one for one in self.found[:MOST]}
        if chosen := self.people.get(str(typed.get("who"))):
            shown[chosen.key] = chosen
        self.set_choices("who", [Choice(key, one.user.name, hint=one.about) for key, one in shown.items()])

    def _is_meant(self, one: Candidate) -> bool:
        said = plain(f"{one.user.name} {one.user.job_title} {one.agency.name}")
        return all(word in said for word in plain(self.text).split())

    def layout(self) -> Layout:
        button = Part("consent/find_person.html", text=self.text, found=len(self.found), most=MOST)
        who = ["who"] if self.fields["who"].choices else []  # type: ignore[attr-defined]
        return Layout("find", button, *who, *self.after, "has_read")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "who" in self.errors and not self.fields["who"].choices:  # type: ignore[attr-defined]
            del self.errors["who"]
            self.add_error("find", "Enter a name, an agency or a kind of work, and select Find. Then select a person")
        return data

    def chosen(self) -> tuple[User, Agency]:
        one = self.people[self.cleaned_data["who"]]
        return one.user, one.agency


class InviteForm(PractitionerForm):
    after = ("role",)
    role = RadioField(
        label="What will they do?",
        required_message="Select what they will do",
        choices=[
            Choice("contributor", "Contribute", hint="Read the record and add to the assessment, plan and notes."),
            Choice("attendee", "Come to reviews", hint="Read the record."),
        ],
    )


class WishesForm(GovukForm):
    """Whom each would like, in their own words."""

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {f"wish_{person.pk}": person for person in people}
        for name, person in self.people.items():
            self.fields[name] = TextAreaField(
                label=f"Whom would {person.short_name} like, and why? (optional)",
                noun=f"What {person.short_name} says",
                help_text=YOUNG if person.kind != Person.Kind.ADULT else "",
                required=False,
                rows=2,
                max_length=1000,
            )

    def wishes(self) -> dict[Person, str]:
        return {person: self.cleaned_data[name] for name, person in self.people.items()}


class LeadMyselfForm(GovukForm):
    """`unasked`: whose wish isn't recorded yet."""

    without_wish = ReasonField(
        label="Why can’t it wait until they have said whom they would like?",
        required_message="Record first whom they would like to lead, or enter why you can’t wait for that",
        help_text="It is kept, and shown with the asking.",
        rows=3,
        max_length=1000,
    )

    def __init__(self, *args: Any, unasked: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not unasked:
            del self.fields["without_wish"]
            return
        names = list_words([one.short_name for one in unasked])
        self.fields[
            "without_wish"
        ].label = f"{names} didn’t say yet whom they would like to lead. Why can’t it wait for that?"

    @property
    def reason(self) -> str:
        return self.cleaned_data.get("without_wish", "")


class AskToLeadForm(LeadMyselfForm, PractitionerForm):
    """`runner`: who runs the support until someone accepts, in the words of the reader; `leads`, whether they lead."""

    after = ("without_wish", "without_challenge", "because", "stays")
    without_challenge = ReasonField(
        label="Why is somebody else asked before that was talked over?",
        required_message="Record first how it was talked over with whoever declined, or enter why somebody else is asked",
        help_text="It is kept, and shown with the asking.",
        rows=3,
        max_length=1000,
    )
    because = ReasonField(
        label="Why does the lead change?",
        required_message="Enter why the lead changes",
        help_text="It is kept with the dates, and whoever is asked reads it.",
        rows=3,
        max_length=1000,
    )

    def __init__(self, *args: Any, runner: str, leads: bool, declined: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if declined:
            names = list_words([user.name for user in declined])
            self.fields[
                "without_challenge"
            ].label = f"{names} declined, and nobody has talked it over. Why is somebody else asked all the same?"
        else:
            del self.fields["without_challenge"]
        if not leads:
            del self.fields["because"]
        whose = "my" if runner == "you" else "their"
        self.fields["stays"] = RadioField(
            label=f"Once someone else leads, what will {runner} do?",
            required_message=f"Select what {runner} will do",
            initial="yes",
            choices=[
                Choice("yes", "Stay on the team", hint="To read the record, and add to it."),
                Choice("no", f"End {whose} part", hint="To see the record no more."),
            ],
        )

    def layout(self) -> Layout:
        layout = super().layout()
        gone = {"because", "without_wish", "without_challenge"} - set(self.fields)
        layout.fields = [one for one in layout.fields if not isinstance(one, str) or one not in gone]
        return layout


class AskLocalityForm(GovukForm):
    reason = ReasonField(
        label="Why is a lead hard to find?",
        required_message="Enter why a lead is hard to find",
        help_text="Who was asked, what they said, and whom the family would like. The early help team of the area reads it.",
        max_length=2000,
    )


class AnswerForm(GovukForm):
    """Yes, or no with a reason."""

    answer = RadioField(
        label="Your answer",
        required_message="Select your answer",
        choices=[Choice("yes", "Yes, I accept"), Choice("no", "No", reveals=("declined_for", "reason"))],
    )
    declined_for = RadioField(label="What keeps you from it?", required_message="Select what keeps you from it")
    reason = ReasonField(
        label="Your reason",
        required_message="Enter your reason for declining",
        help_text="Clear reasons help the family and the person who asked. They will be read.",
        max_length=2000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = procedure_in_force().reasons.declining
        self.set_choices("declined_for", [(reason.code, reason.name) for reason in reasons])

    @property
    def declined(self) -> dict[str, str]:
        """Why they decline; empty for who accepts."""
        return {name: self.cleaned_data.get(name) or "" for name in ("declined_for", "reason")}


class SuggestForm(GovukForm):
    words = ReasonField(
        label="Whom do you suggest, and why?",
        noun="Whom you suggest",
        required_message="Enter whom you suggest, and why",
        help_text="Names, where they work, and whether you have talked with them. Whoever asked reads it.",
        max_length=2000,
        rows=5,
    )


class ChallengeForm(GovukForm):
    """What came of talking with who declined to lead (DEV-12)."""

    by = TextField(
        label="Who talked with them?",
        required_message="Enter who talked with them, and their role",
        help_text="And their role. For example, their manager.",
        max_length=200,
        width="two-thirds",
    )
    on = DateField(label="When?", noun="The day", required_message="Enter when somebody talked with them", past=True)
    said = ReasonField(
        label="What was said?",
        required_message="Enter what was said",
        help_text="Whoever may know who was asked to lead reads it.",
        max_length=2000,
    )
    result = RadioField(
        label="What came of it?", required_message="Select what came of it", choices=Lead.Result.choices
    )


MISTAKE = "mistake"


class EndPlaceForm(GovukForm):
    why = RadioField(
        label="Why does it end?",
        required_message="Select why it ends",
        choices=[("ended", "They don’t work with the family any more"), (MISTAKE, "They were added by mistake")],
    )
