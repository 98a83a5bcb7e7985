"""How a form's fields become GOV.UK markup: what the template pack `govuk` asks of a field, and the error summary."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet

from earlyhelp.govuk.widgets import PartsWidget

INPUT_CLASSES = {"select": "govuk-select", "textarea": "govuk-textarea", "file": "govuk-file-upload"}


def kind_of(bound: BoundField) -> str:
    """Which markup a field's widget needs."""
    widget = bound.field.widget
    for kind, widgets in (
        ("checkboxes", (forms.CheckboxSelectMultiple,)),
        ("radios", (forms.RadioSelect,)),
        ("parts", (PartsWidget,)),
        ("checkbox", (forms.CheckboxInput,)),
        ("select", (forms.Select,)),
        ("textarea", (forms.Textarea,)),
        ("file", (forms.FileInput,)),
    ):
        if isinstance(widget, widgets):
            return kind
    return "input"


@dataclass(frozen=True)
class Answer:
    """One answer of a radio or checkbox question. `opens` are the shared places that it reveals, by number."""

    id: str
    value: str
    label: Any
    checked: bool
    hint: Any
    opens: str
    exclusive: bool
    revealed: "list[Revealed]"


@dataclass(frozen=True)
class Revealed:
    """Questions that an answer reveals, below it; `shared` numbers a place that several answers reveal."""

    questions: list[BoundField]
    shared: int = 0


@dataclass(frozen=True)
class Box:
    """One box of a date or moment."""

    id: str
    name: str
    label: str
    width: int
    inputmode: str
    autocomplete: str
    value: Any
    wrong: bool


@dataclass(frozen=True)
class Question:
    """A field as `govuk/field.html` shows it: its label, hint, errors and control, and what they call each other."""

    bound: BoundField

    @cached_property
    def kind(self) -> str:
        return kind_of(self.bound)

    @property
    def id(self) -> str:
        return self.bound.auto_id

    @property
    def hint_id(self) -> str:
        return f"{self.id}-hint" if self.bound.help_text else ""

    @cached_property
    def errors(self) -> list[dict[str, str]]:
        found = enumerate(self.bound.errors)
        return [{"id": f"{self.id}-error{f'-{n}' if n else ''}", "text": str(error)} for n, error in found]

    @property
    def limit(self) -> int | None:
        counts = self.kind == "textarea" and getattr(self.bound.field, "count", False)
        return getattr(self.bound.field, "limit", None) if counts else None

    @property
    def limit_words(self) -> str:
        return f"{self.limit:,}"

    @property
    def described(self) -> str:
        return " ".join([*filter(None, [self.hint_id]), *(error["id"] for error in self.errors)])

    @property
    def size(self) -> str:
        return getattr(self.bound.field, "size", "s")

    @property
    def heading(self) -> bool:
        return getattr(self.bound.field, "heading", False)

    @property
    def module(self) -> str:
        return f"govuk-{self.kind}"

    @property
    def inline(self) -> bool:
        return getattr(self.bound.field, "inline", False)

    @property
    def small(self) -> bool:
        return getattr(self.bound.field, "small", False)

    @property
    def answers(self) -> list[Answer]:
        return answers(self.bound)

    @property
    def boxes(self) -> list[Box]:
        return list(boxes(self.bound))

    @property
    def control(self) -> str:
        attrs = input_attrs(self.bound, self.kind)
        if described := " ".join(filter(None, [self.described, f"{self.id}-info" if self.limit else ""])):
            attrs["aria-describedby"] = described
        return self.bound.as_widget(attrs=attrs)


def input_attrs(bound: BoundField, kind: str) -> dict[str, Any]:
    """The control's attributes. False drops one that Django would add: nothing may cut off what is pasted."""
    field, widget = bound.field, bound.field.widget
    if kind == "checkbox":
        return {"class": "govuk-checkboxes__input"}
    name = INPUT_CLASSES.get(kind, "govuk-input")
    classes = [name, *([f"{name}--error"] if bound.errors else [])]
    attrs: dict[str, Any] = {"maxlength": False, "minlength": False, "placeholder": False, "required": False}
    if width := getattr(field, "width", ""):
        classes.append(f"govuk-input--width-{width}" if isinstance(width, int) else f"govuk-!-width-{width}")
    if kind == "textarea":
        attrs |= {"rows": getattr(field, "rows", 5), "cols": False}
        classes += ["govuk-js-character-count"] if getattr(field, "count", False) else []
    if isinstance(widget, forms.EmailInput):
        attrs["spellcheck"] = "false"
    if autocomplete := getattr(field, "autocomplete", ""):
        attrs["autocomplete"] = autocomplete
    if own := widget.attrs.get("class"):
        classes.append(own)
    return {**attrs, "class": " ".join(classes)}


def answers(bound: BoundField) -> list[Answer]:
    """The answers of a radio or checkbox question. The first has the field's own id, so that errors can link to it. What
    several answers reveal stands below the last of them."""
    field, value = bound.field, bound.value()
    chosen = {str(one) for one in (value if isinstance(value, (list, tuple, set)) else [value]) if one is not None}
    exclusive = getattr(field, "exclusive", "")
    keys = [str(key) for key, _ in field.widget.choices]
    reveals = {key: getattr(field, "reveals", {}).get(key, ()) for key in keys}
    by_name: dict[str, list[str]] = {}
    for key in keys:
        for name in reveals[key]:
            by_name.setdefault(name, []).append(key)
    shared = {name: number for number, name in enumerate((n for n, by in by_name.items() if len(by) > 1), start=1)}
    found = []
    for number, (key, (_, label)) in enumerate(zip(keys, field.widget.choices, strict=True), start=1):
        own = [bound.form[name] for name in reveals[key] if name not in shared]
        places = [Revealed(own)] if own else []
        places += [
            Revealed([bound.form[name]], shared[name])
            for name in reveals[key]
            if name in shared and by_name[name][-1] == key
        ]
        found.append(
            Answer(
                id=bound.auto_id if number == 1 else f"{bound.auto_id}-{number}",
                value=key,
                label=label,
                checked=key in chosen,
                hint=getattr(field, "hints", {}).get(key, ""),
                opens=" ".join(str(shared[name]) for name in reveals[key] if name in shared),
                exclusive=bool(exclusive) and key == exclusive,
                revealed=places,
            )
        )
    return found


def boxes(bound: BoundField) -> Iterator[Box]:
    """The boxes of a date or moment."""
    widget: PartsWidget = bound.field.widget
    value = bound.value()
    texts = value if isinstance(value, list) else widget.decompress(value)
    wrong = wrong_parts(bound)
    autocomplete = getattr(bound.field, "autocomplete", "")
    for number, part in enumerate(widget.parts):
        yield Box(
            id=part_id(bound, number),
            name=f"{bound.html_name}_{part.name}",
            label=part.label,
            width=part.width,
            inputmode=part.inputmode,
            autocomplete=f"{autocomplete}-{part.name}" if autocomplete == "bday" else "",
            value=texts[number] if number < len(texts) and texts[number] is not None else "",
            wrong=part.name in wrong,
        )


def part_id(bound: BoundField, number: int) -> str:
    return bound.auto_id if number == 0 else f"{bound.auto_id}-{bound.field.widget.parts[number].name}"


def wrong_parts(bound: BoundField) -> set[str]:
    """The boxes that the errors are about; all of them when an error doesn't say."""
    names = {part.name for part in bound.field.widget.parts}
    errors = bound.form.errors[bound.name].as_data() if bound.errors else []
    return {name for error in errors for name in (getattr(error, "parts", ()) or names)}


def focus_id(bound: BoundField, error: ValidationError | None = None) -> str:
    """The id of the control where an error is put right."""
    parts = getattr(error, "parts", ())
    if kind_of(bound) == "parts" and parts:
        order = [part.name for part in bound.field.widget.parts]
        return part_id(bound, min(order.index(name) for name in parts))
    return bound.auto_id


def summary(item: forms.BaseForm | BaseFormSet) -> Iterator[dict[str, Any]]:
    """The errors of a form or formset, in the order of its fields, with the id to go to ("" when there is none)."""
    if isinstance(item, BaseFormSet):
        first = next((form.visible_fields()[0].auto_id for form in item.forms if form.visible_fields()), "")
        yield from ({"text": text, "id": first} for text in item.non_form_errors())
        for form in item.forms:
            yield from summary(form)
        return
    shown = item.visible_fields()
    for text in item.non_field_errors():
        yield {"text": text, "id": shown[0].auto_id if shown else ""}
    for bound in item.hidden_fields():
        yield from ({"text": text, "id": ""} for text in bound.errors)
    for bound in shown:
        details = item.errors[bound.name].as_data() if bound.errors else []
        for error, text in zip(details, bound.errors, strict=True):
            yield {"text": text, "id": focus_id(bound, error)}
