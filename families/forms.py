import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms

from earlyhelp.accounts.models import Agency, Locality, LocalProcedure, User
from earlyhelp.accounts.roles import people_in
from earlyhelp.core import clock
from earlyhelp.govuk.forms import (
    CheckboxesField,
    Choice,
    ConfirmField,
    DateField,
    GovukForm,
    Layout,
    ModelRadioField,
    ModelSelectField,
    PartialDateField,
    PastMomentField,
    PhoneField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    YesNoField,
    inset,
)
from families import search
from families.models import (
    ContactAttempt,
    ContactDetail,
    Episode,
    Family,
    Note,
    Person,
    Relationship,
    Request,
    RequestPerson,
)
from families.services.requests import Newcomer

EVERYONE, ONLY_AGENCY = "everyone", "agency"
NARROW_KINDS = (Note.Kind.SUPERVISION, Note.Kind.FEEDBACK)
OLDEST_CHILD, YOUNGEST_ADULT = 25, 16
LONG_AGO = timedelta(days=180)
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")


class PostcodeField(TextField):
    """A whole postcode of the United Kingdom, or nothing."""

    default_width = 10

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not POSTCODE.fullmatch(search.postcode(value)):
            raise forms.ValidationError("Enter a full UK postcode, like MX1 2AB, or leave it empty")

    def clean(self, value: object) -> str:
        """As it is written on a letter."""
        code = search.postcode(super().clean(value))
        return f"{code[:-3]} {code[-3:]}".strip()


class RiskForm(GovukForm):
    at_risk = RadioField(
        label="Is a child suffering significant harm, or likely to?",
        heading=True,
        required_message="Select yes if a child is suffering significant harm, or likely to",
        choices=[
            Choice("yes", "Yes, or I am not sure"),
            Choice("no", "No"),
        ],
        help_text="Significant harm includes physical, emotional or sexual abuse, and neglect.",
    )


class OwnOfferForm(GovukForm):
    can_meet = RadioField(
        label="Can your own service meet the need?",
        heading=True,
        required_message="Select whether your own service can meet the need",
        choices=[
            Choice("yes", "Yes, we can meet it ourselves", hint="Keep a short record. No request is sent."),
            Choice("no", "No, the family needs help from others too"),
        ],
    )


class OwnOfferRecordForm(GovukForm):
    locality = ModelRadioField(
        label="Where does the family live?",
        required_message="Select the area where the family lives",
        queryset=Locality.objects.all(),
    )
    family_name = TextField(
        label="Family name", required_message="Enter the family’s name", max_length=150, width="two-thirds"
    )
    what_for = TextAreaField(
        label="What is the need?",
        required_message="Enter what the need is",
        help_text="Write what you have seen or been told.",
    )
    tried = TextAreaField(
        label="What will your service do?",
        required_message="Enter what your service will do",
        help_text="And when you will look at it again.",
    )


class RequestForm(GovukForm):
    who_asks = RadioField(
        label="Who is asking for support?",
        required_message="Select who is asking for support",
        choices=[
            Choice(value, label, reveals=("must_not_know",) if value == Request.Asker.YOUNG_PERSON else ())
            for value, label in Request.Asker.choices
        ],
    )
    must_not_know = TextField(
        label="Is there anyone who must not be told? (optional)",
        required=False,
        max_length=300,
        help_text="Who, and why. Help them to involve a parent, unless that puts them at risk.",
    )
    agency = SelectField(
        label="On behalf of which agency do you ask?",
        required_message="Select the agency you are asking for",
        blank="Select an agency",
    )
    locality = ModelRadioField(
        label="Where does the family live?",
        required_message="Select the area where the family lives",
        queryset=Locality.objects.none(),
    )
    family_name = TextField(
        label="Family name", required_message="Enter the family’s name", max_length=150, width="two-thirds"
    )
    what_for = TextAreaField(
        label="What are you worried about, and what help is needed?",
        required_message="Enter what you are worried about and what help is needed",
        help_text="Say what you have seen, and what you were told and by whom.",
        rows=7,
    )
    tried = TextAreaField(
        label="What has your own service tried?",
        required_message="Enter what your own service has tried, or “nothing yet” and why",
        help_text="And what came of it.",
    )
    level_of_need = RadioField(label="Level of need", required_message="Select the level of need")
    received_at = PastMomentField(
        label="When did you hear of the need?",
        noun="The time you heard of the need",
        required_message="Enter when you heard of the need",
        help_text="The 72 hours for the first contact count from here. For example, 27 3 2026 and 14:30.",
    )
    asked = RadioField(
        label="Has the family been asked?",
        required_message="Select whether the family has been asked",
        choices=[
            Choice("yes", "Yes, and they agree", reveals=("asked_who", "agreed_by", "agreed_how", "agreed_on")),
            Choice("no", "Not yet", hint="The request can’t be sent yet. What you have typed stays here as a draft."),
        ],
    )
    asked_who = TextField(label="Who was asked?", required_message="Enter who was asked", width="two-thirds")
    agreed_by = TextField(label="Who agreed?", required_message="Enter who agreed", width="two-thirds")
    agreed_how = RadioField(
        label="How did they agree?",
        required_message="Select how they agreed",
        choices=Request.Agreed.choices,
        inline=True,
    )
    agreed_on = DateField(
        label="When did they agree?",
        noun="The date they agreed",
        required_message="Enter the date they agreed",
        past=True,
        help_text="For example, 27 3 2026.",
    )

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.set_choices("agency", [("", "Select an agency"), *((pk, a.name) for pk, a in self.agencies.items())])
        if len(agencies) == 1:
            self.fields["agency"].initial = str(agencies[0].pk)
        self.set_queryset("locality", Locality.objects.all())
        levels = LocalProcedure.current().levels_of_need
        self.set_choices("level_of_need", [(level["code"], level["name"]) for level in levels])

    def clean_received_at(self) -> datetime:
        found: datetime = self.cleaned_data["received_at"]
        if found < clock.now() - LONG_AGO:
            raise forms.ValidationError("Check the year: the time you heard of the need is more than 6 months ago")
        return found

    def clean_asked(self) -> str:
        asked: str = self.cleaned_data["asked"]
        if asked == "no":
            raise forms.ValidationError(
                "Ask the family first, then say here who was asked, who agreed, how and when. Your draft is kept"
            )
        return asked


class RequestPersonForm(GovukForm):
    """One person of a request; an empty one is left out."""

    is_empty = True

    kind = RadioField(label="Who is this?", required=False, choices=Person.Kind.choices, inline=True)
    first_name = TextField(label="First name", required=False, max_length=100, width="two-thirds")
    last_name = TextField(label="Last name (optional)", required=False, max_length=100, width="two-thirds")
    date_of_birth = PartialDateField(
        label="Date of birth, or due date (optional)",
        required=False,
        help_text="Leave out the day, or the day and month, if you don’t know them.",
    )
    postcode = PostcodeField(label="Postcode (optional)", required=False)
    phone = PhoneField(label="Phone number (optional)", required=False)
    relationship = TextField(
        label="How are they related to the others? (optional)",
        required=False,
        max_length=60,
        width="two-thirds",
        help_text="Such as “Ada’s mother”.",
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        filled = any(data.get(name) for name in ("first_name", "last_name", "date_of_birth", "postcode", "phone"))
        if filled and not data.get("first_name"):
            self.add_error("first_name", "Enter their first name, or “not known”")
        if filled and not data.get("kind"):
            self.add_error("kind", "Select whether this is a child, an adult or an unborn child")
        self.is_empty = not filled
        check_born(self, data)
        return data


def check_born(form: forms.Form, data: dict[str, Any]) -> None:
    """Only an unborn child's date may lie ahead; a young person is under 26, an adult at least 16."""
    born, kind = data.get("date_of_birth"), data.get("kind")
    if not born:
        return
    if kind == Person.Kind.UNBORN:
        return
    if born.first > clock.today():
        form.add_error("date_of_birth", "Date of birth must be today or in the past")
    elif kind == Person.Kind.CHILD and clock.today().year - born.year > OLDEST_CHILD + 1:
        form.add_error("date_of_birth", "Check the year: a child or young person is under 26. Or select “Adult”")
    elif kind == Person.Kind.ADULT and clock.today().year - born.year < YOUNGEST_ADULT:
        form.add_error("date_of_birth", "Check the year: an adult is 16 or older. Or select “Child or young person”")


RequestPeople = forms.formset_factory(RequestPersonForm, extra=2, max_num=15, absolute_max=30)


class RecordCheckForm(GovukForm):
    first_name = TextField(label="First name", required_message="Enter their first name", max_length=100)
    last_name = TextField(label="Last name", required_message="Enter their last name", max_length=100)
    date_of_birth = DateField(
        label="Date of birth",
        required_message="Enter their date of birth",
        past=True,
        help_text="For example, 27 3 2014.",
    )
    postcode = PostcodeField(label="Postcode (optional)", required=False)


class ChooseAgencyForm(GovukForm):
    agency = ModelSelectField(
        label="Which agency will make the first contact?",
        heading=True,
        required_message="Select an agency",
        queryset=Agency.objects.none(),
        empty_label="Select an agency",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_queryset("agency", Agency.objects.filter(is_open=True, memberships__isnull=False).distinct())


class KnownFamilyForm(GovukForm):
    """Whether a request is about a family that is known: references and states, no more."""

    family = RadioField(label="Is this a family that we know?", heading=True, required_message="Select a family")

    def __init__(self, *args: Any, families: Sequence[tuple[Family, bool]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices(
            "family",
            [
                *(
                    Choice(
                        family.reference,
                        f"{family.display_name}, {family.reference}",
                        hint=f"{family.locality}. "
                        + (
                            "Early help is open: the request is added to it."
                            if is_open
                            else "Early help has ended: it is opened again."
                        ),
                    )
                    for family, is_open in families
                ),
                Choice("new", "None of these: a new family"),
            ],
        )


class NewcomersMixin:
    """Which people of a request to add to the family that it is about."""

    def ask_about(self, newcomers: Sequence[Newcomer]) -> None:
        form: Any = self
        self.newcomers = {str(new.asked.pk): new for new in newcomers}
        if not newcomers:
            return
        form.fields["adding"] = CheckboxesField(
            label="Who of the request should be added to the family?",
            required=False,
            help_text="They have nobody there with the same name and date of birth. Nothing that is recorded changes.",
            choices=[Choice(pk, new.asked.name, hint=_alike(new)) for pk, new in self.newcomers.items()],
            initial=[pk for pk, new in self.newcomers.items() if not new.like],
        )

    def adding(self) -> list[RequestPerson]:
        form: Any = self
        return [self.newcomers[pk].asked for pk in form.cleaned_data.get("adding", [])]


def _alike(new: Newcomer) -> str:
    born = f"{new.asked.date_of_birth:%-d %B %Y}. " if new.asked.date_of_birth else ""
    there = ", ".join(f"{person.name}, {person.born_words}" for person in new.like)
    return f"{born}May be the same as {there}." if there else born


class JoinForm(NewcomersMixin, GovukForm):
    def __init__(self, *args: Any, newcomers: Sequence[Newcomer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_about(newcomers)


class AcceptForm(NewcomersMixin, GovukForm):
    practitioner = ModelRadioField(
        label="Who will make the first contact?",
        required_message="Select who will make the first contact",
        queryset=User.objects.none(),
    )

    def __init__(self, *args: Any, agency: Agency, newcomers: Sequence[Newcomer] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_queryset("practitioner", people_in(agency))
        self.ask_about(newcomers)


class AnswerRequestForm(GovukForm):
    outcome = RadioField(
        label="What is the outcome?",
        required_message="Select the outcome",
        choices=[
            ("advice", "Advice given"),
            ("single_agency", "One agency will help"),
            ("front_door", "Passed to the front door"),
            ("declined", "Declined"),
        ],
    )
    reason = TextAreaField(
        label="Reason, or what was advised",
        required_message="Enter the reason. The person who asked will see it",
        help_text="The person who asked reads this.",
        max_length=2000,
    )


class PersonForm(GovukForm):
    kind = RadioField(label="Who is this?", required_message="Select who this is", choices=Person.Kind.choices)
    first_name = TextField(
        label="First name",
        required_message="Enter their first name, or “not known”",
        max_length=100,
        width="two-thirds",
    )
    last_name = TextField(label="Last name (optional)", required=False, max_length=100, width="two-thirds")
    known_as = TextField(label="Known as (optional)", required=False, max_length=100, width="two-thirds")
    other_names = TextField(
        label="Other names (optional)",
        required=False,
        max_length=400,
        width="two-thirds",
        help_text="Names they had before, or use elsewhere. Put a comma between two names.",
    )
    date_of_birth = PartialDateField(
        label="Date of birth, or due date (optional)",
        required=False,
        help_text="Leave out the day, or the day and month, if you don’t know them.",
    )
    gender = TextField(label="Gender (optional)", required=False, max_length=40, width=20)
    home = RadioField(
        label="Where do they live?", required_message="Select where they live", choices=Person.Home.choices
    )
    language = TextField(label="First language (optional)", required=False, max_length=80, width=20)
    interpreter = ConfirmField(label="They need an interpreter", required=False)
    access_needs = TextAreaField(
        label="Access needs (optional)",
        required=False,
        rows=3,
        max_length=2000,
        help_text="What they need to take part, such as a ground-floor room or large print.",
    )
    school = TextField(
        label="School, nursery or college (optional)", required=False, max_length=150, width="two-thirds"
    )
    gp = TextField(label="GP practice (optional)", required=False, max_length=150, width="two-thirds")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        check_born(self, data)
        return data

    def clean_other_names(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["other_names"].split(",") if name.strip()]


class RelationshipForm(GovukForm):
    to_person = SelectField(
        label="Related to", required_message="Select whom they are related to", blank="Select a person"
    )
    kind = TextField(
        label="How are they related?",
        required_message="Enter how they are related",
        max_length=60,
        width=20,
        help_text="Such as mother, stepfather, sister.",
    )
    parental_responsibility = RadioField(
        label="Do they have parental responsibility for this person?",
        required_message="Select whether they have parental responsibility",
        choices=Relationship.Responsibility.choices,
        inline=True,
    )

    def __init__(self, *args: Any, others: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("to_person", [("", "Select a person"), *((str(p.pk), p.name) for p in others)])


class ContactDetailForm(GovukForm):
    kind = RadioField(
        label="What is it?", required_message="Select what it is", choices=ContactDetail.Kind.choices, inline=True
    )
    value = TextField(label="Number or address", required_message="Enter the number or address", max_length=254)
    safe_times = TextField(
        label="When is it safe to call? (optional)", required=False, help_text="Such as “school days, 9:30am to 2pm”."
    )
    voicemail = YesNoField(
        label="Is it safe to leave a voicemail? (optional)",
        required=False,
        help_text="Leave empty if they weren’t asked.",
    )
    text = YesNoField(
        label="Is it safe to send a text? (optional)", required=False, help_text="Leave empty if they weren’t asked."
    )
    who_may_answer = TextField(label="Who else may answer? (optional)", required=False)
    must_not_know = TextField(label="Who must not know that we called? (optional)", required=False)


class AddressForm(GovukForm):
    lines = TextAreaField(label="Address", required_message="Enter the address", rows=4, max_length=400, count=False)
    postcode = PostcodeField(label="Postcode (optional)", required=False)
    do_not_disclose = ConfirmField(
        label="Do not disclose this address",
        required=False,
        help_text="It will appear in no list, search result or print.",
    )


class NewAddressForm(AddressForm):
    person = SelectField(label="Whose address is it?", required=False, blank="The whole family’s")
    field_order = ("person", "lines", "postcode", "do_not_disclose")

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("person", [("", "The whole family’s"), *((str(p.pk), p.name) for p in people)])


class ContactAttemptForm(GovukForm):
    how = RadioField(
        label="How did you try?", required_message="Select how you tried", choices=ContactAttempt.How.choices
    )
    at = PastMomentField(
        label="When was it?",
        noun="The time of the contact",
        required_message="Enter when it was",
        help_text="For example, 27 3 2026 and 14:30.",
    )
    reached = RadioField(
        label="Did you reach the family?",
        required_message="Select whether you reached the family",
        choices=[("yes", "Yes"), ("no", "No, I tried")],
        inline=True,
    )
    note = TextAreaField(
        label="Notes (optional)",
        required=False,
        help_text="What was said, or what you will try next. The team reads it.",
    )

    def __init__(self, *args: Any, warnings: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings = warnings

    def layout(self) -> Layout:
        return Layout("how", "at", "reached", *map(inset, self.warnings), "note")


class PractitionerForm(GovukForm):
    """Someone of an agency that the family shares with."""

    who = SelectField(label="Who?", required_message="Select a person", blank="Select a person")

    def __init__(self, *args: Any, people: list[tuple[User, Agency]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {f"{user.pk}-{agency.pk}": (user, agency) for user, agency in people}
        words = [(key, f"{user.name}, {agency.name}") for key, (user, agency) in self.people.items()]
        self.set_choices("who", [("", "Select a person"), *sorted(words, key=lambda pair: pair[1])])

    def chosen(self) -> tuple[User, Agency]:
        return self.people[self.cleaned_data["who"]]


class InviteForm(PractitionerForm):
    role = RadioField(
        label="What will they do?",
        required_message="Select what they will do",
        choices=[
            Choice("contributor", "Contribute", hint="Read the record and add to the assessment, plan and notes."),
            Choice("attendee", "Come to reviews", hint="Read the record."),
        ],
    )


class LeadMyselfForm(GovukForm):
    family_wish = TextAreaField(
        label="Whom would the family most like to lead, and why?",
        required_message="Enter whom the family would most like to lead",
        help_text="In the family’s own words, the children’s too.",
        rows=3,
        max_length=1000,
    )


class AskToLeadForm(LeadMyselfForm, PractitionerForm):
    field_order = ("who", "family_wish")


class AskLocalityForm(GovukForm):
    reason = TextAreaField(
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
        choices=[Choice("yes", "Yes, I accept"), Choice("no", "No", reveals=("reason",))],
    )
    reason = TextAreaField(
        label="Your reason",
        required_message="Enter your reason for declining",
        help_text="Clear reasons help the family and the person who asked. They will be read.",
        max_length=2000,
    )


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
        lead = LocalProcedure.current().lead_word
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


class WrongFamilyForm(GovukForm):
    reason = TextAreaField(
        label="How do you know that it is in the wrong family?",
        required_message="Enter how you know that it is in the wrong family",
        help_text="Only the service manager reads this.",
        rows=3,
        max_length=1000,
    )


class EndForm(GovukForm):
    reason = RadioField(
        label="Why does early help end?",
        required_message="Select why early help ends",
        choices=Episode.End.choices,
    )
