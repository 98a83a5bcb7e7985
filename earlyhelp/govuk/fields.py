"""Fields in the GOV.UK way: plain messages, and each answer as a value."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from earlyhelp.core import clock
from earlyhelp.core.text import clean_line, clean_text
from earlyhelp.govuk.components import Choice
from earlyhelp.govuk.widgets import DateWidget, MomentWidget, PartialDate

if TYPE_CHECKING:
    FieldBase = forms.Field
else:
    FieldBase = object

EARLIEST_YEAR = 1900
LONG_AGO = timedelta(days=731)
FURTHEST = timedelta(days=3653)
MONTHS = {f"{date(2000, n, 1):%B}".lower(): n for n in range(1, 13)}


class PartsError(ValidationError):
    """A mistake in some of an answer's boxes; `parts` names those to mark, and the summary links to the first."""

    def __init__(self, message: str, *parts: str, code: str = "invalid") -> None:
        super().__init__(message, code=code)
        self.parts = parts


class GovukField(FieldBase):
    """What every field here takes, besides Django's own arguments.

    label: the question. required_message: what to say when it is empty ("Enter the child's name"); a must unless
    required=False. noun: the answer's name in other messages ("Date of the visit"), the label when not given.
    width: 2, 3, 4, 5, 10, 20, 30 characters or "one-half", "two-thirds" …; size: the label's, "", "s", "m" or "l".
    heading: the label is the page's h1. autocomplete: the HTML token for the person's own data.
    """

    default_width: int | str = ""

    def __init__(
        self,
        *,
        label: str,
        required: bool = True,
        required_message: str = "",
        noun: str = "",
        width: int | str = "",
        size: str = "s",
        heading: bool = False,
        autocomplete: str = "",
        **kwargs: Any,
    ) -> None:
        if required and not required_message:
            raise TypeError(f"A required field needs a required_message: {label!r}")
        plain = label.removesuffix(" (optional)")
        noun = noun or ("Your answer" if plain.endswith("?") else plain)
        self.noun = noun[:1].upper() + noun[1:]
        self.width = width or self.default_width
        self.size = "l" if heading else size
        self.heading = heading
        self.autocomplete = autocomplete
        messages = {"required": required_message, **self.messages(), **kwargs.pop("error_messages", {})}
        # Django fills these in with %, so a name with a % in it must be escaped
        filled_in = messages.keys() - {"required", "invalid"}
        messages = {code: text.replace("%", "%%") if code in filled_in else text for code, text in messages.items()}
        super().__init__(label=label, required=required, error_messages=messages, **kwargs)

    def messages(self) -> dict[str, str]:
        """This field's own wording of Django's messages, by code."""
        return {}


class TextField(GovukField, forms.CharField):
    """One line of text."""

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        self.limit = max_length
        super().__init__(max_length=max_length, **kwargs)

    def messages(self) -> dict[str, str]:
        return {"max_length": f"{self.noun} must be {self.limit:,} characters or fewer"}

    def to_python(self, value: Any) -> Any:
        return super().to_python(self.normalised(value) if isinstance(value, str) else value)

    def normalised(self, text: str) -> str:
        return clean_line(text)


class TextAreaField(TextField):
    """Several lines of text, with a count of the characters left."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 4000, rows: int = 5, count: bool = True, **kwargs: Any) -> None:
        self.rows = rows
        self.count = count
        super().__init__(max_length=max_length, **kwargs)

    def normalised(self, text: str) -> str:
        return clean_text(text)


class ReasonField(TextAreaField):
    """Why something was done, in words that tell whoever reads it later: more than one, and six letters of them."""

    def validate(self, value: str) -> None:
        super().validate(value)
        letters = sum(character.isalpha() for character in value)
        is_spaced = all(ord(character) < 0x2E80 for character in value)  # from here on, scripts without spaces
        if value and (letters < 6 or (is_spaced and len(value.split()) < 2)):
            asked = self.error_messages["required"].partition(". ")[0] or "Enter the reason"
            raise ValidationError(f"{asked}, in a sentence that someone else understands", code="invalid")


class EmailField(GovukField, forms.EmailField):
    """An e-mail address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"autocomplete": "off", "max_length": 254, **kwargs})

    def messages(self) -> dict[str, str]:
        return {
            "invalid": "Enter an e-mail address in the correct format, like name@example.com",
            "max_length": f"{self.noun} must be 254 characters or fewer",
        }

    def to_python(self, value: Any) -> Any:
        return super().to_python(clean_line(value) if isinstance(value, str) else value)


class PhoneField(TextField):
    """A phone number as people write it; spaces and a note such as "ext 12" may stay."""

    default_width = 20
    widget = forms.TextInput(attrs={"type": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"autocomplete": "off", "max_length": 40, **kwargs})

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and sum(character.isdigit() for character in value) < 6:
            raise ValidationError("Enter a phone number, like 01632 960 001 or 07700 900 982", code="invalid")


class NumberField(GovukField, forms.IntegerField):
    """A whole number."""

    default_width = 4
    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def __init__(self, *, min_value: int | None = None, max_value: int | None = None, **kwargs: Any) -> None:
        self.low, self.high = min_value, max_value
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def messages(self) -> dict[str, str]:
        return {
            "invalid": f"{self.noun} must be a whole number, like 3",
            "min_value": f"{self.noun} must be {self.low} or more",
            "max_value": f"{self.noun} must be {self.high} or fewer",
        }


class ConfirmField(GovukField, forms.BooleanField):
    """One checkbox; its label is the statement."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"size": "", **kwargs})


class FileField(GovukField, forms.FileField):
    """One file; `accept` tells the browser what to offer, and is no check."""

    def __init__(self, *, accept: str = "", **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": accept} if accept else {}), **kwargs)

    def messages(self) -> dict[str, str]:
        return {"empty": "The file you chose is empty", "invalid": "The file could not be read. Choose it again"}


class ChoosingField(GovukField):
    """An answer, or several, out of some.

    choices: pairs, an enum's `.choices`, or `Choice` objects. inline: side by side, for two short answers. small: small
    boxes. exclusive: the value, last in the list, that unticks the others ("none").
    """

    def __init__(
        self,
        *,
        choices: Iterable[Any] = (),
        inline: bool = False,
        small: bool = False,
        exclusive: str = "",
        **kwargs: Any,
    ) -> None:
        self.inline, self.small, self.exclusive = inline, small, exclusive
        self.hints: dict[str, Any] = {}
        self.reveals: dict[str, tuple[str, ...]] = {}
        super().__init__(**kwargs)
        if not isinstance(self, forms.ModelChoiceField):
            self.set_choices(choices)

    def set_choices(self, choices: Iterable[Any]) -> None:
        """Replace the choices, in a form's `__init__` for instance; hints and reveals included."""
        pairs = []
        self.hints, self.reveals = {}, {}  # of this form alone: a copy of a field shares its dictionaries
        for choice in choices:
            if isinstance(choice, Choice):
                self.hints[str(choice.value)] = choice.hint
                self.reveals[str(choice.value)] = choice.reveals
                choice = (choice.value, choice.label)
            pairs.append(choice)
        field: Any = self  # the classes below bring the property
        field.choices = pairs

    def messages(self) -> dict[str, str]:
        return {
            "invalid_choice": "Select one of the answers shown",
            "invalid_list": "Select from the answers shown",
            "invalid_pk_value": "Select one of the answers shown",
        }


class RadioField(ChoosingField, forms.TypedChoiceField):
    """One answer out of a few."""

    widget = forms.RadioSelect


class YesNoField(RadioField):
    """Yes or no, as a bool; None when it needs no answer and has none. `yes_reveals`, `no_reveals`: field names."""

    def __init__(self, *, yes_reveals: tuple[str, ...] = (), no_reveals: tuple[str, ...] = (), **kwargs: Any) -> None:
        answers = [Choice("yes", "Yes", reveals=yes_reveals), Choice("no", "No", reveals=no_reveals)]
        inline = not (yes_reveals or no_reveals)
        super().__init__(
            choices=answers, coerce=lambda value: value == "yes", empty_value=None, inline=inline, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class CheckboxesField(ChoosingField, forms.TypedMultipleChoiceField):
    """Any number of answers out of a few, as a list in the order of the choices."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        order = {str(choice): place for place, (choice, _) in enumerate(list(self.choices))}  # type: ignore[arg-type]
        return sorted(super().to_python(value), key=lambda chosen: order.get(chosen, len(order)))


class SelectField(ChoosingField, forms.TypedChoiceField):
    """One answer out of many; the list starts with an empty line that says `blank`."""

    def __init__(self, *, choices: Iterable[Any] = (), blank: str = "Select an answer", **kwargs: Any) -> None:
        super().__init__(choices=[("", blank), *choices], **kwargs)


class ModelRadioField(ChoosingField, forms.ModelChoiceField):
    """One record out of a few: `queryset=`."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"empty_label": None, **kwargs})


class ModelSelectField(ChoosingField, forms.ModelChoiceField):
    """One record out of many: `queryset=`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"empty_label": "Select an answer", **kwargs})


class ModelCheckboxesField(ChoosingField, forms.ModelMultipleChoiceField):
    """Any number of records: `queryset=`."""

    widget = forms.CheckboxSelectMultiple


def read_month(text: str) -> int | None:
    """A month as a number, a name, or the first letters of one."""
    if re.fullmatch(r"\d{1,2}", text):
        return int(text)
    named = [number for name, number in MONTHS.items() if len(text) >= 3 and name.startswith(text.lower())]
    return named[0] if len(named) == 1 else None


def list_words(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


class PartsField(GovukField, forms.Field):
    """Reads boxes; past and future say which side of today an answer must lie on, today included; recent, that it is of what
    goes on now, so that a wrong year is noticed."""

    optional_parts: tuple[str, ...] = ()

    def __init__(self, *, past: bool = False, future: bool = False, recent: bool = False, **kwargs: Any) -> None:
        self.past, self.future, self.recent = past or recent, future, recent
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """The answer; None when every box is empty."""
        if not isinstance(value, (list, tuple)):
            return value or None
        names = [part.name for part in self.widget.parts]
        boxes = {name: (text or "").strip() for name, text in zip(names, value, strict=True)}
        if not any(boxes.values()):
            return None
        if missing := [name for name, text in boxes.items() if not text and name not in self.optional_parts]:
            raise PartsError(f"{self.noun} must include a {list_words(missing)}", *missing, code="incomplete")
        return self.read(boxes)

    def read(self, boxes: dict[str, str]) -> Any:
        raise NotImplementedError

    def read_date(self, boxes: dict[str, str]) -> date:
        """The date; an empty day or month counts as 1."""
        year, month = boxes["year"], read_month(boxes["month"] or "1")
        day = int(boxes["day"] or "1") if re.fullmatch(r"\d{0,2}", boxes["day"]) else None
        if not re.fullmatch(r"\d{4}", year):
            raise PartsError("Year must include 4 numbers", "year")
        wrong = [name for name, ok in (("day", 1 <= (day or 0) <= 31), ("month", 1 <= (month or 0) <= 12)) if not ok]
        try:
            found = date(int(year), month or 0, day or 0)
        except ValueError:
            raise PartsError(f"{self.noun} must be a real date", *wrong) from None
        if found.year < EARLIEST_YEAR:
            raise PartsError(f"{self.noun} must be in {EARLIEST_YEAR} or later", "year")
        return found

    def check_side(self, found: date) -> None:
        if self.past and found > clock.today():
            raise PartsError(f"{self.noun} must be today or in the past", code="future")
        if self.recent and found < clock.today() - LONG_AGO:
            raise PartsError(f"{self.noun} is more than two years ago. Check the year", "year", code="long_ago")
        if self.future and found < clock.today():
            raise PartsError(f"{self.noun} must be today or in the future", code="past")
        if found > clock.today() + FURTHEST:
            raise PartsError(f"{self.noun} is more than 10 years away. Check the year", "year", code="far")


class DateField(PartsField):
    """A date in three boxes; months by number or name."""

    widget = DateWidget

    def read(self, boxes: dict[str, str]) -> date:
        found = self.read_date(boxes)
        self.check_side(found)
        return found


class PartialDateField(PartsField):
    """A date of which the day, or the day and the month, may be unknown: a `PartialDate`."""

    widget = DateWidget
    optional_parts = ("day", "month")

    def read(self, boxes: dict[str, str]) -> PartialDate:
        if boxes["day"] and not boxes["month"]:
            raise PartsError(f"{self.noun} must include a month", "month", code="incomplete")
        found = self.read_date(boxes)
        month = found.month if boxes["month"] else None
        partial = PartialDate(found.year, month, found.day if boxes["day"] else None)
        if self.past:
            self.check_side(partial.first)
        return partial


class PastMomentField(PartsField):
    """A date and a time in England, as an aware datetime in UTC; `past` (the default) refuses what is still to come.

    A time that the spring change skipped is refused; one that the autumn change doubled says which it is: 1:30 BST or GMT.
    """

    widget = MomentWidget

    def __init__(self, *, past: bool = True, **kwargs: Any) -> None:
        super().__init__(past=past, **kwargs)

    def read(self, boxes: dict[str, str]) -> datetime:
        typed, zone = self.read_zone(boxes["time"])
        day, at = self.read_date(boxes), self.read_time(typed)
        local = datetime.combine(day, at, tzinfo=clock.LONDON).replace(fold=zone == "gmt")
        if not clock.exists(local):
            raise PartsError(f"{self.noun} did not happen: the clocks went forward", "time")
        if clock.is_doubled(local) and not zone:
            raise PartsError(
                f"{self.noun} came twice, because the clocks went back. Enter {at:%H:%M} BST for the first, or {at:%H:%M} GMT"
                " for the second",
                "time",
            )
        moment = local.astimezone(UTC)
        if self.past and moment > clock.now():
            if day > clock.today():
                raise PartsError(f"{self.noun} must be in the past", "day", "month", "year", code="future")
            raise PartsError(f"{self.noun} must be in the past: it is not yet {at:%H:%M}", "time", code="future")
        return moment

    def read_zone(self, text: str) -> tuple[str, str]:
        """A time, and BST or GMT where it was said."""
        match = re.fullmatch(r"(.*?)\s*(bst|gmt)?", text.lower().strip())
        return (match[1], match[2] or "") if match else (text, "")

    def read_time(self, text: str) -> time:
        """A time as people write it: 14:30, 14.30, 1430, 2:30pm, 2pm."""
        match = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap]\.?m\.?)?", text.lower())
        if match and (match[2] or match[3]):
            hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
            if half and 1 <= hour <= 12:
                hour = hour % 12 + (12 if half.startswith("p") else 0)
            elif half:
                hour = 24
            if hour < 24 and minute < 60:
                return time(hour, minute)
        raise PartsError(f"{self.noun} must include a time, like 14:30", "time")
