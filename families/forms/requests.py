"""Asking for early help, and answering."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django import forms

from earlyhelp.accounts.models import Agency, District, Locality, User, WorksFor
from earlyhelp.core import clock
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.fields import (
    CheckboxesField,
    DateField,
    ModelRadioField,
    ModelSelectField,
    PartialDateField,
    PastMomentField,
    PhoneField,
    RadioField,
    ReasonField,
    SelectField,
    TextAreaField,
    TextField,
)
from earlyhelp.govuk.forms import GovukForm, Layout, Part, as_multi_value, sent_along
from earlyhelp.procedures.services import procedure_in_force
from families.birth import accuracy
from families.forms.people import PostcodeField, check_born, check_named
from families.models import Person, Request, RequestPerson
from families.rules import NOT_ASKED, PersonSaid, RequestSaid, received_problems
from families.services.giving import TO_JOIN, Candidate
from families.services.matching import Known, Match, Newcomer
from families.services.requests import WHY_NEW


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


class BeforeForm(GovukForm):
    """Two questions before any other: whether to ring instead (DEV-04), and whether one's own service can help (WOR-02)."""

    at_risk = RadioField(
        label="Is a child suffering significant harm, or likely to?",
        required_message="Select yes if a child is suffering significant harm, or likely to",
        choices=[
            Choice("yes", "Yes, or I am not sure"),
            Choice("no", "No", reveals=("can_meet",)),
        ],
        help_text="Significant harm includes physical, emotional or sexual abuse, and neglect.",
    )
    can_meet = RadioField(
        label="Can your own service meet the need?",
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


REQUEST, ASSESSMENT = "request", "assessment"
ASKERS: dict[str, tuple[str, ...]] = {
    Request.Asker.YOUNG_PERSON: ("no_parent", "must_not_know"),
    Request.Asker.PRACTITIONER: ("talked_with", "talked_agreed"),
}
PEOPLE, NEED, CHECK = "people", "need", "check"
ABOUT_PEOPLE = ("locality", "family_name", "postcode", "address", "interpreter")


class RequestForm(GovukForm):
    """A request, on three pages: whom it is about, what for, and all of it once more before it is sent."""

    who_asks = RadioField(
        label="Who is asking for support?",
        required_message="Select who is asking for support",
        choices=[
            Choice(asker, asker.label, reveals=ASKERS.get(asker, ()))
            for asker in Request.Asker
            if asker != Request.Asker.SOCIAL_CARE
        ],
    )
    talked_with = TextField(
        label="Whom did you talk with first? (optional)",
        required=False,
        max_length=200,
        width="two-thirds",
        help_text="Such as your manager, your safeguarding lead or your SENCO.",
    )
    talked_agreed = RadioField(
        label="Did the family agree to that talk? (optional)",
        required=False,
        choices=[("yes", "Yes"), ("no", "No"), ("no_names", "No names were said")],
        inline=True,
    )
    no_parent = ReasonField(
        label="Is a parent involved? If not, why not?",
        noun="Whether a parent is involved",
        required_message="Enter whether a parent is involved, and if not, why not",
        help_text="Help them to involve a parent, unless that puts them at risk.",
        rows=2,
        max_length=1000,
    )
    must_not_know = TextField(
        label="Is there anyone who must not be told? (optional)",
        required=False,
        max_length=300,
        help_text="Who, and why.",
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
    postcode = PostcodeField(label="Postcode (optional)", required=False)
    address = TextAreaField(label="Where do they live? (optional)", required=False, rows=3, max_length=400, count=False)
    interpreter = TextField(
        label="Does anyone need an interpreter? (optional)",
        required=False,
        max_length=100,
        width="two-thirds",
        help_text="Who, and for which language. British Sign Language is one.",
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
    )
    asked = RadioField(
        label="Do those who ask for help agree to this request?",
        required_message="Select whether they agree to this request",
        help_text="The family; or the young person, when they ask for themselves.",
        choices=[
            Choice(
                "yes", "Yes, they were asked and agree", reveals=("asked_who", "agreed_by", "agreed_how", "agreed_on")
            ),
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

    by = RadioField(
        label="How do you want to ask?",
        required_message="Select how you want to ask",
        choices=[
            Choice(REQUEST, "With this request"),
            Choice(
                ASSESSMENT,
                "With an assessment that we write with the family first",
                hint="A record opens for your agency now. The early help team reads the assessment once you send it.",
            ),
        ],
    )

    def __init__(self, *args: Any, agencies: list[Agency], step: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        if not procedure_in_force().asking.by_assessment:
            del self.fields["by"]
        self.agencies = {str(agency.pk): agency for agency in agencies}
        self.set_choices("agency", [("", "Select an agency"), *((pk, a.name) for pk, a in self.agencies.items())])
        if len(agencies) == 1:
            self.fields["agency"].initial = str(agencies[0].pk)
        self.set_queryset("locality", Locality.objects.all())
        self.finds_area = District.objects.exists()
        if self.finds_area:
            self.fields["locality"].required = False
            self.fields["locality"].help_text = "Leave it empty if you enter the postcode: it is found by that."
        levels, first_contact = procedure_in_force().levels, procedure_in_force().clocks.first_contact
        self.fields[
            "received_at"
        ].help_text = (
            f"The {first_contact.words} for the first contact count from here. For example, 27 3 2026 and 14:30."
        )
        self.set_choices("level_of_need", [Choice(level.code, level.name, hint=level.meaning) for level in levels])

    def here(self) -> list[str]:
        """The questions of this page; all of them while the form is on one."""
        if not self.step:
            return list(self.fields)
        return [n for n in self.fields if (n in ABOUT_PEOPLE) == (self.step == PEOPLE) and self.step != CHECK]

    def layout(self) -> Layout:
        revealed = {name for names in self.revealed().values() for name in names}
        asked = ABOUT_PEOPLE if self.step == PEOPLE else [n for n in self.here() if n not in revealed]
        carried = []
        if self.step:
            given: Any = as_multi_value(self.data) if self.is_bound else self.draft or {}
            people = ["person-"] if self.step == PEOPLE else []
            along = sent_along(given, [*self.here(), *people, "add_person"])
            carried = [Part("govuk/layout/carried.html", step=self.step, carried=along)]
        return Layout(*asked, *carried)

    def is_page_right(self) -> bool:
        """Whether this page's questions are answered; what is wrong on the others isn't said yet."""
        self.is_valid()
        here = self.here()
        for name in list(self.errors):
            if name not in here:
                del self.errors[name]
        return not self.errors

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.finds_area and not data.get("locality") and "locality" not in self.errors:
            data["locality"] = District.locality_of(data.get("postcode") or "")
            if data["locality"] is None:
                where = "Nobody has said yet where this postcode lies. " if data.get("postcode") else ""
                self.add_error("locality", f"{where}Select the area where the family lives")
        if data.get("received_at"):
            procedure = procedure_in_force()
            self.add_problems(
                received_problems(data["received_at"], now=clock.now(), long_ago_days=procedure.limits.long_ago_days)
            )
        return data

    def clean_asked(self) -> str:
        asked: str = self.cleaned_data["asked"]
        if asked == "no":
            raise forms.ValidationError(NOT_ASKED)
        return asked

    def said(self, people: Iterable["RequestPersonForm"]) -> RequestSaid:
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("asked", "postcode", "by")}
        data["talked_agreed"] = data["talked_agreed"] or ""
        agency, name, code = self.agencies[data.pop("agency")], data["family_name"], self.cleaned_data["postcode"]
        told = [form.said() for form in people if not form.is_empty]
        there = tuple(replace(one, last_name=one.last_name or name, postcode=one.postcode or code) for one in told)
        return RequestSaid(agency=agency, people=there, **data)


class RequestPersonForm(GovukForm):
    """One person of a request; an empty one is left out."""

    is_empty = True

    kind = RadioField(label="Who is this?", required=False, choices=Person.Kind.choices, inline=True)
    first_name = TextField(label="First name", required=False, max_length=100, width="two-thirds")
    last_name = TextField(
        label="Last name, if it is another (optional)", required=False, max_length=100, width="two-thirds"
    )
    date_of_birth = PartialDateField(
        label="Date of birth, or due date (optional)",
        required=False,
        help_text="Leave out the day, or the day and month, if you don’t know them.",
    )
    postcode = PostcodeField(label="Postcode, if it is another (optional)", required=False)
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
        filled = filled or data.get("kind") == Person.Kind.UNBORN
        if filled:
            check_named(self, data)
        if filled and not data.get("kind"):
            self.add_error("kind", "Select whether this is a child, an adult or an unborn child")
        self.is_empty = not filled
        check_born(self, data)
        return data

    def in_words(self) -> str:
        """Someone of a request on one line: "Ada Okafor, child or young person, born 9 June 2017, 01632 960777"."""
        data = self.cleaned_data
        kind = dict(Person.Kind.choices).get(data.get("kind") or "", "")
        born = data.get("date_of_birth")
        parts = [
            f"{data.get('first_name', '')} {data.get('last_name', '')}".strip(),
            str(kind).lower(),
            Person(kind="child", date_of_birth=born.first, born=accuracy(born)).born_words if born else "",
            data.get("relationship", ""),
            data.get("phone", ""),
            data.get("postcode", ""),
        ]
        return ", ".join(part for part in parts if part)

    def said(self) -> PersonSaid:
        told = {name: value for name, value in self.cleaned_data.items() if value and name != "date_of_birth"}
        told.setdefault("first_name", "")
        born = self.cleaned_data["date_of_birth"]
        return PersonSaid(date_of_birth=born.first if born else None, born=accuracy(born), **told)


RequestPeople = forms.formset_factory(RequestPersonForm, extra=2, max_num=15, absolute_max=30)


class RecordCheckForm(GovukForm):
    first_name = TextField(label="First name", required_message="Enter their first name", max_length=100)
    last_name = TextField(label="Last name", required_message="Enter their last name", max_length=100)
    date_of_birth = DateField(
        label="Date of birth (optional)",
        noun="Date of birth",
        required=False,
        past=True,
        help_text="For example, 27 3 2014. Leave it empty if you don’t know it, and enter the postcode.",
    )
    postcode = PostcodeField(label="Postcode (optional)", required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        is_told = "date_of_birth" in self.errors or data.get("date_of_birth") or data.get("postcode")
        if not is_told:
            self.add_error("date_of_birth", "Enter their date of birth, or the postcode")
        return data


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
        self.set_queryset("agency", Agency.objects.filter(pk__in=WorksFor.objects.filter(TO_JOIN).values("agency")))


IS_OPEN = {
    True: "Early help is open: the request is added to it.",
    False: "Early help has ended: it is opened again.",
}


class KnownFamilyForm(GovukForm):
    """Whether a request is about a family that is known: with who is like whom, by what, and where."""

    family = RadioField(label="Is this a family that we know?", heading=True, required_message="Select a family")

    def __init__(self, *args: Any, matches: Sequence[Match], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices(
            "family",
            [
                *(
                    Choice(
                        match.family.reference,
                        f"{match.family.display_name}, {match.family.reference}",
                        hint=". ".join((*match.like, match.family.locality.name, IS_OPEN[match.is_open])),
                    )
                    for match in matches
                ),
                Choice("new", "None of these: a new family", hint="You are asked why."),
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


class NotToldMixin:
    """Who of the people must not be told of a request that a young person made for themselves."""

    def ask_whom_not_to_tell(self, said: str, people: Sequence[Person | RequestPerson]) -> None:
        form: Any = self
        self.may_be_told = {str(person.pk): person for person in people}
        if not said:
            return
        form.fields["not_told"] = CheckboxesField(
            label="Who of them must not be told?",
            required_message="Select who must not be told, or “none of these”",
            help_text=f"The request says: “{said}” They are left out where someone records a contact.",
            choices=[*((pk, person.name) for pk, person in self.may_be_told.items()), ("none", "None of these")],
        )

    def not_told(self) -> list[Any]:
        form: Any = self
        return [self.may_be_told[pk] for pk in form.cleaned_data.get("not_told", []) if pk != "none"]


class JoinForm(NewcomersMixin, NotToldMixin, GovukForm):
    """`confidants`: to whom a request can be given that a young person made for themselves; None for any other."""

    def __init__(
        self,
        *args: Any,
        newcomers: Sequence[Newcomer],
        confidants: Sequence[User] | None = None,
        must_not_know: str = "",
        people: Sequence[Person] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.confidants = {str(user.pk): user for user in confidants or ()}
        if confidants is not None:
            self.fields["given_to"] = RadioField(
                label="Who makes the first contact?",
                required_message="Select who makes the first contact",
                help_text="They share with these people. Nobody else of the family’s people reads the request.",
                choices=[(pk, user.name) for pk, user in self.confidants.items()],
            )
        self.ask_whom_not_to_tell(must_not_know, people)
        self.ask_about(newcomers)

    def given_to(self) -> User | None:
        return self.confidants.get(self.cleaned_data.get("given_to", ""))


class AcceptForm(NewcomersMixin, NotToldMixin, GovukForm):
    practitioner = RadioField(
        label="Who will make the first contact?",
        required_message="Select who will make the first contact",
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[Candidate],
        newcomers: Sequence[Newcomer] = (),
        alike: Known | None = None,
        must_not_know: str = "",
        told: Sequence[Person | RequestPerson] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if alike and (alike.matches or alike.speak_to):
            self.fields["new_because"] = ReasonField(
                label="Why is this a new family?",
                required_message=WHY_NEW,
                help_text=_who_is_like(alike),
                rows=3,
                max_length=2000,
            )
        self.people = {str(one.user.pk): one for one in people}
        choices = [Choice(pk, one.user.name, hint=one.about) for pk, one in self.people.items()]
        self.set_choices("practitioner", choices)
        self.ask_whom_not_to_tell(must_not_know, told)
        self.ask_about(newcomers)

    def chosen(self) -> User:
        return self.people[self.cleaned_data["practitioner"]].user


def _who_is_like(alike: Known) -> str:
    said = [
        f"{like} ({match.family.reference}, {match.family.locality})" for match in alike.matches for like in match.like
    ]
    said += [f"Someone may be known elsewhere: speak to {who}" for who in alike.speak_to]
    return ". ".join(said) + ". Your reason is kept with the request."


ANSWERS = ("advice", "single_agency", "front_door", "declined")


class AnswerRequestForm(GovukForm):
    outcome = RadioField(
        label="What is the outcome?",
        required_message="Select the outcome",
    )
    reason = ReasonField(
        label="Reason, or what was advised",
        required_message="Enter the reason. The person who asked will see it",
        help_text="The person who asked reads this.",
        max_length=2000,
    )

    def __init__(self, *args: Any, is_assessment: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [Choice(outcome, Request(outcome=outcome).outcome_words) for outcome in ANSWERS]
        goes_on = Choice(Request.Outcome.ACCEPTED, "Accepted", hint="Early help goes on, with whoever leads now.")
        self.set_choices("outcome", [goes_on, *choices] if is_assessment else choices)
