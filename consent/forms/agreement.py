from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.forms import CharField, HiddenInput
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from consent.models import Agreement, Tier, Wording
from consent.services.excluding import accounts_like
from consent.services.ledger import ways_that_count
from consent.services.signing import LARGEST, NO_WORDING, Mark, read_drawing
from consent.word import Choice as Chosen
from consent.word import Decision, FamilysWord, Held
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.components import Choice, when_text
from earlyhelp.govuk.fields import (
    CheckboxesField,
    ConfirmField,
    DateField,
    RadioField,
    ReasonField,
    SelectField,
    TextAreaField,
    TextField,
    YesNoField,
)
from earlyhelp.govuk.forms import Answers, GovukForm, Layout, Part, as_multi_value, heading, paragraph, sent_along
from families.forms.documents import ScanField, ScanFormBase
from families.models import Person
from families.search import words

NOTHING, BASIC, ADDITIONAL, NEVER = "0", "1", "2", "never"
IN_FULL = {
    NOTHING: "Nothing for now",
    BASIC: "Basic",
    ADDITIONAL: "Basic and additional",
    NEVER: "Never, unless the law requires it",
}
ANSWERS = [(NOTHING, "Nothing"), (BASIC, "Basic"), (ADDITIONAL, "Additional"), (NEVER, "Never")]
TIERS = (
    "Basic information is that the family gets early help, their names and dates of birth, and who leads. Additional"
    " information is that, and where they live, how to reach them, the needs, the assessment, the plan and the notes. “Never”"
    " holds unless the law requires sharing. What you leave empty means that nothing is shared, and you can ask again."
)


def answer_of(held: Held) -> str:
    """The answer that a choice was."""
    return NEVER if held.never else str(held.tier)


class ChoicesBase(GovukForm):
    """One question for each agency: how much it may know. What isn't answered means nothing.

    The agencies around the family come first; any other is added by its name. `running` is the agency that runs the
    support, `shared` what each person lets it know now: leaving it too little has to be confirmed.
    """

    agencies: dict[str, Agency]
    asked_if_needed = ("confirmed",)

    def ask_about(
        self,
        agencies: Iterable[Agency],
        *,
        others: Iterable[Agency],
        also: Iterable[int],
        known: Mapping[int, str],
        word: FamilysWord,
    ) -> None:
        self.word, self.known, self.also, self.running = word, known, list(also), word.running
        self.shared = {
            pk: held.tier for (pk, of), held in word.choices.items() if word.running and of == word.running.pk
        }
        self.agencies = {f"agency_{agency.pk}": agency for agency in agencies}
        for name, agency in self.agencies.items():
            field = RadioField(label=agency.name, required=False, choices=ANSWERS, small=True, inline=True, size="")
            field.initial = known.get(agency.pk, "")
            self.fields[name] = field
        self.fields["another"] = SelectField(
            label="Ask about another agency (optional)",
            required=False,
            choices=[(str(agency.pk), agency.name) for agency in others],
            blank="Choose an agency",
            width="two-thirds",
        )
        self.fields["ends_on"] = DateField(
            label="Until when? (optional)",
            noun="The last day",
            required=False,
            future=True,
            help_text="The last day, if the family sets an end. For example, 27 3 2027.",
        )
        self.fields["review_on"] = DateField(
            label="When to ask again? (optional)",
            noun="The day to ask again",
            required=False,
            future=True,
            help_text="Leave empty to ask at each review.",
        )
        self.fields["confirmed"] = ConfirmField(
            label="Record it all the same",
            required=False,
        )

    def choices_layout(self) -> list[Any]:
        add = Part("consent/add_agency.html", also=self.also)
        return [paragraph(TIERS), Answers(*self.agencies), "another", add, "ends_on", "review_on", "confirmed"]

    def answers(self) -> dict[Agency, tuple[int, bool] | None]:
        """Agency → (tier, never share); None where nothing was answered."""
        given = {agency: self.cleaned_data.get(name) for name, agency in self.agencies.items()}
        return {a: None if not g else (Tier.NONE, True) if g == NEVER else (int(g), False) for a, g in given.items()}

    def until(self) -> datetime | None:
        """The moment at which the choices end: the end of the last day."""
        last: date | None = self.cleaned_data.get("ends_on")
        return datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.LONDON) if last else None

    def check_running(self, about: Mapping[int, str]) -> None:
        """Whoever leads would lose the record, or what is about someone (id → name) in it, if their agency may know too
        little: say so before, and ask."""
        if not self.running or self.cleaned_data.get("confirmed"):
            return
        answer = self.answers().get(self.running)
        tier = answer[0] if answer else Tier.NONE
        after = dict(self.shared) | dict.fromkeys(about, tier)
        if max(after.values(), default=Tier.NONE) < Tier.ADDITIONAL:
            self.add_error(
                "confirmed",
                f"{self.running} runs this family’s support. Without additional information it can’t see the record or"
                " help: whoever leads keeps only what is needed to hand over or close. Change the choice, or confirm",
            )
        elif answer and tier < Tier.ADDITIONAL and about:
            names = " and ".join(about.values())
            self.add_error(
                "confirmed",
                f"{self.running} runs this family’s support. Whoever leads there won’t read about {names} any more, and"
                " only the early help service manager can record another choice. Change the choice, or confirm",
            )


ALL = "all"
FIRST, SECOND = "1", "2"
WHO_AND_HOW = (
    "person", "decision", "how", "witness", "decided_on", "explained", "language", "helped_by", "wishes",
)  # fmt: skip


class AgreementForm(ChoicesBase):
    """Who decided what, and what may be shared: on two pages, each of which carries what was answered on the other."""

    person = RadioField(label="Who decided?", required_message="Select who decided")
    decision = RadioField(
        label="What did they decide?",
        required_message="Select what they decided",
        choices=[
            Choice("given", "They agree to early help"),
            Choice("refused", "They do not agree", hint="You can still offer what your own service can do alone."),
            Choice("withdrawn", "They no longer agree"),
        ],
    )
    how = RadioField(label="How?", required_message="Select how they decided")
    witness = TextField(
        label="Who heard it?",
        required_message="Enter who heard it",
        max_length=150,
        width="two-thirds",
    )
    decided_on = DateField(
        label="When?",
        noun="The date they decided",
        required_message="Enter the date they decided",
        recent=True,
        help_text="For example, 27 3 2026.",
    )
    explained = CheckboxesField(
        label="What did you explain to them?",
        required=False,
        small=True,
        choices=[(ALL, "All of this"), *Agreement.Explained.choices],
        help_text="In words that they understand. Tick what you explained.",
    )
    language = TextField(label="In which language? (optional)", required=False, max_length=80, width=20)
    helped_by = TextField(
        label="Who helped them to understand or to say it? (optional)",
        required=False,
        max_length=150,
        width="two-thirds",
        help_text="An interpreter or an advocate, for example. Leave empty if nobody did.",
    )
    wishes = TextAreaField(
        label="Their wishes and feelings, in their own words (optional)",
        required=False,
        rows=3,
        help_text="The children’s too.",
    )
    covers = CheckboxesField(
        label="Whose information are these choices about?",
        required=False,
        small=True,
        help_text="A parent decides for younger children. A young person who can decide for themselves is asked themselves.",
    )

    def __init__(
        self,
        *args: Any,
        people: list[Person],
        deciding: set[int],
        languages: Mapping[str, str],
        in_force: Mapping[tuple[int, int], int],
        word: FamilysWord,
        agencies: list[Agency],
        others: list[Agency],
        also: list[int],
        answers: Mapping[tuple[int, int], str],
        step: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.people = {str(p.pk): p for p in people}
        self.deciding, self.in_force, self.languages = deciding, in_force, languages
        self.set_choices("person", [(str(p.pk), f"{p.name}, {p.age_words}") for p in people if p.pk in deciding])
        self.set_choices("how", self._ways())
        spoken = [f"{p.short_name}: {languages[pk]}" for pk, p in self.people.items() if pk in languages]
        if spoken:
            self.fields["language"].help_text = f"Leave empty if it was their own ({', '.join(spoken)})."
        self.word = word
        asked = self.decided_for() | set(self.answered().getlist("covers"))
        offered = people if step != SECOND else [p for p in people if str(p.pk) in asked]
        self.set_choices("covers", [(str(p.pk), p.name) for p in offered])
        # Nobody's answer stands in for someone who wasn't asked
        given = {agency.pk: {answers.get((p.pk, agency.pk), "") for p in offered} for agency in agencies}
        known = {agency: said.pop() for agency, said in given.items() if len(said) == 1}
        self.ask_about(agencies, others=others, also=also, known=known, word=word)

    def answered(self) -> QueryDict:
        """What was answered so far, on either page."""
        found = QueryDict(mutable=True)
        given = as_multi_value(self.data) if self.is_bound else self.draft or MultiValueDict()
        for name, values in given.lists():
            found.setlist(name, values)
        return found

    def decided_for(self) -> set[str]:
        """Those for whom whoever decided may decide."""
        decider = self.people.get(self.answered().get("person", ""))
        return {pk for pk, person in self.people.items() if decider and self.word.may_decide_for(decider, person)}

    def carried(self) -> list[tuple[str, str]]:
        """The answers of the other page, to be sent with this one's."""
        here = [name for name in self.fields if (name in WHO_AND_HOW) == (self.step == FIRST) or name in self.errors]
        return sent_along(self.answered(), here)

    def _ways(self) -> list[Choice]:
        ways = [Choice("signed", "Signed on paper", hint="File the scan afterwards.")]
        if {"drawn", "typed"} & set(ways_that_count()):
            hint = "On the next page: with a finger, or by typing the name." if Wording.current() else f"{NO_WORDING}."
            ways.append(Choice("drawn", "Sign on this screen", hint=hint))
        return [*ways, Choice("verbal", "They said so", hint="Face to face or by phone.", reveals=("witness",))]

    def layout(self) -> Layout:
        who_and_how = [name for name in WHO_AND_HOW if name != "witness"]
        no = self.answered().get("decision", "given") != "given"
        only = [paragraph("They did not agree, so nothing is shared. Here, only “Never” counts.")] if no else []
        what = [*only, "covers", *self.choices_layout()]
        if not self.step:
            return Layout(*who_and_how, heading("Who may know what"), *what)
        carried = Part(
            "govuk/layout/carried.html",
            step=self.step,
            carried=self.carried(),
            also=self.also if self.step == FIRST else (),
        )
        if self.step == FIRST:
            return Layout(*who_and_how, carried)
        return Layout(*(name for name in who_and_how if name in self.errors), *what, carried)

    def clean_explained(self) -> list[str]:
        explained: list[str] = self.cleaned_data["explained"]
        return list(Agreement.Explained.values) if ALL in explained else explained

    def is_first_page_done(self) -> bool:
        """Whether the questions of the first page are answered; what is wrong on the other isn't said yet."""
        self.is_valid()
        for name in list(self.errors):
            if name not in WHO_AND_HOW:
                del self.errors[name]
        return not self.errors

    def in_words(self) -> str:
        """What was answered on the first page: "Grace Okafor agrees to early help. Signed on paper, 26 November 2026"."""
        data = self.cleaned_data
        decision = {"given": "agrees", "refused": "does not agree", "withdrawn": "no longer agrees"}[data["decision"]]
        how = {choice.value: choice.label for choice in self._ways()}[data["how"]].lower()
        return f"{self.people[data['person']].name} {decision} to early help: {how}, {when_text(data['decided_on'])}."

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("decision") == Agreement.Decision.GIVEN:
            self._check_given(data)
        elif data.get("decision") and data.get("how") == Agreement.How.DRAWN:
            self.add_error("how", "Signing on this screen is for agreeing. Select one of the other ways")
        if any(self.answers().values()) and data.get("covers") == [] and data.get("decision") == "given":
            self.add_error("covers", "Select whose information these choices are about")
        if all(data.get(name) for name in ("person", "decision", "how", "decided_on")):
            problems = self.word.problems(self.said(), self.choices())
            self.add_problems(problems, at={"decided_by": "person"})
        return data

    def said(self, mark: Mark | None = None, wording: Wording | None = None) -> Decision:
        """What was decided; with a mark, on screen and today."""
        data, how = self.cleaned_data, self.cleaned_data["how"]
        if mark:
            how = Agreement.How.DRAWN if mark.drawing else Agreement.How.TYPED
        return Decision(
            person=self.people[data["person"]],
            decision=data["decision"],
            how=how,
            decided_on=clock.today() if mark else data["decided_on"],
            witness=data.get("witness", ""),
            wishes=data.get("wishes", ""),
            explained=tuple(data.get("explained", ())),
            language=data.get("language") or self.languages.get(data["person"], ""),
            helped_by=data.get("helped_by", ""),
            until=self.until(),
            review_on=data.get("review_on"),
            mark=mark,
            wording=wording or Wording.current(),
        )

    def choices(self) -> list[Chosen]:
        """The choices made with it: whoever says no says never, or nothing."""
        data = self.cleaned_data
        decided_by = self.people[data["person"]]
        given = data["decision"] == Agreement.Decision.GIVEN
        covers = data.get("covers") or ([] if given else [data["person"]])
        return [
            Chosen(person=self.people[pk], agency=agency, tier=answer[0], never=answer[1], decided_by=decided_by)
            for agency, answer in self.answers().items()
            if answer and (given or answer[1])
            for pk in covers
        ]

    def _check_given(self, data: dict[str, Any]) -> None:
        if not data.get("explained"):
            self.add_error("explained", "Select what you explained. Nobody can agree to what they don’t know")
        covers = [int(pk) for pk in data.get("covers") or []]
        for agency, answer in self.answers().items():
            before = [self.in_force.get((pk, agency.pk), 0) for pk in covers]
            if answer is None and any(before):
                self.add_error(
                    f"agency_{agency.pk}",
                    f"Select what {agency} may know: some was shared with it before",
                )
        others = [pk for pk in covers if pk in self.deciding and str(pk) != data.get("person")]
        if others and any(self.answers().values()):
            names = [self.people[str(pk)].short_name for pk in others]
            decide = "decide" if len(names) > 1 else "decides"
            self.add_error("covers", f"{' and '.join(names)} {decide} for themselves. Record their own decision")
        self.check_running({pk: self.people[str(pk)].short_name for pk in covers})


class ChoicesForm(ChoicesBase):
    """One person's choices."""

    decided_by = RadioField(label="Who decided?", required_message="Select who decided")

    def __init__(
        self,
        *args: Any,
        people: list[Person],
        deciding: set[int],
        about: Person,
        agencies: list[Agency],
        others: list[Agency],
        also: list[int],
        known: Mapping[int, str],
        word: FamilysWord,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        deciders = [about] if about.pk in deciding else [p for p in people if p.pk in deciding]
        self.people = {str(p.pk): p for p in deciders}
        self.set_choices("decided_by", [(str(p.pk), p.name) for p in deciders])
        self.ask_about(agencies, others=others, also=also, known=known, word=word)

    def layout(self) -> Layout:
        return Layout("decided_by", *self.choices_layout())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if max(self.shared.values(), default=Tier.NONE) == Tier.ADDITIONAL:
            self.check_running({self.about.pk: self.about.short_name})
        if data.get("decided_by"):
            self.add_problems(self.word.choice_problems(self.choices(), self.until()))
        return data

    def choices(self) -> list[Chosen]:
        """Those that differ from what was chosen before, or hold until another day."""
        decided_by = self.people[self.cleaned_data["decided_by"]]
        dates_changed = {"ends_on", "review_on"} & set(self.changed_data)
        choices = []
        for agency, answer in self.answers().items():
            tier, never = answer or (Tier.NONE, False)
            before = self.known.get(agency.pk)
            unchanged = before == (NEVER if never else str(tier)) and not (tier and dates_changed)
            if not unchanged and (answer is not None or before is not None):
                choices.append(Chosen(person=self.about, agency=agency, tier=tier, never=never, decided_by=decided_by))
        return choices


class SignForm(GovukForm):
    """A signature drawn in the box, or the name typed instead."""

    drawing = CharField(required=False, widget=HiddenInput, max_length=LARGEST)
    shown = CharField(required=False, widget=HiddenInput)
    name = TextField(
        label="Your full name, if you would rather type it",
        noun="The name",
        required=False,
        max_length=150,
        width="two-thirds",
        autocomplete="off",
    )

    def __init__(self, *args: Any, person: Person, ways: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.ways = person, set(ways)
        if Agreement.How.TYPED not in self.ways:
            del self.fields["name"]

    def layout(self) -> Layout:
        pad = [Part("consent/signature_pad.html"), "drawing"] if Agreement.How.DRAWN in self.ways else []
        return Layout("shown", *pad, *(["name"] if "name" in self.fields else []))

    def clean_drawing(self) -> ContentFile | None:
        text: str = self.cleaned_data["drawing"]
        try:
            return read_drawing(text) if text and Agreement.How.DRAWN in self.ways else None
        except Refused as refused:
            raise ValidationError(refused.reason) from refused

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not data.get("drawing") and not data.get("name"):
            self.add_error("name" if "name" in self.fields else None, "Sign in the box, or type the name")
        if data.get("name") and not data.get("drawing") and not self._is_theirs(data["name"]):
            self.add_error("name", f"Type the name of {self.person.name}, or sign in the box")
        return data

    def _is_theirs(self, typed: str) -> bool:
        """Whether a word of it is one of the names that they are known by."""
        known = [self.person.first_name, self.person.last_name, self.person.known_as, *self.person.other_names]
        return bool(set(words(typed)) & {word for name in known for word in words(name)})

    def mark(self) -> Mark:
        drawing = self.cleaned_data["drawing"]
        return Mark(name=self.cleaned_data.get("name") or self.person.name, drawing=drawing)


class CompetenceForm(GovukForm):
    competent = YesNoField(
        label="Do they understand enough to decide for themselves?",
        required_message="Select whether they understand enough to decide for themselves",
    )
    reasons = ReasonField(
        label="How do you know?",
        required_message="Enter how you know",
        help_text="What they understand of early help, of sharing, and of what happens if they say no. Who else was asked.",
    )
    judged_on = DateField(
        label="When was this judged?",
        noun="The date of the judgement",
        required_message="Enter the date of the judgement",
        past=True,
        help_text="For example, 27 3 2026.",
    )


class ExcludeForm(GovukForm):
    """Someone named who must not see the record; the accounts that it may be are offered once the name is sent."""

    name = TextField(
        label="Who must not see the record?",
        noun="The name",
        required_message="Enter the name or e-mail address of who must not see the record",
        max_length=150,
        width="two-thirds",
        help_text="A name, or a work e-mail address.",
    )
    account = RadioField(label="Is one of these accounts theirs?", required=False)
    decided_by = RadioField(label="Who asked for it?", required_message="Select who asked for it")

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(p.pk): p for p in people}
        self.set_choices("decided_by", [(pk, p.name) for pk, p in self.people.items()])
        self.accounts = {str(user.pk): user for user in accounts_like(self.data.get("name", ""))}
        offered = [Choice(pk, user.name, hint=user.email) for pk, user in self.accounts.items()]
        self.set_choices("account", [*offered, ("none", "None of them: they have no account here")])

    def layout(self) -> Layout:
        return Layout("name", *(["account"] if self.accounts else []), "decided_by")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.accounts and not data.get("account") and "account" not in self.errors:
            self.add_error("account", "Select the account that is theirs, or that none is")
        return data

    def user(self) -> User | None:
        return self.accounts.get(self.cleaned_data["account"])


class WithdrawForm(GovukForm):
    decided_by = RadioField(label="Who decided?", required_message="Select who decided")

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(p.pk): p for p in people if p.kind != Person.Kind.UNBORN}
        self.set_choices("decided_by", [(pk, p.name) for pk, p in self.people.items()])


class ScanForm(ScanFormBase):
    signed_by = CheckboxesField(
        label="Whose signature is on it?", required_message="Select whose signature is on it", small=True
    )
    signed_on = DateField(
        label="When was it signed?",
        noun="The date it was signed",
        required_message="Enter the date it was signed",
        recent=True,
        help_text="For example, 27 3 2026.",
    )

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["scan"] = ScanField(label="The signed form", required_message="Choose the scan of the signed form")
        self.set_choices("signed_by", [(pk, person.name) for pk, person in self.people.items()])

    def layout(self) -> Layout:
        return Layout("scan", "signed_by", "signed_on")
