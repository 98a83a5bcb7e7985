"""What a person is told when an answer isn't right, and that nothing they typed is lost."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.utils.datastructures import MultiValueDict

from earlyhelp.core import clock
from earlyhelp.core.errors import Problem
from earlyhelp.govuk.components import Choice, when_text
from earlyhelp.govuk.fields import (
    CheckboxesField,
    ConfirmField,
    DateField,
    EmailField,
    FileField,
    NumberField,
    PartialDateField,
    PastMomentField,
    PhoneField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    YesNoField,
)
from earlyhelp.govuk.forms import GovukForm, GovukFormMixin
from earlyhelp.govuk.widgets import PartialDate

NOW = datetime(2027, 12, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def december_2027():
    with clock.frozen_at(NOW):
        yield


def html(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context)


def shown(form: forms.BaseForm) -> str:
    return html("{% error_summary form %}{% crispy form %}", form=form)


def boxes(name: str, *texts: str) -> dict[str, str]:
    return dict(zip((f"{name}_day", f"{name}_month", f"{name}_year", f"{name}_time"), texts, strict=False))


def error(form: forms.BaseForm, name: str) -> str:
    return " ".join(form.errors.get(name, []))


class Born(GovukForm):
    born = DateField(label="Date of birth", required_message="Enter the date of birth", past=True)


class Visited(GovukForm):
    visited = PastMomentField(label="The visit", required_message="Enter when the visit was")


class Moved(GovukForm):
    moved = PartialDateField(label="When did they move?", noun="the move", required=False, past=True)


class Told(GovukForm):
    story = TextAreaField(label="What are you worried about?", required_message="Enter what you are worried about")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("", "", ""), "Enter the date of birth"),
        (("31", "2", "2020"), "Date of birth must be a real date"),
        (("30", "13", "2020"), "Date of birth must be a real date"),
        (("a", "3", "2020"), "Date of birth must be a real date"),
        (("0", "3", "2020"), "Date of birth must be a real date"),
        (("3", "", "2020"), "Date of birth must include a month"),
        (("", "", "2020"), "Date of birth must include a day and month"),
        (("3", "4", "20"), "Year must include 4 numbers"),
        (("3", "4", "1820"), "Date of birth must be in 1900 or later"),
        (("2", "12", "2027"), "Date of birth must be today or in the past"),
        (("1\x00", "12", "2020"), "Date of birth must be a real date"),
    ],
)
def test_a_date_that_cannot_be_says_why_and_stays_in_its_boxes(typed, message):
    form = Born(boxes("born", *typed))
    assert error(form, "born") == message
    page = shown(form)
    for text in filter(None, typed):
        assert f'value="{text}"' in page


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", " MAR "])
def test_a_month_may_be_a_number_or_a_name(month):
    form = Born(boxes("born", "27", month, "2017"))
    assert form.is_valid()
    assert form.cleaned_data["born"] == date(2017, 3, 27)


def test_today_is_englands_date():
    # Half past midnight in London, still yesterday in UTC
    with clock.frozen_at(datetime(2027, 6, 9, 23, 30, tzinfo=UTC)):
        assert Born(boxes("born", "10", "6", "2027")).is_valid()


def test_a_due_date_may_not_lie_in_the_past():
    class Due(GovukForm):
        due = DateField(label="Review date", required_message="Enter the review date", future=True)

    assert error(Due(boxes("due", "30", "11", "2027")), "due") == "Review date must be today or in the future"
    assert Due(boxes("due", "1", "12", "2027")).is_valid()
    assert (
        error(Due(boxes("due", "1", "12", "2127")), "due") == "Review date is more than 10 years away. Check the year"
    )


def test_the_hour_that_the_spring_change_skips_is_refused():
    form = Visited(boxes("visited", "28", "3", "2027", "01:30"))
    assert error(form, "visited") == "The visit did not happen: the clocks went forward"


@pytest.mark.parametrize(("zone", "hour"), [(" BST", 0), ("gmt", 1)])
def test_the_hour_that_the_autumn_change_doubles_is_asked_for_and_shown(zone, hour):
    form = Visited(boxes("visited", "31", "10", "2027", "01:30"))
    assert error(form, "visited") == (
        "The visit came twice, because the clocks went back. Enter 01:30 BST for the first, or 01:30 GMT for the second"
    )
    form = Visited(boxes("visited", "31", "10", "2027", f"01:30{zone}"))
    assert form.is_valid()
    moment = datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
    assert form.cleaned_data["visited"] == moment
    assert when_text(moment) == f"31 October 2027 at 1:30am {zone.strip().upper()}"
    assert f"01:30 {zone.strip().upper()}" in shown(Visited(initial={"visited": moment}))


def test_other_times_are_shown_without_a_zone():
    assert when_text(datetime(2027, 10, 31, 2, 30, tzinfo=UTC)) == "31 October 2027 at 2:30am"
    assert when_text(datetime(2027, 3, 28, 1, 30, tzinfo=UTC)) == "28 March 2027 at 2:30am"


@pytest.mark.parametrize("typed", ["14:30", "14.30", "1430", "2:30pm", "2.30 p.m.", "2:30 PM"])
def test_a_time_is_read_as_people_write_it(typed):
    form = Visited(boxes("visited", "3", "6", "2027", typed))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["visited"] == datetime(2027, 6, 3, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["25:00", "14:60", "14", "half past two", "13:30pm"])
def test_a_time_that_cannot_be_is_refused(typed):
    form = Visited(boxes("visited", "3", "6", "2027", typed))
    assert error(form, "visited") == "The visit must include a time, like 14:30"


@pytest.mark.parametrize("typed", [("1", "12", "2027", "12:01"), ("2", "12", "2027", "09:00")])
def test_what_has_happened_cannot_be_in_the_future(typed):
    assert "The visit must be in the past" in error(Visited(boxes("visited", *typed)), "visited")


def test_a_moment_is_shown_in_englands_time():
    page = shown(Visited(initial={"visited": datetime(2027, 6, 3, 13, 30, tzinfo=UTC)}))
    assert 'value="14:30"' in page


@pytest.mark.parametrize(
    ("typed", "read", "words"),
    [
        (("", "", "2019"), PartialDate(2019), "2019"),
        (("", "6", "2019"), PartialDate(2019, 6), "June 2019"),
        (("4", "6", "2019"), PartialDate(2019, 6, 4), "4 June 2019"),
    ],
)
def test_a_date_may_be_known_in_part(typed, read, words):
    form = Moved(boxes("moved", *typed))
    assert form.is_valid()
    assert form.cleaned_data["moved"] == read
    assert str(read) == words


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("4", "", "2019"), "The move must include a month"),
        (("", "6", ""), "The move must include a year"),
        (("", "", "2028"), "The move must be today or in the past"),
        (("31", "6", "2019"), "The move must be a real date"),
    ],
)
def test_a_date_known_in_part_still_has_to_be_one(typed, message):
    assert error(Moved(boxes("moved", *typed)), "moved") == message


def test_only_the_box_at_fault_is_marked():
    page = shown(Moved(boxes("moved", "4", "", "2019")))
    assert re.findall(r'id="id_moved[^"]*"\s+name="([^"]+)"[^>]*aria-invalid', page) == ["moved_month"]
    assert 'href="#id_moved-month"' in page


def test_too_long_a_text_is_kept_whole():
    form = Told({"story": "é" * 5000})
    assert error(form, "story") == "Your answer must be 4,000 characters or fewer"
    assert "é" * 5000 in shown(form)
    assert "maxlength=" not in shown(form).replace("data-maxlength=", "")


def test_a_new_line_counts_as_one_character():
    assert Told({"story": "a\r\n" * 1999 + "ab"}).is_valid()


def test_an_empty_text_is_asked_for_in_plain_words():
    assert error(Told({"story": "  \n "}), "story") == "Enter what you are worried about"


@pytest.mark.parametrize("text", ["😀👩‍👧‍👦", "مرحبا بكم", "Nguyễn O’Brien-Ødegård", "中文", "<b>&amp;"])
def test_every_script_and_emoji_is_kept(text):
    form = Told({"story": text})
    assert form.is_valid()
    assert form.cleaned_data["story"] == text


def test_what_nobody_can_see_is_not_kept():
    form = Told({"story": "a\x00b\u202e\r\nc"})
    assert form.is_valid()
    assert form.cleaned_data["story"] == "ab\nc"


def test_a_name_of_nothing_visible_is_empty():
    assert error(Told({"story": "\u200b\u3164\u200d"}), "story") == "Enter what you are worried about"


def test_markup_is_only_text_wherever_it_stands():
    nasty = "<script>alert('100%')</script>"

    class Nasty(GovukForm):
        text = TextField(label=nasty, help_text=nasty, required_message=nasty, max_length=10)
        pick = RadioField(label=nasty, required_message=nasty, choices=[Choice("1", nasty, nasty)])
        many = CheckboxesField(label=nasty, required_message=nasty, choices=[(nasty, nasty)])
        when = DateField(label=nasty, required_message=nasty)
        list = SelectField(label=nasty, required_message=nasty, choices=[(nasty, nasty)])
        sure = ConfirmField(label=nasty, required_message=nasty)

    for form in (Nasty(), Nasty({}), Nasty({"text": nasty, "pick": nasty, **boxes("when", nasty, nasty, nasty)})):
        page = shown(form)
        assert "<script" not in page
        assert "&lt;script&gt;" in page
    assert form.errors["text"] == [f"{nasty} must be 10 characters or fewer"]


def test_answers_keep_their_order():
    class Pick(GovukForm):
        pick = RadioField(
            label="Level", required_message="Select a level", choices=[("z", "Low"), ("a", "High"), ("m", "?")]
        )
        many = CheckboxesField(label="Who", required=False, choices=[("z", "Zoe"), ("a", "Ann"), ("m", "Mo")])

    page = shown(Pick())
    assert re.findall(r'name="pick"\s+type="radio"\s+value="(\w)"', page) == ["z", "a", "m"]
    form = Pick(MultiValueDict({"pick": ["a"], "many": ["m", "z"]}))
    assert form.is_valid()
    assert form.cleaned_data["many"] == ["z", "m"]


def test_yes_and_no_are_neither_missing():
    class Asked(GovukForm):
        asked = YesNoField(label="Asked?", required_message="Select yes if you have asked")

    answers = [Asked({"asked": answer}) for answer in ("yes", "no")]
    assert [form.is_valid() and form.cleaned_data["asked"] for form in answers] == [True, False]
    assert error(Asked({}), "asked") == "Select yes if you have asked"
    assert re.search(r'value="no"\s+checked', shown(Asked(initial={"asked": False})))


class Agreed(GovukForm):
    how = RadioField(
        label="How?",
        required_message="Select how",
        choices=[Choice("signed", "Signed"), Choice("verbal", "Verbally", reveals=("witness",))],
    )
    witness = TextField(label="Witness", required_message="Enter the witness")


def test_what_an_answer_reveals_is_asked_only_then():
    assert error(Agreed({"how": "verbal"}), "witness") == "Enter the witness"
    signed = Agreed({"how": "signed", "witness": "typed, then changed their mind"})
    assert signed.is_valid()
    assert signed.cleaned_data["witness"] == ""
    assert shown(signed).count('name="witness"') == 1


class Decided(GovukForm):
    asked_if_needed = ("why",)

    decision = RadioField(
        label="What was decided?",
        required_message="Select what was decided",
        choices=[
            Choice("continue", "Go on", reveals=("next", "notes")),
            Choice("amend", "Change", reveals=("next",)),
            Choice("end", "End", reveals=("agreed",)),
        ],
    )
    notes = TextField(label="Notes", required=False)
    next = TextField(label="Next", required_message="Enter the next date")
    agreed = RadioField(
        label="Agreed?",
        required_message="Select who agrees",
        choices=[Choice("all", "All"), Choice("some", "Some", reveals=("reason",))],
    )
    reason = TextField(label="Reason", required_message="Enter the reason")
    why = TextField(label="Why so soon?", required=False)

    def clean(self):
        data = super().clean()
        if data.get("next") == "tomorrow" and not data["why"]:
            self.add_problems([Problem("Enter why it is so soon", "why")])
        return data


def test_one_question_can_be_revealed_by_several_answers_and_stands_once():
    assert error(Decided({"decision": "continue"}), "next") == "Enter the next date"
    assert error(Decided({"decision": "amend"}), "next") == "Enter the next date"
    page = shown(Decided())
    assert page.count('name="next"') == page.count("app-revealed--1") == 1
    assert re.findall(r'value="(\w+)"\s+data-opens="1"', page) == ["continue", "amend"]
    assert page.index('value="amend"') < page.index('name="next"') < page.index('value="end"')
    assert page.index('value="continue"') < page.index('name="notes"') < page.index('value="amend"')


def test_what_a_hidden_question_would_reveal_is_hidden_too():
    assert error(Decided({"decision": "end", "agreed": "some"}), "reason") == "Enter the reason"
    form = Decided({"decision": "amend", "next": "May", "agreed": "some", "reason": "typed before"})
    assert form.is_valid()
    assert (form.cleaned_data["agreed"], form.cleaned_data["reason"]) == (None, "")


def test_what_only_the_server_knows_to_ask_is_asked_once_it_does():
    assert 'name="why"' not in shown(Decided())
    assert 'name="why"' not in shown(Decided({"decision": "amend", "next": "May"}))
    soon = Decided({"decision": "amend", "next": "tomorrow"})
    assert error(soon, "why") == "Enter why it is so soon"
    assert 'name="why"' in shown(soon)
    assert 'name="why"' in shown(Decided({"decision": "amend", "next": "", "why": "School starts"}))
    assert Decided({"decision": "amend", "next": "tomorrow", "why": "School starts"}).is_valid()
    assert 'name="why"' in shown(Decided(draft={"why": "half a sen"}))


def test_a_draft_is_shown_as_typed_without_errors():
    class Note(GovukForm):
        note = TextAreaField(label="Note", required_message="Enter the note")
        when = DateField(label="When", required_message="Enter when")
        who = CheckboxesField(label="Who", required=False, choices=[("a", "Ann"), ("b", "Bob")])

    draft = {"note": ["half a sen"], "when_day": ["99"], "when_month": [""], "when_year": [""], "who": ["b"]}
    page = shown(Note(draft=draft, initial={"note": "older", "who": ["a"]}))
    assert "half a sen" in page
    assert 'value="99"' in page
    assert re.findall(r'value="(\w)"\s+checked', page) == ["b"]
    assert "error" not in page


class Everything(GovukForm):
    name = TextField(label="Name", required_message="Enter the name")
    story = TextAreaField(label="Story", required_message="Enter the story")
    born = DateField(label="Born", required_message="Enter the date of birth")
    visited = PastMomentField(label="Visited", required_message="Enter when")
    level = RadioField(label="Level", required_message="Select a level", choices=[("1", "One"), ("2", "Two")])
    who = CheckboxesField(label="Who", required_message="Select who", choices=[("a", "Ann"), ("b", "Bob")])
    place = SelectField(label="Place", required_message="Select a place", choices=[("n", "North")])
    email = EmailField(label="E-mail", required_message="Enter an e-mail address")
    phone = PhoneField(label="Phone", required_message="Enter a phone number")
    count = NumberField(label="Attendance %", required_message="Enter the attendance", min_value=0, max_value=100)
    scan = FileField(label="Scan", required_message="Choose a file")
    sure = ConfirmField(label="I am sure", required_message="Confirm that you are sure")

    def clean(self):
        super().clean()
        raise forms.ValidationError("Something is wrong with the whole")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {
            "email": "x",
            "phone": "x",
            "count": "x",
            "level": "9",
            "who": "9",
            "place": "9",
            **boxes("born", "1", "", "2020"),
        },
    ],
)
def test_every_error_links_to_a_control_that_is_there(data):
    page = shown(Everything(data, {}))
    targets = re.findall(r'href="#([^"]+)"', page)
    assert len(targets) == 13
    controls = re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page, re.DOTALL)
    assert set(targets) <= set(controls)


def test_no_error_is_djangos_own():
    page = shown(Everything({}, {}))
    assert "This field" not in page
    assert re.findall(r"\s(required|placeholder)(?=[\s>=])", page) == []


def test_every_description_that_a_control_names_is_there():
    page = shown(Everything({"name": "x" * 300}, {}))
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    named = {one for described in re.findall(r'aria-describedby="([^"]+)"', page) for one in described.split()}
    assert named
    assert named <= ids


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("email", "nobody", "Enter an e-mail address in the correct format, like name@example.com"),
        ("phone", "ring me", "Enter a phone number, like 01632 960 001 or 07700 900 982"),
        ("count", "many", "Attendance % must be a whole number, like 3"),
        ("count", "101", "Attendance % must be 100 or fewer"),
        ("count", "-1", "Attendance % must be 0 or more"),
        ("level", "7", "Select one of the answers shown"),
        ("name", "x" * 201, "Name must be 200 characters or fewer"),
    ],
)
def test_a_wrong_answer_is_explained_and_kept(name, typed, message):
    form = Everything({name: typed}, {})
    assert error(form, name) == message
    if name != "level":
        assert typed in shown(form)


def test_an_empty_file_is_refused():
    form = Everything({}, {"scan": SimpleUploadedFile("form.pdf", b"")})
    assert error(form, "scan") == "The file you chose is empty"


def test_a_required_field_must_bring_its_words():
    with pytest.raises(TypeError, match="required_message"):
        TextField(label="Name")


def test_other_peoples_forms_speak_plainly_too():
    class Theirs(forms.Form):
        e_mail = forms.CharField(max_length=5)

    class Ours(GovukFormMixin, Theirs):
        pass

    assert error(Ours({}), "e_mail") == "Enter e mail"
    assert error(Ours({"e_mail": "123456"}), "e_mail") == "E mail must be 5 characters or fewer"


class Offered(GovukForm):
    what = RadioField(label="What is it?", required_message="Select what it is")
    other = TextField(label="Which other?", required_message="Enter which other")

    def __init__(self, *args, more, **kwargs):
        super().__init__(*args, **kwargs)
        asks = [Choice("other", "Another", reveals=("other",))] if more else []
        self.set_choices("what", [Choice("one", "One"), *asks])


def test_what_one_form_offers_is_not_left_behind_for_the_next():
    Offered(more=True)
    few = Offered({"what": "one"}, more=False)
    assert few.fields["what"].reveals == {"one": ()}
    assert Offered({"what": "other", "other": "x"}, more=True).is_valid()
